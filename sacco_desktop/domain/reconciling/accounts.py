"""The accounts of ours of which somebody else keeps a statement."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.domain.chart import (
    BANK_CURRENT,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
)
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.mpesa_accounts import CHARGES, UTILITY, WORKING
from sacco_desktop.domain.reconciling.statement import Source


@dataclass(frozen=True, slots=True)
class MoneyAccount:
    """An account of the ledger; `mpesa` is how M-Pesa's statement names it, empty for the bank."""

    code: str
    title: str
    source: Source
    mpesa: str = ""


MONEY_ACCOUNTS = (
    MoneyAccount(MPESA_UTILITY, "M-Pesa Utility", Source.MPESA, UTILITY),
    MoneyAccount(MPESA_PAYBILL, "M-Pesa Working", Source.MPESA, WORKING),
    MoneyAccount(MPESA_CHARGES_PAID, "M-Pesa Charges paid", Source.MPESA, CHARGES),
    MoneyAccount(BANK_CURRENT, "Bank", Source.BANK),
)


def money_account(code: str) -> MoneyAccount:
    """The account with this code. Raises NotFound for one of which nobody else keeps a statement."""
    for account in MONEY_ACCOUNTS:
        if account.code == code:
            return account
    raise NotFound(f"There is no statement of account {code}.")
