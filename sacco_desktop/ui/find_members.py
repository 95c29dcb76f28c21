"""Looks for members in the books on behalf of a MemberPicker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from sacco_desktop.domain.member_status import words_of
from sacco_desktop.domain.phones import masked_phone
from sacco_desktop.services.membership import member_search
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.member_picker import Find, FoundMember


def finder(desk: Desk, owner: QObject) -> Find:
    """What a MemberPicker of this desk searches with; answers come while `owner` lives."""

    def find(words: str, show: Callable[[Sequence[FoundMember]], None]) -> None:
        desk.background.read(
            member_search.find,
            words,
            owner=owner,
            done=lambda rows: show([found(row) for row in rows]),
        )

    return find


def found(row: member_search.FoundMember | MemberRow) -> FoundMember:
    """A member as one line of the picker."""
    phone = masked_phone(row.phone)
    return FoundMember(row.member_id, row.number, row.full_name, phone, words_of(row.status))
