"""Each savings product as the Savings page shows it: its terms through time, and what the society holds of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Account, AccountBalance, ApprovalRequest
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import DatedTerms
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.savings.savings_products import Product


@dataclass(frozen=True, slots=True)
class SavingsSheet:
    """A product, all its terms with the oldest first, what is held of it in cents, and whether other terms wait for a
    second person.
    """

    product: Product
    history: tuple[DatedTerms, ...]
    held_cents: int
    is_asked: bool


def list_sheets(work: Work, _nothing: None = None) -> tuple[SavingsSheet, ...]:
    """Every product that holds today or is agreed for a later day, the shipped ones first."""
    work.allow(Act.LOOK)
    found = savings_products.products_with_terms(work, work.today, also_coming=True)
    balances = {
        code: int(cents)
        for code, cents in work.session.execute(
            select(Account.code, AccountBalance.credit_cents - AccountBalance.debit_cents)
            .join(AccountBalance, AccountBalance.account_id == Account.id)
            .where(Account.code.in_([product.account_code for product, _terms in found]))
        )
    }
    asked = set(
        work.session.scalars(
            select(ApprovalRequest.subject_id).where(
                ApprovalRequest.kind == ApprovalKind.SAVINGS_TERMS.value,
                ApprovalRequest.status == ApprovalStatus.WAITING.value,
            )
        )
    )
    return tuple(
        SavingsSheet(
            product,
            terms,
            balances.get(product.account_code, 0),
            product.product_id in asked,
        )
        for product, terms in found
    )
