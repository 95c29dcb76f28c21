"""The frozen data of the payment file: the whole evidence of one payout, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sacco_desktop.services.books.papers import JournalLine, Letterhead, PaperStamp


@dataclass(frozen=True, slots=True)
class WhoActed:
    """One act of a person, with what else is known of it: the number of a file, the content that was agreed to."""

    act: str
    full_name: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One call to M-Pesa for an attempt: when, and what its answer came to. Nothing of its body stands here."""

    number: int
    at: datetime
    http_status: int
    reading: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One entry that came through a relay, with its place in the feed and its hash."""

    relay: str
    sequence: int
    kind: str
    at: datetime
    hash: str
    outcome: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question to M-Pesa about the payment, and what the answer said."""

    asked_at: datetime
    answered_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move from a state to another, with its reason."""

    at: datetime
    who: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One entry of the journal: its number, day, hash and lines."""

    number: int
    value_date: date
    hash: str
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """Everything that the books hold about one payout; `facts` and `amounts` are pairs of a name and its words."""

    letterhead: Letterhead
    stamp: PaperStamp
    payout_number: str
    receiver: str
    facts: tuple[tuple[str, str], ...]
    amounts: tuple[tuple[str, str], ...]
    status: str
    evidence: str
    fingerprint: str
    people: tuple[WhoActed, ...]
    requests: tuple[RequestLine, ...]
    notices: tuple[NoticeLine, ...]
    questions: tuple[QuestionLine, ...]
    moves: tuple[MoveLine, ...]
    entries: tuple[EntryPart, ...]
