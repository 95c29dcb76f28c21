"""How the guards of closed days are broken by plain SQL."""

from __future__ import annotations

from tests.db.plain_sql import BALANCED, GRACE, LUCY, NOW, POST, entry

_LAST = "(SELECT max(number) FROM journal_entry)"
_HEAD = f"(SELECT hash FROM journal_entry WHERE number = {_LAST})"


def closed(
    day: str = "2026-03-16", number: str = _LAST, head: str = _HEAD, signed_by: int = LUCY
) -> str:
    """A closed day, as a script would insert it."""
    return (
        "INSERT INTO day_closing (business_date, closed_by, signed_by, closed_at, head_number, head_hash, checks)"
        f" VALUES ('{day}', {GRACE}, {signed_by}, {NOW}, {number}, {head}, '[]')"
    )


def reopened(closing: str = "(SELECT max(id) FROM day_closing)", signed_by: int = LUCY) -> str:
    """A closed day that is opened again, as a script would insert it."""
    return (
        "INSERT INTO day_reopening (closing_id, reopened_by, signed_by, reopened_at, reason)"
        f" VALUES ({closing}, {GRACE}, {signed_by}, {NOW}, 'x')"
    )


_FIRST = "(SELECT min(id) FROM day_closing)"

CLOSING_BREACHES: dict[str, tuple[str, ...]] = {
    "day_closing_is_final_update": (closed(), "UPDATE day_closing SET checks = '[1]'"),
    "day_closing_is_final_delete": (closed(), "DELETE FROM day_closing"),
    "day_reopening_is_final_update": (
        closed(),
        reopened(),
        "UPDATE day_reopening SET reason = 'other'",
    ),
    "day_reopening_is_final_delete": (closed(), reopened(), "DELETE FROM day_reopening"),
    "day_closed": (closed("2026-03-17"), entry(), *BALANCED, POST),
    "day_closed_on_another_head": (closed(number="1"),),
    "day_closed_already": (closed(), closed()),
    "day_closed_after_a_later_one": (closed(), closed("2026-03-15")),
    "day_reopened_below_a_closed_one": (closed(), closed("2026-03-17"), reopened(_FIRST)),
}
