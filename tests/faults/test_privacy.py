"""Secrets and people go through a whole journey with faults; none is found in clear where it has no business: in the
log, in the relay's files, in an error's text, in the repr of anything that is handed around.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest
from sqlalchemy.exc import SQLAlchemyError

from sacco_desktop.application import logging_to
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.relays import relays
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.town import Day, settings_of
from tests.faults.truth import check_end

PASSWORD = "Practice#2026"
SECRET = "practice-consumer-secret"


@dataclass(frozen=True, slots=True)
class Marks:
    """What must not be found: secrets anywhere outside the sealed file, people anywhere outside the books."""

    secrets: tuple[str, ...]
    people: tuple[str, ...]

    def found_in(self, raw: bytes) -> list[str]:
        """The marks in these bytes, also as they are written by a UTF-16 or escaped dump."""
        marks = self.secrets + self.people
        return [mark for mark in marks if mark.encode() in raw or mark.encode("utf-16-le") in raw]


def _marks(desk: Desk) -> Marks:
    rows = desk.rows()
    token = desk.read(relays.list_relays, None)[0].token
    tags = tuple(facts.tag for facts in desk.attempts())
    people = [name for row in rows for name in (row.phone, row.phone[3:], row.member_name)]
    return Marks((PASSWORD, SECRET, token, *tags), tuple(people))


def _rough_journey(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("timeout_original", match_phone=desk.row(1).phone, paid_later=True)
    safaricom.arm("result_other_receiver", match_phone=desk.row(2).phone)
    safaricom.arm("html_after_taking", match_phone=desk.row(3).phone)
    safaricom.arm("result_garbage", match_phone=desk.row(3).phone)
    for payout_id in (1, 2, 3, 4):
        desk.send(payout_id)
        desk.news()
        desk.let_queue_go_on()
    safaricom.release_callbacks()
    settle(desk)
    check_end(desk)


def test_no_mark_is_in_the_log_or_in_the_relays_files(day: Day) -> None:
    """The log is the program's own, with every logger turned up as far as it goes."""
    settings, root = settings_of(day.folder), logging.getLogger()
    level = root.level
    with logging_to(settings):
        root.setLevel(logging.DEBUG)
        try:
            with day.desk() as desk:
                _rough_journey(desk)
                marks = _marks(desk)
                _look_into_the_relays_files(day, marks)
        finally:
            root.setLevel(level)
    written = settings.log_path.read_bytes()
    assert written
    assert marks.found_in(written) == []


def _look_into_the_relays_files(day: Day, marks: Marks) -> None:
    files = [path for path in (day.folder / "relay").rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    for path in files:
        assert marks.found_in(path.read_bytes()) == [], path.name


def test_no_mark_is_in_the_offices_files_either(day: Day) -> None:
    """The books are encrypted and the secrets sealed; what lies beside them says nothing."""
    with day.desk() as desk:
        _rough_journey(desk)
        marks = _marks(desk)
        files = [path for path in (day.folder / "office").rglob("*") if path.is_file()]
        assert len(files) >= 3
        for path in files:
            assert marks.found_in(path.read_bytes()) == [], path.name


def test_no_secret_is_in_the_books(desk: Desk) -> None:
    """Consumer secret, password and its encrypted form live in the keyring; a copy of the books opens no M-Pesa."""
    _rough_journey(desk)
    credentials = {
        str(payment.request["SecurityCredential"]) for payment in desk.day.safaricom.transactions
    }
    told = desk.read(_everything, None)
    for secret in (PASSWORD, SECRET, "practice-consumer-key", *credentials):
        assert secret not in told
    # The test can fail: what must be in the books is found by the same look.
    assert desk.row(1).phone in told


def _everything(work: Work, _nothing: None) -> str:
    """Every value of every table, as text."""
    names = [
        row[0]
        for row in work.session.connection().exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
    ]
    values = []
    for name in names:
        for row in work.session.connection().exec_driver_sql(f"SELECT * FROM {name}"):
            values += [
                v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row
            ]
    return "\n".join(values)


def test_an_error_of_the_database_names_no_member(desk: Desk) -> None:
    """A bug may come with a statement; what was bound to it stays out of the crash dialog and the log."""
    row = desk.row(1)

    def break_a_rule(work: Work, _nothing: None) -> None:
        loan = loans.load(work, row.loan_id or 0)
        loan.purpose = f"{row.member_name} {row.phone}"
        loan.product_code = None  # type: ignore[assignment]
        work.session.flush()

    with pytest.raises(SQLAlchemyError) as bug:
        desk.write(break_a_rule, None)
    assert row.phone not in str(bug.value)
    assert row.member_name not in str(bug.value)


def test_what_is_handed_around_shows_no_secret(desk: Desk) -> None:
    desk.send(1)
    facts = desk.read(mpesa_connections.current, None)
    relay = desk.read(relays.list_relays, None)[0]
    client = desk.run(desk.office.mpesa)
    shown = repr((facts, relay, client, desk.office.relay(relay).connection, client._connection))
    for secret in (PASSWORD, SECRET, relay.token):
        assert secret not in shown
