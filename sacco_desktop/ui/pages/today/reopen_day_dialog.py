"""Open the last closed day again: why, and the two people who sign."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.closing import day_reopenings
from sacco_desktop.services.closing.day_closings import LONGEST_REASON
from sacco_desktop.services.closing.day_reopenings import DayToReopen, ReopeningView
from sacco_desktop.services.closing.day_signing import Outcome
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.today.day_words import moment
from sacco_desktop.ui.signing_rows import NOBODY, SigningRows
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


class ReopenDayDialog(FormDialog):
    """Called `reopen_day_dialog`."""

    def __init__(self, desk: Desk, page: QWidget, view: ReopeningView) -> None:
        plan = FormPlan(
            "reopen_day_dialog",
            f"Reopen {format_long_date(view.day.day)}",
            "Reopen the day",
            "Entries of that day can be posted again until it, or a later day, is closed. What was signed stays kept.",
        )
        super().__init__(desk, plan, page)
        self._view = view
        day = view.day
        self.form.add_wide(
            Callout(
                desk.theme,
                f"Closed by {day.closed_by} on {moment(day.closed_at)}, signed by {day.signed_by}.",
                ChipColour.BLUE,
            )
        )
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self._reason.setMaxLength(LONGEST_REASON)
        self.form.add_row("reason", "Reason", self._reason)
        self._signing = SigningRows(desk, self.form)
        self._signing.offer(view.signers)
        if not view.signers:
            self.form.add_wide(Callout(desk.theme, NOBODY, ChipColour.RED))
            self.lock()
        self.submitted.connect(self._give)

    def _give(self) -> None:
        given = self.form.read(self._collect)
        if given is None:
            return
        self._say_busy(True)
        self.desk.background.write(
            day_reopenings.reopen, given, owner=self, done=self._answered, failed=self.refuse
        )

    def _collect(self) -> DayToReopen:
        if not self._reason.text().strip():
            raise InvalidInput("Write why the day is reopened.", "reason")
        return DayToReopen(self._view.day.closing_id, self._reason.text(), self._signing.collect())

    def _answered(self, reopened: Outcome) -> None:
        if reopened.refused:
            self.refuse(self._signing.refused(reopened))
            return
        self.desk.toast(reopened.words)
        self.accept()
