"""The last line of the window: is everything saved, is there a backup, what is under way."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.operations.lanes import Lane
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

# Words that come and go within a blink disquiet; so they wait.
_PATIENCE_MS = 300
# What a person reads while a lane works, the most important first.
_BUSY: Mapping[Lane, str] = {
    Lane.WRITE: "Saving…",
    Lane.NET: "Talking to the outside…",
    Lane.RENDER: "Drawing papers…",
    Lane.READ: "Reading…",
}


class StatusBar(QWidget):
    """`in_flight_asked` tells of a click on the payments that are under way."""

    in_flight_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: dict[str, int] = {}
        self._progress = ""
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._saved = plain_label("Saved", TextRole.SECONDARY, name="saved")
        self._backup = plain_label("", TextRole.SECONDARY, name="backup")
        self._work = plain_label("", TextRole.SECONDARY, name="work_under_way")
        self._in_flight = push_button("", name="in_flight", kind=ButtonKind.LINK)
        self._in_flight.clicked.connect(self.in_flight_asked)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._show_work)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, 1, S, 1)
        row.setSpacing(L)
        row.addWidget(self._saved)
        row.addWidget(self._backup)
        row.addStretch(1)
        row.addWidget(self._work)
        row.addWidget(self._in_flight)
        theme.changed.connect(self._fit)
        self._fit()
        self.say_in_flight("")

    @Slot(str, int)
    def is_busy(self) -> bool:
        """Whether anything is under way of which people are told."""
        return any(self._counts.get(lane) for lane in _BUSY)

    def say_busy(self, lane: str, count: int) -> None:
        """How many jobs a lane has; it is shown when it lasts."""
        self._counts[lane] = count
        if not any(self._counts.values()):
            self._patience.stop()
            self._show_work()
        elif not self._patience.isActive():
            self._patience.start()

    @Slot(str)
    def say_progress(self, words: str) -> None:
        """`Statements 120 of 412, about 2 min`; empty when the job has ended."""
        self._progress = words
        self._show_work()

    def say_backup(self, words: str) -> None:
        """When the last backup was made and whether it was checked."""
        self._backup.setText(words)

    def say_in_flight(self, words: str) -> None:
        """`2 in flight KES 42,000.00`; empty when all is settled."""
        self._in_flight.setText(words)
        self._in_flight.setVisible(bool(words))

    def work_words(self) -> str:
        """What the person reads about work under way."""
        return self._work.text()

    @Slot()
    def _show_work(self) -> None:
        busy = next((words for lane, words in _BUSY.items() if self._counts.get(lane)), "")
        self._work.setText(self._progress or busy)
        self._saved.setText("" if self._counts.get(Lane.WRITE) and busy else "Saved")

    def _fit(self) -> None:
        self.setMinimumHeight(self._theme.sizes.status_bar)
