"""How much a member may borrow: a multiple of the deposits, less the loans that count already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import ledger, loan_offers, members
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
    """The deposits, how many times over they may be lent, and what other loans take of it; amounts in cents."""

    deposits_cents: int
    multiple: Decimal
    others_cents: int

    @property
    def ceiling_cents(self) -> int:
        """What all loans together may come to."""
        return int(self.multiple * self.deposits_cents)

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
    return LoanLimit(deposits, product.deposit_multiple, others or 0)
