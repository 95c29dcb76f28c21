"""Writes a note on a request without deciding on it; everybody who sees the request reads it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.services.office import approval_notes
from sacco_desktop.services.office.approval_notes import NewNote
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.approvals.columns import subject_of
from sacco_desktop.ui.pages.approvals.kind_words import KIND_WORDS
from sacco_desktop.ui.pages.approvals.requests import Request
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.note_edit import NoteEdit


class DiscussDialog(FormDialog):
    """A question or an answer, in a few words."""

    def __init__(self, desk: Desk, parent: QWidget, request: Request) -> None:
        kind = KIND_WORDS[request.row.kind].lower()
        plan = FormPlan(
            "discuss_dialog",
            f"Discuss {kind}: {subject_of(request)}",
            "Write note",
            "A note decides nothing. It stays with the request, with your name and the time.",
        )
        super().__init__(desk, plan, parent)
        self._request = request
        self._words = NoteEdit("words")
        self.form.add_row("words", "Note", self._words, f"{request.row.asked_by} will read it.")
        self.submitted.connect(self._write)

    def _write(self) -> None:
        self.form.clear_errors()
        note = NewNote(self._request.row.request_id, self._words.toPlainText())
        self.carry_out(
            approval_notes.discuss,
            note,
            lambda _nothing: self.desk.toast(
                "Your note is there for everybody. Nothing was decided."
            ),
        )
