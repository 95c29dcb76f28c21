"""What a payer types as the account: `M-0123`, `m123 loan`, `M0123-SHARES`, `L-0412`, `L0412-FEE`, `AP-0007`. Pure.

Only what names a member, a loan or an application for sure is understood. A name, a phone number or bare figures could
be anybody's, so they are left to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sacco_desktop.domain.people import application_number, loan_number, member_number
from sacco_desktop.domain.receipt_purposes import (
    FINES,
    LOAN,
    LOAN_FEES,
    OF_A_LOAN,
    REGISTRATION,
)

# What people write for what a payment is for; a society's own products are known by their codes besides.
_WORDS: dict[str, str] = {
    "LOAN": LOAN, "LN": LOAN, "MKOPO": LOAN, "REPAYMENT": LOAN,
    "FEE": LOAN_FEES, "FEES": LOAN_FEES, "ADA": LOAN_FEES,
    "FINE": FINES, "FINES": FINES, "FAINI": FINES, "PENALTY": FINES, "PENALTIES": FINES,
    "REG": REGISTRATION, "REGISTRATION": REGISTRATION, "JOIN": REGISTRATION, "USAJILI": REGISTRATION,
    "DEP": "deposits", "DEPOSIT": "deposits", "DEPOSITS": "deposits", "AKIBA": "deposits", "SAVINGS": "deposits",
    "SHARE": "share_capital", "SHARES": "share_capital", "SHR": "share_capital", "HISA": "share_capital",
    "WELFARE": "welfare", "WELF": "welfare", "WLF": "welfare",
    "SPECIAL": "special_savings", "HOLIDAY": "special_savings",
}  # fmt: skip
_MEMBER = re.compile(r"(?:MEMBER|MEM|M)(?:NO)?0*([1-9][0-9]{0,6})([A-Z]*)")
_LOAN_NUMBER = re.compile(r"(?:LOAN|LN|L)(?:NO)?0*([1-9][0-9]{0,6})([A-Z]*)")
_APPLICATION = re.compile(r"AP(?:PL)?(?:NO)?0*([1-9][0-9]{0,6})([A-Z]*)")
# The shortest word for each purpose, which a prompt shows and a member is told to type.
_WRITTEN = {
    LOAN_FEES: "FEE",
    FINES: "FINE",
    REGISTRATION: "REG",
    "deposits": "DEP",
    "share_capital": "SHARES",
    "welfare": "WELF",
    "special_savings": "HOLIDAY",
}
LONGEST_ON_PHONE = 12


@dataclass(frozen=True, slots=True)
class AccountReference:
    """A member's number with a purpose, a loan's number, or that of an application. Without a purpose the rule of the
    society says what it is for; `purpose` is one of those of `receipt_purposes` or the code of a product.
    """

    member_number: str = ""
    loan_number: str = ""
    purpose: str = ""
    application_number: str = ""


def squeezed(text: str) -> str:
    """Letters and figures alone, in capitals: gaps and signs are typed in every way."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def read_reference(text: str, products: Iterable[str] = ()) -> AccountReference | None:
    """What was typed, or None when it names nobody for sure. `products` are the codes of the society's products."""
    plain = squeezed(text)
    for pattern, read in _READERS:
        if found := pattern.fullmatch(plain):
            return read(int(found[1]), found[2], products)
    return None


def _member(number: int, word: str, products: Iterable[str]) -> AccountReference | None:
    # A category of the society goes before our words, or one called Fees could not be paid into.
    own = next((code for code in products if word and squeezed(code) == word), "")
    purpose = own or _WORDS.get(word, "")
    if word and not purpose:
        return None
    return AccountReference(member_number=member_number(number), purpose=purpose)


def _loan(number: int, word: str, _products: Iterable[str]) -> AccountReference | None:
    purpose = _WORDS.get(word, "")
    if word and purpose not in OF_A_LOAN:
        return None
    return AccountReference(loan_number=loan_number(number), purpose=purpose)


def _application(number: int, word: str, _products: Iterable[str]) -> AccountReference | None:
    if word and _WORDS.get(word) != REGISTRATION:
        return None
    return AccountReference(application_number=application_number(number), purpose=REGISTRATION)


_READERS = ((_LOAN_NUMBER, _loan), (_APPLICATION, _application), (_MEMBER, _member))


def write_reference(number: str, purpose: str) -> str:
    """The account that a prompt shows, at most 12 signs: a loan's own number, or the number of the member, the loan or
    the application with its purpose as far as there is room. It is read back to the same purpose, or to the number
    alone.
    """
    if purpose == LOAN:
        return number[:LONGEST_ON_PHONE]
    plain = number.replace("-", "")
    whole = f"{plain}-{_WRITTEN.get(purpose, squeezed(purpose))}"
    return whole if len(whole) <= LONGEST_ON_PHONE else number[:LONGEST_ON_PHONE]
