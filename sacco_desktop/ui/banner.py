"""A bar under the top bar for states that last, such as a stopped queue. One at a time, the worst first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.labels import ButtonKind, push_button


@dataclass(frozen=True, slots=True)
class BannerNotice:
    """`rank` 0 is the worst. `action` is the one thing to do about it, if there is one; `told_on` is the key of a page
    that says it itself, with more.
    """

    rank: int
    text: str
    colour: ChipColour = ChipColour.AMBER
    action: str = ""
    act: Callable[[], None] | None = None
    told_on: str = ""


class Banner(QWidget):
    """Keeps all lasting states by key and shows the worst of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._notices: dict[str, BannerNotice] = {}
        self._page = ""
        self._callout = Callout(theme)
        self._button = push_button("", name="banner_action", kind=ButtonKind.PLAIN)
        self._button.clicked.connect(self._do)
        inner = self._callout.layout()
        assert inner is not None
        inner.addWidget(self._button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._callout)
        self.hide()

    def set(self, key: str, notice: BannerNotice) -> None:
        """Say that this state lasts; the same key replaces what it said before."""
        self._notices[key] = notice
        self._show_worst()

    def clear(self, key: str) -> None:
        """Say that it is over."""
        self._notices.pop(key, None)
        self._show_worst()

    def be_on(self, page: str) -> None:
        """The page of this key is open now; nothing is said twice on one screen."""
        self._page = page
        self._show_worst()

    def text(self) -> str:
        """What is shown; empty when nothing is wrong."""
        worst = self._worst()
        return worst.text if worst is not None else ""

    def _worst(self) -> BannerNotice | None:
        here = [
            each
            for each in self._notices.values()
            if not each.told_on or each.told_on != self._page
        ]
        return min(here, key=lambda notice: notice.rank, default=None)

    def _show_worst(self) -> None:
        worst = self._worst()
        self.setVisible(worst is not None)
        if worst is not None:
            self._callout.say(worst.text, worst.colour)
            self._button.setText(worst.action)
            self._button.setVisible(worst.act is not None)

    def _do(self) -> None:
        worst = self._worst()
        if worst is not None and worst.act is not None:
            worst.act()
