"""What a payment will do before it does it: how it came in, and where each part of it would go. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import MpesaReceipt
from sacco_desktop.domain.allocation import Component
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, SaccoError
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import LOAN, NAMES
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import (
    mpesa_receipts,
    purpose_posting,
    purposes,
    routing,
)
from sacco_desktop.services.collecting.purposes import Purpose
from sacco_desktop.services.lending import loans, repayments
from sacco_desktop.services.lending.repayments import RepaymentQuestion
from sacco_desktop.services.membership import members

_PART_WORDS = {
    Component.RECOVERY_COST: "Cost of recovery",
    Component.PENALTY: "Penalty",
    Component.FEE: "Fees",
    Component.INTEREST: "Interest",
    Component.PRINCIPAL: "Principal",
}


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What would this payment do, shared out like this? Without shares: what would the program do with it itself?"""

    receipt_id: int
    shares: tuple[Purpose, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of it in words, in cents; `depth` 1 is a part of the line above."""

    words: str
    cents: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Both legs of a payment: what it did when it came, and what it would do now; the cents left over wait.

    `how` says by what the purposes are known, and is empty when nobody is named for sure. `refusal` says why the books
    would not take it.
    """

    came: PlannedLine
    goes: tuple[PlannedLine, ...]
    left_cents: int
    how: str
    refusal: str = ""


_HOW = {
    "prompt": "By the prompt that was answered.",
    "reference": "By the account that was typed.",
    "alias": "The same words of the same phone were given this purpose before.",
}


def plan(work: Work, question: PlanQuestion) -> Plan:
    """The payment as it would be booked. Raises NotFound for one that is not there."""
    work.allow(Act.LOOK)
    row = work.session.get(MpesaReceipt, question.receipt_id)
    if row is None:
        raise NotFound("There is no such payment.")
    known = routing.known(work, row) if not question.shares else None
    shares = known.shares if known else question.shares
    how = _HOW[known.how] if known and known.shares else ""
    left = mpesa_receipts.left_cents(work, row.id)
    account = ledger.read_entry(work, row.entry_number).postings[0].account_code
    came = PlannedLine(
        f"Came to {row.shortcode}: account {account}, and {UNALLOCATED_RECEIPTS} unallocated receipts,"
        f" entry {row.entry_number}",
        row.amount_cents,
    )
    lines: list[PlannedLine] = []
    rest = left - sum(share.cents for share in shares)
    if rest < 0:
        words = f"{format_kes(left)} is left of it, which is less than is shared out."
        return Plan(came, (), left, how, words)
    try:
        for share in shares:
            purpose_posting.check(share)
            lines += _lines(work, row, share)
    except SaccoError as refusal:
        return Plan(came, tuple(lines), left, how, refusal.message)
    return Plan(came, tuple(lines), rest, how)


def _lines(work: Work, row: MpesaReceipt, share: Purpose) -> list[PlannedLine]:
    name = NAMES.get(share.purpose) or purposes.name_of(work, share.purpose)
    if share.loan_id is not None:
        loan = loans.load(work, share.loan_id)
        name = f"{name}, {loan.number}"
        if share.purpose == LOAN and loan.status != "written_off":
            return [PlannedLine(name, share.cents), *_divided(work, row, share)]
    elif share.member_id is not None:
        name = f"{name} of {members.load(work, share.member_id).number}"
    return [PlannedLine(name, share.cents)]


def _divided(work: Work, row: MpesaReceipt, share: Purpose) -> list[PlannedLine]:
    """How the loan takes it; raises what its rules refuse."""
    on = business_date(row.paid_at)
    asked = RepaymentQuestion(share.loan_id or 0, share.cents, on)
    offer = repayments.offer(work, asked)
    if offer.refusal:
        raise InvalidInput(offer.refusal, "amount")
    sums: dict[str, int] = {}
    for part in offer.parts:
        words = _PART_WORDS[part.component]
        sums[words] = sums.get(words, 0) + part.cents
    sums["Kept for later instalments"] = offer.prepaid_cents
    sums["More than is owed, to the deposits"] = offer.deposits_cents
    return [PlannedLine(words, cents, 1) for words, cents in sums.items() if cents]
