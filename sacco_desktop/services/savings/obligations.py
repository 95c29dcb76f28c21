"""What members were expected to pay in and what they did: one member's products, or everybody's, as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from sacco_desktop.db.tables import Contribution, ContributionPart, Member
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.member_status import BELONGS
from sacco_desktop.domain.obligations import Dues, Obligation, dues_up_to, first_day, openings
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import DatedTerms
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.savings import contribution_rows, savings_products
from sacco_desktop.services.savings.savings_products import Product

# Farther ahead nothing can be said that is of use: terms change.
MOST_DAYS_AHEAD = 366

Expecting = Sequence[tuple[Product, tuple[DatedTerms, ...]]]


@dataclass(frozen=True, slots=True)
class ObligationQuestion:
    """As of which day, and of which member; without one of all who belong. None is today."""

    as_of: date | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """How a member stands with a product on a day; cents."""

    member_id: int
    number: str
    full_name: str
    product: Product
    as_of: date
    stand: Obligation

    @property
    def key(self) -> tuple[int, int]:
        """What names this row in a list."""
        return self.member_id, self.product.product_id

    @property
    def is_overdue(self) -> bool:
        """Whether something that fell due is not paid."""
        return self.stand.overdue_cents > 0


def list_obligations(work: Work, question: ObligationQuestion) -> tuple[ObligationRow, ...]:
    """Everything that is expected of members who belong to the society now, by their number, and how each stands.

    Whoever has left owes no more contributions. A cheque counts on the day on which it was brought, once the bank has
    cleared it; what was taken back never counted. Raises InvalidInput for a day more than a year ahead.
    """
    work.allow(Act.LOOK)
    as_of = question.as_of or work.today
    if as_of > work.today + timedelta(days=MOST_DAYS_AHEAD):
        raise InvalidInput("Choose a day not more than a year ahead.", "as_of")
    expecting = [
        (product, terms)
        for product, terms in savings_products.products_with_terms(work, as_of)
        if openings(terms)
    ]
    if not expecting:
        return ()
    only = and_(Member.status.in_(BELONGS), Member.joined_on <= as_of)
    if question.member_id is not None:
        only = and_(only, Member.id == question.member_id)
    paid = paid_by(work, expecting, only, as_of)
    members = work.session.scalars(select(Member).where(only).order_by(Member.number)).all()
    # Whoever could owe from the same day on has the same dues, which is nearly everybody.
    known: dict[tuple[int, date | None], Dues] = {}
    rows = []
    for member in members:
        for product, terms in expecting:
            first = first_day(terms, member.joined_on)
            key = product.product_id, first
            if key not in known:
                known[key] = dues_up_to(terms, first, as_of)
            stand = known[key].stand(paid.get((member.id, product.product_id), 0))
            if stand.is_expected:
                rows.append(
                    ObligationRow(member.id, member.number, member.full_name, product, as_of, stand)
                )
    return tuple(rows)


def paid_by(
    work: Work, expecting: Expecting, only: ColumnElement[bool], as_of: date
) -> dict[tuple[int, int], int]:
    """What each member has paid for each product since anything could be owed, in cents, added up by the database."""
    found = work.session.execute(
        select(
            Contribution.member_id, ContributionPart.product_id, func.sum(ContributionPart.cents)
        )
        .join(ContributionPart, ContributionPart.contribution_id == Contribution.id)
        .join(Member, Member.id == Contribution.member_id)
        .where(
            only,
            Contribution.value_date <= as_of,
            Contribution.value_date >= Member.joined_on,
            contribution_rows.counts(),
            or_(*(_counts_for(product, terms) for product, terms in expecting)),
        )
        .group_by(Contribution.member_id, ContributionPart.product_id)
    )
    return {(member, product): int(cents) for member, product, cents in found}


def _counts_for(product: Product, terms: Sequence[DatedTerms]) -> ColumnElement[bool]:
    """The condition that a payment into this product is not older than what could be owed by the one who paid."""
    return and_(
        ContributionPart.product_id == product.product_id,
        or_(
            *(
                and_(
                    Member.joined_on >= one.joined_from,
                    Member.joined_on < one.joined_before,
                    Contribution.value_date >= one.counts_from,
                )
                for one in openings(terms)
            )
        ),
    )
