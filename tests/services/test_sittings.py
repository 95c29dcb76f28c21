"""A sitting on the shared PC: each officer decides with the own password, and the minutes tell who said what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sacco_desktop.documents.minutes import draw_minutes
from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.committee import minutes, sittings
from sacco_desktop.services.committee.sittings import NewSitting, SittingVote, Vote, Voted
from sacco_desktop.services.lending import loans
from sacco_desktop.services.office import approval_rules, approvals, users
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.users import Credentials
from tests import make
from tests.documents.read_back import text_by_line
from tests.make import PracticeOffice


@pytest.fixture
def moses(office: PracticeOffice) -> Actor:
    """A second member of the committee; from now on loans need two of them."""
    moses = make.person(office, "Moses Kiptoo", Role.COMMITTEE)
    steps = (Step(frozenset({Role.COMMITTEE}), 2),)
    change = LevelsChange(ApprovalKind.LOAN, (Band(None, steps),), make.day(office))
    asked = office.write(approval_rules.ask_levels, change, office.admin)
    make.decide(office, asked, office.daniel)
    return moses


def _new(office: PracticeOffice, *people: Actor) -> NewSitting:
    present = frozenset(one.user_id for one in people)
    return NewSitting("CM/07/2026", make.day(office), "Umoja House", office.daniel.user_id, present)


def _open(office: PracticeOffice, *people: Actor) -> int:
    return office.write(sittings.open_sitting, _new(office, *people), office.daniel)


def _loan(office: PracticeOffice) -> int:
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    return make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def _vote(
    office: PracticeOffice,
    sitting: int,
    request_id: int,
    officer: Actor,
    said: Vote = Vote.APPROVE,
    **changes: str,
) -> Voted:
    """The vote of an officer at the PC on which Daniel is signed in."""
    shown = office.read(_fingerprint, request_id)
    given = SittingVote(
        sitting, request_id, shown, officer.user_id, said, "Not enough.", make.PASSWORD
    )
    return office.write(sittings.vote, replace(given, **changes), office.daniel)  # type: ignore[arg-type]


def test_several_officers_decide_one_after_the_other_on_one_pc(
    office: PracticeOffice, moses: Actor
) -> None:
    sitting, request_id = _open(office, office.daniel, moses), _loan(office)
    first = _vote(office, sitting, request_id, moses)
    assert (first.status, first.refused) == (ApprovalStatus.WAITING, "")
    assert _vote(office, sitting, request_id, office.daniel).status is ApprovalStatus.APPROVED
    found = office.sql(
        "SELECT decided_by, sitting_id, role FROM approval_decision"
        " WHERE request_id = ? ORDER BY id",
        request_id,
    )
    assert found == [
        (moses.user_id, sitting, "committee"),
        (office.daniel.user_id, sitting, "committee"),
    ]
    (row,) = office.read(loans.list_loans, None)
    assert row.status == "approved"


def test_a_wrong_password_decides_nothing_and_counts_towards_the_lock(
    office: PracticeOffice, moses: Actor
) -> None:
    sitting, request_id = _open(office, office.daniel, moses), _loan(office)
    for _ in range(5):
        said = _vote(office, sitting, request_id, moses, password="my own password")
        assert said.refused
        assert said.status is ApprovalStatus.WAITING
    assert office.count("approval_decision", f"request_id = {request_id}") == 0
    locked = _vote(office, sitting, request_id, moses)
    assert locked.refused == "This account is locked after wrong passwords."
    assert locked.locked_until is not None
    # Whose PC it is goes on working.
    assert office.write(users.sign_in, Credentials("daniel", make.PASSWORD)).actor is not None


def test_the_password_of_one_is_no_vote_of_another(office: PracticeOffice, moses: Actor) -> None:
    """Daniel, who is signed in, knows only his own password."""
    office.write(users.change_own_password, "a password of Daniel alone", office.daniel)
    sitting, request_id = _open(office, office.daniel, moses), _loan(office)
    said = _vote(office, sitting, request_id, moses, password="a password of Daniel alone")
    assert said.refused
    _vote(office, sitting, request_id, office.daniel, password="a password of Daniel alone")
    with pytest.raises(AlreadyDecided):
        _vote(office, sitting, request_id, office.daniel, password="a password of Daniel alone")


def test_who_is_not_there_does_not_vote(office: PracticeOffice, moses: Actor) -> None:
    third = make.person(office, "Janet Moraa", Role.COMMITTEE)
    sitting, request_id = _open(office, office.daniel, moses), _loan(office)
    with pytest.raises(NotAllowed, match="does not sit in this sitting"):
        _vote(office, sitting, request_id, third)


def test_a_sitting_bends_no_rule(office: PracticeOffice, moses: Actor) -> None:
    """The applicant sits on the committee too; a changed content; a request that is no loan; a closed sitting."""
    james = make.person(office, "James Mutua", Role.OFFICER, Role.COMMITTEE)
    member = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(member), james)
    office.write(loans.appraise, loans.Appraisal(row.loan_id, row.version, "Good."), office.peter)
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    sitting = _open(office, office.daniel, moses, james)
    with pytest.raises(SamePerson, match="You wrote this application"):
        _vote(office, sitting, request_id, james)
    for said in (Vote.APPROVE, Vote.ABSTAIN):
        with pytest.raises(ChangedMeanwhile):
            _vote(office, sitting, request_id, moses, said, fingerprint="f" * 64)
    office.write(sittings.close_sitting, sitting, moses)
    with pytest.raises(WrongState, match="is closed"):
        _vote(office, sitting, request_id, moses)


def test_only_loans_are_decided_at_a_sitting(office: PracticeOffice, moses: Actor) -> None:
    asked = office.write(
        approval_rules.ask_levels,
        LevelsChange(
            ApprovalKind.LOAN,
            (Band(None, (Step(frozenset({Role.COMMITTEE}), 1),)),),
            make.day(office),
        ),
        office.admin,
    )
    sitting = _open(office, office.daniel, moses)
    with pytest.raises(WrongState, match="loans only"):
        _vote(office, sitting, asked, moses)


def test_who_abstains_has_said_so_once(office: PracticeOffice, moses: Actor) -> None:
    sitting, request_id = _open(office, office.daniel, moses), _loan(office)
    assert _vote(office, sitting, request_id, moses, Vote.ABSTAIN).status is ApprovalStatus.WAITING
    for said in Vote:
        with pytest.raises(AlreadyDecided, match="abstained already"):
            _vote(office, sitting, request_id, moses, said)
    row = office.read(sittings.standing, None, office.daniel)
    assert row is not None
    assert row.abstained == {(request_id, moses.user_id)}


def test_a_sitting_begins_with_a_number_a_place_and_people_who_may(
    office: PracticeOffice, moses: Actor
) -> None:
    new = _new(office, office.daniel, moses)
    for wrong, field in (
        (replace(new, minute_number=" "), "minute_number"),
        (replace(new, place=" "), "place"),
        (replace(new, present=frozenset({office.daniel.user_id})), "present"),
        (
            replace(new, present=frozenset({office.daniel.user_id, office.grace.user_id})),
            "present",
        ),
        (replace(new, chair_id=office.grace.user_id), "chair"),
        (replace(new, held_on=new.held_on.replace(year=2027)), "held_on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.write(sittings.open_sitting, wrong, office.daniel)
        assert refused.value.field == field
    sitting = office.write(sittings.open_sitting, new, office.daniel)
    with pytest.raises(WrongState, match="CM/07/2026 is still open"):
        office.write(sittings.open_sitting, new, office.daniel)
    office.write(sittings.close_sitting, sitting, office.daniel)
    with pytest.raises(InvalidInput, match="exists already"):
        office.write(sittings.open_sitting, new, office.daniel)
    with pytest.raises(NotFound):
        office.write(sittings.close_sitting, 99, office.daniel)


def test_the_minutes_tell_every_vote(office: PracticeOffice, moses: Actor) -> None:
    third = make.person(office, "Janet Moraa", Role.COMMITTEE)
    sitting = _open(office, office.daniel, moses, third)
    agreed, refused, open_one = (_loan(office) for _ in range(3))
    _vote(office, sitting, agreed, moses)
    _vote(office, sitting, agreed, third, Vote.ABSTAIN)
    _vote(office, sitting, agreed, office.daniel)
    _vote(office, sitting, refused, third, Vote.REJECT)
    _vote(office, sitting, open_one, moses)
    with pytest.raises(WrongState, match="still open"):
        office.write(minutes.minutes, sitting, office.daniel)
    office.write(sittings.close_sitting, sitting, office.daniel)
    paper = office.write(minutes.minutes, sitting, office.daniel)
    assert [
        (item.outcome, item.in_favour, item.against, item.abstained, item.silent)
        for item in paper.items
    ] == [
        ("Approved", ("Moses Kiptoo", "Daniel Omondi"), (), ("Janet Moraa",), ()),
        (
            "Rejected",
            (),
            ("Janet Moraa: Not enough.",),
            (),
            ("Daniel Omondi", "Moses Kiptoo"),
        ),
        (
            "Not decided, more people are needed",
            ("Moses Kiptoo",),
            (),
            (),
            ("Daniel Omondi", "Janet Moraa"),
        ),
    ]
    text = text_by_line(draw_minutes(paper))
    for words in ("CM/07/2026", "Umoja House", "Janet Moraa", "Approved", "Rejected", "L-0003"):
        assert words in text
