"""What every step of an import shares: where it stands on the page, and how it asks the page to act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from sacco_desktop.services.old_books.dry_run import DraftView
from sacco_desktop.ui.theme.sizes import L, M

Service = Callable[[Any, Any], Any]


class Acts(Protocol):
    """What a step may ask of the page."""

    def write(self, service: Service, given: object, told: str = "") -> None:
        """Run a service, say `told`, and read the draft again."""

    def go_on(self) -> None:
        """Open the next step."""


class Step(QWidget):
    """One of the five steps; `column` takes its parts, which scroll when there is no room."""

    def __init__(self, name: str, *, scrolls: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.view: DraftView | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(L, M, L, M)
        self.column.setSpacing(M)
        if scrolls:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setAccessibleName(name.replace("_", " "))
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setWidget(inner)
            outer.addWidget(area)
        else:
            outer.addWidget(inner)

    def show_draft(self, view: DraftView) -> None:
        """Show a draft as it was read last."""
        self.view = view
