"""Asks for a payment that is no loan: a refund, a claim, a bill. Who, from which account, how much, by which way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.payout_ways import BEARER_WORDS, WAY_WORDS, Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.payouts import payments
from sacco_desktop.services.payouts.payments import NewPayment, PaymentFacts, PaymentQuestion
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder, found
from sacco_desktop.ui.way_fields import WayFields
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit

DEPOSIT_REFUND = "deposit_refund"
_BEFORE = (
    "Nothing leaves now. A second person approves it, and then it is paid by someone who did not."
)
_LONGEST = 80
_LETTERS = 20


class PaymentDialog(FormDialog):
    """One request, however often the button is pressed: its key is made here. With `member` it refunds deposits."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        asked: Callable[[PayoutRow], None],
        member: MemberRow | None = None,
    ) -> None:
        title = "Ask for a payment" if member is None else f"Refund deposits: {member.full_name}"
        name = "payment_dialog" if member is None else "refund_dialog"
        super().__init__(desk, FormPlan(name, title, "Ask for approval", _BEFORE), parent)
        self._key = uuid4().hex
        self._asked = asked
        self._is_refund = member is not None
        self._facts: PaymentFacts | None = None
        self._wanted: PaymentQuestion | None = None
        self._effect = AmountLines(desk.theme, "payment_amounts")
        self._approvers = plain_label("", TextRole.SECONDARY, name="approvers", wraps=True)
        self._add_fields()
        self.notes.addWidget(self._effect)
        self.notes.addWidget(self._approvers)
        self.submitted.connect(self._ask)
        if member is not None:
            self._picker.take(found(member))
        self._choose_purpose()

    def _add_fields(self) -> None:
        self._purpose, self._account = ChoiceBox("purpose"), ChoiceBox("account_code")
        for box in (self._purpose, self._account):
            # Long names are cut in the closed box and whole in the open one; the form keeps its width.
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(_LETTERS)
        self._picker = MemberPicker("member", finder(self.desk, self))
        self._amount = MoneyEdit("amount")
        self._narration, self._phone = QLineEdit(), QLineEdit()
        self._narration.setObjectName("narration")
        self._narration.setMaxLength(_LONGEST)
        self._phone.setObjectName("phone")
        self.form.add_row("purpose", "What for", self._purpose)
        self.form.add_row("member", "Member", self._picker)
        self.form.add_row("account_code", "Booked on", self._account)
        self.form.add_row("amount", "Amount KES", self._amount)
        self.form.add_row("narration", "About", self._narration, "As the invoice or letter says.")
        self._way = WayFields(self.form, "", self._show_way)
        self.form.add_row("phone", "M-Pesa number", self._phone)
        self._purpose.set_choices(self._purposes())
        self._way.offer(tuple(Way))
        self.form.show_row("purpose", not self._is_refund)
        self._purpose.currentIndexChanged.connect(self._choose_purpose)
        self._account.currentIndexChanged.connect(self._look_up)
        self._picker.chosen.connect(self._choose_member)
        self._amount.textChanged.connect(self._show_effect)

    def _purposes(self) -> list[tuple[str, str]]:
        """The bill of the office first: it is asked for most often."""
        known = [each for each in payout_terms.purposes() if not each.elsewhere]
        if self._is_refund:
            known = [each for each in known if each.name == DEPOSIT_REFUND]
        first = sorted(known, key=lambda each: each.is_covered)
        return [(each.name, each.title) for each in first]

    def _choose_purpose(self) -> None:
        purpose = payout_terms.purpose_of(self._purpose.value())
        self.form.show_row("member", purpose.for_members and not self._is_refund)
        self.form.show_row("account_code", len(purpose.accounts) > 1)
        names = dict(payments.account_names())
        self._account.set_choices([(code, names.get(code, code)) for code in purpose.accounts])
        self._facts = None
        self._know_receiver()
        self._look_up()

    def _choose_member(self, _chosen: FoundMember | None) -> None:
        self.form.clear_error("member")
        self._know_receiver()
        self._look_up()

    def _know_receiver(self) -> None:
        member = self._member()
        if member is None:
            self._way.want_name()
        else:
            self._way.know_name(member.full_name)

    def _member(self) -> FoundMember | None:
        purpose = payout_terms.purpose_of(self._purpose.value())
        return self._picker.member if purpose.for_members else None

    def _look_up(self) -> None:
        """Read what covers the payment, as far as it is known for what and for whom."""
        purpose = payout_terms.purpose_of(self._purpose.value())
        member = self._member()
        self._facts = None
        self._show_effect()
        if purpose.for_members and member is None:
            return
        account = self._account.value() or purpose.accounts[0]
        question = PaymentQuestion(purpose.name, account, member.member_id if member else None)
        self._wanted = question

        def settle(facts: PaymentFacts) -> None:
            if self._wanted == question:
                self._facts = facts
                self._show_effect()

        self.desk.background.read(payments.facts, question, owner=self, done=settle)

    def _show_way(self, way: Way) -> None:
        """A phone is typed only for whoever is no member."""
        self.form.show_row("phone", way is Way.MPESA and self._member() is None)
        self._show_effect()

    def _show_effect(self) -> None:
        facts = self._facts
        if facts is None:
            self._effect.show_lines(())
            self._approvers.setText("")
            return
        names = " or ".join(facts.approvers)
        self._approvers.setText(
            f"Can be approved by {names}."
            if names
            else "Nobody else may approve payouts. An administrator adds a second person first."
        )
        to = f"To {display_phone(facts.phone)}." if facts.phone else ""
        self.form.say_note("way", to if self._way.way is Way.MPESA else "")
        lines = list(_cover_lines(facts))
        try:
            cents = self._amount.cents()
            if cents:
                lines += _amount_lines(facts, cents, self._way.way)
        except InvalidInput:
            pass  # Half-typed, or judged under its field when the button is pressed.
        self._effect.show_lines(lines)

    def _ask(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(payments.request, new, self._asked)

    def _collect(self) -> NewPayment:
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        member = self._member()
        return NewPayment(
            key=self._key,
            purpose=self._purpose.value(),
            amount_cents=cents,
            way=self._way.way,
            member_id=member.member_id if member else None,
            phone=self._phone.text(),
            destination=self._way.destination(),
            account_code=self._account.value() or "",
            narration=self._narration.text(),
        )


def _cover_lines(facts: PaymentFacts) -> tuple[NamedAmount, ...]:
    cover = facts.cover
    if cover is None:
        return ()
    lines = [NamedAmount(f"{facts.account_name} now, KES", cover.balance_cents)]
    if cover.pledged_cents:
        lines.append(NamedAmount("Other payouts on their way", -cover.pledged_cents))
    if cover.kept_cents:
        lines.append(NamedAmount("Stays for the member's loans", -cover.kept_cents))
    return (*lines, NamedAmount("Can be paid out", cover.free_cents, is_total=True))


def _amount_lines(facts: PaymentFacts, cents: int, way: Way) -> list[NamedAmount]:
    amounts = facts.amounts(cents, way)
    lines = [NamedAmount(f"They get, by {WAY_WORDS[way]}", amounts.paid_cents)]
    if amounts.deposits_cents:
        lines.append(NamedAmount("To the member's deposits", amounts.deposits_cents))
    if way is Way.MPESA:
        words = f"M-Pesa's charge, {BEARER_WORDS[facts.rules.bearer]}"
        lines.append(NamedAmount(words, amounts.charge_cents))
    return lines


def asked_words(row: PayoutRow) -> str:
    """What the page says when a payment was asked for."""
    amount = format_kes(row.net_cents)
    return f"Sent for approval. Nothing has left yet. {row.number}, {amount} for {row.member_name}."
