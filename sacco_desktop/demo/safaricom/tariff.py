"""What M-Pesa charges the organisation for a payout to a registered user (August 2023)."""

from __future__ import annotations

# Up to and including this sum in cents, the fee in cents. The last band was widened later.
B2C_BANDS: tuple[tuple[int, int], ...] = (
    (100_00, 0),
    (1_500_00, 5_00),
    (5_000_00, 9_00),
    (20_000_00, 11_00),
    (250_000_00, 13_00),
)


def b2c_fee_cents(amount_cents: int) -> int:
    """The fee in cents for a payout of so many cents."""
    for top_cents, fee_cents in B2C_BANDS:
        if amount_cents <= top_cents:
            return fee_cents
    return B2C_BANDS[-1][1]
