"""What the database refuses of money going out: payouts, attempts, and payments by hand."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, approved_request, changed, final, moves
from sacco_desktop.domain.payouts import ATTEMPT_MOVES, PAYOUT_MOVES

_PAYOUT_IS_NOT_APPROVED = (
    "NOT EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.status = 'approved')"
)


def _is_approver(column: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM payout p JOIN approval_request r ON r.kind = 'payout'"
        " AND r.subject_id = p.id AND r.status = 'approved' AND r.fingerprint = p.fingerprint"
        " JOIN approval_decision d ON d.request_id = r.id AND d.decision = 'approve'"
        f" WHERE p.id = NEW.payout_id AND d.decided_by = NEW.{column})"
    )


_SENDER_IS_APPROVER = _is_approver("sent_by")
_FAILURE_IS_TAKEN_BACK = (
    "EXISTS (SELECT 1 FROM payout_attempt a JOIN approval_request r ON r.kind = 'failure_taken_back'"
    " AND r.subject_id = a.id AND r.status = 'approved'"
    " WHERE a.payout_id = NEW.id AND a.status = 'unknown')"
)
# What booked this payout was undone, because the payment by hand came back.
_CAME_BACK = (
    "EXISTS (SELECT 1 FROM hand_over h WHERE h.payout_id = NEW.id AND h.outcome = 'returned'"
    " AND h.paid_entry = OLD.entry_number AND h.return_entry IS NOT NULL)"
)
# An attempt that never left goes out at last: for the money that is the same as a new one.
_LEAVES_AFTER_ALL = "OLD.status = 'unsent' AND NEW.status = 'sending'"

PAYOUT_GUARDS = [
    Guard("payout_is_kept", "payout", "delete", "1 = 1"),
    Guard("payout_born_late", "payout", "insert", "NEW.status <> 'draft'"),
    Guard("payout_move_unknown", "payout", "update", moves(PAYOUT_MOVES)),
    Guard(
        "payout_approved_by_nobody",
        "payout",
        "update",
        "OLD.status <> NEW.status AND NEW.status IN ('approved', 'in_flight')"
        f" AND NOT ({approved_request('payout')} AND r.fingerprint = NEW.fingerprint))"
        f" AND NOT (NEW.status = 'in_flight' AND {_FAILURE_IS_TAKEN_BACK})",
    ),
    Guard(
        "payout_content_fixed",
        "payout",
        "update",
        changed(
            "number",
            "purpose",
            "loan_id",
            "member_id",
            "phone",
            "net_cents",
            "mpesa_cents",
            "deposits_cents",
            "charge_cents",
            "requested_by",
            "part",
            "parts",
            "way",
            "handed_cents",
            "recovered_cents",
            "bearer",
            "tariff",
            "account_code",
            "narration",
            "payee",
            "bank",
            "bank_code",
            "branch_code",
            "account_number",
            "content_form",
            "fee_cents",
        ),
    ),
    Guard(
        "payout_parts_exceed_loan",
        "payout",
        "insert",
        "NEW.loan_id IS NOT NULL AND NEW.net_cents + (SELECT coalesce(sum(p.net_cents), 0)"
        " FROM payout p WHERE p.loan_id = NEW.loan_id AND p.status <> 'cancelled')"
        " > (SELECT l.net_cents FROM loan l WHERE l.id = NEW.loan_id)",
    ),
    # Taken back, it made room; what was asked for in its place must leave that room again.
    Guard(
        "cancelled_part_exceeds_loan",
        "payout",
        "update",
        "OLD.status = 'cancelled' AND NEW.status <> 'cancelled' AND NEW.loan_id IS NOT NULL"
        " AND NEW.net_cents + (SELECT coalesce(sum(p.net_cents), 0) FROM payout p"
        " WHERE p.loan_id = NEW.loan_id AND p.id <> NEW.id AND p.status <> 'cancelled')"
        " > (SELECT l.net_cents FROM loan l WHERE l.id = NEW.loan_id)",
    ),
    # What may have left is not asked for anew, by whatever way, before it is known that it did not.
    Guard(
        "payout_let_go_in_doubt",
        "payout",
        "update",
        "OLD.status <> NEW.status AND NEW.status IN ('draft', 'cancelled') AND (EXISTS"
        " (SELECT 1 FROM payout_attempt a WHERE a.payout_id = NEW.id"
        " AND a.status IN ('sending', 'accepted', 'unknown', 'paid'))"
        " OR EXISTS (SELECT 1 FROM hand_over h WHERE h.payout_id = NEW.id AND h.outcome <> 'returned'))",
    ),
    Guard(
        "payout_paid_by_nothing",
        "payout",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'paid' AND NEW.mpesa_cents + NEW.handed_cents > 0"
        " AND NOT EXISTS (SELECT 1 FROM payout_attempt a WHERE a.payout_id = NEW.id AND a.status = 'paid')"
        " AND NOT EXISTS (SELECT 1 FROM hand_over h WHERE h.payout_id = NEW.id AND h.outcome = 'paid')",
    ),
    Guard(
        "payout_paid_unposted",
        "payout",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'paid' AND NOT EXISTS (SELECT 1 FROM journal_entry e"
        " WHERE e.number = NEW.entry_number AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "paid_payout_edited",
        "payout",
        "update",
        "OLD.status = 'paid' AND "
        + changed("receipt", "paid_at", "entry_number", "status")
        + f" AND NOT (NEW.status = 'draft' AND {_CAME_BACK})",
    ),
    Guard(
        "attempt_of_other_way",
        "payout_attempt",
        "insert",
        "EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.way <> 'mpesa')",
    ),
    Guard("attempt_is_kept", "payout_attempt", "delete", "1 = 1"),
    Guard("attempt_born_late", "payout_attempt", "insert", "NEW.status <> 'sending'"),
    Guard("attempt_of_unapproved_payout", "payout_attempt", "insert", _PAYOUT_IS_NOT_APPROVED),
    Guard(
        "unsent_of_unapproved_payout",
        "payout_attempt",
        "update",
        f"{_LEAVES_AFTER_ALL} AND {_PAYOUT_IS_NOT_APPROVED}",
    ),
    Guard("approver_is_sender", "payout_attempt", "insert", _SENDER_IS_APPROVER),
    Guard(
        "approver_sends_unsent",
        "payout_attempt",
        "update",
        f"{_LEAVES_AFTER_ALL} AND {_SENDER_IS_APPROVER}",
    ),
    Guard("attempt_move_unknown", "payout_attempt", "update", moves(ATTEMPT_MOVES)),
    Guard(
        "failure_taken_back_by_nobody",
        "payout_attempt",
        "update",
        "OLD.status = 'failed' AND NEW.status = 'unknown'"
        f" AND NOT {approved_request('failure_taken_back')})",
    ),
    Guard(
        "attempt_identity_fixed",
        "payout_attempt",
        "update",
        changed(
            "payout_id", "number", "originator_conversation_id", "b2c_version", "tag", "relay_id"
        ),
    ),
    *final("payout_move"),
    *final("mpesa_exchange"),
]

_COMES_BACK = "(OLD.outcome = 'paid' AND NEW.outcome = 'returned')"

HAND_OVER_GUARDS = [
    *final("bank_file"),
    Guard("hand_over_is_kept", "hand_over", "delete", "1 = 1"),
    Guard("hand_over_born_closed", "hand_over", "insert", "NEW.outcome <> 'open'"),
    Guard(
        "hand_over_of_unapproved_payout",
        "hand_over",
        "insert",
        "NOT EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.status = 'approved')",
    ),
    Guard(
        "hand_over_by_other_way",
        "hand_over",
        "insert",
        "EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND p.way <> NEW.way)",
    ),
    Guard("approver_hands_over", "hand_over", "insert", _is_approver("made_by")),
    Guard(
        "maker_pays_cash",
        "hand_over",
        "insert",
        "NEW.way = 'cash' AND (EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id"
        " AND p.requested_by = NEW.made_by) OR EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.kind = 'payout' AND r.subject_id = NEW.payout_id AND r.status = 'approved'"
        " AND r.asked_by = NEW.made_by))",
    ),
    Guard(
        "hand_over_edited",
        "hand_over",
        "update",
        changed("payout_id", "number", "way", "reference", "bank_file_id", "made_by", "made_at")
        + " OR (OLD.outcome <> 'open' AND "
        + changed("proof", "closed_by", "closed_at", "paid_entry")
        + ")",
    ),
    Guard(
        "hand_over_is_closed",
        "hand_over",
        "update",
        f"OLD.outcome <> 'open' AND NOT {_COMES_BACK}",
    ),
    Guard(
        "hand_over_paid_unposted",
        "hand_over",
        "update",
        "OLD.outcome <> NEW.outcome AND NEW.outcome = 'paid' AND NOT EXISTS (SELECT 1"
        " FROM journal_entry e WHERE e.number = NEW.paid_entry AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "returned_by_nobody",
        "hand_over",
        "update",
        f"{_COMES_BACK} AND NOT {approved_request('payment_returned')})",
    ),
    Guard(
        "returned_unposted",
        "hand_over",
        "update",
        f"{_COMES_BACK} AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = NEW.return_entry"
        " AND e.posted_at IS NOT NULL AND e.reverses_number = OLD.paid_entry)",
    ),
]
