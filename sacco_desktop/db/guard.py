"""What a guard is, and the conditions that many guards share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

POSTING_NOW = "OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse `event` ("insert", "update" or "delete") on `table` when `condition` holds; `code` names the refusal."""

    code: str
    table: str
    event: str
    condition: str


def final(table: str) -> list[Guard]:
    """Guards of a table that is only ever appended to."""
    return [
        Guard(f"{table}_is_final_{event}", table, event, "1 = 1") for event in ("update", "delete")
    ]


def moves(allowed: Iterable[tuple[str, str]]) -> str:
    """The condition that a status moves otherwise than the table of allowed moves says."""
    pairs = " OR ".join(
        f"(OLD.status = '{old}' AND NEW.status = '{new}')" for old, new in sorted(allowed)
    )
    return f"OLD.status <> NEW.status AND NOT ({pairs})"


def changed(*columns: str) -> str:
    """The condition that any of these columns is being changed."""
    return "(" + " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns) + ")"


def approved_request(kind: str) -> str:
    """An open EXISTS: the row has a request of this kind that somebody else approved; the caller closes it."""
    return (
        "EXISTS (SELECT 1 FROM approval_request r JOIN approval_decision d ON d.request_id = r.id"
        f" WHERE r.kind = '{kind}' AND r.subject_id = NEW.id AND r.status = 'approved'"
        " AND d.decision = 'approve' AND d.decided_by <> r.asked_by"
        " AND d.fingerprint = r.fingerprint"
    )


def day_number(iso: str) -> str:
    """The days that a date of ISO text lies behind one before all dates, as plain SQL of whole numbers: neither engine
    has dates of its own here.
    """
    year, month, day = (
        f"CAST(substr({iso}, {first}, {length}) AS INTEGER)"
        for first, length in ((1, 4), (6, 2), (9, 2))
    )
    # The year begins in March, so that the day which is there only sometimes is its last.
    begun = f"({year} - CASE WHEN {month} < 3 THEN 1 ELSE 0 END)"
    since_march = f"({month} + CASE WHEN {month} < 3 THEN 9 ELSE -3 END)"
    return (
        f"(365 * {begun} + {begun} / 4 - {begun} / 100 + {begun} / 400"
        f" + (153 * {since_march} + 2) / 5 + {day})"
    )


def business_day(moment: str) -> str:
    """The number of the day in the office at a moment; Nairobi is three hours ahead of UTC the whole year."""
    return f"({day_number(moment)} + CASE WHEN substr({moment}, 12, 2) >= '21' THEN 1 ELSE 0 END)"
