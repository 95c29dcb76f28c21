"""What is asked for each payout, and for the page that shows payouts, never reads all that ever were: the database
finds it by an index. On PostgreSQL the plan of so few rows says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from sacco_desktop.ui.pages.payouts.reading import Asked as Page
from sacco_desktop.ui.pages.payouts.reading import read_payouts
from tests import make
from tests.make import PracticeOffice

# Tables that get rows with each payout.
GROWING = {
    "account",
    "account_balance",
    "approval_decision",
    "approval_need",
    "approval_request",
    "audit_row",
    "batch_line",
    "float_reading",
    "journal_entry",
    "limit_use",
    "loan",
    "loan_deduction",
    "loan_instalment",
    "loan_instalment_fee",
    "member",
    "mpesa_exchange",
    "payout",
    "payout_attempt",
    "payout_move",
    "posting",
    "relay_entry",
    "status_question",
}
# The end of a chain is the first row that is looked at, from behind.
FROM_BEHIND = ("SELECT audit_row.hash ", "SELECT journal_entry.number, journal_entry.hash ")

Asked = list[tuple[str, Any]]


@contextmanager
def _asked(engine: Engine) -> Iterator[Asked]:
    found: Asked = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    yield found
    event.remove(engine, "before_cursor_execute", keep)


def _scans(office: PracticeOffice, asked: Asked) -> list[str]:
    found = set()
    for statement, values in asked:
        if statement.startswith(FROM_BEHIND):
            continue
        for *_place, step in office.sql(f"EXPLAIN QUERY PLAN {statement}", *values):
            words = str(step).split()
            if words[0] == "SCAN" and words[1] in GROWING:
                found.add(f"{step}: {' '.join(statement.split())}")
    return sorted(found)


def test_a_payout_is_sent_and_booked_without_reading_all_payouts(office: PracticeOffice) -> None:
    if office.database.path is None:
        return
    via, row = make.route(office, make.relay(office)), make.approved_payout(office)
    with _asked(office.database.writer) as asked:
        order = make.accepted(office, row, via)
        make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert len(asked) > 40
    assert _scans(office, asked) == []


def test_the_page_of_payouts_is_read_without_reading_all_payouts(office: PracticeOffice) -> None:
    if office.database.path is None:
        return
    via = make.route(office, make.relay(office))
    order = make.accepted(office, make.approved_payout(office), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    with _asked(office.database.reader) as asked:
        office.read(read_payouts, Page(), office.grace)
    assert len(asked) > 20
    assert _scans(office, asked) == []
