"""What the terms of deposits and savings say about a payout of them, asked at the request, at the approval and again
when it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import Member, Payout, WithdrawalNotice
from sacco_desktop.domain.dates import add_months, business_date, moment_of
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import BELONGS, MemberStatus, words_of
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.savings import Holding, ProductKind, withdrawal_refusal
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, society
from sacco_desktop.services.savings import claim_rules, payout_cover, savings_products
from sacco_desktop.services.savings.payout_cover import AmountOf
from sacco_desktop.services.savings.savings_products import Product

SAVINGS_WITHDRAWAL = "savings_withdrawal"
DEPOSIT_REFUND = "deposit_refund"
PURPOSE_OF = {
    ProductKind.SAVINGS: SAVINGS_WITHDRAWAL,
    ProductKind.DEPOSITS: DEPOSIT_REFUND,
}
_WITHDRAW = frozenset({MemberStatus.ACTIVE, MemberStatus.NOTICE_GIVEN})


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many cents of a product for its member, by which notice, and by which payout when it is written already."""

    member: Member
    product: Product
    cents: int
    notice: WithdrawalNotice | None = None
    payout: Payout | None = None


def check_member(work: Work, member: Member) -> None:
    """Raise WrongState when a member of this status withdraws no savings, saying what to do."""
    status = MemberStatus(member.status)
    if status not in BELONGS:
        how = "the nominees are" if status is MemberStatus.DECEASED else "the member is"
        raise WrongState(
            f"{member.number} is {words_of(status).lower()}; {how} paid by settling the leaving, and no savings are"
            " withdrawn."
        )
    if status not in _WITHDRAW and society.setting(work, "savings.who_withdraws") == "active":
        raise WrongState(
            f"{member.number} is {words_of(status).lower()}, and only active members withdraw savings. Make the member"
            " active first, or let two people agree to another rule."
        )


def holding(work: Work, wanted: Wanted) -> Holding:
    """What the member has of the product, as the rules of withdrawal see it today."""
    member, product, payout = wanted.member, wanted.product, wanted.payout
    purpose = payout_terms.purpose_of(PURPOSE_OF[product.kind])
    own = payout.id if payout is not None else 0
    cover = payout_cover.cover(work, purpose, product.account_code, member, own)
    loans_cents, pledged_cents = (
        payout_cover.kept(work, member) if product.kind is ProductKind.DEPOSITS else (0, 0)
    )
    held = Holding(
        balance_cents=cover.balance_cents,
        on_their_way_cents=cover.pledged_cents,
        loans_cents=loans_cents,
        pledged_cents=pledged_cents,
        times_this_month=_times(work, wanted),
    )
    notice = wanted.notice
    if notice is None or notice.taken_back_at is not None:
        return held
    if notice.ripe_on > work.today:
        return replace(held, notice_runs_until=notice.ripe_on)
    return replace(held, noticed_cents=notice.cents)


def _times(work: Work, wanted: Wanted) -> int:
    """How often the member asked for money of the product in the month, before this payout where it is written."""
    payout = wanted.payout
    day = work.today if payout is None else business_date(payout.requested_at)
    first = day.replace(day=1)
    found = select(func.count()).where(
        Payout.member_id == wanted.member.id,
        Payout.account_code == wanted.product.account_code,
        Payout.status != PayoutStatus.CANCELLED.value,
        Payout.requested_at >= moment_of(first),
        Payout.requested_at < moment_of(add_months(first, 1)),
    )
    if payout is not None:
        found = found.where(Payout.id < payout.id)
    return work.session.scalar(found) or 0


def refusal(work: Work, wanted: Wanted) -> str:
    """Why the terms refuse it, with the figures; empty when they do not."""
    product = wanted.product
    return withdrawal_refusal(product.kind, product.terms, holding(work, wanted), wanted.cents)


def check_request(work: Work, account_code: str, member: Member | None, cents: int) -> None:
    """Raise InvalidInput under `amount` when a payout of this account is refused by the terms of its product."""
    product = _product(work, account_code)
    if product is None or member is None:
        return
    purpose = payout_terms.purpose_of(PURPOSE_OF[product.kind])
    payout_cover.check(work, purpose, account_code, AmountOf(cents, member))
    words = refusal(work, Wanted(member, product, cents))
    if words:
        raise InvalidInput(words, "amount")


def check_payout(work: Work, payout: Payout) -> None:
    """Raise WrongState when the terms refuse a payout by now, its notice was taken back, or it has no claim."""
    claim_rules.check_payout(work, payout)
    product = _product(work, payout.account_code)
    if product is None or payout.member_id is None or payout.loan_id is not None:
        return
    member = members.load(work, payout.member_id)
    if payout.purpose == SAVINGS_WITHDRAWAL:
        check_member(work, member)
    notice = notice_of(work, payout.id)
    if payout.purpose == SAVINGS_WITHDRAWAL and (
        notice is None or notice.taken_back_at is not None
    ):
        raise WrongState(f"{payout.number} has no notice of the member. Take it back.")
    words = refusal(work, Wanted(member, product, payout.net_cents, notice, payout))
    if words:
        raise WrongState(f"{payout.number} cannot go on. {words} Take it back or wait.")


def check_leaving(work: Work, payout: Payout) -> None:
    """Everything that must still hold for what is about to leave: the account carries it and the terms allow it."""
    payout_cover.check_payout(work, payout)
    check_payout(work, payout)


def notice_of(work: Work, payout_id: int) -> WithdrawalNotice | None:
    """The notice that a payout uses."""
    return work.session.scalar(
        select(WithdrawalNotice).where(WithdrawalNotice.payout_id == payout_id)
    )


def _product(work: Work, account_code: str) -> Product | None:
    """The product of savings or deposits on this account."""
    found = savings_products.product_on_account(work, account_code) if account_code else None
    return found if found is not None and found.kind in PURPOSE_OF else None


def product_to_withdraw(work: Work, code: str, on: date | None = None) -> Product:
    """The product with this code of which members can have money at all. Raises InvalidInput under `product`."""
    product = savings_products.product_named(work, code, on)
    if product.kind not in PURPOSE_OF:
        raise InvalidInput(f"{product.terms.name} is not withdrawn by members.", "product")
    return product
