"""Writes down who was late, absent or otherwise fined at a meeting: one member after the other, then all at once."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.penalties import meetings
from sacco_desktop.services.penalties.meetings import Attendance, Preset
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker

_PLAN = FormPlan(
    "attendance_dialog",
    "Attendance of a meeting",
    "Record fines",
    "Only who is fined is written down. Each fine is owed from the day of the meeting on.",
)
_NO_PRESET = "No fine of meetings is switched on for that day. Switch one on under Rules first."


def open_attendance_dialog(desk: Desk, parent: QWidget) -> None:
    """Read what may be noted today, then open the dialog."""

    def show(presets: tuple[Preset, ...]) -> None:
        if presets:
            AttendanceDialog(desk, parent, presets).open()
        else:
            desk.toast(_NO_PRESET)

    today = business_date(desk.now())
    desk.background.read(meetings.presets, today, owner=parent, done=show)


class AttendanceDialog(FormDialog):
    """Its key is made here, so that the same list is charged once however often the button is pressed."""

    def __init__(self, desk: Desk, parent: QWidget, presets: tuple[Preset, ...]) -> None:
        super().__init__(desk, _PLAN, parent)
        self._key = uuid4().hex
        self._names = {one.code: f"{one.name}, {format_kes(one.cents)}" for one in presets}
        self._marks: list[tuple[FoundMember, str]] = []
        self._day = DateEdit("held_on", lambda: business_date(desk.now()))
        self._title = QLineEdit()
        self._title.setObjectName("title")
        self._picker = MemberPicker("marks", finder(desk, self))
        self._preset = ChoiceBox("preset", tuple(self._names.items()))
        add = self.form.add_row
        add("held_on", "Held on", self._day)
        add("title", "Meeting", self._title, "For example: Monthly meeting.")
        add("marks", "Member", self._picker)
        add("preset", "Noted", self._preset)
        row = QHBoxLayout()
        self._add_button = push_button("Add to the list", name="add_mark")
        self._add_button.clicked.connect(self._add)
        row.addWidget(self._add_button)
        row.addStretch()
        self.notes.addLayout(row)
        self._lines = QVBoxLayout()
        self.notes.addLayout(self._lines)
        self._day.set_day(business_date(desk.now()))
        self.submitted.connect(self._record)

    def _add(self) -> None:
        member = self._picker.member
        if member is None:
            self.form.show_error(InvalidInput("Choose a member.", "marks"))
            return
        self.form.clear_error("marks")
        mark = (member, self._preset.value())
        if mark not in self._marks:
            self._marks.append(mark)
            self._show_marks()
        self._picker.forget()
        self._picker.setFocus()

    def _remove(self, mark: tuple[FoundMember, str]) -> None:
        self._marks.remove(mark)
        self._show_marks()

    def _show_marks(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for mark in self._marks:
            member, code = mark
            line = QWidget()
            beside = QHBoxLayout(line)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.addWidget(
                plain_label(f"{member.full_name}: {self._names[code]}", TextRole.BODY), 1
            )
            gone = push_button("Remove", name=f"remove_{member.member_id}_{code}")
            gone.setAccessibleName(f"Remove {member.full_name}")
            gone.clicked.connect(partial(self._remove, mark))
            beside.addWidget(gone)
            self._lines.addWidget(line)

    def _record(self) -> None:
        new = self.form.read(self._read)
        if new is not None:
            self.carry_out(meetings.record, new, self.desk.toast)

    def _read(self) -> Attendance:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the meeting.", "held_on")
        marks = list(self._marks)
        # Whoever stands in the field and was not added is meant too.
        if self._picker.member is not None:
            marks.append((self._picker.member, self._preset.value()))
        told = tuple((member.member_id, code) for member, code in marks)
        return Attendance(self._key, day, self._title.text(), told)
