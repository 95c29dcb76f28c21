"""One payment shared by hand among several purposes, of one member or of several, with what is left of it in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.services.collecting import owner_requests, purpose_choices
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.owner_requests import OwnersGiven, OwnerWish
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.services.collecting.purpose_choices import MemberChoices
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.theme.sizes import XS, S
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_MOST_LINES = 8
_LARGEST, _EDGES = "250,000.00", 36
_BEFORE = "What is not shared stays without owner and waits in the list."
_BEFORE_TWO = "Nothing is booked now: the payment is above the limit of one person, so another person agrees to it."


ChoiceKey = tuple[str, int | None, int | None]


def key_of(choice: PurposeChoice) -> ChoiceKey:
    """What names it among the choices of a member."""
    return choice.purpose, choice.loan_id, choice.application_id


@dataclass(frozen=True, slots=True)
class FirstShare:
    """With whom and what the dialog begins."""

    member: FoundMember
    choice: ChoiceKey | None = None


class ShareLine:
    """One line: a member, one of the member's purposes, and an amount."""

    def __init__(self, desk: Desk, number: int, owner: QWidget, moved: Callable[[], None]) -> None:
        self._desk, self._owner, self._moved = desk, owner, moved
        self.member = MemberPicker(f"member_{number}", finder(desk, owner))
        self.member.setAccessibleName(f"Member {number}")
        self.purpose = ChoiceBox(f"purpose_{number}")
        self.purpose.setAccessibleName(f"Purpose {number}")
        self.amount = MoneyEdit(f"amount_{number}")
        self.amount.setAccessibleName(f"Amount {number}")
        self._wanted: ChoiceKey | None = None
        self.left_cents: Callable[[], int] = lambda: 0
        self.member.chosen.connect(self._look_up)
        self.amount.textChanged.connect(lambda _text: moved())

    def begin(self, first: FirstShare) -> None:
        """Take this member, and this purpose when it is offered."""
        self._wanted = first.choice
        self.member.take(first.member)

    def cents(self) -> int:
        """What is written; nothing while it is half typed."""
        try:
            return self.amount.cents() or 0
        except InvalidInput:
            return 0

    def is_empty(self) -> bool:
        """Whether nobody wrote anything here."""
        return self.member.member is None and not self.amount.text().strip()

    def share(self) -> Purpose:
        """What this line says. Raises InvalidInput under `shares`."""
        member = self.member.member
        if member is None:
            raise InvalidInput("Choose a member in each line that has an amount.", "shares")
        choice: PurposeChoice | None = self.purpose.value()
        if choice is None:
            raise InvalidInput(f"Choose what the money of {member.full_name} is for.", "shares")
        cents = self.amount.cents()
        if cents is None:
            raise InvalidInput(f"{member.full_name}: {AMOUNT_SENTENCE}", "shares")
        return choice.of(cents)

    def _look_up(self, member: FoundMember | None) -> None:
        self.purpose.set_choices(())
        if member is not None:
            self._desk.background.read(
                purpose_choices.choices_for,
                member.member_id,
                owner=self._owner,
                done=self._offer,
            )

    def _offer(self, stand: MemberChoices) -> None:
        member = self.member.member
        if member is None or member.member_id != stand.member_id:
            return
        self.purpose.set_choices([(one, one.name) for one in stand.choices])
        wanted = next((one for one in stand.choices if key_of(one) == self._wanted), None)
        if wanted is not None:
            self.purpose.choose(wanted)
        choice: PurposeChoice | None = self.purpose.value()
        left = self.left_cents()
        if choice is not None and not self.amount.text().strip() and left > 0:
            # What is due, as far as the payment reaches; where nothing is due, the rest.
            due = choice.due_cents
            self.amount.set_cents(min(left, due) if due else left)
        self._moved()


