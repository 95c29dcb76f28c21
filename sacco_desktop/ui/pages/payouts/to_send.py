"""The To send tab: what is approved, what still waits for a second person, and what came back failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.payouts import payout_holds
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_cards import Chip, PayoutCard, SafeAction
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.actions import WORDS, PayoutActions
from sacco_desktop.ui.pages.payouts.by_hand import PAY_WORDS
from sacco_desktop.ui.pages.payouts.columns import (
    CHIPS,
    TO_SEND,
    TO_SEND_FILTERS,
    for_words,
    history_steps,
    row_facts,
)
from sacco_desktop.ui.pages.payouts.reading import PayoutsView, ToSend, locked_why
from sacco_desktop.ui.payment_dialog import PaymentDialog, asked_words
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan

_STANDS_STILL = "Sending stands still; the bar above says why."


class ToSendTab(QWidget):
    """`pay` opens the Pay dialog for these payouts, and tells it how many ticked ones cannot be sent yet."""

    def __init__(
        self, desk: Desk, actions: PayoutActions, pay: Callable[[Sequence[ToSend], int], None]
    ) -> None:
        super().__init__()
        self.setObjectName("to_send_tab")
        self._stands_still = self._may_send = False
        self._rows: tuple[ToSend, ...] = ()
        # Why the payout under the cursor is locked, by its id, as it was last asked.
        self._why = (0, "")
        self._desk, self._actions, self._pay = desk, actions, pay
        plan: ListPlan[ToSend] = ListPlan(
            name="to_send",
            one="payout",
            many="payouts",
            columns=TO_SEND,
            key=lambda each: each.row.payout_id,
            empty=EmptyList("No payout waits here. A treasurer asks for one from the Loans page."),
            details=self._details,
            filters=TO_SEND_FILTERS,
            has_ticks=True,
        )
        self.list = ListPage(desk.theme, plan)
        self.list.opened.connect(self._open)
        self.list.current_changed.connect(self._ask_why)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        lead_focus(self, self.list)
        self._button = self.list.add_action(
            "pay_open", "Pay selected…", self.pay_chosen, kind=ButtonKind.PRIMARY
        )
        self._new = self.list.add_action("payment_open", "New payment…", self.ask_for_payment)
        self._file = self.list.add_action("bank_file_open", "Make bank file…", self.make_file)
        # Seen as soon as it is known whether they are of any use to this person.
        self._new.hide()
        self._file.hide()

    def show_view(self, view: PayoutsView) -> None:
        """The rows, and whether this person sees the button at all."""
        self._stands_still, self._may_send = view.stop is not None, view.may_send
        self.list.set_rows(view.to_send)
        self._button.setVisible(view.may_send)
        self._new.setVisible(may(self._desk.actor.roles, Act.REQUEST_PAYOUT))
        has_ready = any(_goes_by_mpesa(each) for each in view.to_send)
        self._show_file_button(view)
        self._button.setEnabled(view.stop is None and has_ready)
        self._button.setToolTip(
            _STANDS_STILL
            if view.stop
            else ""
            if has_ready
            else "No payout by M-Pesa is ready to be sent."
        )

    def pay_chosen(self) -> None:
        """Ctrl+Enter: the ticked payouts, or the one under the cursor."""
        if not self._button.isEnabled() or self._button.isHidden():
            return
        ticked = self.list.table.table_model.ticked_rows()
        chosen = ticked or [row for row in [self.list.table.current_row()] if row is not None]
        ready = [each for each in chosen if _goes_by_mpesa(each)]
        if ready:
            self._pay(ready, len(chosen) - len(ready))
        elif chosen:
            first = chosen[0]
            why = self._locked_why(first) or f"{first.row.number} is not paid by M-Pesa."
            self._desk.messages.tell(self.list, "Nothing was sent", why)

    def ask_for_payment(self) -> None:
        """A payment that is no loan."""
        PaymentDialog(self._desk, self, lambda row: self._desk.toast(asked_words(row))).open()

    def make_file(self) -> None:
        """One file of the ticked payouts by bank, or of all that are ready."""
        ticked = self.list.table.table_model.ticked_rows()
        chosen = [each for each in ticked or self._rows if _goes_into_file(each)]
        if chosen:
            self._actions.by_hand.make_file([each.row for each in chosen])
        else:
            words = "None of the ticked payouts is ready and goes by bank."
            self._desk.messages.tell(self.list, "No file was made", words)

    def _show_file_button(self, view: PayoutsView) -> None:
        self._rows = view.to_send
        has_any = any(_goes_into_file(each) for each in view.to_send)
        self._file.setVisible(view.may_send and has_any)

    def _open(self, row: ToSend) -> None:
        """Enter: the same as the panel says, for windows too narrow for it."""
        DetailsDialog(self._desk.theme, "payout_details", self._details(row), self, None).open()

    def _details(self, each: ToSend) -> Details:
        card = each.card
        action, others = self._panel_actions(each)
        return Details(
            title=card.row.member_name,
            subtitle=f"{card.row.number} · {for_words(card.row)}",
            amount_cents=card.row.paid_cents,
            chip=CHIPS[card.chip],
            note=Note(f"{card.headline} {card.explanation}".strip(), ChipColour.BLUE),
            action=action,
            facts=row_facts(card.row),
            timeline=history_steps(card, self._desk.now),
            other_actions=(*others, self._file_of(card.row)),
        )

    def _panel_actions(self, each: ToSend) -> tuple[PanelAction | None, tuple[PanelAction, ...]]:
        card = each.card
        hold = self._hold_of(card)
        if card.row.way is Way.CASH and card.chip is Chip.READY and not self._may_send:
            return self._by_hand(each), hold
        if not self._may_send:
            return None, hold
        take_back = self._take_back_of(card)
        if card.chip is Chip.ON_HOLD:
            return self._release_of(card), (take_back,)
        if card.chip is Chip.READY:
            main = self._pay_of(each) if card.row.way is Way.MPESA else self._by_hand(each)
            return main, (*hold, take_back)
        if card.action is SafeAction.ASK_APPROVAL:
            ask = WORDS[SafeAction.ASK_APPROVAL]
            again = PanelAction("ask_approval", ask, lambda: self._ask_again(card))
            if card.row.attempt_id is None:
                return again, (take_back,)
            late = PanelAction(
                "paid_after_all",
                "It was paid after all…",
                lambda: self._actions.paid_after_all(card.row),
            )
            return again, (take_back, late)
        return None, (take_back,)

    def _hold_of(self, card: PayoutCard) -> tuple[PanelAction, ...]:
        """Whoever has to do with payouts may stop one that has not left."""
        may_hold = any(may(self._desk.actor.roles, act) for act in payout_holds.MAY_HOLD)
        if card.chip is not Chip.READY or not may_hold:
            return ()
        return (PanelAction("hold", "Put on hold…", lambda: self._actions.hold(card.row)),)

    def _release_of(self, card: PayoutCard) -> PanelAction:
        return PanelAction("release", "Release…", lambda: self._actions.release(card.row))

    def _take_back_of(self, card: PayoutCard) -> PanelAction:
        return PanelAction("take_back", "Take back…", lambda: self._actions.take_back(card))

    def _pay_of(self, each: ToSend) -> PanelAction:
        why = self._locked_why(each) or (_STANDS_STILL if self._stands_still else "")
        do = None if why else lambda: self._pay([each], 0)
        return PanelAction("pay_this", "Pay…", do, why)

    def _file_of(self, row: PayoutRow) -> PanelAction:
        words = "Payment file…"
        return PanelAction("payment_file", words, lambda: self._actions.payment_file(row))

    def _ask_why(self, each: ToSend | None) -> None:
        """Whether the payout under the cursor may go is asked for it alone; the answer for a list would take long."""
        if each is None or each.card.chip is not Chip.READY:
            return
        payout_id = each.row.payout_id

        def answered(why: str) -> None:
            if self._why != (payout_id, why):
                self._why = payout_id, why
                self.list.refresh_details()

        self._desk.background.read(locked_why, payout_id, owner=self, done=answered)

    def _locked_why(self, each: ToSend) -> str:
        payout_id, why = self._why
        return why if payout_id == each.row.payout_id else each.locked_why

    def _by_hand(self, each: ToSend) -> PanelAction:
        words, why = PAY_WORDS[each.row.way], self._locked_why(each)
        do = None if why else lambda: self._actions.by_hand.pay(each.card)
        return PanelAction("pay_by_hand", words, do, why)

    def _ask_again(self, card: PayoutCard) -> None:
        self._actions.do(SafeAction.ASK_APPROVAL, card)


def _goes_by_mpesa(each: ToSend) -> bool:
    return each.card.chip is Chip.READY and each.row.way is Way.MPESA


def _goes_into_file(each: ToSend) -> bool:
    return each.card.chip is Chip.READY and each.row.way is Way.BANK
