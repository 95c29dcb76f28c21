"""Requests to M-Pesa about money that comes in: one call, one request, one frozen answer that says what it proves.

Nothing is retried here but a request whose token M-Pesa refused before looking at it. A prompt has no id of ours, so
one that is in doubt is never sent again.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.prompts import LONGEST_REFERENCE
from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.classification import (
    Situation,
    TokenRefused,
    classify,
    is_good,
    opened,
    refusal,
)
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    Doubtful,
    Exchange,
    NotSent,
    Refused,
    safe_text,
)
from sacco_desktop.gateways.daraja.fields import EAST_AFRICA_TIME
from sacco_desktop.gateways.daraja.outside_json import clean_text
from sacco_desktop.gateways.daraja.payers import Payer, to_payer

PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"
PULL_REGISTER_PATH = "/pulltransactions/v1/register"
PULL_PATH = "/pulltransactions/v1/query"
REVERSAL_PATH = "/mpesa/reversal/v1/request"
LONGEST_DESCRIPTION = 13
PULL_PAGE = 100
OVERLOADED = "500.001.1001"

_PHONE = re.compile(r"254[17][0-9]{8}")
_PULL_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})Z?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """One prompt for whole shillings on one phone. Raises `InvalidInput`."""

    phone: str = field(repr=False)
    amount_shillings: int
    reference: str
    description: str
    callback_url: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _PHONE.fullmatch(self.phone):
            raise InvalidInput("The phone number is twelve digits, like 254712345678.", "phone")
        if isinstance(self.amount_shillings, bool) or self.amount_shillings < 1:
            raise InvalidInput("The sum is whole shillings, at least one.", "amount_shillings")
        if not safe_text(self.reference, LONGEST_REFERENCE):
            raise InvalidInput("The prompt needs the account that it pays to.", "reference")


@dataclass(frozen=True, slots=True)
class PromptAccepted:
    """M-Pesa will ask the member. That is no payment yet."""

    merchant_request_id: str
    checkout_request_id: str
    text: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PhoneBusy:
    """Something else is open on that phone, so nothing was asked; it is free again in a minute or two."""

    text: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PromptEnded:
    """M-Pesa says how a prompt ended; code 0 is paid. It never tells the receipt here."""

    code: str
    text: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PromptPending:
    """The prompt is still being worked on; nothing may be concluded."""

    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Registered:
    """M-Pesa keeps what was registered, or `was_before` already kept something."""

    text: str
    was_before: bool
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class PulledPayment:
    """One payment in M-Pesa's own list; in cents, moment in UTC."""

    receipt: str
    paid_at: datetime
    amount_cents: int
    reference: str = field(repr=False)
    payer: Payer


@dataclass(frozen=True, slots=True)
class Pulled:
    """One page of the list. `unreadable` rows could not be understood; a full page is followed by another."""

    payments: tuple[PulledPayment, ...]
    rows: int
    unreadable: int
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class ReversalRequest:
    """Take one payment to us back, whole: its receipt and its whole shillings."""

    receipt: str
    amount_shillings: int
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
    remarks: str = "Reversal"


