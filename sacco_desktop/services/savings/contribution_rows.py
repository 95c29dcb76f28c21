"""Posts what members pay in and keeps what each shilling went to; nothing else writes contributions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    ChequeClearing,
    Contribution,
    ContributionPart,
    Entry,
    Member,
    SavingsProduct,
)
from sacco_desktop.domain.penalties import entries
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn, Share, account_of
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.penalties.penalty_rows import PaidPart
from sacco_desktop.services.savings.savings_products import Product


@dataclass(frozen=True, slots=True)
class Received:
    """What came in: how, with which number on its paper, when, and what of it goes to which product or fine; cents."""

    by: PaidBy
    reference: str
    receipt: str
    on: date
    parts: tuple[tuple[Product, int], ...]
    fines: tuple[PaidPart, ...] = ()

    @property
    def fines_cents(self) -> int:
        """What of it pays fines."""
        return sum(part.cents for part in self.fines)

    @property
    def cents(self) -> int:
        """What came in."""
        return self.fines_cents + sum(cents for _product, cents in self.parts)


def paid_in(member: Member, came: Received) -> PaidIn:
    """The same as the entries need it."""
    shares = tuple(
        Share(product.terms.name, product.account_code, cents) for product, cents in came.parts
    )
    booked = penalty_rows.booked_cents(came.fines)
    fines = tuple(
        Share(name, code, cents)
        for name, code, cents in entries.fines_paid(booked, came.fines_cents - booked)
    )
    return PaidIn(member.number, (*shares, *fines), came.receipt, came.on)


def member_account(product: Product, number: str) -> str:
    """The account of a product that money of this member lies on: the own one where each member has one."""
    return account_of(Share(product.terms.name, product.account_code, 0), number)


def open_accounts(work: Work, member: Member, parts: Iterable[tuple[Product, int]]) -> None:
    """Open the member's own accounts that the money goes to, such as a first share capital."""
    for product, cents in parts:
        if not product.is_owned:
            continue
        share = Share(product.terms.name, product.account_code, cents)
        if not ledger.is_open(work, account_of(share, member.number)):
            name = f"{product.terms.name} of {member.full_name}"
            ledger.open_sub_account(work, product.account_code, member.number, name)


def keep(work: Work, member: Member, came: Received, entry_number: int) -> Contribution:
    """Keep what was posted by the entry with this number."""
    row = Contribution(
        receipt=came.receipt,
        member_id=member.id,
        source=came.by.value,
        reference=came.reference,
        till=work.pc_name if came.by is PaidBy.CASH else "",
        value_date=came.on,
        amount_cents=came.cents,
        entry_number=entry_number,
        taken_by=work.actor.user_id,
        taken_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    for product, cents in came.parts:
        work.session.add(
            ContributionPart(contribution_id=row.id, product_id=product.product_id, cents=cents)
        )
    work.session.flush()
    # A cheque pays nothing before the bank has cleared it.
    if came.by is not PaidBy.CHEQUE:
        penalty_rows.keep_paid(work, came.fines, entry_number, came.on)
    work.changed(Topic.MEMBERS, Topic.SAVINGS)
    return row


_back, _back_of_clearing = aliased(Entry), aliased(Entry)
IS_REVERSED = exists().where(
    _back.reverses_number == Contribution.entry_number, _back.posted_at.is_not(None)
)
# A clearing that the bank did not take back, for a join; of each cheque there is one at most.
STANDING_CLEARING = and_(
    ChequeClearing.contribution_id == Contribution.id,
    ~exists().where(
        _back_of_clearing.reverses_number == ChequeClearing.entry_number,
        _back_of_clearing.posted_at.is_not(None),
    ),
)
IS_CLEARED = exists().where(STANDING_CLEARING)


def counts() -> ColumnElement[bool]:
    """The condition that a contribution is the society's money: not taken back, and a cheque cleared."""
    return and_(~IS_REVERSED, or_(Contribution.source != PaidBy.CHEQUE.value, IS_CLEARED))


def parts_of(work: Work, ids: Sequence[int]) -> dict[int, list[tuple[int, str, int]]]:
    """Of each contribution its parts: the id and code of the product and the cents."""
    found: dict[int, list[tuple[int, str, int]]] = {each: [] for each in ids}
    rows = work.session.execute(
        select(
            ContributionPart.contribution_id,
            SavingsProduct.id,
            SavingsProduct.code,
            ContributionPart.cents,
        )
        .join(SavingsProduct, SavingsProduct.id == ContributionPart.product_id)
        .where(ContributionPart.contribution_id.between(min(ids, default=0), max(ids, default=0)))
        .order_by(ContributionPart.id)
    )
    for contribution_id, product_id, code, cents in rows:
        if contribution_id in found:
            found[contribution_id].append((product_id, code, cents))
    return found
