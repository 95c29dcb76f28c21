"""M-Pesa lets a phone receive only so much in a day; what would exceed that waits until tomorrow."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Payout
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.payouts.payout_moves import load_payout

_OTHERS_TO_PHONE = Lookup(
    select(Payout.status, Payout.paid_at, Payout.mpesa_cents).where(
        Payout.phone == bindparam("phone"), Payout.id != bindparam("but_this")
    )
)


def received_today(work: Work, payout: Payout) -> int:
    """What the payout's phone received from us today or may still receive from payments in flight, in cents."""
    # On a server the phone is sealed, but always alike, so it is looked for as it stands there.
    found = _OTHERS_TO_PHONE.rows(work.session, phone=payout.phone, but_this=payout.id)
    since = moment_of(work.today)
    return sum(
        cents
        for status, paid_at, cents in found
        if status == PayoutStatus.IN_FLIGHT.value
        or (status == PayoutStatus.PAID.value and paid_at is not None and paid_at >= since)
    )


def why_not_today(work: Work, payout_id: int) -> str:
    """Why this payout cannot leave today; empty when the phone may still receive it."""
    payout = load_payout(work, payout_id)
    most = payout_terms.daily_cents(work)
    so_far = received_today(work, payout)
    if payout.mpesa_cents == 0 or so_far + payout.mpesa_cents <= most:
        return ""
    return (
        f"This phone has {format_kes(so_far)} from us today, and with {payout.number} of"
        f" {format_amount(payout.mpesa_cents)} it would be above the {format_amount(most)} that M-Pesa lets it receive"
        " in a day. Send it tomorrow."
    )


def check(work: Work, payout: Payout) -> None:
    """Raise WrongState, which says tomorrow, when the phone would receive too much today. Nothing was sent."""
    if words := why_not_today(work, payout.id):
        raise WrongState(f"{words} Nothing was sent.")
