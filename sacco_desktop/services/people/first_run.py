"""Begins the books of a society: everything that the set-up asked for, in one transaction at its end."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.people import people_changes


@dataclass(frozen=True, slots=True)
class NewBooks:
    """The society and the first person, who is its administrator."""

    society: NewSociety
    administrator: NewUser


def begin(work: Work, new: NewBooks) -> str:
    """Write the society and its administrator into empty books; returns the books' id."""
    books_id = society.set_up(work, new.society)
    people_changes.add_user(work, new.administrator)
    return books_id
