"""The tab Without owner: payments that wait, the oldest first, given to their owners with the keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.collecting import payment_list
from sacco_desktop.services.collecting.owner_requests import OwnersGiven
from sacco_desktop.services.collecting.payment_card import PaymentCard
from sacco_desktop.services.collecting.payment_list import PaymentRow, Stand, Waiting
from sacco_desktop.services.collecting.suggestions import Suggestion
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.collections.columns import INBOX_FILTERS, inbox_columns
from sacco_desktop.ui.pages.collections.give_many_dialog import GiveManyDialog
from sacco_desktop.ui.pages.collections.give_strip import GiveStrip
from sacco_desktop.ui.pages.collections.guesses import Guesses
from sacco_desktop.ui.pages.collections.payment_tab import PaymentTab
from sacco_desktop.ui.pages.collections.share_dialog import FirstShare, ShareDialog
from sacco_desktop.ui.tabbed_page import Actions, Commands
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan
from sacco_desktop.ui.widgets.member_picker import FoundMember

_UNREAD = "The payments without owner could not be read. Nothing is lost; the other pages work."
_NOTHING = "All money has an owner. What M-Pesa tells of next appears here by itself."
_CAN_BE_GIVEN = (Stand.NO_OWNER, Stand.PART)


class InboxTab(PaymentTab):
    """Enter on a payment goes to the strip below the list: member, purpose, Enter; then the next payment waits."""

    title = "Without owner"
    key = "inbox"

    def __init__(self, desk: Desk) -> None:
        self._may_give = may(desk.actor.roles, Act.TAKE_DEPOSIT)
        super().__init__(desk, self._plan())
        self._wants_every = False
        self._next_key: int | None = None
        self.strip = GiveStrip(desk, self._gave, self._share)
        self.strip.left_upwards.connect(self.list.table.setFocus)
        self.widget = _together(self.list, self.strip)
        self.strip.setVisible(self._may_give)
        self.list.older.asked.connect(self._want_every)
        self.list.filter_bar.wanted_changed.connect(self._want_every_to_find)
        self.list.filter_bar.saved_changed.connect(self._want_every_to_find)
        self._is_part = False
        self._guesses = Guesses(desk, self.list, self._take_guess)
        if self._may_give:
            self.list.current_changed.connect(self._read_guesses)
            self.list.current_changed.connect(self._show_in_strip)
            self.list.opened.connect(self._begin)
            self.list.add_tick_action("give_many", "Give ticked…", self._give_many)

    def read(self) -> None:
        """Read what waits again; at first the oldest, all of them once somebody asked for that."""
        self.list.show_loading()
        owner: QObject = self.list
        self.desk.background.read_anew(
            payment_list.list_waiting,
            self._wants_every,
            owner=owner,
            done=self._show,
            failed=self._failed,
        )

    def commands(self) -> Commands:
        if not self._may_give:
            return {}
        return {"main_action": lambda: self._with_row(self._begin)}

    def more_panes(self) -> tuple[QWidget, ...]:
        return (self.strip.owner,) if self._may_give else ()

    def actions_of(self, row: PaymentRow, card: PaymentCard | None) -> Actions:
        """Give it, share it, or look where it waits."""
        main, others = None, []
        if self._may_give and row.stand in _CAN_BE_GIVEN:
            main = PanelAction("give_payment", "Give to member", lambda: self._begin(row))
            others.append(
                PanelAction("share_payment", "Share among several…", lambda: self._share(row, None))
            )
        if row.stand is Stand.ASKED:
            to_approvals = partial(self.desk.open_page, "approvals")
            others.append(PanelAction("to_approvals", "Open Approvals", to_approvals))
        if row.owners and ", " in row.owners[0]:
            others.append(self.to_member(row.owners[0].rpartition(", ")[2]))
        return main, tuple(others)

    def details(self, row: PaymentRow) -> Details:
        return self._guesses.told(row, super().details(row))

    def _read_guesses(self, row: PaymentRow | None) -> None:
        if row is not None and row.stand in _CAN_BE_GIVEN:
            self._guesses.read(row)

    def _take_guess(self, row: PaymentRow, guess: Suggestion) -> None:
        """The guess stands in the line below, and Enter there gives the payment."""
        self._show_in_strip(row)
        only = guess.shares[0] if len(guess.shares) == 1 else None
        key = None if only is None else (only.purpose, only.loan_id, only.application_id)
        member = FoundMember(guess.member_id, guess.number, guess.full_name, "", "")
        self.strip.begin_with(FirstShare(member, key))

    def _show(self, found: Waiting) -> None:
        self._is_part = len(found.rows) < found.count
        self._guesses.forget()
        self.forget_cards()
        self.list.show_behind("")
        self.list.set_rows(found.rows)
        hidden = found.count - len(found.rows)
        if hidden:
            self.list.older.offer(
                f"Show all {found.count:,}: {hidden:,} younger ones are not listed"
            )
        self.list.older.setVisible(bool(hidden))
        if self._next_key is not None:
            self.list.table.select_key(self._next_key)
            self._next_key = None
        self._show_in_strip(self.list.table.current_row())

    def _failed(self, error: BaseException) -> None:
        self.list.show_failed(_UNREAD, self.read)
        if not isinstance(error, SaccoError):
            self.desk.show(error, self.list)

    def _want_every(self) -> None:
        self._wants_every = True
        self.list.show_behind("The other payments are being read.")
        self.read()

    def _want_every_to_find(self, wanted: str) -> None:
        """Only among all of them can one be found for sure."""
        if wanted and self._is_part and not self._wants_every:
            self._want_every()

    def _show_in_strip(self, row: PaymentRow | None) -> None:
        can_be_given = row is not None and row.stand in _CAN_BE_GIVEN
        why = "" if row is None or can_be_given else row.why
        self.strip.show_payment(row if can_be_given else None, why)
        self.strip.setVisible(self._may_give and row is not None)

    def _begin(self, row: PaymentRow) -> None:
        if row.stand in _CAN_BE_GIVEN:
            self._show_in_strip(row)
            self.strip.begin()

    def _gave(self, row: PaymentRow, done: OwnersGiven) -> None:
        """The next payment is under the cursor when this one is gone."""
        self.desk.toast(done.words)
        shown: Sequence[PaymentRow] = self.list.table.table_model.shown_rows()
        keys = [one.receipt_id for one in shown]
        place = keys.index(row.receipt_id) if row.receipt_id in keys else -1
        following = keys[place + 1 : place + 2] or keys[place - 1 : place]
        if not done.left_cents or done.is_asked:
            self._next_key = following[0] if following else None
        self.list.table.setFocus()

    def _share(self, row: PaymentRow, first: FirstShare | None) -> None:
        done = partial(self._gave, row)
        ShareDialog(self.desk, self.list, row, first, done).open()

    def _give_many(self, rows: Sequence[PaymentRow]) -> None:
        can = [row for row in rows if row.stand in _CAN_BE_GIVEN]
        if not can:
            self.desk.toast("None of the ticked payments can be given away now.")
            return
        GiveManyDialog(self.desk, self.list, can).open()

    def _plan(self) -> ListPlan[PaymentRow]:
        return ListPlan(
            name="inbox",
            one="payment",
            many="payments",
            columns=inbox_columns(),
            key=lambda row: row.receipt_id,
            empty=EmptyList(_NOTHING),
            details=self.details,
            filters=INBOX_FILTERS,
            has_ticks=self._may_give,
        )


def _together(rows: QWidget, strip: QWidget) -> QWidget:
    box = QWidget()
    box.setObjectName("inbox_tab")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(rows, 1)
    column.addWidget(strip)
    lead_focus(box, rows)
    return box
