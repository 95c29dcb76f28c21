"""The roles of a person, each with what it is for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.permissions import Role
from sacco_desktop.ui.theme.sizes import XS
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.ticks import TickBox

# The clock is the program's own role and nobody's.
ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.OFFICER: ("Officer", "registers members, takes deposits, writes and appraises loans"),
    Role.COMMITTEE: ("Committee", "approves loans and payouts, holds sittings"),
    Role.TREASURER: (
        "Treasurer",
        "asks for payouts, approves those of others, sends, takes deposits",
    ),
    Role.CHAIRPERSON: ("Chairperson", "approves, holds sittings, asks for other approval rules"),
    Role.SECRETARY: ("Secretary", "approves, holds sittings, asks for other approval rules"),
    Role.ACCOUNTANT: ("Accountant", "asks for payouts, transfers and reversals"),
    Role.CASHIER: ("Cashier", "takes deposits and pays cash out at the till"),
    Role.ADMINISTRATOR: ("Administrator", "adds people, sets up M-Pesa and the relay, no money"),
    Role.AUDITOR: ("Auditor", "reads everything and changes nothing, so holds no other role"),
}


def role_names(roles: Iterable[Role]) -> str:
    """`Committee, Officer`."""
    return ", ".join(sorted(ROLE_WORDS[role][0] for role in roles if role in ROLE_WORDS))


class RoleBoxes(QWidget):
    """Tick any number; a person never decides on what he or she asked for, whatever roles are held."""

    def __init__(self, theme: Theme, held: Iterable[Role] = ()) -> None:
        super().__init__()
        self.setObjectName("roles")
        self._boxes: dict[Role, TickBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(XS)
        for role, (name, words) in ROLE_WORDS.items():
            box = TickBox(theme, f"{name}: {words}", name=f"role_{role.value}")
            box.setChecked(role in set(held))
            self._boxes[role] = box
            column.addWidget(box)

    def roles(self) -> frozenset[Role]:
        """What is ticked."""
        return frozenset(role for role, box in self._boxes.items() if box.isChecked())
