"""`sacco-desktop trial-balance`: the accounts that moved, with their balances, and both sides below."""

from __future__ import annotations

from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.books.ledger import TrialBalance


def show(found: TrialBalance) -> int:
    """Print the trial balance; 1 when its sides differ."""
    for row in found.rows:
        if row.debit_cents or row.credit_cents:
            print(f"{row.code}  {row.name:<44}{format_amount(row.balance_cents):>18}")
    print(f"Debit {format_amount(found.debit_cents)}  Credit {format_amount(found.credit_cents)}")
    return 0 if found.is_square else 1
