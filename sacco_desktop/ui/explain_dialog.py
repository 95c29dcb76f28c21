"""Explain this number: one dialog for every figure that can be asked about, to read, copy, print and follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sacco_desktop.documents.explanation import draw_explanation
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.explanations.explanation import Explanation, as_text
from sacco_desktop.services.explanations.explaining import (
    ExplanationPaper,
    explain,
    explanation_paper,
)
from sacco_desktop.services.explanations.question import OF_ANY_DAY, Question
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name
from sacco_desktop.ui.theme.sizes import XL, L, M, S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.explanation_view import ExplanationView
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

# A figure as it is called where it stands, and what is asked about it.
Asked = tuple[str, Question]
_WIDTH = 640


def open_explanation(desk: Desk, parent: QWidget, asked: Sequence[Asked], first: int = 0) -> None:
    """Show why the first of these figures is what it is; the others are a choice away."""
    if asked:
        ExplainDialog(desk, parent, asked, first).open()


class ExplainDialog(QDialog):
    """Reads each time that another figure or day is chosen; nothing is written unless it is printed."""

    def __init__(self, desk: Desk, parent: QWidget, asked: Sequence[Asked], first: int) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: Explanation | None = None
        self._edition = 0
        self._asked: Question = asked[first][1]
        self.setObjectName("explain_dialog")
        self.setWindowTitle("Explain this number")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._figure = ChoiceBox("figure", [(question, name) for name, question in asked])
        self._figure.setAccessibleName("Figure")
        self._figure.setCurrentIndex(first)
        self._day = DateEdit("as_of", lambda: business_date(desk.now()))
        self._day.setAccessibleName("As of")
        self._day.set_day(asked[first][1].on or business_date(desk.now()))
        self._wrong = plain_label("", TextRole.ERROR, name="as_of_error", wraps=True)
        self._wrong.hide()
        self.view = ExplanationView(desk.theme)
        self._lay_out(parent, has_choice=len(asked) > 1)
        self._figure.currentIndexChanged.connect(lambda _place: self.ask())
        self._day.editingFinished.connect(self.ask)
        self._day.refused.connect(self._refuse)
        self.view.entry_asked.connect(self._open_entry)
        for keys, act in (
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Print, self.print_paper),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self.ask()
        self.view.setFocus()

    def ask(self) -> None:
        """Read the explanation of the chosen figure as of the chosen day."""
        chosen: Question = self._figure.value()
        is_dated = chosen.figure in OF_ANY_DAY
        self._day.setVisible(is_dated)
        self._day_title.setVisible(is_dated)
        try:
            question = self._question(chosen)
        except InvalidInput as error:
            self._refuse(error)
            return
        self._asked = question
        self._wrong.hide()
        self._edition += 1
        edition = self._edition
        self._desk.background.read(
            explain,
            question,
            owner=self,
            done=lambda found: self._show(edition, found),
            failed=lambda error: self._failed(edition, error),
        )

    def copy(self) -> None:
        """Ctrl+C: all of it as plain lines."""
        if self._shown is not None:
            QGuiApplication.clipboard().setText(as_text(self._shown))
            self._desk.toast("Copied. Paste it into a letter or a message.")

    def print_paper(self) -> None:
        """Ctrl+P: one page, in the preview."""
        if self._shown is not None:
            self._desk.background.write(explanation_paper, self._asked, owner=self, done=self._draw)

    def _question(self, chosen: Question) -> Question:
        if chosen.figure not in OF_ANY_DAY:
            return chosen
        return replace(chosen, on=self._day.day() or business_date(self._desk.now()))

    def _refuse(self, error: InvalidInput) -> None:
        """What is shown says its own day; a figure of another day than the one in the field would mislead."""
        self._edition += 1
        self._shown = None
        self._allow(is_allowed=False)
        self.view.say("The figure stands here once the day above can be read.")
        self._wrong.setText(error.message)
        self._wrong.show()

    def _show(self, edition: int, found: Explanation) -> None:
        if edition == self._edition:
            self._shown = found
            self.view.show_explanation(found)
            self._allow(is_allowed=True)

    def _failed(self, edition: int, error: BaseException) -> None:
        if edition != self._edition:
            return
        self._shown = None
        self._allow(is_allowed=False)
        if isinstance(error, SaccoError):
            self.view.say(error.message)
        else:
            self.view.say("The explanation could not be read. Nothing was changed.")
            self._desk.show(error, self)

    def _allow(self, *, is_allowed: bool) -> None:
        for button in (self._copy, self._print):
            button.setEnabled(is_allowed)

    def _draw(self, paper: ExplanationPaper) -> None:
        found = paper.explanation
        name = paper_name(found.title, found.frame.about)
        self._desk.background.render(
            lambda: draw_explanation(paper),
            owner=self,
            done=lambda pdf: self._desk.show_paper(Paper(pdf, f"Why: {found.title}", name)),
        )

    def _open_entry(self, number: int) -> None:
        self.accept()
        self._desk.open_page(f"books/entry-{number}")

    def _lay_out(self, parent: QWidget, *, has_choice: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(S)
        self._day_title = plain_label("As of", TextRole.SECONDARY)
        self._day_title.setBuddy(self._day)
        if has_choice:
            title = plain_label("Figure", TextRole.SECONDARY)
            title.setBuddy(self._figure)
            head.addWidget(title)
            head.addWidget(self._figure, 1)
        else:
            self._figure.setParent(self)
            self._figure.hide()
        head.addWidget(self._day_title)
        head.addWidget(self._day, 1)
        self._copy = push_button("Copy", name="copy_explanation")
        self._copy.clicked.connect(self.copy)
        self._print = push_button("Print…", name="print_explanation")
        self._print.clicked.connect(self.print_paper)
        self._allow(is_allowed=False)
        close = push_button("Close", name="close_explanation")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(S)
        foot.addWidget(self._copy)
        foot.addWidget(self._print)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addLayout(head)
        column.addWidget(self._wrong)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        room = parent.window().size()
        wanted = _WIDTH * self._desk.theme.text_percent // 100
        self.resize(min(wanted, room.width() - XL), min(680, room.height() - XL))
