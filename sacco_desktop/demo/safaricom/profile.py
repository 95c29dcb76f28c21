"""What a simulated Safaricom is set up with: the keys it gave out, its limits and its manners."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

# Pays only when the line is registered to the identity paper that is named.
ID_CHECKED = "b2cvalidate/v2"
# What an app may use from the start; the payout with an identity check is switched on by request.
PRODUCTS = frozenset(
    {
        "b2c/v1",
        "b2c/v3",
        "status",
        "balance",
        "stk/v1",
        "stkquery/v1",
        "c2b/v2",
        "pull/register",
        "pull/list",
        "reversal",
    }
)
# The app has one version of the paybill's interface; the other is had by asking for it.
ALL_PRODUCTS = PRODUCTS | {ID_CHECKED, "c2b/v1"}
ROLES = frozenset({"b2c", "status", "balance", "reversal"})


@dataclass(frozen=True, slots=True)
class Profile:
    """One organisation at M-Pesa. Sums in cents. The keys are practice values and open nothing."""

    organisation: str = "Practice SACCO"
    shortcode: str = "600310"
    consumer_key: str = "practice-consumer-key"
    consumer_secret: str = field(default="practice-consumer-secret", repr=False)
    initiator_name: str = "practice_api"
    initiator_password: str = field(default="Practice#2026", repr=False)
    passkey: str = field(default="practice-passkey", repr=False)
    roles: frozenset[str] = ROLES
    products: frozenset[str] = PRODUCTS
    wrong_passwords_before_lock: int = 3
    token_seconds: int = 3600
    utility_cents: int = 1_000_000_00
    working_cents: int = 500_000_00
    smallest_payout_cents: int = 10_00
    largest_payout_cents: int = 250_000_00
    wallet_cap_cents: int = 500_000_00
    daily_cap_cents: int = 500_000_00
    result_delay_seconds: float = 0.0
    # Practice allows plain http and loopback addresses for callbacks; the real one does not.
    allows_local_callbacks: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What a payout and a wallet may hold, in cents."""

    smallest_payout_cents: int
    largest_payout_cents: int
    wallet_cap_cents: int
    daily_cap_cents: int

    @classmethod
    def of(cls, profile: Profile) -> Limits:
        return cls(**{limit.name: getattr(profile, limit.name) for limit in fields(cls)})


@dataclass(frozen=True, slots=True)
class Oddities:
    """The ways in which the real system is known to write the same thing differently."""

    expires_in: str = "string"  # string, number
    codes: str = "number"  # number, string
    values: str = "number"  # number, string
    result_id: str = "own"  # own, gateway
    success_parameters: str = "list"  # list, dict (one item only), missing
    failure_parameters: str = "missing"  # missing, null, empty, dict, list
    failure_receipt: str = "placeholder"  # placeholder, real_looking, missing
    reference_item: str = "dict"  # dict, list
    item_without_value: bool = False
    backwards: bool = False  # the order of parameters is not fixed
    doubled_debit_party: bool = True
    failed_status: str = "declined"  # declined, not_found
    not_found_code: str = "2033"  # 2033, SFC_IC0003
    charges: str = "usual"  # usual, empty: what a status answer tells of the fee
    old_token_lives: bool = False  # a new token usually kills the one before
    # The one line of text in which a balance answer tells of all accounts.
    balance_escaped: bool = False  # & between accounts comes as &amp;
    balance_order: str = "usual"  # usual, backwards
    balance_accounts: str = "usual"  # usual, more, no_utility
    balance_gaps: str = "none"  # none, reserved, available
    # Money that comes in.
    stk_pending: str = (
        "error"  # error, code: how a question is answered while the prompt is on the phone
    )
    stk_balance: str = "absent"  # absent, no_value, decimal
    stk_fires_c2b: bool = False  # a paid prompt is reported to the paybill's address as well
    c2b_validation: bool = False  # off until Safaricom turns it on
    urls_once: bool = False  # production takes the addresses of a paybill once
    pull_empty: str = "list"  # list, 1001, error
    pull_number: str = "masked"  # masked, hashed, whole
    pull_spacing: bool = False  # the key ResponseStatus has a space

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is one of {', '.join(map(str, allowed))}.")


CHOICES: dict[str, tuple[object, ...]] = {
    "expires_in": ("string", "number"),
    "codes": ("number", "string"),
    "values": ("number", "string"),
    "result_id": ("own", "gateway"),
    "success_parameters": ("list", "dict", "missing"),
    "failure_parameters": ("missing", "null", "empty", "dict", "list"),
    "failure_receipt": ("placeholder", "real_looking", "missing"),
    "reference_item": ("dict", "list"),
    "item_without_value": (True, False),
    "backwards": (True, False),
    "doubled_debit_party": (True, False),
    "failed_status": ("declined", "not_found"),
    "not_found_code": ("2033", "SFC_IC0003"),
    "charges": ("usual", "empty"),
    "old_token_lives": (False, True),
    "balance_escaped": (False, True),
    "balance_order": ("usual", "backwards"),
    "balance_accounts": ("usual", "more", "no_utility"),
    "balance_gaps": ("none", "reserved", "available"),
    "stk_pending": ("error", "code"),
    "stk_balance": ("absent", "no_value", "decimal"),
    "stk_fires_c2b": (False, True),
    "c2b_validation": (False, True),
    "urls_once": (False, True),
    "pull_empty": ("list", "1001", "error"),
    "pull_number": ("masked", "hashed", "whole"),
    "pull_spacing": (False, True),
}
