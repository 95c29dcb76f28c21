"""What a dialog that moves money says before anything moves, as data made by the page."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.ui.widgets.details import Note

NOTHING_YET = (
    "If the power goes now: nothing is sent until you press the button. Then each payment is written to disk "
    "before it is sent. After a restart the program asks M-Pesa about every one. It never pays twice."
)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule that must hold. `is_met` False locks the button; the text says what is so and what
    is missing."""

    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class MoneyPlan:
    """Facts → effect → checks → crash line → who you are → the named button.

    `act` names sum and count: "Pay KES 95,000.00 to 3 members". `confirmations` are sentences a
    person must tick. `asks_password` is False only where no money leaves.
    """

    title: str
    act: str
    amount_cents: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    effects: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()
    confirmations: tuple[str, ...] = ()
    crash_line: str = ""
    keep: str = "Cancel"
    asks_password: bool = True
