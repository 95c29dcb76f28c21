"""What the database refuses about repayments: any change of them, and paying an instalment twice."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final

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

_PRINCIPAL_PAID = (
    "(SELECT coalesce(sum(q.cents), 0) FROM repayment_part q"
    " JOIN repayment r ON r.id = q.repayment_id"
    f" WHERE r.loan_id = {_LOAN_OF_PART} AND q.component = 'principal' AND {_COUNTS})"
)

REPAYMENT_GUARDS = [
    *final("repayment"),
    *final("repayment_part"),
    *final("loan_accrual"),
    *final("loan_change"),
    Guard(
        "schedule_changed_of_no_running_loan",
        "loan_change",
        "insert",
        "NOT EXISTS (SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND l.status IN ('active', 'closed')"
        " AND l.schedule = NEW.schedule)",
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
        "NOT EXISTS (SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND l.status = 'active')",
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
        f"{changed('status')} AND NEW.status = 'closed' AND {_OWED_BY_LEDGER} <> 0",
    ),
]
