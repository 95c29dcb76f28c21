"""Acts on a running loan that another person agrees to: a new agreement taken back, the deposits paying it off."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.services.lending import from_deposits, reschedule_undoing
from sacco_desktop.services.lending.from_deposits import DepositsFacts, DepositsWish
from sacco_desktop.services.lending.reschedule_undoing import AgreementBack, AgreementFacts
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.note_edit import NoteEdit


def open_agreement_back(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """The schedule that would hold again, then the reason."""

    def show(facts: AgreementFacts) -> None:
        _agreement_back(desk, parent, facts)

    desk.background.read(reschedule_undoing.look, loan_id, owner=parent, done=show)


def _agreement_back(desk: Desk, parent: QWidget, facts: AgreementFacts) -> None:
    plan = FormPlan(
        "agreement_back_dialog",
        f"Take the new agreement back: {facts.member_name}, {facts.number}",
        "Ask for approval",
        f"Agreed anew on {format_date(facts.agreed_on)}: {facts.because} That schedule holds until"
        f" {_who(desk, facts.approvers)} agrees; then the one before holds again.",
    )
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "agreement_back_lines")
    last = facts.rows[-1]
    lines.show_lines(
        [
            NamedAmount(
                "Principal of the old schedule, KES", sum(r.principal_cents for r in facts.rows)
            ),
            NamedAmount(
                f"{len(facts.rows)} instalments left, the last on {format_date(last.due_on)}",
                last.total_cents,
            ),
            NamedAmount("Has fallen due of it by today", facts.due_cents),
        ]
    )
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_wide(lines)
    dialog.form.add_row("reason", "Reason", reason)

    def submit() -> None:
        dialog.form.clear_errors()
        back = AgreementBack(facts.loan_id, facts.version, reason.toPlainText())
        dialog.carry_out(reschedule_undoing.ask, back, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def open_from_deposits(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """What the deposits would pay and what is left of them, then how the member asked."""

    def show(facts: DepositsFacts) -> None:
        _from_deposits(desk, parent, facts)

    desk.background.read(from_deposits.look, loan_id, owner=parent, done=show)


def _from_deposits(desk: Desk, parent: QWidget, facts: DepositsFacts) -> None:
    plan = FormPlan(
        "from_deposits_dialog",
        f"Pay from the deposits: {facts.member_name}, {facts.number}",
        "Ask for approval",
        f"Nothing is taken until {_who(desk, facts.approvers)} agrees. Then the deposits pay all of it.",
    )
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "from_deposits_lines")
    told = [
        NamedAmount("Deposits, KES", facts.deposits_cents),
        NamedAmount(facts.what, -facts.cents),
    ]
    told.append(NamedAmount("Left of the deposits", facts.left_cents, is_total=True))
    if facts.stays_cents:
        told.append(NamedAmount("Of it must stay", facts.stays_cents))
    lines.show_lines(told)
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_wide(lines)
    dialog.form.add_row("reason", "The member asked", reason, "By which letter, or when.")

    def submit() -> None:
        dialog.form.clear_errors()
        wish = DepositsWish(facts.loan_id, facts.version, reason.toPlainText())
        dialog.carry_out(from_deposits.ask, wish, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def _who(desk: Desk, names: tuple[str, ...]) -> str:
    return people_words(names, desk.actor.full_name) or "somebody"
