"""Payouts from the request to the approval: what would be paid, to whom, and what the second person's yes is
bound to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member, Payout, PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind, Content, fingerprint
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money import format_amount, format_kes, whole_shillings
from sacco_desktop.domain.payouts import AttemptStatus, Evidence, PayoutStatus
from sacco_desktop.domain.people import payout_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.tariff import charge_for, read_tariffs
from sacco_desktop.services import (
    approvals,
    audit,
    commands,
    loans,
    members,
    numbering,
    society,
    users,
)
from sacco_desktop.services.payout_moves import last_attempt, load_payout, move_payout
from sacco_desktop.services.work import Topic, Work
from sacco_desktop.settings import resources_dir


@dataclass(frozen=True, slots=True)
class NewPayout:
    """Pay this approved loan out. `key` is made when the dialog opens."""

    key: str
    loan_id: int


@dataclass(frozen=True, slots=True)
class PayoutChange:
    """An act on one payout, with the version of it that the person looked at."""

    payout_id: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout as lists show one; amounts in cents. `attempt_status` is None until it is sent."""

    payout_id: int
    number: str
    loan_id: int | None
    loan_number: str
    member_id: int
    member_number: str
    member_name: str
    phone: str
    phone_changed_at: datetime | None
    net_cents: int
    mpesa_cents: int
    deposits_cents: int
    charge_cents: int
    status: PayoutStatus
    evidence: Evidence
    attempt_id: int | None
    attempt_status: AttemptStatus | None
    claim: str
    reason: str
    originator_conversation_id: str
    receipt: str | None
    paid_at: datetime | None
    entry_number: int | None
    requested_by: str
    approved_by: str
    approver_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class PayoutPreview:
    """How a loan would be paid out if it was asked for now, in cents, and who could then approve it."""

    mpesa_cents: int
    deposits_cents: int
    charge_cents: int
    phone: str
    phone_changed_at: datetime | None
    approvers: tuple[str, ...]


def preview(work: Work, loan_id: int) -> PayoutPreview:
    """What `request` would write for this loan. Raises InvalidInput as it does."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    member = members.load(work, loan.member_id)
    mpesa, deposits = _parts(work, loan.net_cents)
    able = users.names_who_may(work, Act.APPROVE_PAYOUT, not_these=[work.actor.user_id])
    return PayoutPreview(
        mpesa, deposits, _charge(work, mpesa), member.phone, member.phone_changed_at, tuple(able)
    )


def request(work: Work, new: NewPayout) -> PayoutRow:
    """Write the payout of an approved loan and ask a second person. Nothing leaves. Raises WrongState, InvalidInput."""
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "payout request", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewPayout) -> dict[str, Any]:
    loan = loans.load(work, new.loan_id)
    if loan.status != "approved":
        raise WrongState(f"{loan.number} is {loan.status}, so it cannot be paid out.")
    member = members.load(work, loan.member_id)
    mpesa, deposits = _parts(work, loan.net_cents)
    year = work.today.year
    payout = Payout(
        number=payout_number(year, numbering.next_in(work, f"payout/{year}")),
        purpose="loan",
        loan_id=loan.id,
        member_id=member.id,
        phone=member.phone,
        net_cents=loan.net_cents,
        mpesa_cents=mpesa,
        deposits_cents=deposits,
        charge_cents=_charge(work, mpesa),
        status=PayoutStatus.DRAFT.value,
        requested_by=work.actor.user_id,
        requested_at=work.now,
    )
    work.session.add(payout)
    loan.status = "disbursement_pending"
    loan.version += 1
    work.session.flush()
    audit.record(work, "asked for a payout", payout.number, {"cents": payout.net_cents})
    _ask(work, payout)
    work.changed(Topic.PAYOUTS, Topic.LOANS)
    return {"payout_id": payout.id}


def _parts(work: Work, net_cents: int) -> tuple[int, int]:
    """What M-Pesa pays, in whole shillings, and what goes to the deposits: the cents, or all of a sum that is
    too small.
    """
    most = society.number_setting(work, "payout.maximum_cents")
    mpesa, rest = whole_shillings(net_cents)
    if mpesa > most:
        raise InvalidInput(
            f"{format_kes(mpesa)} is above the M-Pesa limit of {format_amount(most)} for one payment."
            " Split it or pay by bank.",
            "amount",
        )
    if mpesa < society.number_setting(work, "payout.minimum_cents"):
        return 0, net_cents
    return mpesa, rest


def _charge(work: Work, mpesa_cents: int) -> int:
    if mpesa_cents == 0:
        return 0
    tariffs = read_tariffs((resources_dir() / "tariffs" / "mpesa_b2c.csv").read_text("utf-8"))
    return charge_for(tariffs, mpesa_cents, work.today)


def _ask(work: Work, payout: Payout) -> None:
    member = members.load(work, payout.member_id)
    loan = loans.load(work, payout.loan_id or 0)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.PAYOUT,
            payout.id,
            f"{member.full_name} · {loan.number} · {display_phone(payout.phone)}",
            payout.net_cents,
            approval_content(work, payout.id),
        ),
    )


def ask_again(work: Work, change: PayoutChange) -> PayoutRow:
    """Ask two eyes anew for a payout that came back, when nothing about the member changed. Raises WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    payout = _checked(work, change)
    if payout.status == PayoutStatus.APPROVED.value:
        move_payout(work, payout, PayoutStatus.DRAFT, "Asked for approval again.")
    if payout.status != PayoutStatus.DRAFT.value:
        raise WrongState(f"{payout.number} is {payout.status}; there is nothing to approve.")
    member = members.load(work, payout.member_id)
    if member.phone != payout.phone:
        raise WrongState(
            f"The number of {member.number} has changed. Take this payout back and ask for a new one."
        )
    payout.fingerprint = ""
    _ask(work, payout)
    return row_of(work, payout.id)


