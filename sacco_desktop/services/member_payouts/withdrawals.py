"""Withdrawals of savings, and of deposits where their terms allow it: asked for here, approved and paid like all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sacco_desktop.db.tables import Member, Payout, WithdrawalNotice
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_parts import MpesaRules
from sacco_desktop.domain.payout_ways import NO_DESTINATION, Destination, Way
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import Holding, ProductKind, Withdrawal
from sacco_desktop.services.books import commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, who_decides
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of
from sacco_desktop.services.savings import savings_products, withdrawal_notices, withdrawal_rules
from sacco_desktop.services.savings.savings_products import Product
from sacco_desktop.services.savings.withdrawal_notices import WithdrawalNoticeRow
from sacco_desktop.services.savings.withdrawal_rules import PURPOSE_OF, Wanted


@dataclass(frozen=True, slots=True)
class NewWithdrawal:
    """A member takes so many cents out of a product, of which the fee of its terms is kept. `notice_id` is the notice
    by which it goes, where the terms ask for one. `key` is made when the dialog opens.
    """

    key: str
    member_id: int
    product: str
    cents: int
    way: Way
    destination: Destination = NO_DESTINATION
    notice_id: int | None = None


@dataclass(frozen=True, slots=True)
class Withdrawable:
    """A product as a member can have money of it: what is held, what is free, and the notices to use; in cents."""

    product: Product
    held: Holding
    free_cents: int
    notices: tuple[WithdrawalNoticeRow, ...]
    why_not: str

    @property
    def needs_notice(self) -> bool:
        """Whether the terms ask for days of notice."""
        terms = self.product.terms
        return terms.withdrawal is Withdrawal.BY_NOTICE and terms.notice_days > 0


@dataclass(frozen=True, slots=True)
class WithdrawalFacts:
    """What a person sees while writing: each product, M-Pesa's rules, and who can approve."""

    member_id: int
    number: str
    full_name: str
    phone: str
    products: tuple[Withdrawable, ...]
    rules: MpesaRules
    approvers: tuple[str, ...]


def facts(work: Work, member_id: int) -> WithdrawalFacts:
    """What a member can withdraw today. Raises NotFound, and WrongState for a member who withdraws nothing."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    withdrawal_rules.check_member(work, member)
    notices = withdrawal_notices.of_member(work, member_id)
    known = savings_products.products_on(work, work.today)
    return WithdrawalFacts(
        member_id=member.id,
        number=member.number,
        full_name=member.full_name,
        phone=member.phone,
        products=tuple(
            _withdrawable(work, member, one, notices) for one in known if one.kind in PURPOSE_OF
        ),
        rules=payout_terms.mpesa_rules(work),
        approvers=tuple(who_decides.names_for(work, ApprovalKind.PAYOUT, 0)),
    )


def _withdrawable(
    work: Work, member: Member, product: Product, notices: tuple[WithdrawalNoticeRow, ...]
) -> Withdrawable:
    held = withdrawal_rules.holding(work, Wanted(member, product, 0))
    kept = held.on_their_way_cents + held.loans_cents + held.pledged_cents
    open_ones = tuple(
        row for row in notices if row.product == product.code and row.status in ("running", "ripe")
    )
    return Withdrawable(
        product=product,
        held=held,
        free_cents=max(0, held.balance_cents - kept - product.terms.least_cents),
        notices=open_ones,
        why_not=withdrawal_rules.refusal(work, Wanted(member, product, 0)),
    )


def request(work: Work, new: NewWithdrawal) -> PayoutRow:
    """Write the payout and ask a second person. Nothing leaves. Raises InvalidInput under its field, WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "withdrawal", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewWithdrawal) -> dict[str, Any]:
    member = members.load(work, new.member_id)
    withdrawal_rules.check_member(work, member)
    product = withdrawal_rules.product_to_withdraw(work, new.product)
    fee_cents = product.terms.out.fee_cents
    if new.cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if new.cents <= fee_cents:
        raise InvalidInput(
            f"The fee is {format_kes(fee_cents)}, so nothing of this would be paid.", "amount"
        )
    notice = _notice(work, new, product)
    words = withdrawal_rules.refusal(work, Wanted(member, product, new.cents, notice))
    if words:
        raise InvalidInput(words, "amount")
    if notice is None and product.kind is ProductKind.SAVINGS:
        notice = withdrawal_notices.given_at_once(work, member, product, new.cents)

    def bind(payout: Payout) -> None:
        if notice is not None:
            withdrawal_notices.use(work, notice, payout)

    payment = NewPayment(
        key=new.key,
        purpose=PURPOSE_OF[product.kind],
        amount_cents=new.cents - fee_cents,
        way=new.way,
        member_id=member.id,
        destination=new.destination,
        account_code=product.account_code,
        narration=product.terms.name,
    )
    payout = payments.write_down(work, payment, fee_cents, bind)
    work.changed(Topic.SAVINGS)
    return {"payout_id": payout.id}


def _notice(work: Work, new: NewWithdrawal, product: Product) -> WithdrawalNotice | None:
    if new.notice_id is None:
        return None
    row = withdrawal_notices.load(work, new.notice_id)
    if (row.member_id, row.product_id) != (new.member_id, product.product_id):
        raise InvalidInput("This notice is for other money. Choose another one.", "notice")
    return row
