"""The To send tab: what is approved, what still waits for a second person, and what came back failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.services.payout_cards import Chip, PayoutCard, SafeAction
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.actions import WORDS, PayoutActions
from sacco_desktop.ui.pages.payouts.columns import (
    CHIPS,
    TO_SEND,
    TO_SEND_FILTERS,
    history_steps,
    row_facts,
)
from sacco_desktop.ui.pages.payouts.reading import PayoutsView, ToSend
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.details_dialog import DetailsDialog
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)
        self._button = self.list.add_action(
            "pay_open", "Pay selected…", self.pay_chosen, kind=ButtonKind.PRIMARY
        )

    def show_view(self, view: PayoutsView) -> None:
        """The rows, and whether this person sees the button at all."""
        self._stands_still, self._may_send = view.stop is not None, view.may_send
        self.list.set_rows(view.to_send)
        self._button.setVisible(view.may_send)
        has_ready = any(each.card.chip is Chip.READY for each in view.to_send)
        self._button.setEnabled(view.stop is None and has_ready)
        self._button.setToolTip(
            _STANDS_STILL if view.stop else "" if has_ready else "No payout is ready to be sent."
        )

    def pay_chosen(self) -> None:
        """Ctrl+Enter: the ticked payouts, or the one under the cursor."""
        if not self._button.isEnabled() or self._button.isHidden():
            return
        ticked = self.list.table.table_model.ticked_rows()
        chosen = ticked or [row for row in [self.list.table.current_row()] if row is not None]
        ready = [each for each in chosen if each.card.chip is Chip.READY]
        if ready:
            self._pay(ready, len(chosen) - len(ready))
        elif chosen:
            self._desk.messages.tell(self.list, "Nothing was sent", chosen[0].locked_why)

    def _open(self, row: ToSend) -> None:
        """Enter: the same as the panel says, for windows too narrow for it."""
        DetailsDialog(self._desk.theme, "payout_details", self._details(row), self, None).open()

    def _details(self, each: ToSend) -> Details:
        card = each.card
        action, others = self._panel_actions(each)
        return Details(
            title=card.row.member_name,
            subtitle=f"{card.row.number} · loan {card.row.loan_number}",
            amount_cents=card.row.mpesa_cents,
            chip=CHIPS[card.chip],
            note=Note(f"{card.headline} {card.explanation}".strip(), ChipColour.BLUE),
            action=action,
            facts=row_facts(card.row),
            timeline=history_steps(card, self._desk.now),
            other_actions=others,
        )

    def _panel_actions(self, each: ToSend) -> tuple[PanelAction | None, tuple[PanelAction, ...]]:
        card = each.card
        if not self._may_send:
            return None, ()
        take_back = PanelAction("take_back", "Take back…", lambda: self._actions.take_back(card))
        if card.chip is Chip.READY:
            pay = PanelAction("pay_this", "Pay…", lambda: self._pay([each], 0))
            why = each.locked_why or (_STANDS_STILL if self._stands_still else "")
            if why:
                pay = PanelAction("pay_this", "Pay…", None, why)
            return pay, (take_back,)
        if card.action is SafeAction.ASK_APPROVAL:
            ask = WORDS[SafeAction.ASK_APPROVAL]
            again = PanelAction("ask_approval", ask, lambda: self._ask_again(card))
            late = PanelAction(
                "paid_after_all",
                "It was paid after all…",
                lambda: self._actions.paid_after_all(card),
            )
            return again, (take_back, late)
        return None, (take_back,)

    def _ask_again(self, card: PayoutCard) -> None:
        self._actions.do(SafeAction.ASK_APPROVAL, card)
