"""What we ask of M-Pesa and what its synchronous answer amounts to, as frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sacco_desktop.domain.errors import InvalidInput

CommandId = Literal["BusinessPayment", "SalaryPayment", "PromotionPayment"]

_OWN_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_PHONE = re.compile(r"254[17][0-9]{8}")
_ID_NUMBER = re.compile(r"[0-9]{5,12}")
_UNSAFE_IN_TEXT = re.compile(r"[^A-Za-z0-9 .,-]+")


@dataclass(frozen=True, slots=True)
class B2CRequest:
    """One payout of whole shillings to one phone (`2547…` or `2541…`, twelve digits).

    The id is ours, never used before, and committed before this is sent. On v1 it stays with us.
    With an `id_number` M-Pesa pays only when the line is registered to this national identity number.
    Raises `InvalidInput`; the smallest and largest sum are the office's dated limits, not ours.
    """

    originator_conversation_id: str
    phone: str = field(repr=False)
    amount_shillings: int
    remarks: str
    occasion: str
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
    command_id: CommandId = "BusinessPayment"
    id_number: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not _OWN_ID.fullmatch(self.originator_conversation_id):
            raise InvalidInput(
                "The payment's id is 1 to 36 letters, digits, hyphens or underscores.",
                "originator_conversation_id",
            )
        if not _PHONE.fullmatch(self.phone):
            raise InvalidInput("The phone number is twelve digits, like 254712345678.", "phone")
        if self.id_number and not _ID_NUMBER.fullmatch(self.id_number):
            raise InvalidInput("The ID number is 5 to 12 figures.", "id_number")
        if isinstance(self.amount_shillings, bool) or self.amount_shillings < 1:
            raise InvalidInput("The sum is whole shillings, at least one.", "amount_shillings")
        if len(safe_text(self.remarks, 100)) < 2:
            raise InvalidInput("The remark needs at least two letters or digits.", "remarks")


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """A question about one payment, by our own id or by its receipt; exactly one of them is given.

    On v1 the id is the one that M-Pesa gave in its synchronous answer. Raises `InvalidInput`.
    """

    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
    originator_conversation_id: str = ""
    receipt: str = ""
    remarks: str = "Status"

    def __post_init__(self) -> None:
        if bool(self.originator_conversation_id) == bool(self.receipt):
            raise InvalidInput("Ask by the payment's id or by its receipt, not by both.", "receipt")


@dataclass(frozen=True, slots=True)
class BalanceRequest:
    """A question about the balances of our shortcode's accounts."""

    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
    remarks: str = "Balance"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over the wire, fit to be kept: credential, password and token are blanked.

    `http_status` is None when no answer came. The texts hold a person's number, so a repr leaves
    them out.
    """

    path: str
    request_json: str = field(repr=False)
    http_status: int | None = None
    response_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """M-Pesa has queued the request. That is no payment yet and no answer to a question."""

    conversation_id: str
    originator_conversation_id: str
    text: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Refused:
    """M-Pesa refused this request before processing it; the same one would be refused again.

    It proves nothing about an earlier request under the same id that was left in doubt.
    """

    code: str
    text: str
    stop_queue: bool
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was processed, and the very same request under the same id may go out at `retry_at`.

    `stop_queue` says that waiting will not help: a person has to put something right first.
    """

    reason: str
    retry_at: datetime
    stop_queue: bool
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The money may have moved or may still move. Nothing may be concluded from this, ever.

    `duplicate` says that M-Pesa knows the id from an earlier request; it does not say it paid.
    """

    reason: str
    exchange: Exchange
    duplicate: bool = False
    code: str = ""
    stop_queue: bool = False


B2CAnswer: TypeAlias = Accepted | Refused | NotSent | Doubtful
# A question is answered later by a callback, so its synchronous answer has the same four kinds.
StatusAccepted: TypeAlias = Accepted
QuestionAnswer: TypeAlias = Accepted | Refused | NotSent | Doubtful


def safe_text(text: str, longest: int) -> str:
    """Only letters, digits and ` .,-`: other characters make references fail without a word."""
    return " ".join(_UNSAFE_IN_TEXT.sub(" ", text).split())[:longest].strip()
