"""The sheet of what is known of a member or an applicant, to be filled in; odd texts are kept and warned of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.kyc import fields_of
from sacco_desktop.services.membership import employers, member_files
from sacco_desktop.services.membership.member_files import FileChange, FileSheet
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.name_box import NameBox


class FileDialog(FormDialog):
    """`changed` is called with the sheet as it stands in the books afterwards."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        sheet: FileSheet,
        changed: Callable[[FileSheet], None],
    ) -> None:
        plan = FormPlan(
            "file_dialog",
            f"File of {sheet.full_name}, {sheet.number}",
            "Keep",
            "Write what the papers say. What looks odd is pointed out afterwards and never refused.",
        )
        super().__init__(desk, plan, parent)
        self._sheet, self._changed = sheet, changed
        self._lines: dict[str, QLineEdit | NameBox] = {}
        section = ""
        for field in fields_of(sheet.kind):
            if field.section != section:
                section = field.section
                self.form.add_wide(plain_label(section, TextRole.SECTION))
            self._lines[field.name] = self._line(field.name, sheet.texts[field.name])
            self.form.add_row(field.name, field.title, self._lines[field.name], field.example)
        self._monthly = MoneyEdit("monthly", allow_zero=True)
        self._monthly.set_cents(sheet.monthly_cents)
        self.form.add_row("monthly", "Contribution a month KES", self._monthly)
        self.submitted.connect(self._keep)

    def _line(self, name: str, text: str) -> QLineEdit | NameBox:
        if name == "employer":
            employer = NameBox(name, text)
            self.desk.background.read(employers.names, None, owner=self, done=employer.offer)
            return employer
        if name == "born_on":
            day = DateEdit(name, lambda: business_date(self.desk.now()))
            day.set_day(date.fromisoformat(text) if text else None)
            return day
        line = QLineEdit(text)
        line.setObjectName(name)
        return line

    def _keep(self) -> None:
        self.form.clear_errors()
        change = self.form.read(self._collect)
        if change is not None:
            self.carry_out(member_files.change, change, self._changed)

    def _collect(self) -> FileChange:
        texts = dict(self._sheet.texts)
        for name, line in self._lines.items():
            if isinstance(line, DateEdit):
                day = line.day()
                texts[name] = "" if day is None else day.isoformat()
            else:
                texts[name] = line.text()
        cents = self._monthly.cents() or 0
        return FileChange(self._sheet.holder, self._sheet.version, tuple(texts.items()), cents)
