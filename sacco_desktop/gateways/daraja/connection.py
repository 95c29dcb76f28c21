"""Where M-Pesa is and who we are to it. Frozen, and its secrets never show in a repr."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from sacco_desktop.domain.errors import InvalidInput

Environment = Literal["practice", "sandbox", "production"]
B2CVersion = Literal["v1", "v3"]
C2BVersion = Literal["v1", "v2"]

# The real hosts are data of the program, never typed by a person: a mistyped host would be
# handed the consumer secret and the initiator's credential.
FIXED_HOSTS: dict[Environment, str] = {
    "sandbox": "https://sandbox.safaricom.co.ke",
    "production": "https://api.safaricom.co.ke",
}

_SHORTCODE = re.compile(r"[0-9]{5,9}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that one call may take. A connect that runs out leaves no doubt; a read does.

    `result_seconds` is no part of a call: so long the result of the first of several requests is
    waited for before the second goes out, and `balance_seconds` for a balance that a person wants to see.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    result_seconds: float = 30.0
    balance_seconds: float = 8.0

    @property
    def whole_call_seconds(self) -> float:
        """The end of an answer that drips in byte by byte, each within the read time-out."""
        return self.connect_seconds + 2 * self.read_seconds


@dataclass(frozen=True, slots=True)
class DarajaConnection:
    """One shortcode's access to one environment of M-Pesa.

    `base_url` is given for `practice` only; `sandbox` and `production` have fixed hosts.
    Raises `InvalidInput` naming the field that cannot be used.
    """

    environment: Environment
    shortcode: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    initiator_name: str
    initiator_password: str = field(repr=False)
    certificate_pem: str = field(repr=False)
    b2c_version: B2CVersion = "v3"
    base_url: str = ""
    timeouts: Timeouts = Timeouts()
    # Only prompts need it.
    passkey: str = field(default="", repr=False)
    c2b_version: C2BVersion = "v2"

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _checked_base_url(self.environment, self.base_url))
        if not _SHORTCODE.fullmatch(self.shortcode):
            raise InvalidInput("The shortcode is 5 to 9 digits.", "shortcode")
        if self.b2c_version not in ("v1", "v3"):
            raise InvalidInput("The B2C version is v1 or v3.", "b2c_version")
        if self.c2b_version not in ("v1", "v2"):
            raise InvalidInput("The paybill version is v1 or v2.", "c2b_version")
        for name, words in (
            ("consumer_key", "The consumer key"),
            ("consumer_secret", "The consumer secret"),
            ("initiator_name", "The API operator's user name"),
            ("initiator_password", "The API operator's password"),
            ("certificate_pem", "M-Pesa's certificate"),
        ):
            if not getattr(self, name).strip():
                raise InvalidInput(f"{words} is missing.", name)

    @property
    def b2c_path(self) -> str:
        """The path of a payout in the version this shortcode was given."""
        return f"/mpesa/b2c/{self.b2c_version}/paymentrequest"


def _checked_base_url(environment: Environment, base_url: str) -> str:
    if environment not in ("practice", "sandbox", "production"):
        raise InvalidInput("The environment is practice, sandbox or production.", "environment")
    given = base_url.rstrip("/")
    if environment != "practice":
        fixed = FIXED_HOSTS[environment]
        if given not in ("", fixed):
            raise InvalidInput(
                f"The address of {environment} is fixed; leave it empty.", "base_url"
            )
        return fixed
    parts = urlsplit(given)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.path or parts.query:
        raise InvalidInput(
            "Practice needs the address of the simulated Safaricom, like http://127.0.0.1:8080.",
            "base_url",
        )
    if host == "safaricom.co.ke" or host.endswith(".safaricom.co.ke"):
        raise InvalidInput("Practice may not use the real M-Pesa.", "base_url")
    return given
