"""The one access token of a consumer key. A new token kills the old one, so there is one keeper."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.gateways.daraja.connection import DarajaConnection
from sacco_desktop.gateways.daraja.outside_json import Unreadable, clean_text, read_object

TOKEN_PATH = "/oauth/v1/generate"  # noqa: S105 - a path, not a secret
LONGEST_LIFE_SECONDS = 3600
REFRESH_EARLY_SECONDS = 60
RETRY_AFTER = timedelta(seconds=60)

_TOKEN = re.compile(r"[\x21-\x7e]{1,2048}")


class TokenNotHad(OutsideUnavailable):
    """No token could be had. `needs_person` when the keys are wrong and waiting cannot help."""

    def __init__(self, message: str, retry_at: datetime, *, needs_person: bool = False) -> None:
        super().__init__("M-Pesa", message, retry_at)
        self.needs_person = needs_person


@dataclass(frozen=True, slots=True)
class _Cached:
    token: str = field(repr=False)
    fetched_at: datetime
    fresh_until: datetime


class TokenKeeper:
    """Fetches a token when there is none that is fresh; however many ask, one request goes out."""

    def __init__(
        self, http: httpx.AsyncClient, connection: DarajaConnection, now: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._connection = connection
        self._now = now
        self._lock = asyncio.Lock()
        self._cached: _Cached | None = None
        self._attempts_ended = 0
        self._last_failure: TokenNotHad | None = None

    def __repr__(self) -> str:
        return f"TokenKeeper(cached={self._cached is not None})"

    async def get(self) -> str:
        """A token good for at least a minute. Raises `TokenNotHad`."""
        ended_before = self._attempts_ended
        async with self._lock:
            if token := self._fresh():
                return token
            if self._attempts_ended != ended_before and self._last_failure is not None:
                # Who waited while another's attempt failed shares that failure; otherwise a
                # queue of callers would each wait for the time-out, one after the other.
                raise self._last_failure
            self._last_failure = None
            try:
                self._cached = await self._fetch()
            except TokenNotHad as failure:
                self._last_failure = failure
                raise
            finally:
                self._attempts_ended += 1
            return self._cached.token

    def drop(self, failed_token: str) -> None:
        """Forget the token that M-Pesa refused, unless somebody has already fetched a newer one."""
        if self._cached is not None and self._cached.token == failed_token:
            self._cached = None

    def _fresh(self) -> str | None:
        cached = self._cached
        # A PC clock that was set back must not make an old token look young.
        if cached is None or not cached.fetched_at <= self._now() < cached.fresh_until:
            return None
        return cached.token

    async def _fetch(self) -> _Cached:
        asked_at = self._now()
        keys = f"{self._connection.consumer_key}:{self._connection.consumer_secret}"
        basic = base64.b64encode(keys.encode("utf-8")).decode("ascii")
        try:
            async with asyncio.timeout(self._connection.timeouts.whole_call_seconds):
                response = await self._http.get(
                    self._connection.base_url + TOKEN_PATH,
                    params={"grant_type": "client_credentials"},
                    headers={"Authorization": f"Basic {basic}"},
                )
        except (httpx.RequestError, TimeoutError):
            raise self._not_had("M-Pesa cannot be reached.") from None
        return self._read(response, asked_at)

    def _read(self, response: httpx.Response, asked_at: datetime) -> _Cached:
        if response.status_code in (400, 401):
            raise self._not_had(
                "M-Pesa does not accept the consumer key and secret. "
                "Check them on the M-Pesa settings page.",
                needs_person=True,
            )
        if response.status_code != 200:
            raise self._not_had(f"M-Pesa gave no access token (HTTP {response.status_code}).")
        try:
            body = read_object(response.content)
        except Unreadable:
            raise self._not_had("M-Pesa's answer held no access token.") from None
        token = clean_text(body.get("access_token"))
        if not _TOKEN.fullmatch(token):
            raise self._not_had("M-Pesa's answer held no access token.")
        seconds = _life_seconds(body.get("expires_in")) - REFRESH_EARLY_SECONDS
        return _Cached(token, asked_at, asked_at + timedelta(seconds=max(seconds, 0)))

    def _not_had(self, message: str, *, needs_person: bool = False) -> TokenNotHad:
        return TokenNotHad(message, self._now() + RETRY_AFTER, needs_person=needs_person)


def _life_seconds(value: object) -> int:
    """`expires_in` comes as text or as a number; what cannot be read gets the documented hour."""
    text = clean_text(value)
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(int(text), LONGEST_LIFE_SECONDS)
    return LONGEST_LIFE_SECONDS
