"""Payouts that a person hands over: by a bank file, a cheque, or cash at the till. Nothing here calls M-Pesa."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from sacco_desktop.db.tables import HandOver, Payout, PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import BANK_CURRENT, CASH_IN_HAND
from sacco_desktop.domain.dates import business_date, moment_of
from sacco_desktop.domain.errors import InsufficientFloat, InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payout_ways import WAY_WORDS, Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.people import clean_national_id
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loan_recheck
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, given_approvals, limits, users
from sacco_desktop.services.payouts import (
    evidence,
    forgotten_payments,
    payout_contents,
    standing_holds,
)
from sacco_desktop.services.payouts.payout_moves import load_payout, move_payout
from sacco_desktop.services.payouts.payout_settling import ProvenPayment, settle_by_hand
from sacco_desktop.services.payouts.payouts import PayoutRow, row_of
from sacco_desktop.services.savings import withdrawal_rules

_BANK_NOON = 12


@dataclass(frozen=True, slots=True)
class NewCheque:
    """A cheque that was written for an approved payout, by its printed number. `version` is the one looked at."""

    payout_id: int
    version: int
    cheque_number: str


@dataclass(frozen=True, slots=True)
class CashPayment:
    """Cash handed over at the till to the person with this ID number, which the cashier reads and types again."""

    key: str
    payout_id: int
    version: int
    id_number: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A payment by bank or cheque arrived. `reference` is the bank's, or who signed for the cheque."""

    payout_id: int
    version: int
    reference: str
    paid_on: date


@dataclass(frozen=True, slots=True)
class CameBack:
    """A payment by bank was returned, or a cheque was cancelled before anybody had it; `reason` says why."""

    payout_id: int
    version: int
    reason: str


def write_cheque(work: Work, new: NewCheque) -> PayoutRow:
    """Note the cheque that was written. It is in flight until it is handed over. Raises InvalidInput, SamePerson."""
    work.allow(Act.SEND_PAYOUT)
    payout = _approved(work, new.payout_id, new.version, Way.CHEQUE)
    number = new.cheque_number.strip()
    if not (number.isascii() and number.isdigit() and 3 <= len(number) <= 12):
        raise InvalidInput("Write the number printed on the cheque, in figures.", "cheque_number")
    used = work.session.scalar(
        select(Payout.number)
        .join(HandOver, HandOver.payout_id == Payout.id)
        .where(HandOver.way == Way.CHEQUE.value, HandOver.reference == number)
    )
    if used is not None:
        raise InvalidInput(f"Cheque {number} was written for {used} already.", "cheque_number")
    check_bank(work, payout.handed_cents)
    begin(work, payout, reference=number, bank_file_id=None)
    return row_of(work, payout.id)


def pay_cash(work: Work, paid: CashPayment) -> PayoutRow:
    """Pay at the till: checked against the ID number, posted at once. Raises InvalidInput, SamePerson,
    InsufficientFloat.
    """
    work.allow(Act.PAY_CASH)
    answer = commands.once(work, paid.key, "cash payment", paid, lambda: _pay_cash(work, paid))
    return row_of(work, int(answer["payout_id"]))


def _pay_cash(work: Work, paid: CashPayment) -> dict[str, Any]:
    payout = _approved(work, paid.payout_id, paid.version, Way.CASH)
    typed = clean_national_id(paid.id_number, "id_number")
    if payout.member_id is not None:
        member = members.load(work, payout.member_id)
        if typed != member.national_id:
            raise InvalidInput(
                f"This is not the ID number of {member.full_name}. Nothing was paid.", "id_number"
            )
    till = ledger.balance(work, CASH_IN_HAND)
    if payout.handed_cents > till:
        raise InsufficientFloat(
            f"The till holds {format_kes(till)}, and {format_amount(payout.handed_cents)} is to be paid."
            " Nothing was paid. Bring cash from the bank first."
        )
    year = work.today.year
    voucher = f"CV-{year}-{numbering.next_in(work, f'cash voucher/{year}'):04d}"
    handed = begin(work, payout, reference=voucher, bank_file_id=None)
    why = f"Paid in cash by {work.actor.full_name}, voucher {voucher}, ID number compared."
    _close_paid(
        work, payout, handed, typed, ProvenPayment(voucher, work.now, Evidence.VERIFIED, why)
    )
    return {"payout_id": payout.id}


