"""A day is closed by one person and signed by another, once and for good, with a reason for what is not in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services import day_closings, day_papers, deputies, users, verify
from sacco_desktop.services.deputies import NewDeputy
from sacco_desktop.services.users import Credentials
from tests import make, make_days
from tests.books_watch import audit_rows
from tests.documents.read_back import flat_text
from tests.make import PracticeOffice
from tests.make_days import REASON, as_shown, close, closed, copied, proof


@pytest.fixture
def books(tmp_path: Path) -> Iterator[PracticeOffice]:
    """Books with two deposits that are broken on purpose, with no watch on them."""
    office = make.office(tmp_path)
    member = make.member(office)
    for kes in (100, 200):
        make.deposit(office, member, kes)
    yield office
    office.close()


def test_a_day_keeps_who_closed_it_what_was_found_and_the_head(office: PracticeOffice) -> None:
    make.member(office, deposits_kes=100)
    said = close(office, as_shown(office))
    assert said.words == "16 Mar 2026 is closed and signed by Lucy Chebet."
    state = office.read(day_closings.state, None, office.peter)
    day = state.closed
    assert day is not None
    assert (day.closed_by, day.signed_by) == (office.grace.full_name, office.lucy.full_name)
    number, digest = office.sql("SELECT number, hash FROM journal_entry ORDER BY number DESC")[0]
    assert (day.head_number, day.head_hash, day.entries_since) == (number, digest, 0)
    explained = {one.title: one.reason for one in day.checks if not one.is_green}
    assert explained == {"A copy of the books was made and proven today": REASON}
    assert len(day.checks) == 10
    acts = [(row.full_name, row.action, row.subject) for row in audit_rows(office)][-2:]
    assert acts == [
        (office.grace.full_name, "closed the day", "16 Mar 2026"),
        (office.lucy.full_name, "signed the closing of the", "16 Mar 2026"),
    ]


def test_a_closed_day_still_takes_entries_and_says_so(office: PracticeOffice) -> None:
    copied(office)
    closed(office)
    make.member(office, deposits_kes=100)
    day = office.read(day_closings.closed_day, make.day(office), office.peter)
    assert day.entries_since == 1
    first = make.day(office)
    office.clock.advance(days=1)
    make.member(office, deposits_kes=100)
    # An entry of the next day changes nothing of the closed one.
    assert office.read(day_closings.closed_day, first, office.peter).entries_since == 1
    state = office.read(day_closings.state, None, office.grace)
    assert (state.closed, state.last, state.may_close) == (None, first, True)
    closed(office)
    assert [each.day for each in office.read(day_closings.closed_days, None, office.peter)] == [
        first + timedelta(days=1),
        first,
    ]


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
    day = books.read(day_closings.closed_day, make.day(books), books.peter)
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
    make.member(office, deposits_kes=100)
    paper = office.write(day_papers.day_sheet, make.day(office), office.peter)
    again = office.write(day_papers.day_sheet, make.day(office), office.peter)
    assert (paper.stamp.copy_number, again.stamp.copy_number) == (1, 2)
    assert again == replace(paper, stamp=again.stamp)
    text = flat_text(draw_day_sheet(paper))
    assert "Mon 16 Mar 2026" in text
    assert f"Reason {REASON}" in text
    assert "1 entry for this day after it was closed" in text
    with pytest.raises(NotFound, match="15 Mar 2026 was not closed"):
        office.write(day_papers.day_sheet, make.day(office) - timedelta(days=1), office.peter)


def test_a_day_without_an_entry_can_be_closed(office: PracticeOffice) -> None:
    make_days.closed(office)
    assert office.sql("SELECT head_number, head_hash FROM day_closing") == [(0, "0" * 64)]
