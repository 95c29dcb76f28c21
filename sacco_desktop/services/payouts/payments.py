"""Payouts that are no loans: refunds, claims, bills of the office. Asked for here, then approved and paid like all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sacco_desktop.db.tables import Member, Payout
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import read_chart
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.money import CENTS_PER_SHILLING, format_kes
from sacco_desktop.domain.payout_parts import MpesaRules, PayoutPart, by_hand, divide
from sacco_desktop.domain.payout_purposes import Purpose
from sacco_desktop.domain.payout_ways import (
    NO_DESTINATION,
    Bearer,
    Destination,
    Way,
    checked_destination,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services.books import commands, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms, who_decides
from sacco_desktop.services.payouts import payout_drafts
from sacco_desktop.services.payouts.payout_drafts import Draft
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of
from sacco_desktop.services.savings import payout_cover, withdrawal_rules
from sacco_desktop.services.savings.payout_cover import AmountOf, Cover
from sacco_desktop.settings import resources_dir

_LONGEST_NARRATION = 80


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Pay this amount for this purpose. `key` is made when the dialog opens; amounts in cents.

    A member is paid to their own phone; for anybody else `phone` is typed. `account_code` is one of the purpose's.
    """

    key: str
    purpose: str
    amount_cents: int
    way: Way
    member_id: int | None = None
    phone: str = ""
    destination: Destination = NO_DESTINATION
    account_code: str = ""
    narration: str = ""


@dataclass(frozen=True, slots=True)
class PaymentQuestion:
    """For what, from which account, to which member: what the dialog asks before the amount is typed."""

    purpose: str
    account_code: str = ""
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What a person sees while writing: what covers it (None where nothing must), M-Pesa's rules, who can approve."""

    purpose: Purpose
    account_name: str
    cover: Cover | None
    rules: MpesaRules
    phone: str
    approvers: tuple[str, ...]

    def amounts(self, amount_cents: int, way: Way) -> PayoutPart:
        """How this amount would be paid. Raises InvalidInput under `amount`."""
        return amounts_of(amount_cents, way, self.rules)


@lru_cache(maxsize=1)
def account_names() -> tuple[tuple[str, str], ...]:
    """The code and name of every account that a payment can be booked on, as the chart has them."""
    wanted = {code for purpose in payout_terms.purposes() for code in purpose.accounts}
    chart = read_chart((resources_dir() / "chart_of_accounts.csv").read_text(encoding="utf-8"))
    return tuple((each.code, f"{each.code} {each.name}") for each in chart if each.code in wanted)


def facts(work: Work, question: PaymentQuestion) -> PaymentFacts:
    """What is known before the amount is typed. Raises InvalidInput, NotFound."""
    work.allow(Act.LOOK)
    purpose = _purpose(question.purpose)
    account = _account(purpose, question.account_code)
    member = _member(work, purpose, question.member_id)
    able = who_decides.names_for(work, ApprovalKind.PAYOUT, 0)
    return PaymentFacts(
        purpose=purpose,
        account_name=ledger.account_of(work, account).name,
        cover=payout_cover.cover(work, purpose, account, member) if purpose.is_covered else None,
        rules=payout_terms.mpesa_rules(work, to_member=member is not None),
        phone=member.phone if member else "",
        approvers=tuple(able),
    )


def request(work: Work, new: NewPayment) -> PayoutRow:
    """Write the payout and ask a second person. Nothing leaves. Raises InvalidInput under the field that is wrong."""
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "payment request", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewPayment) -> dict[str, Any]:
    purpose = _purpose(new.purpose)
    member = _member(work, purpose, new.member_id)
    if new.amount_cents > 0:
        account = _account(purpose, new.account_code)
        withdrawal_rules.check_request(work, account, member, new.amount_cents)
    return {"payout_id": write_down(work, new).id}


