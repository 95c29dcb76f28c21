"""What the database refuses about savings: terms by one person, money counted twice, share capital paid back."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, approved_request, changed, final, moves
from sacco_desktop.db.import_guards import IMPORTED, UNDONE_WITH_ITS_IMPORT
from sacco_desktop.domain.ledger import MANUAL_JOURNAL

_LIST_MOVES = (
    ("draft", "asked"),
    ("asked", "draft"),
    ("draft", "dropped"),
    ("asked", "posted"),
    ("posted", "undone"),
)


def _is_posted(number: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = {number}"
        " AND e.posted_at IS NOT NULL)"
    )


def _stands(number: str) -> str:
    """The entry is posted and was not taken back."""
    return (
        f"({_is_posted(number)} AND NOT EXISTS (SELECT 1 FROM journal_entry b"
        f" WHERE b.reverses_number = {number} AND b.posted_at IS NOT NULL))"
    )


_PARTS_BEFORE = (
    "(SELECT coalesce(sum(p.cents), 0) FROM contribution_part p"
    " WHERE p.contribution_id = NEW.contribution_id)"
)
_LIST_IS_DRAFT = (
    "EXISTS (SELECT 1 FROM check_off_list l WHERE l.id = {row}.list_id AND l.status = 'draft')"
)

SAVINGS_GUARDS = [
    *final("savings_product"),
    Guard("savings_terms_is_final_update", "savings_terms", "update", "1 = 1"),
    Guard(
        "savings_terms_is_final_delete", "savings_terms", "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"
    ),
    Guard(
        "savings_terms_of_no_import",
        "savings_terms",
        "insert",
        f"NEW.import_id IS NOT NULL AND (NEW.request_id IS NOT NULL OR NOT {IMPORTED})",
    ),
    Guard(
        "savings_terms_by_nobody",
        "savings_terms",
        "insert",
        "(NEW.request_id IS NULL AND NEW.import_id IS NULL AND (NEW.effective_on <> '2000-01-01' OR EXISTS"
        " (SELECT 1 FROM savings_terms t WHERE t.product_id = NEW.product_id)))"
        " OR (NEW.request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.kind = 'savings_terms' AND r.status = 'approved'"
        " AND r.subject_id = NEW.product_id))",
    ),
    *final("contribution"),
    *final("contribution_part"),
    *final("cheque_clearing"),
    Guard(
        "contribution_without_entry",
        "contribution",
        "insert",
        f"NOT {_is_posted('NEW.entry_number')}",
    ),
    # One slip, and one cheque, pays in once; what was taken back was not paid by it.
    Guard(
        "slip_paid_in_twice",
        "contribution",
        "insert",
        "NEW.source IN ('bank', 'cheque') AND EXISTS (SELECT 1 FROM contribution c"
        " WHERE c.source = NEW.source AND c.value_date = NEW.value_date"
        f" AND c.reference = NEW.reference AND {_stands('c.entry_number')})",
    ),
    Guard(
        "contribution_shared_twice",
        "contribution_part",
        "insert",
        f"NEW.cents + {_PARTS_BEFORE} >"
        " (SELECT c.amount_cents FROM contribution c WHERE c.id = NEW.contribution_id)",
    ),
    Guard(
        "part_of_no_product",
        "contribution_part",
        "insert",
        "NOT EXISTS (SELECT 1 FROM savings_terms t WHERE t.product_id = NEW.product_id)",
    ),
    Guard(
        "cleared_is_no_cheque",
        "cheque_clearing",
        "insert",
        f"NOT {_is_posted('NEW.entry_number')} OR NOT EXISTS (SELECT 1 FROM contribution c"
        " WHERE c.id = NEW.contribution_id AND c.source = 'cheque'"
        f" AND {_stands('c.entry_number')})",
    ),
    Guard(
        "cheque_cleared_twice",
        "cheque_clearing",
        "insert",
        "EXISTS (SELECT 1 FROM cheque_clearing k WHERE k.contribution_id = NEW.contribution_id"
        f" AND {_stands('k.entry_number')})",
    ),
    # While a cheque counts as cleared, the entry of its receipt stays.
    Guard(
        "cleared_cheque_taken_back",
        "journal_entry",
        "update",
        "OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.reverses_number IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM contribution c JOIN cheque_clearing k"
        " ON k.contribution_id = c.id WHERE c.entry_number = NEW.reverses_number"
        f" AND {_stands('k.entry_number')})",
    ),
    Guard(
        "manual_journal_on_owned_account",
        "journal_entry",
        "update",
        f"OLD.posted_at IS NULL AND NEW.posted_at IS NOT NULL AND NEW.kind = '{MANUAL_JOURNAL}'"
        " AND EXISTS (SELECT 1 FROM posting p JOIN account a ON a.id = p.account_id"
        " WHERE p.entry_id = NEW.id AND a.control_id IS NOT NULL)",
    ),
    Guard(
        "shares_paid_back",
        "payout",
        "insert",
        "EXISTS (SELECT 1 FROM savings_product s WHERE s.account_code = NEW.account_code"
        " AND s.kind = 'shares')",
    ),
    Guard("notice_is_kept", "withdrawal_notice", "delete", "1 = 1"),
    Guard(
        "notice_edited",
        "withdrawal_notice",
        "update",
        "OLD.taken_back_at IS NOT NULL OR "
        + changed(
            "member_id", "product_id", "cents", "given_on", "ripe_on", "recorded_by", "recorded_at"
        ),
    ),
    # A notice pays once: the payout that used it must be gone before another one does.
    Guard(
        "notice_used_twice",
        "withdrawal_notice",
        "update",
        "OLD.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id"
        " AND EXISTS (SELECT 1 FROM payout p WHERE p.id = OLD.payout_id"
        " AND p.status <> 'cancelled')",
    ),
    Guard(
        "notice_of_another",
        "withdrawal_notice",
        "update",
        "NEW.payout_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payout p"
        " JOIN savings_product s ON s.id = NEW.product_id WHERE p.id = NEW.payout_id"
        " AND p.member_id = NEW.member_id AND p.account_code = s.account_code"
        " AND p.net_cents <= NEW.cents)",
    ),
    Guard("check_off_is_kept", "check_off_list", "delete", "1 = 1"),
    Guard("check_off_born_late", "check_off_list", "insert", "NEW.status <> 'draft'"),
    Guard("check_off_moves", "check_off_list", "update", moves(_LIST_MOVES)),
    Guard(
        "check_off_by_nobody",
        "check_off_list",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'posted'"
        f" AND NOT {approved_request('check_off')})",
    ),
    Guard(
        "check_off_undone_by_nobody",
        "check_off_list",
        "update",
        "OLD.status = 'posted' AND NEW.status = 'undone'"
        f" AND NOT {approved_request('check_off_undone')})",
    ),
    Guard(
        "check_off_edited",
        "check_off_list",
        "update",
        "OLD.status <> 'draft' AND "
        + changed(
            "number",
            "employer",
            "month",
            "file_name",
            "fingerprint",
            "reference",
            "value_date",
            "total_cents",
            "started_by",
            "started_at",
        ),
    ),
    Guard(
        "check_off_undone_unposted",
        "check_off_list",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'undone' AND NEW.entry_number IS NOT NULL"
        f" AND {_stands('NEW.entry_number')}",
    ),
    Guard(
        "check_off_line_added_late",
        "check_off_line",
        "insert",
        f"NOT {_LIST_IS_DRAFT.format(row='NEW')}",
    ),
    Guard(
        "check_off_line_edited",
        "check_off_line",
        "update",
        f"{changed('list_id', 'line', 'named', 'name', 'product_id', 'cents')}"
        f" OR (NOT {_LIST_IS_DRAFT.format(row='OLD')} AND {changed('member_id', 'problem')})",
    ),
    Guard("check_off_line_is_kept", "check_off_line", "delete", "1 = 1"),
]
