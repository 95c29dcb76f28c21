"""What may go wrong with one payment at Safaricom: at most one fault of each stage, as its simulator takes them."""

from __future__ import annotations

import random

from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom

GATE = (
    "hang_before_taking",
    "drop_before_taking",
    "html_before_taking",
    "soap_before_taking",
    "empty_before_taking",
    "error_before_taking",
    "duplicate_error",
    "token_death",
    "spike_arrest",
    "system_busy",
    "quota",
)
OAUTH = ("oauth_unavailable", "oauth_hang", "oauth_garbage")
SETTLE = ("float_drained", "settles_late", "timeout_original", "timeout_result", "outcome")
ANSWER = (
    "hang_after_taking",
    "drop_after_taking",
    "html_after_taking",
    "soap_after_taking",
    "empty_after_taking",
    "error_after_taking",
)
CALLBACK = (
    "result_late",
    "result_late",
    "result_lost",
    "result_doubled",
    "result_doubled",
    "result_doubled",
    "result_early",
    "result_unknown_id",
    "result_other_amount",
    "result_other_receiver",
    "result_forged_failure",
    "result_garbage",
)
STATUS = ("status_not_found", "status_open", "result_lost", "result_doubled", "result_late")
CODES = ("1", "2040", "17", "26", "15", "8", "SFC_IC0003", "99999")
# From a second to thirty days.
LATE_SECONDS = (1.0, 20.0, 90.0, 1_200.0, 9_000.0, 90_000.0, 2_592_000.0)


def arm_payment(safaricom: SimulatedSafaricom, chance: random.Random, phone: str) -> None:
    """Let a seed choose what happens to the next payment to this phone."""
    if chance.random() < 0.2:
        safaricom.arm(chance.choice(GATE), match_phone=phone)
    if chance.random() < 0.05:
        safaricom.arm(chance.choice(OAUTH))
    if chance.random() < 0.3:
        _arm_settlement(safaricom, chance, phone)
    if chance.random() < 0.35:
        safaricom.arm(chance.choice(ANSWER), match_phone=phone)
    if chance.random() < 0.6:
        _arm_result(safaricom, chance, chance.choice(CALLBACK), phone)
    if chance.random() < 0.4:
        name, times = chance.choice(STATUS), chance.randint(1, 3)
        if name == "result_late":
            safaricom.arm(name, api="status", times=times, seconds=chance.choice(LATE_SECONDS))
        else:
            safaricom.arm(name, api="status", times=times)


def _arm_settlement(safaricom: SimulatedSafaricom, chance: random.Random, phone: str) -> None:
    name = chance.choice(SETTLE)
    if name.startswith("timeout_"):
        paid_later = chance.random() < 0.5
        safaricom.arm(name, match_phone=phone, paid_later=paid_later)
    elif name == "outcome":
        safaricom.arm(name, match_phone=phone, code=chance.choice(CODES))
    else:
        safaricom.arm(name, match_phone=phone)


def _arm_result(
    safaricom: SimulatedSafaricom, chance: random.Random, name: str, phone: str
) -> None:
    if name == "result_late":
        safaricom.arm(name, match_phone=phone, seconds=chance.choice(LATE_SECONDS))
    elif name == "result_forged_failure":
        safaricom.arm(name, match_phone=phone, real_too=chance.random() < 0.5)
    else:
        safaricom.arm(name, match_phone=phone)
