"""The page Reconciliation: one account, both sides of what is left over, one key for each line, and the signing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS
from sacco_desktop.services.books.work import Topic
from sacco_desktop.services.reconciling import (
    account_standing,
    auto_matching,
    line_settling,
    reconciliation_signing,
)
from sacco_desktop.services.reconciling.account_standing import (
    AccountStanding,
    MatchedLine,
    StandingQuestion,
)
from sacco_desktop.services.reconciling.line_settling import NEEDS_WORDS, Settle
from sacco_desktop.services.reconciling.statement_files import TakenIn
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_dialog import ListDialog
from sacco_desktop.ui.page import Page
from sacco_desktop.ui.pages.reconciliation.columns import MATCHED_COLUMNS
from sacco_desktop.ui.pages.reconciliation.papers import show_reconciliation
from sacco_desktop.ui.pages.reconciliation.settle_dialogs import (
    BeginningDialog,
    MatchDialog,
    SettleDialog,
    TakeBackDialog,
    UndoDialog,
)
from sacco_desktop.ui.pages.reconciliation.sides import Sides
from sacco_desktop.ui.pages.reconciliation.sign_dialogs import ReopenDialog, SignDialog
from sacco_desktop.ui.pages.reconciliation.take_in_dialog import TakeInDialog
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_TOPICS = frozenset({Topic.RECONCILING, Topic.LEDGER, Topic.PAYOUTS})


def reconciliation_page(desk: Desk) -> Page:
    """The page for the person at this desk."""
    return ReconciliationPage(desk).page()


class ReconciliationPage:
    """Reads one account at a time and carries out what the person asks of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._view: AccountStanding | None = None
        self._until: date | None = None
        # One key for each line that is shown, so that two presses of Enter settle it once.
        self._keys: dict[int, str] = {}
        self.sides = Sides(desk.theme, lambda: business_date(desk.now()))
        self._may_reverse = may(desk.actor.roles, Act.REVERSE_ENTRY)
        self._may_reopen = may(desk.actor.roles, Act.REOPEN_DAY)
        self._connect()

    def page(self) -> Page:
        """What the window gets."""
        sides = self.sides
        commands: dict[str, Callable[[], None]] = {
            "new": self.take_in,
            "refresh": self.match_again,
            "reverse": self.take_back,
            "print": self.print_paper,
            "next_problem": sides.go_on,
            "match": self.match_ticked,
            "main_action": self.sign,
        }
        panes: tuple[QWidget, ...] = (sides.bar, sides.lines, sides.books)
        return Page(sides, sides, commands, panes, _TOPICS, self.read, self.go_to)

    def go_to(self, place: str) -> None:
        """An account by its code (`1031`)."""
        if place in {one.code for one in MONEY_ACCOUNTS}:
            self.sides.account.choose(place)
            self._choose()

    def read(self) -> None:
        """Read the account again."""
        question = StandingQuestion(str(self.sides.account.value()), self._until)
        self._desk.background.read(
            account_standing.standing, question, owner=self.sides, done=self.show
        )

    def show(self, view: AccountStanding) -> None:
        """Show an account as it stands, unless another one was chosen meanwhile."""
        if view.account.code != self.sides.account.value():
            return
        self._view = view
        known = {one.finding.line.line_id for one in view.lines}
        self._keys = {key: self._keys.get(key) or uuid4().hex for key in known}
        self.sides.show_view(view, may_reopen=self._may_reopen)
        self._desk.background.read(
            account_standing.list_accounts, None, owner=self.sides, done=self.sides.name_accounts
        )

    def settle(self) -> None:
        """Enter on a line: what its button says."""
        left = self.sides.lines.current_row()
        view = self._view
        if left is None or view is None or not view.may_settle:
            return
        if left.finding.kind in NEEDS_WORDS or len(left.finding.attempts) > 1:
            SettleDialog(self._desk, self.sides, left, self._done).open()
            return
        line_id = left.finding.line.line_id
        given = Settle(self._keys[line_id], line_id, left.finding.kind)
        self._desk.background.write(
            line_settling.settle, given, owner=self.sides, done=self._done, failed=self._failed
        )

    def match_ticked(self) -> None:
        """Ctrl+M."""
        view = self._view
        lines = self.sides.lines.table_model.ticked_rows()
        books = self.sides.books.table_model.ticked_rows()
        if view is None or not view.may_settle:
            return
        if len(lines) + len(books) < 2:
            self._desk.toast("Tick the rows that belong together with Space, on one side or both.")
            return
        ticked = (view.account.code, lines, books)
        MatchDialog(self._desk, self.sides, ticked, self._done).open()

    def match_again(self) -> None:
        """F5: what was booked or taken back since finds its line by its receipt; then read again."""
        view = self._view
        if view is None or not view.may_settle or view.told is None:
            self.read()
            return
        self._desk.background.write(
            auto_matching.match_by_receipt,
            view.account.code,
            owner=self.sides,
            done=lambda _count: self.read(),
            failed=self._failed,
        )

    def take_back(self) -> None:
        """Ctrl+Shift+V on an entry that the statement does not know."""
        book = self.sides.books.current_row()
        if book is None or self._view is None or not self._may_reverse:
            return
        if not self.sides.books.hasFocus():
            self._desk.toast("Choose the entry on the side of the books first.")
            return
        TakeBackDialog(self._desk, self.sides, book).open()

    def take_in(self) -> None:
        """Ctrl+N."""

        def done(taken: TakenIn) -> None:
            self.sides.account.choose(taken.account)
            self._until = None
            self._done(taken.words)

        TakeInDialog(self._desk, self.sides, str(self.sides.account.value()), done).open()

    def sign(self) -> None:
        """Ctrl+Enter: both sign what is shown; when it is signed already, its paper is shown."""
        view = self._view
        if view is None:
            return
        if view.why_not_sign:
            self._desk.toast(view.why_not_sign)
            return

        def ask(signers: Any) -> None:
            SignDialog(self._desk, self.sides, view, signers, self.print_paper).open()

        self._desk.background.read(
            reconciliation_signing.who_can_sign, None, owner=self.sides, done=ask
        )

    def reopen(self) -> None:
        """Open the last signed days again."""
        view = self._view
        if view is None or view.signed_until is None:
            return

        def ask(signers: Any) -> None:
            ReopenDialog(self._desk, self.sides, view, signers).open()

        self._desk.background.read(
            reconciliation_signing.who_can_reopen, None, owner=self.sides, done=ask
        )

    def print_paper(self) -> None:
        """Ctrl+P: the paper of what is shown, signed or not."""
        if self._view is not None:
            show_reconciliation(self._desk, self.sides, self._view)

    def show_matched(self) -> None:
        """What is matched, and the way to undo one of it."""
        view = self._view
        if view is None:
            return
        plan: ListPlan[MatchedLine] = ListPlan(
            name="matched_lines",
            one="matched line",
            many="matched lines",
            columns=MATCHED_COLUMNS,
            key=lambda row: (row.match_id, row.receipt, row.cents),
            empty=EmptyList("Nothing is matched yet."),
            details=lambda row: self._matched_details(row, may_undo=view.may_settle),
        )
        question = StandingQuestion(view.account.code)
        ListDialog(
            self._desk,
            self.sides,
            f"Matched on {view.account.title}",
            plan,
            lambda work, _nothing: account_standing.list_matched(work, question),
        ).open()

    def _matched_details(self, row: MatchedLine, *, may_undo: bool) -> Details:
        undo = PanelAction(
            "undo_match",
            "Undo this match…",
            lambda: UndoDialog(self._desk, self.sides, row, self._done).open(),
        )
        return Details(
            title=row.receipt or "No receipt",
            subtitle=row.words,
            amount_cents=row.cents,
            facts=(("Matched", row.how), ("Entry", str(row.entry_number or "not made for it"))),
            action=undo if may_undo else None,
        )

    def _begin(self) -> None:
        if self._view is not None:
            BeginningDialog(self._desk, self.sides, self._view, self._done).open()

    def _done(self, words: str) -> None:
        self._desk.toast(words)
        self.read()

    def _failed(self, error: BaseException) -> None:
        self._desk.show(error, self.sides)
        self.read()

    def _choose(self) -> None:
        self._until = None
        self.read()

    def _redate(self, day: date | None) -> None:
        self._until = day
        self.read()

    def _connect(self) -> None:
        sides = self.sides
        sides.account.activated.connect(lambda _place: self._choose())
        sides.redated.connect(self._redate)
        sides.lines.opened.connect(lambda _row: self.settle())
        sides.act.clicked.connect(self.settle)
        for button, act in (
            (sides.take_in, self.take_in),
            (sides.match, self.match_ticked),
            (sides.print, self.print_paper),
            (sides.sign, self.sign),
            (sides.matched, self.show_matched),
            (sides.begin, self._begin),
            (sides.reopen, self.reopen),
        ):
            button.clicked.connect(lambda _checked=False, do=act: do())
