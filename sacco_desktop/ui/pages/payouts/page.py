"""Payouts: money on its way out. Four tabs in the order of the work: to send, in flight, done, problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.batches import LineStatus
from sacco_desktop.domain.dates import format_time
from sacco_desktop.operations.ask_balance import freshen
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending import payout_batches, payout_cards
from sacco_desktop.services.sending.pay_sheet import PaySheet, pay_sheet
from sacco_desktop.services.sending.payout_batches import BatchRow, BatchView
from sacco_desktop.services.sending.payout_cards import PayoutCard
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.one_reading import OneReading
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.payouts.actions import PayoutActions
from sacco_desktop.ui.pages.payouts.batch_bar import BatchBar
from sacco_desktop.ui.pages.payouts.clear_stop_dialog import open_clear_stop_dialog
from sacco_desktop.ui.pages.payouts.columns import (
    CHIPS,
    for_words,
    history_steps,
    row_facts,
)
from sacco_desktop.ui.pages.payouts.done import DoneTab
from sacco_desktop.ui.pages.payouts.in_flight import InFlightTab
from sacco_desktop.ui.pages.payouts.pay_dialog import PayDialog
from sacco_desktop.ui.pages.payouts.payment_card import CardActions
from sacco_desktop.ui.pages.payouts.problems import ProblemsTab
from sacco_desktop.ui.pages.payouts.reading import (
    NEWEST,
    Asked,
    PayoutsView,
    Tab,
    ToSend,
    read_payouts,
    tab_of,
)
from sacco_desktop.ui.pages.payouts.strip import UtilityStrip
from sacco_desktop.ui.pages.payouts.to_send import ToSendTab
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.list_page import ListPage

_TOPICS = frozenset({Topic.PAYOUTS, Topic.RELAYS, Topic.APPROVALS, Topic.MEMBERS, Topic.LOANS})
TO_SEND, IN_FLIGHT, DONE, PROBLEMS = range(4)


def payouts_page(desk: Desk) -> Page:
    """The page of money going out."""
    return PayoutsPage(desk).page()


class PayoutsPage(QWidget):
    """Reads what is seen: the rows of the open tab, and of the others how many they have."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sending = desk.sending or Sending(desk.background, desk.office)
        self._view: PayoutsView | None = None
        self._reading = OneReading(self, self._start_reading)
        # The tabs that show the last reading; what is not seen is not read.
        self._fresh: frozenset[Tab] = frozenset()
        self._newest = NEWEST
        self.setObjectName("payouts_page")
        self._acts = PayoutActions(desk, self, lambda row: self._open_pay([row.payout_id]))
        self._to_send = ToSendTab(desk, self._acts, self._pay)
        card_actions = CardActions(self._acts.do, self._tell, self._print_file, desk.now)
        self._in_flight = InFlightTab(desk.theme, desk.now, card_actions, self._ask_all)
        self._done = DoneTab(desk, self._acts)
        self._done.list.older.asked.connect(self._read_older)
        self._problems = ProblemsTab(desk)
        self._bar = Callout(desk.theme, "", ChipColour.RED)
        self._bar.setObjectName("stop_bar")
        self._go_on = push_button("Let sending go on…", name="clear_stop_open")
        self._go_on.clicked.connect(self._clear_stop)
        self.tabs = QTabWidget()
        self._strip = UtilityStrip(desk)
        self._batch_bar = BatchBar(desk, self, self._continue_batch)
        self._sending.ended.connect(self._read)
        self._tabs_in_order = (self._to_send, self._in_flight, self._done, self._problems)
        self._lay_out()
        self.tabs.currentChanged.connect(self._open_tab)
        for keys, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=step: self._next_tab(by))
        self._open_tab(TO_SEND)

    def page(self) -> Page:
        """The tabs with the commands that the open one answers."""
        commands = {
            "main_action": self._to_send.pay_chosen,
            "ask_mpesa": self._ask_all,
            "print": self._done.voucher,
            "refresh": self._read,
            "filter": lambda: self._with_list(ListPage.focus_filter),
            "panel": lambda: self._with_list(ListPage.toggle_panel),
            "copy": lambda: self._with_list(lambda shown: shown.table.copy()),
        }
        panes: list[QWidget] = [self.tabs.tabBar()]
        for shown in (self._to_send.list, self._done.list, self._problems.list):
            panes += [shown.filter_bar.line, shown.table, shown.panel]
        panes += [self._in_flight.area, self._problems.body]
        return Page(self, self, commands, panes, _TOPICS, self._read, self.go_to)

    def go_to(self, place: str) -> None:
        """Open a tab by its key (`in_flight`), or whichever has the payout of this number."""
        if place in _KEYS:
            self.tabs.setCurrentIndex(_KEYS.index(place))
            return
        self._desk.background.read(
            tab_of, place, owner=self, done=lambda tab: self._go_to_payout(tab, place)
        )

    def _go_to_payout(self, tab: Tab, number: str) -> None:
        self.tabs.setCurrentIndex(_KEYS.index(tab))
        if tab is not Tab.IN_FLIGHT:
            self._lists()[tab].go_to(number)

    def _lists(self) -> dict[Tab, ListPage]:
        return {
            Tab.TO_SEND: self._to_send.list,
            Tab.DONE: self._done.list,
            Tab.PROBLEMS: self._problems.list,
        }

    def _shown_tab(self) -> Tab:
        return _KEYS[self.tabs.currentIndex()]

    def _read(self) -> None:
        self._reading.ask()

    def _start_reading(self) -> None:
        tab = self._shown_tab()
        if tab in self._lists():
            self._lists()[tab].show_loading()
        asked = Asked(frozenset([tab]), self._newest)
        self._desk.background.read(
            read_payouts, asked, owner=self, done=self._show, failed=self._unread
        )

    def _read_older(self) -> None:
        self._newest *= 5
        self._read()

    def _unread(self, error: BaseException) -> None:
        self._reading.ended()
        for shown in self._lists().values():
            shown.show_failed("The payouts could not be read. Nothing was changed.", self._read)
        self._desk.show(error, self)

    def _show(self, view: PayoutsView) -> None:
        self._view, self._fresh = view, view.tabs
        shows = (
            self._to_send.show_view,
            self._in_flight.show_view,
            self._done.show_view,
            self._problems.show_view,
        )
        for tab, show in zip(_KEYS, shows, strict=True):
            if tab in view.tabs:
                show(view)
        self._strip.show_view(view)
        # One bar at a time: no batch goes on while sending stands still.
        batches = view.batches if view.stop is None else ()
        self._batch_bar.show_batches(
            batches, may_send=view.may_send, is_under_way=self._sending.is_under_way
        )
        for place, (tab, title) in enumerate(zip(_KEYS, _TITLES, strict=True)):
            words = f"{title}  {view.counts[tab]:,}"
            if tab is Tab.IN_FLIGHT and view.checking_count:
                words += f" · {view.checking_count:,} to check"
            if self.tabs.tabText(place) != words:
                self.tabs.setTabText(place, words)
        self._say_stop(view)
        self._reading.ended()
        if self._shown_tab() not in view.tabs:
            self._read()

    def _say_stop(self, view: PayoutsView) -> None:
        self._bar.setVisible(view.stop is not None)
        if view.stop is not None:
            since = format_time(view.stop.stopped_at)
            self._bar.say(view.stop.reason, ChipColour.RED, f"Sending stands still since {since}")
        self._go_on.setEnabled(view.may_settle)
        self._go_on.setToolTip("" if view.may_settle else "A treasurer lets it go on.")

    def _pay(self, chosen: Sequence[ToSend], left_out: int) -> None:
        self._open_pay([each.row.payout_id for each in chosen], left_out)

    def _open_pay(self, payout_ids: Sequence[int], left_out: int = 0) -> None:
        """Ask M-Pesa when its last word on the balance is old, and read the sheet anew, so that it shows what is so."""
        self._with_fresh_sheet(
            tuple(payout_ids),
            lambda sheet: self._show_pay_dialog(
                sheet, PayDialog(self._desk, self._sending, sheet, self, left_out=left_out)
            ),
        )

    def _continue_batch(self, batch: BatchRow) -> None:
        """Show what remains of a batch, for the password of whoever continues it."""

        def show(view: BatchView) -> None:
            rest = [line for line in view.lines if line.status is LineStatus.WAITING]
            self._with_fresh_sheet(
                tuple(line.row.payout_id for line in rest),
                lambda sheet: self._show_pay_dialog(
                    sheet, PayDialog(self._desk, self._sending, sheet, self, batch=batch)
                ),
            )

        background = self._desk.background
        background.read(payout_batches.view, batch.batch_id, owner=self, done=show)

    def _with_fresh_sheet(self, ids: tuple[int, ...], show: Callable[[PaySheet], None]) -> None:
        office, actor, background = self._desk.office, self._desk.actor, self._desk.background

        def read_again(_answer: object) -> None:
            background.read(pay_sheet, ids, owner=self, done=show)

        def look(sheet: PaySheet) -> None:
            if sheet.utility.is_fresh or self._sending.is_under_way:
                show(sheet)
            else:
                background.operate(lambda: freshen(office, actor), owner=self, done=read_again)

        background.read(pay_sheet, ids, owner=self, done=look)

    def _show_pay_dialog(self, sheet: PaySheet, dialog: PayDialog) -> None:
        rest = [line.row.payout_id for line in sheet.lines]
        dialog.taken_out.connect(
            lambda gone: self._open_pay([each for each in rest if each != gone])
        )
        dialog.in_flight_asked.connect(lambda: self.tabs.setCurrentIndex(IN_FLIGHT))
        if self._sending.is_under_way:
            dialog.show_sending()
            dialog.open()
        else:
            dialog.begin()

    def _ask_all(self) -> None:
        if self._view is not None and self._view.may_settle:
            background = self._desk.background
            background.read(payout_cards.open_attempts, None, owner=self, done=self._acts.ask_all)

    def _clear_stop(self) -> None:
        if self._view is not None and self._view.stop is not None:
            open_clear_stop_dialog(self._desk, self, self._view.stop)

    def _tell(self, card: PayoutCard) -> None:
        row: PayoutRow = card.row
        story = Details(
            title=row.member_name,
            subtitle=f"{row.number} · {for_words(row)}",
            amount_cents=row.paid_cents,
            chip=CHIPS[card.chip],
            facts=row_facts(row),
            timeline=history_steps(card, self._desk.now),
        )
        DetailsDialog(self._desk.theme, "payment_history", story, self, None).open()

    def _print_file(self, card: PayoutCard) -> None:
        self._acts.payment_file(card.row)

    def _open_tab(self, place: int) -> None:
        """What is shown gets the focus, unless the person walks along the tabs themselves."""
        shown = self._tabs_in_order[place]
        lead_focus(self, shown)
        if self._view is not None and _KEYS[place] not in self._fresh:
            self._read()
        if self.isVisible() and not self.tabs.tabBar().hasFocus():
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_tab(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def _with_list(self, do: Callable[[ListPage], None]) -> None:
        found = self._lists().get(self._shown_tab())
        if found is not None:
            do(found)

    def _lay_out(self) -> None:
        self.tabs.setObjectName("payouts_tabs")
        self.tabs.setAccessibleName("Payouts by state")
        self.tabs.tabBar().setAccessibleName("Tabs of this page")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for tab, title in zip(self._tabs_in_order, _TITLES, strict=True):
            self.tabs.addTab(tab, title)
        inner = self._bar.layout()
        assert inner is not None
        inner.addWidget(self._go_on)
        self._bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._batch_bar)
        column.addWidget(self._strip)
        column.addWidget(self.tabs, 1)


_TITLES = ("To send", "In flight", "Done", "Problems")
_KEYS = tuple(Tab)
