"""What is told when a deposit is in the books."""

from __future__ import annotations

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.savings.deposits import TakenDeposit


def taken_words(deposit: TakenDeposit, full_name: str) -> str:
    """The sum, from whom, the receipt, and the deposits afterwards."""
    return (
        f"Recorded. {format_kes(deposit.amount_cents)} from {full_name}, receipt {deposit.receipt}."
        f" Deposits now {format_kes(deposit.balance_after_cents)}."
    )
