"""What a synchronous HTTP answer proves. Pure; whatever is not listed as harmless is a doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    Doubtful,
    Exchange,
    NotSent,
    Refused,
)
from sacco_desktop.gateways.daraja.outside_json import Unreadable, clean_text, read_object
from sacco_desktop.gateways.daraja.result_codes import meaning_of

TOKEN_CODES = frozenset({"400.003.01", "401.002.01", "404.001.03", "401.001"})
NO_PRODUCT_CODE = "401.003.01"
BUSY_CODE = "500.003.02"
QUOTA_CODE = "500.003.03"
DUPLICATE_CODE = "500.002.1001"
REFUSING_CODES = ("400.", "404.", "405.")

RETRY_AFTER_NO_CONNECTION = timedelta(seconds=30)
RETRY_AFTER_BUSY = timedelta(seconds=60)
RETRY_AFTER_QUOTA = timedelta(hours=1)

# A refusal of one of these concerns this payment only; any other field is the same for all.
_FIELDS_OF_ONE_PAYMENT = ("partyb", "amount", "remarks", "occas", "originatorconversationid")


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """M-Pesa refused the token before it looked at the request; another token may be tried once."""

    text: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Situation:
    """What has to be known besides the answer. `moves_money` is false for questions."""

    now: datetime
    moves_money: bool


def classify(
    body: bytes, exchange: Exchange, situation: Situation
) -> Accepted | Refused | NotSent | Doubtful | TokenRefused:
    """The meaning of an HTTP answer that came whole."""
    answer = opened(body, exchange)
    if isinstance(answer, Doubtful):
        return answer
    if is_good(answer, exchange):
        return _acceptance(answer, exchange)
    return refusal(answer, exchange, situation)


def opened(body: bytes, exchange: Exchange) -> dict[str, object] | Doubtful:
    """The JSON object of an answer, or the doubt that it leaves when it is none."""
    try:
        return read_object(body)
    except Unreadable as problem:
        what = str(problem) if body.strip() else "The answer was empty."
        return Doubtful(f"M-Pesa answered HTTP {exchange.http_status or 0}. {what}", exchange)


def is_good(answer: dict[str, object], exchange: Exchange) -> bool:
    """Whether an answer carries no error code."""
    code = clean_text(answer.get("errorCode"))
    return 200 <= (exchange.http_status or 0) < 300 and not code


def refusal(
    answer: dict[str, object], exchange: Exchange, situation: Situation
) -> Refused | NotSent | Doubtful | TokenRefused:
    """What the usual error envelope proves."""
    code = clean_text(answer.get("errorCode"))
    if not code:
        status = exchange.http_status or 0
        return Doubtful(f"M-Pesa answered HTTP {status} without a code.", exchange)
    return _error(code, clean_text(answer.get("errorMessage")), exchange, situation)


def _acceptance(answer: dict[str, object], exchange: Exchange) -> Accepted | Doubtful:
    code = clean_text(answer.get("ResponseCode"))
    text = clean_text(answer.get("ResponseDescription"))
    conversation_id = clean_text(answer.get("ConversationID"))
    if code == "0" and conversation_id:
        own = clean_text(answer.get("OriginatorConversationID"))
        return Accepted(conversation_id, own, text, exchange)
    if code in ("", "0"):
        return Doubtful("M-Pesa's answer lacks its code or its id.", exchange)
    # Codes of the payment core belong in a result. Here no source says what they prove.
    meaning = meaning_of(code)
    reason = f"M-Pesa answered with code {code}: {meaning.meaning}"
    return Doubtful(reason, exchange, code == "15", code, meaning.stops_queue)


def _error(
    code: str, text: str, exchange: Exchange, situation: Situation
) -> Refused | NotSent | Doubtful | TokenRefused:
    status = exchange.http_status or 0
    if 400 <= status < 500 and code in TOKEN_CODES:
        return TokenRefused(text, exchange)
    if code == NO_PRODUCT_CODE and 400 <= status < 500:
        reason = (
            "The M-Pesa app does not include this service or this version of it. "
            "Add the product to the app on the portal, or change the version in the settings."
        )
        return NotSent(reason, situation.now + RETRY_AFTER_QUOTA, True, exchange)
    if 400 <= status < 500 and code.startswith(REFUSING_CODES):
        return Refused(code, text, _concerns_all_payments(code, text), exchange)
    if code == BUSY_CODE and (status == 429 or status >= 500):
        return _busy(text, exchange, situation)
    if code == QUOTA_CODE and (status == 429 or status >= 500):
        reason = "The quota of requests to M-Pesa is used up for now."
        return NotSent(reason, situation.now + RETRY_AFTER_QUOTA, False, exchange)
    duplicate = code == DUPLICATE_CODE and "duplicate" in text.lower()
    reason = "M-Pesa knows this id already." if duplicate else f"M-Pesa answered {code}: {text}"
    return Doubtful(reason, exchange, duplicate, code)


def _busy(text: str, exchange: Exchange, situation: Situation) -> NotSent | Doubtful:
    if "spike arrest" not in text.lower() and situation.moves_money:
        # “System is busy” is said to come before processing, but not so surely that the payment
        # may count as never sent: it could then be taken back and paid under another id.
        return Doubtful(f"M-Pesa answered {BUSY_CODE}: {text}", exchange, code=BUSY_CODE)
    reason = "M-Pesa takes no more requests at this moment."
    return NotSent(reason, situation.now + RETRY_AFTER_BUSY, False, exchange)


def _concerns_all_payments(code: str, text: str) -> bool:
    if code != "400.002.02":
        return True
    field = text.lower().replace(" ", "").rpartition("invalid")[2]
    return not field.startswith(_FIELDS_OF_ONE_PAYMENT)
