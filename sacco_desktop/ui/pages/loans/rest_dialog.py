"""The rest of a loan is not wanted: what it would become, with its schedule, before a second person is asked."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.payouts import loan_rest
from sacco_desktop.services.payouts.loan_rest import RestFacts, RestNotWanted
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import people_words
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from sacco_desktop.ui.widgets.schedule_table import ScheduleTable
from sacco_desktop.ui.widgets.sideways import Sideways


def open_rest_dialog(desk: Desk, parent: QWidget, facts: RestFacts) -> None:
    """Show the amounts and the schedule as if it began today, and ask for the reason."""
    plan = FormPlan(
        "rest_dialog",
        f"{facts.member_name}: the rest of {facts.number} is not wanted",
        "Ask for approval",
        _before(desk, facts),
    )
    dialog = FormDialog(desk, plan, parent)
    lines = AmountLines(desk.theme, "rest_amounts")
    lines.show_lines(_lines(facts))
    dialog.form.add_wide(lines)
    reason = NoteEdit("reason", lines=2)
    dialog.form.add_row("reason", "Reason", reason, "Who said so, and when.")
    schedule = ScheduleTable(desk.theme)
    schedule.set_rows(facts.schedule)
    dialog.set_side(Sideways(schedule, "rest_schedule_side", "Schedule, if it began today"))

    def submit() -> None:
        given = RestNotWanted(facts.loan_id, facts.version, reason.toPlainText())
        dialog.carry_out(loan_rest.ask, given, desk.toast)

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()


def _lines(facts: RestFacts) -> tuple[NamedAmount, ...]:
    agreed = NamedAmount("Loan as agreed, KES", facts.agreed_cents)
    if facts.to_deposits:
        return (
            agreed,
            NamedAmount("Paid so far", facts.paid_cents),
            NamedAmount("To the member's deposits", facts.rest_cents, is_total=True),
        )
    return (
        agreed,
        NamedAmount("Not paid and not wanted", -facts.rest_cents),
        NamedAmount("The loan becomes", facts.amount_cents, is_total=True),
        NamedAmount("of it paid to the member", facts.paid_cents),
        NamedAmount("of it fees, which stay as they were", facts.fees_cents),
    )


def _before(desk: Desk, facts: RestFacts) -> str:
    who = people_words(facts.approvers, desk.actor.full_name) or "Nobody yet"
    last = facts.schedule[-1]
    if facts.to_deposits:
        return (
            f"The society puts such a rest into deposits. {format_kes(facts.rest_cents)} is asked for as a payment to"
            f" the member's deposits; {who} can approve it. The loan stays {format_kes(facts.agreed_cents)}."
        )
    return (
        f"Nothing changes until {who} agrees. Then the loan begins that day with {format_kes(facts.amount_cents)}, in"
        f" {len(facts.schedule)} instalments; if that were today, the last falls due on {format_date(last.due_on)}."
    )
