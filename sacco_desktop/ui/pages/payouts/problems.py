"""The Problems tab: notices from M-Pesa that could not be applied, kept as they came until somebody has looked."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from sacco_desktop.operations.sync_relays import retry_parked
from sacco_desktop.services.feed.relay_feed import ParkedEntry
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.columns import PARKED
from sacco_desktop.ui.pages.payouts.let_rest_dialog import open_let_rest_dialog
from sacco_desktop.ui.pages.payouts.paid_after_all_dialog import open_paid_after_all
from sacco_desktop.ui.pages.payouts.reading import PayoutsView
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

# More of a body than a person reads; the whole of it stays in the books.
_MOST_LETTERS = 20_000


class ProblemsTab(QWidget):
    """The list above; below it why the notice under the cursor waits, and the notice itself as plain text."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("problems_tab")
        plan: ListPlan[ParkedEntry] = ListPlan(
            name="parked",
            one="notice",
            many="notices",
            columns=PARKED,
            key=lambda entry: entry.entry_id,
            empty=EmptyList("No notice waits. What cannot be applied is kept here and never lost."),
        )
        self.list = ListPage(desk.theme, plan)
        self.list.current_changed.connect(self._show_notice)
        self._rest = self.list.add_action("let_rest_open", "Let rest…", self._let_rest)
        self._late = self.list.add_action(
            "paid_after_all_open", "It was paid after all…", self._paid
        )
        self._again = self.list.add_action("try_parked_again", "Try all again", self._try_again)
        self._why = Callout(desk.theme)
        self.body = QPlainTextEdit()
        self.body.setObjectName("parked_body")
        self.body.setAccessibleName("The notice as it came")
        self.body.setReadOnly(True)
        self.body.setTabChangesFocus(True)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(L, S, L, L)
        below.setSpacing(S)
        below.addWidget(self._why)
        below.addWidget(plain_label("The notice as it came", TextRole.SECONDARY))
        below.addWidget(self.body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self._below, 1)
        lead_focus(self, self.list)

    def show_view(self, view: PayoutsView) -> None:
        """The oldest notice first."""
        self.list.set_rows(view.parked)
        self._below.setVisible(bool(view.parked))
        self._rest.setVisible(bool(view.parked))
        self._again.setVisible(bool(view.parked))
        self._late.setVisible(view.may_settle and any(map(_speaks_of_a_failure, view.parked)))
        self._rest.setEnabled(view.may_settle)
        self._rest.setToolTip("" if view.may_settle else "A treasurer does this.")

    def _show_notice(self, entry: ParkedEntry | None) -> None:
        self._why.say("" if entry is None else entry.reason, title="Why it waits")
        self.body.setPlainText("" if entry is None else readable(entry.body))
        can = entry is not None and _speaks_of_a_failure(entry)
        self._late.setEnabled(can)
        self._late.setToolTip(
            "" if can else "The notice under the cursor is about another payment."
        )

    def _paid(self) -> None:
        entry: ParkedEntry | None = self.list.table.current_row()
        if entry is not None and entry.failed_attempt_id is not None:
            open_paid_after_all(self._desk, self, entry.failed_attempt_id)

    def _try_again(self) -> None:
        """Trying again can only do what the clock does too, so anybody who sees the page may ask for it."""
        self._again.setEnabled(False)
        self._desk.background.operate(
            lambda: retry_parked(self._desk.office),
            owner=self,
            done=self._tried,
            failed=self._not_tried,
        )

    def _tried(self, settled: int) -> None:
        self._again.setEnabled(True)
        still = (
            "They wait for the same reasons as before." if not settled else "They no longer wait."
        )
        count = "No notice was settled." if not settled else f"Settled: {settled}."
        self._desk.toast(f"{count} {still}")

    def _not_tried(self, error: BaseException) -> None:
        self._again.setEnabled(True)
        self._desk.show(error, self)

    def _let_rest(self) -> None:
        entry: ParkedEntry | None = self.list.table.current_row()
        if entry is not None:
            open_let_rest_dialog(self._desk, self, entry)


def _speaks_of_a_failure(entry: ParkedEntry) -> bool:
    return entry.failed_attempt_id is not None


def readable(body: bytes) -> str:
    """The body as text; bytes that are no text are shown as such, and what cannot be seen is spelt out."""
    text = body.decode("utf-8", "backslashreplace")
    kept = text[:_MOST_LETTERS]
    shown = "".join(
        letter if letter.isprintable() or letter in "\n\t" else f"\\u{ord(letter):04x}"
        for letter in kept.replace("\r\n", "\n")
    )
    return shown if len(text) == len(kept) else f"{shown}\n… and {len(text) - len(kept):,} more"
