"""What M-Pesa posts back, read into frozen values. Pure: no network and no clock.

Each function raises `Unreadable` for what cannot be understood without guessing, and nothing else.
What is said here is a claim: anybody who learns the address can post it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeVar

from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.outside_json import (
    Unreadable,
    clean_text,
    plain_text,
    read_object,
)
from sacco_desktop.gateways.daraja.result_codes import NOT_FOUND_CODES, CodeMeaning, meaning_of

__all__ = [
    "Parameter",
    "ResultNotice",
    "StatusNotice",
    "StatusOutcome",
    "TimeoutNotice",
    "Unreadable",
    "parse_result",
    "parse_status_result",
    "parse_timeout",
    "redacted",
]

_T = TypeVar("_T")

_NAMED_LIKE_SECRETS = ("securitycredential", "password", "passkey", "token", "secret")
_SECRET_IN_TEXT = re.compile(
    rb'("[^"]*(?:' + "|".join(_NAMED_LIKE_SECRETS).encode() + rb')[^"]*"\s*:\s*)"[^"]*"?',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One `Key`/`Value` as it came. `value` is None when the item had no value or null."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class ResultNotice:
    """The outcome of one payout as claimed by a callback. Amounts in cents, times in UTC.

    `receipt` is None for a placeholder; `transaction_id` is what stood there. `oddities` are
    sentences about what could not be read or contradicts itself; such a notice deserves a question.
    """

    result_code: str
    result_text: str
    is_final: bool
    originator_conversation_id: str
    conversation_id: str
    transaction_id: str
    receipt: str | None
    amount_cents: int | None
    receiver_phone: str | None
    receiver_name: str
    receiver_is_registered: bool | None
    completed_at: datetime | None
    utility_available_cents: int | None
    working_available_cents: int | None
    charges_paid_cents: int | None
    parameters: tuple[Parameter, ...]
    oddities: tuple[str, ...]

    @property
    def meaning(self) -> CodeMeaning:
        """What the code says, in words; valid for a payout only when `is_final`."""
        return meaning_of(self.result_code)


@dataclass(frozen=True, slots=True)
class TimeoutNotice:
    """M-Pesa did not take a request from its queue in time. It may still be paid.

    Either id may be empty; the address it came to then tells the payout.
    """

    shape: Literal["original_request", "result"]
    originator_conversation_id: str
    conversation_id: str
    result_code: str
    result_text: str
    amount_cents: int | None
    receiver_phone: str | None


class StatusOutcome(StrEnum):
    """What the answer to a status question says about the payment that was asked about."""

    COMPLETED = "completed"
    OPEN = "open"  # Money may still move.
    ENDED = "ended"  # Cancelled, declined or expired: M-Pesa says that it was not paid.
    NOT_FOUND = "not_found"  # Not yet a failure: the question may have come too early.
    QUERY_FAILED = "query_failed"  # The question itself went wrong and says nothing.
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class StatusNotice:
    """The answer to a status question; amounts in cents, times in UTC.

    The `query_…` fields belong to the question, the rest to the payment that was asked about. The
    outer transaction id is always a placeholder and is not kept.
    """

    query_code: str
    query_text: str
    is_final: bool
    query_originator_conversation_id: str
    query_conversation_id: str
    outcome: StatusOutcome
    transaction_status: str
    originator_conversation_id: str
    conversation_id: str
    receipt: str | None
    amount_cents: int | None
    charges_cents: int | None
    debit_party: str
    credit_party: str
    receiver_phone: str | None
    receiver_name: str
    initiated_at: datetime | None
    finalised_at: datetime | None
    parameters: tuple[Parameter, ...]
    oddities: tuple[str, ...]

    @property
    def query_meaning(self) -> CodeMeaning:
        """What the code of the question says: a refused initiator must stop the queue here, too."""
        return meaning_of(self.query_code)


_OUTCOMES = {
    "completed": StatusOutcome.COMPLETED,
    "initiated": StatusOutcome.OPEN,
    "authorized": StatusOutcome.OPEN,
    "authorised": StatusOutcome.OPEN,
    "pending": StatusOutcome.OPEN,
    "pending authorized": StatusOutcome.OPEN,
    "pending authorised": StatusOutcome.OPEN,
    "cancelled": StatusOutcome.ENDED,
    "canceled": StatusOutcome.ENDED,
    "declined": StatusOutcome.ENDED,
    "expired": StatusOutcome.ENDED,
}


def parse_result(raw: bytes) -> ResultNotice:
    """The body posted to a payout's ResultURL."""
    envelope = Envelope.read(raw)
    found = envelope.parameters
    transaction_id = envelope.text("TransactionID")
    receipt = fields.to_receipt(found.one("TransactionReceipt"))
    outer = fields.to_receipt(transaction_id)
    if receipt and outer and receipt != outer:
        found.oddities.append(f"Two receipts: {outer} outside and {receipt} inside.")
    receiver = found.one("ReceiverPartyPublicName")
    return ResultNotice(
        result_code=envelope.code,
        result_text=envelope.text("ResultDesc"),
        is_final=envelope.is_final,
        originator_conversation_id=envelope.text("OriginatorConversationID"),
        conversation_id=envelope.text("ConversationID"),
        transaction_id=transaction_id,
        receipt=receipt or outer,
        amount_cents=found.cents("TransactionAmount", "Amount"),
        receiver_phone=fields.to_phone(receiver),
        receiver_name=fields.to_name(receiver),
        receiver_is_registered=fields.to_yes_or_no(found.one("B2CRecipientIsRegisteredCustomer")),
        completed_at=found.moment("TransactionCompletedDateTime"),
        utility_available_cents=found.cents("B2CUtilityAccountAvailableFunds"),
        working_available_cents=found.cents("B2CWorkingAccountAvailableFunds"),
        charges_paid_cents=found.cents("B2CChargesPaidAccountAvailableFunds"),
        parameters=found.items,
        oddities=tuple(found.oddities),
    )


