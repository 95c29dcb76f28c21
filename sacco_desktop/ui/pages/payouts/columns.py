"""The lists of the Payouts page as data: chips, columns, saved filters, and what the panel says. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.payout_ways import BEARER_WORDS, WAY_WORDS, Way
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.feed.relay_feed import ParkedEntry
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.flight_summary import FlightSummary
from sacco_desktop.services.sending.payout_cards import Chip as State
from sacco_desktop.services.sending.payout_cards import PayoutCard, chip_of
from sacco_desktop.services.sending.utility_float import UtilityFloat
from sacco_desktop.ui.pages.payouts.reading import ToSend
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Step
from sacco_desktop.ui.widgets.list_plan import SavedFilter

TAKEN_BACK = Chip("taken_back", "↩", "corner-up-left", "Taken back", "Imeondolewa", ChipColour.GREY)
CAME_BACK = Chip("came_back", "↩", "corner-up-left", "Came back", "Imerudi", ChipColour.AMBER)
CHIPS: dict[State, Chip] = {
    State.NOT_SENT: chips.NOT_SENT,
    State.NEEDS_APPROVAL: chips.NEEDS_APPROVAL,
    State.READY: chips.READY,
    State.ON_HOLD: chips.ON_HOLD,
    State.WAITING: chips.WAITING,
    State.NOT_SURE: chips.NOT_SURE,
    State.PAID_CHECKING: chips.PAID_CHECKING,
    State.PAID: chips.PAID,
    State.FAILED_CHECKING: chips.FAILED_CHECKING,
    State.FAILED: chips.FAILED,
    State.CAME_BACK: CAME_BACK,
    State.TAKEN_BACK: TAKEN_BACK,
}
_ORDER = tuple(CHIPS.values())
_PHONE, _FOR = "0722 908 114", "L-0000 1/2"


def for_words(row: PayoutRow) -> str:
    """`loan L-0001, part 1 of 2`, `refund of deposits`: what it is for, inside a sentence."""
    return f"loan {row.subject}" if row.loan_id is not None else row.subject.lower()


def for_column(row: PayoutRow) -> str:
    """The loan, with its part where there are several, or the purpose."""
    if row.loan_id is None:
        return row.subject
    return f"{row.loan_number} {row.part}/{row.parts}" if row.parts > 1 else row.loan_number


def to_column(row: PayoutRow) -> str:
    """The phone or the account number."""
    if row.way is Way.MPESA:
        return display_phone(row.phone)
    return row.destination.account_number or row.destination.payee


TO_SEND: tuple[Column[ToSend], ...] = (
    chip_column("Status", lambda each: CHIPS[each.card.chip], _ORDER),
    Column("Member", lambda each: each.row.member_name),
    money_column("Amount KES", lambda each: each.row.paid_cents),
    Column("By", lambda each: WAY_WORDS[each.row.way], priority=2, widest="Bank transfer"),
    Column("To", lambda each: to_column(each.row), priority=2, widest=_PHONE, is_figures=True),
    Column("For", lambda each: for_column(each.row), priority=2, widest=_FOR),
    money_column("Charge KES", lambda each: each.row.charge_cents, priority=2, widest="100.00"),
    Column(
        "Approved by", lambda each: each.row.approved_by or None, priority=2, widest="Grace Wanjiru"
    ),
    Column("Payout", lambda each: each.row.number, priority=2, widest="PO-2026-00000"),
    Column("Batch", lambda each: each.row.batch_number or None, priority=3, widest="B-00000"),
)
TO_SEND_FILTERS: tuple[SavedFilter[ToSend], ...] = (
    SavedFilter(
        "ready",
        "Ready",
        lambda each: each.card.chip is State.READY,
        "No payout is ready. It becomes ready when a second person has approved it.",
    ),
    SavedFilter(
        "needs_approval",
        "Needs approval",
        lambda each: each.card.chip is State.NEEDS_APPROVAL,
        "No payout waits for approval.",
    ),
    SavedFilter(
        "on_hold",
        "On hold",
        lambda each: each.card.chip is State.ON_HOLD,
        "No payout is on hold.",
    ),
    SavedFilter(
        "failed", "Failed", lambda each: each.card.chip is State.FAILED, "No payout failed."
    ),
)

DONE: tuple[Column[PayoutRow], ...] = (
    chip_column("Status", lambda row: CHIPS[chip_of(row)], _ORDER),
    Column("Member", lambda row: row.member_name),
    money_column("Amount KES", lambda row: row.paid_cents),
    Column("Receipt", lambda row: row.receipt, priority=2, widest="TGH4X1K2LM"),
    date_column("Paid on", lambda row: row.paid_at and business_date(row.paid_at), priority=2),
    Column("Entry", lambda row: row.entry_number, priority=2, widest="00000", is_figures=True),
    Column("For", for_column, priority=2, widest=_FOR),
    Column("By", lambda row: WAY_WORDS[row.way], priority=3, widest="Bank transfer"),
    Column("To", lambda row: to_column(row), priority=2, widest=_PHONE, is_figures=True),
    Column("Payout", lambda row: row.number, priority=3, widest="PO-2026-00000"),
    Column("Batch", lambda row: row.batch_number or None, priority=3, widest="B-00000"),
)
DONE_FILTERS: tuple[SavedFilter[PayoutRow], ...] = (
    SavedFilter(
        "checking",
        "Checking",
        lambda row: chip_of(row) is State.PAID_CHECKING,
        "No paid payout waits for its second proof.",
    ),
    SavedFilter(
        "paid", "Paid", lambda row: chip_of(row) is State.PAID, "No payout is proven paid."
    ),
    SavedFilter(
        "taken_back",
        "Taken back",
        lambda row: chip_of(row) is State.TAKEN_BACK,
        "No payout was taken back.",
    ),
)

_KINDS = {
    "b2c-result": "Result of a payout",
    "b2c-timeout": "Queue time-out",
    "status-result": "Answer to a question",
    "status-timeout": "Question timed out",
    "note": "Note of a payout",
}


def kind_words(entry: ParkedEntry) -> str:
    """What kind of notice it is, in the office's words."""
    return _KINDS.get(entry.kind, entry.kind)


