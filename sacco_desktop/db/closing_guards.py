"""What the database refuses of closed days: a closing names the true head of the journal, days are closed in their
order and opened again from the last one back, nothing is posted into a closed day or before it, and what was signed is
never changed.
"""

from __future__ import annotations

from sacco_desktop.db.guard import POSTING_NOW, Guard, final

_NO_ENTRY = "0" * 64


def _of_last_entry(column: str, without_any: str) -> str:
    return (
        f"coalesce((SELECT {column} FROM journal_entry WHERE posted_at IS NOT NULL"
        f" ORDER BY number DESC LIMIT 1), {without_any})"
    )


def _standing(condition: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM day_closing d WHERE {condition}"
        " AND NOT EXISTS (SELECT 1 FROM day_reopening r WHERE r.closing_id = d.id))"
    )


CLOSING_GUARDS = [
    *final("day_closing"),
    *final("day_reopening"),
    Guard(
        "day_closed",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND {_standing('d.business_date >= NEW.value_date')}",
    ),
    Guard(
        "day_closed_on_another_head",
        "day_closing",
        "insert",
        f"NEW.head_number <> {_of_last_entry('number', '0')}"
        f" OR NEW.head_hash <> {_of_last_entry('hash', repr(_NO_ENTRY))}",
    ),
    Guard(
        "day_closed_already",
        "day_closing",
        "insert",
        _standing("d.business_date = NEW.business_date"),
    ),
    Guard(
        "day_closed_after_a_later_one",
        "day_closing",
        "insert",
        "EXISTS (SELECT 1 FROM day_closing d WHERE d.business_date > NEW.business_date)",
    ),
    Guard(
        "day_reopened_below_a_closed_one",
        "day_reopening",
        "insert",
        _standing(
            "d.business_date > (SELECT business_date FROM day_closing WHERE id = NEW.closing_id)"
        ),
    ),
]
