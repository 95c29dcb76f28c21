"""The fields that say by which way somebody is paid, and where that way leads; every dialog that asks for a payout has
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit

from sacco_desktop.domain.payout_ways import WAY_WORDS, Destination, Way
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form import Form

_BANK_ROWS = (
    ("bank", "Bank", "Equity Bank"),
    ("bank_code", "Bank code", "68"),
    ("branch_code", "Branch code", "123"),
    ("account_number", "Account number", "0123456789"),
)


class WayFields:
    """Rows in a form of its owner. Only those that the chosen way needs are seen; `changed` is told of a choice."""

    def __init__(self, form: Form, payee: str, changed: Callable[[Way], None]) -> None:
        self._form = form
        self._changed = changed
        self._asks_name = not payee
        self.box = ChoiceBox("way")
        self.payee = _line("payee", "As it stands on the account or the cheque")
        self.payee.setText(payee)
        self._bank = {name: _line(name, example) for name, _title, example in _BANK_ROWS}
        form.add_row("way", "Paid by", self.box)
        form.add_row("payee", "Paid to", self.payee)
        for name, title, _example in _BANK_ROWS:
            form.add_row(name, title, self._bank[name])
        self.box.currentIndexChanged.connect(self._fit)

    def offer(self, ways: Sequence[Way]) -> None:
        """Offer these ways, the first of them chosen unless another was before."""
        self.box.set_choices([(way, WAY_WORDS[way]) for way in ways])
        self._fit()

    def want_name(self) -> None:
        """Nobody is known yet, so whoever is paid is written by name for every way."""
        self._asks_name = True
        self._fit()

    def know_name(self, payee: str) -> None:
        """A member is paid; their own name stands unless another account is wanted."""
        self._asks_name = False
        self.payee.setText(payee)
        self._fit()

    @property
    def way(self) -> Way:
        """The chosen way."""
        way = self.box.value()
        return way if isinstance(way, Way) else Way.MPESA

    def destination(self) -> Destination:
        """What was typed of it; the service judges it."""
        return Destination(
            self.payee.text().strip(), **{name: line.text() for name, line in self._bank.items()}
        )

    def _fit(self) -> None:
        way = self.way
        self._form.show_row("payee", self._asks_name or way in (Way.BANK, Way.CHEQUE))
        for name in self._bank:
            self._form.show_row(name, way is Way.BANK)
        self._changed(way)


def _line(name: str, example: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setPlaceholderText(example)
    return line
