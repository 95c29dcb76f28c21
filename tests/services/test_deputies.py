"""Deputies: who names them, what they may while it lasts, and that a deputy is still one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    InvalidInput,
    NotAllowed,
    NotFound,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office import approval_rules, users
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.users import AccessChange, Credentials, RoleChange
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from sacco_desktop.services.people import deputies, member_links, people_changes
from sacco_desktop.services.people.deputies import NewDeputy
from sacco_desktop.services.people.member_links import MemberLink
from tests import make
from tests.make import PracticeOffice


def _new(office: PracticeOffice, days: int = 5, **changes: object) -> NewDeputy:
    """Lucy stands in for Daniel on the committee, from today on."""
    today = make.day(office)
    new = NewDeputy(
        office.lucy.user_id,
        Role.COMMITTEE,
        office.daniel.user_id,
        today,
        today + timedelta(days=days),
    )
    return replace(new, **changes)  # type: ignore[arg-type]


def _sign_in(office: PracticeOffice, username: str) -> Actor:
    said = office.write(users.sign_in, Credentials(username, make.PASSWORD))
    assert said.actor is not None
    return said.actor


def _waiting_loan(office: PracticeOffice) -> int:
    loan = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    return make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)


def test_a_deputy_decides_and_the_decision_says_for_whom(office: PracticeOffice) -> None:
    request_id = _waiting_loan(office)
    with pytest.raises(NotAllowed):
        make.decide(office, request_id, office.lucy)
    make.agreed(office, deputies.name_deputy, _new(office))
    lucy = _sign_in(office, "lucy")
    assert lucy.roles == {Role.TREASURER, Role.COMMITTEE}
    assert make.decide(office, request_id, lucy).status is ApprovalStatus.APPROVED
    rows = office.read(decisions.list_requests, None, office.daniel)
    row = next(each for each in rows if each.request_id == request_id)
    (given,) = row.needs[0].given
    assert (given.full_name, given.role, given.deputy_of) == (
        "Lucy Chebet",
        "committee",
        "Daniel Omondi",
    )


def test_the_days_of_a_deputy_are_both_counted(office: PracticeOffice) -> None:
    today = make.day(office)
    later = today + timedelta(days=2)
    make.agreed(office, deputies.name_deputy, _new(office, from_on=later, until_on=later))
    assert _sign_in(office, "lucy").roles == {Role.TREASURER}
    office.clock.advance(days=2)
    lucy = _sign_in(office, "lucy")
    assert Role.COMMITTEE in lucy.roles
    request_id = _waiting_loan(office)
    office.clock.advance(days=1)
    with pytest.raises(NotAllowed):
        make.decide(office, request_id, lucy)


def _named(office: PracticeOffice) -> int:
    make.agreed(office, deputies.name_deputy, _new(office))
    return office.read(deputies.list_deputies, None, office.peter)[0].deputy_id


def test_what_ends_a_deputy_counts_at_once(office: PracticeOffice) -> None:
    deputy_id = _named(office)
    lucy = _sign_in(office, "lucy")
    request_id = _waiting_loan(office)
    office.write(deputies.end_deputy, deputy_id, office.admin)
    with pytest.raises(NotAllowed):
        make.decide(office, request_id, lucy)
    (row,) = office.read(deputies.list_deputies, None, office.peter)
    assert (row.is_live, row.is_over, row.ended_by) == (False, True, "Ruth Akinyi")
    with pytest.raises(WrongState, match="over already"):
        office.write(deputies.end_deputy, deputy_id, office.admin)
    with pytest.raises(NotFound):
        office.write(deputies.end_deputy, 99, office.admin)


def test_a_deputy_has_the_role_no_longer_than_the_person_stood_in_for(
    office: PracticeOffice,
) -> None:
    make.agreed(office, deputies.name_deputy, _new(office))
    for name in ("Naomi Wafula", "Esther Kamau"):
        make.person(office, name, Role.SECRETARY)
    lucy = _sign_in(office, "lucy")
    request_id = _waiting_loan(office)
    row = next(
        each
        for each in office.read(users.list_users, None)
        if each.user_id == office.daniel.user_id
    )
    make.agreed(office, people_changes.change_access, AccessChange(row.user_id, row.version, False))
    with pytest.raises(NotAllowed):
        make.decide(office, request_id, lucy)
    (listed,) = office.read(deputies.list_deputies, None, office.peter)
    assert not listed.is_live


def test_a_yes_of_a_deputy_stands_when_the_time_is_over(office: PracticeOffice) -> None:
    deputy_id = _named(office)
    request_id = _waiting_loan(office)
    make.decide(office, request_id, _sign_in(office, "lucy"))
    office.write(deputies.end_deputy, deputy_id, office.admin)
    rows = office.read(decisions.list_requests, None, office.daniel)
    assert next(r for r in rows if r.request_id == request_id).status is ApprovalStatus.APPROVED


def test_a_deputy_who_asked_does_not_decide(office: PracticeOffice) -> None:
    """Lucy asks for the payout, and as deputy of Daniel she would be her own checker."""
    make.agreed(office, deputies.name_deputy, _new(office))
    lucy = _sign_in(office, "lucy")
    loan = make.approved_loan(office)
    row = office.write(payouts.request, NewPayout(make.key(), loan.loan_id), lucy)
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id)
    with pytest.raises(SamePerson, match="You made this request"):
        make.decide(office, request_id, lucy)


def test_nobody_names_oneself_and_only_administrators_name(office: PracticeOffice) -> None:
    with pytest.raises(SamePerson, match="Nobody names oneself"):
        make.agreed(office, deputies.name_deputy, _new(office, user_id=office.admin.user_id))
    for person in (office.peter, office.daniel, office.grace, office.lucy):
        with pytest.raises(NotAllowed):
            office.write(deputies.name_deputy, _new(office), person)
        with pytest.raises(NotAllowed):
            office.write(deputies.end_deputy, 1, person)


def test_what_cannot_be_is_said_under_its_field(office: PracticeOffice) -> None:
    auditor = make.person(office, "Naomi Wafula", Role.AUDITOR)
    today = make.day(office)
    for changes, field in (
        ({"role": Role.AUDITOR, "for_user_id": auditor.user_id}, "role"),
        ({"role": Role.CLOCK}, "role"),
        ({"user_id": office.daniel.user_id}, "user"),
        ({"user_id": auditor.user_id}, "user"),
        ({"user_id": 99}, "user"),
        ({"role": Role.TREASURER, "for_user_id": office.grace.user_id}, "user"),
        ({"for_user_id": office.grace.user_id}, "for_user"),
        ({"from_on": today - timedelta(days=1)}, "from_on"),
        ({"until_on": today - timedelta(days=1)}, "until_on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            make.agreed(office, deputies.name_deputy, _new(office, **changes))
        assert refused.value.field == field
    make.agreed(office, deputies.name_deputy, _new(office))
    with pytest.raises(InvalidInput, match="in these days already"):
        make.agreed(office, deputies.name_deputy, _new(office))


def test_a_deputy_does_not_become_auditor(office: PracticeOffice) -> None:
    make.agreed(office, deputies.name_deputy, _new(office))
    row = next(
        each for each in office.read(users.list_users, None) if each.user_id == office.lucy.user_id
    )
    change = RoleChange(row.user_id, row.version, frozenset({Role.AUDITOR}))
    with pytest.raises(InvalidInput, match="is a deputy") as refused:
        make.agreed(office, people_changes.change_roles, change)
    assert refused.value.field == "roles"


def test_a_deputy_speaks_for_nobody_who_may_not_decide(office: PracticeOffice) -> None:
    """Lucy stands in for Daniel, and it is Daniel's own loan."""
    make.agreed(office, deputies.name_deputy, _new(office))
    member = make.member(office, deposits_kes=100_000)
    make.agreed(office, member_links.link, MemberLink(office.daniel.user_id, member.member_id))
    loan = make.appraised_loan(office, member)
    request_id = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    with pytest.raises(NotAllowed, match="This step is decided by"):
        make.decide(office, request_id, _sign_in(office, "lucy"))


@pytest.mark.parametrize("deputy_first", [False, True])
def test_an_officer_and_the_deputy_are_one_voice(
    office: PracticeOffice, deputy_first: bool
) -> None:
    esther = make.person(office, "Esther Naliaka", Role.COMMITTEE)
    bands = (Band(None, (Step(frozenset({Role.COMMITTEE}), 2),)),)
    change = LevelsChange(ApprovalKind.LOAN, bands, make.day(office))
    asked = office.write(approval_rules.ask_levels, change, office.admin)
    make.decide(office, asked, office.daniel)
    make.agreed(office, deputies.name_deputy, _new(office))
    lucy = _sign_in(office, "lucy")
    request_id = _waiting_loan(office)
    one, other = (lucy, office.daniel) if deputy_first else (office.daniel, lucy)
    said = make.decide(office, request_id, one)
    assert said.status is ApprovalStatus.WAITING
    assert said.words.endswith("Esther Naliaka can.")
    with pytest.raises((NotAllowed, AlreadyDecided)):
        make.decide(office, request_id, other)
    assert make.decide(office, request_id, esther).status is ApprovalStatus.APPROVED
