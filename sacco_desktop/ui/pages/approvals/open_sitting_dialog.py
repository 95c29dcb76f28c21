"""Opens a sitting of the committee: its number in the minute book, where it is held, and who is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.approval_levels import roles_in_words
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.committee import sittings
from sacco_desktop.services.committee.sittings import Attendee, NewSitting
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.ticks import TickBox


class _Present(QWidget):
    """A tick for everybody who may decide on loans."""

    def __init__(self, theme: Theme, people: Sequence[Attendee]) -> None:
        super().__init__()
        self.setObjectName("present")
        self._boxes: dict[int, TickBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(XS)
        for one in people:
            words = f"{one.full_name}, {roles_in_words(one.roles).replace(' or ', ' and ')}"
            box = TickBox(theme, words, name=f"present_{one.user_id}")
            self._boxes[one.user_id] = box
            column.addWidget(box)

    def people(self) -> frozenset[int]:
        """Who is ticked."""
        return frozenset(user_id for user_id, box in self._boxes.items() if box.isChecked())


class OpenSittingDialog(FormDialog):
    """`opened` is called with the id of the sitting."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        people: Sequence[Attendee],
        opened: Callable[[int], None],
    ) -> None:
        plan = FormPlan(
            "open_sitting_dialog",
            "Committee sitting",
            "Open sitting",
            "Everybody present then decides with the own password, one after the other on this computer.",
        )
        super().__init__(desk, plan, parent)
        self._opened = opened
        self._number = QLineEdit()
        self._number.setObjectName("minute_number")
        self._place = QLineEdit()
        self._place.setObjectName("place")
        self._day = DateEdit("held_on", self._today)
        self._day.set_day(self._today())
        self._present = _Present(desk.theme, people)
        self._chair = ChoiceBox("chair", [(one.user_id, one.full_name) for one in people])
        self._chair.choose(desk.actor.user_id)
        self.form.add_row(
            "minute_number", "Minute number", self._number, "As in the minute book: CM/07/2026."
        )
        self.form.add_row("held_on", "Held on", self._day)
        self.form.add_row("place", "Place", self._place)
        self.form.add_row("present", "Present", self._present)
        self.form.add_row("chair", "In the chair", self._chair)
        self.submitted.connect(self._open_it)

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _open_it(self) -> None:
        new = self.form.read(self._read)
        if new is not None:
            self.carry_out(sittings.open_sitting, new, self._opened)

    def _read(self) -> NewSitting:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the sitting.", "held_on")
        return NewSitting(
            self._number.text(),
            day,
            self._place.text(),
            self._chair.value() or 0,
            self._present.people(),
        )
