"""Stops an approved payout before it leaves, and lets it go on. Whoever may touch a payout may stop it; letting money
go again is for those who send it.
"""

from __future__ import annotations

from sacco_desktop.db.tables import Payout, PayoutHold
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, WrongState
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.payouts import forgotten_payments, standing_holds
from sacco_desktop.services.payouts.payout_moves import load_payout, note_payout
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow, row_of

MAY_HOLD = (Act.REQUEST_PAYOUT, Act.APPROVE_PAYOUT, Act.SEND_PAYOUT, Act.PAY_CASH)


def hold(work: Work, change: PayoutChange) -> PayoutRow:
    """Stop this approved payout until somebody who may send it lets it go. A batch goes on without it.

    Raises WrongState when it has left, or is stopped already, and InvalidInput without a reason.
    """
    work.allow_one_of(*MAY_HOLD)
    payout = _looked_at(work, change)
    if payout.status != PayoutStatus.APPROVED.value:
        raise WrongState(
            f"{payout.number} is {payout.status.replace('_', ' ')}, so it cannot be put on hold. Only what is approved"
            " and has not left can be."
        )
    held = standing_holds.standing(work, payout.id)
    if held is not None:
        raise WrongState(standing_holds.why_held(payout.number, held))
    why = _reason(change, "Write why it shall wait.")
    work.session.add(
        PayoutHold(payout_id=payout.id, held_by=work.actor.user_id, held_at=work.now, why=why)
    )
    _tell(work, payout, f"Put on hold by {work.actor.full_name}: {why}")
    audit.record(work, "put a payout on hold", payout.number, {"why": why})
    return row_of(work, payout.id)


def release(work: Work, change: PayoutChange) -> PayoutRow:
    """Let a stopped payout go on; it leaves when somebody presses Pay. Raises WrongState, InvalidInput."""
    work.allow(Act.SEND_PAYOUT)
    payout = _looked_at(work, change)
    forgotten_payments.check_heard(work)
    why = _reason(change, "Write why it may go on.")
    if not standing_holds.end(work, payout.id, why):
        raise WrongState(f"{payout.number} is not on hold.")
    _tell(work, payout, f"Released by {work.actor.full_name}: {why}")
    audit.record(work, "released a payout", payout.number, {"why": why})
    return row_of(work, payout.id)


def _looked_at(work: Work, change: PayoutChange) -> Payout:
    payout = load_payout(work, change.payout_id)
    if payout.version != change.version:
        raise ChangedMeanwhile(
            f"{payout.number} has changed after you opened it. Look at it again."
        )
    return payout


def _reason(change: PayoutChange, missing: str) -> str:
    why = " ".join(change.reason.split())
    if not why:
        raise InvalidInput(missing, "reason")
    return why


def _tell(work: Work, payout: Payout, words: str) -> None:
    """A list that was shown before says something else now, so the version of the payout moves."""
    payout.version += 1
    work.session.flush()
    note_payout(work, payout, words)
