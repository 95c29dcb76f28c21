"""Asks a second person for the payout of an approved loan: what would leave, by which way, in which parts."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payout_parts import PayoutPart
from sacco_desktop.domain.payout_ways import BEARER_WORDS, WAY_WORDS, Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.lending.loans import LoanDetail
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.loan_payouts import PayoutPreview, WayPreview
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutRow
from sacco_desktop.ui.act_dialog import ActDialog, Operation
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.loans.loan_words import deduction_lines, people_words
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.way_fields import WayFields
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.form import Form
from sacco_desktop.ui.widgets.money_plan import Check, MoneyPlan


def open_payout_request(
    desk: Desk,
    parent: QWidget,
    detail: LoanDetail,
    preview: PayoutPreview,
    asked: Callable[[PayoutRow], None],
) -> None:
    """One request, however often the button is pressed: its key is made here."""
    key = uuid4().hex
    actor = desk.actor
    lines = AmountLines(desk.theme, "payout_amounts")
    form = Form(desk.messages.show)

    def show(way: Way) -> None:
        found = preview.by(way)
        lines.show_lines((*deduction_lines(detail), *_ways(detail, preview, found)))
        form.say_note("way", found.refusal or _note(preview, found))

    fields = WayFields(form, detail.row.member_name, show)
    fields.offer(tuple(Way))
    if preview.by(Way.MPESA).refusal:
        fields.box.choose(Way.BANK)
    dialog = ActDialog(
        desk,
        _plan(detail, preview, actor.full_name),
        parent,
        name="payout_request_dialog",
        body=lines,
        form=form,
    )

    def make(_password: str) -> Operation:
        if refusal := preview.by(fields.way).refusal:
            raise InvalidInput(refusal, "way")
        new = NewPayout(key, detail.row.loan_id, fields.way, fields.destination())
        return lambda: desk.office.write(payouts.request, new, actor)

    dialog.run(make, asked)


def _ways(detail: LoanDetail, preview: PayoutPreview, found: WayPreview) -> tuple[NamedAmount, ...]:
    """What of the net is asked for now, and how it is paid."""
    parts = [part for _number, part in found.parts]
    asked = sum(part.net_cents for part in parts)
    lines: list[NamedAmount] = []
    if parts and asked < detail.row.net_cents:
        lines.append(NamedAmount("Asked for before", asked - detail.row.net_cents))
    whole = max(preview.whole_parts, len(parts))
    for number, part in found.parts:
        part_words = f"Part {number} of {whole} by" if whole > 1 else "By"
        lines.append(NamedAmount(f"{part_words} {_way_words(found.way)}", part.paid_cents))
    lines += _rest(parts)
    if found.way is Way.MPESA and parts:
        charge = sum(part.charge_cents for part in parts)
        words = f"M-Pesa's charge, {BEARER_WORDS[preview.bearer]}"
        lines.append(NamedAmount(words, charge))
    return tuple(lines)


def _way_words(way: Way) -> str:
    words = WAY_WORDS[way]
    return words if way is Way.MPESA else words.lower()


def _rest(parts: list[PayoutPart]) -> list[NamedAmount]:
    left = sum(part.deposits_cents for part in parts)
    return [NamedAmount("To the member's deposits", left)] if left else []


def _note(preview: PayoutPreview, found: WayPreview) -> str:
    """What the person should know of this way before asking."""
    if found.way is Way.CASH:
        return "Paid at the till by somebody who neither asked for it nor approved it."
    if found.way is Way.CHEQUE:
        return "Booked when the cheque is handed over."
    if found.way is Way.BANK:
        return "Goes into the next bank file. Booked when the bank has confirmed it."
    if len(found.parts) < 2:
        return f"To {display_phone(preview.phone)}."
    sums = [format_amount(part.paid_cents) for _number, part in found.parts]
    together = f"{', '.join(sums[:-1])} and {sums[-1]}"
    return (
        f"{len(sums)} payments: {together}. Each is approved by itself. A phone receives at most"
        f" {format_amount(preview.daily_cents)} a day; what is above that goes out tomorrow."
    )


def _plan(detail: LoanDetail, preview: PayoutPreview, me: str) -> MoneyPlan:
    row = detail.row
    net = format_kes(row.net_cents)
    is_open = row.status in ("approved", "disbursement_pending")
    return MoneyPlan(
        title=f"Ask for the payout of {row.number} to {row.member_name}",
        act=f"Ask for the payout of {net}"
        if row.status == "approved"
        else "Ask for the rest of the payout",
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
            Check("The committee has approved this loan.", is_open),
            _approvers(preview, me),
            *(Check(f"{one.title}: {one.words}", False) for one in preview.broken if one.stops),
        ),
        notes=tuple(
            Note(one.words, ChipColour.AMBER, f"{one.title}, only a warning")
            for one in preview.broken
            if not one.stops
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
