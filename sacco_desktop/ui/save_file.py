"""Lets a person choose where a file shall lie, and writes it there on the lane of papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from sacco_desktop.documents.saving import save_whole
from sacco_desktop.ui.desk import Desk


def ask_where(
    owner: QWidget, title: str, proposed: str, kind: str, chosen: Callable[[Path], None]
) -> None:
    """Propose a name among the documents of the person; `kind` is such as `CSV (*.csv)`."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(place) if place else Path.home()
    dialog = QFileDialog(owner, title, str(folder / proposed), kind)
    dialog.setObjectName("export_dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(proposed).suffix.removeprefix("."))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()


def write_file(
    desk: Desk, owner: QWidget, path: Path, make: Callable[[], bytes], what: str
) -> None:
    """Make the file and write it; `what` names it where it could not be written."""
    desk.background.render(
        lambda: save_whole(path, make(), what),
        owner=owner,
        done=lambda _: desk.toast(f"Saved as {path}."),
    )
