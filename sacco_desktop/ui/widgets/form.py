"""Rows of fields with their names, and the sentence of an error under the field it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.ui.theme.sizes import XS, M
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, restyle
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

T = TypeVar("T")
_MOST_ROWS = 100


class Form(QWidget):
    """`show_other` gets every error that has no field here; usually it is `messages.show`."""

    def __init__(self, show_other: Callable[[BaseException, QObject | None], None]) -> None:
        super().__init__()
        self._show_other = show_other
        self._fields: dict[str, QWidget] = {}
        self._errors: dict[str, QLabel] = {}
        self._notes: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        self._standing: dict[str, str] = {}
        self._line = 0
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(M)
        self._rows.setHorizontalSpacing(M)
        self._rows.setColumnStretch(1, 1)
        # What is left over goes below the last field and not between the fields.
        self._rows.setRowStretch(_MOST_ROWS, 1)

    def add_row(self, field: str, title: str, widget: QWidget, note: str = "") -> None:
        """One field. `field` is the name that `InvalidInput.field` uses; `note` stands under it in
        a quiet colour."""
        label = plain_label(title, TextRole.SECONDARY)
        label.setBuddy(widget)
        target = widget.focusProxy() or widget
        target.setAccessibleName(title)
        self._fields[field] = widget
        self._titles[field] = label
        self._errors[field] = plain_label("", TextRole.ERROR, name=f"{field}_error", wraps=True)
        self._notes[field] = plain_label(note, TextRole.SECONDARY, name=f"{field}_note", wraps=True)
        self._errors[field].hide()
        self._notes[field].setVisible(bool(note))
        cell = QVBoxLayout()
        cell.setSpacing(XS)
        for part in (widget, self._errors[field], self._notes[field]):
            cell.addWidget(part)
        # On one line with the field, or with the first line of a tall one; never in the middle of all that is below.
        one_line = self.fontMetrics().height() + 16
        label.setMinimumHeight(min(widget.sizeHint().height(), one_line))
        line = self._next_line()
        self._rows.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
        self._rows.addLayout(cell, line, 1)
        self._standing[field] = note
        self._listen(field, widget)

    def add_wide(self, widget: QWidget) -> None:
        """Something without a name across the whole form."""
        self._rows.addWidget(widget, self._next_line(), 0, 1, 2)

    def field(self, field: str) -> QWidget:
        """The widget of a field."""
        return self._fields[field]

    def has(self, field: str) -> bool:
        """Whether an error of this name belongs here."""
        return field in self._fields and not self._fields[field].isHidden()

    def show_row(self, field: str, is_shown: bool) -> None:
        """Show or hide a whole row; what stands in a hidden field is kept and has no error."""
        self._titles[field].setVisible(is_shown)
        self._fields[field].setVisible(is_shown)
        if not is_shown:
            self.clear_error(field)
        self._notes[field].setVisible(is_shown and bool(self._notes[field].text()))

    def first_field(self) -> QWidget | None:
        """Where a person begins to write."""
        return next((field for field in self._fields.values() if not field.isHidden()), None)

    def say_note(self, field: str, note: str) -> None:
        """Put another note under a field, such as the limits of what was chosen above it."""
        self._standing[field] = note
        self._show_note(field, "")

    def failed(self, error: BaseException) -> None:
        """For `failed=` of the background: the sentence goes under its field, anything else to
        `show_other`."""
        if isinstance(error, InvalidInput) and error.field in self._fields:
            self._show_under(error.field, error)
            self._fields[error.field].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._show_other(error, self)

    def show_error(self, error: InvalidInput) -> None:
        """Put the sentence under its field; what was typed stays and the focus too."""
        self._show_under(error.field, error)

    def clear_error(self, field: str) -> None:
        """The person is putting it right."""
        self._errors[field].hide()
        self._errors[field].clear()
        widget = self._fields[field]
        target = widget.focusProxy() or widget
        target.setAccessibleDescription("")
        restyle(target, "wrong", False)

    def clear_errors(self) -> None:
        """Before the form is judged again."""
        for field in self._fields:
            self.clear_error(field)

    def read(self, collect: Callable[[], T]) -> T | None:
        """Call `collect`, which asks the fields for their values; an InvalidInput goes under its
        field and gives None."""
        self.clear_errors()
        try:
            return collect()
        except InvalidInput as error:
            self.failed(error)
            return None

    def _next_line(self) -> int:
        self._line += 1
        return self._line - 1

    def _listen(self, field: str, widget: QWidget) -> None:
        target = widget.focusProxy() or widget
        if isinstance(target, QLineEdit):
            target.textEdited.connect(lambda _text: self.clear_error(field))
        refused = getattr(widget, "refused", None)
        if refused is not None:
            refused.connect(lambda error: self._show_under(field, error))
        if isinstance(widget, MoneyEdit):
            widget.noted.connect(lambda result: self._show_note(field, result))

    def _show_under(self, field: str, error: InvalidInput) -> None:
        self._errors[field].setText(error.message)
        self._errors[field].show()
        widget = self._fields[field]
        target = widget.focusProxy() or widget
        target.setAccessibleDescription(error.message)
        restyle(target, "wrong", True)

    def _show_note(self, field: str, words: str) -> None:
        """For a moment these words, or without any the note that stands there."""
        self._notes[field].setText(words or self._standing[field])
        self._notes[field].setVisible(bool(self._notes[field].text()))
