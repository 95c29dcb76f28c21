"""What a payer types as the account: `M-0123`, `m123 loan`, `M0123-SHARES`, `L-0412`. Pure.

Only what names a member or a loan for sure is understood. A name, a phone number or bare figures could be anybody's, so
they are left to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sacco_desktop.domain.people import loan_number, member_number

LOAN = "loan"

# What people write for what a payment is for; a society's own products are known by their codes besides.
_WORDS: dict[str, str] = {
    "LOAN": LOAN, "LN": LOAN, "MKOPO": LOAN, "REPAYMENT": LOAN,
    "DEP": "deposits", "DEPOSIT": "deposits", "DEPOSITS": "deposits", "AKIBA": "deposits", "SAVINGS": "deposits",
    "SHARE": "share_capital", "SHARES": "share_capital", "SHR": "share_capital", "HISA": "share_capital",
    "WELFARE": "welfare", "WELF": "welfare", "WLF": "welfare",
    "SPECIAL": "special_savings", "HOLIDAY": "special_savings",
}  # fmt: skip
_MEMBER = re.compile(r"(?:MEMBER|MEM|M)(?:NO)?0*([1-9][0-9]{0,6})([A-Z]*)")
_LOAN_NUMBER = re.compile(r"(?:LOAN|LN|L)(?:NO)?0*([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class AccountReference:
    """A member's number with a purpose, or a loan's number. Without a purpose the rule of the society says what it is
    for; `purpose` is `loan` or the code of a product.
    """

    member_number: str = ""
    loan_number: str = ""
    purpose: str = ""


def squeezed(text: str) -> str:
    """Letters and figures alone, in capitals: gaps and signs are typed in every way."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def read_reference(text: str, products: Iterable[str] = ()) -> AccountReference | None:
    """What was typed, or None when it names nobody for sure. `products` are the codes of the society's products."""
    plain = squeezed(text)
    if found := _LOAN_NUMBER.fullmatch(plain):
        return AccountReference(loan_number=loan_number(int(found[1])))
    found = _MEMBER.fullmatch(plain)
    if found is None:
        return None
    number, word = member_number(int(found[1])), found[2]
    if not word:
        return AccountReference(member_number=number)
    purpose = _WORDS.get(word) or next((code for code in products if squeezed(code) == word), "")
    return AccountReference(member_number=number, purpose=purpose) if purpose else None


def write_reference(number: str, purpose: str) -> str:
    """The account that a prompt shows, at most 12 signs: a loan's own number, or the member's number with its purpose
    as far as there is room. It is read back to the same purpose, or to the member alone.
    """
    if purpose == LOAN:
        return number[:12]
    words = {
        "deposits": "DEP",
        "share_capital": "SHARES",
        "welfare": "WELF",
        "special_savings": "HOLIDAY",
    }
    plain = number.replace("-", "")
    whole = f"{plain}-{words.get(purpose, squeezed(purpose))}"
    return whole if len(whole) <= 12 else number[:12]
