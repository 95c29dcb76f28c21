"""What the database refuses of statements: a line twice, a match that does not add up or that takes a line or a posting
a second time, anything within a day that two people have signed, and signing an account that is not at zero.
"""

from __future__ import annotations

from sacco_desktop.db.guard import POSTING_NOW, Guard, changed, final
from sacco_desktop.domain.reconciling.entries import BEGINNING

_STANDS = (
    "m.sealed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM match_undoing u WHERE u.match_id = m.id)"
)
_SEALING = "OLD.sealed_at IS NULL AND NEW.sealed_at IS NOT NULL"
_SIDES = "match_side s WHERE s.match_id = NEW.id"
_FIRST_DAY = "(SELECT min(first_day) FROM account_statement WHERE account_id = NEW.account_id)"
_LAST_BALANCE = (
    "coalesce((SELECT balance_cents FROM statement_line WHERE account_id = NEW.account_id"
    " AND day <= NEW.until ORDER BY at DESC, id DESC LIMIT 1),"
    " (SELECT opening_cents FROM account_statement WHERE account_id = NEW.account_id"
    " ORDER BY first_day, id LIMIT 1))"
)
_BOOKS = (
    "coalesce((SELECT sum(p.debit_cents - p.credit_cents) FROM posting p"
    " JOIN journal_entry e ON e.id = p.entry_id WHERE p.account_id = NEW.account_id"
    " AND e.posted_at IS NOT NULL AND e.value_date <= NEW.until), 0)"
)


def _signed(account: str, day: str) -> str:
    """The day of the account lies within one that two people have signed."""
    return (
        f"EXISTS (SELECT 1 FROM reconciliation r WHERE r.account_id = {account} AND r.until >= {day}"
        " AND NOT EXISTS (SELECT 1 FROM reconciliation_reopening o WHERE o.reconciliation_id = r.id))"
    )


def _matched(column: str, row: str) -> str:
    """A line or posting that stands in a match."""
    return (
        "EXISTS (SELECT 1 FROM match_side s JOIN statement_match m ON m.id = s.match_id"
        f" WHERE s.{column} = {row} AND {_STANDS})"
    )


def _twice(column: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM match_side mine JOIN match_side s ON s.{column} = mine.{column}"
        " JOIN statement_match m ON m.id = s.match_id"
        f" WHERE mine.match_id = NEW.id AND s.match_id <> NEW.id AND {_STANDS})"
    )


STATEMENT_GUARDS = [
    *final("account_statement"),
    *final("statement_line"),
    *final("match_side"),
    *final("match_undoing"),
    *final("reconciliation"),
    *final("reconciliation_reopening"),
    Guard("match_is_kept", "statement_match", "delete", "1 = 1"),
    Guard(
        "match_changed",
        "statement_match",
        "update",
        "OLD.sealed_at IS NOT NULL OR "
        + changed("id", "account_id", "line_class", "how", "reason", "entry_number", "made_by"),
    ),
    Guard("match_begun_sealed", "statement_match", "insert", "NEW.sealed_at IS NOT NULL"),
    Guard(
        "match_does_not_add_up",
        "statement_match",
        "update",
        f"{_SEALING} AND ((SELECT coalesce(sum(s.cents), 1) FROM {_SIDES}) <> 0"
        f" OR (SELECT count(*) FROM {_SIDES}) < 2)",
    ),
    Guard(
        "match_of_another_account",
        "statement_match",
        "update",
        f"{_SEALING} AND (EXISTS (SELECT 1 FROM match_side s JOIN statement_line l ON l.id = s.line_id"
        " WHERE s.match_id = NEW.id AND l.account_id <> NEW.account_id)"
        " OR EXISTS (SELECT 1 FROM match_side s JOIN posting p ON p.id = s.posting_id"
        " JOIN journal_entry e ON e.id = p.entry_id WHERE s.match_id = NEW.id"
        " AND (p.account_id <> NEW.account_id OR e.posted_at IS NULL)))",
    ),
    Guard(
        "matched_twice",
        "statement_match",
        "update",
        f"{_SEALING} AND ({_twice('line_id')} OR {_twice('posting_id')})",
    ),
    Guard(
        "side_of_sealed_match",
        "match_side",
        "insert",
        "EXISTS (SELECT 1 FROM statement_match m WHERE m.id = NEW.match_id AND m.sealed_at IS NOT NULL)",
    ),
    Guard(
        "side_of_another_sum",
        "match_side",
        "insert",
        "NEW.cents <> coalesce((SELECT l.cents FROM statement_line l WHERE l.id = NEW.line_id),"
        " (SELECT p.credit_cents - p.debit_cents FROM posting p WHERE p.id = NEW.posting_id))",
    ),
    Guard(
        "match_undone_in_signed_day",
        "match_undoing",
        "insert",
        "EXISTS (SELECT 1 FROM match_side s JOIN statement_line l ON l.id = s.line_id"
        f" WHERE s.match_id = NEW.match_id AND {_signed('l.account_id', 'l.day')})"
        " OR EXISTS (SELECT 1 FROM match_side s JOIN posting p ON p.id = s.posting_id"
        " JOIN journal_entry e ON e.id = p.entry_id"
        f" WHERE s.match_id = NEW.match_id AND {_signed('p.account_id', 'e.value_date')})",
    ),
    Guard("line_in_signed_day", "statement_line", "insert", _signed("NEW.account_id", "NEW.day")),
    Guard(
        "posted_into_signed_day",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = NEW.id"
        f" AND {_signed('p.account_id', 'NEW.value_date')})",
    ),
    Guard(
        "signed_with_lines_left",
        "reconciliation",
        "insert",
        "EXISTS (SELECT 1 FROM statement_line l WHERE l.account_id = NEW.account_id AND l.day <= NEW.until"
        f" AND NOT {_matched('line_id', 'l.id')})",
    ),
    Guard(
        "signed_with_postings_left",
        "reconciliation",
        "insert",
        "EXISTS (SELECT 1 FROM posting p JOIN journal_entry e ON e.id = p.entry_id"
        " WHERE p.account_id = NEW.account_id AND e.posted_at IS NOT NULL"
        f" AND e.value_date <= NEW.until AND e.value_date >= {_FIRST_DAY}"
        f" AND e.kind <> '{BEGINNING}' AND NOT {_matched('posting_id', 'p.id')})",
    ),
    Guard(
        "signed_at_another_balance",
        "reconciliation",
        "insert",
        f"NEW.statement_cents IS DISTINCT FROM {_LAST_BALANCE} OR NEW.books_cents <> {_BOOKS}",
    ),
    Guard(
        "signed_before_a_signed_day",
        "reconciliation",
        "insert",
        _signed("NEW.account_id", "NEW.until"),
    ),
    Guard(
        "reopened_below_a_signed_day",
        "reconciliation_reopening",
        "insert",
        "EXISTS (SELECT 1 FROM reconciliation mine JOIN reconciliation r ON r.account_id = mine.account_id"
        " WHERE mine.id = NEW.reconciliation_id AND r.until > mine.until AND NOT EXISTS"
        " (SELECT 1 FROM reconciliation_reopening o WHERE o.reconciliation_id = r.id))",
    ),
]
