"""The tab Charged: every penalty and fine with what it is for, when it came due, and what became of it."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.charging import penalty_list
from sacco_desktop.services.charging.penalty_list import PenaltyQuestion, PenaltyRow
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.pages.penalties.waive_dialogs import open_spare_dialog, open_waive_dialog
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The penalties could not be read. Nothing is lost; the other pages work."
_NOTHING = "Nothing was charged yet. No rule charges anything before it is switched on under Rules."
_CHIPS = {
    penalty_list.UNPAID: Chip(
        "unpaid", "!", "circle-alert", "Unpaid", "Haijalipwa", ChipColour.AMBER
    ),
    penalty_list.PART_PAID: Chip(
        "part_paid", "◐", "circle-dashed", "Part paid", "Imelipwa sehemu", ChipColour.AMBER
    ),
    penalty_list.WAIVER_ASKED: Chip(
        "waiver_asked", "◷", "clock", "Waiver asked", "Msamaha umeombwa", ChipColour.VIOLET
    ),
    penalty_list.PAID: Chip("paid", "✓", "check", "Paid", "Imelipwa", ChipColour.GREEN),
    penalty_list.WAIVED: Chip("waived", "↩", "undo-2", "Waived", "Imesamehewa", ChipColour.GREY),
    penalty_list.WRITTEN_OFF: Chip(
        "written_off", "×", "archive", "Written off", "Imefutwa", ChipColour.GREY
    ),
}
FILTERS: tuple[SavedFilter[PenaltyRow], ...] = (
    SavedFilter("unpaid", "Unpaid", lambda row: row.left_cents > 0, "Nothing is unpaid."),
    SavedFilter(
        "loans", "Of loans", lambda row: row.loan_id is not None, "No loan bears a penalty."
    ),
    SavedFilter("waived", "Waived", lambda row: row.waived_cents > 0, "Nothing was waived."),
)


class ChargedTab(PageTab[PenaltyRow]):
    """The newest first."""

    title = "Charged"
    key = "charged"

    def __init__(self, desk: Desk) -> None:
        self._may_waive = may(desk.actor.roles, Act.ASK_WAIVER)
        super().__init__(desk, self._plan())
        self.list.opened.connect(lambda row: desk.open_page(f"member/{row.member_number}"))

    def read(self) -> None:
        """Read the charges again."""
        self.read_by(penalty_list.list_penalties, _UNREAD, PenaltyQuestion())

    def commands(self) -> Commands:
        found: Commands = {"explain": lambda: self._with_row(self._explain)}
        if self._may_waive:
            found["main_action"] = lambda: self._with_row(self._waive)
        return found

    def _explain(self, row: PenaltyRow) -> None:
        question = Question(Figure.PENALTY, row.charge_id)
        open_explanation(self.desk, self.list, ((row.what, question),))

    def _waive(self, row: PenaltyRow) -> None:
        if row.left_cents and row.state != penalty_list.WAIVER_ASKED:
            open_waive_dialog(self.desk, self.list, row)

    def _plan(self) -> ListPlan[PenaltyRow]:
        return ListPlan(
            name="penalties",
            one="penalty",
            many="penalties",
            columns=(
                date_column("Came due", lambda row: row.charged_on, priority=2),
                Column("Member", lambda row: row.member_name, longest=22),
                Column("Rule", lambda row: row.what, longest=20),
                Column("For", lambda row: row.why, priority=2, longest=34),
                money_column("Charged KES", lambda row: row.cents, priority=2),
                money_column("Left KES", lambda row: row.left_cents or None),
                chip_column("Status", lambda row: _CHIPS[row.state], tuple(_CHIPS.values())),
                money_column("Paid KES", lambda row: row.paid_cents or None, priority=3),
                money_column("Waived KES", lambda row: row.waived_cents or None, priority=3),
                Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
            ),
            key=lambda row: row.charge_id,
            empty=EmptyList(_NOTHING),
            details=lambda row: self._details(row),
            filters=FILTERS,
        )

    def _actions(self, row: PenaltyRow) -> Actions:
        main = None
        others = [self.to_member(row.member_number)]
        if self._may_waive and row.left_cents:
            is_asked = row.state == penalty_list.WAIVER_ASKED
            main = PanelAction(
                "waive",
                "Waive…",
                None if is_asked else lambda: self._waive(row),
                "Locked: a waiver waits for another person already.",
            )
        if self._may_waive:
            spare = PanelAction(
                "spare", "Spare member…", lambda: open_spare_dialog(self.desk, self.list, row)
            )
            others.append(spare)
        return main, tuple(others)

    def _details(self, row: PenaltyRow) -> Details:
        main, others = self._actions(row)
        note = None
        if row.state == penalty_list.WAIVER_ASKED:
            words = "Another person decides on it under Approvals. Until then it is owed."
            note = Note(words, ChipColour.VIOLET, "A waiver was asked for")
        entry = f"Entry {row.entry_number}" if row.entry_number else "When it is paid"
        return Details(
            title=row.member_name,
            subtitle=f"{row.member_number} · {row.what}",
            amount_cents=row.left_cents,
            chip=_CHIPS[row.state],
            note=note,
            facts=(
                ("For", row.why),
                ("Came due", format_date(row.charged_on)),
                ("Charged", format_kes(row.cents)),
                ("Paid", format_kes(row.paid_cents)),
                ("Waived", format_kes(row.waived_cents)),
                ("Left", format_kes(row.left_cents)),
                ("In the books", entry),
            ),
            action=main,
            other_actions=others,
            explains=(PanelAction("explain_charged", "Charged", lambda: self._explain(row)),),
        )
