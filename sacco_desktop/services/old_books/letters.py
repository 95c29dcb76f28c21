"""What each member is told of the balances that were brought forward, for the member to sign or to object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Account, Entry, Loan, LoanWriteOff, Member, PostingRow
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import (
    MEMBER_DEPOSITS,
    PREPAID_INSTALMENTS,
    SHARE_CAPITAL,
    control_owner,
)
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.opening_entries import OPENING_BALANCES
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger, paper_stamps
from sacco_desktop.services.books.papers import AmountLine, Letterhead, PaperStamp
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import given_approvals
from sacco_desktop.services.office.society import letterhead
from sacco_desktop.services.old_books.drafts import load

_WORDS = {MEMBER_DEPOSITS: "Deposits", SHARE_CAPITAL: "Share capital"}


@dataclass(frozen=True, slots=True)
class OpeningLetter:
    """One member's balances as the opening entry brought them forward; amounts in cents, what is owed too."""

    member_number: str
    member_name: str
    owned: tuple[AmountLine, ...]
    owed: tuple[AmountLine, ...]


@dataclass(frozen=True, slots=True)
class OpeningLetters:
    """The letters of one import, by member number."""

    letterhead: Letterhead
    stamp: PaperStamp
    as_of: date
    entry_number: int
    approved_by: str
    letters: tuple[OpeningLetter, ...]


def letters(work: Work, import_id: int) -> OpeningLetters:
    """The letters of an import that is in the books; each call counts as a print.

    Raises WrongState when the import brought no balances of members.
    """
    work.allow_one_of(Act.IMPORT_BOOKS, Act.APPROVE_IMPORT)
    row = load(work, import_id)
    if row.status != "imported" or row.entry_number is None:
        raise WrongState("This import brought no balances into the books, so there are no letters.")
    entry = ledger.read_entry(work, row.entry_number)
    found = _by_member(work, _told(work, entry))
    if not found:
        raise WrongState("No balance of this import belongs to a member, so there are no letters.")
    approvers = given_approvals.approvers_of(work, ApprovalKind.BOOK_IMPORT, row.id)
    stamp = paper_stamps.stamp(
        work, f"opening letters {entry.reference}", {"entry": row.entry_number, "count": len(found)}
    )
    return OpeningLetters(
        letterhead(work),
        stamp,
        entry.value_date,
        row.entry_number,
        given_approvals.names_of(approvers),
        found,
    )


def _told(work: Work, entry: JournalEntry) -> set[int]:
    """The members to whom this entry brought something: to their own accounts, or to those of their loans."""
    owners = {line.account_code.partition(".")[2] for line in entry.postings}
    # Read whole: an entry may name more owners than a statement takes values.
    members = work.session.execute(select(Member.number, Member.id))
    borrowers = work.session.execute(select(Loan.number, Loan.member_id))
    return {member for number, member in (*members, *borrowers) if number in owners}


def _by_member(work: Work, told: set[int]) -> tuple[OpeningLetter, ...]:
    """A member gets one letter of everything, although deposits, loans and savings came by files of their own."""
    members = {one.id: one for one in work.session.scalars(select(Member)) if one.id in told}
    numbers = {one.number: one.id for one in members.values()}
    loans = work.session.execute(select(Loan.number, Loan.member_id))
    borrowers = {number: owner for number, owner in loans if owner in told}
    owned: dict[int, list[AmountLine]] = defaultdict(list)
    owed: dict[int, list[AmountLine]] = defaultdict(list)
    for code, cents in _standing(work):
        control, _, owner = code.partition(".")
        kind = control_owner(control) if owner else None
        if kind == "member" and owner in numbers:
            words = _WORDS.get(control) or ledger.account_of(work, control).name
            owned[numbers[owner]].append(AmountLine(words, cents))
        elif control == PREPAID_INSTALMENTS and owner in borrowers:
            owned[borrowers[owner]].append(AmountLine(f"Paid early on {owner}", cents))
        elif kind == "loan" and owner in borrowers:
            owed[borrowers[owner]].append(AmountLine(f"Loan {owner}", -cents))
    for owner, borrower, cents in _written_off(work):
        if borrower in told:
            owed[borrower].append(AmountLine(f"Loan {owner}, written off", cents))
    sent = sorted(owned.keys() | owed.keys(), key=lambda member: members[member].number)
    return tuple(
        OpeningLetter(
            members[one].number, members[one].full_name, tuple(owned[one]), tuple(owed[one])
        )
        for one in sent
    )


def _standing(work: Work) -> Iterator[tuple[str, int]]:
    """What all imports that stand brought to each account, in cents on its credit side, by account number."""
    undone = aliased(Entry)
    taken_back = select(undone.id).where(undone.reverses_number == Entry.number).exists()
    brought = func.sum(PostingRow.credit_cents) - func.sum(PostingRow.debit_cents)
    rows = work.session.execute(
        select(Account.code, brought)
        .join(PostingRow, PostingRow.account_id == Account.id)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(Entry.kind == OPENING_BALANCES, Account.control_id.is_not(None), ~taken_back)
        .group_by(Account.code)
        .order_by(Account.code)
    )
    return ((code, int(cents)) for code, cents in rows if cents)


def _written_off(work: Work) -> Iterator[tuple[str, int, int]]:
    """Loans that the old books wrote off: number, borrower, and the cents that were owed beside the books."""
    rows = work.session.execute(
        select(Loan.number, Loan.member_id, LoanWriteOff.principal_cents)
        .join(Loan, Loan.id == LoanWriteOff.loan_id)
        .where(LoanWriteOff.entry_number.is_(None))
        .order_by(Loan.number)
    )
    return ((number, borrower, cents) for number, borrower, cents in rows)
