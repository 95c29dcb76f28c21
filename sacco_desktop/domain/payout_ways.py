"""The ways by which money goes out, and where each of them leads: a phone, a bank account, a cheque, the till."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sacco_desktop.domain.chart import BANK_CURRENT, CASH_IN_HAND, MPESA_UTILITY
from sacco_desktop.domain.errors import InvalidInput


class Way(StrEnum):
    """How a payout reaches its receiver. M-Pesa answers; by the others a person says what became of it."""

    MPESA = "mpesa"
    BANK = "bank"
    CHEQUE = "cheque"
    CASH = "cash"


class Bearer(StrEnum):
    """Who bears what M-Pesa charges for a payout."""

    SOCIETY = "society"
    MEMBER = "member"


class Outcome(StrEnum):
    """What became of a payment that a person handed over."""

    OPEN = "open"
    PAID = "paid"
    RETURNED = "returned"


WAY_WORDS = {
    Way.MPESA: "M-Pesa",
    Way.BANK: "Bank transfer",
    Way.CHEQUE: "Cheque",
    Way.CASH: "Cash at the till",
}

# Where the money of each way is drawn from, in the books.
ACCOUNT_OF_WAY = {
    Way.MPESA: MPESA_UTILITY,
    Way.BANK: BANK_CURRENT,
    Way.CHEQUE: BANK_CURRENT,
    Way.CASH: CASH_IN_HAND,
}

BEARER_WORDS = {Bearer.SOCIETY: "borne by the society", Bearer.MEMBER: "borne by the member"}

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a payment by hand leads. `payee` is the name on the account or on the cheque."""

    payee: str = ""
    bank: str = ""
    bank_code: str = ""
    branch_code: str = ""
    account_number: str = ""

    @property
    def words(self) -> str:
        """`Equity Bank 68-123, account 0123456789, Mary Otieno`; only what is there."""
        codes = "-".join(code for code in (self.bank_code, self.branch_code) if code)
        bank = " ".join(part for part in (self.bank, codes) if part)
        account = f"account {self.account_number}" if self.account_number else ""
        return ", ".join(part for part in (bank, account, self.payee) if part)


NO_DESTINATION = Destination()


def checked_destination(way: Way, given: Destination) -> Destination:
    """The destination without stray spaces, complete for its way. Raises InvalidInput under the field's name."""
    tidy = replace(
        given, **{one.name: " ".join(getattr(given, one.name).split()) for one in fields(given)}
    )
    for one in fields(tidy):
        if len(getattr(tidy, one.name)) > _LONGEST:
            raise InvalidInput(f"Write at most {_LONGEST} letters.", one.name)
    if not tidy.payee:
        raise InvalidInput("Write the name of the person or firm who is paid.", "payee")
    if way is not Way.BANK:
        return Destination(payee=tidy.payee)
    if not tidy.bank:
        raise InvalidInput("Write the name of the bank.", "bank")
    _require_figures(tidy.bank_code, 2, 2, "bank_code", "The code of a bank has two figures.")
    _require_figures(tidy.branch_code, 3, 3, "branch_code", "The code of a branch has three.")
    words = "An account number has 5 to 20 figures."
    _require_figures(tidy.account_number, 5, 20, "account_number", words)
    return tidy


def _require_figures(text: str, least: int, most: int, field: str, words: str) -> None:
    if not (text.isascii() and text.isdigit() and least <= len(text) <= most):
        raise InvalidInput(words, field)
