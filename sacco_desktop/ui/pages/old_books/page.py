"""The page of imports: File, Columns, Check, Compare totals, Import. Leaving it keeps the draft."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.old_books import drafts, dry_run
from sacco_desktop.services.old_books.dry_run import DraftView
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.old_books.check_step import CheckStep
from sacco_desktop.ui.pages.old_books.columns_step import ColumnsStep
from sacco_desktop.ui.pages.old_books.file_step import STATUS_WORDS, FileStep
from sacco_desktop.ui.pages.old_books.import_step import ImportStep
from sacco_desktop.ui.pages.old_books.step import Service, Step
from sacco_desktop.ui.pages.old_books.totals_step import TotalsStep
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button

TITLES = ("1 File", "2 Columns", "3 Check", "4 Compare totals", "5 Import")


def old_books_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return OldBooksPage(desk).page()


class OldBooksPage(QWidget):
    """Holds the draft that is worked on; every step shows a part of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._import_id: int | None = None
        self.setObjectName("old_books_page")
        self.file_step = FileStep(desk, self.open_import, may(desk.actor.roles, Act.IMPORT_BOOKS))
        self.columns_step = ColumnsStep(desk.theme, self, lambda: business_date(desk.now()))
        self.check_step = CheckStep(desk, self)
        self.totals_step = TotalsStep(desk.theme, self)
        self.import_step = ImportStep(desk, self)
        self._steps: tuple[Step, ...] = (
            self.file_step,
            self.columns_step,
            self.check_step,
            self.totals_step,
            self.import_step,
        )
        self._head = plain_label("Import old books", TextRole.TITLE, name="import_head", wraps=True)
        self._trouble = Callout(desk.theme, "", ChipColour.RED)
        self._trouble.hide()
        self._stack = QStackedWidget()
        for step in self._steps:
            self._stack.addWidget(step)
        self._lay_out()
        self.show_step(0)

    def page(self) -> Page:
        """What the window gets."""
        return Page(
            self,
            self.file_step.choose_button,
            {"refresh": self.reload, "next_problem": self.next_problem},
            (self._stack,),
            frozenset({Topic.IMPORTS, Topic.MEMBERS, Topic.LOANS}),
            self.reload,
        )

    def reload(self) -> None:
        """Read the list of imports and the draft that is open."""
        background = self._desk.background
        background.read(
            drafts.list_imports,
            None,
            owner=self,
            done=self.file_step.set_imports,
            failed=lambda _error: self.file_step.show_unread(),
        )
        if self._import_id is not None:
            background.read(dry_run.look, self._import_id, owner=self, done=self._show)

    def open_import(self, import_id: int) -> None:
        """Go on with an import: where there is a question at the columns, else at the rows."""
        self._import_id = import_id

        def show(view: DraftView) -> None:
            self._show(view)
            self.show_step(4 if view.status != "draft" else 1 if view.open_questions else 2)

        self._desk.background.read(dry_run.look, import_id, owner=self, done=show)

    def show_step(self, place: int) -> None:
        """Open one of the five steps."""
        self._stack.setCurrentIndex(place)
        self._buttons.buttons()[place].setChecked(True)
        self._next.setVisible(place < len(TITLES) - 1)

    def go_on(self) -> None:
        """Open the next step."""
        self.show_step(min(self._stack.currentIndex() + 1, len(TITLES) - 1))

    def write(self, service: Service, given: object, told: str = "") -> None:
        """Run a service for a step; its change makes the page read again."""
        self._trouble.hide()

        def done(_answer: Any) -> None:
            if told:
                self._desk.toast(told)

        self._desk.background.write(service, given, owner=self, done=done, failed=self._failed)

    def _show(self, view: DraftView) -> None:
        if view.import_id != self._import_id:
            return
        sheet = f" · sheet “{view.sheet}”" if view.sheet else ""
        self._head.setText(f"{view.file_name}{sheet}")
        self._facts.setText(
            f"{view.made_of} · heading in row {view.heading_row} · {len(view.rows):,} rows"
            f" · {STATUS_WORDS.get(view.status, view.status)}"
        )
        for step in self._steps[1:]:
            step.show_draft(view)
        for button in self._buttons.buttons()[1:]:
            button.setEnabled(True)
        self._next.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, SaccoError):
            self._trouble.say(error.message, ChipColour.RED)
            self._trouble.show()
            # What the draft says now is shown again, so that no field claims what was refused.
            self.reload()
        else:
            self._desk.show(error, self)

    def next_problem(self) -> None:
        """F8: the next row with a problem, on the step Check."""
        if self._import_id is not None:
            self.show_step(2)
            self.check_step.next_problem()

    def _lay_out(self) -> None:
        self._facts = plain_label("", TextRole.SECONDARY, name="import_facts", wraps=True)
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        bar = FlowLayout()
        for place, title in enumerate(TITLES):
            button = push_button(title, name=f"import_step_{place + 1}")
            button.setCheckable(True)
            button.setEnabled(place == 0)
            button.clicked.connect(lambda _, at=place: self.show_step(at))
            self._buttons.addButton(button)
            bar.addWidget(button)
        self._next = push_button("Next", name="import_next")
        self._next.setEnabled(False)
        self._next.clicked.connect(self.go_on)
        bar.addWidget(self._next)
        head = QVBoxLayout()
        head.setContentsMargins(L, M, L, 0)
        head.setSpacing(S)
        for part in (self._head, self._facts):
            head.addWidget(part)
        head.addLayout(bar)
        head.addWidget(self._trouble)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
