"""The quiet word beside a figure that can be asked about, the same everywhere; F4 asks about the first of a page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from sacco_desktop.ui.widgets.labels import ButtonKind, push_button


def explain_link(name: str, figure: str, act: Callable[[], None]) -> QPushButton:
    """`Explain`; a screen reader says which figure."""
    link = push_button("Explain", name=name, kind=ButtonKind.LINK)
    link.setAccessibleName(f"Explain: {figure}")
    link.setToolTip(f"Why {figure} is so much (F4)")
    link.clicked.connect(lambda: act())
    return link
