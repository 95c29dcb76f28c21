"""The line in which a person says why."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

_LONGEST = 300


def reason_edit(name: str = "reason") -> QLineEdit:
    """A line for one or two sentences."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setMaxLength(_LONGEST)
    return line
