"""Step 5: ask another person to take the rows in; afterwards what came of it, and how it is undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from sacco_desktop.documents.opening_letters import draw_letters
from sacco_desktop.domain.old_books.lines import RowState
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.old_books import asking, letters, undoing
from sacco_desktop.services.old_books.asking import AskImport
from sacco_desktop.services.old_books.dry_run import DraftView
from sacco_desktop.services.old_books.letters import OpeningLetters
from sacco_desktop.services.old_books.undoing import UndoImport
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.pages.old_books.step import Acts, Step
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import ButtonKind, plain_label, push_button
from sacco_desktop.ui.widgets.ticks import TickBox

_WHOLE_WIDTH = Qt.AlignmentFlag(0)


class ImportStep(Step):
    """Shows only what can be done with the import as it stands."""

    def __init__(self, desk: Desk, acts: Acts) -> None:
        super().__init__("import_last_step")
        self._desk, self._acts = desk, acts
        roles = desk.actor.roles
        self._may_ask, self._may_undo = may(roles, Act.IMPORT_BOOKS), may(roles, Act.APPROVE_IMPORT)
        self._told = Callout(desk.theme, "", ChipColour.BLUE)
        self.leaves_out = TickBox(desk.theme, "Leave out the rows with problems", name="leaves_out")
        self.ask_button = push_button(
            "Ask for approval", name="ask_import", kind=ButtonKind.PRIMARY
        )
        self.ask_button.clicked.connect(self.ask)
        self.back_button = push_button("Take the request back", name="take_import_back")
        self.back_button.clicked.connect(self.take_back)
        self.letters_button = push_button("Print letters to members…", name="print_letters")
        self.letters_button.clicked.connect(self.print_letters)
        self._why = plain_label("Why it is undone")
        self.reason = QLineEdit()
        self.reason.setObjectName("undo_reason")
        self.reason.setAccessibleName("Why the import is undone")
        self._why.setBuddy(self.reason)
        self.undo_button = push_button("Undo this import", name="undo_import")
        self.undo_button.clicked.connect(self.undo)
        for part in (
            self._told,
            self.leaves_out,
            self.ask_button,
            self.back_button,
            self.letters_button,
            self._why,
            self.reason,
            self.undo_button,
        ):
            button = isinstance(part, QPushButton)
            self.column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if button else _WHOLE_WIDTH)
        self.column.addStretch(1)

    def show_draft(self, view: DraftView) -> None:
        super().show_draft(view)
        bad = len(view.checked.in_state(RowState.PROBLEM))
        is_draft = view.status == "draft"
        self._told.say(_told(view), _COLOURS[view.status])
        self.leaves_out.setText(f"Leave out the rows with problems: {bad:,}")
        self.leaves_out.setVisible(is_draft and bad > 0)
        self.ask_button.setVisible(is_draft and self._may_ask)
        self.back_button.setVisible(view.status == "asked" and self._may_ask)
        has_letters = view.status == "imported" and view.entry_number is not None
        self.letters_button.setVisible(has_letters)
        undoes = view.status == "imported" and view.can_be_undone and self._may_undo
        for part in (self._why, self.reason, self.undo_button):
            part.setVisible(undoes)

    def ask(self) -> None:
        """Ask another person; nothing is imported by it."""
        if self.view is not None:
            given = AskImport(self.view.import_id, self.view.version, self.leaves_out.isChecked())
            self._acts.write(
                asking.ask, given, "Asked. Another person agrees on the page Approvals."
            )

    def take_back(self) -> None:
        """Take the request back, so that the draft can be changed."""
        if self.view is not None:
            self._acts.write(asking.take_back, self.view.import_id, "Taken back.")

    def print_letters(self) -> None:
        """A page for each member with the balances that were brought forward."""
        if self.view is None:
            return
        name = f"Opening balances {self.view.import_id}"

        def drawn(pdf: bytes) -> None:
            self._desk.show_paper(Paper(pdf, "Letters of opening balances", f"{name}.pdf"))

        def read(paper: OpeningLetters) -> None:
            self._desk.background.render(lambda: draw_letters(paper), owner=self, done=drawn)

        self._desk.background.write(letters.letters, self.view.import_id, owner=self, done=read)

    def undo(self) -> None:
        """Take the members and loans out again by a reversal."""
        if self.view is not None:
            given = UndoImport(self.view.import_id, self.reason.text())
            self._acts.write(undoing.undo, given, "The import is undone.")


_COLOURS = {
    "draft": ChipColour.BLUE,
    "asked": ChipColour.BLUE,
    "imported": ChipColour.GREEN,
    "undone": ChipColour.GREY,
    "dropped": ChipColour.GREY,
}


def _told(view: DraftView) -> str:
    checked = view.checked
    if view.status == "imported":
        entry = (
            f" Entry {view.entry_number} brought the balances forward." if view.entry_number else ""
        )
        undo = (
            " It can be undone until the first entry uses it."
            if view.can_be_undone
            else " It is in use, so it cannot be undone any more."
        )
        return f"{view.taken:,} rows are in the books.{entry}{undo}"
    if view.status == "undone":
        return "This import was undone. Its entry was reversed."
    counts = (
        f"Ready {len(checked.lines):,} · with problems {len(checked.in_state(RowState.PROBLEM)):,}"
        f" · there already {len(checked.in_state(RowState.ALREADY)):,}."
    )
    if view.status == "asked":
        return f"{counts} Another person agrees on the page Approvals."
    return f"{counts} Nothing is in the books before another person has agreed."
