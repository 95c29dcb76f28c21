"""Who may claim of a fund, and whether a payout of one still stands on its claim."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import FundClaim, Member, Payout
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import BELONGS, MemberStatus, words_of
from sacco_desktop.domain.savings import ProductKind, Withdrawal
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.savings.savings_products import Product

WELFARE_CLAIM = "welfare_claim"
MEMBER_SELF = "member"
_CLAIM = frozenset({MemberStatus.ACTIVE, MemberStatus.NOTICE_GIVEN})


def fund_named(work: Work, code: str) -> Product:
    """The fund with this code that pays on a claim. Raises InvalidInput under `product`."""
    product = savings_products.product_named(work, code)
    if product.kind is not ProductKind.FUND:
        raise InvalidInput(
            f"{product.terms.name} is no fund, so nothing of it is claimed.", "product"
        )
    if product.terms.withdrawal is not Withdrawal.BY_CLAIM:
        raise InvalidInput(f"{product.terms.name} pays no claims; that is its rule.", "product")
    return product


def check_member(work: Work, member: Member, relation: str) -> None:
    """Raise WrongState when a member of this status claims nothing. For a dead one only the own death is claimed."""
    status = MemberStatus(member.status)
    if status is MemberStatus.DECEASED and relation == MEMBER_SELF:
        return
    if status not in BELONGS:
        raise WrongState(f"{member.number} is {words_of(status).lower()} and claims nothing more.")
    if status not in _CLAIM and society.setting(work, "savings.who_withdraws") == "active":
        raise WrongState(
            f"{member.number} is {words_of(status).lower()}, and only active members claim. Make the member active"
            " first, or let two people agree to another rule."
        )


def claim_of(work: Work, payout_id: int) -> FundClaim | None:
    """The claim that a payout was asked for with."""
    return work.session.scalar(select(FundClaim).where(FundClaim.payout_id == payout_id))


def check_payout(work: Work, payout: Payout) -> None:
    """Raise WrongState when a payout of a fund has no claim, or its fund or member may not claim any more."""
    if payout.purpose != WELFARE_CLAIM:
        return
    claim = claim_of(work, payout.id)
    product = savings_products.product_on_account(work, payout.account_code)
    if claim is None or product is None or payout.member_id is None:
        raise WrongState(
            f"{payout.number} has no claim behind it. Take it back and write the claim."
        )
    if product.terms.withdrawal is not Withdrawal.BY_CLAIM:
        raise WrongState(
            f"{product.terms.name} pays no claims any more. Take {payout.number} back."
        )
    check_member(work, members.load(work, payout.member_id), claim.relation)
