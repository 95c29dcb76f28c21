"""What M-Pesa charges for a payout: bands of amounts, each table in force from a date."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.money import CENTS_PER_SHILLING, format_amount, format_kes, parse_amount

# Excel puts this mark in front of the files it saves.
BOM = "\ufeff"
COLUMNS = ("effective_on", "from_kes", "to_kes", "fee_kes")


@dataclass(frozen=True, slots=True)
class TariffBand:
    """A band of payouts, both ends included, and the fee for one of them; all in cents."""

    from_cents: int
    to_cents: int
    fee_cents: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """The bands in force from a date, from the smallest amount to the largest."""

    effective_on: date
    bands: tuple[TariffBand, ...]


def read_tariffs(csv_text: str) -> tuple[Tariff, ...]:
    """Tariffs by date from a file with the columns of COLUMNS; lines that start with # are remarks.

    Raises InvalidInput under `tariff`, with the line, for a row that cannot be read and for bands
    with a gap or an overlap. A gap would let a payout go without a known charge.
    """
    numbered = [
        (n, row)
        for n, row in enumerate(csv_text.lstrip(BOM).splitlines(), 1)
        if row.strip() and row[0] != "#"
    ]
    if not numbered or tuple(next(csv.reader([numbered[0][1]]))) != COLUMNS:
        raise InvalidInput(
            f"The tariff file must start with the columns {', '.join(COLUMNS)}.", "tariff"
        )
    rows = sorted(
        (_row(line, text) for line, text in numbered[1:]),
        key=lambda row: (row[0], row[1].from_cents),
    )
    tariffs = tuple(
        Tariff(effective_on, tuple(band for _, band in group))
        for effective_on, group in groupby(rows, key=lambda row: row[0])
    )
    if not tariffs:
        raise InvalidInput("The tariff file holds no bands.", "tariff")
    for tariff in tariffs:
        _check_joined(tariff)
    return tariffs


def charge_for(tariffs: Iterable[Tariff], amount_cents: int, on: date) -> int:
    """The fee in cents for a payout on a date, by the newest tariff in force on it.

    Raises NotFound when no tariff was in force yet, and InvalidInput under `amount` outside its
    bands.
    """
    in_force = [tariff for tariff in tariffs if tariff.effective_on <= on]
    if not in_force:
        raise NotFound(
            f"No M-Pesa tariff is known for {format_date(on)}. "
            "Add the tariff of that day in Settings."
        )
    bands = max(in_force, key=lambda tariff: tariff.effective_on).bands
    if amount_cents < bands[0].from_cents:
        raise InvalidInput(f"M-Pesa pays no less than {format_kes(bands[0].from_cents)}.", "amount")
    for band in bands:
        if amount_cents <= band.to_cents:
            return band.fee_cents
    raise InvalidInput(
        f"{format_kes(amount_cents)} is above the M-Pesa limit of "
        f"{format_amount(bands[-1].to_cents)} for one payment. "
        "Split it or pay by bank.",
        "amount",
    )


def _row(line: int, text: str) -> tuple[date, TariffBand]:
    cells = next(csv.reader([text]))
    try:
        effective_on, from_kes, to_kes, fee_kes = cells
        band = TariffBand(
            parse_amount(from_kes), parse_amount(to_kes), parse_amount(fee_kes, allow_zero=True)
        )
        return date.fromisoformat(effective_on), band
    except (ValueError, InvalidInput):
        raise InvalidInput(
            f"Line {line} of the tariff cannot be read. "
            "Write a date such as 2023-08-01 and three amounts.",
            "tariff",
        ) from None


def _check_joined(tariff: Tariff) -> None:
    """Bands are in whole shillings, so each begins one shilling above the end of the one before."""
    for band in tariff.bands:
        if band.from_cents > band.to_cents:
            raise InvalidInput(
                f"The tariff band from {format_amount(band.from_cents)} ends before it begins.",
                "tariff",
            )
    for lower, upper in pairwise(tariff.bands):
        expected = lower.to_cents + CENTS_PER_SHILLING
        if upper.from_cents != expected:
            fault = "a gap" if upper.from_cents > expected else "an overlap"
            raise InvalidInput(
                f"The tariff of {format_date(tariff.effective_on)} has {fault} "
                f"between {format_amount(lower.to_cents)} and {format_amount(upper.from_cents)}.",
                "tariff",
            )
