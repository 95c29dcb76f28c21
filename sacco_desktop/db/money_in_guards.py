"""What the database refuses about money in: a payment without its entry, one that is shared out twice, a prompt that
moves otherwise than it may.
"""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final, moves
from sacco_desktop.db.money_back_guards import shared
from sacco_desktop.domain.money_in import MPESA_RECEIVED
from sacco_desktop.domain.prompts import PROMPT_MOVES

MONEY_IN_GUARDS = [
    Guard("mpesa_receipt_is_kept", "mpesa_receipt", "delete", "1 = 1"),
    Guard(
        "mpesa_receipt_fixed",
        "mpesa_receipt",
        "update",
        changed("receipt", "shortcode", "amount_cents", "entry_number", "heard_at")
        + " OR (OLD.evidence = 'verified' AND NEW.evidence <> 'verified')",
    ),
    Guard(
        "mpesa_receipt_without_entry",
        "mpesa_receipt",
        "insert",
        "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = NEW.entry_number"
        f" AND e.kind = '{MPESA_RECEIVED}' AND e.reference = NEW.receipt AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "mpesa_receipt_not_all_shared",
        "mpesa_receipt",
        "update",
        f"NEW.state = 'allocated' AND OLD.state <> 'allocated' AND {shared('NEW.id')} <> NEW.amount_cents",
    ),
    *final("receipt_word"),
    *final("receipt_allocation"),
    Guard(
        "allocation_beyond_receipt",
        "receipt_allocation",
        "insert",
        f"NEW.cents + {shared('NEW.receipt_id')} >"
        " (SELECT r.amount_cents FROM mpesa_receipt r WHERE r.id = NEW.receipt_id)",
    ),
    Guard(
        "allocation_of_doubtful_receipt",
        "receipt_allocation",
        "insert",
        "EXISTS (SELECT 1 FROM mpesa_receipt r WHERE r.id = NEW.receipt_id"
        " AND r.state IN ('disputed', 'refuted', 'returning', 'returned'))",
    ),
    Guard(
        "allocation_without_entry",
        "receipt_allocation",
        "insert",
        "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = NEW.entry_number"
        " AND e.posted_at IS NOT NULL)",
    ),
    *final("allocation_wish"),
    Guard(
        "allocation_wish_of_no_request",
        "allocation_wish",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        " AND r.kind = 'receipt_allocation' AND r.subject_id = NEW.receipt_id AND r.status = 'waiting')",
    ),
    *final("shortcode_registration"),
    # Its account has its postings, and they would belong to no shortcode any more.
    *final("collecting_shortcode"),
    Guard("receipt_alias_is_kept", "receipt_alias", "delete", "1 = 1"),
    Guard(
        "receipt_alias_fixed",
        "receipt_alias",
        "update",
        changed("typed", "payer", "member_id", "purpose", "learned_from", "learned_by", "learned_at")
        + " OR OLD.forgotten_at IS NOT NULL",
    ),
    Guard("prompt_is_kept", "mpesa_prompt", "delete", "1 = 1"),
    Guard("prompt_born_late", "mpesa_prompt", "insert", "NEW.status <> 'sending'"),
    Guard("prompt_move_unknown", "mpesa_prompt", "update", moves(PROMPT_MOVES)),
    Guard(
        "prompt_content_fixed",
        "mpesa_prompt",
        "update",
        changed(
            "number", "member_id", "loan_id", "application_id", "purpose", "phone", "amount_cents",
            "reference", "shortcode", "relay_id", "tag", "asked_by", "asked_at",
        )
        + " OR (OLD.checkout_request_id IS NOT NULL AND " + changed("checkout_request_id") + ")"
        + " OR (OLD.receipt_id IS NOT NULL AND " + changed("receipt_id") + ")",
    ),
]  # fmt: skip