def take_back(work: Work, change: PayoutChange) -> PayoutRow:
    """Cancel a payout of which nothing can have left; its loan is approved again. Raises WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    payout = _checked(work, change)
    if payout.status not in (PayoutStatus.DRAFT.value, PayoutStatus.APPROVED.value):
        raise WrongState(f"{payout.number} is {payout.status} and cannot be taken back.")
    _cancel(work, payout, change.reason.strip() or "Taken back.")
    audit.record(work, "took back a payout", payout.number, {"why": change.reason.strip()})
    return row_of(work, payout.id)


def _cancel(work: Work, payout: Payout, why: str) -> None:
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, why)
    move_payout(work, payout, PayoutStatus.CANCELLED, why)
    loan = loans.load(work, payout.loan_id or 0)
    loan.status = "approved"
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS)


def carry_out_decision(work: Work, payout_id: int, approved: bool, given: str) -> None:
    """Move a payout on after the second person's decision on the content with fingerprint `given`."""
    payout = load_payout(work, payout_id)
    if not approved:
        _cancel(work, payout, "The second person said no.")
        return
    payout.fingerprint = given
    move_payout(work, payout, PayoutStatus.APPROVED, f"Approved by {work.actor.full_name}.")


def approval_content(work: Work, payout_id: int) -> Content:
    """What the approval of a payout is bound to, read anew each time: member, phone, net amount, deductions."""
    payout = load_payout(work, payout_id)
    member = members.load(work, payout.member_id)
    loan = loans.load(work, payout.loan_id or 0)
    taken: list[list[str | int]] = [
        [line.name, line.amount_cents, line.account_code]
        for line in loans.deductions_of(work, loan.id)
    ]
    return {
        "payout": payout.number,
        "loan": loan.number,
        "member": member.number,
        "name": member.full_name,
        "phone": member.phone,
        "to": payout.phone,
        "gross_cents": loan.amount_cents,
        "deductions": taken,
        "net_cents": payout.net_cents,
        "mpesa_cents": payout.mpesa_cents,
        "deposits_cents": payout.deposits_cents,
    }


