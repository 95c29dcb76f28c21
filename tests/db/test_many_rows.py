"""Rows by the thousand, a hundred in one statement, past the unit of work."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.tables import Account, Counter, Member
from sacco_desktop.services.books.work import Work
from tests import make
from tests.make import PracticeOffice

_ACCOUNTS = ManyRows(Account, ("code", "name"), same=("type", "is_control", "control_id"))
_MEMBERS = ManyRows(
    Member,
    ("number", "first_name", "last_name", "national_id", "phone", "joined_on"),
    same=("other_names", "status", "registered_by", "version", "kind"),
)


@pytest.mark.parametrize("count", [0, 1, 100, 250])
def test_every_row_is_written_with_what_is_the_same_for_all(
    office: PracticeOffice, count: int
) -> None:
    wanted = [(f"7{at:03d}", f"Account {at}, 100 % “own”") for at in range(count)]

    def write(work: Work, _nothing: None) -> None:
        _ACCOUNTS.write(work.session, iter(wanted), ("asset", False, None))

    office.write(write, None)
    found = office.sql("SELECT code, name, type, control_id FROM account WHERE code LIKE '7%'")
    assert sorted(found) == [(*one, "asset", None) for one in wanted]


def test_values_are_turned_as_in_any_other_change(office: PracticeOffice) -> None:
    """On a server the personal ones are sealed on the way."""
    joined = date(2019, 3, 25)

    def write(work: Work, _nothing: None) -> Member:
        row = ("M-0007", "Jane", "Kamau", "12345678", "254712345678", joined)
        same = ("", "active", work.actor.user_id, 1, "person")
        _MEMBERS.write(work.session, [row], same)
        return work.session.query(Member).one()

    member = office.write(write, None, office.grace)
    assert (member.phone, member.joined_on, member.registered_by) == (
        "254712345678",
        joined,
        office.grace.user_id,
    )


def test_what_the_unit_of_work_holds_back_is_written_first(office: PracticeOffice) -> None:
    counters = ManyRows(Counter, ("series", "last"))

    def both(work: Work, _nothing: None) -> None:
        work.session.add(Counter(series="x", last=1))
        counters.write(work.session, [("x", 2)])

    with pytest.raises(IntegrityError):
        office.write(both, None)
    assert office.sql("SELECT count(*) FROM counter WHERE series = 'x'") == [(0,)]


def test_a_row_of_another_width_is_an_error(office: PracticeOffice) -> None:
    def write(work: Work, _nothing: None) -> None:
        _ACCOUNTS.write(work.session, [("7001",)], ("asset", False, None))

    with pytest.raises(ValueError, match="other columns"):
        office.write(write, None)
    with pytest.raises(ValueError, match="argument"):
        office.write(
            lambda work, _: _ACCOUNTS.write(work.session, [("7001", "Own")], ("asset",)), None
        )


def test_a_column_with_a_default_is_named_too(office: PracticeOffice) -> None:
    forgets = ManyRows(Account, ("code", "name", "type"))
    with pytest.raises(ValueError, match="gives is_control itself"):
        office.write(lambda work, _: forgets.write(work.session, [("7001", "Own", "asset")]), None)


def test_a_guard_refuses_one_of_many(office: PracticeOffice) -> None:
    make.member(office)
    [(taken,)] = office.sql("SELECT code FROM account WHERE code LIKE '2010.%'")
    rows = [("7001", "One"), (taken, "Another"), ("7002", "Two")]
    with pytest.raises(IntegrityError):
        office.write(
            lambda work, _: _ACCOUNTS.write(work.session, rows, ("asset", False, None)), None
        )
    assert office.sql("SELECT count(*) FROM account WHERE code LIKE '700%'") == [(0,)]
