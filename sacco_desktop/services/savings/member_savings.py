"""What one member has of each savings product, and how the member stands with what is expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    Contribution,
    ContributionPart,
    Member,
)
from sacco_desktop.domain.obligations import Obligation
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import contribution_rows, obligations, savings_products
from sacco_desktop.services.savings.obligations import ObligationQuestion
from sacco_desktop.services.savings.savings_products import Product


@dataclass(frozen=True, slots=True)
class MemberProduct:
    """A product, what the member has on it in cents, and how the member stands if anything is expected. Of a fund that
    belongs to all it is what the member has paid into it.
    """

    product: Product
    cents: int
    stand: Obligation | None

    @property
    def overdue_cents(self) -> int:
        """What fell due and is not paid."""
        return self.stand.overdue_cents if self.stand else 0


def products_of(work: Work, member_id: int) -> tuple[MemberProduct, ...]:
    """Every product that takes money, or of which the member has some. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    products = savings_products.products_on(work, work.today)
    held = _held(work, member, products)
    asked = ObligationQuestion(member_id=member_id)
    stands = {
        row.product.product_id: row.stand for row in obligations.list_obligations(work, asked)
    }
    found = (
        MemberProduct(one, held.get(one.code, 0), stands.get(one.product_id)) for one in products
    )
    return tuple(one for one in found if one.product.terms.is_open or one.cents or one.stand)


def _held(work: Work, member: Member, products: Sequence[Product]) -> dict[str, int]:
    """By the product's code: the balance of the member's own account, or what was paid into a fund; cents."""
    own = {
        contribution_rows.member_account(one, member.number): one.code
        for one in products
        if one.is_owned
    }
    balances = work.session.execute(
        select(Account.code, AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.code.in_(own))
    )
    found = {own[code]: int(cents) for code, cents in balances}
    paid = work.session.execute(
        select(ContributionPart.product_id, func.sum(ContributionPart.cents))
        .join(Contribution, Contribution.id == ContributionPart.contribution_id)
        .where(Contribution.member_id == member.id, contribution_rows.counts())
        .group_by(ContributionPart.product_id)
    )
    sums = {product_id: int(cents) for product_id, cents in paid}
    funds = {one.code: sums.get(one.product_id, 0) for one in products if not one.is_owned}
    return {**found, **funds}