def content_changed(work: Work, payout_id: int) -> bool:
    """Whether the payout is not any more exactly what was approved."""
    content = approval_content(work, payout_id)
    approved = load_payout(work, payout_id).fingerprint
    return approved != fingerprint(content) or content["phone"] != content["to"]


def void_if_changed(work: Work, payout_id: int) -> str:
    """Take an approval away whose content no longer holds; returns the words for it, or nothing when all is as
    approved.
    """
    payout = load_payout(work, payout_id)
    if payout.status != PayoutStatus.APPROVED.value or not content_changed(work, payout_id):
        return ""
    approver = approvals.approver_of(work, ApprovalKind.PAYOUT, payout_id)
    who = approver.full_name if approver else "the second person"
    words = f"The approval by {who} no longer counts: what was approved has changed. Ask again."
    approvals.void_open(work, ApprovalKind.PAYOUT, payout_id, words)
    payout.fingerprint = ""
    move_payout(work, payout, PayoutStatus.DRAFT, words)
    return words


def void_changed_of(work: Work, member_id: int) -> None:
    """Look at every approved payout of a member whose record has just changed."""
    for payout_id in work.session.scalars(
        select(Payout.id).where(
            Payout.member_id == member_id, Payout.status == PayoutStatus.APPROVED.value
        )
    ).all():
        void_if_changed(work, payout_id)


def _checked(work: Work, change: PayoutChange) -> Payout:
    payout = load_payout(work, change.payout_id)
    if payout.version != change.version:
        raise WrongState(f"{payout.number} has changed after you opened it. Look at it again.")
    return payout


def row_of(work: Work, payout_id: int) -> PayoutRow:
    """One payout as a list shows one. Raises NotFound."""
    load_payout(work, payout_id)
    return _rows(work, payout_id)[0]


def list_payouts(work: Work, _nothing: None = None) -> tuple[PayoutRow, ...]:
    """All payouts, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, None)


def _rows(work: Work, payout_id: int | None) -> tuple[PayoutRow, ...]:
    query = (
        select(Payout, Member, Loan)
        .join(Member, Member.id == Payout.member_id)
        .outerjoin(Loan, Loan.id == Payout.loan_id)
        .order_by(Payout.id.desc())
    )
    if payout_id is not None:
        query = query.where(Payout.id == payout_id)
    return tuple(
        _row(work, payout, member, loan) for payout, member, loan in work.session.execute(query)
    )


def _row(work: Work, payout: Payout, member: Member, loan: Loan | None) -> PayoutRow:
    attempt: PayoutAttempt | None = last_attempt(work, payout.id)
    approver = approvals.approver_of(work, ApprovalKind.PAYOUT, payout.id)
    return PayoutRow(
        payout_id=payout.id,
        number=payout.number,
        loan_id=payout.loan_id,
        loan_number=loan.number if loan else "",
        member_id=member.id,
        member_number=member.number,
        member_name=member.full_name,
        phone=payout.phone,
        phone_changed_at=member.phone_changed_at,
        net_cents=payout.net_cents,
        mpesa_cents=payout.mpesa_cents,
        deposits_cents=payout.deposits_cents,
        charge_cents=payout.charge_cents,
        status=PayoutStatus(payout.status),
        evidence=Evidence(payout.evidence),
        attempt_id=attempt.id if attempt else None,
        attempt_status=AttemptStatus(attempt.status) if attempt else None,
        claim=attempt.claim if attempt else "",
        reason=attempt.reason if attempt else "",
        originator_conversation_id=attempt.originator_conversation_id if attempt else "",
        receipt=payout.receipt,
        paid_at=payout.paid_at,
        entry_number=payout.entry_number,
        requested_by=users.full_name_of(work, payout.requested_by),
        approved_by=approver.full_name if approver else "",
        approver_id=approver.user_id if approver else None,
        version=payout.version,
    )