def parse_timeout(raw: bytes) -> TimeoutNotice:
    """The body posted to QueueTimeOutURL: our own request handed back, or a result envelope."""
    whole = read_object(raw)
    inner = whole.get("Result")
    if isinstance(inner, dict):
        found = _Parameters.read(inner)
        amount = found.cents("TransactionAmount", "Amount")
        phone = fields.to_phone(found.one("ReceiverPartyPublicName"))
    else:
        inner = whole
        amount = fields.to_cents(whole.get("Amount"))
        phone = fields.to_phone(whole.get("PartyB"))
    return TimeoutNotice(
        shape="original_request" if inner is whole else "result",
        originator_conversation_id=clean_text(
            inner.get("OriginatorConversationID") or whole.get("OriginatorConversationID")
        ),
        conversation_id=clean_text(inner.get("ConversationID") or whole.get("ConversationID")),
        result_code=clean_text(inner.get("ResultCode")),
        result_text=clean_text(inner.get("ResultDesc")),
        amount_cents=amount,
        receiver_phone=phone,
    )


def parse_status_result(raw: bytes) -> StatusNotice:
    """The body posted to the ResultURL of a status question."""
    envelope = Envelope.read(raw)
    found = envelope.parameters
    status = found.text("TransactionStatus")
    # M-Pesa's own sample names the debit party twice; the second of them is the receiver.
    parties = found.all("DebitPartyName")
    receiver = found.one("CreditPartyName") or (parties[1] if len(parties) == 2 else None)
    return StatusNotice(
        query_code=envelope.code,
        query_text=envelope.text("ResultDesc"),
        is_final=envelope.is_final,
        query_originator_conversation_id=envelope.text("OriginatorConversationID"),
        query_conversation_id=envelope.text("ConversationID"),
        outcome=_status_outcome(envelope.code, status),
        transaction_status=status,
        originator_conversation_id=found.text("OriginatorConversationID"),
        conversation_id=found.text("ConversationID"),
        receipt=fields.to_receipt(found.one("ReceiptNo")),
        amount_cents=found.cents("Amount", "TransactionAmount"),
        charges_cents=found.charge("DebitPartyCharges"),
        debit_party=clean_text(parties[0]) if parties else "",
        credit_party=clean_text(receiver),
        receiver_phone=fields.to_phone(receiver),
        receiver_name=fields.to_name(receiver),
        initiated_at=found.moment("InitiatedTime"),
        finalised_at=found.moment("FinalisedTime"),
        parameters=found.items,
        oddities=tuple(found.oddities),
    )


