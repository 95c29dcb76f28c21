"""Giving a payment to the paybill back: through M-Pesa as a whole, or what is left of it by a payout to the payer."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import AMOUNT_SENTENCE, format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.taking_back import ReversalStatus
from sacco_desktop.operations.confirm import prove
from sacco_desktop.operations.money_back import take_back
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.collecting import receipt_refunds, receipt_reversals, reversal_list
from sacco_desktop.services.collecting.receipt_refunds import NewRefund
from sacco_desktop.services.collecting.receipt_reversals import ReversalChange, TakeBack
from sacco_desktop.services.collecting.reversal_list import PaymentFacts, ReversalRow
from sacco_desktop.ui.act_dialog import ActDialog
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.payment_dialog import asked_words
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan

_BY_MPESA, _BY_PAYOUT = "mpesa", "payout"
_MAY_BE_SENT = (ReversalStatus.APPROVED, ReversalStatus.UNKNOWN)
_STATUS = {
    ReversalStatus.ASKED: "Waits for another person's agreement, under Approvals.",
    ReversalStatus.APPROVED: "Agreed. A treasurer who did not agree to it sends it.",
    ReversalStatus.SENDING: "The request is going out now.",
    ReversalStatus.ACCEPTED: "M-Pesa has the request, and its result is awaited.",
    ReversalStatus.UNKNOWN: "It is not known whether M-Pesa took the payment back.",
    ReversalStatus.DONE: "M-Pesa took the payment back.",
}


def may_give_back(desk: Desk) -> bool:
    """Whether this person has any part in giving payments back."""
    acts = (Act.REVERSE_ENTRY, Act.REQUEST_PAYOUT, Act.SEND_PAYOUT)
    return any(may(desk.actor.roles, act) for act in acts)


def open_give_back(desk: Desk, parent: QWidget, receipt_id: int) -> None:
    """Read how the payment stands, and open what fits: the form, the sending, or what became of it."""

    def show(facts: PaymentFacts) -> None:
        row = facts.reversal
        if row is None:
            GiveBackDialog(desk, parent, facts).open()
        elif row.status in _MAY_BE_SENT and may(desk.actor.roles, Act.SEND_PAYOUT):
            _open_sending(desk, parent, facts, row)
        else:
            ReversalDialog(desk, parent, facts, row).open()

    desk.background.read(reversal_list.payment_facts, receipt_id, owner=parent, done=show)


def _fact_lines(facts: PaymentFacts) -> tuple[NamedAmount, ...]:
    booked = tuple(
        NamedAmount(f"Booked for {part.member_number}, receipt {part.slip}", -part.cents)
        for part in facts.parts
    )
    return (
        NamedAmount(f"Paid on {format_date(facts.paid_at)}, KES", facts.amount_cents),
        *booked,
        NamedAmount("Without a purpose", facts.left_cents, is_total=True),
    )


class GiveBackDialog(FormDialog):
    """One request, however often the button is pressed: its key is made here."""

    def __init__(self, desk: Desk, parent: QWidget, facts: PaymentFacts) -> None:
        who = facts.payer or "somebody whom M-Pesa did not name"
        before = f"From {who}. Nothing leaves now. A second person agrees, and then it is sent by someone who did not."
        plan = FormPlan(
            "give_back_dialog", f"Give payment {facts.receipt} back", "Ask for approval", before
        )
        super().__init__(desk, plan, parent)
        self._key, self._facts = uuid4().hex, facts
        self._how = ChoiceBox("how", self._ways())
        self._reason, self._confirmed = QLineEdit(), QLineEdit()
        self._reason.setObjectName("reason")
        self._confirmed.setObjectName("confirmed")
        self._amount = MoneyEdit("amount")
        self._amount.set_cents(facts.left_cents - facts.left_cents % 100 or None)
        self.form.add_row("how", "How", self._how)
        self.form.add_row("reason", "Why", self._reason)
        self.form.add_row("amount", "Amount KES", self._amount)
        note = "How you know that the phone is still the payer's."
        self.form.add_row("confirmed", "Confirmed", self._confirmed, note)
        lines = AmountLines(desk.theme, "give_back_lines")
        lines.show_lines(_fact_lines(facts))
        self.notes.addWidget(lines)
        self._hold = Callout(desk.theme, "", ChipColour.AMBER)
        self.notes.addWidget(self._hold)
        self._how.currentIndexChanged.connect(self._choose)
        self.submitted.connect(self._ask)
        self._choose()
        if not self._ways():
            self.lock()

    def _ways(self) -> list[tuple[str, str]]:
        roles, found = self.desk.actor.roles, []
        if may(roles, Act.REVERSE_ENTRY):
            found.append((_BY_MPESA, "All of it through M-Pesa, to whoever paid it"))
        if may(roles, Act.REQUEST_PAYOUT) and self._facts.left_cents:
            found.append((_BY_PAYOUT, f"By a payout, to {self._facts.phone or 'the payer'}"))
        return found

    def _choose(self) -> None:
        is_whole = self._how.value() == _BY_MPESA
        self.form.show_row("reason", is_whole)
        self.form.show_row("amount", not is_whole)
        self.form.show_row("confirmed", not is_whole)
        why = self._why_not(is_whole)
        self._hold.say(why, ChipColour.AMBER)
        self._hold.setVisible(bool(why))
        self._ok.setEnabled(not why)

    def _why_not(self, is_whole: bool) -> str:
        """What stands in the way already; the services judge the rest."""
        facts = self._facts
        if not self._ways():
            return "A treasurer or an accountant asks for this."
        if is_whole:
            return next((part.blocked for part in facts.parts if part.blocked), "")
        if not facts.is_proven:
            return "Only a notice tells of it. Wait until M-Pesa's list or the statement proves it."
        if facts.state is ReceiptState.WAITING and not facts.phone:
            return "M-Pesa did not tell the whole number that paid. Let M-Pesa take it back."
        return ""

    def _ask(self) -> None:
        if self._how.value() == _BY_MPESA:
            new = self.form.read(self._reversal)
            if new is not None:
                self.carry_out(receipt_reversals.ask, new, lambda _row: self._asked())
            return
        refund = self.form.read(self._refund)
        if refund is not None:
            self.carry_out(
                receipt_refunds.request, refund, lambda row: self.desk.toast(asked_words(row))
            )

    def _reversal(self) -> TakeBack:
        reason = self._reason.text()
        if not reason.strip():
            raise InvalidInput("Write why the payment is given back.", "reason")
        return TakeBack(self._key, self._facts.receipt_id, reason)

    def _refund(self) -> NewRefund:
        cents = self._amount.cents()
        if cents is None:
            raise InvalidInput(AMOUNT_SENTENCE, "amount")
        return NewRefund(self._key, self._facts.receipt_id, cents, self._confirmed.text())

    def _asked(self) -> None:
        facts = self._facts
        words = f"{format_kes(facts.amount_cents)}, {facts.receipt}"
        self.desk.toast(f"Sent for approval. Nothing has left yet. {words}.")


class ReversalDialog(FormDialog):
    """What became of a payment that goes back through M-Pesa, and giving it up while M-Pesa has no request."""

    def __init__(self, desk: Desk, parent: QWidget, facts: PaymentFacts, row: ReversalRow) -> None:
        plan = FormPlan(
            "reversal_dialog",
            f"{row.number}: payment {facts.receipt} goes back through M-Pesa",
            "Give it up",
            f"{_STATUS.get(row.status, '')} {row.words}".strip(),
        )
        super().__init__(desk, plan, parent)
        self._row = row
        lines = AmountLines(desk.theme, "give_back_lines")
        lines.show_lines(_fact_lines(facts))
        self.notes.addWidget(lines)
        self.notes.addWidget(Callout(desk.theme, f"{row.asked_by}: {row.reason}", ChipColour.BLUE))
        self._close.setText("Close")
        can_end = row.status in (ReversalStatus.ASKED, ReversalStatus.APPROVED)
        if not (can_end and may(desk.actor.roles, Act.REVERSE_ENTRY)):
            self._ok.hide()
            self.lock()
        self.submitted.connect(self._give_up)

    def _give_up(self) -> None:
        change = ReversalChange(self._row.reversal_id, self._row.version)
        words = f"{self._row.number} is given up; the payment waits for its purpose."
        self.carry_out(receipt_reversals.give_up, change, lambda _no: self.desk.toast(words))


def _open_sending(desk: Desk, parent: QWidget, facts: PaymentFacts, row: ReversalRow) -> None:
    """Facts, what is undone, the password; in doubt the same request goes out once more."""
    again = row.status is ReversalStatus.UNKNOWN
    blocked = next((part.blocked for part in facts.parts if part.blocked), "")
    undone = tuple(
        f"{format_kes(part.cents)} of {part.member_number} is taken back with receipt {part.slip}."
        for part in facts.parts
    )
    safe = (
        "The same request goes out once more. If M-Pesa took the payment back already, it says so and takes nothing.",
    )
    plan = MoneyPlan(
        title=f"{row.number}: let M-Pesa take {facts.receipt} back",
        act="Send it once more" if again else f"Give {format_kes(row.cents)} back",
        amount_cents=row.cents,
        facts=(
            ("Paid by", row.payer or "not told"),
            ("Paid on", format_date(facts.paid_at)),
            ("Asked by", row.asked_by),
            ("Reason", row.reason),
            ("Now", row.words),
        ),
        effects=safe if again else (*undone, "The money goes back to the phone that paid it."),
        checks=(Check(blocked or "Nothing of it has been used since.", not blocked),),
        crash_line="If the power goes now, the next start knows that it was sent. M-Pesa takes a payment back once.",
    )
    dialog = ActDialog(desk, plan, parent, name="send_reversal_dialog")
    dialog.resize(820, 480)
    change, actor = ReversalChange(row.reversal_id, row.version), desk.actor
    dialog.run(
        lambda password: lambda: _send(desk.office, change, password, actor),
        lambda sent: desk.toast(f"{sent.number}: {sent.words}"),
    )


async def _send(office: Office, change: ReversalChange, password: str, actor: Actor) -> ReversalRow:
    return await take_back(office, change, await prove(office, password, actor))
