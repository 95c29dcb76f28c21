"""The tab Products: what members can pay into, on which terms, and asking for other terms or a new category."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.paying_out import out_words
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.savings import SavingsTerms
from sacco_desktop.domain.savings_words import (
    KIND_WORDS,
    due_words,
    terms_words,
    withdrawal_words,
)
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.reports.savings_more_papers import WantedRows, products_report
from sacco_desktop.services.savings import savings_sheets
from sacco_desktop.services.savings.savings_sheets import SavingsSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.savings.terms_dialog import TermsDialog
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import NOTHING_THERE, Align, Column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "The products could not be read. Nothing is lost; the other pages work."


def _wanted(rows: Sequence[SavingsSheet], which: str, is_paper: bool) -> WantedRows:
    return WantedRows(tuple(row.product.product_id for row in rows), which, is_paper)


_PAPERS = PaperPlan("savings_products", "Products", "products", products_report, _wanted)


class ProductsTab(PageTab[SavingsSheet]):
    """Everybody may read the terms; whoever looks after the rules asks for others, and another person agrees."""

    title = "Products"
    key = "products"

    def __init__(self, desk: Desk) -> None:
        self._may_ask = may(desk.actor.roles, Act.MANAGE_RULES)
        super().__init__(desk, self._plan())
        self._papers = ListPapers(desk, self.list, _PAPERS)
        if self._may_ask:
            self.list.opened.connect(self._change)
            self.list.add_action(
                "new_category", "New category…", self._add, kind=ButtonKind.PRIMARY
            )

    def read(self) -> None:
        """Read the products again."""
        self.read_by(savings_sheets.list_sheets, _UNREAD)

    def commands(self) -> Commands:
        found: Commands = self._papers.commands()
        if self._may_ask:
            found["new"] = self._add
            found["main_action"] = lambda: self._with_row(self._change)
        return found

    def _add(self) -> None:
        TermsDialog(self.desk, self.list, None).open()

    def _change(self, row: SavingsSheet) -> None:
        if not row.is_asked:
            TermsDialog(self.desk, self.list, row.product).open()

    def _plan(self) -> ListPlan[SavingsSheet]:
        return ListPlan(
            name="savings_products",
            one="product",
            many="products",
            columns=(
                Column("Product", lambda row: row.product.terms.name, longest=28),
                Column(
                    "Money is",
                    lambda row: KIND_WORDS[row.product.kind],
                    priority=2,
                    widest="Savings of each member",
                ),
                Column(
                    "Expected",
                    lambda row: due_words(row.product.terms),
                    widest="KES 1,000.00 each month, on day 31",
                    longest=34,
                ),
                Column(
                    "Paid back",
                    lambda row: withdrawal_words(row.product.terms),
                    priority=2,
                    longest=34,
                ),
                # A balance of what the society owes, of its equity and of funds makes no sum.
                Column(
                    "Held KES",
                    lambda row: row.held_cents,
                    format_amount,
                    Align.RIGHT,
                    widest="99,999,999.00",
                ),
                Column("Will change", _coming, priority=2, widest="from 30 May 2026"),
            ),
            key=lambda row: row.product.product_id,
            empty=EmptyList("There are no products."),
            details=lambda row: _details(row, self._actions(row)),
        )

    def _actions(self, row: SavingsSheet) -> Actions:
        if not self._may_ask:
            return None, ()
        act = None if row.is_asked else lambda: self._change(row)
        why = "Locked: other terms wait for a second person already."
        return PanelAction("change_terms", "Change terms…", act, why), ()


def _details(row: SavingsSheet, actions: Actions) -> Details:
    main, others = actions
    product = row.product
    terms = product.terms
    preset = format_kes(terms.preset_cents) if terms.preset_cents else "Typed each time"
    return Details(
        title=terms.name,
        subtitle=KIND_WORDS[product.kind],
        note=_note(row),
        facts=(
            ("Held", format_kes(row.held_cents)),
            ("Takes money", "Yes" if terms.is_open else "No more"),
            ("Expected", due_words(terms)),
            ("Amount in the field", preset),
            ("Paid back", withdrawal_words(terms)),
            *(("", words) for words in out_words(terms.out)),
            ("Account", product.account_code),
        ),
        timeline=_history(row),
        action=main,
        other_actions=others,
    )


def _note(row: SavingsSheet) -> Note | None:
    if row.is_asked:
        words = "Another person decides on it under Approvals. Until then nothing changes."
        return Note(words, ChipColour.VIOLET, "Other terms were asked for")
    coming = row.product.coming
    if coming is None:
        return None
    words = _differences(row.product.terms, coming.terms)
    return Note(f"{words}.", ChipColour.BLUE, f"From {format_date(coming.effective_on)}")


def _coming(row: SavingsSheet) -> str:
    if row.is_asked:
        return "asked for"
    coming = row.product.coming
    return NOTHING_THERE if coming is None else f"from {format_date(coming.effective_on)}"


def _history(row: SavingsSheet) -> tuple[Step, ...]:
    """All terms with their day, the newest first: of each what is other than before."""
    steps = []
    before: SavingsTerms | None = None
    for one in row.history:
        words = "; ".join(terms_words(one.terms)[1:])
        if before is not None:
            words = _differences(before, one.terms)
        is_done = one.effective_on <= row.product.since
        steps.append(Step(_day(one.effective_on), words, is_done))
        before = one.terms
    return tuple(reversed(steps))


def _differences(before: SavingsTerms, after: SavingsTerms) -> str:
    gone = set(terms_words(before))
    said = [part for part in terms_words(after) if part not in gone]
    if after.is_open and not before.is_open:
        said.append("Takes money again")
    if before.preset_cents and not after.preset_cents:
        said.append("The amount is typed each time")
    return "; ".join(said) or "As before"


def _day(day: date) -> str:
    return "the beginning" if day == SINCE_EVER else format_date(day)
