"""Guards of batches of payouts, of questions about the M-Pesa accounts, and of relays that are let rest."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final, moves
from sacco_desktop.domain.batches import BATCH_MOVES, LINE_MOVES

_NOT_AS_APPROVED = (
    "NOT EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.status = 'approved'"
    " AND p.fingerprint = NEW.fingerprint AND p.mpesa_cents = NEW.amount_cents)"
)
_LINES_WAIT = (
    "EXISTS (SELECT 1 FROM batch_line l WHERE l.batch_id = NEW.id AND l.status = 'waiting')"
)

BATCH_GUARDS = [
    Guard("batch_is_kept", "payout_batch", "delete", "1 = 1"),
    Guard("batch_born_late", "payout_batch", "insert", "NEW.status <> 'open'"),
    Guard("batch_move_unknown", "payout_batch", "update", moves(BATCH_MOVES)),
    Guard(
        "batch_content_fixed",
        "payout_batch",
        "update",
        changed("number", "made_by", "made_at", "payouts", "sum_cents"),
    ),
    Guard(
        "batch_ended_with_rest",
        "payout_batch",
        "update",
        f"OLD.status <> NEW.status AND NEW.status IN ('done', 'void') AND {_LINES_WAIT}",
    ),
    Guard("batch_line_is_kept", "batch_line", "delete", "1 = 1"),
    Guard(
        "batch_line_added_late",
        "batch_line",
        "insert",
        "NOT EXISTS (SELECT 1 FROM payout_batch b WHERE b.id = NEW.batch_id AND b.status = 'open')",
    ),
    Guard("batch_line_not_approved", "batch_line", "insert", _NOT_AS_APPROVED),
    Guard("batch_line_move_unknown", "batch_line", "update", moves(LINE_MOVES)),
    Guard(
        "batch_line_content_fixed",
        "batch_line",
        "update",
        changed("batch_id", "place", "payout_id", "amount_cents", "fingerprint"),
    ),
]

BALANCE_GUARDS = [
    Guard("balance_question_is_kept", "balance_question", "delete", "1 = 1"),
    Guard(
        "balance_question_fixed",
        "balance_question",
        "update",
        changed("relay_id", "tag", "shortcode", "reason", "asked_by", "asked_at"),
    ),
    Guard(
        "balance_answer_is_final",
        "balance_question",
        "update",
        "OLD.status = 'answered' AND " + changed("status", "answered_at", "words"),
    ),
    *final("float_reading"),
    Guard("relay_rest_is_kept", "relay_rest", "delete", "1 = 1"),
    Guard(
        "relay_rest_fixed",
        "relay_rest",
        "update",
        f"OLD.until IS NOT NULL OR {changed('relay_id', 'since', 'rested_by', 'reason')}",
    ),
]
