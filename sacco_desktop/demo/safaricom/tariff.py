"""What M-Pesa charges the organisation for a payout to a registered user, by date and by sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Up to and including the first sum in cents, the fee in cents.
Bands = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tariff:
    """The fees from one day on. `with_withdrawal` is what an organisation pays that also bears the
    member's fee for taking the money out in cash; a sum above the last band pays the last fee.
    """

    effective_on: date
    bands: Bands
    with_withdrawal: Bands

    def __post_init__(self) -> None:
        for bands in (self.bands, self.with_withdrawal):
            tops = [top for top, _ in bands]
            if not bands or tops != sorted(set(tops)) or min(fee for _, fee in bands) < 0:
                raise ValueError("Bands rise: [[up to so many cents, fee in cents], …].")


def _shillings(*rows: tuple[int, int]) -> Bands:
    return tuple((top * 100, fee * 100) for top, fee in rows)


_RECEIVING = ((100, 0), (1_500, 5), (5_000, 9), (20_000, 11))
_TAKING_OUT = (
    (49, 0), (100, 11), (1_500, 34), (2_500, 38), (3_500, 61), (5_000, 78), (7_500, 98),
    (10_000, 126), (15_000, 178), (20_000, 196), (35_000, 210), (50_000, 291),
)  # fmt: skip

# The form of August 2023, and the day on which the largest payout rose and the fees stayed.
USUAL: tuple[Tariff, ...] = tuple(
    Tariff(on, _shillings(*_RECEIVING, (top, 13)), _shillings(*_TAKING_OUT, (top, 322)))
    for on, top in ((date(2023, 8, 1), 150_000), (date(2023, 9, 8), 250_000))
)


def fee_cents(
    tariffs: Sequence[Tariff], amount_cents: int, on: date, *, bears_withdrawal: bool = False
) -> int:
    """The fee in cents for a payout of so many cents on this day."""
    by_date = sorted(tariffs, key=lambda tariff: tariff.effective_on)
    in_force = next((t for t in reversed(by_date) if t.effective_on <= on), by_date[0])
    bands = in_force.with_withdrawal if bears_withdrawal else in_force.bands
    return next((fee for top, fee in bands if amount_cents <= top), bands[-1][1])
