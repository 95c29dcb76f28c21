"""A loan is paid off, or what was written off of it recovered, from the member's own deposits: asked for by one person
at the member's word, agreed to by another, where the society's rule lets deposits pay loans.
"""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import SaccoError, WrongState
from sacco_desktop.domain.explanations.free_deposits import needed_for_loans
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.domain.settlement import Settlement
from sacco_desktop.services.books import audit, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.lending import due_instalments, loans, payoffs, recoveries, write_offs
from sacco_desktop.services.lending.payoffs import PayoffQuestion
from sacco_desktop.services.lending.recoveries import Came
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, society, who_decides
from sacco_desktop.services.savings import payout_cover

RULE = "loan.from_deposits"


@dataclass(frozen=True, slots=True)
class DepositsFacts:
    """What the deposits would pay, in cents: the payoff of today, or what is still owed of a loan that was written off.
    `stays_cents` must stay of the deposits for other loans, promises and payouts on their way.
    """

    loan_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    what: str
    cents: int
    deposits_cents: int
    stays_cents: int
    approvers: tuple[str, ...]

    @property
    def left_cents(self) -> int:
        """What would be left of the deposits."""
        return self.deposits_cents - self.cents


@dataclass(frozen=True, slots=True)
class DepositsWish:
    """Ask for it; `reason` says how the member asked, and `version` is that of the loan looked at."""

    loan_id: int
    version: int
    reason: str


def look(work: Work, loan_id: int) -> DepositsFacts:
    """The figures of today. Raises WrongState, saying what stands in the way."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    if not society.yes_setting(work, RULE):
        raise WrongState(
            "Deposits do not pay loans here; that is the rule of the society. Two people can agree to another rule in"
            " Settings, or the member brings the money."
        )
    if loan.status == write_offs.WRITTEN_OFF:
        what, cents = (
            "What is still owed of a loan written off",
            write_offs.left_cents(work, loan_id),
        )
    else:
        figure = payoffs.look(work, PayoffQuestion(loan_id, work.today)).settlement
        what, cents = "The payoff of today", figure.to_bring_cents
    if not cents:
        raise WrongState(f"What is kept for {loan.number} pays all of it. Pay it off instead.")
    member = members.load(work, loan.member_id)
    held = ledger.balance(work, members.deposits_account(member.number))
    stays = _stays(work, member, loan)
    if cents > held - stays:
        more = f", of which {format_amount(stays)} must stay" if stays else ""
        raise WrongState(
            f"The deposits of {member.number} come to {format_kes(held)}{more}. They do not carry {format_kes(cents)}."
        )
    return DepositsFacts(
        loan.id,
        loan.version,
        loan.number,
        member.number,
        member.full_name,
        what,
        cents,
        held,
        stays,
        tuple(who_decides.names_for(work, ApprovalKind.LOAN_FROM_DEPOSITS, cents)),
    )


def _stays(work: Work, member: Member, loan: Loan) -> int:
    """What payouts on their way take, and what other loans and promises need; this loan will need nothing."""
    taken = payout_cover.pledged_deposits(work, member)
    if not payout_cover.keeps_collateral(work):
        return taken
    others = tuple(
        one for one in payout_cover.carried_loans(work, member) if one.number != loan.number
    )
    return taken + needed_for_loans(others) + guarantor_pledges.locked_deposits(work, member.id)


def ask(work: Work, wish: DepositsWish) -> str:
    """Ask another person; returns words for who asked. Raises WrongState, InvalidInput without the member's word."""
    work.allow(Act.TAKE_REPAYMENT)
    how = "Write how the member asked for it, for example by which letter."
    reason = clean_reason(wish.reason, how)
    loan = loans.load(work, wish.loan_id)
    if loan.version != wish.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, loan.id)
    about = f"{facts.member_name} · {loan.number}, from the deposits"
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.LOAN_FROM_DEPOSITS, loan.id, about, facts.cents, _content(facts, reason)
        ),
    )
    work.changed(Topic.LOANS)
    return "Sent for approval. Nothing has been taken from the deposits yet."


def content_now(work: Work, loan_id: int, asked: Content) -> Content:
    """What the approval is bound to, read anew: another sum of today, or other deposits, make it another content."""
    try:
        return _content(look(work, loan_id), str(asked["reason"]))
    except SaccoError as gone:
        return {"gone": gone.message, **asked}


def _content(facts: DepositsFacts, reason: str) -> Content:
    return {
        "loan": facts.number,
        "member": facts.member_number,
        "name": facts.member_name,
        "what": facts.what,
        "cents": facts.cents,
        "deposits_cents": facts.deposits_cents,
        "stays_cents": facts.stays_cents,
        "reason": reason,
    }


def carry_out(work: Work, loan_id: int, content: Content) -> None:
    """Two people have agreed: the deposits pay what was shown, and the loan is closed by it."""
    loan, facts = loans.load(work, loan_id), look(work, loan_id)
    if loan.status == write_offs.WRITTEN_OFF:
        year = work.today.year
        receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
        came = Came(Source.DEPOSITS, "", receipt, work.today, facts.cents)
        recoveries.keep(work, loan, came)
    else:
        # What falls due today is booked before, as with every repayment.
        due_instalments.catch_up(work, loan)
        figure: Settlement = payoffs.look(work, PayoffQuestion(loan.id, work.today)).settlement
        if figure.to_bring_cents != facts.cents:
            raise WrongState(f"{loan.number} comes to another sum by now. Ask for it again.")
        payoffs.pay(work, loan, figure, Source.DEPOSITS, "")
    audit.record(
        work,
        "paid a loan from the deposits",
        loan.number,
        {"cents": facts.cents, "why": str(content["reason"])},
    )
    work.changed(Topic.LOANS, Topic.MEMBERS)
