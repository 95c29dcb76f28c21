"""How much a member may borrow: a multiple of the deposits, less the loans that count already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.dates import add_months, format_date
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.services import ledger, loan_offers, members, payout_cover
from sacco_desktop.services.work import Work

# A loan in one of these states still counts against the member's ceiling.
_LIVE = ("submitted", "appraised", "approved", "disbursement_pending", "active")


@dataclass(frozen=True, slots=True)
class LimitQuestion:
    """How much may this member borrow of this product today?"""

    member_id: int
    product_code: str


@dataclass(frozen=True, slots=True)
class LoanLimit:
    """The deposits, how many times over they may be lent, and what other loans take of it; amounts in cents.
    `leaving_cents` of the deposits are on their way out and carry no loan.
    `refusal` says why the member cannot have this product whatever the amount; it is empty when nothing is in the way.
    """

    deposits_cents: int
    multiple: Decimal
    others_cents: int
    refusal: str = ""
    leaving_cents: int = 0

    @property
    def ceiling_cents(self) -> int:
        """What all loans together may come to."""
        return int(self.multiple * max(self.deposits_cents - self.leaving_cents, 0))

    @property
    def room_cents(self) -> int:
        """What may still be lent; never below zero."""
        return max(self.ceiling_cents - self.others_cents, 0)


def limit(work: Work, question: LimitQuestion) -> LoanLimit:
    """The limit for a loan that is not written down yet. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, question.member_id)
    return limit_beside(work, member, question.product_code, work.today, but=None)


def limit_beside(
    work: Work, member: Member, product_code: str, on: date, *, but: int | None
) -> LoanLimit:
    """The limit by the product as it stood `on` a date; the loan with the id `but` does not count against itself."""
    product = loan_offers.product(work, product_code, on)
    others = work.session.scalar(
        select(func.coalesce(func.sum(Loan.amount_cents), 0)).where(
            Loan.member_id == member.id, Loan.id != (but or 0), Loan.status.in_(_LIVE)
        )
    )
    deposits = ledger.balance(work, members.deposits_account(member.number))
    refusal = _refusal(product, member, deposits, work.today)
    leaving = payout_cover.pledged_deposits(work, member)
    return LoanLimit(deposits, product.deposit_multiple, others or 0, refusal, leaving)


def check(work: Work, loan: Loan) -> None:
    """Raises SaccoError, naming the rule and the figures, when this member cannot be lent this much."""
    member = members.load(work, loan.member_id)
    found = limit_beside(work, member, loan.product_code, loan.applied_on, but=loan.id)
    if found.refusal:
        raise SaccoError(f"{found.refusal} Nothing was changed.")
    if loan.amount_cents > found.room_cents:
        out = ""
        if found.leaving_cents:
            out = f" {format_kes(found.leaving_cents)} of them are on their way out."
        raise SaccoError(
            f"The deposits carry at most {format_kes(found.room_cents)} more, and"
            f" {format_kes(loan.amount_cents)} is asked.{out}"
            " Nothing was changed. Ask for a smaller loan or for more deposits first."
        )


def _refusal(product: LoanProduct, member: Member, deposits_cents: int, today: date) -> str:
    months = product.min_membership_months
    since = add_months(member.joined_on, months)
    if since > today:
        return (
            f"The {product.name} is for members of {months} months or more. {member.full_name} joined on"
            f" {format_date(member.joined_on)} and can have it from {format_date(since)}."
        )
    if deposits_cents < product.min_deposits_cents:
        return (
            f"The {product.name} needs deposits of {format_kes(product.min_deposits_cents)} or more, and there are"
            f" {format_kes(deposits_cents)}. Take deposits first, or choose another product."
        )
    return ""
