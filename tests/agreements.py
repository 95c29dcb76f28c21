"""Changes for which two people are needed, put forward by one and agreed to by another, as an office makes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor, Books, Service
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.office import approvals, setting_changes, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import people_changes

if TYPE_CHECKING:
    from tests.make import PracticeOffice

PASSWORD = "a long practice sentence"
Input = TypeVar("Input")


class Outcome(Protocol):
    """What a change that may need two people answers."""

    @property
    def request_id(self) -> int | None:
        """The request that waits, if it does."""
        ...


AnOutcome = TypeVar("AnOutcome", bound=Outcome)


def agreed(
    office: PracticeOffice,
    service: Service[Input, AnOutcome],
    given: Input,
    by: Actor | None = None,
) -> AnOutcome:
    """A change that the administrator puts forward and another person agrees to."""
    return agreed_in(office.books, service, given, by or office.admin)


def agreed_in(
    books: Books, service: Service[Input, AnOutcome], given: Input, by: Actor
) -> AnOutcome:
    """The same in any books."""
    put = books.write(service, given, actor=by)
    if put.request_id is not None:
        approve_as_asked(books, put.request_id, _another(books, put.request_id, by))
    return put


def _another(books: Books, request_id: int, looks: Actor) -> Actor:
    """Somebody who can decide on this request."""
    rows = books.read(decisions.list_waiting, None, actor=looks)
    who = next(row.who_can for row in rows if row.request_id == request_id)
    people = books.read(users.list_users, None, actor=looks)
    found = next(row for row in people if row.full_name in who)
    return Actor(found.user_id, found.full_name, found.roles)


def approve_as_asked(books: Books, request_id: int, by: Actor) -> None:
    """A yes to exactly what a request holds."""
    shown = books.read(
        lambda work, number: approvals.load(work, number).fingerprint, request_id, actor=by
    )
    books.write(decisions.decide, Verdict(request_id, shown, Decision.APPROVE), actor=by)


def setting(office: PracticeOffice, name: str, value: str, on: date | None = None) -> None:
    """Another value of a setting from today on: asked by the administrator, approved by Daniel."""
    change = SettingChange(name, value, on or business_date(office.clock.now()))
    agreed(office, setting_changes.change_setting, change)


def person(office: PracticeOffice, full_name: str, *roles: Role) -> Actor:
    """Somebody more in the office, who signs in by the first name."""
    new = NewUser(full_name.split()[0].lower(), full_name, frozenset(roles), PASSWORD)
    return Actor(agreed(office, people_changes.add_user, new).user_id, full_name, new.roles)
