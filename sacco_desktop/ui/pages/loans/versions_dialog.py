"""The schedules that a loan has had, each to print."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.lending import schedule_history
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.lending.schedule_history import ScheduleVersion, VersionQuestion
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.schedule_print import show_version
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan


def open_versions(desk: Desk, parent: QWidget, row: LoanRow) -> None:
    """Choose a schedule of the loan and show it as a paper."""

    def show(found: tuple[ScheduleVersion, ...]) -> None:
        plan = FormPlan(
            "versions_dialog",
            f"Schedules of {row.number}, {row.member_name}",
            "Show",
            "Each schedule stays as it was agreed; only the last one holds.",
        )
        dialog = FormDialog(desk, plan, parent)
        which = ChoiceBox("version", [(one.schedule, _words(one)) for one in found])
        dialog.form.add_row("version", "Schedule", which)

        def submit() -> None:
            question = VersionQuestion(row.loan_id, which.value())
            dialog.accept()
            show_version(desk, parent, question)

        dialog.submitted.connect(submit)
        dialog.open()

    desk.background.read(schedule_history.versions, row.loan_id, owner=parent, done=show)


def _words(one: ScheduleVersion) -> str:
    since = f"since {format_date(one.since)}" if one.since else ""
    holds = ", holds now" if one.holds else ""
    reason = f": {one.reason}" if one.reason else ""
    return f"{one.why} {since}{holds}{reason}"
