"""Asks a second person for the payout of an approved loan: everything that would leave, and by which way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import BEARER_WORDS, Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services import payouts
from sacco_desktop.services.loan_payouts import PayoutPreview
from sacco_desktop.services.loans import LoanDetail
from sacco_desktop.services.payouts import NewPayout, PayoutRow
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import deduction_lines, people_words
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan


def open_payout_request(
    desk: Desk,
    parent: QWidget,
    detail: LoanDetail,
    preview: PayoutPreview,
    asked: Callable[[PayoutRow], None],
) -> None:
    """One request, however often the button is pressed: its key is made here."""
    new = NewPayout(uuid4().hex, detail.row.loan_id)
    actor = desk.actor
    lines = AmountLines(desk.theme, "payout_amounts")
    lines.show_lines((*deduction_lines(detail), *_ways(preview)))
    dialog = ActDialog(
        desk,
        _plan(detail, preview, actor.full_name),
        parent,
        name="payout_request_dialog",
        body=lines,
    )

    def make(_password: str) -> Operation:
        return lambda: desk.office.write(payouts.request, new, actor)

    dialog.run(make, asked)


def _ways(preview: PayoutPreview) -> tuple[NamedAmount, ...]:
    parts = [part for _number, part in preview.by(Way.MPESA).parts]
    ways = [NamedAmount("By M-Pesa", part.paid_cents) for part in parts]
    if left := sum(part.deposits_cents for part in parts):
        ways.append(NamedAmount("To the member's deposits", left))
    charge = sum(part.charge_cents for part in parts)
    return (*ways, NamedAmount(f"M-Pesa's charge, {BEARER_WORDS[preview.bearer]}", charge))


def _plan(detail: LoanDetail, preview: PayoutPreview, me: str) -> MoneyPlan:
    row = detail.row
    net = format_kes(row.net_cents)
    return MoneyPlan(
        title=f"Ask for the payout of {row.number} to {row.member_name}",
        act=f"Ask for the payout of {net}",
        amount_cents=row.net_cents,
        facts=(
            ("Member", f"{row.member_name}, {row.member_number}"),
            ("M-Pesa number", display_phone(preview.phone)),
            ("Loan", f"{row.number}, {row.product_name}"),
            ("Purpose", detail.purpose),
        ),
        effects=(
            "Nothing leaves now. A second person approves it, and then it is sent by someone who did not.",
        ),
        checks=(
            Check("The committee has approved this loan.", row.status == "approved"),
            _approvers(preview, me),
        ),
        asks_password=False,
    )


def _approvers(preview: PayoutPreview, me: str) -> Check:
    if not preview.approvers:
        return Check(
            "Nobody but you may approve payouts. An administrator adds a second person first.",
            False,
        )
    return Check(f"Can be approved by {people_words(preview.approvers, me)}.", True)
