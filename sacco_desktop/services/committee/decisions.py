"""The second person's yes or no, recorded and carried out, and the lists of what waits and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import ApprovalRequest
from sacco_desktop.domain.approval_levels import roles_in_words
from sacco_desktop.domain.approvals import (
    ApprovalKind,
    ApprovalStatus,
    Content,
    Decision,
    fingerprint,
)
from sacco_desktop.domain.money_in import MPESA_RECEIVED
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import forged_payments
from sacco_desktop.services.committee import what_follows
from sacco_desktop.services.lending import (
    eligibility,
    loans,
    repayment_undoing,
)
from sacco_desktop.services.office import (
    approval_notes,
    approvals,
    insiders,
    members_votes,
    users,
    who_decides,
)
from sacco_desktop.services.office.approval_needs import (
    Need,
    given_on,
    needs_by_request,
    needs_of,
    next_need,
)
from sacco_desktop.services.office.approval_notes import NoteRow
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.decision_words import words_after
from sacco_desktop.services.office.members_votes import VoteRow
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import (
    deposit_floor,
    withdrawal_rules,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision: its status now, and words for the person who made it."""

    status: ApprovalStatus
    words: str


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A request as the Approvals page shows one; amount in cents.

    `can_decide` is False for one's own requests and for people without the role; `locked_why` then says who can.
    `has_changed` means that what was asked for is not any more what is in the books, so a yes would be void. `needs`
    are the steps with what was decided on each, `who_can` the people who can decide next, and `insider_words` why
    the member whom it is about is an insider, empty for everybody else. `vote` is that of the members, where one
    was recorded.
    """

    request_id: int
    kind: ApprovalKind
    subject_id: int
    about: str
    amount_cents: int
    content: Content
    fingerprint: str
    status: ApprovalStatus
    asked_by: str
    asked_by_me: bool
    asked_at: datetime
    decided_by: str
    closing_words: str
    can_decide: bool
    locked_why: str
    decided_at: datetime | None = None
    has_changed: bool = False
    needs: tuple[Need, ...] = ()
    who_can: tuple[str, ...] = ()
    insider_words: str = ""
    notes: tuple[NoteRow, ...] = ()
    vote: VoteRow | None = None


def decide(work: Work, verdict: Verdict, sitting_id: int | None = None) -> Decided:
    """Record a verdict, and carry it out in the same transaction when nothing more is needed.

    When the content has changed since it was asked, the request becomes void instead, and the words say so. Raises
    NotAllowed, SamePerson, AlreadyDecided, ChangedMeanwhile, OverLimit, InvalidInput, and SaccoError for a yes to a
    loan or a withdrawal that a rule of its product refuses by now.
    """
    request = approvals.load(work, verdict.request_id)
    kind = ApprovalKind(request.kind)
    who_decides.check_may_decide(work, request, verdict.decision)
    if fingerprint(what_follows.content_now(work, request)) != request.fingerprint:
        words = "What was asked for has changed since. This request is void; it must be asked for again."
        approvals.void_open(work, kind, request.subject_id, words)
        return Decided(ApprovalStatus.VOID, words)
    yes = verdict.decision is Decision.APPROVE
    if yes:
        _check_rules(work, kind, request.subject_id)
    request = approvals.record(work, verdict, sitting_id)
    if request.status == ApprovalStatus.WAITING.value:
        return Decided(ApprovalStatus.WAITING, _still_needed(work, request))
    what_follows.carry_out(work, request, yes)
    return Decided(ApprovalStatus(request.status), words_after(kind, yes))


def _check_rules(work: Work, kind: ApprovalKind, subject: int) -> None:
    if kind is ApprovalKind.LOAN:
        eligibility.check(work, loans.load(work, subject), "approved")
    elif kind is ApprovalKind.PAYOUT:
        withdrawal_rules.check_payout(work, load_payout(work, subject))


def _still_needed(work: Work, request: ApprovalRequest) -> str:
    need = next_need(needs_of(work, request.id))
    assert need is not None, "a request that waits has a need"
    who = " or ".join(who_decides.names_who_can(work, request)) or "Nobody in this office yet"
    more = roles_in_words(need.roles)
    return f"Your yes is noted. Still needed: {need.missing} of {more}. {who} can."


def list_waiting(work: Work, _nothing: None = None) -> tuple[ApprovalRow, ...]:
    """The requests that nobody has decided yet, the oldest on top; what was ever decided is not read."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(ApprovalRequest)
        .where(ApprovalRequest.status == ApprovalStatus.WAITING.value)
        .order_by(ApprovalRequest.asked_at, ApprovalRequest.id)
    )
    return _rows(work, rows.all())


