"""Brings a copy of the books back: tried beside the books first, it takes their place only when it proves itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sacco_desktop.db.copies import put_in_place, sync_folder
from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.migrate import KNOWN_REVISIONS, migrate, read_revision
from sacco_desktop.db.refusals import in_plain_words
from sacco_desktop.db.structure import refuse_damage
from sacco_desktop.db.witness import Witness, log_of
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput, SaccoError
from sacco_desktop.operations.books_lock import hold_books
from sacco_desktop.operations.copies import (
    Manifest,
    kept_key,
    made_words,
    proven,
    read_manifest,
    sha256_of,
)
from sacco_desktop.operations.open_office import open_secrets
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.proof import books_identity
from sacco_desktop.services.proof.books_identity import Identity, Restoring
from sacco_desktop.settings import Settings, system_clock

_ASIDE = ".set-aside"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where the books lie that were there before (None when there were none)."""

    manifest: Manifest
    set_aside: Path | None


def restore_books(settings: Settings, copy: Path, now: Callable[[], datetime]) -> Restored:
    """Put a copy in the place of the books of this PC, which are set aside and never overwritten.

    Nothing is sent afterwards before every relay in use was read to its head. Raises InvalidInput under `copy`,
    BooksDamaged for a copy that is cut off, changed, under another key, of other books or of a newer program, and
    BooksInUse.
    """
    if settings.database_url is not None:
        raise InvalidInput(
            "These books are on a server. Its administrator brings them back with pg_restore.",
            "copy",
        )
    if not copy.is_file():
        raise InvalidInput(f"There is no copy at {copy}. Choose another file.", "copy")
    with hold_books(settings, now, "a restore"):
        key = kept_key(open_secrets(settings))
        beside = settings.data_dir / "restoring" / settings.books_path.name
        shutil.rmtree(beside.parent, ignore_errors=True)
        beside.parent.mkdir(parents=True)
        try:
            manifest = _checked(settings, copy, beside, key, now())
            aside = _change_places(settings, beside, now())
        except OSError as error:
            raise SaccoError(
                f"Nothing was restored, because this computer could not copy the file ({error.strerror}). Look whether"
                " both disks are there and have room."
            ) from error
        finally:
            shutil.rmtree(beside.parent, ignore_errors=True)
    return Restored(manifest, aside)


def _checked(settings: Settings, copy: Path, beside: Path, key: bytes, now: datetime) -> Manifest:
    """Try the copy on this PC's own disk, brought to this program's schema; the file that was given is only read."""
    said = read_manifest(copy)
    shutil.copyfile(copy, beside)
    if said is not None and sha256_of(beside) != said.sha256:
        raise BooksDamaged(
            "The copy is not the one that was made: it was cut off or changed since. Nothing was changed here."
            " Choose another copy."
        )
    there = _identity_there(settings, key)
    database = _opened(beside, key, said, there)
    try:
        with in_plain_words():
            _refuse_unknown_schema(read_revision(database.reader))
            _refuse_other_books(database, there)
            refuse_damage(database, is_thorough=True)
            migrate(database, beside.parent / "before", now)
            _note(database, settings, copy, now, there)
    finally:
        database.close()
    found = proven(beside, key, now)
    return found if said is None else replace(found, made_at=said.made_at)


def _refuse_unknown_schema(schema: str | None) -> None:
    if schema is None:
        raise BooksDamaged("The copy holds no books. Nothing was changed. Choose another copy.")
    if schema not in KNOWN_REVISIONS:
        raise BooksDamaged(
            "The copy was made by a newer Sacco Desktop. Nothing was changed. Install that version, then restore."
        )


def _refuse_other_books(database: Database, there: Identity | None) -> None:
    found = _identity(database)
    if there is not None and found is not None and found.books_id != there.books_id:
        raise BooksDamaged(
            f"This copy is of other books: {found.society}. Here are the books of {there.society}. Nothing was changed."
        )


def _identity(database: Database) -> Identity | None:
    books = Books(database, now=system_clock, pc_name="")
    return books.read(books_identity.identity_of, None, actor=CLOCK)


def _opened(path: Path, key: bytes, said: Manifest | None, there: Identity | None) -> Database:
    """The copy under the key of this PC. Raises BooksDamaged that says whose it is, as far as that can be known."""
    try:
        return open_database(path, key)
    except BooksDamaged as error:
        of_others = said is not None and (there is None or said.books_id != there.books_id)
        whose = f" It says that it is of {said.society}." if of_others and said else ""
        raise BooksDamaged(
            f"The key of this computer does not open this copy, or the copy is damaged.{whose} Nothing was changed."
            " Choose another copy; on another computer enter the key from the recovery sheet first."
        ) from error


def _identity_there(settings: Settings, key: bytes) -> Identity | None:
    """Whose books lie here now; None when there are none, or none that can be read any more."""
    if not settings.books_path.exists():
        return None
    with suppress(SaccoError, OSError):
        # Only looked at: opening the file itself would fold a log into it that may be damaged.
        folder = settings.data_dir / "restoring" / "there"
        folder.mkdir()
        path = folder / settings.books_path.name
        shutil.copyfile(settings.books_path, path)
        if log_of(settings.books_path).exists():
            shutil.copyfile(log_of(settings.books_path), log_of(path))
        database = open_database(path, key)
        try:
            return _identity(database)
        finally:
            database.close()
    return None


def _note(
    database: Database, settings: Settings, copy: Path, now: datetime, there: Identity | None
) -> None:
    books = Books(database, now=lambda: now, pc_name=settings.pc_name)
    last = there.entries if there is not None else None
    books.write(books_identity.note_restored, Restoring(copy.name, last), actor=CLOCK)


def _change_places(settings: Settings, beside: Path, now: datetime) -> Path | None:
    """The old books go aside with their log, which must never lie beside the new ones; then the new ones come."""
    books, aside = settings.books_path, None
    mark = f"{_ASIDE}-{now:%Y%m%d-%H%M%S-%f}"
    for file in (log_of(books), books.with_name(f"{books.name}-shm"), books):
        if file.exists():
            aside = file.with_name(f"{file.name}{mark}")
            file.replace(aside)
    Witness(books).forget()
    put_in_place(beside, books)
    sync_folder(settings.data_dir)
    return aside if aside is not None and aside.name.startswith(f"{books.name}{_ASIDE}") else None


def restored_words(restored: Restored) -> str:
    """What a person reads after a restore."""
    aside = f" The books that were here lie in {restored.set_aside}." if restored.set_aside else ""
    return (
        f"Restored: {made_words(restored.manifest)}.{aside} What was written since then is missing and must be entered"
        " again from the papers. Payments wait until the relay was read, which tells of those that were made since."
    )
