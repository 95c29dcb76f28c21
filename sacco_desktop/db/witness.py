"""A witness beside the file of the books: what was saved last, and in which write-ahead log.

SQLite takes a log that is cut, of another day or of another file for what it is, and an old file for the books. The
witness was written after each commit, so books that end before its word have lost something, and a log that it does
not know is not theirs. It is against accidents: who deletes it is not kept from anything.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from sacco_desktop.domain.errors import BooksDamaged

# Where a session keeps the id and the hash of the last audit row that it appended.
LAST_AUDIT = "last_audit_row"

# Below one sector, so that a power cut leaves the old word or the new one.
_LENGTH = 400
# A log in which nothing is known yet, and one that was folded into the file at the end in order.
ANY_LOG, NO_LOG = "any", ""
# SQLite takes a shorter file for an empty one, and would begin new books in it.
_LEAST_BYTES = 512
# SQLite adds one to the first half of a log's mark whenever it begins the log anew.
_MOST_AHEAD = 16
_RESTORE = "Restore a copy of the books, or ask support before anything else. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Word:
    """What the witness says: the newest audit row and its hash, the mark of the log, the day of the last check."""

    audit_id: int = 0
    audit_hash: str = ""
    log: str = NO_LOG
    checked_on: str = ""


def log_of(books: Path) -> Path:
    """SQLite's write-ahead log of the books at this place."""
    return books.with_name(f"{books.name}-wal")


class Witness:
    """The witness of the books at `books`; a power cut leaves its old word or its new one."""

    def __init__(self, books: Path) -> None:
        self._books = books
        self.path = books.with_suffix(".witness")
        self._log = log_of(books)
        self._word: Word | None = None

    @property
    def word(self) -> Word | None:
        """Its last word; None when there is none, or one that was cut off and so says nothing."""
        if self._word is None:
            self._word = self._read()
        return self._word

    def _read(self) -> Word | None:
        try:
            raw = self.path.read_bytes()[:_LENGTH]
            said, check = raw.rstrip().rsplit(b" ", 1)
            return Word(**json.loads(said)) if int(check) == zlib.crc32(said) else None
        except (OSError, ValueError, TypeError):
            return None

    def _say(self, word: Word, *, is_lasting: bool) -> None:
        """A disk that does not take the word costs the witness, and never what it speaks of."""
        said = json.dumps(asdict(word)).encode()
        line = said + f" {zlib.crc32(said)}".encode()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.ljust(_LENGTH))
                if is_lasting:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._word = word
        except OSError:
            self.forget()

    def forget(self) -> None:
        """Say nothing any more: other books are put here on purpose."""
        self._word = None
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def log_mark(self) -> str:
        """The mark of the write-ahead log, or NO_LOG while it is empty or not there."""
        try:
            with self._log.open("rb", buffering=0) as log:
                head = log.read(24)
        except OSError:
            return NO_LOG
        return head[16:24].hex() if len(head) == 24 else NO_LOG

    def begin(self) -> None:
        """At the opening, before anything is written: a log that begins from here on is ours, whatever its mark will
        be. A program that died after it had folded its log never said so.
        """
        word = self.word or Word()
        if word.log == NO_LOG or (word.log != ANY_LOG and self.log_mark() == NO_LOG):
            self._say(replace(word, log=ANY_LOG), is_lasting=True)

    def after_commit(self, session: Session) -> None:
        """Keep what this transaction has saved. The mark of a log that was begun anew is kept through a power cut."""
        word = self.word or Word(log=ANY_LOG)
        audit_id, audit_hash = session.info.get(LAST_AUDIT, (word.audit_id, word.audit_hash))
        log = self.log_mark()
        now = replace(word, audit_id=audit_id, audit_hash=audit_hash, log=log or ANY_LOG)
        if now != word:
            self._say(now, is_lasting=log != word.log)

    def end(self) -> None:
        """At the closing: the log was folded into the file and taken away, unless another program still has it open;
        that one may yet begin an empty log.
        """
        if self._word is not None and not self._log.exists():
            self._say(replace(self._word, log=NO_LOG), is_lasting=True)

    def note_check(self, day: str) -> None:
        """Remember that the whole file was looked through on this day."""
        self._say(replace(self.word or Word(log=ANY_LOG), checked_on=day), is_lasting=False)

    def refuse_foreign_log(self) -> None:
        """Before the file is opened: raise BooksDamaged when the log beside it is not the one that was written here,
        or when the file is gone. SQLite would play any log into the file.
        """
        word = self.word
        if word is None:
            return
        if not self._books.exists() or self._books.stat().st_size < _LEAST_BYTES:
            raise BooksDamaged(f"The file of the books is gone or empty. {_RESTORE}")
        mark = self.log_mark()
        if mark != NO_LOG and word.log != ANY_LOG and not _may_follow(word.log, mark):
            raise BooksDamaged(
                "Beside the books lies a log of changes that does not belong to them: a file of another day or of"
                f" another computer was put here. {_RESTORE}"
            )

    def refuse_lost_rows(self, session: Session) -> None:
        """Raise BooksDamaged when these books do not hold what was saved in them last."""
        word = self.word
        if word is None or word.audit_id == 0:
            return
        query = text("SELECT hash FROM audit_row WHERE id = :id")
        try:
            found = session.scalar(query, {"id": word.audit_id})
        except OperationalError:
            # Books without this table are empty ones.
            found = None
        if found != word.audit_hash:
            raise BooksDamaged(
                "These books end before the last thing that was saved on this computer: an older copy lies here, or"
                f" their end was lost. {_RESTORE}"
            )


def _may_follow(old: str, new: str) -> bool:
    """Whether a log with the new mark is the old one, or begins soon after it."""
    if old == new:
        return True
    ahead = (int(new[:8], 16) - int(old[:8], 16)) % 2**32 if old else _MOST_AHEAD
    return 0 < ahead < _MOST_AHEAD
