"""What a row of a statement tells of, by the words that M-Pesa or a bank uses, and where a move of money ends."""

from __future__ import annotations

import re

from sacco_desktop.domain.chart import (
    BANK_CURRENT,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
)
from sacco_desktop.domain.reconciling.statement import RowKind, Source

_CHARGE = re.compile(r"\b(charges?|fees?|tariff|commission|excise|levy)\b", re.IGNORECASE)
_REVERSAL = re.compile(r"\b(reversal|reversed|reverse|returned|refund(ed)?)\b", re.IGNORECASE)
_MOVE = re.compile(
    r"\b(settlement|mmf|transfer of funds|funds transfer|deposit of funds|funds deposit|withdraw(al)? of funds"
    r"|business transfer|pay ?to ?bulk|working account|utility account|organi[sz]ation withdrawal"
    r"|withdrawal to bank|revenue settlement|charges? (recovery|settlement))\b",
    re.IGNORECASE,
)
_PAID_OUT = re.compile(
    r"\b(business payment|salary payment|promotion payment|b2c)\b",
    re.IGNORECASE,
)
_PAID_IN = re.compile(
    r"\b(pay ?bill|buy goods|c2b|merchant payment|payment to small business)\b", re.IGNORECASE
)
_BANK_MPESA = re.compile(r"\b(m-?pesa|safaricom|paybill|mpesa2bank|b2c float)\b", re.IGNORECASE)
_RECEIPT_IN_WORDS = re.compile(r"\b[A-Z0-9]{10}\b", re.ASCII)
_THE_OTHER = re.compile(r"\b(?:from|to|by|acc(?:ount)?)\b", re.IGNORECASE)
_TYPED = re.compile(r"\bacc(?:ount)?\.?\s*(?:no\.?)?\s*[:.]?\s*(\S.*)$", re.IGNORECASE)


def kind_of(reason: str, details: str, cents: int, source: Source) -> RowKind:
    """The kind of a row. The reason type speaks before the details, in which a payer may write anything."""
    # Behind these words stands what the payer has written.
    words = reason or _THE_OTHER.split(details, maxsplit=1)[0]
    if source is Source.BANK:
        return _bank_kind(f"{reason} {details}", cents)
    # A settlement of charges moves money of ours; a charge is lost.
    for pattern, kind in (
        (_REVERSAL, RowKind.REVERSAL),
        (_MOVE, RowKind.MOVE),
        (_CHARGE, RowKind.CHARGE),
        (_PAID_OUT, RowKind.PAID_OUT),
        (_PAID_IN, RowKind.PAID_IN),
    ):
        if pattern.search(words):
            return kind
    return RowKind.OTHER


def _bank_kind(words: str, cents: int) -> RowKind:
    if _REVERSAL.search(words):
        return RowKind.REVERSAL
    if cents < 0 and _CHARGE.search(words):
        return RowKind.CHARGE
    if _BANK_MPESA.search(words):
        return RowKind.MOVE
    return RowKind.PAID_IN if cents > 0 else RowKind.OTHER


def other_end(words: str, account: str, source: Source) -> str:
    """The account of ours on the other side of a move, by its words; the bank where they name none of M-Pesa's."""
    plain = words.lower()
    if source is Source.BANK:
        return MPESA_UTILITY if "utility" in plain else MPESA_PAYBILL
    if "bank" not in plain:
        names = (
            ("charge", MPESA_CHARGES_PAID),
            ("utility", MPESA_UTILITY),
            ("bulk", MPESA_UTILITY),
            ("mmf", MPESA_PAYBILL),
            ("working", MPESA_PAYBILL),
        )
        for word, code in names:
            if word in plain and code != account:
                return code
    return BANK_CURRENT


def typed_in(details: str) -> str:
    """What the payer typed as account, from the details of a paybill row: `M0123` of `… Acc. M0123`."""
    found = _TYPED.search(details)
    return found[1].strip()[:40] if found else ""


def receipt_in(words: str, but: str = "") -> str:
    """A receipt that the words name, as a reversal names the one it takes back; empty when there is none."""
    for found in _RECEIPT_IN_WORDS.findall(words):
        if found != but and re.search("[A-Z]", found) and re.search("[0-9]", found):
            return str(found)
    return ""
