"""What the page Reconciliation shows: the balances, both sides of what is left over, and what one key does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS
from sacco_desktop.domain.reconciling.difference import Explained, Why
from sacco_desktop.domain.reconciling.statement import Source
from sacco_desktop.services.reconciling.account_standing import (
    AccountLine,
    AccountStanding,
    LeftLine,
)
from sacco_desktop.ui.pages.reconciliation.columns import BOOK_COLUMNS, STATEMENT_COLUMNS
from sacco_desktop.ui.pages.reconciliation.words import (
    account_state,
    act_words,
    finding_words,
    line_words,
)
from sacco_desktop.ui.theme.sizes import XS, L, M, S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.day_field import DayField
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button

_MOST_REASONS = 4


class Sides(QWidget):
    """`redated` brings the day up to which the account is looked at, or None for all that is known."""

    redated = Signal(object)

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName("reconciliation_page")
        self.bar = QWidget()
        self.bar.setObjectName("filter_bar")
        self.bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.account = ChoiceBox("account", [(one.code, one.title) for one in MONEY_ACCOUNTS])
        self.account.setAccessibleName("Account")
        self.until = DayField("until", today)
        self.until.setAccessibleName("Up to")
        self.take_in = push_button("Take a statement in…", name="take_in")
        self.match = push_button("Match ticked…  Ctrl+M", name="match")
        self.print = push_button("Print…", name="print_reconciliation")
        self.sign = push_button("Sign…", name="sign", kind=ButtonKind.PRIMARY)
        self.statement = plain_label("", TextRole.STRONG, name="statement_closes")
        self.in_books = plain_label("", TextRole.STRONG, name="books_have")
        self.difference = plain_label("", TextRole.STRONG, name="difference")
        self.why = Callout(theme, "", ChipColour.BLUE)
        self.why.setObjectName("why")
        self.lines = FrozenTable(
            theme,
            STATEMENT_COLUMNS,
            lambda row: row.finding.line.line_id,
            name="statement_lines",
            ticks=True,
        )
        self.books = FrozenTable(
            theme, BOOK_COLUMNS, lambda row: row.posting_id, name="book_lines", ticks=True
        )
        self.lines_title = plain_label("", TextRole.SECTION, name="lines_title")
        self.books_title = plain_label("", TextRole.SECTION, name="books_title")
        self.says = plain_label("", name="line_says", wraps=True)
        self.does = plain_label("", TextRole.SECONDARY, name="line_does", wraps=True)
        self.act = push_button("", name="settle", kind=ButtonKind.PRIMARY)
        self.matched = push_button("", name="show_matched", kind=ButtonKind.LINK)
        self.begin = push_button("Book the beginning…", name="begin", kind=ButtonKind.LINK)
        self.reopen = push_button("Reopen…", name="reopen", kind=ButtonKind.LINK)
        self._may_settle = False
        self._lay_out()
        self.lines.current_changed.connect(self._show_line)
        self.until.settled.connect(self._redate)
        self._shown_until: date | None = None
        lead_focus(self, self.lines)

    def show_view(self, view: AccountStanding, *, may_reopen: bool) -> None:
        """Show an account as it stands."""
        self._may_settle = view.may_settle
        told = view.told
        self._shown_until = view.until
        self.until.set_day(view.until)
        self.lines.set_rows(view.lines)
        self.books.set_rows(view.postings)
        self.lines_title.setText(f"Statement, left over {len(view.lines):,}")
        self.books_title.setText(f"Books, left over {len(view.postings):,}")
        self.statement.setText(
            "" if told is None else f"Statement closes {format_amount(told.statement_cents)}"
        )
        self.in_books.setText("" if told is None else f"Books {format_amount(told.books_cents)}")
        self.difference.setText(
            "" if told is None else f"Difference {format_amount(told.difference_cents)}"
        )
        self.why.say(*_state(view))
        self.matched.setText(f"{view.matched:,} matched since the last signing")
        self.matched.setVisible(told is not None)
        self.begin.setVisible(bool(view.beginning_cents) and view.may_settle)
        self.reopen.setVisible(view.signed_until is not None and may_reopen)
        self.take_in.setEnabled(view.may_settle)
        self.match.setEnabled(view.may_settle)
        self.sign.setEnabled(view.may_settle and not view.why_not_sign)
        self.sign.setToolTip(view.why_not_sign)
        self._show_line(self.lines.current_row())

    def name_accounts(self, lines: Sequence[AccountLine]) -> None:
        """Say beside each account how it stands; the chosen one stays chosen."""
        chosen = self.account.value()
        self.account.set_choices([(one.account.code, account_state(one)) for one in lines])
        self.account.choose(chosen)

    def go_on(self) -> None:
        """F8: the next line that is left over, from the first again after the last."""
        model = self.lines.table_model
        if not model.rowCount():
            return
        line = (self.lines.currentIndex().row() + 1) % model.rowCount()
        key = model.key_at(line)
        if key is not None:
            self.lines.select_key(key)
        self.lines.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _show_line(self, left: LeftLine | None) -> None:
        """What the line under the cursor is, and what Enter does."""
        self.act.setVisible(left is not None and self._may_settle)
        self.does.setVisible(left is not None)
        if left is None:
            self.says.setText("Nothing of the statement is left over.")
            return
        self.says.setText(line_words(left))
        self.does.setText(finding_words(left.finding))
        self.act.setText(f"{act_words(left.finding)}  Enter")

    @Slot()
    def _redate(self) -> None:
        day = self.until.day()
        if day != self._shown_until:
            self.redated.emit(day)

    def _lay_out(self) -> None:
        flow_of_bar = QHBoxLayout(self.bar)
        flow_of_bar.setContentsMargins(L, S, L, S)
        flow_of_bar.setSpacing(L)
        left = QWidget()
        flow = FlowLayout(left, S)
        up_to = plain_label("Up to")
        up_to.setBuddy(self.until)
        for part in (
            self.account,
            up_to,
            self.until,
            self.statement,
            self.in_books,
            self.difference,
        ):
            flow.addWidget(part)
        flow_of_bar.addWidget(left, 1)
        for button in (self.take_in, self.match, self.print, self.sign):
            flow_of_bar.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(_padded(self.why))
        column.addWidget(self._tables(), 1)
        column.addWidget(self._foot())

    def _tables(self) -> QWidget:
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("both_sides")
        both.setChildrenCollapsible(False)
        for title, table in ((self.lines_title, self.lines), (self.books_title, self.books)):
            side = QWidget()
            column = QVBoxLayout(side)
            is_last = table is self.books
            column.setContentsMargins(L, S, L if is_last else 0, 0)
            column.setSpacing(S)
            column.addWidget(title)
            column.addWidget(table, 1)
            both.addWidget(side)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        return both

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setObjectName("foot")
        words = QVBoxLayout()
        words.setSpacing(XS)
        words.addWidget(self.says)
        words.addWidget(self.does)
        links = QHBoxLayout()
        links.setSpacing(M)
        for link in (self.matched, self.begin, self.reopen):
            links.addWidget(link)
        links.addStretch(1)
        words.addLayout(links)
        row = QHBoxLayout(foot)
        row.setContentsMargins(L, S, L, S)
        row.setSpacing(L)
        row.addLayout(words, 1)
        row.addWidget(self.act, 0, Qt.AlignmentFlag.AlignTop)
        return foot


def _padded(part: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(L, S, L, 0)
    row.addWidget(part)
    return box


def _state(view: AccountStanding) -> tuple[str, ChipColour, str]:
    """The word for the account, with every cent of the difference."""
    told = view.told
    if told is None:
        is_bank = view.account.source is Source.BANK
        whose = "the bank" if is_bank else view.account.title
        what = "statement of the bank" if is_bank else "organisation statement of this account"
        words = f"Take the {what} in. Nothing is changed before you agree."
        return words, ChipColour.BLUE, f"No statement of {whose} is here yet"
    signed = view.signed_until
    if signed is not None and signed >= view.until:
        words = f"Up to {format_date(signed)}. Nothing of those days changes any more."
        return words, ChipColour.GREEN, "Balanced and signed"
    if told.is_balanced:
        why = view.why_not_sign or "Two people can sign it now."
        return (
            f"{_other_days(told)}{why}",
            ChipColour.GREEN,
            f"Balanced up to {format_date(view.until)}",
        )
    return _why(told), ChipColour.AMBER, f"Why {format_amount(told.difference_cents)}?"


def _why(told: Explained) -> str:
    named = [f"{one.words} {format_amount(one.cents)}" for one in told.left_over[:_MOST_REASONS]]
    rest = told.left_over[_MOST_REASONS:]
    if rest:
        named.append(f"{len(rest):,} more {format_amount(sum(one.cents for one in rest))}")
    named.append(f"unexplained {format_amount(told.unexplained_cents)}")
    return f"{' · '.join(named)}. {_other_days(told)}".strip()


def _other_days(told: Explained) -> str:
    other = [one for one in told.reasons if one.why is Why.OTHER_DAY]
    if not other:
        return ""
    count = "1 sum is" if len(other) == 1 else f"{len(other):,} sums are"
    return f"{count} booked on another day, {format_amount(told.other_day_cents)}. "