def list_requests(work: Work, newest: int | None = None) -> tuple[ApprovalRow, ...]:
    """The requests that wait, the oldest on top; below them those that do not wait any more, the newest on top and of
    these no more than `newest`, since they grow for ever.
    """
    closed = (
        select(ApprovalRequest)
        .where(ApprovalRequest.status != ApprovalStatus.WAITING.value)
        .order_by(ApprovalRequest.id.desc())
        .limit(newest)
    )
    return list_waiting(work) + _rows(work, work.session.scalars(closed).all())


def count_closed(work: Work) -> int:
    """How many requests do not wait any more."""
    work.allow(Act.LOOK)
    waits = ApprovalRequest.status == ApprovalStatus.WAITING.value
    return work.session.scalar(select(func.count()).select_from(ApprovalRequest).where(~waits)) or 0


def _rows(work: Work, rows: Sequence[ApprovalRequest]) -> tuple[ApprovalRow, ...]:
    """What hangs on the requests is read for all of them at once."""
    ids = [row.id for row in rows]
    needs, written = needs_by_request(work, ids), approval_notes.notes_by_request(work, ids)
    near = insiders.ids_on(work, work.today)
    votes = members_votes.newest_by_request(work, ids)
    shown = (_row(work, row, needs.get(row.id, ()), written.get(row.id, ()), near) for row in rows)
    return tuple(replace(one, vote=votes.get(one.request_id)) for one in shown)


def _row(
    work: Work,
    row: ApprovalRequest,
    needs: tuple[Need, ...],
    written: tuple[NoteRow, ...],
    near: frozenset[int],
) -> ApprovalRow:
    waits = row.status == ApprovalStatus.WAITING.value
    who_can = tuple(who_decides.names_who_can(work, row)) if waits else ()
    why = who_decides.locked_why(work, row, who_can)
    return ApprovalRow(
        request_id=row.id,
        kind=ApprovalKind(row.kind),
        subject_id=row.subject_id,
        about=row.about,
        amount_cents=row.amount_cents,
        content=approvals.content_of(row),
        fingerprint=row.fingerprint,
        status=ApprovalStatus(row.status),
        asked_by=users.full_name_of(work, row.asked_by),
        asked_by_me=row.asked_by == work.actor.user_id,
        asked_at=row.asked_at,
        decided_by=" and ".join(one.full_name for one in given_on(needs)),
        closing_words=row.closing_words,
        can_decide=not why,
        locked_why=why,
        decided_at=row.closed_at,
        has_changed=waits and fingerprint(what_follows.content_now(work, row)) != row.fingerprint,
        needs=needs,
        who_can=who_can,
        insider_words=_insider_words(work, row, near),
        notes=written,
    )


def _insider_words(work: Work, row: ApprovalRequest, near: frozenset[int]) -> str:
    """As the content said where it did; of other requests as it stands today."""
    said = str(approvals.content_of(row).get("insider", ""))
    member_id = who_decides.member_of(work, row) if near and not said else None
    return insiders.words_of(work, member_id) if member_id in near and member_id else said


@dataclass(frozen=True, slots=True)
class ReversalRequest:
    """Ask to take back a posted entry."""

    entry_number: int
    reason: str


def ask_reversal(work: Work, new: ReversalRequest) -> int:
    """Ask a second person to reverse an entry. Entries of payouts are settled on the Payouts page instead."""
    work.allow(Act.REVERSE_ENTRY)
    entry = ledger.read_entry(work, new.entry_number)
    if entry.kind == MPESA_RECEIVED:
        forged_payments.check(work, new.entry_number, new.reason)
    else:
        ledger.check_reversible(entry, new.reason)
    deposit_floor.check_can_be_reversed(work, new.entry_number)
    penalty_rows.check_can_be_reversed(entry.kind)
    repayment_undoing.check_can_be_reversed(work, new.entry_number)
    work.changed(Topic.APPROVALS)
    return approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.REVERSAL,
            new.entry_number,
            f"Entry {new.entry_number} · {entry.narration}",
            sum(line.debit_cents for line in entry.postings),
            {"entry": new.entry_number, "reason": new.reason.strip(), "kind": entry.kind},
        ),
    )
