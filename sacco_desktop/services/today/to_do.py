"""What waits for one person, line by line, each with the place in the window where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from sacco_desktop.db.tables import (
    ApprovalRequest,
    HandOver,
    Loan,
    MpesaConnection,
    Payout,
    PayoutAttempt,
    Relay,
    RelayEntry,
)
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.payout_ways import Outcome, Way
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.counter import unowned_money
from sacco_desktop.services.office import users
from sacco_desktop.services.payouts import evidence, hand_overs, payouts
from sacco_desktop.services.savings import savings_lists
from sacco_desktop.services.sending import payout_batches, queue_stops


@dataclass(frozen=True, slots=True)
class Task:
    """One line: how many, what of, how much in cents if that can be said, and where it is done.

    `place` is an address in the window, a page and what to open on it. `is_urgent` is for money in doubt and for a
    queue that stands still.
    """

    key: str
    count: int
    words: str
    cents: int | None
    button: str
    place: str
    is_urgent: bool = False


def to_do(work: Work, _nothing: None = None) -> tuple[Task, ...]:
    """What waits for the actor, the most urgent first; empty when nothing does."""
    work.allow(Act.LOOK)
    return tuple(task for line in _LINES for task in line(work))


def _stopped(work: Work) -> Iterable[Task]:
    stop = queue_stops.standing(work)
    if stop is not None and may(work.actor.roles, Act.SETTLE_PAYOUT):
        words = "stop of sending waits for you to put it right"
        yield Task("stopped", 1, words, None, "Open", "payouts/to_send", is_urgent=True)


def _unsure(work: Work) -> Iterable[Task]:
    """Payments of which nobody knows whether they were paid, or which a notice alone calls failed."""
    if not may(work.actor.roles, Act.SETTLE_PAYOUT):
        return
    count, cents = work.session.execute(
        select(func.count(), func.coalesce(func.sum(Payout.mpesa_cents), 0))
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(
            Payout.status == PayoutStatus.IN_FLIGHT.value,
            PayoutAttempt.status.not_in([AttemptStatus.FAILED.value, AttemptStatus.PAID.value]),
            (PayoutAttempt.status == AttemptStatus.UNKNOWN.value)
            | (PayoutAttempt.claim == "failed"),
        )
    ).one()
    if count:
        words = "payment needs a look" if count == 1 else "payments need a look"
        yield Task("unsure", count, words, cents, "Look", "payouts/in_flight", is_urgent=True)


def _standing_batches(work: Work) -> Iterable[Task]:
    """Batches that somebody stopped, or that stopped by themselves, with what of them has not gone out."""
    if not may(work.actor.roles, Act.SEND_PAYOUT):
        return
    batches = [batch for batch in payout_batches.unfinished(work) if batch.is_standing]
    if batches:
        words = (
            "batch of payouts is stopped" if len(batches) == 1 else "batches of payouts are stopped"
        )
        cents = sum(batch.waiting_cents for batch in batches)
        yield Task("batches", len(batches), words, cents, "Continue", "payouts/to_send")


def _to_confirm(work: Work) -> Iterable[Task]:
    """Bank transfers and cheques that left and of which nobody has said whether they arrived."""
    if not may(work.actor.roles, Act.SETTLE_PAYOUT):
        return
    count, cents = work.session.execute(
        select(func.count(), func.coalesce(func.sum(Payout.handed_cents), 0))
        .join(HandOver, HandOver.payout_id == Payout.id)
        .where(HandOver.outcome == Outcome.OPEN.value)
    ).one()
    if count:
        words = (
            "transfer or cheque to confirm" if count == 1 else "transfers and cheques to confirm"
        )
        yield Task("to_confirm", count, words, cents, "Confirm", "payouts/in_flight")


def _claimed(work: Work) -> Iterable[Task]:
    """Payments of the days before that still rest on one notice alone."""
    if not may(work.actor.roles, Act.SETTLE_PAYOUT):
        return
    rows = [
        row
        for row in evidence.still_claimed(work)
        if row.paid_at is not None and business_date(row.paid_at) < work.today
    ]
    if rows:
        words = "payment is not proven yet" if len(rows) == 1 else "payments are not proven yet"
        cents = sum(row.mpesa_cents for row in rows)
        yield Task("claimed", len(rows), words, cents, "Prove", "payouts/in_flight")


def _to_decide(work: Work) -> Iterable[Task]:
    rows = [row for row in decisions.list_waiting(work) if row.can_decide]
    if rows:
        words = "request waits for your decision" if len(rows) == 1 else "requests wait for you"
        cents = sum(row.amount_cents for row in rows)
        yield Task("to_decide", len(rows), words, cents, "Decide", "approvals/mine")


def _to_send(work: Work) -> Iterable[Task]:
    """Approved payouts, cash for whoever sits at the till; what this person may not pay waits for somebody else."""
    sends, pays_cash = (may(work.actor.roles, act) for act in (Act.SEND_PAYOUT, Act.PAY_CASH))
    if not sends and not pays_cash:
        return
    found = work.session.execute(
        select(Payout.id, Payout.way)
        .where(Payout.status == PayoutStatus.APPROVED.value)
        .order_by(Payout.id)
    ).all()
    mine = [payout_id for payout_id, way in found if (pays_cash if way == Way.CASH else sends)]
    rows = [
        payouts.row_of(work, payout_id)
        for payout_id in mine
        if not hand_overs.why_not_by_me(work, payout_id)
    ]
    if rows:
        words = "approved payout to send" if len(rows) == 1 else "approved payouts to send"
        if not sends:
            words = "payout in cash" if len(rows) == 1 else "payouts in cash"
        cents = sum(row.paid_cents for row in rows)
        yield Task(
            "to_send", len(rows), words, cents, "Send" if sends else "Pay", "payouts/to_send"
        )


def _came_back(work: Work) -> Iterable[Task]:
    """Payouts that were asked for once and wait for nobody: a no, a void approval, or a proven failure."""
    if not may(work.actor.roles, Act.REQUEST_PAYOUT):
        return
    is_asked = exists().where(
        ApprovalRequest.kind == ApprovalKind.PAYOUT.value,
        ApprovalRequest.subject_id == Payout.id,
        ApprovalRequest.status == ApprovalStatus.WAITING.value,
    )
    count, cents = work.session.execute(
        select(func.count(), func.coalesce(func.sum(Payout.net_cents), 0)).where(
            Payout.status == PayoutStatus.DRAFT.value, ~is_asked
        )
    ).one()
    if count:
        words = "payout came back to you" if count == 1 else "payouts came back to you"
        yield Task("came_back", count, words, cents, "Open", "payouts/to_send")


def _loans(status: str, act: Act, words: tuple[str, str], button: str, place: str) -> _Line:
    def line(work: Work) -> Iterable[Task]:
        if not may(work.actor.roles, act):
            return
        count, cents = work.session.execute(
            select(func.count(), func.coalesce(func.sum(Loan.amount_cents), 0)).where(
                Loan.status == status
            )
        ).one()
        if count:
            said = words[0] if count == 1 else words[1]
            yield Task(status, count, said, cents, button, place)

    return line


def _parked(work: Work) -> Iterable[Task]:
    if not may(work.actor.roles, Act.SETTLE_PAYOUT):
        return
    count = work.session.scalar(
        select(func.count()).select_from(RelayEntry).where(RelayEntry.state == "parked")
    )
    if count:
        words = (
            "notice from M-Pesa fits nothing" if count == 1 else "notices from M-Pesa fit nothing"
        )
        yield Task("parked", count, words, None, "Open", "payouts/problems")


def _cheques(work: Work) -> Iterable[Task]:
    """Cheques of members of which nobody has said whether the bank has cleared them."""
    if not may(work.actor.roles, Act.CLEAR_CHEQUE):
        return
    count, cents = savings_lists.count_cheques_to_clear(work)
    if count:
        words = "cheque of a member to clear" if count == 1 else "cheques of members to clear"
        yield Task("cheques", count, words, cents, "Open", "savings/cheques-waits")


def _no_owner(work: Work) -> Iterable[Task]:
    """Check-off money that belongs to nobody yet, with the day since which the oldest of it waits."""
    if not may(work.actor.roles, Act.IMPORT_BOOKS):
        return
    count, cents, since = unowned_money.count_waiting(work)
    if since is not None:
        what = "check-off line without owner" if count == 1 else "check-off lines without owner"
        words = f"{what}, since {format_date(since)}"
        yield Task("no_owner", count, words, cents, "Find owner", "savings/no_owner-waits")


def _set_up(work: Work) -> Iterable[Task]:
    """What is still missing before anybody can be paid; `Check setup` looks deeper and outside."""
    roles = work.actor.roles
    missing = []
    if may(roles, Act.MANAGE_CONNECTIONS):
        if work.session.scalar(select(MpesaConnection.environment).limit(1)) is None:
            missing.append("the M-Pesa connection")
        if work.session.scalar(select(Relay.id).limit(1)) is None:
            missing.append("a relay")
    if may(roles, Act.MANAGE_USERS) and len(users.names_who_may(work, Act.APPROVE_PAYOUT)) < 2:
        missing.append("a second person who approves payouts")
    if missing:
        words = "setting is missing: " if len(missing) == 1 else "settings are missing: "
        said = words + ", ".join(missing)
        yield Task("set_up", len(missing), said, None, "Check setup", "check_setup")


_Line = Callable[[Work], Iterable[Task]]
_LINES: tuple[_Line, ...] = (
    _stopped,
    _unsure,
    _to_decide,
    _standing_batches,
    _to_send,
    _came_back,
    _to_confirm,
    _claimed,
    _loans(
        "submitted",
        Act.APPRAISE_LOAN,
        ("loan to appraise", "loans to appraise"),
        "Appraise",
        "loans/applied",
    ),
    _loans(
        "approved",
        Act.REQUEST_PAYOUT,
        ("approved loan without a payout", "approved loans without a payout"),
        "Ask for payout",
        "loans/to_pay_out",
    ),
    _cheques,
    _no_owner,
    _parked,
    _set_up,
)
