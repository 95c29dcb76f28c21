"""What is done with many members at once: a file, a paper, the register, their phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication

from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.reports.member_list import WantedMembers, member_list
from sacco_desktop.services.reports.member_register import WantedRegister, member_register
from sacco_desktop.services.reports.report import Report
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.members.columns import Sight
from sacco_desktop.ui.widgets.list_page import ListPage

_REGISTER = (
    ("pdf", "Register of members, on paper…"),
    ("xlsx", "Register of members, XLSX…"),
    ("csv", "Register of members, CSV…"),
)


class MemberLists(ListPapers[MemberRow]):
    """The list of members as file and paper, and beside it the register of all of them."""

    def __init__(
        self,
        desk: Desk,
        rows: ListPage,
        sight: Sight,
        when_all: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(desk, rows, _PLAN)
        self._when_all = when_all
        if may(desk.actor.roles, Act.READ_FILES):
            self.menu.addSeparator()
            for ending, words in _REGISTER:
                action = self.menu.addAction(words)
                action.setObjectName(f"register_{ending}")
                action.triggered.connect(lambda _on=False, end=ending: self.take_register(end))
        if sight.is_full:
            rows.add_tick_action("members_phones", "Copy phones", self.copy_phones)

    def read_list(self, done: Callable[[Report], None], *, is_paper: bool) -> None:
        """A list that leaves the window is of all members whom the filter fits, and not only of those read so far."""
        self._when_all(lambda: super(MemberLists, self).read_list(done, is_paper=is_paper))

    def take_register(self, ending: str) -> None:
        """The register of all members, as a numbered paper or as a file."""
        wanted = WantedRegister(is_paper=ending == "pdf")

        def give(report: Report) -> None:
            if ending == "pdf":
                self.preview(report, "Register")
            else:
                self.ask_where(report, ending, "Export the register of members", "Register")

        self._desk.background.read(member_register, wanted, owner=self._list, done=give)

    def copy_phones(self, rows: Sequence[MemberRow]) -> None:
        """The numbers of the ticked members, one in a line, as a telephone or a message program takes them."""
        QGuiApplication.clipboard().setText("\n".join(f"+{row.phone}" for row in rows))
        count = "1 phone number is" if len(rows) == 1 else f"{len(rows):,} phone numbers are"
        self._desk.toast(f"{count} on the clipboard.")


def _wanted(rows: Sequence[MemberRow], which: str, is_paper: bool) -> WantedMembers:
    return WantedMembers(tuple(row.member_id for row in rows), which, is_paper)


_PLAN = PaperPlan("members", "Members", "members", member_list, _wanted)