class CollectingClient:
    """The calls about money that comes in, over the one client that owns the token."""

    def __init__(self, client: DarajaClient, shortcode: str = "", c2b_version: str = "") -> None:
        """Speaks for the shortcode of the connection, or for another one that the same app may speak for."""
        self._client = client
        self._connection = client.connection
        self._shortcode = shortcode or client.connection.shortcode
        self._c2b_version = c2b_version or client.connection.c2b_version

    async def stk_push(
        self, request: PromptRequest
    ) -> PromptAccepted | PhoneBusy | Refused | NotSent | Doubtful:
        """Ask M-Pesa once to prompt the member. The prompt must be committed before this is called."""
        body: dict[str, object] = {
            **self._signature(),
            "TransactionType": "CustomerPayBillOnline",
            "Amount": request.amount_shillings,
            "PartyA": request.phone,
            "PartyB": self._connection.shortcode,
            "PhoneNumber": request.phone,
            "CallBackURL": request.callback_url,
            "AccountReference": safe_text(request.reference, LONGEST_REFERENCE),
            "TransactionDesc": safe_text(request.description, LONGEST_DESCRIPTION) or "Payment",
        }
        return await self._client.call(PUSH_PATH, body, _read_push, moves_money=True)

    async def stk_query(
        self, checkout_request_id: str
    ) -> PromptEnded | PromptPending | Refused | NotSent | Doubtful:
        """Ask what became of a prompt; the answer comes at once."""
        body = {**self._signature(), "CheckoutRequestID": checkout_request_id}
        return await self._client.call(QUERY_PATH, body, _read_query, moves_money=False)

    async def register_urls(
        self,
        confirmation_url: str,
        validation_url: str,
        response_type: Literal["Completed", "Cancelled"] = "Completed",
    ) -> Registered | Refused | NotSent | Doubtful:
        """Tell M-Pesa where payments to the paybill are reported. Production takes this once."""
        body = {
            "ShortCode": self._shortcode,
            "ResponseType": response_type,
            "ConfirmationURL": confirmation_url,
            "ValidationURL": validation_url,
        }
        path = f"/mpesa/c2b/{self._c2b_version}/registerurl"
        return await self._client.call(path, body, _read_registration, moves_money=False)

    async def register_pull(
        self, nominated_phone: str, notice_url: str
    ) -> Registered | Refused | NotSent | Doubtful:
        """Ask for the list of payments to be kept; the phone is the one in the paybill's papers."""
        body = {
            "ShortCode": self._shortcode,
            "RequestType": "Pull",
            "NominatedNumber": nominated_phone,
            "CallBackURL": notice_url,
        }
        return await self._client.call(
            PULL_REGISTER_PATH, body, _read_registration, moves_money=False
        )

    async def pull(
        self, since: datetime, until: datetime, offset: int = 0
    ) -> Pulled | Refused | NotSent | Doubtful:
        """One page of the payments between two moments of the last 48 hours, from a row on."""
        body = {
            "ShortCode": self._shortcode,
            "StartDate": _local(since),
            "EndDate": _local(until),
            "OffSetValue": str(offset),
        }
        return await self._client.call(PULL_PATH, body, _read_page, moves_money=False)

    async def reverse(self, request: ReversalRequest) -> Accepted | Refused | NotSent | Doubtful:
        """Ask M-Pesa once to take a payment back; how that went comes later, to the result address."""
        body: dict[str, object] = {
            "Initiator": self._connection.initiator_name,
            "SecurityCredential": self._client.credential,
            "CommandID": "TransactionReversal",
            "TransactionID": request.receipt,
            "Amount": request.amount_shillings,
            "ReceiverParty": self._connection.shortcode,
            "RecieverIdentifierType": "11",
            "Remarks": safe_text(request.remarks, 100) or "Reversal",
            "QueueTimeOutURL": request.timeout_url,
            "ResultURL": request.result_url,
        }
        return await self._client.call(REVERSAL_PATH, body, classify, moves_money=True)

    def _signature(self) -> dict[str, object]:
        """Shortcode, time and password from one and the same moment, in Nairobi's time."""
        connection = self._connection
        if not connection.passkey:
            raise InvalidInput(
                "Prompts need the passkey that Safaricom sent by mail. Add it on the M-Pesa settings page.",
                "passkey",
            )
        stamp = f"{self._client.now().astimezone(EAST_AFRICA_TIME):%Y%m%d%H%M%S}"
        text = f"{connection.shortcode}{connection.passkey}{stamp}"
        password = base64.b64encode(text.encode("utf-8")).decode("ascii")
        return {
            "BusinessShortCode": connection.shortcode,
            "Password": password,
            "Timestamp": stamp,
        }


def _read_push(
    raw: bytes, exchange: Exchange, situation: Situation
) -> PromptAccepted | PhoneBusy | Refused | NotSent | Doubtful | TokenRefused:
    answer = opened(raw, exchange)
    if isinstance(answer, Doubtful):
        return answer
    if is_good(answer, exchange):
        checkout = clean_text(answer.get("CheckoutRequestID"))
        text = clean_text(answer.get("ResponseDescription"))
        if clean_text(answer.get("ResponseCode")) == "0" and checkout:
            merchant = clean_text(answer.get("MerchantRequestID"))
            return PromptAccepted(merchant, checkout, text, exchange)
        return Doubtful(f"M-Pesa's answer to the prompt is not clear: {text}", exchange)
    return _overloaded(answer, exchange) or refusal(answer, exchange, situation)


def _overloaded(answer: dict[str, object], exchange: Exchange) -> PhoneBusy | Refused | None:
    """One code stands for several things, which only its text tells apart; these are surely not processed."""
    text = clean_text(answer.get("errorMessage"))
    if clean_text(answer.get("errorCode")) != OVERLOADED:
        return None
    lower = text.lower()
    if "unable to lock subscriber" in lower:
        return PhoneBusy(text, exchange)
    if "merchant does not exist" in lower:
        words = (
            "M-Pesa does not take prompts for this shortcode. Check the shortcode in the settings."
        )
        return Refused(OVERLOADED, words, True, exchange)
    if "wrong credentials" in lower:
        words = "M-Pesa does not accept the passkey of this shortcode. Check it in the settings."
        return Refused(OVERLOADED, words, True, exchange)
    return None


