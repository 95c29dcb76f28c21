"""What the list and the panel say of a member, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.phones import display_phone, masked_phone
from sacco_desktop.services.membership.fresh_numbers import FRESH, FreshNumber
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.savings.member_savings import MemberProduct
from sacco_desktop.services.window.member_sheet import AccountLine, Glance
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.list_plan import SavedFilter

ACTIVE = Chip("active", "●", "user", "Active", "Yuko hai", ChipColour.GREEN)
NEW_PHONE = Chip("new_phone", "!", "smartphone", "New phone", "Simu mpya", ChipColour.AMBER)
LEFT = Chip("left", "■", "log-out", "Left", "Ametoka", ChipColour.GREY)
_STATUS_CHIPS = {
    "dormant": Chip("dormant", "◌", "moon", "Dormant", "Amelala", ChipColour.GREY),
    "suspended": Chip("suspended", "!", "pause", "Suspended", "Amesimamishwa", ChipColour.AMBER),
    "notice_given": Chip("notice_given", "→", "log-out", "Leaving", "Anaondoka", ChipColour.AMBER),
    "exited": LEFT,
    "expelled": Chip("expelled", "✕", "x", "Expelled", "Amefukuzwa", ChipColour.RED),
    "deceased": Chip("deceased", "†", "minus", "Deceased", "Amefariki", ChipColour.GREY),
}
MEMBER_CHIPS = (NEW_PHONE, ACTIVE, *_STATUS_CHIPS.values())


@dataclass(frozen=True, slots=True)
class Sight:
    """How a person sees members: the time, whether ID and phone are shown in full to this role, and whether it reads
    files.
    """

    now: Callable[[], datetime]
    is_full: bool
    reads_files: bool = False

    def phone(self, row: MemberRow) -> str:
        """The number, or its first and last figures."""
        return display_phone(row.phone) if self.is_full else masked_phone(row.phone)

    def national_id(self, row: MemberRow) -> str:
        """The ID, or its last figures."""
        return row.national_id if self.is_full else f"••••{row.national_id[-3:]}"

    def days_late(self, row: MemberRow) -> int:
        """Days since the oldest unpaid instalment, 0 when none is unpaid."""
        return days_late(row.unpaid_since, business_date(self.now()))


def is_phone_new(row: MemberRow, now: datetime) -> bool:
    """Whether the number was changed so lately that it is pointed out before money goes to it."""
    return row.phone_changed_at is not None and now - row.phone_changed_at <= FRESH


def chip_of(row: MemberRow, now: datetime) -> Chip:
    """The state of a member; a number changed lately comes before being active."""
    if row.status != "active":
        return _STATUS_CHIPS[row.status]
    return NEW_PHONE if is_phone_new(row, now) else ACTIVE


def columns(sight: Sight) -> tuple[Column[MemberRow], ...]:
    """The columns of the list. What somebody else than the member may need to see is off until it is asked for."""
    return (
        Column("No.", lambda row: row.number, widest="M-0001"),
        Column("Name", lambda row: row.full_name),
        chip_column("Status", lambda row: chip_of(row, sight.now()), MEMBER_CHIPS),
        Column("Phone", sight.phone, priority=2, widest="0722 908 114", is_figures=True),
        money_column("Share capital KES", lambda row: row.shares_cents, priority=2),
        Column("Days late", sight.days_late, align=Align.RIGHT, priority=2, widest="1,204"),
        money_column("Deposits KES", lambda row: row.deposits_cents),
        money_column("Loans KES", lambda row: row.owed_cents),
        Column("ID number", sight.national_id, priority=3, widest="23456789", is_figures=True),
        date_column("Joined", lambda row: row.joined_on, priority=3),
        *(_OF_FILES if sight.reads_files else ()),
    )


_OF_FILES: tuple[Column[MemberRow], ...] = (
    Column("Employer", lambda row: row.employer, priority=3, longest=24),
    Column("Payroll no.", lambda row: row.payroll_number, priority=3, longest=14),
)


def filters(sight: Sight) -> tuple[SavedFilter[MemberRow], ...]:
    """The questions that are asked of this list each day."""
    return (
        SavedFilter("active", "Active", lambda row: row.status == "active", "Nobody is active."),
        SavedFilter("left", "Left", lambda row: not belongs(row.status), "Nobody has left."),
        SavedFilter("loans", "With loans", lambda row: row.loans > 0, "Nobody has a loan."),
        SavedFilter(
            "late", "Late", lambda row: row.unpaid_since is not None, "Nobody is late with a loan."
        ),
        SavedFilter(
            "new_phone",
            "New phone",
            lambda row: is_phone_new(row, sight.now()),
            "No number was changed in the last 48 hours.",
        ),
        *(_FILTERS_OF_FILES if sight.reads_files else ()),
    )


_FILTERS_OF_FILES: tuple[SavedFilter[MemberRow], ...] = (
    SavedFilter(
        "no_payroll",
        "No payroll no.",
        lambda row: row.employer != "" and not row.payroll_number,
        "Every member with an employer has a payroll number.",
    ),
)


def details_of(
    row: MemberRow,
    sight: Sight,
    glance: Glance | None,
    actions: tuple[PanelAction | None, tuple[PanelAction, ...]],
) -> Details:
    """The panel of one member. `glance` is read after the row, so it may still be missing."""
    notes = [
        note
        for note in (
            phone_note(row, sight, glance.fresh if glance else None),
            late_note(row, sight),
        )
        if note is not None
    ]
    main, others = actions
    return Details(
        title=row.full_name,
        subtitle=f"{row.number} · deposits",
        amount_cents=row.deposits_cents,
        chip=chip_of(row, sight.now()),
        note=notes[0] if notes else None,
        more_notes=tuple(notes[1:]),
        facts=facts_of(row, sight),
        timeline=tuple(_step(line) for line in glance.lines) if glance else (),
        action=main,
        other_actions=others,
        picture=glance.photo if glance else b"",
    )


def facts_of(row: MemberRow, sight: Sight) -> tuple[tuple[str, str], ...]:
    """What is so, for the panel and for the overview of the member's page."""
    facts = [
        ("Phone", sight.phone(row)),
        ("ID number", sight.national_id(row)),
        ("Share capital", format_kes(row.shares_cents)),
        ("Loans", _loans_words(row)),
        ("Joined", format_date(row.joined_on)),
    ]
    if row.employer or row.payroll_number:
        facts.append(("Employer", row.employer or "Not known"))
        facts.append(("Payroll no.", row.payroll_number or "Missing"))
    if row.phone_changed_at is not None:
        facts.insert(1, ("Phone since", _moment_words(row.phone_changed_at)))
    return tuple(facts)


