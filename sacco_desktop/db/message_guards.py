"""What the database refuses about messages: one that changes after it was written, and one that is sent twice."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final, moves
from sacco_desktop.domain.messages.states import ATTEMPT_MOVES, MESSAGE_MOVES

MESSAGE_GUARDS = [
    Guard("message_is_kept", "message", "delete", "1 = 1"),
    Guard("message_born_sent", "message", "insert", "NEW.status NOT IN ('waiting', 'dropped')"),
    Guard("message_move_unknown", "message", "update", moves(MESSAGE_MOVES)),
    Guard(
        "message_content_fixed",
        "message",
        "update",
        changed(
            "event", "subject", "period", "channel", "member_id", "language", "address", "heading", "text",
            "parts", "made_at",
        ),
    ),
    # What may have gone out waits again only by a person's word, which its row keeps until the next call.
    Guard(
        "message_again_by_nobody",
        "message",
        "update",
        "OLD.status IN ('unknown', 'failed') AND NEW.status = 'waiting' AND NEW.decided_by IS NULL",
    ),
    *final("message_paper"),
    Guard("message_attempt_is_kept", "message_attempt", "delete", "1 = 1"),
    Guard("message_attempt_born_late", "message_attempt", "insert", "NEW.status <> 'sending'"),
    Guard("message_attempt_move_unknown", "message_attempt", "update", moves(ATTEMPT_MOVES)),
    Guard(
        "message_attempt_fixed",
        "message_attempt",
        "update",
        changed("message_id", "gateway", "pc_name", "begun_at", "decided_by")
        + " OR (OLD.gateway_id <> '' AND " + changed("gateway_id") + ")",
    ),
    Guard(
        "message_sent_again",
        "message_attempt",
        "insert",
        "NEW.decided_by IS NULL AND EXISTS (SELECT 1 FROM message_attempt a"
        " WHERE a.message_id = NEW.message_id AND a.status IN ('taken', 'unknown'))",
    ),
    Guard(
        "message_attempt_unasked",
        "message_attempt",
        "insert",
        "NOT EXISTS (SELECT 1 FROM message m WHERE m.id = NEW.message_id AND m.status = 'sending')",
    ),
    *final("message_wish"),
    Guard("message_stop_is_kept", "message_stop", "delete", "1 = 1"),
    Guard(
        "message_stop_fixed",
        "message_stop",
        "update",
        changed("gateway", "code", "reason", "stopped_at") + " OR OLD.cleared_at IS NOT NULL",
    ),
]  # fmt: skip
