"""Shows the receipt of money taken at the counter: counts the print, draws it on the render lane, shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.documents.receipt import draw_receipt
from sacco_desktop.services.books.papers import Receipt
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name


def show_receipt(desk: Desk, owner: QObject, receipt: str) -> None:
    """Show the receipt with this number; from the second time on it says COPY."""
    desk.background.write(
        receipts.receipt_paper,
        ReceiptRequest(receipt),
        owner=owner,
        done=lambda paper: _draw(desk, owner, paper),
    )


def _draw(desk: Desk, owner: QObject, receipt: Receipt) -> None:
    number = receipt.receipt_number
    name = paper_name(receipt.member_number, receipt.member_name, "Receipt", number)
    desk.background.render(
        lambda: draw_receipt(receipt),
        owner=owner,
        done=lambda pdf: desk.show_paper(Paper(pdf, f"Receipt {number}", name)),
    )
