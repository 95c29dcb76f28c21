"""Statements that stand ready say the same as the unit of work does, on both engines, and remember no answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ExceptionContext, bindparam, delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.standing import ById, Change, Lookup
from sacco_desktop.db.tables import (
    Account,
    Counter,
    Member,
    PayoutMove,
    RelayEntry,
    UserRole,
)
from sacco_desktop.domain.errors import NotAllowed
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Topic, Work
from tests import make
from tests.make import PracticeOffice

_PERSON = Lookup(
    select(Member.phone, Member.joined_on, Member.phone_changed_at).where(
        Member.number == bindparam("number")
    )
)
_CONTROLS = Lookup(
    select(Account.code).where(Account.is_control == bindparam("is_control")).order_by(Account.code)
)
_LAST = Lookup(select(Counter.last).where(Counter.series == bindparam("series")))
_MEMBERS = ById(Member)


def test_what_it_reads_is_what_the_models_read(office: PracticeOffice) -> None:
    number = make.member(office).number
    moment = office.clock.now() - timedelta(hours=3, microseconds=7)
    office.write(_set_phone_changed, moment)

    def look(work: Work, _nothing: None) -> None:
        row = work.session.scalars(select(Member).where(Member.number == number)).one()
        found = _PERSON.row(work.session, number=number)
        assert found == (row.phone, row.joined_on, row.phone_changed_at)
        assert found[0] == "254712345001"
        assert found[1] == work.today
        assert found[2] == moment
        controls = [code for (code,) in _CONTROLS.rows(work.session, is_control=True)]
        assert controls == sorted(
            work.session.scalars(select(Account.code).where(Account.is_control))
        )
        assert controls
        assert _PERSON.row(work.session, number="M-9999") is None
        assert _PERSON.value(work.session, number="M-9999") is None

    office.read(look, None)


def _set_phone_changed(work: Work, moment: object) -> None:
    [member] = work.session.scalars(select(Member))
    member.phone_changed_at = moment  # type: ignore[assignment]


def test_what_the_unit_of_work_holds_back_is_written_first(office: PracticeOffice) -> None:
    def count(work: Work, _nothing: None) -> int | None:
        work.session.add(Counter(series="standing", last=4))
        return _LAST.value(work.session, series="standing")

    assert office.write(count, None) == 4


def test_it_asks_anew_each_time(office: PracticeOffice) -> None:
    raise_it = Change(
        update(Counter).where(Counter.series == bindparam("of")).values(last=Counter.last + 1)
    )

    def twice(work: Work, _nothing: None) -> tuple[int | None, int, int | None]:
        before = _LAST.value(work.session, series="member")
        changed = raise_it.make(work.session, of="member")
        return before, changed, _LAST.value(work.session, series="member")

    make.member(office)
    assert office.write(twice, None) == (1, 1, 2)


def test_a_value_that_is_missing_is_an_error_and_no_null(office: PracticeOffice) -> None:
    def note(work: Work, _nothing: None) -> None:
        Change.new_row(PayoutMove).make(work.session, payout_id=1, old="", new="", why="")

    with pytest.raises(KeyError, match="attempt_id"):
        office.write(note, None)


def test_a_statement_names_what_has_a_default_itself(office: PracticeOffice) -> None:
    hides = Change(insert(RelayEntry).values(kind=bindparam("kind")))
    with pytest.raises(ValueError, match="gives tries itself"):
        office.write(lambda work, _: hides.make(work.session, kind="note"), None)


def test_a_list_without_a_fixed_length_is_refused(office: PracticeOffice) -> None:
    grows = Lookup(select(Account.id).where(Account.code.in_(["1000", "2000"])))
    with pytest.raises(ValueError, match="no place in a standing text"):
        office.read(lambda work, _: grows.rows(work.session), None)


def test_the_database_refuses_it_like_any_other_change(office: PracticeOffice) -> None:
    write = Change.new_row(Counter)

    def twice(work: Work, _nothing: None) -> None:
        for last in (1, 2):
            write.make(work.session, series="x", last=last)

    with pytest.raises(IntegrityError):
        office.write(twice, None)
    assert office.sql("SELECT count(*) FROM counter WHERE series = 'x'") == [(0,)]


def test_a_row_changed_at_once_says_what_the_books_say_also_after_a_savepoint(
    office: PracticeOffice,
) -> None:
    member_id = make.member(office).member_id

    def change(work: Work, _nothing: None) -> None:
        row = _MEMBERS.find(work.session, member_id)
        assert row is not None
        _MEMBERS.change(work.session, row, first_name="Grace", version=row.version + 1)
        assert (row.first_name, row.version) == ("Grace", 2)
        assert _MEMBERS.find(work.session, member_id) is row
        nested = work.session.begin_nested()
        _MEMBERS.change(work.session, row, first_name="Nobody")
        assert row.first_name == "Nobody"
        nested.rollback()
        assert row.first_name == "Grace"

    office.write(change, None)
    assert office.sql("SELECT first_name, version FROM member") == [("Grace", 2)]
    assert office.read(lambda work, _: _MEMBERS.find(work.session, 4711), None) is None


def test_who_acts_is_asked_again_after_roles_have_changed(office: PracticeOffice) -> None:
    # Two people take a role away; here it is only about what is asked afterwards.
    office.take_off_guard("role_taken_by_one")

    def lose_role(work: Work, _nothing: None) -> None:
        work.allow(Act.SEND_PAYOUT)
        work.session.execute(delete(UserRole).where(UserRole.user_id == work.actor.user_id))
        work.changed(Topic.USERS)
        work.allow(Act.SEND_PAYOUT)

    with pytest.raises(NotAllowed):
        office.write(lose_role, None, office.grace)


def test_what_is_held_back_of_a_row_goes_with_its_change(office: PracticeOffice) -> None:
    member_id = make.member(office).member_id
    updates: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE member"):
            updates.append(statement)

    def change(work: Work, _nothing: None) -> None:
        row = _MEMBERS.find(work.session, member_id)
        assert row is not None
        row.last_name = "Hopper"
        _MEMBERS.change(work.session, row, first_name="Grace")

    event.listen(office.database.writer, "before_cursor_execute", keep)
    office.write(change, None)
    event.remove(office.database.writer, "before_cursor_execute", keep)
    assert len(updates) == 1
    assert office.sql("SELECT first_name, last_name FROM member") == [("Grace", "Hopper")]


def test_a_refusal_is_that_of_sqlalchemy_and_tells_no_values(office: PracticeOffice) -> None:
    """Whether somebody hears each statement or not: the same error, told to who listens to errors, and nothing in it
    that a log should not hold.
    """
    make.member(office)
    twin = update(Member).values(number="M-0001", first_name=bindparam("name"))
    make.member(office)
    refusals: list[IntegrityError] = []

    def double(work: Work, _nothing: None) -> None:
        Change(twin).make(work.session, name="Secretive")

    def hear(*_all: Any) -> None:
        heard.append(True)

    def note(context: ExceptionContext) -> None:
        noted.append(context.sqlalchemy_exception)

    heard: list[bool] = []
    noted: list[object] = []
    event.listen(office.database.writer, "handle_error", note)
    for listens in (False, True):
        if listens:
            event.listen(office.database.writer, "before_cursor_execute", hear)
        with pytest.raises(IntegrityError) as refused:
            office.write(double, None)
        refusals.append(refused.value)
    event.remove(office.database.writer, "before_cursor_execute", hear)
    event.remove(office.database.writer, "handle_error", note)
    assert heard
    assert noted == refusals
    assert {type(each.orig) for each in refusals} == {type(refusals[0].orig)}
    assert not any("Secretive" in str(each) for each in refusals)
