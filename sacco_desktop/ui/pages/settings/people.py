"""The People tab: who may sign in, and as what."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.services.books.work import Service
from sacco_desktop.services.office import people_requests
from sacco_desktop.services.office.people_requests import PutForward
from sacco_desktop.services.office.users import AccessChange, UserRow
from sacco_desktop.services.people import deputies, people_changes
from sacco_desktop.services.people.deputies import DeputyRow
from sacco_desktop.services.people.people_changes import PasswordRequest
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_tab import ListTab
from sacco_desktop.ui.messages import Question
from sacco_desktop.ui.pages.settings.people_read import Person, read_people
from sacco_desktop.ui.pages.settings.person_dialogs import (
    BY_ONE,
    NewPersonDialog,
    ResetPasswordDialog,
    RolesDialog,
)
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS, role_names
from sacco_desktop.ui.pages.settings.standing_dialogs import DeputyDialog, MemberLinkDialog
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

Input = TypeVar("Input")

_ACTIVE = Chip("active", "✓", "check", "May sign in", "Anaweza kuingia", ChipColour.GREEN)
_LOCKED = Chip("locked", "‖", "lock", "Locked", "Imefungwa kwa muda", ChipColour.AMBER)
_CLOSED = Chip("closed_account", "■", "archive", "Closed", "Imefungwa", ChipColour.GREY)


class PeopleTab(ListTab[Person]):
    """For administrators. What somebody did stays in the books whatever happens to the account."""

    title = "People"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan(desk))
        self.list.add_action("new_person", "New person…", self.new, kind=ButtonKind.PRIMARY)
        self.list.opened.connect(self._change_roles)

    def read(self) -> None:
        self.read_by(read_people, "The people could not be read. Nothing was changed.")

    def new(self) -> None:
        self.desk.background.read(
            people_requests.is_set_up_by_one, None, owner=self.list, done=self._ask_for_new
        )

    def _ask_for_new(self, by_one: bool) -> None:
        NewPersonDialog(self.desk, self.list, by_one=by_one).open()

    def _plan(self, desk: Desk) -> ListPlan[Person]:
        return ListPlan(
            name="people",
            one="person",
            many="people",
            columns=(
                Column("Name", lambda each: each.row.full_name, widest="Wanjiku Achieng Otieno"),
                Column(
                    "User name", lambda each: each.row.username, priority=2, widest="wanjiku.otieno"
                ),
                Column("Roles", _roles, widest="Committee, Treasurer"),
                Column(
                    "Member", lambda each: each.member, priority=3, widest="Jane Wanjiku, M-0001"
                ),
                chip_column(
                    "State", lambda each: self._chip(each.row), (_ACTIVE, _LOCKED, _CLOSED)
                ),
            ),
            key=lambda each: each.row.user_id,
            empty=EmptyList("Nobody is here yet.", "New person…", self.new),
            details=self._details,
        )

    def _chip(self, row: UserRow) -> Chip:
        if not row.is_active:
            return _CLOSED
        return _LOCKED if self._is_locked(row) else _ACTIVE

    def _is_locked(self, row: UserRow) -> bool:
        return row.locked_until is not None and row.locked_until > self.desk.now()

    def _details(self, person: Person) -> Details:
        row, note = person.row, None
        if row.is_active and self._is_locked(row) and row.locked_until is not None:
            words = f"Locked after wrong passwords. Opens again at {format_time(row.locked_until)}."
            note = Note(words)
        elif person.by_one:
            note = Note(BY_ONE, title="You set this office up alone")
        return Details(
            title=row.full_name,
            subtitle=f"Signs in as {row.username}",
            chip=self._chip(row),
            note=note,
            facts=(
                *(ROLE_WORDS[role] for role in ROLE_WORDS if role in row.roles),
                *(_stands_in(one) for one in person.stands_in),
                *((("Member", person.member),) if person.member else ()),
            ),
            other_actions=(*self._actions(person), *self._standing(person)),
        )

    def _standing(self, person: Person) -> tuple[PanelAction, ...]:
        """What an administrator says of a person besides the roles."""
        if not person.row.is_active:
            return ()
        is_me = person.row.user_id == self.desk.actor.user_id
        return (
            PanelAction(
                "name_deputy",
                "Name deputy…",
                None if is_me else lambda: DeputyDialog(self.desk, self.list, person).open(),
                "Nobody names oneself a deputy." if is_me else "",
            ),
            *(
                PanelAction(
                    f"end_deputy_{one.deputy_id}",
                    f"End deputy {one.role.value}",
                    partial(self._end_deputy, one),
                )
                for one in person.stands_in
            ),
            PanelAction(
                "link_member",
                "Which member…",
                lambda: MemberLinkDialog(self.desk, self.list, person).open(),
            ),
        )

    def _end_deputy(self, one: DeputyRow) -> None:
        words = f"{one.full_name} is deputy {one.role.value} no more."
        self.desk.background.write(
            deputies.end_deputy,
            one.deputy_id,
            owner=self.list,
            done=lambda _nothing: self.desk.toast(words),
        )

    def _actions(self, person: Person) -> tuple[PanelAction, ...]:
        row = person.row
        is_me = row.user_id == self.desk.actor.user_id
        if not row.is_active:
            return (
                PanelAction("open_account", "Open account", lambda: self._set_access(row, True)),
            )
        mine = "Change your own with My password, in your menu."
        other = "Another administrator would have to do this."
        return (
            PanelAction("change_roles", "Change roles…", lambda: self._change_roles(person)),
            PanelAction(
                "reset_password",
                "Reset password…" if person.may_type else "Ask for a new password…",
                None if is_me else lambda: self._new_password(person),
                mine if is_me else "",
            ),
            PanelAction(
                "close_account",
                "Close account…",
                None if is_me else lambda: self._ask_to_close(row),
                other if is_me else "",
            ),
        )

    def _change_roles(self, person: Person) -> None:
        RolesDialog(self.desk, self.list, person.row, by_one=person.by_one).open()

    def _new_password(self, person: Person) -> None:
        row = person.row
        if person.may_type:
            ResetPasswordDialog(self.desk, self.list, row).open()
            return
        question = Question(
            "A new password",
            f"Ask another person to agree that {row.full_name} gets a new password? It can then be typed here within a"
            " day.",
            "Ask for approval",
            "Leave it",
        )
        asked = PasswordRequest(row.user_id, row.version)
        self.desk.messages.ask(
            self.list,
            question,
            lambda is_wanted: (
                self._write(people_changes.ask_password, asked) if is_wanted else None
            ),
        )

    def _write(self, service: Service[Input, PutForward], given: Input) -> None:
        self.desk.background.write(
            service, given, owner=self.list, done=lambda put: self.desk.toast(put.words)
        )

    def _ask_to_close(self, row: UserRow) -> None:
        question = Question(
            "Close an account",
            f"Close the account of {row.full_name}? Signing in is not possible any more."
            " Everything done under this name stays in the books. Another person must agree first, unless you set this"
            " office up alone.",
            "Close account",
            "Leave it open",
        )

        def decided(is_wanted: bool) -> None:
            if is_wanted:
                self._set_access(row, False)

        self.desk.messages.ask(self.list, question, decided)

    def _set_access(self, row: UserRow, is_active: bool) -> None:
        change = AccessChange(row.user_id, row.version, is_active)
        self._write(people_changes.change_access, change)


def _roles(person: Person) -> str:
    """The own roles, and those held for somebody in brackets."""
    own = role_names(person.row.roles)
    standing = ", ".join(one.role.value for one in person.stands_in if one.is_live)
    return f"{own} (deputy {standing})" if standing else own


def _stands_in(one: DeputyRow) -> tuple[str, str]:
    days = f"{format_date(one.from_on)} to {format_date(one.until_on)}"
    return f"Deputy {one.role.value}", f"for {one.for_name}, {days}, named by {one.named_by}"
