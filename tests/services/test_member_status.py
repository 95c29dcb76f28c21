"""The statuses of a member: by one person, by two, by the clock, and only along the table of moves."""

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.member_status import BY_TWO, MOVES, MemberStatus
from sacco_desktop.services.membership import dormancy, member_moves, members
from sacco_desktop.services.membership.dormancy import DormancySlice
from sacco_desktop.services.people import member_links
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from tests import make, make_members
from tests.make import PracticeOffice


def _status(office: PracticeOffice, member_id: int) -> str:
    return office.read(members.row_of, member_id).status


def _night(office: PracticeOffice) -> int:
    return office.write(dormancy.catch_up_slice, DormancySlice(None)).moved


def test_nothing_leads_back_from_having_left() -> None:
    assert not [move for move in MOVES if move[0] in ("exited", "expelled")]
    assert set(MOVES) >= BY_TWO
    assert {new for _old, new in MOVES} == {status.value for status in MemberStatus}


def test_two_people_suspend_and_let_back_in(office: PracticeOffice) -> None:
    row = make.member(office)
    words = make_members.status(office, row, MemberStatus.SUSPENDED)
    assert words.startswith("Sent for approval. Daniel Omondi can agree.")
    assert _status(office, row.member_id) == "active"
    request = make.waiting_request(office, ApprovalKind.MEMBER_STATUS, row.member_id)
    make.decide(office, request, office.daniel)
    assert _status(office, row.member_id) == "suspended"
    make_members.became(office, row, MemberStatus.ACTIVE)
    moves = office.read(member_moves.moves_of, row.member_id)
    assert [(each.old, each.new) for each in moves] == [
        ("suspended", "active"),
        ("active", "suspended"),
    ]


def test_a_no_leaves_the_member_as_he_is(office: PracticeOffice) -> None:
    row = make.member(office)
    make_members.status(office, row, MemberStatus.EXPELLED)
    request = make.waiting_request(office, ApprovalKind.MEMBER_STATUS, row.member_id)
    make.decide(office, request, office.daniel, Decision.REJECT)
    assert _status(office, row.member_id) == "active"


def test_nobody_decides_on_the_own_membership(office: PracticeOffice) -> None:
    row = make.member(office)
    make.agreed(office, member_links.link, MemberLink(office.daniel.user_id, row.member_id))
    make_members.status(office, row, MemberStatus.SUSPENDED)
    request = make.waiting_request(office, ApprovalKind.MEMBER_STATUS, row.member_id)
    with pytest.raises(SamePerson):
        make.decide(office, request, office.daniel)


@pytest.mark.parametrize("new", ["notice_given", "exited", "dormant"])
def test_leaving_and_falling_asleep_have_their_own_ways(office: PracticeOffice, new: str) -> None:
    row = make.member(office)
    with pytest.raises(InvalidInput):
        make_members.status(office, row, MemberStatus(new))


def test_an_expelled_member_pays_nothing_in_and_a_suspended_one_does(
    office: PracticeOffice,
) -> None:
    row = make.member(office)
    make_members.became(office, row, MemberStatus.SUSPENDED)
    make.deposit(office, row, 500)
    make_members.became(office, row, MemberStatus.EXPELLED)
    new = NewDeposit(make.key(), row.member_id, 100, make.day(office))
    with pytest.raises(WrongState, match="left"):
        office.write(deposits.take_cash, new, office.peter)
    with pytest.raises(WrongState, match="cannot become"):
        make_members.status(office, row, MemberStatus.ACTIVE)


def test_a_death_that_was_a_mistake_is_taken_back_by_two(office: PracticeOffice) -> None:
    row = make.member(office)
    make_members.became(office, row, MemberStatus.DECEASED)
    make_members.became(office, row, MemberStatus.ACTIVE)
    assert _status(office, row.member_id) == "active"


def test_the_clock_lets_members_sleep_and_wakes_them(office: PracticeOffice) -> None:
    row, busy = make.member(office, deposits_kes=100), make.member(office, deposits_kes=100)
    office.clock.advance(days=364)
    assert _night(office) == 0
    make.deposit(office, busy, 50)
    office.clock.advance(days=2)
    assert _night(office) == 1
    assert [_status(office, one.member_id) for one in (row, busy)] == ["dormant", "active"]
    assert _night(office) == 0
    make.deposit(office, row, 50)
    assert _night(office) == 1
    assert _status(office, row.member_id) == "active"
    (woken, slept) = office.read(member_moves.moves_of, row.member_id)
    assert (slept.new, slept.who, woken.new) == ("dormant", "Sacco Desktop", "active")


def test_an_officer_wakes_a_member_at_once_and_a_society_may_go_without_sleep(
    office: PracticeOffice,
) -> None:
    row = make.member(office)
    office.clock.advance(days=400)
    _night(office)
    assert make_members.status(office, row, MemberStatus.ACTIVE) == "M-0001 is active now."
    make.setting(office, dormancy.DORMANT_MONTHS, "0")
    assert _night(office) == 0


def test_whoever_has_a_loan_never_sleeps(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=50_000)
    make.appraised_loan(office, row)
    office.clock.advance(days=400)
    assert _night(office) == 0
