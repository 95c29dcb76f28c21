"""Notices of withdrawal: a member says that savings are wanted, and from a day on one payout may pay them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from sacco_desktop.db.tables import Member, Payout, SavingsProduct, User, WithdrawalNotice
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import Withdrawal
from sacco_desktop.services.books import audit, commands, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society
from sacco_desktop.services.savings import savings_products, withdrawal_rules
from sacco_desktop.services.savings.contribution_rows import member_account
from sacco_desktop.services.savings.savings_products import Product


@dataclass(frozen=True, slots=True)
class NewWithdrawalNotice:
    """A member wants so many cents of a product, and said so on a day. `key` is made when the dialog opens."""

    key: str
    member_id: int
    product: str
    cents: int
    given_on: date


@dataclass(frozen=True, slots=True)
class GivenNotice:
    """A notice that was written down: from which day on it can be used."""

    notice_id: int
    ripe_on: date


@dataclass(frozen=True, slots=True)
class NoticeBack:
    """The member does not want the money after all."""

    notice_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawalNoticeRow:
    """A notice as lists show it, in cents. `status` is running, ripe, used or taken_back."""

    notice_id: int
    member_id: int
    member_number: str
    member_name: str
    product: str
    product_name: str
    cents: int
    given_on: date
    ripe_on: date
    status: str
    payout_number: str
    recorded_by: str


def give(work: Work, new: NewWithdrawalNotice) -> GivenNotice:
    """Write a notice down, once. Raises InvalidInput under its field, WrongState, NotFound."""
    work.allow_one_of(Act.TAKE_DEPOSIT, Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "withdrawal notice", new, lambda: _give(work, new))
    return GivenNotice(answer["notice_id"], date.fromisoformat(answer["ripe_on"]))


def _give(work: Work, new: NewWithdrawalNotice) -> dict[str, Any]:
    member = members.load(work, new.member_id)
    withdrawal_rules.check_member(work, member)
    _check_day(work, member, new.given_on)
    product = withdrawal_rules.product_to_withdraw(work, new.product)
    terms = product.terms
    if terms.withdrawal is not Withdrawal.BY_NOTICE:
        words = withdrawal_rules.refusal(work, withdrawal_rules.Wanted(member, product, 0))
        raise InvalidInput(words or f"{terms.name} are not withdrawn by notice.", "product")
    if not terms.notice_days:
        raise InvalidInput(
            f"{terms.name} need no notice. Ask for the withdrawal itself.", "product"
        )
    if new.cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    _check_amount(work, member, product, new.cents)
    row = WithdrawalNotice(
        member_id=member.id,
        product_id=product.product_id,
        cents=new.cents,
        given_on=new.given_on,
        ripe_on=new.given_on + timedelta(days=terms.notice_days),
        recorded_by=work.actor.user_id,
        recorded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    detail: audit.Detail = {"cents": new.cents, "given": new.given_on.isoformat()}
    audit.record(work, "wrote down a notice of withdrawal of", member.number, detail)
    work.changed(Topic.SAVINGS, Topic.MEMBERS)
    return {"notice_id": row.id, "ripe_on": row.ripe_on.isoformat()}


def _check_day(work: Work, member: Member, given_on: date) -> None:
    """A notice that was dated back would run out before its time."""
    if given_on > work.today:
        raise InvalidInput("A notice cannot be given in the future.", "given_on")
    if given_on < member.joined_on:
        raise InvalidInput("The notice is older than the membership.", "given_on")
    days = society.number_setting(work, "savings.notice_back_days")
    oldest = work.today - timedelta(days=days)
    if given_on < oldest:
        raise InvalidInput(
            f"A notice is written down within {days} days, so this one counts from {format_date(oldest)} at the"
            " earliest.",
            "given_on",
        )


def _check_amount(work: Work, member: Member, product: Product, cents: int) -> None:
    code = member_account(product, member.number)
    balance = ledger.balance(work, code) if ledger.is_open(work, code) else 0
    noticed = _open_cents(work, member.id, product.product_id)
    if cents > balance - noticed:
        more = f", and notice runs of {format_amount(noticed)} of it" if noticed else ""
        raise InvalidInput(f"{product.terms.name} come to {format_kes(balance)}{more}.", "amount")


def _open_cents(work: Work, member_id: int, product_id: int) -> int:
    """Of how much notice was given that no payout has paid and nobody took back."""
    found = (
        select(func.coalesce(func.sum(WithdrawalNotice.cents), 0))
        .outerjoin(Payout, Payout.id == WithdrawalNotice.payout_id)
        .where(
            WithdrawalNotice.member_id == member_id,
            WithdrawalNotice.product_id == product_id,
            WithdrawalNotice.taken_back_at.is_(None),
            func.coalesce(Payout.status, "") != PayoutStatus.PAID.value,
        )
    )
    return int(work.session.scalar(found) or 0)


def take_back(work: Work, back: NoticeBack) -> WithdrawalNoticeRow:
    """The notice counts no more. Raises NotFound, InvalidInput under `reason`, WrongState while a payout uses it."""
    work.allow_one_of(Act.TAKE_DEPOSIT, Act.REQUEST_PAYOUT)
    reason = " ".join(back.reason.split())
    if not reason:
        raise InvalidInput("Write why it is taken back.", "reason")
    row = load(work, back.notice_id)
    if row.taken_back_at is not None:
        raise WrongState("This notice was taken back already.")
    user = _user_of(work, row)
    if user is not None:
        raise WrongState(f"{user.number} uses this notice. Take that payout back first.")
    row.taken_back_at = work.now
    work.session.flush()
    found = row_of(work, row.id)
    audit.record(work, "took back a notice of withdrawal of", found.member_number, {"why": reason})
    work.changed(Topic.SAVINGS, Topic.MEMBERS)
    return found


def load(work: Work, notice_id: int) -> WithdrawalNotice:
    """The notice's row. Raises NotFound."""
    row = work.session.get(WithdrawalNotice, notice_id)
    if row is None:
        raise NotFound("There is no such notice.")
    return row


