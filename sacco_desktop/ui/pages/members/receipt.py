"""Prints the receipt of a deposit: counts the print, draws it on the render lane, shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.documents.receipt import draw_receipt
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services import deposits
from sacco_desktop.services.deposits import ReceiptRequest, TakenDeposit
from sacco_desktop.services.papers import DepositReceipt
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.paper_names import paper_name


def show_receipt(desk: Desk, owner: QObject, receipt: str) -> None:
    """Show the receipt with this number; from the second time on it says COPY."""
    desk.background.write(
        deposits.receipt_paper,
        ReceiptRequest(receipt),
        owner=owner,
        done=lambda paper: _draw(desk, owner, paper),
    )


def taken_words(deposit: TakenDeposit, full_name: str) -> str:
    """What is told when a deposit is in the books."""
    return (
        f"Recorded. {format_kes(deposit.amount_cents)} from {full_name}, receipt {deposit.receipt}."
        f" Deposits now {format_kes(deposit.balance_after_cents)}."
    )


def _draw(desk: Desk, owner: QObject, receipt: DepositReceipt) -> None:
    number = receipt.receipt_number
    name = paper_name(receipt.member_number, receipt.member_name, "Receipt", number)
    desk.background.render(
        lambda: draw_receipt(receipt),
        owner=owner,
        done=lambda pdf: desk.show_paper(Paper(pdf, f"Receipt {number}", name)),
    )
