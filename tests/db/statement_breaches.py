"""How the guards of statements are broken by plain SQL; the account is petty cash, on which nothing else happens."""

from __future__ import annotations

from tests.db.plain_sql import GRACE, LUCY, NOW, POST, entry, posting

_ACCOUNT = "(SELECT id FROM account WHERE code = '1015')"
STATEMENT = (
    "INSERT INTO account_statement (id, account_id, source, shortcode, first_day, last_day, opening_cents,"
    " closing_cents, row_count, new_rows, file_name, made_of, fingerprint, taken_by, taken_at)"
    f" VALUES (900, {_ACCOUNT}, 'bank', '', '2026-03-16', '2026-03-17', 0, 0, 1, 1, '', '', 'f', {GRACE}, {NOW})"
)
_MATCHED_WITH = (
    "INSERT INTO match_side (match_id, posting_id, cents) SELECT {}, id, credit_cents - debit_cents"
)
UNDONE = (
    "INSERT INTO match_undoing (match_id, undone_by, undone_at, reason)"
    f" VALUES (900, {GRACE}, {NOW}, 'x')"
)


def line(number: int = 900, cents: int = 100, balance: int = 100) -> str:
    """A line of the statement, as a script would insert it."""
    return (
        "INSERT INTO statement_line (id, statement_id, account_id, file_page, file_row, identity, receipt, at, day,"
        " cents, balance_cents, kind, reason, linked, details, party, typed)"
        f" VALUES ({number}, 900, {_ACCOUNT}, 1, 1, 'i{number}', '', {NOW}, '2026-03-16', {cents}, {balance}, 'other',"
        " '', '', '', '', '')"
    )


def match(number: int = 900, sealed: str = "NULL") -> str:
    """A match without sides."""
    return (
        "INSERT INTO statement_match (id, account_id, line_class, how, reason, made_by, sealed_at)"
        f" VALUES ({number}, {_ACCOUNT}, 'matched', 'person', '', {GRACE}, {sealed})"
    )


def of_line(number: int = 900, of: int = 900, cents: int = 100) -> str:
    """The side of a line."""
    return f"INSERT INTO match_side (match_id, line_id, cents) VALUES ({number}, {of}, {cents})"


def of_posting(number: int = 900) -> str:
    """The side of the first posting of entry 1000."""
    return f"{_MATCHED_WITH.format(number)} FROM posting WHERE entry_id = 1000 AND line = 1"


def sealed(number: int = 900) -> str:
    """The match stands."""
    return f"UPDATE statement_match SET sealed_at = {NOW} WHERE id = {number}"


def booked(first: str = "1015", second: str = "1020") -> tuple[str, ...]:
    """An entry over 100 cents, posted."""
    return (entry(), posting(1, first, 100, 0), posting(2, second, 0, 100), POST)


def signed(until: str = "2026-03-16", cents: int = 0, number: int = 900) -> str:
    """The account at zero, signed."""
    return (
        "INSERT INTO reconciliation (id, account_id, until, statement_cents, books_cents, other_day_cents, told,"
        f" made_by, signed_by, signed_at) VALUES ({number}, {_ACCOUNT}, '{until}', {cents}, {cents}, 0, '',"
        f" {GRACE}, {LUCY}, {NOW})"
    )


REOPENED = (
    "INSERT INTO reconciliation_reopening (reconciliation_id, reopened_by, signed_by, reopened_at, reason)"
    f" VALUES (900, {GRACE}, {LUCY}, {NOW}, 'x')"
)
_STANDING = (STATEMENT, line(), *booked(), match(), of_line(), of_posting(), sealed())

STATEMENT_BREACHES: dict[str, tuple[str, ...]] = {
    "account_statement_is_final_update": (STATEMENT, "UPDATE account_statement SET new_rows = 9"),
    "account_statement_is_final_delete": (STATEMENT, "DELETE FROM account_statement"),
    "statement_line_is_final_update": (STATEMENT, line(), "UPDATE statement_line SET cents = 9"),
    "statement_line_is_final_delete": (STATEMENT, line(), "DELETE FROM statement_line"),
    "match_side_is_final_update": (STATEMENT, line(), match(), of_line(), "UPDATE match_side SET cents = 9"),
    "match_side_is_final_delete": (STATEMENT, line(), match(), of_line(), "DELETE FROM match_side"),
    "match_undoing_is_final_update": (match(), UNDONE, "UPDATE match_undoing SET reason = 'other'"),
    "match_undoing_is_final_delete": (match(), UNDONE, "DELETE FROM match_undoing"),
    "reconciliation_is_final_update": (STATEMENT, signed(), "UPDATE reconciliation SET told = 'other'"),
    "reconciliation_is_final_delete": (STATEMENT, signed(), "DELETE FROM reconciliation"),
    "reconciliation_reopening_is_final_update": (
        STATEMENT,
        signed(),
        REOPENED,
        "UPDATE reconciliation_reopening SET reason = 'other'",
    ),
    "reconciliation_reopening_is_final_delete": (
        STATEMENT,
        signed(),
        REOPENED,
        "DELETE FROM reconciliation_reopening",
    ),
    "match_is_kept": (match(), "DELETE FROM statement_match"),
    "match_changed": (match(), "UPDATE statement_match SET how = 'receipt'"),
    "match_begun_sealed": (match(sealed=NOW),),
    "match_does_not_add_up": (STATEMENT, line(), match(), of_line(), sealed()),
    "match_of_another_account": (
        STATEMENT,
        line(),
        *booked("1020", "1010"),
        match(),
        of_line(),
        of_posting(),
        sealed(),
    ),
    "matched_twice": (*_STANDING, match(901), of_line(901), of_posting(901), sealed(901)),
    "side_of_sealed_match": (*_STANDING, line(901), of_line(of=901)),
    "side_of_another_sum": (STATEMENT, line(), match(), of_line(cents=99)),
    "match_undone_in_signed_day": (*_STANDING, signed(cents=100), UNDONE),
    "line_in_signed_day": (*_STANDING, signed(cents=100), line(901)),
    "posted_into_signed_day": (STATEMENT, signed(), *booked()),
    "signed_with_lines_left": (STATEMENT, line(), line(901, -100, 0), signed()),
    "signed_with_postings_left": (STATEMENT, *booked("1015", "1015"), signed()),
    "signed_at_another_balance": (STATEMENT, signed(cents=5)),
    "signed_before_a_signed_day": (STATEMENT, signed("2026-03-17"), signed(number=901)),
    "reopened_below_a_signed_day": (STATEMENT, signed(), signed("2026-03-17", number=901), REOPENED),
}  # fmt: skip
