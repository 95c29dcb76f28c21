"""What was paid in, as the Savings page lists it: each receipt with what it went to and whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, exists, func, select

from sacco_desktop.db.tables import (
    ApprovalRequest,
    ChequeClearing,
    Contribution,
    Member,
    User,
)
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.savings import contribution_rows, savings_products

# A list takes so many at once; of a longer period the newest are shown, and the list says so.
MOST_ROWS = 20_000


class PaidState(StrEnum):
    """Whether a receipt counts: it waits for a cheque, it is in the books, or it was taken back."""

    WAITS = "waits"
    COUNTS = "counts"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class PaidInQuestion:
    """Receipts of which days, both included; of one member, where one is named."""

    first: date
    last: date
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """A receipt in the list, in cents. `cleared_entry` is the entry by which a cheque was cleared, on `cleared_on`;
    `back_is_asked` that somebody has asked for it to be taken back.
    """

    contribution_id: int
    receipt: str
    value_date: date
    member_id: int
    member_number: str
    member_name: str
    parts: tuple[tuple[str, int], ...]
    source: PaidBy
    reference: str
    till: str
    amount_cents: int
    state: PaidState
    entry_number: int
    taken_by: str
    back_is_asked: bool = False
    cleared_on: date | None = None
    cleared_entry: int | None = None

    @property
    def words(self) -> str:
        """The products that it went to."""
        return ", ".join(name for name, _cents in self.parts)

    @property
    def counting_entry(self) -> int:
        """The entry that gave the member the money, which a reversal would take back."""
        return self.cleared_entry or self.entry_number


def list_contributions(work: Work, question: PaidInQuestion) -> tuple[ContributionRow, ...]:
    """The receipts of these days, the newest first, at most MOST_ROWS."""
    work.allow(Act.LOOK)
    query = _query().where(Contribution.value_date.between(question.first, question.last))
    if question.member_id is not None:
        query = query.where(Contribution.member_id == question.member_id)
    return _rows(work, query.order_by(Contribution.value_date.desc(), Contribution.id.desc()))


def list_cheques(work: Work, _nothing: None = None) -> tuple[ContributionRow, ...]:
    """The cheques of members: those that wait first, the oldest of them before the others; then the newest."""
    work.allow(Act.LOOK)
    query = _query().where(Contribution.source == PaidBy.CHEQUE.value)
    rows = _rows(work, query.order_by(Contribution.id.desc()))
    waiting = [row for row in reversed(rows) if row.state is PaidState.WAITS]
    return (*waiting, *(row for row in rows if row.state is not PaidState.WAITS))


def count_cheques_to_clear(work: Work) -> tuple[int, int]:
    """How many cheques wait for the bank, and what they come to in cents."""
    count, cents = work.session.execute(
        select(func.count(), func.coalesce(func.sum(Contribution.amount_cents), 0)).where(
            Contribution.source == PaidBy.CHEQUE.value,
            ~contribution_rows.IS_REVERSED,
            ~contribution_rows.IS_CLEARED,
        )
    ).one()
    return count, int(cents)


_Query = Select[Contribution, Member, str, bool, bool, int, date]
_BACK_IS_ASKED = exists().where(
    ApprovalRequest.kind == ApprovalKind.REVERSAL.value,
    ApprovalRequest.status == ApprovalStatus.WAITING.value,
    ApprovalRequest.subject_id
    == func.coalesce(ChequeClearing.entry_number, Contribution.entry_number),
)


def _query() -> _Query:
    return (
        select(
            Contribution,
            Member,
            User.full_name,
            contribution_rows.IS_REVERSED,
            _BACK_IS_ASKED,
            ChequeClearing.entry_number,
            ChequeClearing.cleared_on,
        )
        .join(Member, Member.id == Contribution.member_id)
        .join(User, User.id == Contribution.taken_by)
        .outerjoin(ChequeClearing, contribution_rows.STANDING_CLEARING)
        .limit(MOST_ROWS)
    )


def _rows(work: Work, query: _Query) -> tuple[ContributionRow, ...]:
    found = work.session.execute(query).all()
    parts = contribution_rows.parts_of(work, [row.id for row, *_rest in found])
    products = savings_products.products_on(work, work.today)
    names = {one.product_id: one.terms.name for one in products}
    return tuple(
        ContributionRow(
            row.id,
            row.receipt,
            row.value_date,
            member.id,
            member.number,
            member.full_name,
            _named(row, [(names[product_id], cents) for product_id, _code, cents in parts[row.id]]),
            PaidBy(row.source),
            row.reference,
            row.till,
            row.amount_cents,
            _state(row, is_reversed=is_reversed, is_cleared=cleared_entry is not None),
            row.entry_number,
            taken_by,
            back_is_asked,
            cleared_on,
            cleared_entry,
        )
        for row, member, taken_by, is_reversed, back_is_asked, cleared_entry, cleared_on in found
    )


def _named(row: Contribution, parts: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """What it paid, by name. What went to no product paid fines."""
    fines = row.amount_cents - sum(cents for _name, cents in parts)
    return (*parts, ("Fines", fines)) if fines else tuple(parts)


def _state(row: Contribution, *, is_reversed: bool, is_cleared: bool) -> PaidState:
    if is_reversed:
        return PaidState.BACK
    if row.source == PaidBy.CHEQUE.value and not is_cleared:
        return PaidState.WAITS
    return PaidState.COUNTS
