"""Payouts from the request to the approval: what would be paid, to whom, and what the second person's yes is
bound to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from sacco_desktop.db.tables import ApprovalDecision, ApprovalRequest, Payout
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payout_ways import (
    NO_DESTINATION,
    Destination,
    Way,
)
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loans, top_ups
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, given_approvals
from sacco_desktop.services.payouts import (
    forgotten_payments,
    loan_payouts,
    nominee_phones,
    payout_drafts,
    standing_holds,
)
from sacco_desktop.services.payouts.payout_moves import last_attempt, load_payout, move_payout
from sacco_desktop.services.payouts.payout_rows import HandOverFacts as HandOverFacts
from sacco_desktop.services.payouts.payout_rows import PayoutRow as PayoutRow
from sacco_desktop.services.payouts.payout_rows import rows_of


@dataclass(frozen=True, slots=True)
class NewPayout:
    """Pay this approved loan out, or its parts that were taken back. `key` is made when the dialog opens."""

    key: str
    loan_id: int
    way: Way = Way.MPESA
    destination: Destination = NO_DESTINATION


@dataclass(frozen=True, slots=True)
class PayoutChange:
    """An act on one payout, with the version of it that the person looked at."""

    payout_id: int
    version: int
    reason: str = ""


def request(work: Work, new: NewPayout) -> PayoutRow:
    """Write the payout of an approved loan, in parts above M-Pesa's limit, and ask a second person for each.

    Nothing leaves. Returns the first of them. Raises WrongState, InvalidInput.
    """
    work.allow(Act.REQUEST_PAYOUT)
    answer = commands.once(work, new.key, "payout request", new, lambda: _request(work, new))
    return row_of(work, int(answer["payout_id"]))


def _request(work: Work, new: NewPayout) -> dict[str, Any]:
    loan = loans.load(work, new.loan_id)
    top_ups.check_can_be_paid(work, loan.id)
    first = loan_payouts.write_parts(work, loan, new.way, new.destination)
    loan.status = "disbursement_pending"
    loan.version += 1
    work.session.flush()
    work.changed(Topic.PAYOUTS, Topic.LOANS)
    return {"payout_id": first.id}


def ask_again(work: Work, change: PayoutChange) -> PayoutRow:
    """Ask two eyes anew for a payout that came back, when nothing about the member changed. Raises WrongState."""
    work.allow(Act.REQUEST_PAYOUT)
    forgotten_payments.check_heard(work)
    payout = _checked(work, change)
    if payout.status == PayoutStatus.APPROVED.value:
        move_payout(work, payout, PayoutStatus.DRAFT, "Asked for approval again.")
    if payout.status != PayoutStatus.DRAFT.value:
        raise WrongState(f"{payout.number} is {payout.status}; there is nothing to approve.")
    to_member = payout.member_id if payout.way == Way.MPESA.value else None
    if to_member is not None and nominee_phones.phone_now(work, payout) != payout.phone:
        number = members.load(work, to_member).number
        raise WrongState(
            f"The number of {number} has changed. Take this payout back and ask for a new one."
        )
    payout.fingerprint = ""
    payout_drafts.ask(work, payout)
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
    forgotten_payments.check_settled(work)
    last = last_attempt(work, payout.id)
    if last is not None and last.status == AttemptStatus.UNSENT.value and last.times_sent > 1:
        raise WrongState(
            f"These books came back from a copy, and {payout.number} may have gone out since. Approve it; then M-Pesa"
            " is asked about it."
        )
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, why)
    standing_holds.end(work, payout.id, why)
    move_payout(work, payout, PayoutStatus.CANCELLED, why)
    if payout.loan_id is not None:
        loan_payouts.free_loan(work, payout.loan_id)
    work.changed(Topic.LOANS)


def carry_out_decision(work: Work, payout_id: int, approved: bool, given: str) -> None:
    """Move a payout on after the second person's decision on the content with fingerprint `given`."""
    payout = load_payout(work, payout_id)
    if not approved:
        _cancel(work, payout, "The second person said no.")
        return
    payout.fingerprint = given
    who = given_approvals.names_of(
        given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout_id)
    )
    move_payout(work, payout, PayoutStatus.APPROVED, f"Approved by {who}.")


def _checked(work: Work, change: PayoutChange) -> Payout:
    payout = load_payout(work, change.payout_id)
    if payout.version != change.version:
        raise WrongState(f"{payout.number} has changed after you opened it. Look at it again.")
    return payout


def row_of(work: Work, payout_id: int) -> PayoutRow:
    """One payout as a list shows one. Raises NotFound."""
    load_payout(work, payout_id)
    return rows_of(work, [payout_id])[0]


def list_payouts(work: Work, _nothing: None = None) -> tuple[PayoutRow, ...]:
    """All payouts, the newest first."""
    return list_in(work, tuple(PayoutStatus))


def list_in(
    work: Work, states: Collection[PayoutStatus], newest: int | None = None
) -> tuple[PayoutRow, ...]:
    """The payouts in one of these states, the newest first; at most `newest` of them."""
    work.allow(Act.LOOK)
    # Each state's newest are read off its index; all of them together would be sorted first.
    ids = [
        payout_id
        for state in states
        for payout_id in work.session.scalars(
            select(Payout.id)
            .where(Payout.status == state.value)
            .order_by(Payout.id.desc())
            .limit(newest)
        )
    ]
    return rows_of(work, sorted(ids, reverse=True)[:newest])


def count_in(work: Work, states: Collection[PayoutStatus]) -> int:
    """How many payouts are in one of these states; counted in an index."""
    work.allow(Act.LOOK)
    return work.session.scalar(select(func.count()).select_from(Payout).where(_is_in(states))) or 0


def ready_cents(work: Work) -> int:
    """What M-Pesa would pay if everything that is approved and not on hold went out now, in cents."""
    work.allow(Act.LOOK)
    query = select(func.coalesce(func.sum(Payout.mpesa_cents), 0)).where(
        _is_in([PayoutStatus.APPROVED]), ~standing_holds.is_held(Payout.id)
    )
    return work.session.scalar(query) or 0


def count_ready(work: Work) -> int:
    """How many payouts are approved, not on hold, and were not approved by the actor."""
    work.allow(Act.LOOK)
    by_actor = exists().where(
        ApprovalRequest.kind == ApprovalKind.PAYOUT.value,
        ApprovalRequest.subject_id == Payout.id,
        ApprovalRequest.status == ApprovalStatus.APPROVED.value,
        ApprovalDecision.request_id == ApprovalRequest.id,
        ApprovalDecision.decided_by == work.actor.user_id,
    )
    query = select(func.count()).where(
        _is_in([PayoutStatus.APPROVED]), ~standing_holds.is_held(Payout.id), ~by_actor
    )
    return work.session.scalar(query) or 0


def id_of(work: Work, number: str) -> int | None:
    """The payout of this number, or None."""
    work.allow(Act.LOOK)
    return work.session.scalar(select(Payout.id).where(Payout.number == number))


def _is_in(states: Collection[PayoutStatus]) -> ColumnElement[bool]:
    return Payout.status.in_([state.value for state in states])
