"""Requests to M-Pesa: one call, one request, one frozen answer that says what it proves.

Nothing is ever retried here but a request whose token M-Pesa refused before looking at it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import TypeAlias, TypeVar

import httpx

from sacco_desktop.gateways.daraja.callback_urls import callback_url_problem
from sacco_desktop.gateways.daraja.classification import (
    RETRY_AFTER_BUSY,
    RETRY_AFTER_NO_CONNECTION,
    RETRY_AFTER_QUOTA,
    Situation,
    TokenRefused,
    classify,
)
from sacco_desktop.gateways.daraja.connection import DarajaConnection
from sacco_desktop.gateways.daraja.credential import security_credential
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    B2CAnswer,
    B2CRequest,
    BalanceRequest,
    Doubtful,
    Exchange,
    NotSent,
    QuestionAnswer,
    Refused,
    StatusRequest,
    safe_text,
)
from sacco_desktop.gateways.daraja.outside_json import plain_text
from sacco_desktop.gateways.daraja.token import TokenKeeper, TokenNotHad

STATUS_PATH = "/mpesa/transactionstatus/v1/query"
BALANCE_PATH = "/mpesa/accountbalance/v1/query"
ID_CHECKED_PATH = "/mpesa/b2cvalidate/v2/paymentrequest"
NATIONAL_ID = "01"
MOST_ANSWER_BYTES = 256 * 1024
MOST_KEPT_CHARACTERS = 20_000
BLANK = "[redacted]"
SECRET_FIELDS = frozenset({"SecurityCredential", "Password"})
ADDRESS_FIELDS = frozenset(
    {"ResultURL", "QueueTimeOutURL", "CallBackURL", "ConfirmationURL", "ValidationURL"}
)
# A shorter word could be part of the answer itself, and blanking it would change what that says.
SHORTEST_BLANKED = 8

# These prove that no request left this PC: the name, the connection or the handshake failed.
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


Told = TypeVar("Told")
Reader: TypeAlias = Callable[[bytes, Exchange, Situation], Told | NotSent | Doubtful | TokenRefused]


class DarajaClient:
    """Talks to one environment for one shortcode. Close it, or use it as `async with`.

    One instance belongs to one event loop and is the only user of its consumer key. Cancelling a
    call in flight leaves the payment in doubt, exactly like a read time-out.
    """

    def __init__(self, connection: DarajaConnection, now: Callable[[], datetime]) -> None:
        """Raises `InvalidInput` when the certificate or the password cannot be used."""
        self._connection = connection
        self._now = now
        self._credential = security_credential(
            connection.initiator_password, connection.certificate_pem
        )
        seconds = connection.timeouts
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(seconds.read_seconds, connect=seconds.connect_seconds),
            # A kept connection may die just as a payment is written to it, which would leave a
            # doubt; payments are few, so each gets a connection of its own.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            # The environment is read in one place only, and not here.
            trust_env=False,
        )
        self._tokens = TokenKeeper(self._http, connection, now)

    def __repr__(self) -> str:
        return f"DarajaClient({self._connection.environment}, {self._connection.shortcode})"

    async def __aenter__(self) -> DarajaClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def connection(self) -> DarajaConnection:
        """Where M-Pesa is and who we are to it."""
        return self._connection

    @property
    def credential(self) -> str:
        """The initiator's password, locked for M-Pesa."""
        return self._credential

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock of this client."""
        return self._now

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def check_keys(self) -> None:
        """Fetch a token, if there is none. Raises `TokenNotHad`, an `OutsideUnavailable`."""
        await self._tokens.get()

    async def pay_out(self, request: B2CRequest) -> B2CAnswer:
        """Ask M-Pesa once to pay. The request's id must be committed before this is called."""
        body: dict[str, object] = {
            "InitiatorName": self._connection.initiator_name,
            "SecurityCredential": self._credential,
            "CommandID": request.command_id,
            "Amount": request.amount_shillings,
            "PartyA": self._connection.shortcode,
            "PartyB": request.phone,
            "Remarks": safe_text(request.remarks, 100),
            "QueueTimeOutURL": request.timeout_url,
            "ResultURL": request.result_url,
            "Occassion": safe_text(request.occasion, 100),
        }
        if not body["Occassion"]:
            # The field may be left out but not be empty.
            del body["Occassion"]
        if self._connection.b2c_version == "v3":
            body = {"OriginatorConversationID": request.originator_conversation_id} | body
        if not request.id_number:
            return await self._call(self._connection.b2c_path, body, moves_money=True)
        body |= {"IDType": NATIONAL_ID, "IDNumber": request.id_number}
        return await self._call(ID_CHECKED_PATH, body, moves_money=True)

    async def ask_status(self, request: StatusRequest) -> QuestionAnswer:
        """Ask what became of a payment; the answer itself comes later, to the result address."""
        body = self._question("TransactionStatusQuery", request)
        body["TransactionID"] = request.receipt
        body["OriginalConversationID"] = request.originator_conversation_id
        return await self._call(STATUS_PATH, body, moves_money=False)

    async def ask_balance(self, request: BalanceRequest) -> QuestionAnswer:
        """Ask for the balances; they come later, to the result address."""
        body = self._question("AccountBalance", request)
        return await self._call(BALANCE_PATH, body, moves_money=False)

    def _question(self, command: str, request: StatusRequest | BalanceRequest) -> dict[str, object]:
        return {
            "Initiator": self._connection.initiator_name,
            "SecurityCredential": self._credential,
            "CommandID": command,
            "PartyA": self._connection.shortcode,
            "IdentifierType": "4",
            "Remarks": safe_text(request.remarks, 100),
            "QueueTimeOutURL": request.timeout_url,
            "ResultURL": request.result_url,
        }

    async def _call(
        self, path: str, body: Mapping[str, object], *, moves_money: bool
    ) -> Accepted | Refused | NotSent | Doubtful:
        return await self.call(path, body, classify, moves_money=moves_money)

    async def call(
        self, path: str, body: Mapping[str, object], read: Reader[Told], *, moves_money: bool
    ) -> Told | NotSent | Doubtful:
        """One request; `read` says what the answer proves, when one came whole. A refused token is replaced once."""
        kept = {name: BLANK if name in SECRET_FIELDS else body[name] for name in body}
        exchange = Exchange(path, json.dumps(kept, ensure_ascii=True))
        for name in ADDRESS_FIELDS & body.keys():
            problem = callback_url_problem(str(body[name]), self._connection.environment)
            if problem:
                return NotSent(problem, self._now() + RETRY_AFTER_QUOTA, True, exchange)
        answer = await self._attempt(body, exchange, read, moves_money=moves_money)
        if isinstance(answer, TokenRefused):
            answer = await self._attempt(body, exchange, read, moves_money=moves_money)
        if isinstance(answer, TokenRefused):
            reason = (
                "M-Pesa refused two fresh access tokens. Another program may use the same keys."
            )
            return NotSent(reason, self._now() + RETRY_AFTER_BUSY, False, answer.exchange)
        return answer

    async def _attempt(
        self,
        body: Mapping[str, object],
        exchange: Exchange,
        read: Reader[Told],
        *,
        moves_money: bool,
    ) -> Told | NotSent | Doubtful | TokenRefused:
        try:
            token = await self._tokens.get()
        except TokenNotHad as failure:
            retry_at = failure.retry_at or self._now() + RETRY_AFTER_BUSY
            return NotSent(failure.message, retry_at, failure.needs_person, exchange)
        try:
            async with asyncio.timeout(self._connection.timeouts.whole_call_seconds):
                status, raw = await self._post(exchange.path, body, token)
        except _NO_CONNECTION:
            reason = "M-Pesa cannot be reached."
            return NotSent(reason, self._now() + RETRY_AFTER_NO_CONNECTION, False, exchange)
        except (httpx.RequestError, TimeoutError):
            reason = "The connection to M-Pesa broke before an answer."
            return Doubtful(reason, exchange)
        raw = self._without_secrets(raw, token)
        text = plain_text(raw.decode("utf-8", errors="replace"))[:MOST_KEPT_CHARACTERS]
        heard = Exchange(exchange.path, exchange.request_json, status, text)
        answer = read(raw, heard, Situation(self._now(), moves_money))
        if isinstance(answer, TokenRefused):
            self._tokens.drop(token)
        return answer

    async def _post(self, path: str, body: Mapping[str, object], token: str) -> tuple[int, bytes]:
        async with self._http.stream(
            "POST",
            self._connection.base_url + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        ) as response:
            raw = b""
            async for piece in response.aiter_bytes():
                raw += piece
                if len(raw) > MOST_ANSWER_BYTES:
                    break
            return response.status_code, raw

    def _without_secrets(self, raw: bytes, token: str) -> bytes:
        """The answer without anything that would open M-Pesa to a reader of the books or a log."""
        secrets = (
            token,
            self._credential,
            self._connection.initiator_password,
            self._connection.consumer_key,
            self._connection.consumer_secret,
            self._connection.passkey,
        )
        for secret in secrets:
            if len(secret) >= SHORTEST_BLANKED:
                raw = raw.replace(secret.encode("utf-8"), BLANK.encode("ascii"))
        return raw
