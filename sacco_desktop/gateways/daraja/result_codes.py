"""M-Pesa's result codes as data: what each says about a payout, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ResultKind(StrEnum):
    """What a code says about a payout when it comes in a final result for that very payout."""

    PAID = "paid"
    FAILED = "failed"
    FAILED_STOP_QUEUE = "failed_stop_queue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One code in words for the office: what happened, and what a person does about it."""

    code: str
    kind: ResultKind
    meaning: str
    advice: str

    @property
    def stops_queue(self) -> bool:
        """Carrying on would fail again, and with a wrong password would lock the API user."""
        return self.kind is ResultKind.FAILED_STOP_QUEUE


_ASK = "Wait for M-Pesa's answer to a status question; do not pay again."
_DEFECT = "The request itself was wrong. Keep the reference and report it; nothing was paid."
_NUMBER = "Check the number with the member, then approve the payout again."
_USER = (
    "Check the user name, the password and the certificate on the M-Pesa settings page; a user who "
    "has not logged in for long goes dormant. Sending stands still so that the user is not locked."
)
_ROLE = "Ask the Business Administrator to give the API operator the role, then let sending go on."
_SHORTCODE = "Ask Safaricom about the shortcode, then let sending go on."

_P, _F, _S, _U = (
    ResultKind.PAID,
    ResultKind.FAILED,
    ResultKind.FAILED_STOP_QUEUE,
    ResultKind.UNKNOWN,
)

_ROWS: tuple[tuple[str, ResultKind, str, str], ...] = (
    ("0", _P, "M-Pesa paid the money.", "Nothing is left to do."),
    (
        "1",
        _F,
        "The utility account does not hold enough; money in the working account does not count.",
        "Move funds to the utility account, then approve the payout again.",
    ),
    ("2", _F, "The sum is under M-Pesa's smallest payout.", "Pay it to the member's deposits."),
    ("3", _F, "The sum is over M-Pesa's largest payout.", "Split the payout."),
    ("4", _F, "The member would pass the daily limit.", "Try again tomorrow."),
    (
        "5",
        _F,
        "The account would fall under its smallest balance.",
        "Move funds, then approve again.",
    ),
    ("6", _S, "M-Pesa does not know the paying party.", _SHORTCODE),
    ("7", _F, "M-Pesa does not know the receiver.", _NUMBER),
    (
        "8",
        _F,
        "The member's wallet would pass the largest balance it may hold.",
        "Ask the member to make room, then approve the payout again.",
    ),
    ("11", _S, "Our shortcode is not active.", _SHORTCODE),
    ("12", _F, "The receiver's account is not active.", _NUMBER),
    ("13", _S, "M-Pesa does not know the account that pays.", _SHORTCODE),
    ("14", _F, "M-Pesa does not know the receiver's account.", _NUMBER),
    ("15", _U, "M-Pesa has seen this reference before; it does not say whether it paid.", _ASK),
    ("17", _U, "M-Pesa had an internal failure.", _ASK),
    ("18", _S, "M-Pesa did not accept the API operator's credential.", _USER),
    ("19", _U, "M-Pesa got messages out of order.", _ASK),
    ("20", _S, "M-Pesa does not know the API operator's user name.", _USER),
    ("21", _S, "The API operator lacks the role for this request.", _ROLE),
    ("22", _S, "The API operator is not active or may not pay this receiver.", _ROLE),
    ("24", _S, "A field was missing.", _DEFECT),
    ("25", _S, "A field was not valid.", _DEFECT),
    ("26", _U, "M-Pesa was too busy.", _ASK),
    ("29", _S, "The command was not valid.", _DEFECT),
    ("1005", _F, "The account reference is not valid.", "Check the account, then approve again."),
    ("2001", _S, "M-Pesa did not accept the API operator's name or password.", _USER),
    ("2006", _S, "The account's status does not allow payments.", _SHORTCODE),
    ("2007", _F, "The receiving side refused the payment.", _NUMBER),
    ("2020", _F, "M-Pesa could not read the sum.", _DEFECT),
    ("2028", _S, "The shortcode is not allowed to pay out.", _SHORTCODE),
    ("2029", _U, "M-Pesa gave no reason.", _ASK),
    ("2033", _U, "M-Pesa does not find the payment.", _ASK),
    ("2040", _F, "The receiver is not a registered M-Pesa user.", _NUMBER),
    ("2043", _F, "The organisation is not a branch of ours.", _SHORTCODE),
    ("2051", _F, "The phone number is not valid.", _NUMBER),
    ("2202", _F, "The account number is not valid.", "Check the account, then approve again."),
    (
        "8006",
        _S,
        "The API operator is locked after wrong passwords.",
        "The Business Administrator unlocks the user on the M-Pesa portal; then let sending go on.",
    ),
    ("9999", _U, "M-Pesa gave no reason.", _ASK),
    ("100000000", _U, "M-Pesa keeps the request and will send it again by itself.", _ASK),
    ("100000001", _U, "M-Pesa was overloaded.", _ASK),
    ("100000002", _U, "M-Pesa slowed our requests down.", _ASK),
    ("100000004", _U, "M-Pesa had an internal error.", _ASK),
    ("100000005", _U, "M-Pesa could not use a value of the request.", _ASK),
    ("100000007", _U, "M-Pesa's service did not work as it should.", _ASK),
    ("100000009", _U, "M-Pesa's interface did not work as it should.", _ASK),
    ("100000010", _U, "M-Pesa says that the request is not permitted.", _ASK),
    ("100000011", _U, "M-Pesa takes no more requests for now.", _ASK),
    ("100000100", _U, "M-Pesa could not store the request.", _ASK),
    ("SFC_IC0003", _F, "The number is not on M-Pesa.", _NUMBER),
    (
        "R002",
        _F,
        "The line is not registered with the kind of identity paper that we named.",
        "Check the member's papers, or turn off the check of the ID number.",
    ),
    (
        "R003",
        _F,
        "The line is not registered to this member's ID number.",
        "Ask whose line it is, and put the phone or the ID number right before the payout is approved again.",
    ),
)

MEANINGS: dict[str, CodeMeaning] = {row[0]: CodeMeaning(*row) for row in _ROWS}

# A status question about a payment that M-Pesa has never seen may be answered with either.
NOT_FOUND_CODES = frozenset({"2033", "SFC_IC0003"})


def meaning_of(code: str) -> CodeMeaning:
    """The meaning of a trimmed code. A code nobody has described is a doubt, never a failure."""
    known = MEANINGS.get(code)
    if known is not None:
        return known
    return CodeMeaning(
        code, ResultKind.UNKNOWN, f"M-Pesa answered with code {code}, which is not described.", _ASK
    )
