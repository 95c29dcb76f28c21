"""Who may do what, by the table: money needs two offices, and the clock never lets money leave."""

import pytest

from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role, check, check_together, may

MONEY_LEAVES = {Act.REQUEST_PAYOUT, Act.APPROVE_PAYOUT, Act.SEND_PAYOUT, Act.SETTLE_PAYOUT}


def test_every_role_and_every_act_has_its_place() -> None:
    assert PERMISSIONS.keys() == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Act)


def test_the_clock_and_the_administrator_touch_no_money() -> None:
    for role in (Role.CLOCK, Role.ADMINISTRATOR, Role.OFFICER):
        assert not PERMISSIONS[role] & (MONEY_LEAVES | {Act.REVERSE_ENTRY, Act.RECORD_FLOAT})


def test_only_the_clock_records_news() -> None:
    assert [role for role in Role if Act.FOLLOW_UP in PERMISSIONS[role]] == [Role.CLOCK]


def test_whoever_sets_up_connections_and_people_has_nothing_to_do_with_loans() -> None:
    assert PERMISSIONS[Role.ADMINISTRATOR] == {
        Act.LOOK, Act.MANAGE_USERS, Act.APPROVE_PEOPLE, Act.MANAGE_CONNECTIONS, Act.MANAGE_RULES,
        Act.DISCUSS, Act.VERIFY_BOOKS, Act.BACK_UP_BOOKS, Act.KEEP_JOBS,
    }  # fmt: skip


def test_somebody_who_appraises_does_not_approve_by_the_same_role() -> None:
    for acts in PERMISSIONS.values():
        assert not {Act.APPRAISE_LOAN, Act.APPROVE_LOAN} <= acts
        assert not {Act.APPLY_FOR_LOAN, Act.APPROVE_LOAN} <= acts


def test_an_auditor_may_nothing_but_read() -> None:
    assert PERMISSIONS[Role.AUDITOR] == {Act.LOOK, Act.VERIFY_BOOKS, Act.READ_FILES}


@pytest.mark.parametrize("role", set(Role) - {Role.AUDITOR})
def test_an_auditor_is_nothing_besides(role: Role) -> None:
    check_together({Role.AUDITOR})
    check_together(set(Role) - {Role.AUDITOR})
    with pytest.raises(InvalidInput, match=f"cannot also be {role.value}") as refused:
        check_together({Role.AUDITOR, role})
    assert refused.value.field == "roles"


def test_a_person_may_what_any_of_the_roles_allows() -> None:
    assert may([Role.OFFICER, Role.COMMITTEE], Act.APPROVE_LOAN)
    assert not may([], Act.LOOK)
    check([Role.TREASURER], Act.SEND_PAYOUT)


def test_a_refusal_names_the_roles_that_can() -> None:
    with pytest.raises(NotAllowed) as refused:
        check([Role.OFFICER], Act.APPROVE_PAYOUT)
    assert refused.value.message == (
        "You may not approve payouts. These roles may: committee, treasurer, secretary, chairperson."
    )
