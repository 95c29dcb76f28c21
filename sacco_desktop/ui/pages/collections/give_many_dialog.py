"""Several ticked payments for one purpose: each to the member whom its account or phone names; the others stay."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.receipt_purposes import LOAN
from sacco_desktop.services.collecting import giving_many
from sacco_desktop.services.collecting.giving_many import GiftsDone, ManyGifts, Named
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.savings.savings_products import Product
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.theme.sizes import XS, L
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.figure_label import FigureLabel
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label

_BEFORE = (
    "Each payment goes as a whole to the member whom it names. What names nobody for sure, or is refused by a rule,"
    " stays without owner."
)


class GiveManyDialog(FormDialog):
    """Says of each payment whom it names before anything is booked."""

    def __init__(self, desk: Desk, parent: QWidget, rows: Sequence[PaymentRow]) -> None:
        title = f"Give {len(rows)} payments to whom they name"
        super().__init__(
            desk, FormPlan("give_many_dialog", title, "Give", _BEFORE, letters=80), parent
        )
        self._key = uuid4().hex
        self._rows = {row.receipt_id: row for row in rows}
        self._purpose = ChoiceBox("purpose")
        self._whom = QWidget()
        self._whom.setObjectName("named_owners")
        self.form.add_row("purpose", "All of it for", self._purpose)
        self.form.add_row("named", "Whom they name", self._whom)
        self.submitted.connect(self._give)
        self._purpose.setFocus()
        read = desk.background.read
        read(giving_many.named_by, tuple(self._rows), owner=self, done=self._show)
        read(savings_products.list_products, None, owner=self, done=self._offer)

    def _offer(self, products: Sequence[Product]) -> None:
        open_ones = [(one.code, one.terms.name) for one in products if one.terms.is_open]
        self._purpose.set_choices([*open_ones, (LOAN, "The only running loan of the member")])
        self._purpose.setCurrentIndex(0)

    def _show(self, named: Sequence[Named]) -> None:
        grid = QGridLayout(self._whom)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        grid.setColumnStretch(2, 1)
        for line, one in enumerate(named):
            row = self._rows[one.receipt_id]
            role = TextRole.BODY if one.member_id is not None else TextRole.SECONDARY
            grid.addWidget(plain_label(row.receipt), line, 0, Qt.AlignmentFlag.AlignTop)
            amount = FigureLabel(self.desk.theme, format_amount(row.left_cents))
            grid.addWidget(amount, line, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(plain_label(one.words, role, name="named", wraps=True), line, 2)
        sure = [self._rows[one.receipt_id] for one in named if one.member_id is not None]
        cents = sum(row.left_cents for row in sure)
        self._ok.setText(f"Give {len(sure)}, {format_kes(cents)}" if sure else "Give")
        if not sure:
            self.form.show_error(InvalidInput("None of them names a member for sure.", "named"))
            self.lock()

    def _give(self) -> None:
        gifts = self.form.read(self._collect)
        if gifts is not None:
            self.carry_out(giving_many.give, gifts, self._say)

    def _collect(self) -> ManyGifts:
        if self._purpose.value() is None:
            raise InvalidInput("Choose what the money is for.", "purpose")
        return ManyGifts(self._key, tuple(self._rows), self._purpose.value())

    def _say(self, done: GiftsDone) -> None:
        why = f" {done.refused[0][0]}: {done.refused[0][1]}" if done.refused else ""
        self.desk.toast(f"{done.words}{why}")
