"""What the two lists of payments have in common: the panel of a payment reads both of its entries."""

from __future__ import annotations

from sacco_desktop.services.collecting import payment_card
from sacco_desktop.services.collecting.payment_card import PaymentCard
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.collections.columns import payment_details
from sacco_desktop.ui.pages.collections.tab import Actions, CollectionsTab
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.list_plan import ListPlan


class PaymentTab(CollectionsTab[PaymentRow]):
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
        """The panel of a row."""
        card = self.card_of(row)
        return payment_details(row, card, self.actions_of(row, card))

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
