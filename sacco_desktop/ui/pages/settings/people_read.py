"""What the People tab reads: everybody who can sign in, which member each is, and who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import people_requests, users
from sacco_desktop.services.office.users import UserRow
from sacco_desktop.services.people import deputies, member_links, people_changes
from sacco_desktop.services.people.deputies import DeputyRow


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the office. `member` is name and number, empty for nobody; `stands_in` are the roles held as a
    deputy now or later, and `others` everybody else who may sign in. `by_one`: nobody else can agree to changes yet;
    `may_type`: a new password may be typed now.
    """

    row: UserRow
    member_id: int | None
    member: str
    stands_in: tuple[DeputyRow, ...]
    others: tuple[UserRow, ...]
    by_one: bool = False
    may_type: bool = False


def read_people(work: Work, _nothing: None = None) -> tuple[Person, ...]:
    """Everybody, by name."""
    rows = users.list_users(work)
    by_one = people_requests.is_set_up_by_one(work)
    linked = member_links.linked_members(work)
    standing = [one for one in deputies.list_deputies(work) if not one.is_over]
    return tuple(
        Person(
            row,
            linked.get(row.user_id, (None, ""))[0],
            linked.get(row.user_id, (None, ""))[1],
            tuple(one for one in standing if one.user_id == row.user_id),
            tuple(one for one in rows if one.user_id != row.user_id and one.is_active),
            by_one,
            by_one or people_changes.agreed_password(work, row.user_id) is not None,
        )
        for row in rows
    )
