"""The two dialogs of a decision. Approving asks for the password, because money follows; both show the facts again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.operations.confirm import write_with_password
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.approvals.columns import (
    facts,
    phone_words,
    subject_of,
)
from sacco_desktop.ui.pages.approvals.kind_words import EFFECTS, KIND_WORDS
from sacco_desktop.ui.pages.approvals.needs import after_my_yes
from sacco_desktop.ui.pages.approvals.requests import Request
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan

LONGEST_REASON = 300


def approve_plan(request: Request) -> MoneyPlan:
    """What the approver sees once more, in large, before the yes."""
    row, change = request.row, request.phone_change
    return MoneyPlan(
        title=f"Approve {KIND_WORDS[row.kind].lower()}: {subject_of(request)}",
        act="Approve",
        amount_cents=row.amount_cents,
        facts=facts(request),
        effects=(EFFECTS[row.kind],),
        checks=(
            Check(f"{row.asked_by} asked, you decide.", True),
            Check(after_my_yes(row), True),
            *(Check(f"{rule.title}: {rule.words}", rule.passed) for rule in request.checks),
        ),
        notes=(Note(phone_words(change)),) if change is not None else (),
        confirmations=(
            (f"I called the member on {display_phone(change.old)}.",) if change is not None else ()
        ),
    )


def open_approve_dialog(
    desk: Desk, parent: QWidget, request: Request, done: Callable[[Decided], None]
) -> None:
    """Ask for the password, then approve exactly what is shown."""
    dialog = ActDialog(desk, approve_plan(request), parent, name="approve_dialog")
    dialog.resize(820, 520)
    actor = desk.actor
    verdict = Verdict(request.row.request_id, request.row.fingerprint, Decision.APPROVE)
    dialog.run(
        lambda password: (
            lambda: write_with_password(desk.office, password, decisions.decide, verdict, actor)
        ),
        done,
    )


def open_reject_dialog(
    desk: Desk, parent: QWidget, request: Request, done: Callable[[Decided], None]
) -> None:
    """Ask for a reason that the other person will read, and for the password."""
    row, actor = request.row, desk.actor
    form = Form(desk.messages.show)
    reason = QLineEdit()
    reason.setObjectName("reason")
    reason.setMaxLength(LONGEST_REASON)
    form.add_row("reason", "Reason", reason, f"{row.asked_by} will read it.")
    plan = MoneyPlan(
        title=f"Reject {KIND_WORDS[row.kind].lower()}: {subject_of(request)}",
        act="Reject",
        amount_cents=row.amount_cents,
        notes=(Note("Nothing is paid and nothing else changes.", ChipColour.BLUE),),
    )
    dialog = ActDialog(desk, plan, parent, name="reject_dialog", form=form)
    dialog.resize(640, 360)

    def make(password: str) -> Operation:
        verdict = Verdict(row.request_id, row.fingerprint, Decision.REJECT, reason.text())
        return lambda: write_with_password(desk.office, password, decisions.decide, verdict, actor)

    dialog.run(make, done)
