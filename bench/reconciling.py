"""What it costs to find out which rows of a statement the books know, beside one join of both in SQL."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench._measuring import Row, compare, keep, show
from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reconciling import auto_matching
from tests import make
from tests.make import PracticeOffice

RECEIPTS, ROWS = 200_000, 20_000
# In this order each row is looked up by its receipt; left to itself the database begins with all postings.
_JOIN = text(
    "SELECT l.id, p.id FROM statement_line l CROSS JOIN journal_entry e CROSS JOIN posting p"
    " WHERE e.reference = l.receipt AND p.entry_id = e.id AND p.account_id = l.account_id"
    " AND p.debit_cents - p.credit_cents = l.cents"
)


def _receipt(number: int) -> str:
    return f"U{number:09d}"


def _fill(office: PracticeOffice) -> int:
    """So many receipts in the books, and a statement with a tenth of them; past the guards, as they are many."""
    account = office.read(lambda work, code: ledger.account_of(work, code).id, MPESA_PAYBILL)
    other = office.read(lambda work, code: ledger.account_of(work, code).id, "2150")
    user, day = office.grace.user_id, make.day(office)
    moment = moment_of(day, 9)
    with office.database.writer.begin() as connection:
        remove_guards(connection)
        run = connection.exec_driver_sql
        run(
            "INSERT INTO journal_entry (id, number, value_date, kind, narration, reference, posted_by, posted_at,"
            " previous_hash, hash) VALUES (?, ?, ?, 'mpesa_received', 'M-Pesa', ?, ?, ?, '', ?)",
            [
                (
                    at + 1000,
                    at + 1000,
                    day.isoformat(),
                    _receipt(at),
                    user,
                    moment.isoformat(),
                    f"h{at}",
                )
                for at in range(RECEIPTS)
            ],
        )
        run(
            "INSERT INTO posting (entry_id, line, account_id, debit_cents, credit_cents, memo)"
            " VALUES (?, ?, ?, ?, ?, '')",
            [
                line
                for at in range(RECEIPTS)
                for line in (
                    (at + 1000, 1, account, 100 + at, 0),
                    (at + 1000, 2, other, 0, 100 + at),
                )
            ],
        )
        run(
            "INSERT INTO account_statement (id, account_id, source, shortcode, first_day, last_day, opening_cents,"
            " closing_cents, row_count, new_rows, file_name, made_of, fingerprint, taken_by, taken_at)"
            " VALUES (1, ?, 'mpesa', '', ?, ?, 0, 0, 1, 1, '', '', 'f', ?, ?)",
            (account, day.isoformat(), day.isoformat(), user, moment.isoformat()),
        )
        run(
            "INSERT INTO statement_line (statement_id, account_id, file_page, file_row, identity, receipt, at, day,"
            " cents, balance_cents, kind, reason, linked, details, party, typed)"
            " VALUES (1, ?, 1, 1, ?, ?, ?, ?, ?, 0, 'paid_in', '', '', '', '', '')",
            [
                (
                    account,
                    f"i{at}",
                    _receipt(at * 10),
                    (moment + timedelta(seconds=at)).isoformat(timespec="microseconds"),
                    day.isoformat(),
                    100 + at * 10,
                )
                for at in range(ROWS)
            ],
        )
        lay_guards(connection)
    return account


def matching(folder: Path) -> list[Row]:
    """Rows and postings read, paired, each once; against the join that only finds the pairs."""
    office = make.office(folder)
    account = _fill(office)
    pairs = 0

    def pair(work: Work, _nothing: None) -> None:
        nonlocal pairs
        pairs = len(auto_matching.pairs(work, account))

    def ours() -> None:
        office.read(pair, None)

    def join() -> None:
        with office.database.reader.connect() as connection:
            assert len(connection.execute(_JOIN).all()) == ROWS

    case = f"{ROWS:,} rows matched with {RECEIPTS:,} receipts, against one join (goal 3)"
    rows = compare(case, ours, join, times=1, goal=3.0)
    assert pairs == ROWS
    office.close()
    return rows


def main() -> None:
    """Measure, print and write down."""
    with tempfile.TemporaryDirectory() as folder:
        rows = matching(Path(folder))
    show(rows)
    keep("reconciling", rows)


if __name__ == "__main__":
    main()
