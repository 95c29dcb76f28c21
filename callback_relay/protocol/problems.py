"""The ways in which the relay says no to a device (RFC 9457 problem types) and what the device does
next."""

from __future__ import annotations

from enum import StrEnum

MEDIA_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """The last part of the problem's type address."""

    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_DEVICE = "unknown-device"
    REVOKED = "revoked"
    CLOCK_SKEW = "clock-skew"
    UNSUPPORTED_VERSION = "unsupported-version"
    MALFORMED = "malformed"
    PAIRING_REFUSED = "pairing-refused"
    DIVERGED = "diverged"
    PRUNED = "pruned"
    NOTE_REUSED = "note-reused"
    PRECONDITION = "precondition"
    TOO_LARGE = "too-large"
    RATE = "rate"
    BUSY = "busy"
    READ_ONLY = "read-only"
    NOT_FOUND = "not-found"


STATUS_OF: dict[ProblemType, int] = {
    ProblemType.BAD_SIGNATURE: 401,
    ProblemType.UNKNOWN_DEVICE: 401,
    ProblemType.REVOKED: 401,
    ProblemType.CLOCK_SKEW: 401,
    ProblemType.UNSUPPORTED_VERSION: 400,
    ProblemType.MALFORMED: 400,
    ProblemType.PAIRING_REFUSED: 403,
    ProblemType.DIVERGED: 409,
    ProblemType.PRUNED: 410,
    ProblemType.NOTE_REUSED: 409,
    ProblemType.PRECONDITION: 412,
    ProblemType.TOO_LARGE: 413,
    ProblemType.RATE: 429,
    ProblemType.BUSY: 503,
    ProblemType.READ_ONLY: 503,
    ProblemType.NOT_FOUND: 404,
}

TITLE_OF: dict[ProblemType, str] = {
    ProblemType.BAD_SIGNATURE: "The request is not signed as agreed",
    ProblemType.UNKNOWN_DEVICE: "This device is not known here",
    ProblemType.REVOKED: "This device has been revoked",
    ProblemType.CLOCK_SKEW: "The clock of this device is wrong",
    ProblemType.UNSUPPORTED_VERSION: "This version is not served here",
    ProblemType.MALFORMED: "The request does not have the agreed form",
    ProblemType.PAIRING_REFUSED: "The pairing code is wrong, used or expired",
    ProblemType.DIVERGED: "Your position is not in this feed",
    ProblemType.PRUNED: "Your position is older than what is kept",
    ProblemType.NOTE_REUSED: "Another note was laid down under this id",
    ProblemType.PRECONDITION: "It has changed or belongs to somebody else",
    ProblemType.TOO_LARGE: "The request is too large",
    ProblemType.RATE: "Too many requests",
    ProblemType.BUSY: "The relay is busy",
    ProblemType.READ_ONLY: "The relay takes no changes at the moment",
    ProblemType.NOT_FOUND: "There is nothing here under this name",
}
