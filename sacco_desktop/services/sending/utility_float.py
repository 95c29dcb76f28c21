"""The M-Pesa utility account, from which payouts are drawn: what it holds, what is promised of it, and filling
it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import ApprovalRequest, Entry, Payout
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Content
from sacco_desktop.domain.chart import BANK_CURRENT, MPESA_UTILITY
from sacco_desktop.domain.errors import InsufficientFloat, InvalidInput
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.mpesa_accounts import ROUTES, UTILITY, WORKING, FloatRoute
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, numbering, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, limits, society
from sacco_desktop.services.office.approvals import NewRequest
from sacco_desktop.services.sending import account_readings
from sacco_desktop.services.sending.account_readings import Origin, Reading


@dataclass(frozen=True, slots=True)
class KnownFloat:
    """What can still be promised. `known_cents` is the lower of the books and M-Pesa's last word; all in cents."""

    books_cents: int
    told_cents: int | None
    in_flight_cents: int

    @property
    def known_cents(self) -> int:
        """What the account is known to hold at the least."""
        return (
            self.books_cents if self.told_cents is None else min(self.books_cents, self.told_cents)
        )

    @property
    def free_cents(self) -> int:
        """Known, less the money in flight."""
        return self.known_cents - self.in_flight_cents


@dataclass(frozen=True, slots=True)
class UtilityFloat(KnownFloat):
    """The same with when M-Pesa spoke. `is_fresh` means that its word is not older than the society's setting;
    `working_cents` is what it last said of the working account, from which no payout is drawn.
    """

    told_at: datetime | None
    is_fresh: bool
    working_cents: int | None
    working_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewTopUp:
    """Money moved between the bank and our M-Pesa accounts, in cents, as the bank's slip or the portal says it."""

    amount_cents: int
    reference: str
    route: FloatRoute = FloatRoute.BANK_TO_UTILITY


_IN_FLIGHT = Lookup(
    select(func.coalesce(func.sum(Payout.mpesa_cents), 0)).where(
        Payout.status == PayoutStatus.IN_FLIGHT.value
    )
)


def current(work: Work, _nothing: None = None) -> UtilityFloat:
    """The utility account as it is known now.

    M-Pesa's last word counts only until the books move again: a reading from before a top-up or a paid payout would
    hold back money that is there, or promise money that is gone.
    """
    known, told_at = _known(work)
    working = account_readings.last(work, WORKING)
    fresh_for = society.minutes_setting(work, "balance.fresh_minutes")
    counts = known.told_cents is not None and told_at is not None
    return UtilityFloat(
        books_cents=known.books_cents,
        told_cents=known.told_cents,
        in_flight_cents=known.in_flight_cents,
        told_at=told_at,
        is_fresh=counts and told_at is not None and work.now - told_at <= fresh_for,
        working_cents=None if working is None else working.available_cents,
        working_at=None if working is None else working.at,
    )


def _known(work: Work) -> tuple[KnownFloat, datetime | None]:
    """What can be promised, and when M-Pesa last spoke of the account."""
    word = account_readings.last(work, UTILITY)
    counts = word is not None and not ledger.moved_since(work, MPESA_UTILITY, word.at)
    known = KnownFloat(
        books_cents=ledger.balance(work, MPESA_UTILITY),
        told_cents=word.available_cents if word is not None and counts else None,
        in_flight_cents=_IN_FLIGHT.value(work.session) or 0,
    )
    return known, None if word is None else word.at


def check_gate(work: Work, amount_cents: int) -> None:
    """Raise InsufficientFloat, naming the missing sum, unless the account carries this payout beside those in
    flight.
    """
    known, _told_at = _known(work)
    if amount_cents <= known.free_cents:
        return
    missing = amount_cents - known.free_cents
    raise InsufficientFloat(
        f"The Utility account is short by {format_kes(missing)}. Needed {format_amount(amount_cents)},"
        f" free {format_amount(known.free_cents)}. Nothing was sent. Move money to it, then pay again."
    )


def note_reading(work: Work, available_cents: int, source: str) -> None:
    """Keep what M-Pesa said the utility account holds."""
    account_readings.note(work, (Reading(UTILITY, available_cents),), Origin(source, work.now))


def ask_top_up(work: Work, new: NewTopUp) -> int:
    """Ask for approval of a move towards the utility account; returns the request's id."""
    work.allow(Act.RECORD_FLOAT)
    if new.amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if not new.reference.strip():
        raise InvalidInput("Write the number of the bank slip or of the portal.", "reference")
    _check_new_slip(work, new.reference.strip())
    _check_source(work, new.amount_cents, new.route)
    # By its own number and not by the slip's: the same slip asked for anew may be for another amount.
    number = numbering.next_in(work, "top-up")
    limits.use(work, Act.RECORD_FLOAT, limits.Sum(new.amount_cents), f"top-up {number}")
    return approvals.ask(
        work,
        NewRequest(
            ApprovalKind.FLOAT_TOP_UP,
            number,
            f"{ROUTES[new.route].words} · {new.reference.strip()}",
            new.amount_cents,
            {
                "amount_cents": new.amount_cents,
                "reference": new.reference.strip(),
                "route": new.route.value,
            },
        ),
    )


def _check_new_slip(work: Work, reference: str) -> None:
    """One slip is one transfer, however often somebody clicks or types it; what was reversed may be written anew."""
    for request in work.session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.kind == ApprovalKind.FLOAT_TOP_UP.value,
            ApprovalRequest.status.in_(["waiting", "approved"]),
        )
    ):
        written = str(approvals.content_of(request)["reference"])
        if written.upper() != reference.upper():
            continue
        if request.status == ApprovalStatus.WAITING.value or not _is_reversed(work, written):
            raise InvalidInput(f"{reference} is asked for or booked already.", "reference")


def _is_reversed(work: Work, reference: str) -> bool:
    """Whether every entry of this slip was taken back by a reversal."""
    back = aliased(Entry)
    standing = select(Entry.id).where(
        Entry.kind == posting_rules.FLOAT_TOP_UP,
        Entry.reference == reference,
        Entry.reverses_number.is_(None),
        ~exists().where(back.reverses_number == Entry.number),
    )
    return work.session.scalar(standing.limit(1)) is None


def _check_source(work: Work, amount_cents: int, route: FloatRoute) -> None:
    source = ROUTES[route].source
    held = ledger.balance(work, source)
    if amount_cents <= held:
        return
    if source == BANK_CURRENT:
        raise InvalidInput(f"The bank account holds only {format_kes(held)}.", "amount")
    raise InvalidInput(
        f"In the books Working holds only {format_kes(held)}. Record first what came into it from the bank.",
        "amount",
    )


def carry_out_top_up(work: Work, content: Content) -> int:
    """Post an approved move and return its entry number. Raises InvalidInput when its source has less by now."""
    amount_cents, reference = int(str(content["amount_cents"])), str(content["reference"])
    # Requests of older programs name no route.
    route = FloatRoute(str(content.get("route", FloatRoute.BANK_TO_UTILITY.value)))
    _check_source(work, amount_cents, route)
    on = open_days.open_day(work, work.today)
    entry = posting_rules.float_top_up(amount_cents, reference, on, route)
    posted = ledger.post(work, entry)
    audit.record(
        work,
        "filled up the utility account",
        reference,
        {"cents": amount_cents, "way": route.value},
    )
    work.changed(Topic.PAYOUTS)
    return posted.number
