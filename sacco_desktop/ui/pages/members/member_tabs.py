"""The tabs of a member's page: one overview that scrolls, and tables with their sums."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.window.member_sheet import MemberLoan, MemberSheet, Room
from sacco_desktop.ui.explain_dialog import Asked
from sacco_desktop.ui.pages.members.columns import (
    Sight,
    facts_of,
    late_note,
    overdue_note,
    phone_note,
)
from sacco_desktop.ui.theme.sizes import XS, L, M
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.explain_link import explain_link
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import TextRole, hairline, plain_label
from sacco_desktop.ui.widgets.list_foot import ListFoot
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable


class TableTab(QWidget):
    """A table and the sums of what it shows; `nothing` stands in the foot while there are no rows."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        columns: Sequence[Column[Any]],
        key: Callable[[Any], Hashable],
        nothing: str,
    ) -> None:
        super().__init__()
        self._nothing = nothing
        self.table = FrozenTable(theme, columns, key, name=f"{name}_table")
        self.foot = ListFoot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        lead_focus(self, self.table)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show other rows."""
        self.table.set_rows(rows)
        count = f"{len(rows):,} {'line' if len(rows) == 1 else 'lines'}"
        sums = self.table.table_model.sums() if rows else []
        self.foot.say(count if rows else self._nothing, sums)


class LoansTab(QWidget):
    """The loans, and below them the schedule of the one under the cursor."""

    def __init__(self, theme: Theme, columns: Sequence[Column[MemberLoan]]) -> None:
        super().__init__()
        nothing = "No loan yet."
        self.loans = TableTab(
            theme, "member_loans", columns, lambda loan: loan.row.loan_id, nothing
        )
        self.schedule = ScheduleTable(theme, name="member_schedule")
        self._title = plain_label("", TextRole.STRONG, name="schedule_title", wraps=True)
        self._title.setContentsMargins(L, XS, L, XS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.loans, 2)
        column.addWidget(self._title)
        column.addWidget(self.schedule, 3)
        self.loans.table.current_changed.connect(self._show_schedule)
        lead_focus(self, self.loans)

    def set_rows(self, rows: Sequence[MemberLoan]) -> None:
        """Show other loans."""
        self.loans.set_rows(rows)
        self._show_schedule(self.loans.table.current_row())

    def _show_schedule(self, loan: MemberLoan | None) -> None:
        rows = loan.schedule if loan is not None else ()
        words = ""
        if loan is not None:
            words = f"Schedule of {loan.row.number}"
            if not rows:
                words = f"{loan.row.number} has a schedule from the day it is paid out."
        self._title.setText(words)
        self.schedule.setVisible(bool(rows))
        self.schedule.set_rows(rows)


class Overview(QScrollArea):
    """What is special, what may be borrowed and why, and the facts."""

    def __init__(self, theme: Theme, ask: Callable[[int], None]) -> None:
        """`ask` is called with the place of a figure in `asked`."""
        super().__init__()
        self._theme = theme
        self._ask = ask
        self.asked: tuple[Asked, ...] = ()
        self.setObjectName("overview")
        self.setAccessibleName("Overview")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_sheet(self, sheet: MemberSheet, sight: Sight) -> None:
        """Show another member, or the same one as the books have it now."""
        self.asked = _asked(sheet)
        body = QWidget()
        body.setObjectName("paper")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        for note in (
            phone_note(sheet.row, sight, sheet.fresh),
            late_note(sheet.row, sight),
            overdue_note(sheet.savings),
            _penalty_note(sheet),
        ):
            if note is not None:
                column.addWidget(Callout(self._theme, note.text, note.colour, note.title))
        column.addWidget(plain_label("Can borrow", TextRole.SECTION))
        rooms = [(room.product, _room_words(room)) for room in sheet.rooms]
        column.addLayout(
            _pairs(rooms or [("", "Only an active member can borrow.")], self._links(0, len(rooms)))
        )
        column.addWidget(hairline())
        column.addWidget(plain_label("Deposits", TextRole.SECTION))
        fines = len(self.asked) - len(sheet.penalties)
        column.addLayout(_pairs(_free_lines(sheet), self._links(len(rooms), fines)))
        if sheet.penalties:
            column.addWidget(hairline())
            column.addWidget(plain_label("Penalties & fines owed", TextRole.SECTION))
            column.addLayout(_pairs(_penalty_lines(sheet), self._links(fines, len(self.asked))))
        column.addWidget(hairline())
        column.addWidget(plain_label("Member", TextRole.SECTION))
        column.addLayout(_pairs(facts_of(sheet.row, sight)))
        column.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(body)

    def _links(self, first: int, end: int) -> list[QPushButton]:
        """For each of these figures the word that asks about it."""
        return [
            explain_link(f"explain_{place}", self.asked[place][0], partial(self._ask, place))
            for place in range(first, end)
        ]


def _pairs(lines: Sequence[tuple[str, str]], links: Sequence[QPushButton] = ()) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(L)
    grid.setVerticalSpacing(XS)
    grid.setColumnStretch(1, 1)
    for place, (name, words) in enumerate(lines):
        # A link is higher than a line of text; beside it all stands in the middle.
        has_link = place < len(links)
        at = Qt.AlignmentFlag.AlignVCenter if has_link else Qt.AlignmentFlag.AlignTop
        grid.addWidget(plain_label(name, TextRole.SECONDARY), place, 0, at)
        label = plain_label(words, name="fact", wraps=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label, place, 1, at)
        if has_link:
            grid.addWidget(links[place], place, 2, at)
    return grid


def _asked(sheet: MemberSheet) -> tuple[Asked, ...]:
    """What can be asked about, in the order of the page."""
    of = sheet.row.member_id
    rooms = (
        (f"Can borrow, {room.product}", Question(Figure.LIMIT, of, room.product_code))
        for room in sheet.rooms
    )
    others = (Figure.FREE_DEPOSITS, Figure.CAPACITY)
    fines = (
        (f"{row.what}, {row.why}", Question(Figure.PENALTY, row.charge_id))
        for row in sheet.penalties
    )
    return (*rooms, *((figure.value, Question(figure, of)) for figure in others), *fines)


def _penalty_note(sheet: MemberSheet) -> Note | None:
    owed = sum(row.left_cents for row in sheet.penalties)
    if not owed:
        return None
    words = f"{format_kes(owed)} of penalties and fines are owed. They are listed below."
    return Note(words, ChipColour.AMBER, "Penalties & fines")


def _penalty_lines(sheet: MemberSheet) -> list[tuple[str, str]]:
    """Each penalty of which something is left."""
    return [(f"{row.what}, {row.why}", format_kes(row.left_cents)) for row in sheet.penalties]


def _free_lines(sheet: MemberSheet) -> list[tuple[str, str]]:
    """What of the deposits is free: to be paid out, and to guarantee with."""
    return [
        (Figure.FREE_DEPOSITS.value, format_kes(sheet.free_deposits_cents)),
        (Figure.CAPACITY.value, sheet.capacity.words),
    ]


def _room_words(room: Room) -> str:
    """`3 × 184,500.00 − other loans 60,000.00 = KES 493,500.00`, or why not."""
    return room.refusal or f"{room.words} = KES {format_amount(room.room_cents)}"
