"""Proves the books: adds everything up again, walks both chains, and names the first thing that is not as it
was posted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Text, func, select, text, type_coerce
from sqlalchemy.exc import DatabaseError

from sacco_desktop.db.guard_laying import touched_guards
from sacco_desktop.db.guards import GENESIS
from sacco_desktop.db.personal import unsealed
from sacco_desktop.db.tables import Account, AccountBalance, AuditRow, Entry, PostingRow
from sacco_desktop.domain import ledger
from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.faults import Fault as Fault
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.proof import (
    verify_days,
    verify_members,
    verify_payouts,
    verify_penalties,
    verify_reconciled,
)

_TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of a verification. `head_hash` is worth writing down outside: it stands for the whole journal."""

    at: datetime
    entries: int
    postings: int
    accounts: int
    audit_rows: int
    head_hash: str
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(work: Work, tell: Callable[[int], None] | None = None) -> Proof:
    """Re-add every posting, walk the chains of the journal and of the audit rows, and compare the running balances,
    what left with what is posted, the closed days with what lies behind them, signed accounts with both of their
    sides, penalties with their entries, and the
    search with the members.

    The faults come in the order of the journal, so the first one names the first bad entry. What cannot even be read
    is a fault too and never an error. `tell` hears on this thread how many entries were looked at.
    """
    work.allow(Act.VERIFY_BOOKS)
    walk, trail = _Walk(tell=tell), _Trail()
    faults = [
        *_readable("The database file", _file_faults(work)),
        *_readable("The encrypted file", _encryption_faults(work)),
        *_readable("The guards", _guard_faults(work)),
        *_readable("The journal", walk.journal(work)),
        *_readable("The balances", _balance_faults(work)),
        *_readable("The payouts", verify_payouts.readable(work)),
        *_readable("The closed days", verify_days.readable(work)),
        *_readable("The signed accounts", verify_reconciled.readable(work)),
        *_readable("The penalties", verify_penalties.readable(work)),
        *_readable("The members", verify_members.readable(work)),
        *_readable("The audit rows", trail.rows(work)),
    ]
    return Proof(
        at=work.now,
        entries=walk.entries,
        postings=walk.postings,
        accounts=walk.accounts,
        audit_rows=trail.count,
        head_hash=walk.previous,
        faults=tuple(faults),
    )


def carry_on(work: Work, proved: Proof) -> Proof:
    """A sound proof with what was posted since it, which is little: only those entries are looked at.

    When the journal does not go on from where the proof ended, that is its first fault.
    """
    work.allow(Act.VERIFY_BOOKS)
    walk = _Walk(proved.entries, proved.head_hash)
    head = select(Entry.hash).where(Entry.number == proved.entries)
    faults = list(walk.journal(work, after=proved.entries))
    if proved.entries and work.session.scalar(head) != proved.head_hash:
        faults.insert(0, Fault(f"Entry {proved.entries}", "is not the one that was proven."))
    return replace(
        proved,
        entries=walk.entries,
        postings=proved.postings + walk.postings,
        head_hash=walk.previous,
        faults=tuple(faults),
    )