class ShareDialog(FormDialog):
    """One sharing, however often the button is pressed: its key is made here."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        row: PaymentRow,
        first: FirstShare | None,
        done: Callable[[OwnersGiven], None],
    ) -> None:
        title = f"Share {format_kes(row.left_cents)} of {row.receipt}"
        act, before = ("Ask for approval", _BEFORE_TWO) if row.needs_two else ("Book", _BEFORE)
        super().__init__(desk, FormPlan("share_dialog", title, act, before, letters=78), parent)
        self._key, self._row, self._done = uuid4().hex, row, done
        self._lines: list[ShareLine] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S)
        self._grid.setVerticalSpacing(S)
        for column, stretch in ((0, 5), (1, 4), (2, 2)):
            self._grid.setColumnStretch(column, stretch)
        self._sum = AmountLines(desk.theme, "share_sum")
        self._known_by = NoteEdit("known_by", lines=2)
        self._more = push_button("Add a line", name="add_share")
        self._more.clicked.connect(self._add_line)
        self._fill()
        self.submitted.connect(self._give)
        desk.theme.changed.connect(self._measure)
        for _ in range(2):
            self._add_line()
        if first is not None:
            self._lines[0].begin(first)
        self._say_left()
        self._lines[0].member.setFocus()

    def _fill(self) -> None:
        typed = f"‘{self._row.reference}’" if self._row.reference else "no account"
        told = f"{self._row.payer_phone} {self._row.payer_name}".strip() or "Nobody named"
        self.form.add_wide(plain_label(f"{told} typed {typed}.", TextRole.SECONDARY, wraps=True))
        heads = QWidget()
        column = QGridLayout(heads)
        column.setContentsMargins(0, 0, 0, 0)
        column.setVerticalSpacing(XS)
        column.addLayout(self._grid, 0, 0)
        for place, head in enumerate(("Member", "For", "Amount KES")):
            self._grid.addWidget(plain_label(head, TextRole.SECONDARY), 0, place)
        column.addWidget(self._more, 1, 0, Qt.AlignmentFlag.AlignLeft)
        self.form.add_row("shares", "Whose it is", heads)
        if self._row.needs_two:
            self.form.add_row(
                "known_by", "How it is known", self._known_by, "Who said so, and when."
            )
        self.notes.addWidget(self._sum)

    def _add_line(self) -> None:
        line = ShareLine(self.desk, len(self._lines) + 1, self, self._say_left)
        line.left_cents = self._left
        self._lines.append(line)
        self._measure()
        place = self._grid.rowCount()
        for column, part in enumerate((line.member, line.purpose, line.amount)):
            self._grid.addWidget(part, place, column)
        self._more.setEnabled(len(self._lines) < _MOST_LINES)

    def _measure(self) -> None:
        """The largest payment that M-Pesa carries is read whole, whatever the size of the text."""
        wide = QFontMetrics(self.desk.theme.font()).horizontalAdvance(_LARGEST) + _EDGES
        for line in self._lines:
            line.amount.setMinimumWidth(wide)

    def _left(self) -> int:
        return self._row.left_cents - sum(line.cents() for line in self._lines)

    def _say_left(self) -> None:
        left = self._left()
        shared = self._row.left_cents - left
        words = "Stays without owner, KES" if left >= 0 else "More than there is, KES"
        self._sum.show_lines(
            (
                NamedAmount("Shared, KES", shared),
                NamedAmount(words, abs(left), is_total=True),
            )
        )

    def _give(self) -> None:
        wish = self.form.read(self._collect)
        if wish is not None:
            self.carry_out(owner_requests.give, wish, self._done)

    def _collect(self) -> OwnerWish:
        shares = tuple(line.share() for line in self._lines if not line.is_empty())
        if not shares:
            raise InvalidInput("Choose the member whose money it is, and for what.", "shares")
        if self._left() < 0:
            raise InvalidInput(
                f"{format_kes(self._row.left_cents)} of {self._row.receipt} is left, and"
                f" {format_kes(-self._left())} more is written. Write less.",
                "shares",
            )
        given = Allocation(self._key, self._row.receipt_id, shares)
        return OwnerWish(given, self._known_by.toPlainText() if self._row.needs_two else "")
