"""Asks for other approval levels of one kind of request; another person approves them before they count."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.approval_levels import (
    LENDING,
    NEEDED,
    band_for,
    check_bands,
    step_in_words,
)
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes, parse_amount
from sacco_desktop.domain.permissions import roles_for
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LevelsChange, LevelsRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.settings.level_rows import LevelRows, LevelsPlan
from sacco_desktop.ui.pages.settings.limit_dialog import SENT
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label


class LevelsDialog(FormDialog):
    """The levels of a kind and the day from which they count."""

    def __init__(self, desk: Desk, parent: QWidget, row: LevelsRow, title: str) -> None:
        plan = FormPlan(
            "levels_dialog",
            f"Who decides: {title}",
            "Ask for approval",
            "Another person must approve it. Requests that wait already keep what they need.",
            letters=100,
        )
        super().__init__(desk, plan, parent)
        self._row = row
        roles = tuple(role for role in ROLE_WORDS if role in roles_for(NEEDED[row.kind]))
        self._levels = LevelRows(
            desk.theme, LevelsPlan(roles, may_vote=row.kind in LENDING), row.bands
        )
        self._amount = QLineEdit("100,000")
        self._amount.setObjectName("try_amount")
        self._needed = plain_label("", TextRole.SECONDARY, name="needed", wraps=True)
        self._day = DateEdit("effective_on", self._today)
        self._day.set_day(self._today())
        words = "A ceiling belongs to its level, that sum included. The last level has none."
        self.form.add_row("bands", "Levels", self._levels, words)
        self.form.add_row("effective_on", "Counts from", self._day, "Today or a later day.")
        self.form.add_row("try_amount", "Try an amount in KES", self._amount)
        self.form.add_wide(self._needed)
        self._levels.changed.connect(self._show_needed)
        self._amount.textChanged.connect(lambda _text: self._show_needed())
        self._show_needed()
        self.submitted.connect(self._ask)

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _show_needed(self) -> None:
        self._needed.setText(self._needed_words())

    def _needed_words(self) -> str:
        """What a request for the tried amount would need, or what is still wrong with the levels."""
        try:
            bands = check_bands(self._row.kind, self._levels.bands())
            cents = parse_amount(self._amount.text().strip(), "try_amount")
        except InvalidInput as wrong:
            return wrong.message
        steps = ", then ".join(step_in_words(step) for step in band_for(bands, cents).steps)
        return f"{format_kes(cents)} would need {steps}. Nobody counts twice."

    def _ask(self) -> None:
        change = self.form.read(self._read)
        if change is not None:
            self.carry_out(approval_rules.ask_levels, change, lambda _id: self.desk.toast(SENT))

    def _read(self) -> LevelsChange:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day from which it counts.", "effective_on")
        return LevelsChange(self._row.kind, self._levels.bands(), day)
