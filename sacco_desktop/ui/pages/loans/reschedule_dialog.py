"""A loan is agreed anew: the instalments before and after, the reason, and who decides."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.lending import reschedules
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.lending.reschedules import (
    RescheduleFacts,
    RescheduleQuestion,
    RescheduleWish,
)
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable
from sacco_desktop.ui.widgets.sideways import Sideways

_BEFORE = (
    "The old schedule holds until the committee agrees, and stays readable."
    " The new one begins on the day of its yes."
)
_COUNT = "Write the number of instalments in figures, for example 12."


class RescheduleDialog(FormDialog):
    """Nothing is written but the request."""

    def __init__(self, desk: Desk, parent: QWidget, loan: LoanRow) -> None:
        title = f"Agree anew: {loan.member_name}, {loan.number}"
        super().__init__(
            desk, FormPlan("reschedule_dialog", title, "Ask for approval", _BEFORE), parent
        )
        self._loan = loan
        self._facts: RescheduleFacts | None = None
        self._asked: RescheduleQuestion | None = None
        self._count = CountEdit("instalments", _COUNT)
        self._reason = NoteEdit("reason", lines=2)
        self._lines = AmountLines(desk.theme, "reschedule_lines")
        self._who = plain_label("", TextRole.SECONDARY, name="reschedule_who", wraps=True)
        self._schedule = ScheduleTable(desk.theme)
        self.form.add_row("instalments", "New instalments", self._count, "Counted from today.")
        self.form.add_row("reason", "Reason", self._reason, "What has changed for the member.")
        self.notes.addWidget(self._lines)
        self.notes.addWidget(self._who)
        self.set_side(Sideways(self._schedule, "reschedule_side", "Schedule, if agreed today"))
        self._count.textChanged.connect(self._look_up)
        self.submitted.connect(self._ask)
        self._count.setText(str(max(1, loan.instalments)))

    def _look_up(self) -> None:
        """Ask for the schedule of what stands in the form; a half-typed figure is no question."""
        try:
            count = self._count.count()
        except InvalidInput:
            count = None
        question = RescheduleQuestion(self._loan.loan_id, count) if count else None
        if question is None or question == self._asked:
            return
        self._asked, self._facts = question, None
        self.form.clear_error("instalments")

        def show(facts: RescheduleFacts) -> None:
            if self._asked == question:
                self._show(facts)

        self.desk.background.read(
            reschedules.look, question, owner=self, done=show, failed=self.form.failed
        )

    def _show(self, facts: RescheduleFacts) -> None:
        self._facts = facts
        was, anew = facts.was, facts.anew
        now = anew.new_rows
        lines = [NamedAmount("Outstanding principal, KES", anew.principal_cents)]
        if anew.carried_cents:
            lines.append(
                NamedAmount("Late interest and fees, due with the first", anew.carried_cents)
            )
        if anew.used_cents:
            lines.append(NamedAmount("Interest of the days until today, too", anew.used_cents))
        lines += [
            NamedAmount(
                f"Until now: {len(was)} left, the last on {format_date(was[-1].due_on)}",
                was[-2 if len(was) > 1 else -1].total_cents,
            ),
            NamedAmount(
                f"From then on: {len(now)}, the last on {format_date(now[-1].due_on)}",
                now[0].total_cents,
                is_total=True,
            ),
        ]
        self._lines.show_lines(lines)
        self._schedule.set_rows([row for row in anew.rows if row.due_on > anew.on])
        who = people_words(facts.approvers, self.desk.actor.full_name) or "Nobody yet"
        late = (
            f" It is {facts.days_late} days late, which its class remembers."
            if facts.days_late
            else ""
        )
        self._who.setText(f"{who} can agree.{late}")

    def _ask(self) -> None:
        wish = self.form.read(self._collect)
        if wish is not None:
            self.carry_out(reschedules.ask, wish, self.desk.toast)

    def _collect(self) -> RescheduleWish:
        count = self._count.count()
        if count is None:
            raise InvalidInput(_COUNT, "instalments")
        if self._facts is None:
            raise InvalidInput("The schedule is not here yet. Try again.", "instalments")
        return RescheduleWish(
            self._loan.loan_id, self._facts.version, count, self._reason.toPlainText()
        )
