"""Before the books of this PC are used: are they the ones that were saved here last, and are they whole?"""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.structure import refuse_damage
from sacco_desktop.db.witness import NO_LOG, Witness, log_of
from sacco_desktop.domain.dates import business_date
from sacco_desktop.settings import Settings

# A second of looking at each start; larger books are looked through at the first start of a day.
_LOOKED_AT_ALWAYS_BYTES = 200_000_000


def was_cut_off(settings: Settings) -> bool:
    """Whether the last program on these books ended in the middle of its work and left a log of changes.

    Raises BooksDamaged for a file that is gone, or beside which a foreign log lies.
    """
    if settings.database_url is not None:
        return False
    witness = Witness(settings.books_path)
    witness.refuse_foreign_log()
    return witness.log_mark() != NO_LOG


def look_through_copy(settings: Settings, key: bytes, now: datetime) -> None:
    """The same as look_through for books that were cut off, on a copy of file and log.

    Opening folds the log into the file; should it be a damaged one, both are still there for whoever can save more.
    Raises OSError when there is no room for a copy.
    """
    books = settings.books_path
    with tempfile.TemporaryDirectory(prefix="checking-", dir=settings.data_dir) as folder:
        copy = Path(folder) / books.name
        for file in (books, log_of(books), Witness(books).path):
            if file.exists():
                shutil.copyfile(file, copy.with_name(file.name))
        database = open_database(copy, key)
        try:
            look_through(database, now, is_thorough=True)
        finally:
            database.close()


def look_through(database: Database, now: datetime, *, is_thorough: bool = False) -> None:
    """Raise BooksDamaged unless the books hold what was saved in them last and every page of them is what was written.

    Nothing is posted before that. Books on a server are looked after by the server.
    """
    if database.path is None or database.witness is None:
        return
    with database.read() as session:
        database.witness.refuse_lost_rows(session)
    today = business_date(now).isoformat()
    is_small = database.path.stat().st_size <= _LOOKED_AT_ALWAYS_BYTES
    word = database.witness.word
    if is_thorough or is_small or word is None or word.checked_on != today:
        refuse_damage(database, is_thorough=is_thorough)
        database.witness.note_check(today)
