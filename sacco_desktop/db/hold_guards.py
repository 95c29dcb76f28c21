"""What the database refuses of payouts on hold: nothing of them leaves, and a hold is never undone but by a release."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed


def _held(payout: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM payout_hold h"
        f" WHERE h.payout_id = {payout} AND h.released_at IS NULL)"
    )


HOLD_GUARDS = [
    # News of a request that was thought unsent is about money that may have left: no hold stops the truth.
    Guard(
        "payout_on_hold_leaves",
        "payout",
        "update",
        f"OLD.status = 'approved' AND NEW.status = 'in_flight' AND {_held('NEW.id')} AND NOT EXISTS"
        " (SELECT 1 FROM payout_attempt a WHERE a.payout_id = NEW.id AND a.status = 'unknown')",
    ),
    Guard("attempt_of_payout_on_hold", "payout_attempt", "insert", _held("NEW.payout_id")),
    Guard(
        "attempt_on_hold_leaves",
        "payout_attempt",
        "update",
        f"OLD.status = 'unsent' AND NEW.status = 'sending' AND {_held('NEW.payout_id')}",
    ),
    Guard("hand_over_of_payout_on_hold", "hand_over", "insert", _held("NEW.payout_id")),
    Guard("hold_is_kept", "payout_hold", "delete", "1 = 1"),
    Guard(
        "hold_of_what_is_not_approved",
        "payout_hold",
        "insert",
        "NEW.released_at IS NOT NULL OR NOT EXISTS"
        " (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.status = 'approved')",
    ),
    Guard(
        "hold_edited",
        "payout_hold",
        "update",
        f"OLD.released_at IS NOT NULL OR {changed('payout_id', 'held_by', 'held_at', 'why')}",
    ),
]
