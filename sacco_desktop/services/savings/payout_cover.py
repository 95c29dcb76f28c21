"""Whether the account that a payout debits carries it, beside other payouts that were asked for and are not paid."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan, Member, Payout
from sacco_desktop.domain.chart import (
    MEMBER_DEPOSITS,
    SPECIAL_SAVINGS,
    UNALLOCATED_RECEIPTS,
    family_of,
    sub_account_code,
)
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.explanations.free_deposits import CarriedLoan, needed_for_loans
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payout_purposes import Purpose
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.savings import Withdrawal
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, society
from sacco_desktop.services.savings import savings_products, unproven_payments

_OPEN = tuple(
    status.value for status in (PayoutStatus.DRAFT, PayoutStatus.APPROVED, PayoutStatus.IN_FLIGHT)
)
# Deposits under one of these loans have a claim on them.
_LOANS = ("appraised", "approved", "disbursement_pending", "active", "written_off")


@dataclass(frozen=True, slots=True)
class Cover:
    """What an account holds, what other payouts take of it, and what must stay: for the member's loans, or because
    it is not proven that it ever came; in cents.
    """

    balance_cents: int
    pledged_cents: int
    kept_cents: int

    @property
    def free_cents(self) -> int:
        """What may still be paid out; never below zero."""
        return max(self.balance_cents - self.pledged_cents - self.kept_cents, 0)


def cover(
    work: Work, purpose: Purpose, account_code: str, member: Member | None, but: int = 0
) -> Cover:
    """What carries a payout for this purpose; the payout with the id `but` does not count against itself."""
    held = purpose.is_member_held(account_code) and member is not None
    query = select(func.coalesce(func.sum(Payout.net_cents), 0)).where(
        Payout.account_code == account_code, Payout.status.in_(_OPEN), Payout.id != but
    )
    code = account_code
    if held and member is not None:
        code = sub_account_code(account_code, member.number)
        query = query.where(Payout.member_id == member.id)
    kept_cents = sum(kept(work, member)) if held and account_code == MEMBER_DEPOSITS else 0
    if account_code == UNALLOCATED_RECEIPTS:
        kept_cents = unproven_payments.unproven_cents(work)
    balance = ledger.balance(work, code) if ledger.is_open(work, code) else 0
    return Cover(balance, work.session.scalar(query) or 0, kept_cents)


def free_deposits(work: Work, member: Member) -> int:
    """What of a member's deposits may be paid out, in cents; never below zero, and nothing where the terms pay none."""
    if not pays_deposits_out(work):
        return 0
    code = sub_account_code(MEMBER_DEPOSITS, member.number)
    taken = pledged_deposits(work, member)
    return Cover(ledger.balance(work, code), taken, sum(kept(work, member))).free_cents


def pays_deposits_out(work: Work) -> bool:
    """Whether the terms of deposits pay any of them out while a member stays."""
    product = savings_products.product_on_account(work, MEMBER_DEPOSITS)
    return product is None or product.terms.withdrawal is not Withdrawal.NEVER


def kept(work: Work, member: Member | None) -> tuple[int, int]:
    """The deposits, in cents, that must stay for the member's own loans, and for promises to guarantee those of
    others.
    """
    if member is None or not keeps_collateral(work):
        return 0, 0
    needed = needed_for_loans(carried_loans(work, member))
    return needed, guarantor_pledges.locked_deposits(work, member.id)


def keeps_collateral(work: Work) -> bool:
    """Whether deposits that loans and promises rest on must stay here; a setting."""
    return society.yes_setting(work, "payout.refund_keeps_collateral")


def carried_loans(work: Work, member: Member) -> tuple[CarriedLoan, ...]:
    """The own loans that rest on the member's deposits, each with the multiple of its product."""
    rows = work.session.execute(
        select(Loan.number, Loan.product_code, Loan.amount_cents)
        .where(Loan.member_id == member.id, Loan.status.in_(_LOANS))
        .order_by(Loan.id)
    ).all()
    return tuple(
        CarriedLoan(
            number, cents, loan_offers.product(work, product_code, work.today).deposit_multiple
        )
        for number, product_code, cents in rows
    )


def check(work: Work, purpose: Purpose, account_code: str, amount: AmountOf) -> None:
    """Raise InvalidInput under `amount`, with the figures, unless the account carries this amount too."""
    if not purpose.is_covered:
        return
    found = cover(work, purpose, account_code, amount.member, amount.payout_id)
    if amount.cents <= found.free_cents:
        return
    whose = f"Account {account_code}"
    if amount.member is not None and purpose.is_member_held(account_code):
        what = "savings" if family_of(account_code) == SPECIAL_SAVINGS else "deposits"
        whose = f"The {what} of {amount.member.number}"
    words = f"{whose} come to {format_kes(found.balance_cents)}."
    if found.pledged_cents:
        words += f" Other payouts on their way take {format_amount(found.pledged_cents)} of it."
    if found.kept_cents and account_code == UNALLOCATED_RECEIPTS:
        words += f" {format_amount(found.kept_cents)} of it is not proven, or M-Pesa may be taking it back."
    elif found.kept_cents:
        words += f" Loans need {format_amount(found.kept_cents)} of it to stay."
    words += f" So {format_amount(found.free_cents)} can be paid out and not {format_amount(amount.cents)}."
    raise InvalidInput(words, "amount")


@dataclass(frozen=True, slots=True)
class AmountOf:
    """How much is to be paid, to which member, and by which payout when it is written already."""

    cents: int
    member: Member | None
    payout_id: int = 0


def pledged_deposits(work: Work, member: Member) -> int:
    """What of a member's deposits other payouts take that are asked for and not paid, in cents."""
    taken = select(func.coalesce(func.sum(Payout.net_cents), 0)).where(
        Payout.account_code == MEMBER_DEPOSITS,
        Payout.member_id == member.id,
        Payout.status.in_(_OPEN),
    )
    return work.session.scalar(taken) or 0


def has_room_again(work: Work, payout: Payout) -> bool:
    """Whether a payout that was taken back would still fit, were it paid after all: nothing was asked for in its
    place that, with it, is more than the loan or the account carries.
    """
    if payout.loan_id is not None:
        living = select(func.coalesce(func.sum(Payout.net_cents), 0)).where(
            Payout.loan_id == payout.loan_id,
            Payout.id != payout.id,
            Payout.status != PayoutStatus.CANCELLED.value,
        )
        whole = work.session.get_one(Loan, payout.loan_id).net_cents
        return (work.session.scalar(living) or 0) + payout.net_cents <= whole
    purpose = payout_terms.purpose_of(payout.purpose)
    if not purpose.is_covered:
        return True
    member = None if payout.member_id is None else members.load(work, payout.member_id)
    found = cover(work, purpose, payout.account_code, member, payout.id)
    return payout.net_cents <= found.balance_cents - found.pledged_cents


def check_payout(work: Work, payout: Payout) -> None:
    """The same for a payout that is about to leave: the balance may have fallen since it was asked for."""
    if payout.loan_id is not None:
        return
    member = None if payout.member_id is None else members.load(work, payout.member_id)
    purpose = payout_terms.purpose_of(payout.purpose)
    check(work, purpose, payout.account_code, AmountOf(payout.net_cents, member, payout.id))
