"""The tab Check-off: the lists of employers, what of each has no owner, and taking one back as a whole."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.counter import check_offs
from sacco_desktop.services.counter.check_offs import CheckOffBack, CheckOffRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.savings.check_off_dialog import CheckOffDialog
from sacco_desktop.ui.pages.savings.employers_dialog import EmployersDialog
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The check-off lists could not be read. Nothing is lost; the other pages work."
_MOST = 12
_CHIPS = {
    "draft": Chip("draft", "○", "circle", "Being prepared", "Inatayarishwa", ChipColour.GREY),
    "asked": Chip("asked", "◷", "history", "To approve", "Inasubiri idhini", ChipColour.VIOLET),
    "posted": Chip("posted", "✓", "check", "In the books", "Imeingizwa", ChipColour.GREEN),
    "undone": Chip("undone", "↩", "undo-2", "Taken back", "Imerudishwa", ChipColour.GREY),
    "dropped": Chip("dropped", "↩", "undo-2", "Rejected", "Imekataliwa", ChipColour.GREY),
}
FILTERS: tuple[SavedFilter[CheckOffRow], ...] = (
    SavedFilter("asked", "To approve", lambda row: row.status == "asked", "No list waits."),
    SavedFilter(
        "unmatched",
        "Without owner",
        lambda row: row.status == "posted" and row.matched_cents < row.total_cents,
        "Everything that was posted has an owner.",
    ),
)


class CheckOffsTab(PageTab[CheckOffRow]):
    """The newest first."""

    title = "Check-off"
    key = "check_off"

    def __init__(self, desk: Desk) -> None:
        self._may_take = may(desk.actor.roles, Act.IMPORT_BOOKS)
        self._may_undo = may(desk.actor.roles, Act.REVERSE_ENTRY)
        super().__init__(desk, self._plan())
        roles = desk.actor.roles
        if may(roles, Act.READ_FILES) and may(roles, Act.REGISTER_MEMBER):
            self.list.add_action("employers", "Employers…", self._employers)
        if self._may_take:
            self.list.add_action("new_check_off", "New list…", self._new, kind=ButtonKind.PRIMARY)

    def read(self) -> None:
        """Read the lists again."""
        self.read_by(check_offs.list_check_offs, _UNREAD)

    def commands(self) -> Commands:
        found: Commands = {"new": self._new} if self._may_take else {}
        if self._may_undo:
            found["reverse"] = lambda: self._with_row(self._take_back)
        return found

    def _new(self) -> None:
        CheckOffDialog(self.desk, self.list).open()

    def _employers(self) -> None:
        EmployersDialog(self.desk, self.list).open()

    def _take_back(self, row: CheckOffRow) -> None:
        if row.status == "posted":
            CheckOffBackDialog(self.desk, self.list, row).open()

    def _take_request_back(self, row: CheckOffRow) -> None:
        self.desk.background.write(
            check_offs.take_request_back, row.list_id, owner=self.list, done=self.desk.toast
        )

    def _plan(self) -> ListPlan[CheckOffRow]:
        return ListPlan(
            name="check_offs",
            one="list",
            many="lists",
            columns=(
                Column("List", lambda row: row.number, widest="CO-2026-0001"),
                Column("Employer", lambda row: row.employer, longest=28),
                Column("Month", lambda row: row.month, widest="2026-03"),
                money_column("Paid KES", lambda row: row.total_cents),
                chip_column("Status", lambda row: _CHIPS[row.status], tuple(_CHIPS.values())),
                money_column(
                    "Without owner KES", lambda row: row.total_cents - row.matched_cents or None
                ),
                date_column("Paid on", lambda row: row.value_date, priority=2),
                Column("Reference", lambda row: row.reference, priority=2, longest=20),
                Column("Lines", lambda row: row.lines, priority=2, widest="10,000"),
                Column("Entered by", lambda row: row.started_by, priority=3, longest=20),
            ),
            key=lambda row: row.list_id,
            empty=EmptyList(
                "No employer has sent a list yet.",
                *(("New list…", self._new) if self._may_take else ()),
            ),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: CheckOffRow) -> Actions:
        if row.status == "asked" and self._may_take:
            act = PanelAction(
                "take_request_back", "Take request back", lambda: self._take_request_back(row)
            )
            return None, (act,)
        if row.status != "posted" or not self._may_undo:
            return None, ()
        back = PanelAction("check_off_back", "Take back…", lambda: self._take_back(row))
        return None, (back,)


class CheckOffBackDialog(FormDialog):
    """A posted list is to be taken back as a whole; another person agrees."""

    def __init__(self, desk: Desk, parent: QWidget, row: CheckOffRow) -> None:
        title = f"Take back {row.number} of {row.employer}"
        before = (
            f"It stays in the books until another person agrees. Then all of {format_kes(row.total_cents)} is taken"
            " back, from every member of the list."
        )
        plan = FormPlan("check_off_back_dialog", title, "Ask to take it back", before)
        super().__init__(desk, plan, parent)
        self._row = row
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("reason", "Why", self._reason)
        self.submitted.connect(self._ask)

    def _ask(self) -> None:
        self.form.clear_errors()
        back = CheckOffBack(self._row.list_id, self._row.version, self._reason.text())
        self.carry_out(check_offs.ask_back, back, self.desk.toast)


def _details(row: CheckOffRow, actions: Actions) -> Details:
    main, others = actions
    note = None
    if row.unmatched:
        shown = list(row.unmatched[:_MOST])
        more = len(row.unmatched) - _MOST
        if more > 0:
            shown.append(f"And {more:,} more.")
        note = Note("\n".join(shown), ChipColour.AMBER, "Lines without owner")
    return Details(
        title=row.employer,
        subtitle=f"{row.number}, {row.month}",
        amount_cents=row.total_cents,
        chip=_CHIPS[row.status],
        note=note,
        facts=(
            ("Paid on", format_date(row.value_date)),
            ("Reference", row.reference),
            ("Of members", format_kes(row.matched_cents)),
            ("Without owner", format_kes(row.total_cents - row.matched_cents)),
            ("Lines", f"{row.lines:,}"),
            ("File", row.file_name),
            ("Entered by", row.started_by),
        ),
        action=main,
        other_actions=others,
    )