def redacted(raw: bytes) -> bytes:
    """The body with secrets blanked: a time-out may carry our SecurityCredential.

    What cannot be read is kept as it came, for a person may see more in it than we do; only what
    stands as text beside a name of a secret is blanked in it.
    """
    try:
        value = _without_secrets(read_object(raw))
    except Unreadable:
        return _SECRET_IN_TEXT.sub(rb'\1"[redacted]"', raw)
    return json.dumps(value, default=str, ensure_ascii=True).encode("ascii")


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: "[redacted]"
            if any(word in key.lower() for word in _NAMED_LIKE_SECRETS)
            else _without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value


def _status_outcome(code: str, status: str) -> StatusOutcome:
    if code in NOT_FOUND_CODES:
        return StatusOutcome.NOT_FOUND
    if code != "0":
        return StatusOutcome.QUERY_FAILED
    return _OUTCOMES.get(" ".join(status.lower().split()), StatusOutcome.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The `Result` object that B2C, status and balance share."""

    body: Mapping[str, object]
    code: str
    parameters: _Parameters

    @classmethod
    def read(cls, raw: bytes) -> Envelope:
        body = read_object(raw).get("Result")
        if not isinstance(body, dict):
            raise Unreadable("The message holds no Result.")
        code = clean_text(body.get("ResultCode"))
        if not code:
            raise Unreadable("The result holds no code.")
        return cls(body, code, _Parameters.read(body))

    @property
    def is_final(self) -> bool:
        """Type 0 is complete; 1 announces that more will come, so it settles nothing."""
        return self.text("ResultType") == "0"

    def text(self, name: str) -> str:
        return clean_text(self.body.get(name))


@dataclass(frozen=True, slots=True)
class _Parameters:
    """`ResultParameters` in any of its shapes; found by key, since their order is not fixed."""

    items: tuple[Parameter, ...]
    values: tuple[tuple[str, object], ...]
    oddities: list[str]

    @classmethod
    def read(cls, body: Mapping[str, object]) -> _Parameters:
        holder = body.get("ResultParameters")
        inner = holder.get("ResultParameter") if isinstance(holder, dict) else holder
        # One parameter alone may come as an object in place of a list of one.
        rows = inner if isinstance(inner, list) else [inner]
        values = tuple(
            (clean_text(row.get("Key")), row.get("Value")) for row in rows if isinstance(row, dict)
        )
        return cls(tuple(Parameter(key, _kept(value)) for key, value in values), values, [])

    def all(self, key: str) -> list[object]:
        return [value for name, value in self.values if name == key and clean_text(value)]

    def one(self, *keys: str) -> object:
        """The one value under the first key that has any; two different ones count as none."""
        for key in keys:
            found = self.all(key)
            if len({clean_text(value) for value in found}) > 1:
                self.oddities.append(f"{key} stands there twice with different values.")
                return None
            if found:
                return found[0]
        return None

    def text(self, key: str) -> str:
        return clean_text(self.one(key))

    def cents(self, *keys: str) -> int | None:
        return self._noted(keys[0], value := self.one(*keys), fields.to_cents(value))

    def charge(self, key: str) -> int | None:
        return self._noted(key, value := self.one(key), fields.charge_to_cents(value))

    def moment(self, key: str) -> datetime | None:
        return self._noted(key, value := self.one(key), fields.to_moment(value))

    def _noted(self, key: str, value: object, read: _T | None) -> _T | None:
        if value is not None and read is None:
            self.oddities.append(f"{key} could not be read.")
        return read


def _kept(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (dict, list)):
        return plain_text(json.dumps(value, default=str))
    return clean_text(value)
