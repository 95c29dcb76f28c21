"""Asks another person to skip the damaged entry at which a relay's feed stands, with its raw bytes to look at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from sacco_desktop.services.feed import damaged_entries
from sacco_desktop.services.feed.damaged_entries import DamagedRow, SkipRequest
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.settings.limit_dialog import SENT
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import plain_label

_BYTES_IN_A_LINE = 16
# As wide as a line of bytes with their letters beside them.
_LETTERS = 132


def open_skip_dialog(desk: Desk, parent: QWidget, row: DamagedRow) -> None:
    """Show what came, name the payments it could be about, and ask why it should be skipped."""
    plan = FormPlan(
        "skip_dialog",
        f"Skip entry {row.sequence:,} of {row.relay_name}",
        "Ask for approval",
        "Another person must approve it. Its news is then lost for ever: M-Pesa is asked about every open payment, and"
        " sending stays stopped until a treasurer has compared with the statement.",
        _LETTERS,
    )
    dialog = FormDialog(desk, plan, parent)
    known = ", ".join(row.payouts) or "none that these books know"
    payouts = plain_label(known, name="open_payments", wraps=True)
    payouts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    raw = QPlainTextEdit(bytes_in_words(row.header + row.box))
    raw.setObjectName("raw_bytes")
    raw.setReadOnly(True)
    raw.setTabChangesFocus(True)
    raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    raw.setFont(_in_columns(desk))
    reason = QLineEdit()
    reason.setObjectName("reason")
    reason.setMaxLength(300)
    words = "What the operator of the relay says of this entry, and what M-Pesa's statement shows."
    dialog.form.add_row("reason", "Reason", reason, words)
    dialog.form.add_row(
        "open_payments", "Open payments", payouts, "It could be about one of these."
    )
    dialog.form.add_row("raw_bytes", "As it came", raw, f"{row.why.capitalize()}.")

    def submit() -> None:
        asked = SkipRequest(row.entry_id, reason.text())
        dialog.carry_out(damaged_entries.ask_skip, asked, lambda _id: desk.toast(SENT))

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def _in_columns(desk: Desk) -> QFont:
    """Letters of one width, so that the bytes stand under each other."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(desk.theme.sizes.points)
    return font


def bytes_in_words(data: bytes) -> str:
    """Lines of 16 bytes: the place, the bytes in hexadecimal, and the letters among them."""
    lines = []
    for start in range(0, len(data), _BYTES_IN_A_LINE):
        piece = data[start : start + _BYTES_IN_A_LINE]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        lines.append(f"{start:05d}  {piece.hex(' '):<47}  {letters}")
    return "\n".join(lines)
