"""How a sum is paid out: in whole shillings, in parts below the limit, less the charge where the member bears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import (
    CENTS_PER_SHILLING,
    format_amount,
    format_kes,
    whole_shillings,
)
from sacco_desktop.domain.payout_ways import Bearer, Way
from sacco_desktop.domain.tariff import Tariff, charge_for


@dataclass(frozen=True, slots=True)
class MpesaRules:
    """What holds for payouts by M-Pesa on a day; amounts in cents. `may_split` is the society's choice."""

    least_cents: int
    most_cents: int
    may_split: bool
    bearer: Bearer
    tariff_name: str
    tariffs: tuple[Tariff, ...]
    on: date

    def charge(self, paid_cents: int) -> int:
        """What M-Pesa takes for paying this sum; nothing for nothing."""
        return charge_for(self.tariffs, paid_cents, self.on) if paid_cents else 0


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """One payment of a sum, in cents: net = paid + deposits + recovered.

    `paid_cents` is what the receiver gets, `deposits_cents` stays in the member's deposits, `recovered_cents` is the
    charge that the member bears, and `charge_cents` what M-Pesa takes from the society whoever bears it.
    """

    net_cents: int
    paid_cents: int
    deposits_cents: int
    recovered_cents: int
    charge_cents: int


def divide(net_cents: int, rules: MpesaRules) -> tuple[PayoutPart, ...]:
    """The payments by M-Pesa that together pay `net_cents`; the first holds what M-Pesa cannot pay.

    Raises InvalidInput under `amount` for a sum above the limit that the society does not split.
    """
    whole, left = whole_shillings(net_cents)
    parts: list[PayoutPart] = []
    while whole:
        part = _next_part(whole, rules)
        if part.paid_cents < rules.least_cents:
            left += whole
            break
        parts.append(part)
        whole -= part.net_cents
    if len(parts) > 1 and not rules.may_split:
        raise InvalidInput(
            f"{format_kes(net_cents)} is above the M-Pesa limit of {format_amount(rules.most_cents)} for one payment."
            " Pay it by bank.",
            "amount",
        )
    if not parts:
        return (PayoutPart(net_cents, 0, net_cents, 0, 0),)
    first = parts[0]
    parts[0] = PayoutPart(
        first.net_cents + left,
        first.paid_cents,
        first.deposits_cents + left,
        first.recovered_cents,
        first.charge_cents,
    )
    return tuple(parts)


def _next_part(whole_cents: int, rules: MpesaRules) -> PayoutPart:
    """The largest payment that fits into what is still to be paid."""
    paid = min(whole_cents, rules.most_cents)
    if rules.bearer is Bearer.SOCIETY:
        return PayoutPart(paid, paid, 0, 0, rules.charge(paid))
    if paid + rules.charge(paid) > whole_cents:
        paid = max(whole_cents - rules.charge(paid), 0)
        # Just above the edge of a band the charge falls with the sum, so a few shillings more may fit.
        while (more := paid + CENTS_PER_SHILLING) + rules.charge(more) <= whole_cents:
            paid = more
    charge = rules.charge(paid)
    whole_is_spent = paid < rules.most_cents
    net = whole_cents if whole_is_spent else paid + charge
    return PayoutPart(net, paid, net - paid - charge, charge, charge)


def by_hand(net_cents: int, way: Way) -> PayoutPart:
    """The one payment by bank, cheque or cash. The till holds no cents that anybody still takes."""
    paid, left = whole_shillings(net_cents) if way is Way.CASH else (net_cents, 0)
    return PayoutPart(net_cents, paid, left, 0, 0)
