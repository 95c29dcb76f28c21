"""Registers a member: names, ID number and phone as on the papers that the person shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow, NewMember
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_PLAN = FormPlan(
    "new_member_dialog",
    "New member",
    "Register member",
    "The member number is given when you press Register member. Nothing is written before.",
)
_FIELDS = (
    ("first_name", "First name", ""),
    ("other_names", "Other names", "May stay empty."),
    ("last_name", "Last name", ""),
    ("national_id", "ID number", "As on the identity card, figures only."),
    ("phone", "M-Pesa phone", "For example 0722 908 114. Loans are paid to this number."),
)


class NewMemberDialog(FormDialog):
    """`registered` is called with the new member when he or she is in the books."""

    def __init__(
        self, desk: Desk, parent: QWidget, registered: Callable[[MemberRow], None]
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._registered = registered
        self._lines: dict[str, QLineEdit] = {}
        for field, title, note in _FIELDS:
            line = QLineEdit()
            line.setObjectName(field)
            self._lines[field] = line
            self.form.add_row(field, title, line, note)
        self.submitted.connect(self._register)

    def _register(self) -> None:
        self.form.clear_errors()
        new = NewMember(**{field: line.text() for field, line in self._lines.items()})
        self.carry_out(members.register, new, self._registered)
