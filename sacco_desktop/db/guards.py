"""What the database itself refuses, as data: one condition a guard, for SQLite and PostgreSQL alike.

The services check the same rules first and explain them kindly. The guards hold when a service is wrong, when a repair
script runs, and when two PCs do something at once. guard_laying.py lays them down, anew after each migration.
"""

from __future__ import annotations

from sacco_desktop.db.approval_guards import APPROVAL_GUARDS
from sacco_desktop.db.chain_guards import CHAIN_GUARDS
from sacco_desktop.db.check_off_guards import CHECK_OFF_GUARDS
from sacco_desktop.db.closing_guards import CLOSING_GUARDS
from sacco_desktop.db.guarantor_guards import GUARANTOR_GUARDS
from sacco_desktop.db.guard import POSTING_NOW, Guard, approved_request, changed, final
from sacco_desktop.db.hold_guards import HOLD_GUARDS
from sacco_desktop.db.import_guards import (
    IMPORT_GUARDS,
    IMPORTED,
    LOAN_BEING_BROUGHT,
    UNDONE_WITH_ITS_IMPORT,
    kept_with,
    of_undone_import,
)
from sacco_desktop.db.job_guards import JOB_GUARDS
from sacco_desktop.db.loan_form_guards import LOAN_FORM_GUARDS
from sacco_desktop.db.member_guards import MEMBER_GUARDS
from sacco_desktop.db.message_guards import MESSAGE_GUARDS
from sacco_desktop.db.money_back_guards import MONEY_BACK_GUARDS
from sacco_desktop.db.money_in_guards import MONEY_IN_GUARDS
from sacco_desktop.db.mpesa_guards import BALANCE_GUARDS, BATCH_GUARDS
from sacco_desktop.db.payout_guards import HAND_OVER_GUARDS, PAYOUT_GUARDS
from sacco_desktop.db.penalty_guards import PENALTY_GUARDS
from sacco_desktop.db.repayment_guards import REPAYMENT_GUARDS
from sacco_desktop.db.savings_guards import SAVINGS_GUARDS
from sacco_desktop.db.statement_guards import STATEMENT_GUARDS
from sacco_desktop.db.withdrawal_guards import WITHDRAWAL_GUARDS
from sacco_desktop.domain.chart import CONTROLS_BY_MEMBER

GENESIS = "0" * 64

# The one lock of books on PostgreSQL, taken by every transaction that writes and again by the guards; "SACCO" in ASCII.
BOOKS_LOCK = 0x534143434F


_SUM_OF_POSTINGS = (
    "(SELECT coalesce(sum(debit_cents), 0) - coalesce(sum(credit_cents), 0)"
    " FROM posting WHERE entry_id = NEW.id)"
)
_LAST_NUMBER = (
    "coalesce((SELECT number FROM journal_entry WHERE posted_at IS NOT NULL"
    " ORDER BY number DESC LIMIT 1), 0)"
)
_HASH_BEFORE = (
    f"coalesce((SELECT hash FROM journal_entry WHERE number = NEW.number - 1), '{GENESIS}')"
)


def _entry_is_posted(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM journal_entry WHERE id = {row}.entry_id AND posted_at IS NOT NULL)"
    )


def _loan_is_agreed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM loan l WHERE l.id = {row}.loan_id"
        " AND l.status NOT IN ('submitted', 'appraised'))"
    )


def _paid_of_loan(loan_id: str) -> str:
    return (
        "(SELECT coalesce(sum(p.net_cents), 0) FROM payout p"
        f" WHERE p.loan_id = {loan_id} AND p.status = 'paid')"
    )


_HELD_BY_MEMBERS = ", ".join(f"'{code}'" for code in sorted(CONTROLS_BY_MEMBER))
_LOAN_IS_UNDONE = "OLD.status = 'active' AND NEW.status = 'disbursement_pending'"

# Two people agreed that the rest is not wanted: the loan begins with what was paid, and its fees stay what they were.
_REST_IS_LEFT = (
    "(OLD.status = 'disbursement_pending' AND NEW.status = 'active' AND NEW.net_cents < OLD.net_cents"
    " AND NEW.amount_cents - NEW.net_cents = OLD.amount_cents - OLD.net_cents"
    f" AND NEW.asked_cents <= OLD.asked_cents AND {approved_request('rest_not_wanted')}))"
)

