"""Approvals: the second person decides, with everything needed in one view."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.approvals.columns import (
    FILTERS,
    STATUS_CHIPS,
    columns,
    facts,
    moment,
    notes,
    rule_facts,
    subject_of,
)
from sacco_desktop.ui.pages.approvals.decide_dialogs import open_approve_dialog, open_reject_dialog
from sacco_desktop.ui.pages.approvals.discuss_dialog import DiscussDialog
from sacco_desktop.ui.pages.approvals.kind_words import KIND_WORDS
from sacco_desktop.ui.pages.approvals.less_dialog import open_less
from sacco_desktop.ui.pages.approvals.needs import awaits_vote, history, needs_facts, vote_stops
from sacco_desktop.ui.pages.approvals.requests import (
    NEWEST,
    Request,
    Requests,
    read_requests,
)
from sacco_desktop.ui.pages.approvals.sittings import hold_sitting, show_sittings
from sacco_desktop.ui.pages.approvals.vote_dialog import open_vote
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_TOPICS = frozenset({Topic.APPROVALS, Topic.LOANS, Topic.PAYOUTS, Topic.MEMBERS, Topic.USERS})


def approvals_page(desk: Desk) -> Page:
    """The page of what waits for a decision; opens on what this person may decide."""
    return _Approvals(desk).page()


class _Approvals:
    """Connects the list to the two dialogs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._newest = NEWEST
        self._list = ListPage(desk.theme, self._plan())
        self._list.older.asked.connect(self._read_older)
        self._list.opened.connect(self._open)
        self._list.filter_bar.choose_saved("mine")
        self._may_discuss = may(desk.actor.roles, Act.DISCUSS)
        self._may_record = may(desk.actor.roles, Act.RECORD_VOTE)
        self._list.add_action(
            "old_sittings", "Sittings held…", lambda: show_sittings(desk, self._list)
        )
        if may(desk.actor.roles, Act.RUN_SITTING):
            self._list.add_action(
                "hold_sitting", "Committee sitting…", lambda: hold_sitting(desk, self._list)
            )

    def page(self) -> Page:
        """The list with its commands."""
        commands = {
            "main_action": self._approve,
            "reject": self._reject,
            "discuss": self._discuss,
        }
        return self._list.page(commands, _TOPICS, self._read)

    def _plan(self) -> ListPlan[Request]:
        return ListPlan(
            name="approvals",
            one="request",
            many="requests",
            columns=columns(self._desk.now),
            key=lambda request: request.row.request_id,
            empty=EmptyList("No request was made yet. New requests appear here by themselves."),
            details=self._details,
            filters=FILTERS,
        )

    def _read(self) -> None:
        self._list.show_loading()
        self._desk.background.read(
            read_requests, self._newest, owner=self._list, done=self._show, failed=self._unread
        )

    def _read_older(self) -> None:
        self._newest *= 5
        self._read()

    def _show(self, found: Requests) -> None:
        self._list.set_rows(found.rows)
        closed = sum(not request.is_waiting for request in found.rows)
        self._list.older.say(closed, found.closed_count)

    def _unread(self, error: BaseException) -> None:
        self._list.show_failed("The requests could not be read. Nothing was changed.", self._read)
        self._desk.show(error, self._list)

    def _open(self, request: Request) -> None:
        """Enter: the same as the panel says, for windows too narrow for it."""
        details = self._details(request)
        DetailsDialog(self._desk.theme, "request_details", details, self._list, None).open()

    def _details(self, request: Request) -> Details:
        row = request.row
        told = notes(request)
        return Details(
            title=subject_of(request),
            subtitle=KIND_WORDS[row.kind],
            amount_cents=row.amount_cents or None,
            chip=STATUS_CHIPS[row.status],
            note=told[0] if told else None,
            more_notes=told[1:],
            action=self._approve_button(request),
            facts=(*needs_facts(row), *facts(request), *rule_facts(request)),
            timeline=history(row, moment),
            are_actions_together=True,
            other_actions=self._other_buttons(request),
        )

    def _approve_button(self, request: Request) -> PanelAction | None:
        """Only for who may decide; own requests say in its place who can."""
        if request.row.can_decide and not vote_stops(request.row):
            return PanelAction("approve_open", "Approve…  Ctrl+Enter", self._approve)
        return None

    def _other_buttons(self, request: Request) -> tuple[PanelAction, ...]:
        buttons = []
        if request.row.can_decide:
            if request.row.kind is ApprovalKind.LOAN and not vote_stops(request.row):
                buttons.append(PanelAction("less_open", "Approve less…", self._less))
            buttons.append(PanelAction("reject_open", "Reject…  Ctrl+Del", self._reject))
        if self._may_record and awaits_vote(request.row):
            buttons.append(PanelAction("vote_open", "Record the members' vote…", self._vote))
        if self._may_discuss and request.is_waiting:
            buttons.append(PanelAction("discuss_open", "Discuss…  Ctrl+T", self._discuss))
        return tuple(buttons)

    def _less(self) -> None:
        request = self._current()
        if request is not None:
            open_less(self._desk, self._list, request.row.request_id, self._decided)

    def _vote(self) -> None:
        request: Request | None = self._list.table.current_row()
        if request is not None:
            open_vote(self._desk, self._list, request.row.request_id)

    def _discuss(self) -> None:
        request: Request | None = self._list.table.current_row()
        if request is not None and self._may_discuss:
            DiscussDialog(self._desk, self._list, request).open()

    def _current(self) -> Request | None:
        """The request under the cursor, if this person may decide on it; else the reason is told."""
        request: Request | None = self._list.table.current_row()
        if request is None or not request.row.can_decide:
            if request is not None:
                self._desk.messages.tell(
                    self._list, "Not for you to decide", request.row.locked_why
                )
            return None
        return request

    def _approve(self) -> None:
        request = self._current()
        if request is not None and not vote_stops(request.row):
            open_approve_dialog(self._desk, self._list, request, self._decided)

    def _reject(self) -> None:
        request = self._current()
        if request is not None:
            open_reject_dialog(self._desk, self._list, request, self._decided)

    def _decided(self, decided: Decided) -> None:
        if decided.status is ApprovalStatus.VOID:
            self._desk.messages.tell(self._list, "Nothing was approved", decided.words)
        else:
            self._desk.toast(decided.words)
        self._list.table.setFocus()
