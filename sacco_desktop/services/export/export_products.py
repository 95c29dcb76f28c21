"""What members pay into, with all dated terms, so that an import into other books finds each account and each rule."""

from __future__ import annotations

from collections.abc import Iterator

from sacco_desktop.domain.old_books.product_terms import terms_as_text
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export.export_lists import Value
from sacco_desktop.services.savings import savings_products

COLUMNS = (
    "Product code",
    "Product name",
    "Kind of savings",
    "Account number",
    "Holds from",
    "Terms in one cell",
)


def rows(work: Work) -> Iterator[tuple[Value, ...]]:
    """Each product with each of its terms, the oldest first."""
    found = savings_products.products_with_terms(work, work.today, also_coming=True)
    for product, dated in found:
        for one in dated:
            yield (
                product.code,
                one.terms.name,
                product.kind.value,
                product.account_code,
                one.effective_on.isoformat(),
                terms_as_text(one.terms),
            )
