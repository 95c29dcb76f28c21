"""A practice office with a real window over it: a real relay, a simulated Safaricom, and hands that type and click.

One office serves a whole module. Every test makes its own loans, so that none depends on another.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, overload
from unittest import mock

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from sacco_desktop.demo import practice_office as practice
from sacco_desktop.demo.practice_office import PASSWORD, PracticeOffice
from sacco_desktop.demo.scenes import Scenes
from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.operations import open_office
from sacco_desktop.operations.lanes import Lane
from sacco_desktop.operations.send_payouts import Sent, send_payouts
from sacco_desktop.operations.sync_relays import sync_all
from sacco_desktop.services.books.work import CLOCK, Actor, Service
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutRow
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending import queue_stops
from sacco_desktop.services.sending.queue_stops import Clearing
from sacco_desktop.settings import system_clock
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.desk import Desk, Paper
from sacco_desktop.ui.main_window import MainWindow
from sacco_desktop.ui.main_window import Office as WindowOffice
from sacco_desktop.ui.messages import Messages
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.approvals.page import approvals_page
from sacco_desktop.ui.pages.payouts.page import payouts_page
from sacco_desktop.ui.paper_view import PaperView
from sacco_desktop.ui.sending import Sending
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.world import World
from tests.agreements import AnOutcome

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")
Input = TypeVar("Input")

JANE, AMINA, OTIENO, MERCY, KIPCHOGE = "M-0001", "M-0002", "M-0003", "M-0004", "M-0005"
PHONES = {
    JANE: "254712345678",
    AMINA: "254733111222",
    OTIENO: "254722908114",
    MERCY: "254714554104",
    KIPCHOGE: "254713553103",
}
# Long enough for loopback on a busy machine, short enough for a test that waits for it to run out.
# A call that a busy machine answers late is no doubt; only the tests that hang it wait this long.
QUICK = Timeouts(connect_seconds=2.0, read_seconds=2.0)


@dataclass(frozen=True, slots=True)
class Town:
    """The practice office and what its people do outside the window."""

    office: PracticeOffice
    # Each town counts for itself: the sums grow with the count, and a wallet takes only so much in a day.
    keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def person(self, username: str) -> Actor:
        return self.office.person(username)

    def read(self, service: Callable[[Any, Any], T], given: Any = None, by: str = "grace") -> T:
        return self.office.office.books.read(service, given, actor=self.person(by))

    def write(self, service: Callable[[Any, Any], T], given: Any, by: str) -> T:
        return self.office.office.books.write(service, given, actor=self.person(by))

    def run(self, operation: Callable[[], Awaitable[T]]) -> T:
        return self.office.office.lanes.submit_async(operation).result(30)

    def save_much(self) -> None:
        """Give every member deposits that carry any loan of a test."""
        for number in PHONES:
            member = self.read(members.find, number, "peter")[0]
            new = NewDeposit(
                f"t{next(self.keys)}", member.member_id, 5_000_000_00, member.joined_on
            )
            self.write(deposits.take_cash, new, "peter")

    def appraised(self, member: str, kes: int = 0) -> LoanRow:
        """A loan that waits for the committee; without a sum one that no other loan has, so that none looks paid
        twice.
        """
        kes = kes or 5_000 + 100 * next(self.keys)
        found = self.read(members.find, member, "peter")[0]
        new = NewApplication(
            f"t{next(self.keys)}", found.member_id, "development", kes * 100, 6, "School fees"
        )
        loan = self.write(loans.apply, new, "peter")
        return self.write(
            loans.appraise, Appraisal(loan.loan_id, loan.version, "Pays regularly."), "peter"
        )

    def requested(self, member: str, kes: int = 0, by: str = "grace") -> PayoutRow:
        """A payout that waits for its second person."""
        loan = self.appraised(member, kes)
        self.approve(loan.number, "daniel")
        return self.write(payouts.request, NewPayout(f"t{next(self.keys)}", loan.loan_id), by)

    def ready(self, member: str, kes: int = 0, by: str = "grace", yes: str = "lucy") -> PayoutRow:
        """A payout that may be sent by anybody but `yes`."""
        row = self.requested(member, kes, by)
        self.approve(row.loan_number, yes)
        return self.row(row)

    def approve(self, about: str, by: str) -> None:
        found = self.read(decisions.list_waiting, None, by)
        row = next(row for row in found if about in row.about and row.can_decide)
        verdict = Verdict(row.request_id, row.fingerprint, Decision.APPROVE)
        self.write(decisions.decide, verdict, by)

    def calm(self) -> None:
        """After a test: nothing goes wrong on purpose any more, and a stopped queue goes on."""
        self.office.safaricom.disarm()
        stop = self.read(queue_stops.standing)
        if stop is not None:
            self.write(queue_stops.clear, Clearing(stop.stop_id, "The test is over."), "grace")

    def row(self, payout: PayoutRow) -> PayoutRow:
        return self.read(payouts.row_of, payout.payout_id)

    def send(self, *rows: PayoutRow, by: str = "grace") -> tuple[Sent, ...]:
        ids, actor, office = [row.payout_id for row in rows], self.person(by), self.office.office
        return self.run(lambda: send_payouts(office, ids, actor, pause_seconds=0))

    def set(self, name: str, value: str) -> None:
        """Another value of a setting from today on: asked by Ruth, approved by somebody else."""
        today = business_date(self.office.office.now())
        self.agreed(setting_changes.change_setting, SettingChange(name, value, today))

    def agreed(self, service: Service[Input, AnOutcome], given: Input) -> AnOutcome:
        """A change that Ruth puts forward and another person agrees to."""
        put = self.write(service, given, "ruth")
        Scenes(self.office).agree(put.request_id)
        return put

    def waiting(self, about: str) -> int | None:
        """The request that waits for somebody's yes and is about this."""
        rows = self.read(decisions.list_waiting, None, "ruth")
        return next((row.request_id for row in rows if about in row.about), None)

    def agree_to(self, about: str) -> None:
        """Everybody who is needed says yes to what waits."""
        request_id = self.waiting(about)
        assert request_id is not None, about
        Scenes(self.office).agree(request_id)

    def sync(self) -> None:
        self.office.safaricom.wait_until_quiet()
        self.run(lambda: sync_all(self.office.office))