def _read_query(
    raw: bytes, exchange: Exchange, situation: Situation
) -> PromptEnded | PromptPending | Refused | NotSent | Doubtful | TokenRefused:
    answer = opened(raw, exchange)
    if isinstance(answer, Doubtful):
        return answer
    if is_good(answer, exchange):
        code = clean_text(answer.get("ResultCode"))
        if clean_text(answer.get("ResponseCode")) != "0" or not code:
            return Doubtful("M-Pesa's answer about the prompt is not clear.", exchange)
        if code == "4999":
            return PromptPending(exchange)
        return PromptEnded(code, clean_text(answer.get("ResultDesc")), exchange)
    text = clean_text(answer.get("errorMessage")).lower()
    if clean_text(answer.get("errorCode")) == OVERLOADED and "being processed" in text:
        return PromptPending(exchange)
    overloaded = _overloaded(answer, exchange)
    if isinstance(overloaded, Refused):
        return overloaded
    return refusal(answer, exchange, situation)


def _read_registration(
    raw: bytes, exchange: Exchange, situation: Situation
) -> Registered | Refused | NotSent | Doubtful | TokenRefused:
    answer = opened(raw, exchange)
    if isinstance(answer, Doubtful):
        return answer
    text = clean_text(answer.get("ResponseDescription"))
    if is_good(answer, exchange):
        names = ("ResponseCode", "ResponseStatus", "Response Status")
        code = next((clean_text(answer[name]) for name in names if name in answer), "")
        if code in ("0", "00000000", "1000"):
            return Registered(text, False, exchange)
        if code == "1001":
            return Registered(text, True, exchange)
        return Doubtful(f"M-Pesa's answer is not clear: {text}", exchange)
    words = clean_text(answer.get("errorMessage"))
    if "already registered" in words.lower():
        return Registered(words, True, exchange)
    if "duplicate notification info" in words.lower():
        text = "This paybill is still reported to an older platform; Safaricom has to remove that first."
        return Refused(clean_text(answer.get("errorCode")), text, True, exchange)
    return refusal(answer, exchange, situation)


def _read_page(
    raw: bytes, exchange: Exchange, situation: Situation
) -> Pulled | Refused | NotSent | Doubtful | TokenRefused:
    answer = opened(raw, exchange)
    if isinstance(answer, Doubtful):
        return answer
    if is_good(answer, exchange):
        code = clean_text(answer.get("ResponseCode"))
        if code == "1001":
            return Pulled((), 0, 0, exchange)
        rows = answer.get("Response")
        if code != "1000" or not isinstance(rows, list):
            return Doubtful("M-Pesa's list of payments is not clear.", exchange)
        return _page(rows, exchange)
    if "failed to retrieve transactions" in clean_text(answer.get("errorMessage")).lower():
        # Said when there are no payments, and when M-Pesa could not look; the next list asks for this time again.
        return Doubtful("M-Pesa told of no payments, or could not look for them.", exchange)
    return refusal(answer, exchange, situation)


def _page(rows: list[object], exchange: Exchange) -> Pulled:
    """The list lies inside a list."""
    flat = [row for part in rows for row in (part if isinstance(part, list) else [part])]
    read = [_payment(row) for row in flat]
    payments = tuple(payment for payment in read if payment is not None)
    return Pulled(payments, len(flat), len(flat) - len(payments), exchange)


def _payment(row: object) -> PulledPayment | None:
    if not isinstance(row, dict):
        return None
    receipt = fields.to_receipt(row.get("transactionId"))
    cents = fields.to_cents(row.get("amount"))
    found = _PULL_TIME.fullmatch(clean_text(row.get("trxDate")))
    if receipt is None or cents is None or cents <= 0 or found is None:
        return None
    # Written as if it were UTC; all other times of M-Pesa are Nairobi's, and so is this taken to be.
    paid_at = fields.to_moment("".join(sign for sign in "".join(found.groups()) if sign.isdigit()))
    if paid_at is None:
        return None
    reference = clean_text(row.get("billreference"))[:40]
    return PulledPayment(receipt, paid_at, cents, reference, to_payer(row.get("msisdn")))


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(EAST_AFRICA_TIME):%Y-%m-%d %H:%M:%S}"
