"""Writes an application for membership down: of a person, a group or an organisation."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import KIND_WORDS, MemberKind
from sacco_desktop.services.membership import membership_applications
from sacco_desktop.services.membership.membership_applications import ApplicationRow, NewMembership
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_PLAN = FormPlan(
    "new_application_dialog",
    "New application for membership",
    "Write application",
    "The member number is given when another person has agreed, and not before.",
)
_FIELDS = (
    ("first_name", "First name", ""),
    ("other_names", "Other names", "May stay empty."),
    ("last_name", "Last name", ""),
    (
        "national_id",
        "ID or passport",
        "As on the card. A group writes the number of its certificate.",
    ),
    ("phone", "M-Pesa phone", "For example 0722 908 114. Payments go to this number."),
)


class NewApplicationDialog(FormDialog):
    """`written` is called with the application when it is in the books."""

    def __init__(
        self, desk: Desk, parent: QWidget, written: Callable[[ApplicationRow], None]
    ) -> None:
        super().__init__(desk, _PLAN, parent)
        self._written = written
        self._kind = ChoiceBox("kind", tuple(KIND_WORDS.items()))
        self.form.add_row("kind", "Who applies", self._kind)
        self._lines: dict[str, QLineEdit] = {}
        for field, title, note in _FIELDS:
            line = QLineEdit()
            line.setObjectName(field)
            self._lines[field] = line
            self.form.add_row(field, title, line, note)
        self._day = DateEdit("applied_on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self.form.add_row("applied_on", "Applied on", self._day, "As on the form.")
        self._kind.currentIndexChanged.connect(lambda _place: self._fit_kind())
        self.submitted.connect(self._write)

    def _fit_kind(self) -> None:
        """A group has one name."""
        is_person = self._kind.value() is MemberKind.PERSON
        for field in ("other_names", "last_name"):
            self.form.show_row(field, is_person)

    def _write(self) -> None:
        self.form.clear_errors()
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(membership_applications.apply, new, self._written)

    def _collect(self) -> NewMembership:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the application, for example t.", "applied_on")
        typed = {field: line.text() for field, line in self._lines.items()}
        return NewMembership(kind=self._kind.value(), applied_on=day, **typed)
