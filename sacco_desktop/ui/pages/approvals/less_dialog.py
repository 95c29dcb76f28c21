"""Approves a loan for less than was asked for: the sum, why, and the own password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.committee import smaller_sums
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.committee.smaller_sums import LessSheet, LessVerdict
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.approvals.less_fields import LessFields
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.password_box import PasswordBox

Done = Callable[[Decided], None]


def open_less(desk: Desk, parent: QWidget, request_id: int, done: Done) -> None:
    """Read what was asked for, then show the form."""
    desk.background.read(
        smaller_sums.look,
        request_id,
        owner=parent,
        done=lambda sheet: LessDialog(desk, parent, sheet, done).open(),
    )


class LessDialog(FormDialog):
    """A yes to less. Whoever decided on the larger sum decides anew."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: LessSheet, done: Done) -> None:
        plan = FormPlan(
            "less_dialog",
            f"Approve less: {sheet.about}",
            "Approve this sum",
            "The request for more becomes void, and your yes is to the smaller loan. Fees, net and rules follow it;"
            " whoever decided before decides anew. No money leaves now.",
        )
        super().__init__(desk, plan, parent)
        self._sheet, self._done = sheet, done
        self._fields = LessFields(desk, self.form, self)
        self._fields.show_sheet(sheet)
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self._reason.setMaxLength(300)
        self._password = PasswordBox(desk.theme, "password", "Your password")
        self.form.add_row("reason", "Why", self._reason, "The member and who asked will read it.")
        self.form.add_row("password", "Your password", self._password)
        self.submitted.connect(self._approve)

    def _approve(self) -> None:
        less = self.form.read(self._collect)
        if less is None:
            return
        password, actor = self._password.line.text(), self.desk.actor
        self._password.clear()
        self.operate(
            lambda: write_with_password(
                self.desk.office, password, smaller_sums.approve_less, less, actor
            ),
            self._done,
        )

    def _collect(self) -> LessVerdict:
        to = self._fields.wanted()
        if self._password.is_empty():
            raise InvalidInput("Write your password.", "password")
        return LessVerdict(
            self._sheet.request_id,
            self._sheet.fingerprint,
            to.cents,
            to.instalments,
            self._reason.text(),
        )
