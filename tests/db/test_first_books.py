"""Books of the first schema, brought to this program's: no row and no guard is lost, they prove themselves, and the
office goes on working with what was under way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from sacco_desktop.db import migrate
from sacco_desktop.db.guard_laying import touched_guards
from sacco_desktop.db.personal import cipher_of
from sacco_desktop.db.tables import Table
from sacco_desktop.db.types import PersonalBytes, PersonalText
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.payout_ways import Bearer, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.payouts import payouts, vouchers
from sacco_desktop.services.sending import payout_sending, queue_stops
from sacco_desktop.services.sending.queue_stops import Clearing
from tests import make
from tests.books_watch import assert_sound
from tests.db.first_books import FIRST, first_books, first_rows
from tests.engines import copy_of
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice

# A column whose old values a migration changes or takes away, and why nothing is lost by that.
MEANT: dict[tuple[str, str], str] = {}
# Payouts of the first books by their ids.
PAID, APPROVED, DRAFT = 1, 2, 3


@pytest.fixture
def old_office(tmp_path: Path, office_clock: OfficeClock) -> Iterator[PracticeOffice]:
    """The first books after this program has opened them, some hours later."""
    office_clock.advance(hours=3)
    place = first_books().put(tmp_path)
    database = place.open()
    done = migrate.migrate(database, tmp_path / "backups", office_clock.now())
    assert (done.old, done.new) == (FIRST, migrate.HEAD)
    database.close()
    office = make.office_from(copy_of(place), tmp_path, office_clock)
    yield office
    office.close()
    place.throw_away()


def test_the_first_books_have_rows_in_every_table_of_their_day() -> None:
    assert [table for table, rows in first_rows().items() if not rows] == []
    assert len(first_rows()) == 30


def test_no_row_and_no_value_of_the_first_books_is_lost(old_office: PracticeOffice) -> None:
    with old_office.database.reader.connect() as connection:
        lost = {
            table: missing
            for table, rows in first_rows().items()
            if (missing := _missing(connection, table, rows))
        }
    # What is owed to members who left is kept by member now, so their account has others under it.
    assert [row["code"] for row in lost.pop("account")] == ["2180"]
    assert lost == {}


def _missing(connection: Connection, table: str, rows: list[dict[str, Any]]) -> list[Any]:
    """The old rows that are not there any more, as far as the columns go that are still there."""
    there = {column["name"] for column in inspect(connection).get_columns(table)}
    gone = sorted(name for name in rows[0] if name not in there and (table, name) not in MEANT)
    if gone:
        return gone
    names = [name for name in rows[0] if name in there and (table, name) not in MEANT]
    found = connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM {table}")
    kept = {
        tuple(_read(connection, table, name, value) for name, value in zip(names, row, strict=True))
        for row in found
    }
    return [row for row in rows if tuple(row[name] for name in names) not in kept]


def _read(connection: Connection, table: str, name: str, value: Any) -> Any:
    """A value as SQLite would keep it."""
    kind, cipher = Table.metadata.tables[table].c[name].type, cipher_of(connection.dialect)
    if cipher is not None and value is not None:
        if isinstance(kind, PersonalText):
            return cipher.unseal_text(f"{table}.{name}", value)
        if isinstance(kind, PersonalBytes):
            return cipher.unseal(f"{table}.{name}", value)
    return int(value) if isinstance(value, bool) else value


def test_a_lost_row_a_lost_value_and_a_lost_column_are_noticed(old_office: PracticeOffice) -> None:
    """What the test above rests on."""
    old_office.without_guards(
        "UPDATE status_question SET finding = 'another'",
        "DELETE FROM job_run",
    )
    with old_office.database.reader.connect() as connection:
        rows = first_rows()
        assert len(_missing(connection, "status_question", rows["status_question"])) == 1
        assert len(_missing(connection, "job_run", rows["job_run"])) == 1
        with_more = [{**rows["society"][0], "motto": "Together"}]
        assert _missing(connection, "society", with_more) == ["motto"]


def test_the_guards_lie_and_the_books_prove_themselves(old_office: PracticeOffice) -> None:
    with old_office.database.writer.begin() as connection:
        assert touched_guards(connection) == ([], [])
    assert_sound(old_office)


def test_every_list_of_the_office_shows_the_old_books(old_office: PracticeOffice) -> None:
    rows = first_rows()
    for service, table in (
        (members.list_members, "member"),
        (loans.list_loans, "loan"),
        (payouts.list_payouts, "payout"),
        (decisions.list_requests, "approval_request"),
    ):
        assert len(old_office.read(service, None, old_office.grace)) == len(rows[table])
    assert len(old_office.read(relay_feed.list_parked, None, old_office.grace)) == 1


def test_old_requests_need_what_they_needed_then(old_office: PracticeOffice) -> None:
    """One yes was enough for everything: that stays the rule until people change it, and decisions know their step."""
    needs = old_office.sql("SELECT DISTINCT step, quorum, ceiling_cents FROM approval_need")
    assert needs == [(1, 1, None)]
    asked = old_office.count("approval_request")
    assert old_office.count("approval_need") == asked > 0
    rules = {row.kind: row for row in old_office.read(approval_rules.list_levels, None)}
    assert {ApprovalKind.LOAN, ApprovalKind.PAYOUT} <= rules.keys()
    for row in rules.values():
        assert [step.quorum for band in row.bands for step in band.steps] == [1]
    roles = {role for (role,) in old_office.sql("SELECT DISTINCT role FROM approval_decision")}
    assert roles <= {"committee", "treasurer"}
    given = old_office.count("approval_request", "status = 'approved'")
    shown = old_office.read(decisions.list_requests, None, old_office.grace)
    assert sum(bool(row.decided_by) for row in shown) >= given > 0


def test_what_was_under_way_in_the_old_books_is_carried_on(old_office: PracticeOffice) -> None:
    """A draft is approved, sent and paid; a waiting loan is agreed to; the voucher of old has its figures."""
    office = old_office
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    office.write(queue_stops.clear, Clearing(stop.stop_id, "Looked at."), office.grace)
    draft = office.read(payouts.row_of, DRAFT)
    make.approve_payout(office, draft, office.lucy)
    via = make.route(office, 1)
    order = make.begin(office, make.payout_now(office, draft), via)
    office.write(payout_sending.record_answer, make.answer(order), office.grace)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert make.payout_now(office, draft).status is PayoutStatus.PAID
    [waiting] = [
        row.loan_id for row in office.read(loans.list_loans, None) if row.status == "appraised"
    ]
    make.decide(office, make.waiting_request(office, ApprovalKind.LOAN, waiting), office.daniel)
    assert office.read(loans.row_of, waiting).status == "approved"
    assert office.write(vouchers.voucher, PAID, office.grace).net_cents > 0
    assert_sound(office)


def test_payouts_of_old_are_whole_go_to_a_phone_and_keep_their_approval(
    old_office: PracticeOffice,
) -> None:
    """What was approved before payouts had parts and ways is bound to what was shown then, and is sent as it is."""
    office = old_office
    rows = {row.payout_id: row for row in office.read(payouts.list_payouts, None)}
    for kept in first_rows()["payout"]:
        row = rows[kept["id"]]
        assert (row.status, row.net_cents) == (kept["status"], kept["net_cents"])
        assert (row.way, row.part, row.parts, row.handed_cents) == (Way.MPESA, 1, 1, 0)
        assert (row.bearer, row.recovered_cents, row.purpose) == (Bearer.SOCIETY, 0, "loan")
    stop = office.read(queue_stops.standing, None)
    assert stop is not None
    office.write(queue_stops.clear, Clearing(stop.stop_id, "Looked at."), office.grace)
    order = make.begin(office, rows[APPROVED], make.route(office, 1))
    assert order.narration == f"Loan {rows[APPROVED].loan_number}"
    assert make.payout_now(office, order).status is PayoutStatus.IN_FLIGHT
