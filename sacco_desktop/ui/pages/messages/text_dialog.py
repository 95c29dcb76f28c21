"""Another text for a message: beside it stands what a member will read and how long that is, while it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import DATE_SENTENCE, business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages import templates
from sacco_desktop.domain.messages.events import FACTS, Event
from sacco_desktop.domain.messages.parts import measure
from sacco_desktop.domain.messages.words import LANGUAGE_WORDS, Language
from sacco_desktop.services.messages.texts import TextRow
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_BEFORE = "Nothing changes until another person agrees under Approvals."


class TextDialog(FormDialog):
    """One event and one language at a time; what was written of another is gone when it is left."""

    def __init__(self, desk: Desk, parent: QWidget, rows: Sequence[TextRow]) -> None:
        plan = FormPlan(
            "message_text_dialog", "Texts of messages", "Ask a second person to agree", _BEFORE, 84
        )
        super().__init__(desk, plan, parent)
        self._rows = {(row.event, row.language): row for row in rows}
        self._event = ChoiceBox("event", [(event, FACTS[event].title) for event in Event])
        self._language = ChoiceBox("language", list(LANGUAGE_WORDS.items()))
        self._text = NoteEdit("text", lines=5)
        self._from = DateEdit("effective_on", self._today)
        self._from.set_day(self._today())
        self._read = plain_label("", TextRole.BODY, name="message_preview", wraps=True)
        self._length = plain_label("", TextRole.SECONDARY, name="message_length", wraps=True)
        self._wrong = Callout(desk.theme, "", ChipColour.AMBER)
        self.form.add_row("event", "About", self._event)
        self.form.add_row("language", "Language", self._language)
        self.form.add_row("text", "Text", self._text, " ")
        self.form.add_row("effective_on", "Counts from", self._from, "Today or a later day.")
        self.notes.addWidget(plain_label("A member reads", TextRole.SECONDARY))
        for part in (self._read, self._length, self._wrong):
            self.notes.addWidget(part)
        for box in (self._event, self._language):
            box.currentIndexChanged.connect(self._show_text)
        self._text.textChanged.connect(self._preview)
        self.submitted.connect(self._ask)
        self._show_text()

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _chosen(self) -> TextRow:
        event, language = self._event.value(), self._language.value()
        return self._rows[event, language]

    def _show_text(self) -> None:
        row = self._chosen()
        fields = ", ".join(f"{{{name}}}" for name in sorted(FACTS[row.event].fields))
        self.form.say_note("text", f"Fields: {fields}")
        self._text.setPlainText(row.text)

    def _preview(self) -> None:
        """What a member reads and how long it is, or what is wrong with the text."""
        try:
            said = templates.preview(self._chosen().event, self._text.toPlainText())
        except InvalidInput as error:
            said = ""
            self._wrong.say(error.message, ChipColour.AMBER)
        self._read.setText(said)
        self._length.setText(measure(said).words if said else "")
        self._wrong.setVisible(not said)

    def _ask(self) -> None:
        day = self._from.day()
        if day is None:
            self.refuse(InvalidInput(DATE_SENTENCE, "effective_on"))
            return
        change = SettingChange(self._chosen().rule, self._text.toPlainText(), day)
        self.carry_out(
            setting_changes.change_setting, change, lambda outcome: self.desk.toast(outcome.words)
        )


def open_text_dialog(
    desk: Desk, parent: QWidget, rows: Sequence[TextRow], language: Language = Language.ENGLISH
) -> None:
    """Open it at the first event."""
    dialog = TextDialog(desk, parent, rows)
    box = dialog.findChild(ChoiceBox, "language")
    if box is not None:
        box.choose(language)
    dialog.open()
