"""A day is closed by one person and signed by another, once and for good, with a reason for what is not in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.domain.cash_count import cash_count
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    PeriodClosed,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books import open_days
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.closing import closed_days, day_closings, day_papers, day_reopenings
from sacco_desktop.services.closing.day_reopenings import DayToReopen
from sacco_desktop.services.closing.day_signing import Outcome
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import Credentials
from sacco_desktop.services.people import deputies
from sacco_desktop.services.people.deputies import NewDeputy
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from tests import make, make_days
from tests.books_watch import audit_rows
from tests.documents.read_back import flat_text
from tests.make import PracticeOffice
from tests.make_days import REASON, as_shown, close, closed, newest, proof, reopened, signed


@pytest.fixture
def books(tmp_path: Path) -> Iterator[PracticeOffice]:
    """Books with two deposits that are broken on purpose, with no watch on them."""
    office = make.office(tmp_path)
    member = make.member(office)
    for kes in (100, 200):
        make.deposit(office, member, kes)
    yield office
    office.close()


def deposit_on(office: PracticeOffice, member: MemberRow, on: date) -> None:
    """A cash deposit with this value date."""
    new = NewDeposit(make.key(), member.member_id, 100_00, on)
    office.write(deposits.take_cash, new, office.peter)


def test_a_day_keeps_who_closed_it_what_was_found_and_the_head(office: PracticeOffice) -> None:
    make.member(office, deposits_kes=100)
    said = close(office, as_shown(office))
    assert said.words == "16 Mar 2026 is closed and signed by Lucy Chebet."
    state = office.read(closed_days.state, None, office.peter)
    day = state.closed
    assert day is not None
    assert (day.closed_by, day.signed_by) == (office.grace.full_name, office.lucy.full_name)
    number, digest = office.sql("SELECT number, hash FROM journal_entry ORDER BY number DESC")[0]
    assert (day.head_number, day.head_hash, day.entries_since) == (number, digest, 0)
    explained = {one.title: one.reason for one in day.checks if not one.is_green}
    assert explained == {"A copy of the books was made and proven today": REASON}
    assert len(day.checks) == 12
    acts = [(row.full_name, row.action, row.subject) for row in audit_rows(office)][-2:]
    assert acts == [
        (office.grace.full_name, "closed the day", "16 Mar 2026"),
        (office.lucy.full_name, "signed the closing of", "16 Mar 2026"),
    ]


def test_a_closed_day_and_every_day_before_it_take_no_more_entries(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=100)
    closed(office)
    for back in (0, 1):
        with pytest.raises(PeriodClosed, match=r"That day is closed\..*Nothing was posted"):
            deposit_on(office, member, make.day(office) - timedelta(days=back))
    first = make.day(office)
    office.clock.advance(days=1)
    with pytest.raises(PeriodClosed, match="That day is closed"):
        deposit_on(office, member, first)
    deposit_on(office, member, make.day(office))
    assert newest(office).entries_since == 0
    state = office.read(closed_days.state, None, office.grace)
    assert (state.closed, state.last, state.may_close) == (None, first, True)
    closed(office)
    listed = office.read(closed_days.list_all, None, office.peter)
    assert [(each.day, each.can_reopen) for each in listed] == [
        (first + timedelta(days=1), True),
        (first, False),
    ]


def test_what_happens_after_the_close_is_booked_in_the_next_open_day(
    office: PracticeOffice,
) -> None:
    relay = make.relay(office)
    row = make.approved_payout(office, float_kes=500_000)
    order = make.accepted(office, row, make.route(office, relay))
    closed(office)
    today = make.day(office)
    assert office.read(open_days.open_day, today, office.grace) == today + timedelta(days=1)
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    dates = office.sql("SELECT DISTINCT value_date FROM journal_entry ORDER BY value_date DESC")
    assert dates[0] == ((today + timedelta(days=1)).isoformat(),)
    office.clock.advance(days=3)
    assert office.read(open_days.open_day, today, office.grace) == make.day(office)


def test_two_people_reopen_the_last_closed_day_and_close_it_anew(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=100)
    closed(office)
    first = newest(office)
    reopened(office)
    deposit_on(office, member, make.day(office))
    state = office.read(closed_days.state, None, office.peter)
    assert (state.closed, state.last) == (None, None)
    assert state.reopened is not None
    back = state.reopened.reopened
    assert back is not None
    assert (back.by, back.signed_by, back.reason) == (
        office.grace.full_name,
        office.lucy.full_name,
        REASON,
    )
    assert state.reopened.entries_since == 1
    acts = [(row.full_name, row.action, row.subject) for row in audit_rows(office)]
    assert (office.grace.full_name, "reopened the day", "16 Mar 2026") in acts
    assert (office.lucy.full_name, "signed the reopening of", "16 Mar 2026") in acts
    closed(office)
    assert newest(office).closing_id != first.closing_id
    with pytest.raises(PeriodClosed):
        deposit_on(office, member, make.day(office))
    again = DayToReopen(first.closing_id, REASON, signed(office))
    with pytest.raises(WrongState, match=r"was reopened by Grace .* already"):
        office.write(day_reopenings.reopen, again, office.grace)


def test_a_day_is_reopened_by_those_who_may_and_for_a_reason(office: PracticeOffice) -> None:
    closed(office)
    first = newest(office).closing_id

    def reopen(by: Actor | None = None, reason: str = REASON, **changes: Any) -> Outcome:
        given = DayToReopen(first, reason, signed(office, **changes))
        return office.write(day_reopenings.reopen, given, by or office.grace)

    with pytest.raises(InvalidInput, match="Write why the day is reopened") as refused:
        reopen(reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(SamePerson, match="someone else must sign"):
        reopen(signer_id=office.grace.user_id)
    accountant = make.person(office, "Ruth Moraa", Role.ACCOUNTANT)
    with pytest.raises(NotAllowed, match="reopen a closed day"):
        reopen(accountant)
    wrong = reopen(signer_password="not the one")
    assert (wrong.field, office.count("day_reopening")) == ("signer_password", 0)
    office.clock.advance(days=1)
    closed(office)
    with pytest.raises(WrongState, match="Only the last closed day is reopened"):
        reopen()
    with pytest.raises(NotFound, match="not in the books"):
        office.read(day_reopenings.before_reopening, 99, office.grace)


def test_the_cash_is_counted_where_there_is_a_till(office: PracticeOffice) -> None:
    assert office.read(day_closings.before_closing, None, office.grace).till_cents is None
    make.member(office, deposits_kes=2_500)
    assert office.read(day_closings.before_closing, None, office.grace).till_cents == 2_500_00
    with pytest.raises(InvalidInput, match="Count the cash") as refused:
        close(office, as_shown(office, counted_cents=None))
    assert refused.value.field == "counted"
    other = as_shown(office, counted_cents=2_450_00, count=cash_count({1000: 2}))
    with pytest.raises(InvalidInput, match=r"come to KES 2,000\.00"):
        close(office, other)
    short = as_shown(office, counted_cents=2_450_00, reasons={"backup": REASON})
    with pytest.raises(InvalidInput, match="Write why") as missing:
        close(office, short)
    assert missing.value.field == "reason_cash"
    assert close(office, as_shown(office, counted_cents=2_450_00)).refused == ""
    till = newest(office).checks[-2]
    assert till.finding.startswith(
        "Counted KES 2,450.00, the books say KES 2,500.00. Missing: 50.00"
    )
    assert till.reason == REASON


def test_a_day_is_closed_once(office: PracticeOffice) -> None:
    given = as_shown(office)
    close(office, given)
    with pytest.raises(WrongState, match=r"was closed by Grace .* already"):
        close(office, given, office.lucy)
    with pytest.raises(WrongState, match="already"):
        office.read(day_closings.before_closing, None, office.grace)


def test_yesterday_is_not_closed_by_a_sheet_that_stayed_open(office: PracticeOffice) -> None:
    given = as_shown(office)
    office.clock.advance(days=1)
    with pytest.raises(WrongState, match="16 Mar 2026 is over"):
        close(office, given)


@pytest.mark.parametrize("reason", ["", "  "])
def test_what_is_not_in_order_needs_a_reason(office: PracticeOffice, reason: str) -> None:
    with pytest.raises(InvalidInput, match="Write why") as refused:
        close(office, as_shown(office, reasons={"backup": reason}))
    assert refused.value.field == "reason_backup"
    with pytest.raises(InvalidInput, match="at most 300"):
        close(office, as_shown(office, reasons={"backup": "x" * 301}))
    assert office.count("day_closing") == 0


def test_what_changed_after_it_was_shown_is_not_signed(office: PracticeOffice) -> None:
    given = as_shown(office)
    make.member(office, deposits_kes=100)
    with pytest.raises(ChangedMeanwhile, match="Nothing was closed"):
        close(office, given)
    # The old proof is carried on over the new entry; nothing is added up twice.
    carried = office.read(verify.carry_on, given.proof, office.grace)
    assert (carried.entries, carried.is_sound) == (given.proof.entries + 1, True)
    assert close(office, as_shown(office, carried)).refused == ""


def test_a_damaged_journal_is_closed_with_a_word_only(books: PracticeOffice) -> None:
    before = proof(books)
    books.without_guards("UPDATE journal_entry SET narration = 'other' WHERE number = 2")
    damaged = proof(books)
    with pytest.raises(InvalidInput) as refused:
        close(books, as_shown(books, damaged, reasons={"backup": REASON}))
    assert refused.value.field == "reason_chain"
    assert close(books, as_shown(books, damaged)).refused == ""
    day = newest(books)
    assert "Entry 2 is not what was posted" in day.checks[-1].finding
    assert before.is_sound


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE journal_entry SET hash = 'other' WHERE number = 2",
        "UPDATE journal_entry SET narration = 'other' WHERE number = 3",
        "UPDATE journal_entry SET previous_hash = 'other' WHERE number = 3",
        "UPDATE posting SET memo = 'other' WHERE entry_id = (SELECT id FROM journal_entry WHERE number = 3)",
    ],
)
def test_what_is_forged_after_the_proof_is_found_when_it_is_carried_on(
    books: PracticeOffice, forged: str
) -> None:
    proved = proof(books)
    assert proved.entries == 2
    make.member(books, deposits_kes=300)
    assert books.read(verify.carry_on, proved, books.grace).is_sound
    books.without_guards(forged)
    assert not books.read(verify.carry_on, proved, books.grace).is_sound
    with pytest.raises(ChangedMeanwhile):
        close(books, as_shown(books, proved))


def test_what_slips_into_a_closed_day_is_found(books: PracticeOffice) -> None:
    closed(books)
    books.clock.advance(days=1)
    make.member(books, deposits_kes=300)
    assert proof(books).is_sound
    books.without_guards("UPDATE journal_entry SET value_date = '2026-03-15' WHERE number = 3")
    faults = [f"{one.where} {one.what}" for one in proof(books).faults]
    assert "Entry 3 was posted after 16 Mar 2026 was closed, and is dated up to that day." in faults


def test_a_journal_that_was_written_anew_is_not_what_two_people_signed(
    books: PracticeOffice,
) -> None:
    closed(books)
    books.without_guards("UPDATE day_closing SET head_hash = 'another'")
    (fault,) = proof(books).faults
    assert fault.where == "The closing of 16 Mar 2026"
    assert "signed over another entry 2" in fault.what


def test_both_type_their_own_password_and_a_wrong_one_is_written_down(
    office: PracticeOffice,
) -> None:
    mine = close(office, as_shown(office, password="not the one"))
    assert (mine.field, "not right" in mine.refused) == ("password", True)
    theirs = close(office, as_shown(office, signer_password="not the one"))
    assert (theirs.field, "not right" in theirs.refused) == ("signer_password", True)
    assert office.count("day_closing") == 0
    wrong = [row.subject for row in audit_rows(office) if "wrong password" in row.action]
    assert wrong == ["grace", "lucy"]


def test_nobody_signs_what_he_closes_and_not_everybody_signs(office: PracticeOffice) -> None:
    with pytest.raises(SamePerson, match="someone else must sign"):
        close(office, as_shown(office, signer_id=office.grace.user_id))
    with pytest.raises(NotAllowed, match="sign a day that is being closed"):
        close(office, as_shown(office, signer_id=office.peter.user_id))
    with pytest.raises(InvalidInput, match="Choose who signs"):
        close(office, as_shown(office, signer_id=0))
    with pytest.raises(NotAllowed, match="close the day"):
        close(office, as_shown(office), office.daniel)
    chair = make.person(office, "Mercy Chepkemoi", Role.CHAIRPERSON)
    with pytest.raises(NotAllowed, match="close the day"):
        close(office, as_shown(office), chair)
    view = office.read(day_closings.before_closing, None, office.grace)
    assert [one.full_name for one in view.signers] == ["Lucy Chebet", "Mercy Chepkemoi"]
    assert close(office, as_shown(office, signer_id=chair.user_id)).refused == ""


def test_an_officer_and_the_deputy_are_one_voice(office: PracticeOffice) -> None:
    today = make.day(office)
    stands_in = NewDeputy(office.peter.user_id, Role.TREASURER, office.grace.user_id, today, today)
    make.agreed(office, deputies.name_deputy, stands_in)
    peter = office.write(users.sign_in, Credentials("peter", make.PASSWORD)).actor
    assert peter is not None
    with pytest.raises(SamePerson, match="speak for the same officer"):
        close(office, as_shown(office, signer_id=office.grace.user_id), peter)
    with pytest.raises(SamePerson, match="speak for the same officer"):
        close(office, as_shown(office, signer_id=peter.user_id))
    assert close(office, as_shown(office), peter).refused == ""


def test_the_sheet_tells_what_was_signed_and_what_came_after(office: PracticeOffice) -> None:
    closed(office)
    which = newest(office).closing_id
    paper = office.write(day_papers.day_sheet, which, office.peter)
    again = office.write(day_papers.day_sheet, which, office.peter)
    assert (paper.stamp.copy_number, again.stamp.copy_number) == (1, 2)
    assert again == replace(paper, stamp=again.stamp)
    text = flat_text(draw_day_sheet(paper))
    assert "Mon 16 Mar 2026" in text
    assert f"Reason {REASON}" in text
    assert "Not closed any more" not in text
    reopened(office)
    make.member(office, deposits_kes=100)
    text = flat_text(draw_day_sheet(office.write(day_papers.day_sheet, which, office.peter)))
    assert (
        f"Reopened By {office.grace.full_name} on 16 Mar 2026 09:00, signed by Lucy Chebet" in text
    )
    assert "Posted since 1 entry, up to this day" in text
    with pytest.raises(NotFound, match="not in the books"):
        office.write(day_papers.day_sheet, which + 1, office.peter)


def test_a_day_without_an_entry_can_be_closed(office: PracticeOffice) -> None:
    make_days.closed(office)
    assert office.sql("SELECT head_number, head_hash FROM day_closing") == [(0, "0" * 64)]
