"""The tab Expected: what each member should have paid in by a day, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.savings_words import due_words
from sacco_desktop.services.reports.savings_papers import WantedObligations, obligations_report
from sacco_desktop.services.savings import obligations
from sacco_desktop.services.savings.obligations import ObligationQuestion, ObligationRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.day_field import DayField
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "What is expected could not be read. Nothing is lost; the other pages work."
_NOTHING = "Nothing is expected of anybody on this day. What members pay each week or month is agreed under Products."
_OVERDUE = Chip("overdue", "!", "circle-alert", "Overdue", "Imechelewa", ChipColour.AMBER)
_PAID = Chip("paid", "✓", "check", "Paid", "Imelipwa", ChipColour.GREEN)
_AHEAD = Chip("ahead", "✓", "arrow-right", "Ahead", "Mbele", ChipColour.GREEN, is_outline=True)
FILTERS: tuple[SavedFilter[ObligationRow], ...] = (
    SavedFilter("overdue", "Overdue", lambda row: row.is_overdue, "Nobody is overdue."),
    SavedFilter("ahead", "Ahead", lambda row: row.stand.ahead_cents > 0, "Nobody has paid ahead."),
)


class ExpectedTab(PageTab[ObligationRow]):
    """One line for each member and product that expects something."""

    title = "Expected"
    key = "expected"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan())
        self._may_take = may(desk.actor.roles, Act.TAKE_DEPOSIT)
        self._as_of = DayField("as_of", lambda: business_date(desk.now()))
        self.list.filter_bar.add_field("As of", self._as_of)
        self._as_of.settled.connect(self.read)
        self._as_of.refused.connect(lambda error: desk.show(error, self.list))
        self._papers = ListPapers(
            desk,
            self.list,
            PaperPlan(
                "expected", "Expected", "expected payments", obligations_report, self._wanted
            ),
        )
        self.list.opened.connect(lambda row: self.open_member(row.number))

    @property
    def as_of(self) -> date:
        """The day in the field; an empty one is today."""
        try:
            day = self._as_of.day()
        except InvalidInput:
            day = None
        return day or business_date(self.desk.now())

    def read(self) -> None:
        """Read as of the day in the field."""
        self.read_by(obligations.list_obligations, _UNREAD, ObligationQuestion(self.as_of))

    def commands(self) -> Commands:
        found: Commands = self._papers.commands()
        if self._may_take:
            found["main_action"] = lambda: self._with_row(self._take)
        return found

    def _wanted(
        self, rows: Sequence[ObligationRow], which: str, is_paper: bool
    ) -> WantedObligations:
        return WantedObligations(tuple(row.key for row in rows), rows[0].as_of, which, is_paper)

    def _take(self, row: ObligationRow) -> None:
        self.desk.open_page(f"savings/take-{row.number}")

    def _plan(self) -> ListPlan[ObligationRow]:
        return ListPlan(
            name="expected",
            one="line",
            many="lines",
            columns=columns(),
            key=lambda row: row.key,
            empty=EmptyList(_NOTHING),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: ObligationRow) -> Actions:
        main = None
        if self._may_take:
            main = PanelAction("take_expected", "Take money in…", lambda: self._take(row))
        return main, (self.to_member(row.number),)


def columns() -> tuple[Column[ObligationRow], ...]:
    """Who was expected to pay what, and did."""
    return (
        Column("No.", lambda row: row.number, widest="M-0001"),
        Column("Name", lambda row: row.full_name, longest=28),
        Column("For", lambda row: row.product.terms.name, longest=20),
        money_column("Expected KES", lambda row: row.stand.expected_cents, priority=2),
        money_column("Paid KES", lambda row: row.stand.paid_cents, priority=2),
        money_column("Overdue KES", lambda row: row.stand.overdue_cents or None),
        chip_column("Status", _chip, (_OVERDUE, _PAID, _AHEAD)),
        date_column("Overdue since", lambda row: row.stand.unpaid_since, priority=2),
        date_column("Covered until", lambda row: row.stand.covered_until, priority=2),
        # What is paid ahead is part of what is paid, so the foot does not add it up.
        Column(
            "Ahead KES",
            lambda row: row.stand.ahead_cents or None,
            format_amount,
            Align.RIGHT,
            priority=3,
            widest="999,999.00",
        ),
        date_column("Next due", lambda row: row.stand.next_due, priority=3),
    )


def _chip(row: ObligationRow) -> Chip:
    if row.is_overdue:
        return _OVERDUE
    return _AHEAD if row.stand.ahead_cents else _PAID


def _details(row: ObligationRow, actions: Actions) -> Details:
    main, others = actions
    stand = row.stand
    note = None
    if stand.unpaid_since is not None:
        day = format_date(stand.unpaid_since)
        words = f"The oldest that is not paid in full fell due on {day}."
        note = Note(words, ChipColour.AMBER, f"{format_amount(stand.overdue_cents)} overdue")
    days = (("Covered until", stand.covered_until), ("Next due", stand.next_due))
    return Details(
        title=row.full_name,
        subtitle=f"{row.number} · {row.product.terms.name}",
        amount_cents=stand.overdue_cents,
        chip=_chip(row),
        note=note,
        facts=(
            ("Rule", due_words(row.product.terms)),
            ("Expected so far", format_kes(stand.expected_cents)),
            ("Paid", format_kes(stand.paid_cents)),
            ("Paid ahead", format_kes(stand.ahead_cents)),
            *((name, format_date(day)) for name, day in days if day is not None),
            ("As of", format_date(row.as_of)),
        ),
        action=main,
        other_actions=others,
    )
