"""What the database refuses about repayments: any change of them, and paying an instalment twice."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final
from sacco_desktop.db.import_guards import kept_with

_COUNTS = (
    "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.reverses_number = r.entry_number"
    " AND e.posted_at IS NOT NULL)"
)
_LOAN_OF_PART = "(SELECT loan_id FROM repayment WHERE id = NEW.repayment_id)"
_PAID_BEFORE = (
    "(SELECT coalesce(sum(q.cents), 0) FROM repayment_part q"
    " JOIN repayment r ON r.id = q.repayment_id"
    f" WHERE r.loan_id = {_LOAN_OF_PART} AND q.instalment = NEW.instalment"
    f" AND q.component = NEW.component AND {_COUNTS})"
)
_OWED = (
    "coalesce((SELECT CASE NEW.component WHEN 'principal' THEN i.principal_cents"
    " WHEN 'interest' THEN i.interest_cents ELSE i.fee_cents END"
    " FROM loan_instalment i JOIN loan l ON l.id = i.loan_id AND l.schedule = i.schedule"
    f" WHERE i.loan_id = {_LOAN_OF_PART} AND i.number = NEW.instalment), 0)"
)
_OWED_BY_LEDGER = (
    "coalesce((SELECT b.debit_cents - b.credit_cents FROM account a"
    " JOIN account_balance b ON b.account_id = a.id"
    " WHERE a.code = NEW.loan_control || '.' || NEW.number), 0)"
)


def _is_agreed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM loan l WHERE l.id = {row}.loan_id"
        " AND l.status NOT IN ('submitted', 'appraised'))"
    )


_PRINCIPAL_PAID = (
    "(SELECT coalesce(sum(q.cents), 0) FROM repayment_part q"
    " JOIN repayment r ON r.id = q.repayment_id"
    f" WHERE r.loan_id = {_LOAN_OF_PART} AND q.component = 'principal' AND {_COUNTS})"
)

_RECOVERED = (
    "(SELECT coalesce(sum(r.amount_cents), 0) FROM repayment r WHERE r.loan_id = NEW.loan_id"
    f" AND r.use = 'recovery' AND {_COUNTS})"
)
_WRITTEN_OFF = (
    "(SELECT coalesce(sum(w.principal_cents + w.interest_cents + w.fee_cents + w.penalty_cents), 0)"
    " FROM loan_write_off w WHERE w.loan_id = NEW.loan_id AND NOT EXISTS (SELECT 1 FROM journal_entry e"
    " WHERE e.reverses_number = w.entry_number AND e.posted_at IS NOT NULL))"
)

REPAYMENT_GUARDS = [
    *final("repayment"),
    *final("repayment_part"),
    *kept_with("loan_accrual", "loan"),
    *kept_with("loan_change", "loan"),
    Guard(
        "schedule_changed_of_no_running_loan",
        "loan_change",
        "insert",
        "NOT EXISTS (SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND l.status IN ('active', 'closed')"
        " AND l.schedule = NEW.schedule)",
    ),
    Guard(
        "loan_agreed_anew_by_nobody",
        "loan_change",
        "insert",
        "NEW.kind = 'reschedule' AND NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        " AND r.kind = 'loan_reschedule' AND r.status = 'approved' AND r.subject_id = NEW.loan_id)",
    ),
    Guard(
        "reschedule_undone_by_nobody",
        "loan_change",
        "insert",
        "NEW.kind = 'restored' AND EXISTS (SELECT 1 FROM loan_change c WHERE c.loan_id = NEW.loan_id"
        " AND c.schedule = NEW.replaced AND c.kind = 'reschedule') AND NOT EXISTS (SELECT 1"
        " FROM approval_request r WHERE r.kind = 'reschedule_undone' AND r.status = 'approved'"
        " AND r.subject_id = NEW.loan_id)",
    ),
    Guard(
        "deposits_taken_for_loan_by_nobody",
        "repayment",
        "insert",
        "NEW.source = 'deposits' AND NOT EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.kind IN ('guarantors_called', 'loan_from_deposits') AND r.status = 'approved'"
        " AND r.subject_id = NEW.loan_id)",
    ),
    # What was repaid early belongs to no instalment, so it is held against the loan as a whole.
    Guard(
        "principal_repaid_beyond_loan",
        "repayment_part",
        "insert",
        "NEW.component = 'principal' AND NEW.instalment = 0"
        f" AND NEW.cents + {_PRINCIPAL_PAID} > (SELECT amount_cents FROM loan WHERE id = {_LOAN_OF_PART})",
    ),
    Guard(
        "repayment_of_no_running_loan",
        "repayment",
        "insert",
        "NOT EXISTS (SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND l.status ="
        " CASE WHEN NEW.use = 'recovery' THEN 'written_off' ELSE 'active' END)",
    ),
    Guard(
        "repayment_without_entry",
        "repayment",
        "insert",
        "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = NEW.entry_number"
        " AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "instalment_paid_twice",
        "repayment_part",
        "insert",
        "NEW.component IN ('principal', 'interest', 'fee') AND NEW.instalment > 0"
        f" AND NEW.cents + {_PAID_BEFORE} > {_OWED}",
    ),
    Guard(
        "loan_closed_owing",
        "loan",
        "update",
        f"{changed('status')} AND NEW.status IN ('closed', 'written_off') AND {_OWED_BY_LEDGER} <> 0",
    ),
    Guard("top_up_added_late", "loan_top_up", "insert", _is_agreed("NEW")),
    Guard("top_up_deleted_late", "loan_top_up", "delete", _is_agreed("OLD")),
    Guard(
        "top_up_edited_late",
        "loan_top_up",
        "update",
        f"{_is_agreed('OLD')} AND {changed('loan_id', 'clears_id', 'principal_cents', 'cents', 'valid_until')}",
    ),
    Guard(
        "loan_cleared_for_another_member",
        "loan_top_up",
        "insert",
        "NOT EXISTS (SELECT 1 FROM loan l JOIN loan o ON o.member_id = l.member_id"
        " WHERE l.id = NEW.loan_id AND o.id = NEW.clears_id AND o.status = 'active')",
    ),
    Guard(
        "loan_cleared_by_two",
        "loan_top_up",
        "insert",
        "EXISTS (SELECT 1 FROM loan_top_up t JOIN loan l ON l.id = t.loan_id WHERE t.clears_id = NEW.clears_id"
        " AND l.status IN ('submitted', 'appraised', 'approved', 'disbursement_pending'))",
    ),
    *kept_with("loan_write_off", "loan"),
    *final("provisioning"),
    *final("provisioning_line"),
    Guard(
        "loan_written_off_by_nobody",
        "loan_write_off",
        "insert",
        # What the old books wrote off has no entry here, and its import was agreed to instead.
        "NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id AND r.status = 'approved'"
        " AND ((r.kind = 'loan_write_off' AND r.subject_id = NEW.loan_id AND NEW.entry_number IS NOT NULL)"
        " OR (r.kind = 'book_import' AND NEW.entry_number IS NULL"
        " AND r.subject_id = (SELECT l.import_id FROM loan l WHERE l.id = NEW.loan_id))))",
    ),
    Guard(
        "recovered_beyond_write_off",
        "repayment",
        "insert",
        f"NEW.use = 'recovery' AND NEW.amount_cents + {_RECOVERED} > {_WRITTEN_OFF}",
    ),
    Guard(
        "provided_by_nobody",
        "provisioning",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        " AND r.kind = 'provisioning' AND r.status = 'approved')",
    ),
    Guard(
        "provided_twice",
        "provisioning",
        "insert",
        "EXISTS (SELECT 1 FROM provisioning p WHERE p.as_of >= NEW.as_of AND NOT EXISTS"
        " (SELECT 1 FROM journal_entry e WHERE e.reverses_number = p.entry_number))",
    ),
]
