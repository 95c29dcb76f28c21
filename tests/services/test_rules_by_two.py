"""Rules that guard money, and the people of the office, change by two people; one alone only sets the office up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.db.approval_guards import SETTINGS_OF_ONE
from sacco_desktop.db.engine import Database
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    QueueStopped,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.setting_rules import SettingKind, SettingRule
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.office import people_requests, setting_changes, society, users
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.office.users import (
    AccessChange,
    Credentials,
    NewUser,
    PasswordReset,
    RoleChange,
    UserRow,
)
from sacco_desktop.services.people import deputies, first_run, member_links, people_changes
from sacco_desktop.services.people.deputies import NewDeputy
from sacco_desktop.services.people.first_run import NewBooks
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.services.people.people_changes import LetIn, PasswordRequest
from sacco_desktop.services.sending import queue_stops
from tests import make
from tests.agreements import approve_as_asked
from tests.books_watch import audit_rows
from tests.guards.office_clock import OfficeClock
from tests.make import PASSWORD, PracticeOffice

NEW_PASSWORD = "another long sentence"
GUARDED = [rule for rule in society.setting_rules() if rule.guards_money]


def row(office: PracticeOffice, username: str) -> UserRow:
    return next(r for r in office.read(users.list_users, None) if r.username == username)


def roles(office: PracticeOffice, username: str, *wanted: Role) -> RoleChange:
    found = row(office, username)
    return RoleChange(found.user_id, found.version, frozenset(wanted))


def status(office: PracticeOffice, request_id: int | None) -> str:
    ((found,),) = office.sql("SELECT status FROM approval_request WHERE id = ?", request_id)
    return str(found)


# Settings.


def _other_value(rule: SettingRule) -> str:
    if rule.kind is SettingKind.LOAN_CLASSES:
        return "0: 0, 10: 2.5, 40: 30, 200: 60, 400: 100"
    if rule.kind is SettingKind.STEPS:
        return "loans, fines, deposits"
    if rule.choices:
        return next(value for value, _ in rule.choices if value != rule.first_value)
    return str(rule.most if rule.first_value != str(rule.most) else rule.least)


def test_the_database_and_the_data_agree_which_settings_one_person_may_change() -> None:
    free = {rule.name for rule in society.setting_rules() if not rule.guards_money}
    assert free == set(SETTINGS_OF_ONE)
    assert "evidence.pay_again_cents" in {rule.name for rule in GUARDED}


@pytest.mark.parametrize("rule", GUARDED, ids=[rule.name for rule in GUARDED])
def test_a_setting_that_guards_money_waits_for_a_second_person(
    office: PracticeOffice, rule: SettingRule
) -> None:
    change = SettingChange(rule.name, _other_value(rule), make.day(office))
    put = office.write(setting_changes.change_setting, change, office.admin)
    assert office.read(society.setting, rule.name) == rule.first_value
    assert put.request_id is not None
    assert "Daniel Omondi can approve it" in put.words
    with pytest.raises((SamePerson, NotAllowed)):
        make.decide(office, put.request_id, office.admin)
    make.decide(office, put.request_id, office.daniel)
    assert office.read(society.setting, rule.name) == change.value


def test_a_rejected_setting_stays_and_a_later_day_is_kept(office: PracticeOffice) -> None:
    name, tomorrow = "payout.not_found_hours", make.day(office) + timedelta(days=1)
    put = office.write(
        setting_changes.change_setting, SettingChange(name, "1", tomorrow), office.admin
    )
    assert put.request_id is not None
    make.decide(office, put.request_id, office.daniel, Decision.REJECT)
    assert office.count("setting", "name = 'payout.not_found_hours'") == 1
    make.setting(office, name, "48", tomorrow)
    assert office.read(society.setting, name) == "24"
    office.clock.advance(days=1)
    assert office.read(society.setting, name) == "48"


def test_an_approval_that_comes_late_counts_from_its_day(office: PracticeOffice) -> None:
    put = office.write(
        setting_changes.change_setting,
        SettingChange("payout.not_found_hours", "48", make.day(office)),
        office.admin,
    )
    office.clock.advance(days=3)
    assert put.request_id is not None
    make.decide(office, put.request_id, office.daniel)
    ((day,),) = office.sql("SELECT effective_on FROM setting WHERE value = '48'")
    assert str(day) == "2026-03-19"


def test_a_second_request_for_a_setting_takes_the_place_of_the_first(
    office: PracticeOffice,
) -> None:
    name = "payout.not_found_hours"
    first, second = (
        office.write(
            setting_changes.change_setting,
            SettingChange(name, value, make.day(office)),
            office.admin,
        ).request_id
        for value in ("1", "48")
    )
    assert (status(office, first), status(office, second)) == ("void", "waiting")
    assert second is not None
    make.decide(office, second, office.daniel)
    make.setting(office, name, "72")
    # What was carried out stays approved in the list of what was decided.
    assert status(office, second) == "approved"


def test_a_request_that_waited_until_the_rule_was_another_is_void(office: PracticeOffice) -> None:
    name, today = "payout.not_found_hours", make.day(office)
    make.setting(office, name, "48", today + timedelta(days=2))
    change = SettingChange(name, "1", today)
    waiting = office.write(setting_changes.change_setting, change, office.admin).request_id
    office.clock.advance(days=3)
    assert waiting is not None
    assert make.decide(office, waiting, office.daniel).status is ApprovalStatus.VOID
    assert office.read(society.setting, name) == "48"


def test_what_is_the_rule_already_is_not_asked_for(office: PracticeOffice) -> None:
    same = SettingChange("payout.not_found_hours", "24", make.day(office))
    with pytest.raises(WrongState, match="already"):
        office.write(setting_changes.change_setting, same, office.admin)
    unknown = SettingChange("no.such_setting", "1", make.day(office))
    with pytest.raises(NotFound):
        office.write(setting_changes.change_setting, unknown, office.admin)


# People.


def test_every_way_to_more_power_waits_for_a_second_person(office: PracticeOffice) -> None:
    """Whatever one administrator sends to the services directly: nobody has more or less than before."""
    jane = make.member(office)
    mary = make.member(office)
    make.agreed(office, member_links.link, MemberLink(office.grace.user_id, jane.member_id))
    make.person(office, "Naomi Wafula", Role.SECRETARY)
    today = make.day(office)
    before = office.sql(
        "SELECT u.username, u.is_active, u.password_hash, r.role FROM user_account u"
        " LEFT JOIN user_role r ON r.user_id = u.id ORDER BY u.id, r.role"
    )
    grace, lucy = row(office, "grace"), row(office, "lucy")
    for service, change in (
        (
            people_changes.add_user,
            NewUser("eve", "Eve Test", frozenset({Role.TREASURER}), PASSWORD),
        ),
        (people_changes.change_roles, roles(office, "admin", Role.ADMINISTRATOR, Role.TREASURER)),
        (people_changes.change_roles, roles(office, "peter", Role.OFFICER, Role.COMMITTEE)),
        (people_changes.change_access, AccessChange(lucy.user_id, lucy.version, False)),
        (
            deputies.name_deputy,
            NewDeputy(office.peter.user_id, Role.TREASURER, lucy.user_id, today, today),
        ),
        (member_links.link, MemberLink(grace.user_id, mary.member_id)),
        (member_links.link, MemberLink(grace.user_id, None)),
        (people_changes.ask_password, PasswordRequest(grace.user_id, grace.version)),
    ):
        put = office.write(service, change, office.admin)  # type: ignore[arg-type]
        assert put.request_id is not None, service
        assert "Nothing has changed yet" in put.words
        with pytest.raises((SamePerson, NotAllowed)):
            make.decide(office, put.request_id, office.admin)
    with pytest.raises(NotAllowed, match="another person agrees first"):
        office.write(
            people_changes.reset_password,
            PasswordReset(grace.user_id, grace.version, NEW_PASSWORD),
            office.admin,
        )
    eve = [each for each in before if each[0] == "eve"]
    after = office.sql(
        "SELECT u.username, u.is_active, u.password_hash, r.role FROM user_account u"
        " LEFT JOIN user_role r ON r.user_id = u.id WHERE u.username <> 'eve'"
        " ORDER BY u.id, r.role"
    )
    assert (eve, after) == ([], before)
    assert office.count("deputy") == 0
    assert office.sql("SELECT member_id FROM user_member") == [(jane.member_id,)]
    assert office.write(users.sign_in, Credentials("eve", PASSWORD)).actor is None


def test_a_new_person_signs_in_when_another_person_agreed(office: PracticeOffice) -> None:
    new = NewUser("eve", "Eve Test", frozenset({Role.TREASURER, Role.CASHIER}), PASSWORD)
    put = office.write(people_changes.add_user, new, office.admin)
    assert put.request_id is not None
    assert not row(office, "eve").is_active
    make.decide(office, put.request_id, office.daniel)
    actor = office.write(users.sign_in, Credentials("eve", PASSWORD)).actor
    assert actor is not None
    assert actor.roles == new.roles


def test_who_is_rejected_never_signs_in(office: PracticeOffice) -> None:
    new = NewUser("eve", "Eve Test", frozenset({Role.TREASURER}), PASSWORD)
    put = office.write(people_changes.add_user, new, office.admin)
    assert put.request_id is not None
    make.decide(office, put.request_id, office.daniel, Decision.REJECT)
    assert not row(office, "eve").is_active
    assert row(office, "eve").roles == frozenset()


def test_nobody_agrees_to_a_change_about_oneself(office: PracticeOffice) -> None:
    change = roles(office, "daniel", Role.COMMITTEE, Role.TREASURER)
    with pytest.raises(WrongState, match="Nobody else in this office could agree"):
        office.write(people_changes.change_roles, change, office.admin)
    naomi = make.person(office, "Naomi Wafula", Role.SECRETARY)
    put = office.write(people_changes.change_roles, change, office.admin)
    assert put.request_id is not None
    with pytest.raises(SamePerson, match="This is about you"):
        make.decide(office, put.request_id, office.daniel)
    make.decide(office, put.request_id, naomi)
    assert row(office, "daniel").roles == change.roles


def test_two_people_who_can_agree_are_always_left(office: PracticeOffice) -> None:
    daniel = row(office, "daniel")
    for change in (roles(office, "daniel", Role.OFFICER), roles(office, "daniel", Role.AUDITOR)):
        with pytest.raises(WrongState, match="nobody in this office could agree"):
            office.write(people_changes.change_roles, change, office.admin)
    with pytest.raises(WrongState, match="nobody in this office could agree"):
        office.write(
            people_changes.change_access,
            AccessChange(daniel.user_id, daniel.version, False),
            office.admin,
        )


def test_two_requests_that_each_leave_two_people_do_not_leave_one(office: PracticeOffice) -> None:
    """What was right when it was asked is looked at again when it is carried out."""
    naomi = make.person(office, "Naomi Wafula", Role.SECRETARY)
    peter = make.person(office, "Esther Kamau", Role.CHAIRPERSON)
    asked = [
        office.write(people_changes.change_roles, roles(office, name, Role.OFFICER), office.admin)
        for name in ("daniel", "naomi")
    ]
    assert asked[0].request_id is not None
    assert asked[1].request_id is not None
    make.decide(office, asked[0].request_id, naomi)
    make.decide(office, asked[1].request_id, peter)
    with pytest.raises(WrongState, match="nobody in this office could agree"):
        office.write(
            people_changes.change_roles, roles(office, "esther", Role.OFFICER), office.admin
        )


def test_a_new_password_is_agreed_to_typed_once_and_for_a_day(office: PracticeOffice) -> None:
    grace = row(office, "grace")
    reset = PasswordReset(grace.user_id, grace.version, NEW_PASSWORD)
    asked = PasswordRequest(grace.user_id, grace.version)
    make.agreed(office, people_changes.ask_password, asked)
    office.clock.advance(hours=25)
    with pytest.raises(NotAllowed):
        office.write(people_changes.reset_password, reset, office.admin)
    make.agreed(office, people_changes.ask_password, asked)
    office.write(people_changes.reset_password, reset, office.admin)
    assert office.write(users.sign_in, Credentials("grace", NEW_PASSWORD)).actor is not None
    again = PasswordReset(grace.user_id, row(office, "grace").version, PASSWORD)
    with pytest.raises(NotAllowed):
        office.write(people_changes.reset_password, again, office.admin)


def test_a_link_to_a_member_is_made_by_one_and_changed_by_two(office: PracticeOffice) -> None:
    jane, mary = make.member(office), make.member(office)
    first = MemberLink(office.grace.user_id, jane.member_id)
    assert office.write(member_links.link, first, office.admin).request_id is None
    make.agreed(office, member_links.link, MemberLink(office.grace.user_id, mary.member_id))
    assert office.sql("SELECT member_id FROM user_member") == [(mary.member_id,)]
    make.agreed(office, member_links.link, MemberLink(office.grace.user_id, None))
    assert office.count("user_member") == 0


def test_a_deputy_who_was_agreed_to_too_late_is_none(office: PracticeOffice) -> None:
    today = make.day(office)
    new = NewDeputy(office.peter.user_id, Role.TREASURER, office.lucy.user_id, today, today)
    put = office.write(deputies.name_deputy, new, office.admin)
    assert put.request_id is not None
    office.clock.advance(days=1)
    with pytest.raises(WrongState, match="days of this deputy are over"):
        make.decide(office, put.request_id, office.daniel)


# Setting an office up alone, and a locked-out office.


def _signed_in(books: Books, username: str) -> Actor:
    actor = books.write(users.sign_in, Credentials(username, PASSWORD), actor=CLOCK).actor
    assert actor is not None
    return actor


@pytest.fixture
def young(tmp_path: Path) -> Any:
    database: Database = make.empty_office(tmp_path)
    books = Books(database, now=OfficeClock().now, pc_name=make.PC)
    users.HASHER = make.QUICK_HASHER
    ruth = NewUser("ruth", "Ruth Njeri", frozenset({Role.ADMINISTRATOR}), PASSWORD)
    books.write(first_run.begin, NewBooks(make.SOCIETY, ruth), actor=CLOCK)
    yield books
    database.close()


def test_one_person_sets_the_office_up_until_a_second_one_can_agree(young: Books) -> None:
    ruth = _signed_in(young, "ruth")
    for username, name, role in (
        ("peter", "Peter Kamau", Role.OFFICER),
        ("grace", "Grace Wanjiru", Role.TREASURER),
        ("daniel", "Daniel Omondi", Role.COMMITTEE),
    ):
        assert young.read(people_requests.is_set_up_by_one, None, actor=ruth)
        new = NewUser(username, name, frozenset({role}), PASSWORD)
        put = young.write(people_changes.add_user, new, actor=ruth)
        assert (put.request_id, put.words) == (None, f"{name} can sign in as {username}.")
    assert not young.read(people_requests.is_set_up_by_one, None, actor=ruth)
    new = NewUser("lucy", "Lucy Chebet", frozenset({Role.TREASURER}), PASSWORD)
    put = young.write(people_changes.add_user, new, actor=ruth)
    assert put.request_id is not None
    approve_as_asked(young, put.request_id, _signed_in(young, "daniel"))
    _signed_in(young, "lucy")


def test_rules_that_guard_money_wait_even_while_one_person_is_alone(young: Books) -> None:
    ruth = _signed_in(young, "ruth")
    change = SettingChange("payout.not_found_hours", "1", date(2026, 3, 16))
    put = young.write(setting_changes.change_setting, change, actor=ruth)
    assert put.request_id is not None
    assert "Nobody in this office can approve it yet" in put.words


def test_the_recovery_sheet_lets_somebody_in_and_stops_sending(office: PracticeOffice) -> None:
    given = LetIn("Daniel", NEW_PASSWORD)
    for person in (office.admin, office.grace):
        with pytest.raises(NotAllowed, match="recovery sheet"):
            office.write(people_changes.let_in, given, person)
    with pytest.raises(InvalidInput, match="at least 10"):
        office.write(people_changes.let_in, LetIn("daniel", "short"), CLOCK)
    with pytest.raises(NotFound):
        office.write(people_changes.let_in, LetIn("nobody", NEW_PASSWORD), CLOCK)
    office.write(people_changes.let_in, given, CLOCK)
    assert office.write(users.sign_in, Credentials("daniel", NEW_PASSWORD)).actor is not None
    assert "let in by the recovery sheet" in {each.action for each in audit_rows(office)}
    with pytest.raises(QueueStopped, match="recovery sheet"):
        office.read(lambda work, _: queue_stops.check_going(work), None)


def test_a_request_of_people_shows_who_and_what(office: PracticeOffice) -> None:
    change = roles(office, "peter", Role.TREASURER)
    put = office.write(people_changes.change_roles, change, office.admin)
    rows = office.sql("SELECT kind, subject_id FROM approval_request WHERE id = ?", put.request_id)
    assert rows == [(ApprovalKind.PEOPLE.value, office.peter.user_id)]
