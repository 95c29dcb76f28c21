"""The page Messages: what each member was told, what became of it, and what stands still."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.messages.parts import measure
from sacco_desktop.domain.messages.states import Channel, MessageState
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.messages import message_list, texts
from sacco_desktop.services.messages.message_gateways import GATEWAY_WORDS
from sacco_desktop.services.messages.message_list import MessageRow, OutboxHead, OutboxView
from sacco_desktop.services.messages.texts import TextRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.messages.columns import CHIPS, COLUMNS, FILTERS, ROADS, when
from sacco_desktop.ui.pages.messages.dialogs import (
    open_go_on,
    open_leave,
    open_send_again,
    open_stop,
)
from sacco_desktop.ui.pages.messages.text_dialog import open_text_dialog
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_TOPICS = frozenset({Topic.MESSAGES, Topic.SETTINGS})
_S = MessageState
_EMPTY = "No messages yet. Members are told nothing before the rules under Settings name a gateway."
_UNREAD = "The messages could not be read. Nothing is lost; the other pages work."


def messages_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return MessagesPage(desk).page()


class MessagesPage(QObject):
    """Shows the newest messages; above them stands what stands still and what is left of the credit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._head: OutboxHead | None = None
        self._may_keep = may(desk.actor.roles, Act.KEEP_MESSAGES)
        self._list = ListPage(
            desk.theme,
            ListPlan(
                name="messages",
                one="message",
                many="messages",
                columns=COLUMNS,
                key=lambda row: row.message_id,
                empty=EmptyList(_EMPTY),
                details=self._details,
                filters=FILTERS,
            ),
        )
        self.setParent(self._list)
        self._list.opened.connect(self._open_member)
        if may(desk.actor.roles, Act.MANAGE_CONNECTIONS):
            self._list.add_action("message_texts", "Texts…", self._read_texts)
        self._stop = None
        if self._may_keep:
            self._stop = self._list.add_action("stop_messages", "Stop…", self._stop_or_go_on)

    def page(self) -> Page:
        """What the window gets."""
        return self._list.page({}, _TOPICS, self.reload)

    def reload(self) -> None:
        """Read the outbox again."""
        self._list.show_loading()
        self._desk.background.read_anew(
            message_list.view, None, owner=self._list, done=self._show, failed=self._failed
        )

    def _show(self, view: OutboxView) -> None:
        self._head = view.head
        self._list.show_behind(_above(view.head))
        self._list.set_rows(view.rows)
        if self._stop is not None:
            self._stop.setText("Let go on…" if view.head.stops else "Stop…")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, SaccoError):
            self._desk.show(error, self._list)
        self._list.show_failed(_UNREAD, self.reload)

    def _stop_or_go_on(self) -> None:
        """What has stood still the longest first."""
        if self._head is not None and self._head.stops:
            open_go_on(self._desk, self._list, self._head.stops[0])
        else:
            open_stop(self._desk, self._list)

    def _read_texts(self) -> None:
        def show(rows: Sequence[TextRow]) -> None:
            open_text_dialog(self._desk, self._list, rows)

        self._desk.background.read(texts.list_texts, None, owner=self._list, done=show)

    def _open_member(self, row: MessageRow) -> None:
        self._desk.open_page(f"member/{row.member_number}")

    def _details(self, row: MessageRow) -> Details:
        return Details(
            title=row.member_name,
            subtitle=f"{row.member_number} · {row.title}",
            chip=CHIPS[row.state],
            note=Note(row.words, _colour(row.state)) if row.words else None,
            facts=_facts(row),
            action=self._main(row),
            other_actions=self._others(row),
        )

    def _main(self, row: MessageRow) -> PanelAction | None:
        if not self._may_keep or row.state not in (_S.UNKNOWN, _S.FAILED) or not row.parts:
            return None
        act = partial(open_send_again, self._desk, self._list, row)
        return PanelAction("send_again", "Send again…", act)

    def _others(self, row: MessageRow) -> tuple[PanelAction, ...]:
        found = []
        if self._may_keep and row.state in (_S.UNKNOWN, _S.WAITING):
            act = partial(open_leave, self._desk, self._list, row)
            found.append(PanelAction("leave_message", "Let it be…", act))
        open_member = partial(self._open_member, row)
        found.append(PanelAction("open_member", f"Open member {row.member_number}", open_member))
        return tuple(found)


def _above(head: OutboxHead) -> str:
    """What stands still, and what is left of the credit as the gateways say it."""
    said = [stop.words for stop in head.stops]
    if not head.is_on and any(head.counts.values()):
        said.append("Messages are switched off by the rules under Settings.")
    said += [
        f"{GATEWAY_WORDS[row.facts.gateway]}: {row.balance} left"
        f" ({format_time(row.balance_at)}, {format_date(business_date(row.balance_at))})."
        for row in head.gateways
        if row.balance and row.balance_at is not None
    ]
    return " ".join(said)


def _colour(state: MessageState) -> ChipColour:
    return CHIPS[state].colour


def _facts(row: MessageRow) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Text", row.text or "Only the phone shows it."),
        ("To", row.address),
        ("Road", ROADS[row.channel]),
        ("Written", when(row)),
    ]
    if row.channel is Channel.SMS and row.text:
        facts.append(("Length", measure(row.text).words))
    if row.state is _S.WAITING:
        at = row.not_before
        facts.append(("Leaves", f"{format_date(business_date(at))} {format_time(at)}"))
    if row.sent_at is not None:
        facts.append(
            ("Sent", f"{format_date(business_date(row.sent_at))} {format_time(row.sent_at)}")
        )
    if row.cost:
        facts.append(("Cost", row.cost))
    return tuple(facts)
