"""The file of transfers that a bank reads: plain CSV, in which nothing can act as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sacco_desktop.domain.money import CENTS_PER_SHILLING

COLUMNS = (
    "payee",
    "bank_code",
    "branch_code",
    "account",
    "amount_kes",
    "reference",
    "narration",
)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .&/-]+")
_NO_BEGINNING = " .&/-"
_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment of the file. `reference` is our payout number, by which the bank's answer is matched."""

    payee: str
    bank_code: str
    branch_code: str
    account: str
    amount_cents: int
    reference: str
    narration: str


def bank_file_text(transfers: Iterable[Transfer]) -> str:
    """The whole file. Texts keep letters, figures and a few signs, and begin with a letter or figure.

    Banks' own systems take little more than that, and a spreadsheet that opens the file finds no formula in it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in transfers:
        shillings, cents = divmod(each.amount_cents, CENTS_PER_SHILLING)
        writer.writerow(
            (
                plain(each.payee),
                each.bank_code,
                each.branch_code,
                each.account,
                f"{shillings}.{cents:02d}",
                plain(each.reference),
                plain(each.narration),
            )
        )
    return out.getvalue()


def plain(text: str) -> str:
    """The text with nothing in it that a bank or a spreadsheet could take for something else."""
    kept = " ".join(_NOT_PLAIN.sub(" ", text).split())
    return kept.lstrip(_NO_BEGINNING)[:_LONGEST_TEXT].rstrip()
