"""What each member is told of the balances that were brought forward, for the member to sign or to object."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import (
    MEMBER_DEPOSITS,
    PREPAID_INSTALMENTS,
    SHARE_CAPITAL,
    control_owner,
)
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.ledger import Posting
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
    found = _by_member(work, entry.postings)
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


def _by_member(work: Work, postings: tuple[Posting, ...]) -> tuple[OpeningLetter, ...]:
    members = {one.id: one for one in work.session.scalars(select(Member))}
    numbers = {one.number: one.id for one in members.values()}
    loans = work.session.execute(select(Loan.number, Loan.member_id))
    borrowers = {loan.number: loan.member_id for loan in loans}
    owned: dict[int, list[AmountLine]] = defaultdict(list)
    owed: dict[int, list[AmountLine]] = defaultdict(list)
    for line in postings:
        control, _, owner = line.account_code.partition(".")
        kind = control_owner(control) if owner else None
        if kind == "member":
            words = _WORDS.get(control) or ledger.account_of(work, control).name
            owned[numbers[owner]].append(AmountLine(words, line.credit_cents - line.debit_cents))
        elif control == PREPAID_INSTALMENTS:
            cents = line.credit_cents - line.debit_cents
            owned[borrowers[owner]].append(AmountLine(f"Paid early on {owner}", cents))
        elif kind == "loan":
            cents = line.debit_cents - line.credit_cents
            owed[borrowers[owner]].append(AmountLine(f"Loan {owner}", cents))
    told = sorted(owned.keys() | owed.keys(), key=lambda member: members[member].number)
    return tuple(
        OpeningLetter(
            members[one].number, members[one].full_name, tuple(owned[one]), tuple(owed[one])
        )
        for one in told
    )
