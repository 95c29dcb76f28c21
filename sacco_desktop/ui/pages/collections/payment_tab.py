"""What the two lists of payments have in common: the panel of a payment reads both of its entries."""

from __future__ import annotations

from sacco_desktop.services.collecting import payment_card
from sacco_desktop.services.collecting.payment_card import PaymentCard
from sacco_desktop.services.collecting.payment_list import PaymentRow, Stand
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.give_back_dialogs import may_give_back, open_give_back
from sacco_desktop.ui.pages.collections.columns import payment_details
from sacco_desktop.ui.tabbed_page import Actions, PageTab
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import ListPlan


class PaymentTab(PageTab[PaymentRow]):
    """Keeps the cards of the payments that were looked at since the list was read."""

    def __init__(self, desk: Desk, plan: ListPlan[PaymentRow]) -> None:
        self._cards: dict[int, PaymentCard | None] = {}
        super().__init__(desk, plan)
        self.list.current_changed.connect(self._read_card)

    def actions_of(self, row: PaymentRow, card: PaymentCard | None) -> Actions:
        """What may be done with a payment."""
        raise NotImplementedError

    def card_of(self, row: PaymentRow) -> PaymentCard | None:
        """What was read of this payment beside its row, if it was."""
        return self._cards.get(row.receipt_id)

    def details(self, row: PaymentRow) -> Details:
        """The panel of a row; whoever has a part in it can give the payment back."""
        card = self.card_of(row)
        main, others = self.actions_of(row, card)
        if may_give_back(self.desk):
            others = (*others, self._give_back(row))
        return payment_details(row, card, (main, others))

    def _give_back(self, row: PaymentRow) -> PanelAction:
        if row.stand in (Stand.DISPUTED, Stand.REFUTED):
            return PanelAction("give_back", "Give back…", None, row.why)
        receipt_id = row.receipt_id
        return PanelAction(
            "give_back",
            "Give back…",
            lambda: open_give_back(self.desk, self.list, receipt_id),
        )

    def forget_cards(self) -> None:
        """The books have changed: read the card under the cursor again."""
        self._cards.clear()
        self._with_row(self._read_card)

    def _read_card(self, row: PaymentRow | None) -> None:
        if row is None or row.receipt_id in self._cards:
            return
        self._cards[row.receipt_id] = None

        def keep(found: PaymentCard) -> None:
            self._cards[found.receipt_id] = found
            self._with_row(
                lambda now: (
                    self.list.refresh_details() if now.receipt_id == found.receipt_id else None
                )
            )

        self.desk.background.read(payment_card.card, row.receipt_id, owner=self.list, done=keep)
