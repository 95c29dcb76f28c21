"""What the database refuses about money that is given back and codes that are claimed: a payment taken back by one
person alone or twice, a refund beyond the payment, a code that counts without its payment.
"""

from __future__ import annotations

from sacco_desktop.db.guard import POSTING_NOW, Guard, approved_request, changed, final, moves
from sacco_desktop.domain.claimed_codes import CLAIM_MOVES
from sacco_desktop.domain.taking_back import REVERSAL_MOVES

_STANDS = (
    "NOT EXISTS (SELECT 1 FROM journal_entry b WHERE b.reverses_number = a.entry_number"
    " AND b.posted_at IS NOT NULL)"
)
_MAY_BE_TAKEN_BACK = "('sending', 'accepted', 'unknown', 'failed')"
# Only a notice told of it, and two people took it back because M-Pesa has no such payment.
_REFUTED_BY_TWO = (
    "(m.state = 'refuted' AND m.evidence = 'claimed' AND"
    f" {approved_request('reversal').replace('NEW.id', 'NEW.reverses_number')}))"
)
_PROVEN = "('proven', 'differs')"


def shared(receipt: str) -> str:
    """What of a payment has a purpose or is paid back, in cents, as SQL."""
    return (
        "((SELECT coalesce(sum(a.cents), 0) FROM receipt_allocation a"
        f" WHERE a.receipt_id = {receipt} AND {_STANDS})"
        " + (SELECT coalesce(sum(f.cents), 0) FROM receipt_refund f JOIN payout p ON p.id = f.payout_id"
        f" WHERE f.receipt_id = {receipt} AND p.status <> 'cancelled'))"
    )


MONEY_BACK_GUARDS = [
    Guard("reversal_is_kept", "receipt_reversal", "delete", "1 = 1"),
    Guard("reversal_born_late", "receipt_reversal", "insert", "NEW.status <> 'asked'"),
    Guard("reversal_move_unknown", "receipt_reversal", "update", moves(REVERSAL_MOVES)),
    Guard(
        "reversal_content_fixed",
        "receipt_reversal",
        "update",
        changed("number", "receipt_id", "cents", "reason", "asked_by", "asked_at")
        + " OR (OLD.tag IS NOT NULL AND " + changed("tag", "relay_id") + ")"
        + " OR (OLD.entry_number IS NOT NULL AND " + changed("entry_number") + ")"
        + " OR (OLD.evidence = 'verified' AND NEW.evidence <> 'verified')",
    ),
    Guard(
        "reversal_not_whole",
        "receipt_reversal",
        "insert",
        "NOT EXISTS (SELECT 1 FROM mpesa_receipt m WHERE m.id = NEW.receipt_id"
        " AND m.amount_cents = NEW.cents)",
    ),
    Guard(
        "reversal_without_second_person",
        "receipt_reversal",
        "update",
        "OLD.status <> NEW.status AND NEW.status IN ('approved', 'sending')"
        f" AND NOT {approved_request('receipt_reversal')})",
    ),
    Guard(
        "reversal_sent_by_its_approver",
        "receipt_reversal",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'sending' AND EXISTS (SELECT 1"
        " FROM approval_request r JOIN approval_decision d ON d.request_id = r.id"
        " WHERE r.kind = 'receipt_reversal' AND r.subject_id = NEW.id AND r.status = 'approved'"
        " AND d.decided_by = NEW.sent_by)",
    ),
    Guard(
        "reversal_sent_while_shared_out",
        "receipt_reversal",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'sending' AND"
        f" ({shared('NEW.receipt_id')} > 0 OR NOT EXISTS (SELECT 1 FROM mpesa_receipt m"
        " WHERE m.id = NEW.receipt_id AND m.state = 'returning'))",
    ),
    Guard(
        "reversal_done_without_entry",
        "receipt_reversal",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'done' AND NOT EXISTS (SELECT 1"
        " FROM journal_entry e JOIN mpesa_receipt m ON m.entry_number = e.reverses_number"
        " WHERE m.id = NEW.receipt_id AND e.number = NEW.entry_number AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "payment_reversed_alone",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.reverses_number IS NOT NULL AND EXISTS (SELECT 1"
        " FROM mpesa_receipt m WHERE m.entry_number = NEW.reverses_number AND NOT EXISTS (SELECT 1"
        " FROM receipt_reversal b WHERE b.receipt_id = m.id"
        f" AND b.status IN {_MAY_BE_TAKEN_BACK}) AND NOT {_REFUTED_BY_TWO})",
    ),
    Guard(
        "payment_returned_unproven",
        "mpesa_receipt",
        "update",
        "(OLD.state = 'returned' AND NEW.state <> 'returned') OR (OLD.state <> 'returned'"
        " AND NEW.state = 'returned' AND NOT EXISTS (SELECT 1 FROM receipt_reversal b"
        " WHERE b.receipt_id = NEW.id AND b.status = 'done'))",
    ),
    Guard("claim_is_kept", "receipt_claim", "delete", "1 = 1"),
    Guard("claim_born_late", "receipt_claim", "insert", "NEW.status <> 'open'"),
    Guard("claim_move_unknown", "receipt_claim", "update", moves(CLAIM_MOVES)),
    Guard(
        "claim_content_fixed",
        "receipt_claim",
        "update",
        changed(
            "code", "member_id", "purpose", "loan_id", "cents", "paid_on", "claimed_by", "claimed_at"
        )
        + " OR (OLD.receipt_id IS NOT NULL AND " + changed("receipt_id") + ")",
    ),
    Guard(
        "claim_counts_unproven",
        "receipt_claim",
        "update",
        f"OLD.status <> NEW.status AND NEW.status IN {_PROVEN} AND NOT EXISTS (SELECT 1"
        " FROM mpesa_receipt m WHERE m.id = NEW.receipt_id AND m.receipt = NEW.code"
        " AND m.evidence = 'verified'"
        " AND (NEW.status = 'differs') = (m.amount_cents <> NEW.cents))",
    ),
    Guard("receipt_question_is_kept", "receipt_question", "delete", "1 = 1"),
    *final("receipt_refund"),
    Guard(
        "refund_beyond_receipt",
        "receipt_refund",
        "insert",
        f"NEW.cents + {shared('NEW.receipt_id')} >"
        " (SELECT m.amount_cents FROM mpesa_receipt m WHERE m.id = NEW.receipt_id)",
    ),
    Guard(
        "refund_of_doubtful_receipt",
        "receipt_refund",
        "insert",
        "NOT EXISTS (SELECT 1 FROM mpesa_receipt m WHERE m.id = NEW.receipt_id"
        " AND m.state = 'waiting' AND m.evidence = 'verified')",
    ),
    Guard(
        "refund_of_another_payout",
        "receipt_refund",
        "insert",
        "NOT EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id"
        " AND p.purpose = 'receipt_refund' AND p.net_cents = NEW.cents)",
    ),
]  # fmt: skip
