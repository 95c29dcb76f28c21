"""What members were expected to pay in and what they did: one member's products, or everybody's, as of any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import Contribution, ContributionPart, Member
from sacco_desktop.domain.obligations import Obligation, Paid, first_day, obligation
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import DatedTerms
from sacco_desktop.services import contribution_rows, savings_products
from sacco_desktop.services.savings_products import Product
from sacco_desktop.services.work import Work


@dataclass(frozen=True, slots=True)
class ObligationQuestion:
    """As of which day, and of which member; without one of all who are not gone. None is today."""

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


# Whoever has left owes no more contributions.
_GONE = ("exited", "expelled", "deceased")


def list_obligations(work: Work, question: ObligationQuestion) -> tuple[ObligationRow, ...]:
    """Everything that is expected of members who are there, by number, and how each stands."""
    work.allow(Act.LOOK)
    as_of = question.as_of or work.today
    everything = [
        (product, savings_products.terms_of(work, product.product_id))
        for product in savings_products.products_on(work, as_of)
    ]
    expecting = [
        (product, terms)
        for product, terms in everything
        if any(one.terms.expected_cents for one in terms)
    ]
    members = _members(work, question.member_id) if expecting else []
    rows = []
    for product, terms in expecting:
        paid = _paid(work, product, terms, as_of, question.member_id)
        for member in members:
            came = [Paid(as_of, paid[member.id])] if member.id in paid else []
            stand = obligation(terms, member.joined_on, came, as_of)
            if stand.is_expected:
                rows.append(
                    ObligationRow(member.id, member.number, member.full_name, product, as_of, stand)
                )
    return tuple(sorted(rows, key=lambda row: (row.number, row.product.product_id)))


def _members(work: Work, member_id: int | None) -> Iterable[Member]:
    query = select(Member).where(Member.status.not_in(_GONE))
    if member_id is not None:
        query = query.where(Member.id == member_id)
    return work.session.scalars(query).all()


def _paid(
    work: Work,
    product: Product,
    terms: tuple[DatedTerms, ...],
    as_of: date,
    member_id: int | None,
) -> dict[int, int]:
    """What each member has paid since the first day on which anything could be owed, in cents."""
    since = first_day(terms, date.min)
    query = (
        select(Contribution.member_id, func.sum(ContributionPart.cents))
        .join(ContributionPart, ContributionPart.contribution_id == Contribution.id)
        .join(Member, Member.id == Contribution.member_id)
        .where(
            ContributionPart.product_id == product.product_id,
            Contribution.value_date >= (since or as_of),
            Contribution.value_date >= Member.joined_on,
            Contribution.value_date <= as_of,
            contribution_rows.counts(),
        )
        .group_by(Contribution.member_id)
    )
    if member_id is not None:
        query = query.where(Contribution.member_id == member_id)
    return {each: int(cents) for each, cents in work.session.execute(query)}
