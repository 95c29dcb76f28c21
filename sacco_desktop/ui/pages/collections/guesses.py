"""Whose a payment may be, as its panel says it, with the reasons. A figure key takes a guess into the line below the
list; only a person gives the payment away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from sacco_desktop.services.collecting import suggestions
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.services.collecting.suggestions import Suggestion
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_page import ListPage

Take = Callable[[PaymentRow, Suggestion], None]
_MOST = 6


class Guesses(QObject):
    """Reads the guesses of the payment under the cursor, once until the list is read again."""

    def __init__(self, desk: Desk, rows: ListPage, take: Take) -> None:
        super().__init__(rows)
        self._desk, self._list, self._take = desk, rows, take
        self._found: dict[int, tuple[Suggestion, ...]] = {}
        for place in range(_MOST):
            key = QShortcut(QKeySequence(str(place + 1)), rows.table)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)
            key.activated.connect(partial(self._take_by_key, place))

    def forget(self) -> None:
        """The books have changed."""
        self._found.clear()

    def read(self, row: PaymentRow | None) -> None:
        """Look for whose the payment under the cursor may be."""
        if row is None or row.receipt_id in self._found:
            return
        receipt_id = row.receipt_id
        self._found[receipt_id] = ()

        def keep(found: tuple[Suggestion, ...]) -> None:
            self._found[receipt_id] = found
            now = self._list.table.current_row()
            if found and now is not None and now.receipt_id == receipt_id:
                self._list.refresh_details()

        self._desk.background.read(suggestions.find, receipt_id, owner=self, done=keep)

    def told(self, row: PaymentRow, said: Details) -> Details:
        """The panel of the payment with what was found."""
        found = self._found.get(row.receipt_id, ())
        if not found:
            return said
        facts = tuple((f"Guess {at}", " ".join(one.reasons)) for at, one in enumerate(found, 1))
        actions = tuple(
            PanelAction(
                f"guess_{at}",
                f"{at}  {one.full_name}, {one.number}",
                partial(self._take, row, one),
            )
            for at, one in enumerate(found, 1)
        )
        return replace(
            said, facts=(*said.facts, *facts), other_actions=(*actions, *said.other_actions)
        )

    def _take_by_key(self, place: int) -> None:
        row: PaymentRow | None = self._list.table.current_row()
        if row is None:
            return
        found = self._found.get(row.receipt_id, ())
        if place < len(found):
            self._take(row, found[place])
