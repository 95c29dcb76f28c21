"""Where a gateway is: fixed hosts for the real ones, so that a slip of the pen hands no key to a stranger."""

from __future__ import annotations

from urllib.parse import urlsplit

from sacco_desktop.domain.errors import InvalidInput

PRACTICE = "practice"


def checked_host(environment: str, typed: str, real: dict[str, str]) -> str:
    """The address without a slash at its end: the real host of the environment, or in practice the simulated one.

    Raises InvalidInput under `address`.
    """
    given = typed.strip().rstrip("/")
    if environment != PRACTICE:
        fixed = real.get(environment, real["production"])
        if given not in ("", fixed):
            raise InvalidInput("The address is fixed here; leave it empty.", "address")
        return fixed
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise InvalidInput(
            "Practice needs the address of the simulated gateways, like http://127.0.0.1:8090.",
            "address",
        )
    if given in real.values():
        raise InvalidInput("Practice may not use the real gateway.", "address")
    return given
