"""What two people agreed to about loans happens wholly or not at all, wherever the power goes, and once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from sacco_desktop.db.tables import Table
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import AlreadyDecided, SaccoError
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import (
    from_deposits,
    guarantor_calls,
    guarantor_recoveries,
    loans,
    recoveries,
)
from sacco_desktop.services.lending.from_deposits import DepositsWish
from sacco_desktop.services.lending.guarantor_calls import CallWish
from sacco_desktop.services.lending.guarantor_recoveries import NewReimbursement
from sacco_desktop.services.lending.recoveries import NewRecovery
from sacco_desktop.services.membership import members
from sacco_desktop.services.office.approvals import Verdict
from tests import make, make_check_offs, make_endings, make_guarantors, make_loans
from tests.make import PracticeOffice

_WRITES = ("INSERT", "UPDATE", "DELETE")
# A yes writes some dozens of rows; so many of the moments before one are tried, evenly, and the one before the commit.
_MOMENTS = 5


class PowerGoesError(Exception):
    """Nothing that had been said to the database by then counts."""


@contextmanager
def _power(office: PracticeOffice, goes_before: int | None) -> Iterator[list[str]]:
    """Let the power go before that write, counted from 0, or before the commit; what had been written by then."""
    written: list[str] = []

    def write(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith(_WRITES):
            if len(written) == goes_before:
                raise PowerGoesError
            written.append(statement)

    def commit(_session: Session) -> None:
        if goes_before is None:
            raise PowerGoesError

    engine = office.database.writer
    event.listen(engine, "before_cursor_execute", write)
    event.listen(Session, "before_commit", commit)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", write)
        event.remove(Session, "before_commit", commit)


def _all_rows(office: PracticeOffice) -> dict[str, list[tuple[Any, ...]]]:
    def read(work: Work, _nothing: None) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: [
                tuple(row)
                for row in work.session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Table.metadata.sorted_tables
        }

    return office.read(read, None)


def _cut_everywhere(office: PracticeOffice, act: Callable[[], object]) -> None:
    before = _all_rows(office)
    with _power(office, None) as written, pytest.raises(PowerGoesError):
        act()
    assert len(written) > 3
    for moment in {len(written) * part // _MOMENTS for part in range(_MOMENTS)}:
        with _power(office, moment), pytest.raises(PowerGoesError):
            act()
    assert _all_rows(office) == before


def _both(office: PracticeOffice, act: Callable[[int], object]) -> list[str]:
    """Two clerks do it at once; the sentences of whoever was refused."""

    def one(clerk: int) -> str:
        try:
            act(clerk)
        except SaccoError as refusal:
            return refusal.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        return sorted(filter(None, pool.map(one, (0, 1))))


def _decide_once(office: PracticeOffice, request: int, by: Actor) -> None:
    (shown,) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request)[0]
    verdict = Verdict(request, shown, Decision.APPROVE, "")

    def act(_clerk: int = 0) -> object:
        return office.write(decisions.decide, verdict, by)

    _cut_everywhere(office, act)
    (told,) = _both(office, act)
    assert told.endswith("has approved this already. The first decision stands.")
    with pytest.raises(AlreadyDecided):
        act()
    assert office.count("approval_decision", f"request_id = {request}") == 1


def _version(office: PracticeOffice, loan_id: int) -> int:
    return office.read(loans.row_of, loan_id).version


def test_a_check_off_list_is_posted_whole_and_once(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    other = make.member(office)
    office.clock.advance(days=35)
    lines = ((loan.member_number, 9_500), (other.number, 700), ("M-0999", 100))
    row = make_check_offs.asked(office, lines)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF, row.list_id)
    _decide_once(office, request, office.lucy)
    assert office.balance(f"2010.{other.number}") == 700_00
    assert (office.balance("1040"), office.balance("2150")) == (0, 100_00)


def test_own_deposits_guarantors_and_a_write_off_happen_whole_and_once(
    office: PracticeOffice,
) -> None:
    make.setting(office, "loan.from_deposits", "yes")
    paid = make_loans.active_loan(office)
    (member,) = office.read(members.find, paid.member_number)
    make.deposit(office, member, 200_000)
    wish = DepositsWish(paid.loan_id, _version(office, paid.loan_id), "Letter of today.")
    office.write(from_deposits.ask, wish, office.peter)
    request = make.waiting_request(office, ApprovalKind.LOAN_FROM_DEPOSITS, paid.loan_id)
    _decide_once(office, request, office.lucy)
    assert office.read(loans.row_of, paid.loan_id).status == "closed"

    late = make_guarantors.late_loan(office, (60_000, 20_000))
    anew = make_loans.active_loan(office).loan_id
    make_endings.agree(office, make_endings.ask_reschedule(office, anew))
    _decide_once(office, make_endings.ask_agreement_back(office, anew), office.daniel)
    assert office.read(loans.row_of, anew).instalments == 12

    # The borrower has spent nearly all of the own deposits.
    own = f"2010.{late.member_number}"
    cents = office.balance(own) - 30_000_00
    lines = (debit(own, cents), credit("1010", cents))
    make.post(office, JournalEntry(make.day(office), "test", "Spent", "T", lines))
    call = CallWish(late.loan_id, _version(office, late.loan_id), "Letters of 2 June.")
    office.write(guarantor_calls.ask, call, office.grace)
    request = make.waiting_request(office, ApprovalKind.GUARANTORS_CALLED, late.loan_id)
    _decide_once(office, request, office.lucy)
    taken = office.sql("SELECT sum(cents) FROM guarantor_recovery")[0][0]

    # What the borrower brings for the guarantors is given back once, whoever of two clerks was first.
    day = make.day(office)
    back = [
        NewReimbursement(make.key(), late.loan_id, taken, Source.CASH, "", day) for _ in range(2)
    ]
    _cut_everywhere(office, lambda: office.write(guarantor_recoveries.take, back[0], office.grace))
    (told,) = _both(
        office, lambda clerk: office.write(guarantor_recoveries.take, back[clerk], office.grace)
    )
    assert "owes no guarantor" in told
    assert office.sql("SELECT sum(cents) FROM guarantor_recovery WHERE kind <> 'taken'") == [
        (taken,)
    ]

    _decide_once(office, make_endings.ask_write_off(office, anew), office.daniel)
    left = office.read(recoveries.look, anew).left_cents
    brought = [NewRecovery(make.key(), anew, left, Source.CASH, "", day) for _ in range(2)]
    _cut_everywhere(office, lambda: office.write(recoveries.take, brought[0], office.grace))
    (told,) = _both(
        office, lambda clerk: office.write(recoveries.take, brought[clerk], office.grace)
    )
    assert told.endswith("Nothing is owed any more.")
    assert office.read(loans.row_of, anew).status == "closed"
