"""File › Back up now: asks where a copy of the books shall lie and says when it is proven."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date, format_time
from sacco_desktop.operations.copies import Manifest, back_up, made_words
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.save_file import ask_where

_KIND = "Copies of the books (*.db)"


def ask_and_back_up(desk: Desk, owner: QWidget, then: Callable[[], None] = lambda: None) -> None:
    """Let the person choose a file, best on another disk, then copy the books into it; `then` is called after that."""
    name = f"books-{business_date(desk.now()).isoformat()}-{format_time(desk.now()).replace(':', '')}.db"
    ask_where(
        owner, "Back up the books", name, _KIND, lambda path: back_up_to(desk, owner, path, then)
    )


def back_up_to(
    desk: Desk, owner: QWidget, path: Path, then: Callable[[], None] = lambda: None
) -> None:
    """Copy the books into this file; work goes on meanwhile."""
    actor = desk.actor

    def made(manifest: Manifest) -> None:
        desk.toast(f"Copied and proven: {made_words(manifest)}. It lies in {path}.")
        then()

    desk.background.operate(
        lambda: back_up(desk.office, path, actor),
        owner=owner,
        done=made,
    )
