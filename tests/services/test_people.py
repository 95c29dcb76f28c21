"""People of the office: who may change whom, never without an administrator, never over another's change."""

from __future__ import annotations

import json

import pytest

from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import CLOCK_USER_ID
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import (
    AccessChange,
    Credentials,
    PasswordReset,
    RoleChange,
    UserRow,
)
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.people.people_changes import PasswordRequest
from tests import make
from tests.books_watch import audit_rows
from tests.make import PASSWORD, PracticeOffice

NEW_PASSWORD = "another long sentence"


def row(office: PracticeOffice, username: str) -> UserRow:
    return next(r for r in office.read(users.list_users, None) if r.username == username)


def signs_in(office: PracticeOffice, username: str, password: str = PASSWORD) -> bool:
    return office.write(users.sign_in, Credentials(username, password)).actor is not None


def roles(office: PracticeOffice, username: str, *wanted: Role) -> RoleChange:
    found = row(office, username)
    return RoleChange(found.user_id, found.version, frozenset(wanted))


def access(office: PracticeOffice, username: str, is_active: bool) -> AccessChange:
    found = row(office, username)
    return AccessChange(found.user_id, found.version, is_active)


def reset(office: PracticeOffice, username: str, password: str = NEW_PASSWORD) -> PasswordReset:
    found = row(office, username)
    return PasswordReset(found.user_id, found.version, password)


def agree_to_reset(office: PracticeOffice, username: str) -> None:
    found = row(office, username)
    asked = PasswordRequest(found.user_id, found.version)
    make.agreed(office, people_changes.ask_password, asked)


def last_audit(office: PracticeOffice) -> tuple[str, str, dict[str, str]]:
    row = audit_rows(office)[-1]
    return row.action, row.subject, json.loads(row.detail)


def test_other_roles_are_written_down_with_the_old_ones(office: PracticeOffice) -> None:
    change = roles(office, "peter", Role.OFFICER, Role.COMMITTEE)
    make.agreed(office, people_changes.change_roles, change)
    assert row(office, "peter").roles == {Role.OFFICER, Role.COMMITTEE}
    assert last_audit(office) == (
        "changed the roles of", "peter", {"old": "officer", "new": "committee, officer"},
    )  # fmt: skip
    make.agreed(office, people_changes.change_roles, roles(office, "peter", Role.TREASURER))
    assert row(office, "peter").roles == {Role.TREASURER}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office: PracticeOffice) -> None:
    before = [
        (people_changes.change_roles, roles(office, "peter", Role.COMMITTEE)),
        (people_changes.change_access, access(office, "peter", False)),
        (people_changes.reset_password, reset(office, "peter")),
    ]
    make.agreed(office, people_changes.change_roles, roles(office, "peter", Role.TREASURER))
    for service, change in before:
        with pytest.raises(ChangedMeanwhile, match="Peter Kamau"):
            office.write(service, change, office.admin)  # type: ignore[arg-type]
    assert row(office, "peter").roles == {Role.TREASURER}


def test_the_office_is_never_without_an_administrator(office: PracticeOffice) -> None:
    with pytest.raises(WrongState, match="only administrator"):
        make.agreed(office, people_changes.change_roles, roles(office, "admin", Role.TREASURER))
    both = roles(office, "peter", Role.OFFICER, Role.ADMINISTRATOR)
    make.agreed(office, people_changes.change_roles, both)
    peter = users.actor_of
    acting = office.read(peter, row(office, "peter").user_id)
    make.person(office, "Naomi Wafula", Role.SECRETARY)
    make.agreed(office, people_changes.change_access, access(office, "admin", False), acting)
    with pytest.raises(WrongState, match="only administrator"):
        office.write(people_changes.change_roles, roles(office, "peter", Role.OFFICER), acting)
    with pytest.raises(WrongState, match="another administrator"):
        office.write(people_changes.change_access, access(office, "peter", False), acting)


def test_a_closed_account_does_not_open_and_may_be_opened_again(office: PracticeOffice) -> None:
    make.agreed(office, people_changes.change_access, access(office, "grace", False))
    assert not signs_in(office, "grace")
    assert last_audit(office)[:2] == ("closed the account of", "grace")
    make.agreed(office, people_changes.change_access, access(office, "grace", True))
    assert signs_in(office, "grace")


def test_a_reset_opens_a_locked_account(office: PracticeOffice) -> None:
    for _ in range(3):
        assert not signs_in(office, "grace", "wrong")
    assert not signs_in(office, "grace")
    agree_to_reset(office, "grace")
    office.write(people_changes.reset_password, reset(office, "grace"), office.admin)
    assert not signs_in(office, "grace")
    assert signs_in(office, "grace", NEW_PASSWORD)
    assert NEW_PASSWORD not in str([row.detail for row in audit_rows(office)])


def test_nobody_resets_the_own_password_or_a_short_one(office: PracticeOffice) -> None:
    with pytest.raises(WrongState, match="My password"):
        office.write(people_changes.reset_password, reset(office, "admin"), office.admin)
    agree_to_reset(office, "grace")
    with pytest.raises(InvalidInput, match="at least 10") as short:
        office.write(people_changes.reset_password, reset(office, "grace", "short"), office.admin)
    assert short.value.field == "password"


def test_the_own_password_is_another_one(office: PracticeOffice) -> None:
    for bad in ("short", PASSWORD):
        with pytest.raises(InvalidInput) as refusal:
            office.write(users.change_own_password, bad, office.grace)
        assert refusal.value.field == "new_password"
    office.write(users.change_own_password, NEW_PASSWORD, office.grace)
    assert signs_in(office, "grace", NEW_PASSWORD)
    assert not signs_in(office, "grace")


def test_only_administrators_change_people(office: PracticeOffice) -> None:
    for service, change in (
        (people_changes.change_roles, roles(office, "lucy", Role.OFFICER)),
        (people_changes.change_access, access(office, "lucy", False)),
        (people_changes.reset_password, reset(office, "lucy")),
    ):
        with pytest.raises(NotAllowed):
            office.write(service, change, office.grace)  # type: ignore[arg-type]


def test_the_program_itself_is_nobody_to_change(office: PracticeOffice) -> None:
    clock = PasswordReset(CLOCK_USER_ID, 1, NEW_PASSWORD)
    with pytest.raises(NotFound):
        office.write(people_changes.reset_password, clock, office.admin)


@pytest.mark.parametrize("wanted", [frozenset(), frozenset({Role.CLOCK}), frozenset(Role)])
def test_somebody_without_a_role_or_with_the_clocks_is_refused(
    office: PracticeOffice, wanted: frozenset[Role]
) -> None:
    found = row(office, "peter")
    change = RoleChange(found.user_id, found.version, wanted)
    with pytest.raises(InvalidInput) as refusal:
        make.agreed(office, people_changes.change_roles, change)
    assert refusal.value.field == "roles"
