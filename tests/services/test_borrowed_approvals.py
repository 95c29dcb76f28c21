"""An approval of one rule lets nothing else in, not even by plain SQL."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from sacco_desktop.domain.errors import NotAllowed
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import PasswordReset
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.people.people_changes import PasswordRequest
from tests import agreements, make
from tests.make import PracticeOffice

_NEW = "INSERT INTO setting (name, effective_on, value, request_id) VALUES (?, ?, ?, ?)"


def approved(office: PracticeOffice, value: str) -> int:
    """The request by which this value of a rule was agreed to, which is carried out."""
    make.setting(office, "loan.basis", value)
    ((found,),) = office.sql("SELECT max(id) FROM approval_request WHERE kind = 'setting'")
    return int(str(found))


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("loan.overpayment", "2026-03-20", "cash"),
        ("loan.basis", "2026-03-20", "accrual"),
        ("loan.basis", "2026-03-20", "cash"),
    ],
    ids=["of another rule", "of another value", "a second time"],
)
def test_an_approval_is_no_approval(
    office: PracticeOffice, name: str, day: str, value: str
) -> None:
    request_id = approved(office, "cash")
    with pytest.raises(IntegrityError, match="setting_by_one"):
        office.sql(_NEW, name, day, value, request_id)


def test_an_older_approval_does_not_come_back(office: PracticeOffice) -> None:
    older = approved(office, "cash")
    approved(office, "accrual")
    change = "UPDATE setting SET value = 'cash', request_id = ? WHERE request_id IS NOT NULL AND name = 'loan.basis'"
    with pytest.raises(IntegrityError, match="setting_changed_by_one"):
        office.sql(change, older)


def test_who_agreed_to_a_new_password_does_not_type_it(office: PracticeOffice) -> None:
    second = agreements.person(office, "Jane Achieng", Role.ADMINISTRATOR)
    grace = next(one for one in office.read(users.list_users, None) if one.username == "grace")
    asked = people_changes.ask_password
    made = office.write(asked, PasswordRequest(grace.user_id, grace.version), office.admin)
    assert made.request_id is not None
    agreements.approve_as_asked(office.books, made.request_id, second)
    reset = PasswordReset(grace.user_id, grace.version, "another long sentence")
    with pytest.raises(NotAllowed, match="another person agrees"):
        office.write(people_changes.reset_password, reset, second)
    office.write(people_changes.reset_password, reset, office.admin)