@contextmanager
def town(folder: Path, timeouts: Timeouts = QUICK) -> Iterator[Town]:
    """A furnished office. All threads of the lanes are started, so that no test is blamed for one."""

    def quick(settings: Any, now: Any) -> Any:
        return open_office.open_office(settings, now, timeouts=timeouts)

    with (
        mock.patch.object(practice, "open_office", quick),
        practice.practice_office(folder / "town", system_clock) as office,
    ):
        _start_all_threads(office)
        found = Town(office)
        found.save_much()
        # The members of this town are paid again and again, and nobody proves it in between.
        found.set("evidence.pay_again_cents", "25000000")
        office.office.result_seconds = 0.5
        found.sync()
        yield found


def _start_all_threads(office: PracticeOffice) -> None:
    lanes = office.office.lanes
    for lane, threads in ((Lane.WRITE, 1), (Lane.READ, 2), (Lane.RENDER, 1)):
        together = threading.Barrier(threads)
        for future in [lanes.submit(lane, together.wait) for _ in range(threads)]:
            future.result(5)
    office.office.books.read(decisions.list_waiting, None, actor=CLOCK)


@dataclass
class Seat:
    """The window with one person at it, and this person's hands and eyes."""

    town: Town
    qtbot: QtBot
    window: MainWindow
    desk: Desk
    toasts: list[str] = field(default_factory=list)

    @property
    def sending(self) -> Sending:
        """What is being sent from this window."""
        assert self.desk.sending is not None
        return self.desk.sending

    @overload
    def find(self, name: str) -> QWidget: ...

    @overload
    def find(self, name: str, kind: type[W]) -> W: ...

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """The visible widget of this name; waits until it is there."""
        found: list[QWidget] = []

        def look() -> bool:
            found[:] = [each for each in self._all(kind, name) if each.isVisible()]
            return bool(found)

        self.qtbot.waitUntil(look, timeout=30_000)
        return found[-1]

    def sees(self, name: str) -> bool:
        return any(each.isVisible() for each in self._all(QWidget, name))

    def _all(self, kind: type[W], name: str) -> list[W]:
        """Inside the dialog in front first, because two may have a field of the same name."""
        front = QApplication.activeModalWidget()
        place = front if front is not None and front is not self.window else self.window
        if place.objectName() == name and isinstance(place, kind):
            return [place]
        return place.findChildren(kind, name)

    def click(self, name: str, inside: QWidget | None = None) -> None:
        """Click as somebody does who has seen what the list read last."""
        pages = self.window.findChildren(ListPage)
        self.wait(lambda: not any(page.panel_later.isActive() for page in pages))
        button = (
            self.find(name, QAbstractButton)
            if inside is None
            else inside.findChild(QAbstractButton, name)
        )
        assert isinstance(button, QAbstractButton), name
        assert button.isEnabled(), f"{name} is locked"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        line = self.find(name)
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(line, text)

    def press(self, name: str, key: Qt.Key, control: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.find(name), key, held)

    def text(self, name: str) -> str:
        return self.find(name, QLabel).text()

    def wait(self, happens: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(happens, timeout=30_000)

    def wait_gone(self, name: str) -> None:
        self.wait(lambda: not self.window.findChildren(QWidget, name))

    def choose(self, table: str, words: str) -> FrozenTable:
        """Put the cursor on the row that holds these words."""
        view = self.find(table, FrozenTable)

        def line() -> int:
            model = view.table_model
            for number, row in enumerate(model.shown_rows()):
                if any(words in column.text(row) for column in model.columns):
                    return number
            return -1

        self.wait(lambda: line() >= 0)
        view.setFocus()
        view.setCurrentIndex(view.model().index(line(), 1))
        return view

    def open_page(self, key: str) -> None:
        self.window.open_page(key)

    def open_tab(self, place: int) -> None:
        self.find("payouts_tabs", QTabWidget).setCurrentIndex(place)

    def tick(self, *rows: PayoutRow) -> None:
        """Tick payouts in To send by the space bar."""
        for row in rows:
            view = self.choose("to_send_table", row.number)
            QTest.keyClick(view, Qt.Key.Key_Space)

    def pay_dialog(self, *rows: PayoutRow) -> QWidget:
        """Open the page, tick these and press Pay selected…."""
        self.open_page("payouts")
        self.tick(*rows)
        self.click("pay_open")
        return self.find("pay_dialog")

    def confirm(self, password: str = PASSWORD) -> None:
        """Type the password and press Ctrl+Enter."""
        self.type("password", password)
        self.press("password", Qt.Key.Key_Return, control=True)

    def card(self, row: PayoutRow) -> QWidget:
        return self.find(f"payout_card_{row.number}")

    def card_says(self, row: PayoutRow, words: str) -> None:
        """Wait until the card of this payout holds these words."""

        def look() -> bool:
            cards = self._all(QWidget, f"payout_card_{row.number}")
            return any(words in said(card) for card in cards if card.isVisible())

        self.wait(look)


def said(widget: QWidget) -> str:
    """Everything that labels and buttons inside say, with the names of chips."""
    parts = [each.text() for each in widget.findChildren(QLabel)]
    parts += [each.text() for each in widget.findChildren(QAbstractButton)]
    parts += [each.accessibleName() for each in widget.findChildren(QWidget, "chip")]
    return "\n".join(parts).replace("\u00a0", " ")


@contextmanager
def seat(town: Town, qtbot: QtBot, theme: Theme, folder: Path, username: str) -> Iterator[Seat]:
    """This person signs in; the window is taken away at the end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    office = town.office.office
    messages = Messages(folder / "sacco-desktop.log")
    background = Background(office.lanes, office.books, messages.show)
    office.books.on_changed = background.announce
    window = MainWindow(
        app, theme, messages, WindowOffice("Umoja SACCO", World.PRACTICE, system_clock)
    )
    toasts: list[str] = []

    def show_paper(paper: Paper) -> None:
        PaperView(window, theme, background, paper).open()

    desk = Desk(
        background,
        office,
        theme,
        messages,
        system_clock,
        toasts.append,
        show_paper,
        window.open_page,
        Sending(background, office),
    )
    background.changed.connect(window.pages.hear_of_change)
    busy: dict[str, int] = {}
    background.busy_changed.connect(busy.__setitem__)
    person = town.person(username)
    background.actor = person
    window.show()
    window.welcome(
        person.full_name,
        username,
        (
            PageEntry("approvals", "Approvals", "list-checks", "", lambda: approvals_page(desk)),
            PageEntry("payouts", "Payouts", "send", "", lambda: payouts_page(desk)),
        ),
    )
    try:
        yield Seat(town, qtbot, window, desk, toasts)
    finally:
        office.books.on_changed = lambda _topics: None
        window.idle_watch.stop()
        qtbot.waitUntil(lambda: not any(busy.values()), timeout=30_000)
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
