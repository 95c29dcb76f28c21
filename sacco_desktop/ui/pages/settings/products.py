"""The Products tab: what the society lends, in words. It is only read: products are dated data."""

from __future__ import annotations

from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.loan_figures.product_list import (
    ProductSheet,
    list_product_sheets,
    since_words,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.widgets.columns import Align, Column
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan


class ProductsTab(ListTab[ProductSheet]):
    """Everybody may read what is lent and on which terms."""

    title = "Products"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _plan())

    def read(self) -> None:
        self.read_by(list_product_sheets, "The products could not be read. Nothing was changed.")


def _plan() -> ListPlan[ProductSheet]:
    return ListPlan(
        name="products",
        one="product",
        many="products",
        columns=(
            Column("Product", lambda row: row.name, widest="Weekly business loan"),
            Column(
                "Interest",
                lambda row: row.interest,
                priority=2,
                longest=60,
                widest="1 % per month, reducing balance, equal instalments",
            ),
            # Ceilings of different products make no sum.
            Column(
                "Largest KES",
                lambda row: row.max_cents,
                format_amount,
                Align.RIGHT,
                widest="3,000,000.00",
            ),
            Column("Since", since_words, priority=2, widest="30 May 2026"),
        ),
        key=lambda row: row.code,
        empty=EmptyList("The society lends nothing yet."),
        details=_details,
    )


def _details(row: ProductSheet) -> Details:
    return Details(
        title=row.name,
        subtitle=f"Since {since_words(row)}",
        facts=(*row.facts, ("Changes", "Apply to new loans only; a loan keeps its terms.")),
    )
