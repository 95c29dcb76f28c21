"""Proves the books: adds everything up again, walks both chains, and names the first thing that is not as it
was posted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select, text

from sacco_desktop.db.guards import GENESIS, GUARDS
from sacco_desktop.db.tables import Account, AccountBalance, AuditRow, Entry, PostingRow
from sacco_desktop.domain import ledger
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import audit
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not prove itself: where it is and what is wrong with it."""

    where: str
    what: str


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


def verify(work: Work, _nothing: None = None) -> Proof:
    """Re-add every posting, walk the chains of the journal and of the audit rows, and compare the running balances.

    The faults come in the order of the journal, so the first one names the first bad entry.
    """
    work.allow(Act.VERIFY_BOOKS)
    faults: list[Fault] = list(_structure_faults(work))
    walk = _Walk()
    faults.extend(walk.journal(work))
    faults.extend(_balance_faults(work))
    audit_rows, audit_faults = _audit_faults(work)
    faults.extend(audit_faults)
    return Proof(
        at=work.now,
        entries=walk.entries,
        postings=walk.postings,
        accounts=work.session.scalar(select(func.count()).select_from(Account)) or 0,
        audit_rows=audit_rows,
        head_hash=walk.previous,
        faults=tuple(faults),
    )


class _Walk:
    """Walks the journal from its first entry, carrying the hash of the entry before."""

    def __init__(self) -> None:
        self.previous = GENESIS
        self.entries = 0
        self.postings = 0

    def journal(self, work: Work) -> Iterator[Fault]:
        for row, entry in _entries(work):
            self.entries += 1
            self.postings += len(entry.postings)
            yield from self._check(row, entry)
            self.previous = row.hash or "missing"

    def _check(self, row: Entry, entry: JournalEntry) -> Iterator[Fault]:
        where = f"Entry {row.number}"
        if row.number != self.entries:
            yield Fault(f"Entry {self.entries}", "is missing from the journal.")
            self.entries = row.number
        if row.posted_at is None:
            yield Fault(where, "was written but never posted.")
            return
        debit = sum(line.debit_cents for line in entry.postings)
        credit = sum(line.credit_cents for line in entry.postings)
        if debit != credit or len(entry.postings) < 2:
            yield Fault(where, "does not balance.")
        if row.previous_hash != self.previous:
            yield Fault(
                where, "does not follow the entry before it: that one was changed or is gone."
            )
        moment = row.posted_at.isoformat(timespec="microseconds")
        digest = ledger.entry_hash(row.previous_hash, row.number, moment, row.posted_by, entry)
        if digest != row.hash:
            yield Fault(where, "is not what was posted: its text, date or amounts were changed.")


def _entries(work: Work) -> Iterator[tuple[Entry, JournalEntry]]:
    """Every entry with its postings, in the order of the journal, without holding all of them at once."""
    rows = work.session.execute(
        select(Entry, PostingRow, Account.code)
        .outerjoin(PostingRow, PostingRow.entry_id == Entry.id)
        .outerjoin(Account, Account.id == PostingRow.account_id)
        .order_by(Entry.number, PostingRow.line)
        .execution_options(yield_per=1000)
    )
    for _number, lines in groupby(rows, key=lambda row: row[0].number):
        together = list(lines)
        row: Entry = together[0][0]
        postings = tuple(
            Posting(code or "?", line.debit_cents, line.credit_cents, line.memo)
            for _entry, line, code in together
            if line is not None
        )
        yield (
            row,
            JournalEntry(
                value_date=row.value_date,
                kind=row.kind,
                narration=row.narration,
                reference=row.reference,
                postings=postings,
                reverses=row.reverses_number,
            ),
        )


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


def _audit_faults(work: Work) -> tuple[int, list[Fault]]:
    previous, count, faults = GENESIS, 0, []
    for row in work.session.scalars(select(AuditRow).order_by(AuditRow.id)):
        count += 1
        if row.previous_hash != previous:
            faults.append(Fault(f"Audit row {row.id}", "does not follow the row before it."))
        if audit.row_hash(row) != row.hash:
            faults.append(Fault(f"Audit row {row.id}", "is not what was written."))
        previous = row.hash
    return count, faults


def _structure_faults(work: Work) -> Iterator[Fault]:
    """Faults of the file itself, and guards that somebody took off."""
    if work.session.get_bind().dialect.name != "sqlite":
        return
    for (line,) in work.session.execute(text("PRAGMA integrity_check(5)")):
        if line != "ok":
            yield Fault("The database file", str(line))
    for (line,) in work.session.execute(text("PRAGMA cipher_integrity_check")):
        yield Fault("The encrypted file", str(line))
    laid = set(
        work.session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'")
        )
    )
    for guard in GUARDS:
        if f"guard_{guard.code}" not in laid:
            yield Fault(f"Guard {guard.code}", "is missing from the database.")
