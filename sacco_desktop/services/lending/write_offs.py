"""A loan that cannot be collected leaves the books by a resolution: from the allowance first. The member still owes it.

Guarantors stay bound by what they promised, and nothing more falls due. What comes in later: recoveries.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, LoanWriteOff, Repayment
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import ALLOWANCE_FOR_LOSSES
from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.loan_entries import WrittenOff
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import prepayment_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, numbering, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.lending import due_instalments, loans
from sacco_desktop.services.loan_figures import loan_positions, repayment_rows, schedule_versions
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, who_decides
from sacco_desktop.services.penalties import penalty_rows

WRITTEN_OFF = "written_off"
_LONGEST_RESOLUTION = 200


@dataclass(frozen=True, slots=True)
class WriteOffFacts:
    """What a write-off would do, in cents: the principal that leaves the books, what of it the allowance bears, and the
    interest, fees and penalties that are owed beside it. `guarantors` says who stays bound; `approvers` could agree.
    """

    loan_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    principal_cents: int
    interest_cents: int
    fee_cents: int
    prepaid_cents: int
    allowance_cents: int
    guarantors: str
    approvers: tuple[str, ...]
    penalty_cents: int = 0

    @property
    def covered_cents(self) -> int:
        """What the allowance bears."""
        return min(self.principal_cents, max(0, self.allowance_cents))

    @property
    def expense_cents(self) -> int:
        """What is left of the principal, an expense of today."""
        return self.principal_cents - self.covered_cents

    @property
    def owed_cents(self) -> int:
        """What the member still owes."""
        return self.principal_cents + self.interest_cents + self.fee_cents + self.penalty_cents


@dataclass(frozen=True, slots=True)
class WriteOffWish:
    """Ask for it by the resolution of the board: its number and date."""

    loan_id: int
    version: int
    resolution: str


def look(work: Work, loan_id: int) -> WriteOffFacts:
    """What a write-off of today would do. Raises WrongState, saying what stands in the way."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    if loan.status != "active":
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}; only a loan that runs is written off."
        )
    found = loan_positions.position_of(work, loan)
    member = members.named(work, loan.member_id)
    # What was late when the loan was agreed anew is owed too, although its new day has not come.
    before = schedule_versions.running_of(work, loan).before
    due = [line for line in found.left if line.due_on <= work.today or line.number <= before]
    principal = found.principal_cents - found.prepaid_cents
    if principal <= 0:
        raise WrongState(f"No principal of {loan.number} is left to write off. Pay it off instead.")
    bound = [one for one in guarantor_pledges.of_loan(work, loan.id) if one.live_cents]
    return WriteOffFacts(
        loan.id,
        loan.version,
        loan.number,
        member.number,
        member.full_name,
        principal,
        sum(line.interest_cents for line in due),
        sum(line.fee_cents for line in due),
        found.prepaid_cents,
        ledger.balance(work, ALLOWANCE_FOR_LOSSES),
        ", ".join(f"{one.guarantor_name} {format_kes(one.live_cents)}" for one in bound) or "None",
        tuple(who_decides.names_for(work, ApprovalKind.LOAN_WRITE_OFF, principal)),
        found.penalty_cents,
    )


def ask(work: Work, wish: WriteOffWish) -> str:
    """Ask for the decision of the levels; returns words for who asked. Raises WrongState, and InvalidInput without a
    resolution.
    """
    work.allow(Act.REVERSE_ENTRY)
    resolution = " ".join(wish.resolution.split())
    if not resolution or len(resolution) > _LONGEST_RESOLUTION:
        raise InvalidInput("Write the number and the day of the board's resolution.", "resolution")
    loan = loans.load(work, wish.loan_id)
    if loan.version != wish.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, loan.id)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.LOAN_WRITE_OFF,
            loan.id,
            f"{facts.member_name} · {loan.number}, written off",
            facts.principal_cents,
            _content(facts, resolution),
        ),
    )
    work.changed(Topic.LOANS)
    return "Sent for approval. Nothing has been written off yet."


def content_now(work: Work, loan_id: int, asked: Content) -> Content:
    """What the approval is bound to, read anew: a repayment or another allowance makes it another content."""
    try:
        return _content(look(work, loan_id), str(asked["resolution"]))
    except SaccoError as gone:
        return {"gone": gone.message, **asked}