LEDGER_GUARDS = [
    Guard("entry_born_posted", "journal_entry", "insert", "NEW.posted_at IS NOT NULL"),
    Guard("posted_entry_edited", "journal_entry", "update", "OLD.posted_at IS NOT NULL"),
    Guard("posted_entry_deleted", "journal_entry", "delete", "OLD.posted_at IS NOT NULL"),
    Guard(
        "entry_unbalanced", "journal_entry", "update", f"{POSTING_NOW} AND {_SUM_OF_POSTINGS} <> 0"
    ),
    Guard(
        "entry_one_legged",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND (SELECT count(*) FROM posting WHERE entry_id = NEW.id) < 2",
    ),
    Guard(
        "month_closed",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND EXISTS"
        " (SELECT 1 FROM closed_month WHERE month = substr(NEW.value_date, 1, 7))",
    ),
    Guard(
        "entry_number_gap",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.number <> 1 + {_LAST_NUMBER}",
    ),
    Guard(
        "entry_chain_broken",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.previous_hash <> {_HASH_BEFORE}",
    ),
    Guard(
        "reversal_of_nothing",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.reverses_number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " journal_entry e WHERE e.number = NEW.reverses_number AND e.posted_at IS NOT NULL)",
    ),
    # What was paid into a member's own account and has left it since cannot be taken out of it once more.
    Guard(
        "deposits_overdrawn_by_reversal",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.reverses_number IS NOT NULL AND EXISTS (SELECT 1 FROM posting p"
        " JOIN account a ON a.id = p.account_id JOIN account c ON c.id = a.control_id"
        " LEFT JOIN account_balance b ON b.account_id = a.id"
        f" WHERE p.entry_id = NEW.id AND c.code IN ({_HELD_BY_MEMBERS})"
        " GROUP BY a.code, c.code, b.debit_cents, b.credit_cents"
        " HAVING sum(p.debit_cents) > sum(p.credit_cents)"
        " AND coalesce(b.credit_cents, 0) - coalesce(b.debit_cents, 0)"
        " + sum(p.credit_cents) - sum(p.debit_cents) < coalesce((SELECT sum(y.net_cents) FROM payout y"
        " JOIN member m ON m.id = y.member_id WHERE y.status = 'in_flight'"
        " AND y.account_code = c.code AND a.code = c.code || '.' || m.number), 0))",
    ),
    Guard("posted_entry_added_to", "posting", "insert", _entry_is_posted("NEW")),
    Guard(
        "posted_posting_edited",
        "posting",
        "update",
        f"{_entry_is_posted('OLD')} OR {_entry_is_posted('NEW')}",
    ),
    Guard("posted_posting_deleted", "posting", "delete", _entry_is_posted("OLD")),
    Guard(
        "posting_on_control_account",
        "posting",
        "insert",
        "EXISTS (SELECT 1 FROM account WHERE id = NEW.account_id AND is_control)",
    ),
    Guard(
        "account_in_use",
        "account",
        "update",
        f"{changed('code', 'type', 'is_control', 'control_id')}"
        " AND EXISTS (SELECT 1 FROM posting p JOIN account a ON a.id = p.account_id"
        " WHERE a.id = OLD.id OR a.control_id = OLD.id)",
    ),
    *final("money_command"),
]

AUDIT_GUARDS = [
    *final("audit_row"),
    Guard(
        "audit_chain_broken",
        "audit_row",
        "insert",
        "NEW.previous_hash <> coalesce("
        f"(SELECT hash FROM audit_row ORDER BY id DESC LIMIT 1), '{GENESIS}')",
    ),
]

LOAN_GUARDS = [
    Guard("loan_is_kept", "loan", "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"),
    Guard(
        "loan_born_late",
        "loan",
        "insert",
        f"NEW.status <> 'submitted' AND NOT (NEW.status IN ('active', 'written_off') AND {IMPORTED})",
    ),
    Guard(
        "loan_approved_by_nobody",
        "loan",
        "update",
        "OLD.status <> NEW.status AND NEW.status = 'approved'"
        f" AND NOT ({approved_request('loan')} AND d.decided_by <> NEW.applied_by))",
    ),
    Guard(
        "loan_active_unpaid",
        "loan",
        "update",
        # One that was closed has run before, and old books paid some out.
        "OLD.status <> NEW.status AND NEW.status = 'active' AND OLD.status NOT IN ('closed', 'written_off')"
        " AND NEW.net_cents <>"
        f" {_paid_of_loan('NEW.id')}",
    ),
    Guard(
        "loan_taken_back_paid",
        "loan",
        "update",
        "OLD.status <> NEW.status AND NEW.status IN ('submitted', 'appraised', 'approved', 'rejected')"
        " AND EXISTS (SELECT 1 FROM payout p WHERE p.loan_id = NEW.id"
        " AND p.status IN ('in_flight', 'paid'))",
    ),
    # A payment of the loan came back: it waits for its money again, and nobody has repaid anything of it.
    Guard(
        "loan_undone_paid",
        "loan",
        "update",
        f"{_LOAN_IS_UNDONE} AND NEW.net_cents = {_paid_of_loan('NEW.id')}",
    ),
    Guard(
        "loan_undone_repaid",
        "loan",
        "update",
        f"{_LOAN_IS_UNDONE} AND EXISTS (SELECT 1 FROM account a JOIN posting p ON p.account_id = a.id"
        " JOIN journal_entry e ON e.id = p.entry_id WHERE a.code = NEW.loan_control || '.' || NEW.number"
        " AND p.credit_cents > 0 AND e.posted_at IS NOT NULL AND e.reverses_number IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_number = e.number))",
    ),
    # Its next schedule is a version of its own, so that nothing booked on the old one counts for it.
    Guard(
        "loan_undone_with_schedule",
        "loan",
        "update",
        f"{_LOAN_IS_UNDONE} AND NEW.schedule <= OLD.schedule",
    ),
    Guard(
        "loan_terms_fixed",
        "loan",
        "update",
        "OLD.status NOT IN ('submitted', 'appraised') AND ("
        + changed(
            "member_id",
            "method",
            "rate",
            "rate_per",
            "frequency",
            "instalments",
            "rounding",
            "rounding_unit_cents",
            "day_count",
            "grace_days",
            "principal_grace",
            "interest_grace",
            "first_due",
            "first_due_day",
            "broken_period",
            "interest_on",
            "loan_control",
        )
        + f" OR ({changed('asked_cents', 'amount_cents', 'net_cents')} AND NOT {_REST_IS_LEFT}))",
    ),
    Guard("deduction_added_late", "loan_deduction", "insert", _loan_is_agreed("NEW")),
    Guard("deduction_edited_late", "loan_deduction", "update", _loan_is_agreed("OLD")),
    Guard("deduction_deleted_late", "loan_deduction", "delete", _loan_is_agreed("OLD")),
    Guard(
        "instalment_fee_added_late",
        "loan_instalment_fee",
        "insert",
        f"{_loan_is_agreed('NEW')} AND NOT {LOAN_BEING_BROUGHT}",
    ),
    Guard("instalment_fee_edited_late", "loan_instalment_fee", "update", _loan_is_agreed("OLD")),
    Guard(
        "instalment_fee_deleted_late",
        "loan_instalment_fee",
        "delete",
        f"{_loan_is_agreed('OLD')} AND NOT {of_undone_import('loan')}",
    ),
    # A schedule is undone only with the import on which it rests.
    *kept_with("loan_instalment", "loan"),
]

RECORD_GUARDS = [
    Guard("society_is_kept", "society", "delete", "1 = 1"),
    # Both stand in every id that has gone out; practice books never become production books.
    Guard("society_identity_fixed", "society", "update", changed("id", "books_id", "environment")),
    *final("paper_print"),
    Guard("damaged_entry_is_kept", "damaged_entry", "delete", "1 = 1"),
    Guard(
        "damaged_entry_edited",
        "damaged_entry",
        "update",
        "OLD.skipped_at IS NOT NULL OR "
        + changed("relay_id", "epoch", "sequence", "chain_hash", "header", "box", "found_at"),
    ),
    Guard(
        "damaged_entry_skipped_by_one",
        "damaged_entry",
        "update",
        "NEW.skipped_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.kind = 'relay_skip' AND r.status = 'approved'"
        " AND r.subject_id = NEW.id)",
    ),
    Guard("relay_entry_is_kept", "relay_entry", "delete", "1 = 1"),
    Guard(
        "relay_entry_edited",
        "relay_entry",
        "update",
        changed("relay_id", "epoch", "sequence", "kind", "tag", "body", "hash", "received_at"),
    ),
]

GUARDS = [
    *LEDGER_GUARDS,
    *AUDIT_GUARDS,
    *APPROVAL_GUARDS,
    *LOAN_GUARDS,
    *PAYOUT_GUARDS,
    *HAND_OVER_GUARDS,
    *HOLD_GUARDS,
    *BATCH_GUARDS,
    *BALANCE_GUARDS,
    *MONEY_BACK_GUARDS,
    *MONEY_IN_GUARDS,
    *REPAYMENT_GUARDS,
    *PENALTY_GUARDS,
    *MESSAGE_GUARDS,
    *JOB_GUARDS,
    *GUARANTOR_GUARDS,
    *LOAN_FORM_GUARDS,
    *MEMBER_GUARDS,
    *RECORD_GUARDS,
    *IMPORT_GUARDS,
    *CLOSING_GUARDS,
    *STATEMENT_GUARDS,
    *SAVINGS_GUARDS,
    *CHECK_OFF_GUARDS,
    *WITHDRAWAL_GUARDS,
    *CHAIN_GUARDS,
]

# Not a guard but a consequence: posting an entry moves the balances of its accounts and of their control accounts.
MOVE_BALANCES = """
INSERT INTO account_balance (account_id, debit_cents, credit_cents)
SELECT account_id, sum(debit_cents), sum(credit_cents) FROM posting
WHERE entry_id = NEW.id GROUP BY account_id
ON CONFLICT (account_id) DO UPDATE SET
  debit_cents = account_balance.debit_cents + excluded.debit_cents,
  credit_cents = account_balance.credit_cents + excluded.credit_cents;
INSERT INTO account_balance (account_id, debit_cents, credit_cents)
SELECT a.control_id, sum(p.debit_cents), sum(p.credit_cents)
FROM posting p JOIN account a ON a.id = p.account_id
WHERE p.entry_id = NEW.id AND a.control_id IS NOT NULL GROUP BY a.control_id
ON CONFLICT (account_id) DO UPDATE SET
  debit_cents = account_balance.debit_cents + excluded.debit_cents,
  credit_cents = account_balance.credit_cents + excluded.credit_cents;
"""