def _user_of(work: Work, row: WithdrawalNotice) -> Payout | None:
    """The payout that holds the notice; one that was taken back holds it no more."""
    payout = None if row.payout_id is None else work.session.get_one(Payout, row.payout_id)
    return None if payout is None or payout.status == PayoutStatus.CANCELLED.value else payout


def use(work: Work, row: WithdrawalNotice, payout: Payout) -> None:
    """Bind the notice to a payout that was just written. Raises WrongState when another one uses it."""
    user = _user_of(work, row)
    if user is not None:
        raise WrongState(f"{user.number} uses this notice already.")
    if row.taken_back_at is not None:
        raise WrongState("This notice was taken back, so nothing is paid by it. Write a new one.")
    row.payout_id, row.used_on = payout.id, work.today
    work.session.flush()


def given_at_once(work: Work, member: Member, product: Product, cents: int) -> WithdrawalNotice:
    """The member's word where no notice is asked: given today and ripe today."""
    row = WithdrawalNotice(
        member_id=member.id,
        product_id=product.product_id,
        cents=cents,
        given_on=work.today,
        ripe_on=work.today,
        recorded_by=work.actor.user_id,
        recorded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


def row_of(work: Work, notice_id: int) -> WithdrawalNoticeRow:
    """One notice as a list shows one. Raises NotFound."""
    load(work, notice_id)
    return _rows(work, WithdrawalNotice.id == notice_id)[0]


def of_member(work: Work, member_id: int) -> tuple[WithdrawalNoticeRow, ...]:
    """Every notice of a member, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, WithdrawalNotice.member_id == member_id)


def list_notices(work: Work, _nothing: None = None) -> tuple[WithdrawalNoticeRow, ...]:
    """Every notice of days, whoever gave it, the newest first; not the word where none was asked."""
    work.allow(Act.LOOK)
    return _rows(work, WithdrawalNotice.ripe_on > WithdrawalNotice.given_on)


def _rows(work: Work, condition: ColumnElement[bool]) -> tuple[WithdrawalNoticeRow, ...]:
    found = work.session.execute(
        select(WithdrawalNotice, Member, SavingsProduct.code, Payout, User.full_name)
        .join(Member, Member.id == WithdrawalNotice.member_id)
        .join(SavingsProduct, SavingsProduct.id == WithdrawalNotice.product_id)
        .join(User, User.id == WithdrawalNotice.recorded_by)
        .outerjoin(Payout, Payout.id == WithdrawalNotice.payout_id)
        .where(condition)
        .order_by(WithdrawalNotice.id.desc())
    ).all()
    names = {one.code: one.terms.name for one in savings_products.products_on(work, work.today)}
    return tuple(
        WithdrawalNoticeRow(
            notice_id=row.id,
            member_id=member.id,
            member_number=member.number,
            member_name=member.full_name,
            product=code,
            product_name=names.get(code, code),
            cents=row.cents,
            given_on=row.given_on,
            ripe_on=row.ripe_on,
            status=_status(work, row, payout),
            payout_number=_number(payout),
            recorded_by=recorded_by,
        )
        for row, member, code, payout, recorded_by in found
    )


def _number(payout: Payout | None) -> str:
    if payout is None or payout.status == PayoutStatus.CANCELLED.value:
        return ""
    return payout.number


def _status(work: Work, row: WithdrawalNotice, payout: Payout | None) -> str:
    if row.taken_back_at is not None:
        return "taken_back"
    if _number(payout):
        return "used"
    return "running" if row.ripe_on > work.today else "ripe"
