"""How the guards of closed days are broken by plain SQL."""

from tests.db.plain_sql import GRACE, LUCY, NOW

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


CLOSING_BREACHES: dict[str, tuple[str, ...]] = {
    "day_closing_is_final_update": (closed(), "UPDATE day_closing SET checks = '[1]'"),
    "day_closing_is_final_delete": (closed(), "DELETE FROM day_closing"),
    "day_closed_on_another_head": (closed(number="1"),),
    "day_closed_after_a_later_one": (closed(), closed("2026-03-15")),
}
