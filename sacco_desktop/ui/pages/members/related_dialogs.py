"""Next of kin, who signs for a group, and the nominee form of a member."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from sacco_desktop.domain.dates import business_date, format_date, parse_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.domain.money import parse_amount
from sacco_desktop.services.membership import member_files, nominees
from sacco_desktop.services.membership.member_files import (
    NEXT_OF_KIN,
    REPRESENTATIVE,
    FileSheet,
    NewKin,
)
from sacco_desktop.services.membership.nominees import NewNominee, NomineeForm
from sacco_desktop.services.reports.member_register import percent_words
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

Changed = Callable[[FileSheet], None]
_MOST_NOMINEES = 5
_NARROWEST = 64
_HEADS = ("Name", "Relationship", "ID number", "Phone", "Born on", "Guardian of a minor", "Share %")


class KinDialog(FormDialog):
    """Somebody to call, or somebody who signs, whichever this kind of member has."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: FileSheet, changed: Changed) -> None:
        is_person = sheet.kind is MemberKind.PERSON
        what = "Next of kin" if is_person else "Somebody who signs"
        super().__init__(
            desk, FormPlan("kin_dialog", f"{what}: {sheet.full_name}", "Write down"), parent
        )
        self._sheet, self._changed = sheet, changed
        self._role = NEXT_OF_KIN if is_person else REPRESENTATIVE
        self._lines: dict[str, QLineEdit] = {}
        for field, title in (
            ("full_name", "Full name"),
            ("relationship", "Relationship" if is_person else "Office"),
            ("national_id", "ID number"),
            ("phone", "Phone"),
        ):
            line = QLineEdit()
            line.setObjectName(field)
            self._lines[field] = line
            self.form.add_row(field, title, line)
        self.submitted.connect(self._write)

    def _write(self) -> None:
        self.form.clear_errors()
        typed = {field: line.text() for field, line in self._lines.items()}
        new = NewKin(holder=self._sheet.holder, role=self._role, **typed)
        self.carry_out(member_files.add_kin, new, self._changed)


class NomineeDialog(FormDialog):
    """The whole form anew; the shares come to 100 %."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: FileSheet, changed: Changed) -> None:
        plan = FormPlan(
            "nominee_dialog",
            f"Nominees of {sheet.full_name}, {sheet.number}",
            "Keep form",
            "The form takes the place of the one before, which stays in the books.",
            letters=124,
        )
        super().__init__(desk, plan, parent)
        self._sheet, self._changed = sheet, changed
        self._rows: list[tuple[QLineEdit, ...]] = []
        self._day = DateEdit("signed_on", lambda: business_date(desk.now()))
        self._day.set_day(business_date(desk.now()))
        self.form.add_row("signed_on", "Signed on", self._day)
        self.form.add_row("nominees", "Nominees", self._table(), "Together they get 100 %.")
        self.submitted.connect(self._keep)

    def _table(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(S)
        for place, head in enumerate(_HEADS):
            grid.addWidget(plain_label(head, TextRole.SECONDARY), 0, place)
            grid.setColumnStretch(place, 1 if head == "Share %" else 2)
        for number in range(1, _MOST_NOMINEES + 1):
            lines = []
            for place, head in enumerate(_HEADS):
                line = QLineEdit()
                line.setObjectName(f"nominee_{number}_{place}")
                line.setAccessibleName(f"{head} of nominee {number}")
                # Seven beside each other are narrower than a line likes to be.
                line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                line.setMinimumWidth(_NARROWEST)
                grid.addWidget(line, number, place)
                lines.append(line)
            self._rows.append(tuple(lines))
        table.setFocusProxy(self._rows[0][0])
        for row, each in zip(self._rows, self._sheet.nominees, strict=False):
            born = format_date(date.fromisoformat(each.born_on)) if each.born_on else ""
            known = (each.full_name, each.relationship, each.national_id, each.phone, born)
            texts = (*known, each.guardian, percent_words(each.share))
            for line, text in zip(row, texts, strict=True):
                line.setText(text)
        return table

    def _keep(self) -> None:
        self.form.clear_errors()
        form = self.form.read(self._collect)
        if form is not None:
            self.carry_out(nominees.name, form, self._changed)

    def _collect(self) -> NomineeForm:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day on which the form was signed.", "signed_on")
        lines = []
        for row in self._rows:
            name, relationship, national_id, phone, born, guardian, share = (
                line.text() for line in row
            )
            if name.strip():
                part = _share(share) if share.strip() else 0
                birth = parse_date(born, day, "nominees").isoformat() if born.strip() else ""
                lines.append(
                    NewNominee(name, relationship, national_id, phone, birth, guardian, part)
                )
        return NomineeForm(self._sheet.holder, self._sheet.version, day, tuple(lines))


def _share(text: str) -> int:
    """Hundredths of a percent. Raises InvalidInput under `nominees`."""
    try:
        return parse_amount(text, "nominees")
    except InvalidInput:
        raise InvalidInput(
            "Write each share in percent, for example 40 or 33.33.", "nominees"
        ) from None
