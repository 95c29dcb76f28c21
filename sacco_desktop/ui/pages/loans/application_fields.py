"""The fields of a loan's form beside amount and purpose: folded away while an application is written, open where they
are written down later.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLineEdit, QScrollArea

from sacco_desktop.domain.application_form import TEXTS, StatedForm
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.lending import loan_forms
from sacco_desktop.services.membership import employers
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XL
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.name_box import NameBox
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_SHOW, _HIDE = "More of the form…", "Less of the form"
_NAMES = (
    "payroll_number",
    "employer",
    "employment_terms",
    "net_pay",
    "address",
    "other_loans",
    "security",
    "declared_on",
)
_NOTES = {
    "employer": "As in the member's file, if it says so.",
    "other_loans": "Of banks, other societies and apps: whose, and how much is owed.",
    "security": "What secures the loan beside deposits and guarantors.",
}


class ApplicationFields:
    """Adds its rows to a form. With `folded` they are hidden behind one button; what stands in them counts all the
    same.
    """

    def __init__(self, desk: Desk, form: Form, *, folded: bool) -> None:
        self._desk = desk
        self._form = form
        self._of: int | None = None
        self._texts: dict[str, QLineEdit | NoteEdit | NameBox] = {}
        self._began = StatedForm()
        self.button = push_button(_SHOW, name="more_of_the_form")
        self.button.setCheckable(True)
        if folded:
            form.add_wide(self.button)
        self.button.toggled.connect(self._unfold)
        # The place of a field is known when the form has laid out the rows that were hidden.
        self._laid_out = QTimer(form)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(0)
        self._laid_out.timeout.connect(self._show_first)
        self._net_pay = MoneyEdit("net_pay")
        self._declared = DateEdit("declared_on", lambda: business_date(desk.now()))
        for name in _NAMES:
            self._add(name)
            form.show_row(name, not folded)

    def begin(self, owner: QObject, member_id: int) -> None:
        """Read what this member's file says, and start with it unless another member was chosen meanwhile."""
        self._of = member_id

        def show(known: StatedForm) -> None:
            if member_id == self._of:
                self.start_with(known)

        self._desk.background.read(loan_forms.known_of, member_id, owner=owner, done=show)

    def start_with(self, form: StatedForm) -> None:
        """What is known already. A field in which somebody has written keeps what stands there."""
        for name, field in self._texts.items():
            if _text(field) == getattr(self._began, name):
                _write(field, getattr(form, name))
        if form.net_pay_cents is not None:
            self._net_pay.set_cents(form.net_pay_cents)
        if form.declared_on is not None:
            self._declared.set_day(form.declared_on)
        self._began = form

    def stated(self) -> StatedForm:
        """What stands in the fields. Raises InvalidInput, with the fold open, for an error in it must be seen."""
        texts = {name: _text(field) for name, field in self._texts.items()}
        try:
            net_pay, declared = self._net_pay.cents(), self._declared.day()
        except InvalidInput:
            self.show()
            raise
        return StatedForm(**texts, net_pay_cents=net_pay, declared_on=declared)

    def show(self) -> None:
        """Open the fold."""
        self.button.setChecked(True)

    def holds(self, field: str) -> bool:
        """Whether this is one of the fields here."""
        return field in _NAMES

    def _add(self, name: str) -> None:
        if name == "net_pay":
            self._form.add_row(name, "Net pay KES", self._net_pay, "Of a month, as stated.")
            return
        if name == "declared_on":
            note = "When the member signed the declaration; empty while it is not signed."
            self._form.add_row(name, "Declared on", self._declared, note)
            return
        field: QLineEdit | NoteEdit | NameBox
        if name == "employer":
            field = NameBox(name)
            self._desk.background.read(employers.names, None, owner=field, done=field.offer)
        elif name in ("other_loans", "security"):
            field = NoteEdit(name, lines=2)
        else:
            field = QLineEdit()
            field.setObjectName(name)
        self._texts[name] = field
        self._form.add_row(name, TEXTS[name], field, _NOTES.get(name, ""))

    def _unfold(self, is_open: bool) -> None:
        self.button.setText(_HIDE if is_open else _SHOW)
        for name in _NAMES:
            self._form.show_row(name, is_open)
        if is_open:
            self._texts["payroll_number"].setFocus()
            self._laid_out.start()

    def _show_first(self) -> None:
        first = self._texts["payroll_number"]
        area = first.window().findChild(QScrollArea, "form_area")
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(first, 0, 3 * XL)


def _text(field: QLineEdit | NoteEdit | NameBox) -> str:
    return field.toPlainText() if isinstance(field, NoteEdit) else field.text()


def _write(field: QLineEdit | NoteEdit | NameBox, text: str) -> None:
    if isinstance(field, NameBox):
        field.set_text(text)
    elif isinstance(field, QLineEdit):
        field.setText(text)
    else:
        field.setPlainText(text)
