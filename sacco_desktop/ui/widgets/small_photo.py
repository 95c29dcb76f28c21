"""A photo as a panel shows it: small, with its corners as they are, and nothing where it cannot be drawn."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QLabel

from sacco_desktop.ui.widgets.details import Details

# In lines of text: a face can be told, and the balance below stays in sight.
_LINES = 6


def small_photo(details: Details) -> QLabel | None:
    """The picture of these details; None without one, or when its file cannot be drawn."""
    label = QLabel()
    side = label.fontMetrics().lineSpacing() * _LINES
    image = _read(details.picture, side) if details.picture else None
    if image is None:
        return None
    label.setObjectName("panel_photo")
    label.setAccessibleName(f"Photo of {details.title}")
    label.setPixmap(image)
    return label


def _read(content: bytes, side: int) -> QPixmap | None:
    """The file read at the size at which it is shown, so that a large photo takes no more than a small one."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    whole = reader.size()
    if whole.isValid() and (whole.width() > side or whole.height() > side):
        reader.setScaledSize(whole.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