def late_note(row: MemberRow, sight: Sight) -> Note | None:
    """That a loan is late, and since when."""
    if row.unpaid_since is None:
        return None
    days = sight.days_late(row)
    since = format_date(row.unpaid_since)
    words = f"The oldest unpaid instalment fell due on {since}."
    return Note(words, ChipColour.AMBER, f"{days} {'day' if days == 1 else 'days'} late")


def overdue_note(rows: Sequence[MemberProduct]) -> Note | None:
    """What of the expected payments is not paid, and since when; None when nothing is."""
    late = [
        f"{row.product.terms.name}: {format_kes(row.stand.overdue_cents)} since"
        f" {format_date(row.stand.unpaid_since)}"
        for row in rows
        if row.stand is not None and row.stand.unpaid_since is not None
    ]
    if not late:
        return None
    return Note(f"{'; '.join(late)}.", ChipColour.AMBER, "Expected payments are overdue")


def _step(line: AccountLine) -> Step:
    amount = format_amount(line.in_cents or -line.out_cents)
    return Step(format_date(line.on).rsplit(" ", 1)[0], f"{line.words}  {amount}")


def phone_note(row: MemberRow, sight: Sight, fresh: FreshNumber | None) -> Note | None:
    if not is_phone_new(row, sight.now()):
        return None
    text = "Before money goes to the new number, make sure by a call that it is the member's."
    if fresh is not None and sight.is_full:
        text = (
            f"{fresh.by} changed it from {display_phone(fresh.old)}."
            f" Call the member on the old number before money goes to the new one."
        )
    return Note(text, ChipColour.AMBER, "The phone number is new")


def _loans_words(row: MemberRow) -> str:
    if not row.loans:
        return "None"
    count = "1 active loan" if row.loans == 1 else f"{row.loans} active loans"
    return f"{count}, {format_kes(row.owed_cents)} owed"


def _moment_words(moment: datetime) -> str:
    return f"{format_date(business_date(moment))} {format_time(moment)}"
