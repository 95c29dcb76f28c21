"""Which payments a society wants refused while the member still pays: known accounts as keyed marks, and a least sum.

The relay gets marks and their key, never the accounts themselves. Whatever is in doubt is accepted: a member turned
away at the till is worse than a payment that waits for a name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_moment,
    number_field,
    to_base64,
    to_moment,
)

MARK_BYTES = 6
# What fits into one request of a device; a society with more accounts accepts every payment.
MOST_MARKS = 30_000
_KEY_BYTES = 32
ACCEPTED = {"ResultCode": "0", "ResultDesc": "Accepted"}
UNKNOWN_ACCOUNT = {"ResultCode": "C2B00012", "ResultDesc": "Rejected"}
OTHER_AMOUNT = {"ResultCode": "C2B00013", "ResultDesc": "Rejected"}
_NUMBERED = re.compile(r"([A-Z])[A-Z]*0*([1-9][0-9]*)[A-Z]*")


def plain_account(text: str) -> str:
    """An account as both sides mark it: letters and figures in capitals, and of a number with its words only the first
    letter and the number. `m-0123 loan`, `Member 123` and `M123` are one.
    """
    signs = unicodedata.normalize("NFKC", text).upper()
    squeezed = "".join(sign for sign in signs if sign.isascii() and sign.isalnum())
    found = _NUMBERED.fullmatch(squeezed)
    return found[1] + found[2] if found else squeezed


def mark_of(key: bytes, account: str) -> bytes:
    """What stands for an account; nobody without the key can tell which."""
    return hmac.digest(key, plain_account(account).encode(), hashlib.sha256)[:MARK_BYTES]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a society wants refused until `valid_until`. `marks` are sorted and end to end; with none every account is
    good. The least sum is in cents, 0 for any.
    """

    key: bytes = field(repr=False)
    marks: bytes = field(repr=False)
    least_cents: int
    valid_until: datetime

    @classmethod
    def of(
        cls, key: bytes, accounts: Iterable[str], least_cents: int, valid_until: datetime
    ) -> Policy:
        """The policy for these accounts."""
        marks = sorted({mark_of(key, account) for account in accounts})
        return cls(key, b"".join(marks), least_cents, valid_until)

    def as_message(self) -> dict[str, Any]:
        """What a device sends."""
        return {
            "key": to_base64(self.key),
            "marks": to_base64(self.marks),
            "least_cents": self.least_cents,
            "valid_until": to_moment(self.valid_until),
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Policy:
        """Read it back. Raises Malformed."""
        key = from_base64(message.get("key"), "the key")
        marks = from_base64(message.get("marks"), "the marks")
        if len(key) != _KEY_BYTES or len(marks) % MARK_BYTES:
            raise Malformed("a policy has a key of 32 bytes and marks of 6 bytes each")
        least = number_field(message, "least_cents")
        return cls(key, marks, least, from_moment(message.get("valid_until"), "valid_until"))

    def knows(self, account: str) -> bool:
        """Whether the society has such an account."""
        if not self.marks:
            return True
        wanted = mark_of(self.key, account)
        place = bisect_left(range(len(self.marks) // MARK_BYTES), wanted, key=self._mark)
        return self._mark(place) == wanted

    def _mark(self, place: int) -> bytes:
        return self.marks[place * MARK_BYTES : (place + 1) * MARK_BYTES]


def judged(policy: Policy | None, body: bytes, now: datetime) -> dict[str, str]:
    """The answer to a payment that is about to be made. Without a policy that holds, and for a body that cannot be
    read, it is accepted.
    """
    if policy is None or now > policy.valid_until:
        return ACCEPTED
    try:
        asked = json.loads(body)
        account = str(asked.get("BillRefNumber") or "")
        cents = Decimal(str(asked.get("TransAmount"))) * 100
    except (ValueError, AttributeError, InvalidOperation, RecursionError):
        return ACCEPTED
    # A till asks for no account.
    if account and not policy.knows(account):
        return UNKNOWN_ACCOUNT
    # NaN is no sum that is too small.
    return OTHER_AMOUNT if cents.is_finite() and cents < policy.least_cents else ACCEPTED
