"""The dialogs of guarantors: ask a member, write down what was said, let another stand in, and call them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.guarantors import guarantees, guarantor_standing
from sacco_desktop.services.guarantors.guarantees import (
    Consent,
    ConsentWay,
    NewGuarantee,
    Substitution,
)
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.guarantors.guarantor_standing import Capacity
from sacco_desktop.services.lending import guarantor_calls
from sacco_desktop.services.lending.guarantor_calls import CallFacts, CallWish
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.explain_dialog import open_explanation
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.pages.loans.guarantor_ends import promise_words
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.explain_link import explain_link
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label
from sacco_desktop.ui.widgets.member_picker import FoundMember, MemberPicker
from sacco_desktop.ui.widgets.money_edit import MoneyEdit
from sacco_desktop.ui.widgets.note_edit import NoteEdit

_WAYS = (
    (ConsentWay.SIGNED_FORM, "On a signed form"),
    (ConsentWay.PHONE_CALL, "By phone"),
    (ConsentWay.IN_PERSON, "In person"),
)
_ANSWERS = ((True, "Agrees"), (False, "Declines"))


def open_add_guarantor(desk: Desk, parent: QWidget, loan: LoanRow) -> None:
    """Ask a member for a promise; what the member can still guarantee stands beside the amount."""
    plan = FormPlan(
        "add_guarantor_dialog",
        f"Add a guarantor: {loan.member_name}, {loan.number}",
        "Ask for the promise",
        "Nothing binds anybody until the consent is recorded.",
    )
    dialog = FormDialog(desk, plan, parent)
    key = uuid4().hex
    member = MemberPicker("member", finder(desk, dialog))
    pledge = MoneyEdit("pledge")
    capacity = plain_label("", TextRole.SECONDARY, name="capacity", wraps=True)
    dialog.form.add_row("member", "Guarantor", member)
    dialog.form.add_row("pledge", "Promise KES", pledge, f"Of {format_kes(loan.amount_cents)}.")
    why = _why_so_much(desk, dialog, member)
    dialog.form.add_wide(capacity)
    dialog.form.add_wide(why)

    def say(found: Capacity) -> None:
        capacity.setText(found.words)
        why.show()

    def look(chosen: FoundMember | None) -> None:
        capacity.setText("")
        why.hide()
        if chosen is not None:
            desk.background.read(
                guarantor_standing.capacity_of, chosen.member_id, owner=dialog, done=say
            )

    def collect() -> NewGuarantee:
        if member.member is None:
            raise InvalidInput("Choose the member who guarantees.", "member")
        cents = pledge.cents()
        if cents is None:
            raise InvalidInput("Write the amount of the promise.", "pledge")
        return NewGuarantee(key, loan.loan_id, member.member.member_id, cents)

    def submit() -> None:
        new = dialog.form.read(collect)
        if new is not None:
            dialog.carry_out(guarantees.ask, new, lambda asked: desk.toast(_asked_words(asked)))

    member.chosen.connect(look)
    dialog.submitted.connect(submit)
    dialog.open()
    member.setFocus()


def _why_so_much(desk: Desk, dialog: FormDialog, picker: MemberPicker) -> QPushButton:
    """The word that asks why the chosen member can still guarantee so much; it is there with the figure."""

    def ask() -> None:
        if picker.member is not None:
            question = Question(Figure.CAPACITY, picker.member.member_id)
            open_explanation(desk, dialog, ((Figure.CAPACITY.value, question),))

    link = explain_link("explain_capacity", "what can still be guaranteed", ask)
    link.hide()
    return link


def _asked_words(asked: Pledge) -> str:
    amount = format_kes(asked.pledge_cents)
    return f"Asked. {asked.guarantor_name}, {amount}. Next: record what was said."


def open_record_consent(desk: Desk, parent: QWidget, asked: Sequence[Pledge]) -> None:
    """Write down what a guarantor said, how and when."""
    plan = FormPlan(
        "consent_dialog",
        f"Record a consent: {asked[0].borrower_name}, {asked[0].loan_number}",
        "Record",
        "A word that is recorded stays. Who declined is asked anew to begin again.",
    )
    dialog = FormDialog(desk, plan, parent)
    who = ChoiceBox("guarantor", [(one.guarantee_id, promise_words(one)) for one in asked])
    answer = ChoiceBox("answer", _ANSWERS)
    way = ChoiceBox("way", _WAYS)
    evidence = QLineEdit()
    evidence.setObjectName("evidence")
    said_on = DateEdit("said_on", lambda: business_date(desk.now()))
    said_on.set_day(business_date(desk.now()))
    dialog.form.add_row("guarantor", "Guarantor", who)
    dialog.form.add_row("answer", "Says", answer)
    dialog.form.add_row("way", "How", way)
    note = "The number of the form, the number called, or who was there."
    dialog.form.add_row("evidence", "Evidence", evidence, note)
    dialog.form.add_row("said_on", "When", said_on, "t is today, + and - step a day.")

    def collect() -> Consent:
        day = said_on.day()
        if day is None:
            raise InvalidInput("Write the day, for example t.", "said_on")
        return Consent(who.value(), answer.value(), way.value(), evidence.text(), day)

    def submit() -> None:
        word = dialog.form.read(collect)
        if word is not None:
            dialog.carry_out(
                guarantees.record_consent,
                word,
                lambda said: desk.toast(f"Recorded. {said.guarantor_name} {said.status}."),
            )

    dialog.submitted.connect(submit)
    dialog.open()
    evidence.setFocus()


def open_substitute(desk: Desk, parent: QWidget, agreed: Sequence[Pledge]) -> None:
    """Let a guarantor go for another who has agreed."""
    plan = FormPlan(
        "substitute_dialog",
        f"Substitute a guarantor: {agreed[0].borrower_name}, {agreed[0].loan_number}",
        "Substitute",
        "The other must have agreed to at least as much. Then the first is free.",
    )
    dialog = FormDialog(desk, plan, parent)
    choices = [(one.guarantee_id, promise_words(one)) for one in agreed]
    first, other = ChoiceBox("first", choices), ChoiceBox("by", choices)
    other.choose(agreed[-1].guarantee_id)
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_row("first", "Let go", first)
    dialog.form.add_row("by", "Stands in", other)
    dialog.form.add_row("reason", "Reason", reason)

    def submit() -> None:
        dialog.form.clear_errors()
        wish = Substitution(first.value(), other.value(), reason.toPlainText())
        dialog.carry_out(
            guarantees.substitute,
            wish,
            lambda gone: desk.toast(f"Done. {gone.guarantor_name} is free of this loan."),
        )

    dialog.submitted.connect(submit)
    dialog.open()
    first.setFocus()


def open_call_guarantors(desk: Desk, parent: QWidget, facts: CallFacts) -> None:
    """Show what would be taken from whom, and ask how the guarantors were told."""
    who = people_words(facts.approvers, desk.actor.full_name) or "Nobody yet"
    plan = FormPlan(
        "call_guarantors_dialog",
        f"Call the guarantors: {facts.member_name}, {facts.number}",
        "Ask for approval",
        f"The loan is {facts.days_late} days late. Nothing is taken until {who} agrees.",
    )
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "call_amounts")
    lines.show_lines(
        (
            NamedAmount("Principal owed, KES", facts.outstanding_cents - facts.beside_cents),
            *(
                [NamedAmount("Interest, fees and penalties due", facts.beside_cents)]
                if facts.beside_cents
                else []
            ),
            NamedAmount("From the borrower's own deposits", -facts.own_cents),
            *(
                NamedAmount(f"{one.full_name}, {one.number}", -one.share_cents)
                for one in facts.shares
            ),
            NamedAmount("Nobody covers", facts.uncovered_cents, is_total=True),
        )
    )
    dialog.form.add_wide(lines)
    notice = NoteEdit("notice", lines=2)
    dialog.form.add_row("notice", "How they were told", notice, "Each letter or call, and when.")

    def submit() -> None:
        dialog.form.clear_errors()
        wish = CallWish(facts.loan_id, facts.version, notice.toPlainText())
        dialog.carry_out(guarantor_calls.ask, wish, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    notice.setFocus()


def call_guarantors(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """Read what a call would take, then open its dialog; a refusal is shown as a message."""
    desk.background.read(
        guarantor_calls.look,
        loan_id,
        owner=parent,
        done=lambda facts: open_call_guarantors(desk, parent, facts),
    )
