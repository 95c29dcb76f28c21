"""Looks into the books at the moment at which a request for money leaves: whether exactly this was written down, and
whether somebody else than its maker had approved exactly this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalDecision, ApprovalRequest, Payout, PayoutAttempt
from sacco_desktop.domain.approvals import ApprovalKind, fingerprint
from sacco_desktop.domain.payouts import AttemptStatus, PayoutStatus
from sacco_desktop.services.books.work import Work

# A failure that was taken back has ended the approval under which the payment went out; it still was one.
_COUNTS = ("approved", "void")


def wrong_about(work: Work, request: dict[str, Any]) -> tuple[str, ...]:
    """What is not as it must be while this request for a payment is on its way, in sentences."""
    number = str(request["Occassion"])
    payout = work.session.scalar(select(Payout).where(Payout.number == number))
    if payout is None:
        return (f"{number} goes out, and the books do not know it",)
    sending = work.session.scalars(
        select(PayoutAttempt).where(
            PayoutAttempt.payout_id == payout.id,
            PayoutAttempt.status == AttemptStatus.SENDING.value,
        )
    ).all()
    if len(sending) != 1 or payout.status != PayoutStatus.IN_FLIGHT.value:
        return (f"{number} goes out as {payout.status}, with {len(sending)} attempts under way",)
    return tuple(
        f"{number} goes out, and {words}"
        for words in (
            *_wrong_content(payout, sending[0], request),
            *_wrong_approval(work, payout, sending[0]),
        )
    )


def _wrong_content(
    payout: Payout, attempt: PayoutAttempt, request: dict[str, Any]
) -> Iterator[str]:
    told = int(str(request["Amount"])) * 100, str(request["PartyB"])
    if told != (payout.mpesa_cents, payout.phone):
        yield f"it asks for {told}, not for what is written"
    own_id = request.get("OriginatorConversationID")
    if own_id is not None and own_id != attempt.originator_conversation_id:
        yield f"its id {own_id} is not the one that is written"


def _wrong_approval(work: Work, payout: Payout, attempt: PayoutAttempt) -> Iterator[str]:
    approval = work.session.scalar(
        select(ApprovalRequest)
        .where(
            ApprovalRequest.kind == ApprovalKind.PAYOUT.value,
            ApprovalRequest.subject_id == payout.id,
            ApprovalRequest.status.in_(_COUNTS if attempt.times_sent > 1 else _COUNTS[:1]),
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )
    if approval is None:
        yield "no approval of it stands"
        return
    content = json.loads(approval.content)
    if fingerprint(content) != approval.fingerprint or approval.fingerprint != payout.fingerprint:
        yield "the fingerprint of what was approved is not that of what goes out"
    approved = content["payout"], content["mpesa_cents"], content["to"]
    if approved != (payout.number, payout.mpesa_cents, payout.phone):
        yield f"{approved} was approved, not this"
    decisions = work.session.scalars(
        select(ApprovalDecision).where(ApprovalDecision.request_id == approval.id)
    ).all()
    deciders = {row.decided_by for row in decisions}
    if not decisions or any(row.decision != "approve" for row in decisions):
        yield "not everybody who was asked said yes"
    if any(row.fingerprint != approval.fingerprint for row in decisions):
        yield "somebody said yes to something else"
    if deciders & {approval.asked_by, attempt.sent_by}:
        yield "who asked for it, or sends it, approved it"
