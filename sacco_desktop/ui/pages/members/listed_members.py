"""Which members the list has: all of a small society; of a large one the first and whoever is looked for, until all are
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import FirstMembers, MemberRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.list_page import ListPage

_FIRST = "These are the first {count:,} members. Type a name, a number, a phone or an ID to find any other."
_FOUND = "These are the first {count:,} who fit. Type more to find any other."


class ListedMembers(QObject):
    """Reads the rows of the list and shows them; `shown` is called whenever others stand there."""

    def __init__(self, desk: Desk, rows: ListPage, shown: Callable[[], None]) -> None:
        super().__init__(rows)
        self._desk, self._list, self._shown = desk, rows, shown
        self._is_read = self._is_part = self._wants_all = False
        self._waiting: list[Callable[[], None]] = []
        self._wanted: int | None = None
        rows.older.asked.connect(self.want_all)
        # Only of all members can it be said who is late, or who has the largest deposits.
        rows.filter_bar.saved_changed.connect(self._filtered)
        rows.table.horizontalHeader().sortIndicatorChanged.connect(self._sorted)

    def reload(self) -> None:
        """Read what is listed again. At first a few come before the rest, so that nobody waits for all."""
        self._list.show_loading()
        if self._is_part and not self._wants_all:
            self._find(self._list.filter_bar.line.text())
        elif self._is_read:
            self._read_all()
        else:
            self._read_first()

    def go_to(self, member_id: int, number: str = "") -> None:
        """The news of a change makes the list read again; then the cursor goes to whom it was about."""
        self._wanted = member_id
        if self._list.table.select_key(member_id) or not (self._is_part and number):
            return
        self._list.filter_bar.line.setText(number)

    def want_all(self) -> None:
        """List all members, however many there are."""
        if self._is_part and not self._wants_all:
            self._wants_all = True
            self._list.show_loading()
            self._list.show_behind("The other members are being read.")
            self._read_all()

    def when_all(self, act: Callable[[], None]) -> None:
        """Do this when all members are listed."""
        if self._is_part:
            self._waiting.append(act)
            self.want_all()
        else:
            act()

    def _read_first(self) -> None:
        self._desk.background.read_anew(
            members.first_members,
            None,
            owner=self._list,
            done=self._show_first,
            failed=self._failed,
        )

    def _read_all(self) -> None:
        self._desk.background.read_anew(
            members.list_members, None, owner=self._list, done=self._show_all, failed=self._failed
        )

    def _find(self, typed: str) -> None:
        """Each letter asks the books; an answer to what was typed before is no answer any more."""
        if not typed.strip():
            self._read_first()
            return

        def show(rows: Sequence[MemberRow]) -> None:
            if self._is_part and typed == self._list.filter_bar.line.text():
                self._show_part(rows, _FOUND)

        self._desk.background.read_anew(
            members.find_more, typed, owner=self._list, done=show, failed=self._failed
        )

    def _show_first(self, found: FirstMembers) -> None:
        """They are all there are, or the rest is read behind them, or nobody looks through so many."""
        if self._is_read and not self._is_part:
            # Something changed while these were read, and others are shown already.
            self._read_all()
        elif found.are_many and not self._wants_all:
            self._begin_part()
            if not self._list.filter_bar.line.text().strip():
                self._show_part(found.rows, _FIRST)
        elif not self._is_part:
            self._show(found.rows)
            if len(found.rows) == members.AT_FIRST:
                words = f"These are the first {len(found.rows):,}. The others are being read."
                self._list.show_behind(words)
                self._read_all()

    def _begin_part(self) -> None:
        if self._is_part:
            return
        self._is_part = True
        self._list.find_by(self._find)
        self._list.older.offer("Show all members")
        if self._list.filter_bar.saved_key():
            self.want_all()

    def _show_part(self, rows: Sequence[MemberRow], words: str) -> None:
        """Whoever is ticked stays in the list."""
        if self._wants_all:
            return
        there = {row.member_id for row in rows}
        ticked = self._list.table.table_model.ticked_rows()
        is_cut = len(rows) == members.AT_FIRST
        self._show([*rows, *(row for row in ticked if row.member_id not in there)])
        self._list.show_behind(words.format(count=len(rows)) if is_cut else "")

    def _show_all(self, rows: Sequence[MemberRow]) -> None:
        if self._is_part:
            self._is_part = False
            self._list.find_by(None)
            self._list.older.hide()
        self._show(rows)
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    def _show(self, rows: Sequence[MemberRow]) -> None:
        self._is_read = True
        self._shown()
        self._list.show_behind("")
        self._list.set_rows(rows)
        if self._wanted is not None:
            self._list.table.select_key(self._wanted)
            self._wanted = None

    def _failed(self, error: BaseException) -> None:
        self._wants_all = False
        self._waiting.clear()
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._list)
        self._list.show_failed(
            "The members could not be read. Nothing is lost; the other pages work.", self.reload
        )

    def _filtered(self, key: str) -> None:
        if key:
            self.want_all()

    def _sorted(self, column: int) -> None:
        if column >= 0:
            self.want_all()
