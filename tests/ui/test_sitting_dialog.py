"""The committee sits at one PC: the officers decide one after the other, and the minutes are shown at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sacco_desktop.demo.practice_office import PASSWORD
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.committee import decisions, sittings
from sacco_desktop.services.committee.sittings import Vote
from sacco_desktop.services.lending import loans
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import AccessChange, NewUser
from sacco_desktop.services.people import people_changes
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.ticks import TickBox
from tests.ui.practice_desk import AMINA, JANE, Seat, Town, said
from tests.ui.test_fit import cut_texts, nameless

Sit = Callable[[str], Seat]
SECOND = "moses"


def second_member(town: Town) -> int:
    """Another person on the committee, who leaves again with the test."""
    for row in town.read(users.list_users):
        if row.username == SECOND:
            if not row.is_active:
                again = AccessChange(row.user_id, row.version, True)
                town.agreed(people_changes.change_access, again)
            return row.user_id
    new = NewUser(SECOND, "Moses Kiptoo", frozenset({Role.COMMITTEE}), PASSWORD)
    return town.agreed(people_changes.add_user, new).user_id


def leaves(town: Town) -> None:
    row = next(row for row in town.read(users.list_users) if row.username == SECOND)
    town.agreed(people_changes.change_access, AccessChange(row.user_id, row.version, False))


def test_a_sitting_from_its_opening_to_its_minutes(town: Town, sit: Sit) -> None:
    moses = second_member(town)
    first, other = town.appraised(JANE), town.appraised(AMINA)
    daniel = sit("daniel")
    daniel.open_page("approvals")
    daniel.click("hold_sitting")
    opening = daniel.find("open_sitting_dialog")
    assert nameless(opening) == []
    daniel.type("minute_number", "CM/07/2026")
    daniel.type("place", "Umoja House")
    daniel.click("ok")
    daniel.wait(lambda: daniel.sees("present_error"))
    for user_id in (town.person("daniel").user_id, moses):
        daniel.find(f"present_{user_id}", TickBox).setChecked(True)
    daniel.click("ok")
    dialog = daniel.find("sitting_dialog")
    assert nameless(dialog) == []
    assert cut_texts(dialog) == []

    daniel.find("loan", ChoiceBox).choose(request_of(town, first.number))
    daniel.wait(lambda: first.number in said(dialog))
    daniel.find("officer", ChoiceBox).choose(moses)
    daniel.type("password", "not the one")
    daniel.click("ok")
    daniel.wait(lambda: daniel.sees("password_error"))
    assert "not right" in daniel.text("password_error")
    assert town.read(loans.row_of, first.loan_id).status == "appraised"
    daniel.type("password", PASSWORD)
    daniel.click("ok")
    daniel.wait(lambda: town.read(loans.row_of, first.loan_id).status == "approved")
    found = town.read(decisions.list_requests, None, "daniel")
    row = next(each for each in found if first.number in each.about)
    assert row.decided_by == "Moses Kiptoo"

    daniel.wait(lambda: daniel.find("loan", ChoiceBox).value() != row.request_id)
    daniel.find("loan", ChoiceBox).choose(request_of(town, other.number))
    daniel.find("officer", ChoiceBox).choose(town.person("daniel").user_id)
    vote = daniel.find("vote", ChoiceBox)
    vote.choose(Vote.REJECT)
    daniel.type("reason", "Too much for now.")
    daniel.type("password", PASSWORD)
    daniel.press("password", Qt.Key.Key_Return, control=True)
    daniel.wait(lambda: town.read(loans.row_of, other.loan_id).status == "rejected")
    daniel.click("close_sitting")
    daniel.wait_gone("sitting_dialog")
    daniel.wait(lambda: daniel.sees("paper_view"))
    held = town.read(sittings.list_sittings, None, "daniel")[0]
    assert (held.minute_number, held.closed_by) == ("CM/07/2026", "Daniel Omondi")
    leaves(town)


def request_of(town: Town, number: str) -> int:
    found = town.read(decisions.list_requests, None, "daniel")
    return max(row.request_id for row in found if number in row.about)


def test_a_treasurer_holds_no_sitting(town: Town, sit: Sit) -> None:
    grace = sit("grace")
    grace.open_page("approvals")
    assert not grace.sees("hold_sitting")


def test_a_note_stands_with_the_request(town: Town, sit: Sit) -> None:
    row = town.requested(JANE)
    lucy = sit("lucy")
    lucy.open_page("approvals")
    table = lucy.choose("approvals_table", f"{row.loan_number} · ")
    QTest.keyClick(table, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    dialog = lucy.find("discuss_dialog")
    assert nameless(dialog) == []
    lucy.click("ok")
    lucy.wait(lambda: lucy.sees("words_error"))
    lucy.type("words", "Has she paid the last one?")
    lucy.click("ok")
    lucy.wait_gone("discuss_dialog")
    assert lucy.toasts == ["Your note is there for everybody. Nothing was decided."]
    lucy.wait(lambda: "Lucy Chebet: Has she paid the last one?" in said(lucy.find("details")))
    panel = said(lucy.find("details"))
    assert "1 of chairperson, committee, secretary or treasurer – 0 so far" in panel
    assert "Daniel Omondi or Esther Muthoni or Lucy Chebet" in panel


def test_an_auditor_sees_every_request_and_has_no_button(town: Town, sit: Sit) -> None:
    row = town.requested(AMINA)
    new = NewUser("naomi", "Naomi Wafula", frozenset({Role.AUDITOR}), PASSWORD)
    town.agreed(people_changes.add_user, new)
    naomi = sit("naomi")
    naomi.open_page("approvals")
    assert not naomi.sees("hold_sitting")
    naomi.click("saved_all")
    naomi.choose("approvals_table", f"{row.loan_number} · ")
    naomi.wait(lambda: row.number in said(naomi.find("details")))
    for button in ("approve_open", "reject_open", "discuss_open"):
        assert not naomi.sees(button)