def _readable(what: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    """The faults, and one more when the database itself gives up in the middle of looking."""
    try:
        yield from faults
    except DatabaseError as error:
        yield Fault(what, f"cannot be read to the end: {error.orig}.")


class _Walk:
    """Walks the journal from its first entry, carrying the hash of the entry before."""

    def __init__(
        self, number: int = 0, head: str = GENESIS, tell: Callable[[int], None] | None = None
    ) -> None:
        """Begin behind the entry of this number and hash."""
        self.previous = head
        self.entries = number
        self.postings = 0
        self.accounts = 0
        self._tell = tell

    def journal(self, work: Work, after: int | None = None) -> Iterator[Fault]:
        """Every fault of every entry behind `after`, in the order of the journal."""
        self.accounts = work.session.scalar(select(func.count()).select_from(Account)) or 0
        for row, postings in _entries(work, after):
            self.entries += 1
            self.postings += len(postings)
            if self._tell is not None and self.entries % _TOLD_EVERY == 0:
                self._tell(self.entries)
            yield from self._check(row, postings)
            self.previous = row.hash or "missing"

    def _check(self, row: Row[*tuple[Any, ...]], postings: tuple[Posting, ...]) -> Iterator[Fault]:
        where = f"Entry {row.number}"
        if row.number != self.entries:
            yield Fault(f"Entry {self.entries}", "is missing from the journal.")
            self.entries = row.number
        if row.posted_at is None:
            yield Fault(where, "was written but never posted.")
            return
        debit = sum(line.debit_cents for line in postings)
        credit = sum(line.credit_cents for line in postings)
        if debit != credit or len(postings) < 2:
            yield Fault(where, "does not balance.")
        if row.previous_hash != self.previous:
            yield Fault(
                where, "does not follow the entry before it: that one was changed or is gone."
            )
        if _hash_of(row, postings) != row.hash:
            yield Fault(where, "is not what was posted: its text, date or amounts were changed.")


def _hash_of(row: Row[*tuple[Any, ...]], postings: tuple[Posting, ...]) -> str | None:
    """The hash that this entry must have, or None when its date is none or is written in another way."""
    try:
        value_date = date.fromisoformat(row.value_date)
    except ValueError:
        return None
    if value_date.isoformat() != row.value_date:
        return None
    entry = JournalEntry(
        value_date, row.kind, row.narration, row.reference, postings, row.reverses_number
    )
    return ledger.entry_hash(row.previous_hash, row.number, row.posted_at, row.posted_by, entry)


def _entries(
    work: Work, after: int | None
) -> Iterator[tuple[Row[*tuple[Any, ...]], tuple[Posting, ...]]]:
    """Every entry with its postings, in the order of the journal, without holding all of them at once.

    Dates are read as the text that lies there: what was tampered with may be no date at all.
    """
    asked = (
        select(
            Entry.number,
            type_coerce(Entry.value_date, Text).label("value_date"),
            Entry.kind,
            Entry.narration,
            Entry.reference,
            Entry.reverses_number,
            Entry.posted_by,
            type_coerce(Entry.posted_at, Text).label("posted_at"),
            Entry.previous_hash,
            Entry.hash,
            PostingRow.line,
            PostingRow.debit_cents,
            PostingRow.credit_cents,
            PostingRow.memo,
            Account.code,
        )
        .outerjoin(PostingRow, PostingRow.entry_id == Entry.id)
        .outerjoin(Account, Account.id == PostingRow.account_id)
        .order_by(Entry.number, PostingRow.line)
        .execution_options(yield_per=1000)
    )
    # The whole walk leaves nothing out, not even a number that can be none.
    rows = work.session.execute(asked if after is None else asked.where(Entry.number > after))
    for _number, lines in groupby(rows, key=lambda row: row.number):
        together = list(lines)
        postings = tuple(
            # A line out of its place, like one of an unknown account, cannot give the hash that was posted.
            Posting(
                row.code if row.line == place else "?", row.debit_cents, row.credit_cents, row.memo
            )
            for place, row in enumerate(together, 1)
            if row.line is not None
        )
        yield together[0], postings


_SUMS = """
SELECT a.code, coalesce(b.debit_cents, 0), coalesce(b.credit_cents, 0),
       coalesce(s.debit_cents, 0), coalesce(s.credit_cents, 0)
FROM account a
LEFT JOIN account_balance b ON b.account_id = a.id
LEFT JOIN (
  SELECT account_id, sum(debit_cents) AS debit_cents, sum(credit_cents) AS credit_cents FROM (
    SELECT p.account_id, p.debit_cents, p.credit_cents FROM posting p
      JOIN journal_entry e ON e.id = p.entry_id WHERE e.posted_at IS NOT NULL
    UNION ALL
    SELECT a2.control_id, p.debit_cents, p.credit_cents FROM posting p
      JOIN journal_entry e ON e.id = p.entry_id JOIN account a2 ON a2.id = p.account_id
      WHERE e.posted_at IS NOT NULL AND a2.control_id IS NOT NULL
  ) AS all_lines GROUP BY account_id
) s ON s.account_id = a.id
WHERE coalesce(b.debit_cents, 0) <> coalesce(s.debit_cents, 0)
   OR coalesce(b.credit_cents, 0) <> coalesce(s.credit_cents, 0)
ORDER BY a.code
"""


def _balance_faults(work: Work) -> Iterator[Fault]:
    for code, kept_debit, kept_credit, debit, credit in work.session.execute(text(_SUMS)):
        yield Fault(
            f"Account {code}",
            f"keeps {kept_debit} debit and {kept_credit} credit cents, but its postings add up to"
            f" {debit} and {credit}.",
        )
    whole = work.session.execute(
        select(func.sum(PostingRow.debit_cents), func.sum(PostingRow.credit_cents))
    ).one()
    if whole[0] != whole[1]:
        yield Fault("The whole ledger", "has different sums of debits and credits.")
    orphans = work.session.scalar(
        select(func.count())
        .select_from(AccountBalance)
        .where(AccountBalance.account_id.not_in(select(Account.id)))
    )
    if orphans:
        yield Fault("The balances", "hold an account that does not exist.")


class _Trail:
    """Walks the audit rows from the first one."""

    def __init__(self) -> None:
        self.count = 0

    def rows(self, work: Work) -> Iterator[Fault]:
        """Every fault of every audit row, in their order."""
        previous = GENESIS
        for row in work.session.execute(_AUDIT_ROWS):
            self.count += 1
            if row.previous_hash != previous:
                yield Fault(f"Audit row {row.id}", "does not follow the row before it.")
            if not _is_as_written(work, row):
                yield Fault(f"Audit row {row.id}", "is not what was written.")
            previous = row.hash


_AUDIT_ROWS = select(
    AuditRow.id,
    type_coerce(AuditRow.at, Text).label("at"),
    AuditRow.user_id,
    AuditRow.full_name,
    AuditRow.pc_name,
    AuditRow.action,
    type_coerce(AuditRow.subject, Text).label("subject"),
    type_coerce(AuditRow.detail, Text).label("detail"),
    AuditRow.previous_hash,
    AuditRow.hash,
).order_by(AuditRow.id)


def _is_as_written(work: Work, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether an audit row says what its hash is over; what cannot even be opened was not written by us."""
    try:
        dialect = work.session.get_bind().dialect
        subject = unsealed(dialect, "audit_row.subject", row.subject)
        detail = unsealed(dialect, "audit_row.detail", row.detail)
    except BooksDamaged:
        return False
    who = (row.user_id, row.full_name, row.pc_name)
    written = audit.Act(row.at, *who, row.action, subject, detail)
    return bool(audit.row_hash(row.previous_hash, written) == row.hash)


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"


def _file_faults(work: Work) -> Iterator[Fault]:
    if _is_sqlite(work):
        for (line,) in work.session.execute(text("PRAGMA integrity_check(5)")):
            if line != "ok":
                yield Fault("The database file", str(line))


def _encryption_faults(work: Work) -> Iterator[Fault]:
    if _is_sqlite(work):
        for (line,) in work.session.execute(text("PRAGMA cipher_integrity_check")):
            yield Fault("The encrypted file", str(line))


def _guard_faults(work: Work) -> Iterator[Fault]:
    """Guards that somebody took off, or put another one in the place of."""
    touched, foreign = touched_guards(work.session.connection())
    for name in touched:
        yield Fault(f"Guard {name.removeprefix('guard_')}", "is missing or was changed.")
    for name in foreign:
        yield Fault(f"Trigger {name}", "was not laid down by this program.")