def write_down(
    work: Work,
    new: NewPayment,
    fee_cents: int = 0,
    bind: Callable[[Payout], None] | None = None,
    *,
    to_nominee: bool = False,
) -> Payout:
    """Write the payout of a payment whose terms the caller has checked, and ask a second person. The society keeps a
    fee beside the amount; `bind` ties it to what its approval shows. What a dead member had may go `to_nominee`, by
    name and to the number that was typed. Raises InvalidInput.
    """
    purpose = payout_terms.purpose_of(new.purpose)
    account = _account(purpose, new.account_code)
    member = _member(work, purpose, new.member_id)
    narration = " ".join(new.narration.split())
    if len(narration) > _LONGEST_NARRATION:
        raise InvalidInput(f"Write at most {_LONGEST_NARRATION} letters.", "narration")
    if not narration and member is None:
        raise InvalidInput("Write what is paid, for example the invoice.", "narration")
    rules = payout_terms.mpesa_rules(work, to_member=member is not None)
    if not to_nominee:
        _refuse_dead(member, new.way)
    amounts = amounts_of(new.amount_cents, new.way, rules)
    payout_cover.check(work, purpose, account, AmountOf(amounts.net_cents + fee_cents, member))
    payout = payout_drafts.write(
        work,
        Draft(
            purpose=purpose.name,
            amounts=amounts,
            way=new.way,
            destination=_destination(new, member, to_nominee),
            phone=_phone(new, member, to_nominee),
            member_id=new.member_id,
            account_code=account,
            narration=narration,
            rules=rules if new.way is Way.MPESA else None,
            fee_cents=fee_cents,
            bind=bind,
        ),
    )
    work.changed(Topic.PAYOUTS, Topic.MEMBERS)
    return payout


def _refuse_dead(member: Member | None, way: Way) -> None:
    """Nobody knows who holds the phone of somebody who has died."""
    if member is not None and member.status == MemberStatus.DECEASED.value and way is Way.MPESA:
        raise InvalidInput(
            f"{member.number} has died. The nominees are paid by bank, cheque or cash.", "way"
        )


def _purpose(name: str) -> Purpose:
    purpose = payout_terms.purpose_of(name)
    if purpose.elsewhere:
        raise InvalidInput(purpose.elsewhere, "purpose")
    return purpose


def _account(purpose: Purpose, chosen: str) -> str:
    account = chosen or purpose.accounts[0]
    if not purpose.takes(account):
        raise InvalidInput("Choose an account of this purpose.", "account_code")
    return account


def _member(work: Work, purpose: Purpose, member_id: int | None) -> Member | None:
    if member_id is not None:
        return members.load(work, member_id)
    if purpose.for_members:
        raise InvalidInput("Choose the member who is paid.", "member")
    return None


def amounts_of(amount_cents: int, way: Way, rules: MpesaRules) -> PayoutPart:
    """How an amount would be paid by a way. Raises InvalidInput under `amount`."""
    if amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if way in (Way.MPESA, Way.CASH) and amount_cents % CENTS_PER_SHILLING:
        raise InvalidInput("M-Pesa and the till pay whole shillings only.", "amount")
    if way is not Way.MPESA:
        return by_hand(amount_cents, way)
    # Only the parts of a loan are tied together, so that none can be paid twice; anything else goes out whole.
    parts = divide(amount_cents, replace(rules, may_split=False))
    if parts[0].paid_cents == 0:
        least = format_kes(rules.least_cents)
        raise InvalidInput(f"M-Pesa pays no less than {least}. Pay it in cash.", "amount")
    if parts[0].deposits_cents and rules.bearer is Bearer.SOCIETY:
        most = format_kes(rules.most_cents)
        raise InvalidInput(f"M-Pesa pays {most} at the most. Pay it by bank.", "amount")
    return parts[0]


def _destination(new: NewPayment, member: Member | None, to_nominee: bool) -> Destination:
    """Who is no member is known by name even where M-Pesa pays."""
    payee = new.destination.payee.strip() or (member.full_name if member else "")
    if new.way is Way.MPESA:
        return (
            Destination()
            if member and not to_nominee
            else checked_destination(Way.CASH, Destination(payee))
        )
    return checked_destination(new.way, replace(new.destination, payee=payee))


def _phone(new: NewPayment, member: Member | None, to_nominee: bool) -> str:
    if new.way is not Way.MPESA:
        return ""
    if member and not to_nominee:
        return member.phone
    phone = normalise_phone(new.phone, "phone")
    if member and phone == member.phone:
        raise InvalidInput("This is the number of the member who has died.", "phone")
    return phone