def _content(facts: WriteOffFacts, resolution: str) -> Content:
    return {
        "loan": facts.number,
        "member": facts.member_number,
        "name": facts.member_name,
        "principal_cents": facts.principal_cents,
        "interest_cents": facts.interest_cents + facts.fee_cents + facts.penalty_cents,
        "covered_cents": facts.covered_cents,
        "expense_cents": facts.expense_cents,
        "guarantors": facts.guarantors,
        "resolution": resolution,
    }


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """It was decided: the entry is posted and the loan is written off. A reschedule that waits becomes void."""
    loan = work.session.scalars(select(Loan).where(Loan.number == str(content["loan"]))).one()
    due_instalments.catch_up(work, loan)
    found = loan_positions.position_of(work, loan)
    if found.prepaid_cents:
        found = _use_prepaid(work, loan, found)
    facts = look(work, loan.id)
    booked = sum(repayment_rows.booked_interest(work, loan).values())
    fines = penalty_rows.open_of_loan(work, loan.id)
    fined = sum(one.left_cents for one in fines if one.entry_number is not None)
    resolution = str(content["resolution"])
    on = open_days.open_day(work, work.today)
    loss = WrittenOff(
        loan_positions.accounts_of(work, loan), facts.principal_cents, booked, fined, resolution, on
    )
    posted = ledger.post(work, loan_entries.written_off(loss, facts.allowance_cents))
    work.session.add(
        LoanWriteOff(
            loan_id=loan.id,
            request_id=request_id,
            written_off_on=on,
            principal_cents=facts.principal_cents,
            interest_cents=facts.interest_cents,
            fee_cents=facts.fee_cents,
            penalty_cents=facts.penalty_cents,
            covered_cents=facts.covered_cents,
            resolution=resolution,
            entry_number=posted.number,
            made_by=work.actor.user_id,
            made_at=work.now,
        )
    )
    work.session.flush()
    loan.status, loan.unpaid_since = WRITTEN_OFF, None
    loan.version += 1
    work.session.flush()
    words = f"{loan.number} was written off."
    approvals.void_open(work, ApprovalKind.LOAN_RESCHEDULE, loan.id, words, ("waiting",))
    audit.record(
        work, "wrote a loan off", loan.number, {"cents": loss.principal_cents, "by": resolution}
    )
    work.changed(Topic.LOANS, Topic.MEMBERS)


def _use_prepaid(work: Work, loan: Loan, found: Position) -> Position:
    """What is kept for later instalments repays principal first: nobody loses what was brought."""
    left, parts = found.prepaid_cents, []
    for line in found.left:
        cents = min(left, line.principal_cents)
        if cents:
            parts.append(Owed(line.number, Component.PRINCIPAL, cents))
            left -= cents
    year = work.today.year
    taken = repayment_rows.Taken(
        repayment_rows.PREPAYMENT,
        None,
        prepayment_number(year, numbering.next_in(work, f"prepayment/{year}")),
        "",
        open_days.open_day(work, work.today),
        tuple(parts),
    )
    repayment_rows.keep(work, loan, found, taken)
    return loan_positions.position_of(work, loan)


def standing(work: Work, loan_id: int) -> LoanWriteOff | None:
    """The write-off of a loan that nobody has reversed."""
    rows = work.session.scalars(
        select(LoanWriteOff).where(LoanWriteOff.loan_id == loan_id).order_by(LoanWriteOff.id)
    ).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in rows])
    return next((row for row in rows if row.entry_number not in gone), None)


def recovered_cents(work: Work, loan_id: int) -> int:
    """What came in on the loan since it was written off, without what was taken back."""
    rows = work.session.scalars(
        select(Repayment).where(
            Repayment.loan_id == loan_id, Repayment.use == repayment_rows.RECOVERY
        )
    ).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number for row in rows])
    return sum(row.amount_cents for row in rows if row.entry_number not in gone)


def left_cents(work: Work, loan_id: int) -> int:
    """What the member still owes on a loan that was written off; 0 for every other."""
    row = standing(work, loan_id)
    if row is None:
        return 0
    owed = row.principal_cents + row.interest_cents + row.fee_cents + row.penalty_cents
    return owed - recovered_cents(work, loan_id)


def move_on(work: Work, loan: Loan) -> None:
    """A loan that was written off and is recovered wholly is closed; it is open again when that was taken back."""
    status = WRITTEN_OFF if left_cents(work, loan.id) else "closed"
    if loan.status != status:
        loan.status = status
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS, Topic.MEMBERS)
