"""What the database refuses of check-off money that found its owner: without two people, and more than there is."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, approved_request, changed, final, moves
from sacco_desktop.domain.loan_entries import Source

OWNER_MOVES = (("asked", "given"), ("asked", "dropped"), ("given", "undone"))


def _stands(number: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM journal_entry b"
        f" WHERE b.reverses_number = {number} AND b.posted_at IS NOT NULL)"
    )


# What of the same line, or of what was paid beyond the lines, is asked for or given already.
_TAKEN = (
    "(SELECT coalesce(sum(o.cents), 0) FROM check_off_owner o WHERE o.list_id = NEW.list_id"
    " AND o.line_id IS NOT DISTINCT FROM NEW.line_id AND o.status IN ('asked', 'given'))"
)
_THERE_IS = (
    "coalesce(CASE WHEN NEW.line_id IS NULL THEN (SELECT l.total_cents - (SELECT coalesce(sum(k.cents), 0)"
    " FROM check_off_line k WHERE k.list_id = l.id) FROM check_off_list l WHERE l.id = NEW.list_id)"
    " ELSE (SELECT k.cents FROM check_off_line k WHERE k.id = NEW.line_id"
    " AND k.list_id = NEW.list_id AND k.member_id IS NULL) END, 0)"
)

CHECK_OFF_GUARDS = [
    *final("check_off_columns"),
    Guard("check_off_owner_is_kept", "check_off_owner", "delete", "1 = 1"),
    Guard("check_off_owner_born_late", "check_off_owner", "insert", "NEW.status <> 'asked'"),
    Guard(
        "check_off_owner_of_no_posted_list",
        "check_off_owner",
        "insert",
        "NOT EXISTS (SELECT 1 FROM check_off_list l WHERE l.id = NEW.list_id AND l.status = 'posted')",
    ),
    Guard(
        "check_off_owner_of_too_much",
        "check_off_owner",
        "insert",
        f"NEW.cents + {_TAKEN} > {_THERE_IS}",
    ),
    Guard("check_off_owner_moves", "check_off_owner", "update", moves(OWNER_MOVES)),
    Guard(
        "check_off_owner_edited",
        "check_off_owner",
        "update",
        changed(
            "number", "list_id", "line_id", "member_id", "cents", "known_by", "asked_by", "asked_at"
        )
        + " OR (OLD.status <> 'asked' AND "
        + changed("given_on", "contribution_id")
        + ")",
    ),
    Guard(
        "check_off_owner_by_nobody",
        "check_off_owner",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'given'"
        f" AND NOT {approved_request('check_off_owner')})",
    ),
    Guard(
        "check_off_owner_undone_by_nobody",
        "check_off_owner",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'undone'"
        f" AND NOT {approved_request('check_off_owner_undone')})",
    ),
    # Taken back is all of it: the receipt of the products, and what its loans had.
    Guard(
        "check_off_owner_undone_in_part",
        "check_off_owner",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'undone' AND (EXISTS (SELECT 1 FROM contribution c"
        f" WHERE c.id = NEW.contribution_id AND {_stands('c.entry_number')})"
        f" OR EXISTS (SELECT 1 FROM repayment r WHERE r.source = '{Source.UNALLOCATED.value}'"
        f" AND r.reference = NEW.number AND {_stands('r.entry_number')}))",
    ),
    Guard(
        "check_off_undone_below_its_owners",
        "check_off_list",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'undone' AND EXISTS (SELECT 1 FROM check_off_owner o"
        " WHERE o.list_id = NEW.id AND o.status = 'given')",
    ),
]
