"""Signing in: wrong tries are counted and lock the account, and no password is ever written down or shown."""

from pathlib import Path

import pytest

from sacco_desktop.db.tables import Table
from sacco_desktop.domain.errors import InvalidInput, Locked, NotAllowed
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.office import society, users
from sacco_desktop.services.office.users import Credentials, NewUser, SignIn
from sacco_desktop.services.people import people_changes
from tests import make
from tests.books_watch import audit_rows
from tests.make import PASSWORD, PracticeOffice

WRONG = "not the password at all"


def _sign_in(office: PracticeOffice, password: str, name: str = "grace") -> SignIn:
    return office.write(users.sign_in, Credentials(name, password))


def test_the_right_password_gives_the_person_with_all_roles(office: PracticeOffice) -> None:
    assert users.require(_sign_in(office, PASSWORD)) == office.grace
    assert _sign_in(office, PASSWORD, "  GRACE ").actor == office.grace


def test_wrong_tries_are_counted_down_and_lock_the_account(office: PracticeOffice) -> None:
    first = _sign_in(office, WRONG).words
    assert first == (
        "That password is not right. You have 2 tries left; then this account locks for 15 minutes."
    )
    assert "You have 1 try left" in _sign_in(office, WRONG).words
    locked = _sign_in(office, WRONG)
    assert locked.locked_until is not None
    with pytest.raises(Locked):
        users.require(locked)
    assert _sign_in(office, PASSWORD).actor is None


def test_a_locked_account_opens_by_itself_after_its_time(office: PracticeOffice) -> None:
    for _ in range(3):
        _sign_in(office, WRONG)
    office.clock.advance(minutes=14, seconds=59)
    assert _sign_in(office, PASSWORD).actor is None
    office.clock.advance(seconds=1)
    assert _sign_in(office, PASSWORD).actor == office.grace


def test_guessing_while_locked_does_not_lock_it_for_longer(office: PracticeOffice) -> None:
    until = [_sign_in(office, WRONG).locked_until for _ in range(3)][-1]
    office.clock.advance(minutes=10)
    assert _sign_in(office, WRONG).locked_until == until


def test_a_right_password_forgets_the_wrong_tries(office: PracticeOffice) -> None:
    for _ in range(4):
        assert _sign_in(office, WRONG).locked_until is None
        assert _sign_in(office, PASSWORD).actor == office.grace


@pytest.mark.parametrize("name", ["nobody", "sacco-desktop", "", "grace' OR '1'='1"])
def test_names_that_do_not_exist_are_refused_without_saying_which(
    office: PracticeOffice, name: str
) -> None:
    refused = _sign_in(office, "!", name)
    assert refused == SignIn(None, "That user name or password is not right.")
    with pytest.raises(InvalidInput) as told:
        users.require(refused)
    assert told.value.field == "password"


def test_whoever_pays_proves_again_who_it_is(office: PracticeOffice) -> None:
    assert office.write(users.prove_again, PASSWORD, office.grace).actor == office.grace
    assert office.write(users.prove_again, WRONG, office.grace).actor is None
    for _ in range(2):
        office.write(users.prove_again, WRONG, office.grace)
    assert office.write(users.prove_again, PASSWORD, office.grace).locked_until is not None


def test_the_first_person_must_be_an_administrator(office: PracticeOffice, tmp_path: Path) -> None:
    empty = make.empty_office(tmp_path)
    books = Books(empty, now=office.clock.now, pc_name=make.PC)
    books.write(society.set_up, make.SOCIETY, actor=CLOCK)
    first = NewUser("paul", "Paul Otieno", frozenset({Role.TREASURER}), PASSWORD)
    with pytest.raises(InvalidInput, match="first person must be an administrator"):
        books.write(people_changes.add_user, first, actor=CLOCK)
    admin = NewUser("ruth", "Ruth Akinyi", frozenset({Role.ADMINISTRATOR}), PASSWORD)
    books.write(people_changes.add_user, admin, actor=CLOCK)
    with pytest.raises(NotAllowed):
        books.write(people_changes.add_user, first, actor=CLOCK)
    empty.close()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "Gr"}, "username"),
        ({"username": "1grace"}, "username"),
        ({"username": "grace w"}, "username"),
        ({"username": "GRACE"}, "username"),
        ({"full_name": " "}, "full_name"),
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({Role.CLOCK})}, "roles"),
        ({"password": "too short"}, "password"),
    ],
)
def test_what_was_typed_wrong_is_said_under_its_field(
    office: PracticeOffice, change: dict[str, object], field: str
) -> None:
    typed = {
        "username": "paul",
        "full_name": "Paul Otieno",
        "roles": frozenset({Role.OFFICER}),
        "password": PASSWORD,
        **change,
    }
    with pytest.raises(InvalidInput) as refused:
        make.agreed(office, people_changes.add_user, NewUser(**typed))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_password_is_never_shown_kept_or_written_to_the_audit_rows(
    office: PracticeOffice,
) -> None:
    marker = "marker-sentence-of-this-test"
    new = NewUser("paul", "Paul Otieno", frozenset({Role.OFFICER}), marker)
    assert marker not in repr(new)
    assert marker not in repr(Credentials("paul", marker))
    make.agreed(office, people_changes.add_user, new)
    _sign_in(office, marker, "paul")
    _sign_in(office, marker, "grace")
    for table in Table.metadata.tables:
        assert marker not in repr(office.sql(f"SELECT * FROM {table}"))
    ((kept,),) = office.sql("SELECT password_hash FROM user_account WHERE username = 'paul'")
    assert kept.startswith("$argon2id$")


def test_each_sign_in_and_each_wrong_try_leaves_its_row(office: PracticeOffice) -> None:
    _sign_in(office, PASSWORD)
    _sign_in(office, WRONG)
    rows = audit_rows(office)[:-3:-1]
    assert [(row.action, row.subject, row.pc_name) for row in rows] == [
        ("typed a wrong password for", "grace", make.PC),
        ("signed in", "grace", make.PC),
    ]
