"""The tab Meetings: whose attendance was written down, and writing it down."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.penalties import meetings
from sacco_desktop.services.penalties.meetings import MeetingRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.penalties.attendance_dialog import open_attendance_dialog
from sacco_desktop.ui.tabbed_page import Commands, PageTab
from sacco_desktop.ui.widgets.columns import Align, Column, date_column
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_UNREAD = "The meetings could not be read. Nothing is lost; the other pages work."


class MeetingsTab(PageTab[MeetingRow]):
    """The newest first."""

    title = "Meetings"
    key = "meetings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _plan())
        self._may_record = may(desk.actor.roles, Act.RECORD_ATTENDANCE)
        if self._may_record:
            self.list.add_action("attendance", "Attendance…", self._record, kind=ButtonKind.PRIMARY)

    def read(self) -> None:
        """Read the meetings again."""
        self.read_by(meetings.list_meetings, _UNREAD)

    def commands(self) -> Commands:
        return {"new": self._record} if self._may_record else {}

    def _record(self) -> None:
        open_attendance_dialog(self.desk, self.list)


def _plan() -> ListPlan[MeetingRow]:
    return ListPlan(
        name="meetings",
        one="meeting",
        many="meetings",
        columns=(
            date_column("Held on", lambda row: row.held_on),
            Column("Meeting", lambda row: row.title, longest=40),
            Column("Fined", lambda row: row.fined, lambda count: f"{count:,}", Align.RIGHT),
        ),
        key=lambda row: row.meeting_id,
        empty=EmptyList("No attendance was written down yet."),
        details=lambda row: Details(
            title=row.title,
            subtitle=format_date(row.held_on),
            facts=(("Fines noted", f"{row.fined:,}"),),
        ),
    )
