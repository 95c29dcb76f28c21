"""How much a member may borrow: a multiple of the deposits, less the loans that count already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.eligibility import Check, refusals, room_cents, room_words
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import eligibility
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.membership import members


@dataclass(frozen=True, slots=True)
class LimitQuestion:
    """How much may this member borrow of this product today?"""

    member_id: int
    product_code: str
    clears_loan_id: int | None = None


@dataclass(frozen=True, slots=True)
class LoanLimit:
    """The deposits, how many times over they may be lent, what other loans take of it, and what may still be lent;
    amounts in cents, `words` say how it is reckoned. `leaving_cents` of the deposits are on their way out and carry no
    loan. `refusal` says why the member cannot have this product whatever the amount; it is empty when nothing is in the
    way.
    """

    deposits_cents: int
    multiple: Decimal
    others_cents: int
    refusal: str
    leaving_cents: int
    room_cents: int
    words: str


def limit(work: Work, question: LimitQuestion) -> LoanLimit:
    """The limit for a loan that is not written down yet. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, question.member_id)
    return limit_beside(
        work, member, question.product_code, work.today, but=None, clears=question.clears_loan_id
    )


def limit_beside(
    work: Work,
    member: Member,
    product_code: str,
    on: date,
    *,
    but: Loan | None,
    clears: int | None = None,
) -> LoanLimit:
    """The limit by the product as it stood `on` a date; the loan `but` does not count against itself, nor does one that
    it clears. Where the product has no ceiling by the deposits, its own largest loan is the room.
    """
    product = loan_offers.product(work, product_code, on)
    rules = product.eligibility
    standing = eligibility.standing_of(work, member, product, but, clears)
    room = room_cents(standing, rules, work.today)
    broken = refusals(standing, rules, work.today)
    return LoanLimit(
        deposits_cents=standing.deposits_cents,
        multiple=rules.multiple,
        others_cents=sum(loan.counted_cents for loan in standing.open_loans),
        refusal=_refusal(product, broken),
        leaving_cents=standing.leaving_cents,
        room_cents=product.max_cents if room is None else room,
        words=room_words(standing, rules, work.today),
    )


def _refusal(product: LoanProduct, broken: Sequence[Check]) -> str:
    if not broken:
        return ""
    why = " ".join(f"{check.title}: {check.words}" for check in broken)
    return f"The {product.name} is not for this member yet. {why}"
