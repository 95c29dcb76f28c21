"""What was paid in, as the Savings page lists it: each receipt with what it went to and whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import Contribution, Member, User
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services import contribution_rows, savings_products
from sacco_desktop.services.work import Work

# Older ones are in Books, which pages through them.
MOST_ROWS = 2_000
WAITS, COUNTS, BACK = "waits", "counts", "back"


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """A receipt in the list, in cents. `state` is waits for a cheque, counts, or back when it was taken back."""

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
    state: str
    entry_number: int
    taken_by: str

    @property
    def words(self) -> str:
        """The products that it went to."""
        return ", ".join(name for name, _cents in self.parts)


def list_contributions(work: Work, _nothing: None = None) -> tuple[ContributionRow, ...]:
    """The newest receipts, the newest first."""
    work.allow(Act.LOOK)
    found = work.session.execute(
        select(
            Contribution,
            Member,
            User.full_name,
            contribution_rows.IS_REVERSED,
            contribution_rows.IS_CLEARED,
        )
        .join(Member, Member.id == Contribution.member_id)
        .join(User, User.id == Contribution.taken_by)
        .order_by(Contribution.id.desc())
        .limit(MOST_ROWS)
    ).all()
    parts = contribution_rows.parts_of(work, [row.id for row, *_rest in found])
    names = {
        one.product_id: one.terms.name for one in savings_products.products_on(work, work.today)
    }
    return tuple(
        ContributionRow(
            row.id,
            row.receipt,
            row.value_date,
            member.id,
            member.number,
            member.full_name,
            tuple((names[product_id], cents) for product_id, _code, cents in parts[row.id]),
            PaidBy(row.source),
            row.reference,
            row.till,
            row.amount_cents,
            _state(row, is_reversed=is_reversed, is_cleared=is_cleared),
            row.entry_number,
            taken_by,
        )
        for row, member, taken_by, is_reversed, is_cleared in found
    )


def _state(row: Contribution, *, is_reversed: bool, is_cleared: bool) -> str:
    if is_reversed:
        return BACK
    return WAITS if row.source == PaidBy.CHEQUE.value and not is_cleared else COUNTS
