"""The vote of a general meeting as a step of the approval: recorded by one person, attested to by another."""

import pytest

from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.members_vote import VoteCount
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions, vote_records
from sacco_desktop.services.committee.vote_records import MAJORITY, NewVote
from sacco_desktop.services.lending import application_sheets, loans
from sacco_desktop.services.office import approval_rules
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.members_votes import VoteRow
from tests import make
from tests.make import PracticeOffice

OFFICES = frozenset({Role.COMMITTEE, Role.SECRETARY})


@pytest.fixture
def sarah(office: PracticeOffice) -> Actor:
    """The secretary. From now on the members vote on every loan, after the committee."""
    sarah = make.person(office, "Sarah Njeri", Role.SECRETARY)
    make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    steps = (Step(frozenset({Role.COMMITTEE}), 1), Step(OFFICES, 1, members_vote=True))
    change = LevelsChange(ApprovalKind.LOAN, (Band(None, steps),), make.day(office))
    make.decide(office, office.write(approval_rules.ask_levels, change, sarah), office.daniel)
    return sarah


def voted(
    office: PracticeOffice, request_id: int, by: Actor, cast: tuple[int, int, int]
) -> VoteRow:
    new = NewVote(
        request_id,
        "Special general meeting",
        make.day(office),
        "SGM 2/2026",
        VoteCount(*cast),
        "Minute book 4",
    )
    return office.write(vote_records.record, new, by)


def test_a_loan_waits_for_the_vote_that_another_person_attests_to(
    office: PracticeOffice, sarah: Actor
) -> None:
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    with pytest.raises(WrongState, match="Others decide before the members vote"):
        voted(office, request_id, sarah, (40, 2, 1))
    waits = make.decide(office, request_id, office.daniel)
    assert "Still needed: 1 of committee or secretary" in waits.words
    with pytest.raises(WrongState, match="no vote is recorded yet"):
        make.decide(office, request_id, sarah)
    with pytest.raises(InvalidInput, match="Nobody voted for or against"):
        voted(office, request_id, sarah, (0, 0, 3))

    said = voted(office, request_id, sarah, (40, 2, 1))
    words = (
        "Special general meeting of 16 Mar 2026, minute SGM 2/2026: 40 for, 2 against, 1 abstained, carried."
        " Recorded by Sarah Njeri."
    )
    assert said.words == words
    with pytest.raises(SamePerson, match="You recorded the members' vote"):
        make.decide(office, request_id, sarah)
    [shown] = office.read(decisions.list_waiting, None, sarah)
    assert (shown.vote, shown.who_can, shown.can_decide) == (said, ("Ruth Akinyi",), False)
    ruth = Actor(_user(office, "ruth"), "Ruth Akinyi", frozenset({Role.COMMITTEE}))
    assert make.decide(office, request_id, ruth).status is ApprovalStatus.APPROVED
    sheet = office.write(application_sheets.application_sheet, row.loan_id, office.peter)
    assert sheet.decided.members_vote == words
    with pytest.raises(WrongState, match="is approved, so no vote is recorded"):
        voted(office, request_id, sarah, (1, 2, 0))


def test_a_loan_that_the_members_refuse_is_rejected(office: PracticeOffice, sarah: Actor) -> None:
    make.setting(office, MAJORITY, "two_thirds")
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.decide(office, request_id, office.daniel)
    assert not voted(office, request_id, sarah, (5, 3, 0)).passed
    ruth = Actor(_user(office, "ruth"), "Ruth Akinyi", frozenset({Role.COMMITTEE}))
    with pytest.raises(WrongState, match="The members refused it: 5 for, 3 against"):
        make.decide(office, request_id, ruth)
    refused = make.decide(office, request_id, ruth, Decision.REJECT, "Refused by the members.")
    assert refused.status is ApprovalStatus.REJECTED
    assert office.read(loans.row_of, row.loan_id).status == "rejected"


def _user(office: PracticeOffice, username: str) -> int:
    [(user_id,)] = office.sql("SELECT id FROM user_account WHERE username = ?", username)
    return int(user_id)