def confirm(work: Work, seen: Confirmation) -> PayoutRow:
    """The bank has paid, or the cheque was handed over: post it. Raises InvalidInput, WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    payout, handed = _in_flight(work, seen.payout_id, seen.version)
    by_bank = handed.way == Way.BANK.value
    reference = " ".join(seen.reference.split())
    if not reference:
        words = "the bank's reference" if by_bank else "the name of the person who signed for it"
        raise InvalidInput(f"Write {words}.", "reference")
    if not business_date(handed.made_at) <= seen.paid_on <= work.today:
        raise InvalidInput("It was paid between the day it left and today.", "paid_on")
    me = work.actor.full_name
    why = (
        f"{me} found it at the bank: {reference}."
        if by_bank
        else f"Cheque {handed.reference} handed over by {me} to {reference}."
    )
    known_as = reference if by_bank else handed.reference
    when = _moment(work, handed, seen.paid_on)
    _close_paid(
        work, payout, handed, reference, ProvenPayment(known_as, when, Evidence.VERIFIED, why)
    )
    return row_of(work, payout.id)


def came_back(work: Work, back: CameBack) -> PayoutRow:
    """No money left, or it returned: two people must approve it anew. Raises InvalidInput, WrongState."""
    work.allow(Act.SETTLE_PAYOUT)
    payout, handed = _in_flight(work, back.payout_id, back.version)
    reason = " ".join(back.reason.split())
    if not reason:
        raise InvalidInput("Write why it came back.", "reason")
    what = (
        f"Cheque {handed.reference} was cancelled"
        if handed.way == "cheque"
        else "The bank returned it"
    )
    handed.outcome, handed.reason = Outcome.RETURNED.value, reason
    handed.closed_by, handed.closed_at = work.actor.user_id, work.now
    work.session.flush()
    why = f"{what}: {reason}"
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, why)
    payout.fingerprint = ""
    move_payout(work, payout, PayoutStatus.DRAFT, why)
    audit.record(work, "took a payment by hand back", payout.number, {"why": reason})
    return row_of(work, payout.id)


def begin(work: Work, payout: Payout, *, reference: str, bank_file_id: int | None) -> HandOver:
    """Write that an approved payout is on its way by hand; the caller has checked it."""
    count = work.session.scalar(
        select(func.count()).select_from(HandOver).where(HandOver.payout_id == payout.id)
    )
    handed = HandOver(
        payout_id=payout.id,
        number=(count or 0) + 1,
        way=payout.way,
        reference=reference,
        bank_file_id=bank_file_id,
        made_by=work.actor.user_id,
        made_at=work.now,
    )
    work.session.add(handed)
    work.session.flush()
    act = Act.PAY_CASH if payout.way == Way.CASH.value else Act.SEND_PAYOUT
    limits.use(work, act, limits.sum_of_payout(work, payout), f"{payout.number} {handed.number}")
    way = WAY_WORDS[Way(payout.way)]
    why = f"{way} {reference}, by {work.actor.full_name}."
    move_payout(work, payout, PayoutStatus.IN_FLIGHT, why)
    audit.record(work, "handed a payout over", payout.number, {"by": payout.way, "no": reference})
    return handed


def check_ready(work: Work, payout: Payout) -> None:
    """Raise unless this person may hand this payout over now, exactly as it was approved."""
    if payout.status != PayoutStatus.APPROVED.value:
        raise WrongState(f"{payout.number} is {payout.status} and cannot be paid now.")
    forgotten_payments.check_settled(work)
    standing_holds.check_not_held(work, payout)
    if words := why_not_by_me(work, payout.id):
        raise SamePerson(words)
    if payout_contents.content_changed(work, payout.id):
        raise WrongState(
            f"What was approved for {payout.number} has changed since. Nothing was paid. Ask for approval again."
        )
    doubt = work.session.scalar(
        select(PayoutAttempt.id).where(
            PayoutAttempt.payout_id == payout.id,
            PayoutAttempt.status != AttemptStatus.FAILED.value,
        )
    )
    if doubt is not None:
        raise WrongState(f"M-Pesa may still pay {payout.number}. It is not paid by another way.")
    evidence.check_pay_again(work, payout)
    withdrawal_rules.check_leaving(work, payout)
    loan_recheck.check_leaving(work, payout)


def why_not_by_me(work: Work, payout_id: int) -> str:
    """Why this person may not hand the payout over; empty when they may. The service refuses the same."""
    payout = load_payout(work, payout_id)
    held = standing_holds.standing(work, payout.id)
    if held is not None:
        return standing_holds.why_held(payout.number, held)
    approvers = given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout.id)
    if work.actor.user_id in {approver.user_id for approver in approvers}:
        return f"You approved {payout.number}, so someone else must pay it."
    if payout.way == Way.CASH.value and work.actor.user_id in given_approvals.askers_of(
        work, payout
    ):
        return f"You asked for {payout.number}, so someone else must pay it at the till."
    return ""


def check_bank(work: Work, amount_cents: int) -> None:
    """Raise InsufficientFloat unless the bank account carries this beside what is on its way from it."""
    under_way = work.session.scalar(
        select(func.coalesce(func.sum(Payout.handed_cents), 0)).where(
            Payout.status == PayoutStatus.IN_FLIGHT.value
        )
    )
    free = ledger.balance(work, BANK_CURRENT) - (under_way or 0)
    if amount_cents > free:
        raise InsufficientFloat(
            f"The bank account has {format_kes(free)} free in the books, and {format_amount(amount_cents)} is to be"
            " paid. Nothing was written."
        )


def _approved(work: Work, payout_id: int, version: int, way: Way) -> Payout:
    payout = _looked_at(work, payout_id, version)
    if payout.way != way.value:
        raise WrongState(f"{payout.number} is not paid by this way.")
    check_ready(work, payout)
    return payout


def _looked_at(work: Work, payout_id: int, version: int) -> Payout:
    payout = load_payout(work, payout_id)
    if payout.version != version:
        raise WrongState(f"{payout.number} has changed after you opened it. Look at it again.")
    return payout


def _in_flight(work: Work, payout_id: int, version: int) -> tuple[Payout, HandOver]:
    payout = _looked_at(work, payout_id, version)
    handed = work.session.scalar(
        select(HandOver).where(
            HandOver.payout_id == payout.id, HandOver.outcome == Outcome.OPEN.value
        )
    )
    if payout.status != PayoutStatus.IN_FLIGHT.value or handed is None:
        raise WrongState(f"{payout.number} is not on its way by bank or cheque.")
    return payout, handed


def _moment(work: Work, handed: HandOver, day: date) -> datetime:
    """The bank names a day only: noon of it, yet neither before it left nor in the future."""
    return min(max(moment_of(day, _BANK_NOON), handed.made_at), work.now)


def _close_paid(
    work: Work, payout: Payout, handed: HandOver, proof: str, proven: ProvenPayment
) -> None:
    handed.proof = proof
    settle_by_hand(work, payout, handed, proven)
    work.changed(Topic.PAYOUTS)


def handed_by(work: Work, payout_id: int) -> str:
    """Who handed a payout over last; empty when nobody did."""
    made_by = work.session.scalar(
        select(HandOver.made_by)
        .where(HandOver.payout_id == payout_id)
        .order_by(HandOver.number.desc())
        .limit(1)
    )
    return users.full_name_of(work, made_by)
