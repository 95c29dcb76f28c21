"""The line below the inbox: whose the payment under the cursor is and what for. Member, Enter, purpose, Enter."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.collecting import owner_requests, purpose_choices
from sacco_desktop.services.collecting.allocations import Allocation
from sacco_desktop.services.collecting.owner_requests import OwnersGiven, OwnerWish
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.services.collecting.purpose_choices import MemberChoices
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.pages.collections.share_dialog import ChoiceKey, FirstShare, key_of
from sacco_desktop.ui.theme.sizes import L, S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.flow_layout import FlowLayout
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker

Gave = Callable[[PaymentRow, OwnersGiven], None]
ShareIt = Callable[[PaymentRow, FirstShare | None], None]


class PurposeBox(ChoiceBox):
    """Enter takes what is chosen; Esc goes back."""

    entered = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class GiveStrip(QWidget):
    """One payment at a time. Everything that has no purpose of it goes to the one that is chosen; a part of it goes by
    Share… .
    """

    left_upwards = Signal()

    def __init__(self, desk: Desk, gave: Gave, share: ShareIt) -> None:
        super().__init__()
        self._desk, self._gave, self._share_it = desk, gave, share
        self._row: PaymentRow | None = None
        self._key = ""
        self._wanted: ChoiceKey | None = None
        self._is_busy = False
        self.setObjectName("filter_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._what = plain_label("", TextRole.STRONG, name="strip_what")
        self._why = plain_label("", TextRole.SECONDARY, name="strip_why", wraps=True)
        self.owner = MemberPicker("owner", finder(desk, self))
        self.owner.setMinimumWidth(self.owner.fontMetrics().averageCharWidth() * 30)
        self.purpose = PurposeBox("owner_purpose")
        self.purpose.setAccessibleName("Purpose")
        self._give = push_button("Give", name="give", kind=ButtonKind.PRIMARY)
        self._share = push_button("Share…", name="share")
        self._lay_out()
        self.owner.chosen.connect(self._look_up)
        self.purpose.entered.connect(self.give)
        self.purpose.escaped.connect(self.left_upwards)
        self._give.clicked.connect(self.give)
        self._share.clicked.connect(self._open_share)
        self.show_payment(None, "")

    def show_payment(self, row: PaymentRow | None, why: str) -> None:
        """Another payment is under the cursor; None where nothing can be given, with the reason why."""
        is_same = row is not None and self._row is not None and row == self._row
        self._row = row
        if not is_same:
            self._key = uuid4().hex
            self.owner.forget()
            self._what.setText(
                "" if row is None else f"{format_kes(row.left_cents)} of {row.receipt}"
            )
            self._why.setText(why or ("Choose a payment above." if row is None else ""))
        for part in (self.owner, self._share):
            part.setEnabled(row is not None)
        self._fit()

    def begin(self) -> None:
        """Enter in the list."""
        self.owner.setFocus(Qt.FocusReason.TabFocusReason)

    def begin_with(self, first: FirstShare) -> None:
        """A guess was taken: the member is chosen, and the purpose as soon as it is offered."""
        self._wanted = first.choice
        self.owner.take(first.member)

    def give(self) -> None:
        """The whole rest of the payment to this purpose of this member; above the limit of one person that is asked
        in the dialog, because another person reads how it is known.
        """
        row, choice, member = self._row, self._choice(), self.owner.member
        if row is None or choice is None or member is None or self._is_busy:
            return
        if row.needs_two:
            # Another person reads how it is known, which is written in the dialog.
            self._share_it(row, FirstShare(member, key_of(choice)))
            return
        self._is_busy = True
        share = choice.of(row.left_cents)
        wish = OwnerWish(Allocation(self._key, row.receipt_id, (share,)))

        def done(given: OwnersGiven) -> None:
            self._is_busy = False
            self._gave(row, given)

        def failed(error: BaseException) -> None:
            self._is_busy = False
            self._desk.show(error, self)

        self._desk.background.write(owner_requests.give, wish, owner=self, done=done, failed=failed)

    def event(self, event: QEvent) -> bool:
        # Esc is also a command of the window; here it goes back to the list and nowhere else.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _open_share(self) -> None:
        if self._row is not None:
            member, choice = self.owner.member, self._choice()
            first = (
                None
                if member is None
                else FirstShare(member, None if choice is None else key_of(choice))
            )
            self._share_it(self._row, first)

    def _choice(self) -> PurposeChoice | None:
        choice: PurposeChoice | None = self.purpose.value()
        return choice

    def _look_up(self, member: FoundMember | None) -> None:
        self.purpose.set_choices(())
        self._fit()
        if member is not None:
            self._desk.background.read(
                purpose_choices.choices_for, member.member_id, owner=self, done=self._offer
            )

    def _offer(self, stand: MemberChoices) -> None:
        member = self.owner.member
        if member is None or member.member_id != stand.member_id:
            return
        self.purpose.set_choices([(one, choice_words(one)) for one in stand.choices])
        self.purpose.setCurrentIndex(0 if stand.choices else -1)
        wanted, self._wanted = self._wanted, None
        self.purpose.choose(next((one for one in stand.choices if key_of(one) == wanted), None))
        self._why.setText(stand.gone)
        self._fit()
        if stand.choices:
            self.purpose.setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        has_choice = self._row is not None and self._choice() is not None
        self.purpose.setVisible(has_choice)
        self._give.setVisible(self._row is not None)
        self._give.setEnabled(has_choice)
        self.owner.setVisible(self._row is not None)
        self._share.setVisible(self._row is not None)
        self._what.setVisible(self._row is not None)
        self._why.setVisible(bool(self._why.text()))

    def _lay_out(self) -> None:
        parts = QWidget()
        flow = FlowLayout(parts, S)
        for part in (self._what, self.owner, self.purpose, self._give, self._share):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, S, L, S)
        column.setSpacing(S)
        column.addWidget(parts)
        column.addWidget(self._why)


def choice_words(choice: PurposeChoice) -> str:
    """`Development L-0001 · KES 3,200.00 due`."""
    return (
        f"{choice.name} · {format_kes(choice.due_cents)} due" if choice.due_cents else choice.name
    )