PARKED: tuple[Column[ParkedEntry], ...] = (
    Column(
        "Came",
        lambda entry: entry.received_at,
        lambda at: moment(at),
        widest="30 May 2026 14:05",
        is_figures=True,
    ),
    Column("Kind", kind_words, widest="Answer to a question"),
    # One sentence; the whole of it stands below the list.
    Column("Why it waits", lambda entry: f"{entry.reason.split('. ')[0].rstrip('.')}."),
)


def moment(at: datetime) -> str:
    """`3 Jul 2026 14:05`."""
    return f"{format_date(business_date(at))} {format_time(at)}"


def clock_words(at: datetime, now: datetime) -> str:
    """`14:05` today, `2 Jul 14:05` before."""
    day = business_date(at)
    if day == business_date(now):
        return format_time(at)
    return f"{format_date(day)} {format_time(at)}"


def strip_words(utility: UtilityFloat, ready_cents: int, flight: FlightSummary) -> str:
    """Where the money for payouts stands, in one line. What is in flight is the number of the status bar, by every
    way; where not all of it leaves Utility, the line says so.
    """
    told = utility.told_cents is not None and utility.told_at is not None
    source = f"M-Pesa {format_time(utility.told_at)}" if told and utility.told_at else "our books"
    working = "not told"
    if utility.working_cents is not None and utility.working_at is not None:
        at = format_time(utility.working_at)
        working = f"{format_amount(utility.working_cents)} (M-Pesa {at})"
    parts = (
        f"Utility {format_amount(utility.known_cents)} ({source})",
        f"working {working}",
        f"ready {format_amount(ready_cents)}",
        _in_flight_words(utility, flight),
        f"free {format_amount(utility.free_cents - ready_cents)}",
    )
    return " · ".join(part.replace(" ", "\u00a0") for part in parts)


def _in_flight_words(utility: UtilityFloat, flight: FlightSummary) -> str:
    words = f"{flight.open_count} in flight {format_amount(flight.open_cents)}"
    if utility.in_flight_cents == flight.open_cents:
        return words
    return f"{words} (from Utility {format_amount(utility.in_flight_cents)})"


def row_facts(row: PayoutRow) -> tuple[tuple[str, str], ...]:
    """What is fixed about a payout, whatever its state."""
    told = [
        *((("Member", row.member_number),) if row.member_number else ()),
        ("By", WAY_WORDS[row.way]),
        ("To", row.to_words),
        ("For", for_words(row)),
        *((("About", row.narration),) if row.narration else ()),
        ("Net", format_kes(row.net_cents)),
    ]
    if row.net_cents != row.paid_cents:
        told.append((f"by {WAY_WORDS[row.way]}", format_kes(row.paid_cents)))
    if row.deposits_cents:
        told.append(("to deposits", format_kes(row.deposits_cents)))
    if row.fee_cents:
        told.append(("fee", format_kes(row.fee_cents)))
    if row.way is Way.MPESA:
        charge = f"{format_kes(row.charge_cents)}, {BEARER_WORDS[row.bearer]}"
        told.append(("Charge", charge))
    told.append(("Asked by", row.requested_by))
    if row.hand_over is not None:
        told.append(("Paid by" if row.way is Way.CASH else "Made by", row.hand_over.made_by))
        told.append((_PAPER[row.way], row.hand_over.reference))
    if row.approved_by:
        told.append(("Approved by", row.approved_by))
    outcome = (
        ("Receipt", row.receipt),
        ("Paid", row.paid_at and moment(row.paid_at)),
        ("Proven", row.proven_by),
        ("Entry", row.entry_number and str(row.entry_number)),
        ("Batch", row.batch_number),
    )
    return (*told, *((name, words) for name, words in outcome if words))


_PAPER = {Way.BANK: "Bank file", Way.CHEQUE: "Cheque no.", Way.CASH: "Till voucher"}


def history_steps(card: PayoutCard, now: Callable[[], datetime]) -> tuple[Step, ...]:
    """Everything that happened to a payout, the first on top."""
    return tuple(Step(clock_words(line.at, now()), line.words) for line in card.history)


def counted(counts: dict[Chip, tuple[int, int]]) -> str:
    """`1 paid KES 40,000.00 · 1 waiting KES 35,000.00`: never one word for all."""
    return " · ".join(
        f"{count} {chip.english[:1].lower()}{chip.english[1:]} {format_kes(cents)}"
        for chip, (count, cents) in counts.items()
    )
