"""Names a deputy, and says which member of the society a person of the office is."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.people import deputies, member_links
from sacco_desktop.services.people.deputies import NEVER, NewDeputy
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.pages.settings.people_read import Person
from sacco_desktop.ui.pages.settings.role_boxes import ROLE_WORDS
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.member_picker import MemberPicker


class DeputyDialog(FormDialog):
    """Who is stood in for, in which role, and in which days."""

    def __init__(self, desk: Desk, parent: QWidget, person: Person) -> None:
        plan = FormPlan(
            "deputy_dialog",
            f"{person.row.full_name} stands in",
            "Name deputy",
            "Another person must agree first. Each decision then says for whom it was taken.",
        )
        super().__init__(desk, plan, parent)
        self._person = person
        self._choice = ChoiceBox("for_user", _choices(person))
        self._from = DateEdit("from_on", self._today)
        self._from.set_day(self._today())
        self._until = DateEdit("until_on", self._today)
        self.form.add_row("for_user", "Stands in for", self._choice)
        self.form.add_row("from_on", "First day", self._from)
        self.form.add_row("until_on", "Last day", self._until, "It can be ended before.")
        if not self._choice.count():
            self.lock()
        self.submitted.connect(self._name)

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _name(self) -> None:
        new = self.form.read(self._read)
        if new is not None:
            self.carry_out(deputies.name_deputy, new, lambda put: self.desk.toast(put.words))

    def _read(self) -> NewDeputy:
        first, last = self._from.day(), self._until.day()
        if first is None:
            raise InvalidInput("Write the first day.", "from_on")
        if last is None:
            raise InvalidInput("Write the last day.", "until_on")
        for_user, role = self._choice.value()
        return NewDeputy(self._person.row.user_id, role, for_user, first, last)


def _choices(person: Person) -> list[tuple[tuple[int, Role], str]]:
    """Every office that somebody else holds and this person does not."""
    return [
        ((other.user_id, role), f"{other.full_name}, {ROLE_WORDS[role][0].lower()}")
        for other in person.others
        for role in sorted(other.roles)
        if role not in person.row.roles and role not in NEVER
    ]


class MemberLinkDialog(FormDialog):
    """Find the member who this person is, or leave the field empty for nobody."""

    def __init__(self, desk: Desk, parent: QWidget, person: Person) -> None:
        plan = FormPlan(
            "member_link_dialog",
            f"Which member is {person.row.full_name}?",
            "Save",
            "Nobody decides on the own loan or payout, and such requests carry a mark. To change or take away"
            " what is there another person must agree.",
        )
        super().__init__(desk, plan, parent)
        self._person = person
        self._member = MemberPicker("member", finder(desk, self))
        now = f"Now: {person.member}." if person.member else "Now: no member."
        self.form.add_row("member", "Member", self._member, f"{now} Leave it empty for nobody.")
        self.submitted.connect(self._link)

    def _link(self) -> None:
        given = self.form.read(self._read)
        if given is not None:
            self.carry_out(member_links.link, given, lambda put: self.desk.toast(put.words))

    def _read(self) -> MemberLink:
        chosen = self._member.member
        if chosen is None and self._member.text().strip():
            raise InvalidInput("Choose one of the members found.", "member")
        return MemberLink(self._person.row.user_id, None if chosen is None else chosen.member_id)
