"""What the list and the panel say of a member, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.phones import display_phone, masked_phone
from sacco_desktop.services.fresh_numbers import FRESH, FreshNumber
from sacco_desktop.services.members import MemberRow
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction

ACTIVE = Chip("active", "●", "user", "Active", "Yuko hai", ChipColour.GREEN)
NEW_PHONE = Chip("new_phone", "!", "smartphone", "New phone", "Simu mpya", ChipColour.AMBER)
LEFT = Chip("left", "■", "log-out", "Left", "Ametoka", ChipColour.GREY)
MEMBER_CHIPS = (NEW_PHONE, ACTIVE, LEFT)


@dataclass(frozen=True, slots=True)
class Sight:
    """How a person sees members: the time, and whether ID and phone are shown in full to this role."""

    now: Callable[[], datetime]
    is_full: bool

    def phone(self, row: MemberRow) -> str:
        """The number, or its first and last figures."""
        return display_phone(row.phone) if self.is_full else masked_phone(row.phone)

    def national_id(self, row: MemberRow) -> str:
        """The ID, or its last figures."""
        return row.national_id if self.is_full else f"••••{row.national_id[-3:]}"


def is_phone_new(row: MemberRow, now: datetime) -> bool:
    """Whether the number was changed so lately that it is pointed out before money goes to it."""
    return row.phone_changed_at is not None and now - row.phone_changed_at <= FRESH


def chip_of(row: MemberRow, now: datetime) -> Chip:
    """The state of a member; a number changed lately comes before being active."""
    if row.status != "active":
        return LEFT
    return NEW_PHONE if is_phone_new(row, now) else ACTIVE


def columns(sight: Sight) -> tuple[Column[MemberRow], ...]:
    """The columns of the list."""
    return (
        Column("No.", lambda row: row.number, widest="M-0001"),
        Column("Name", lambda row: row.full_name),
        Column("Phone", sight.phone, priority=2, widest="0722 908 114", is_figures=True),
        Column("ID number", sight.national_id, priority=2, widest="23456789", is_figures=True),
        date_column("Joined", lambda row: row.joined_on, priority=2),
        chip_column("Status", lambda row: chip_of(row, sight.now()), MEMBER_CHIPS),
        Column("Loans", lambda row: row.loans, align=Align.RIGHT, widest="10"),
        money_column("Deposits KES", lambda row: row.deposits_cents),
    )


def details_of(
    row: MemberRow,
    sight: Sight,
    fresh: FreshNumber | None,
    actions: tuple[PanelAction | None, tuple[PanelAction, ...]],
) -> Details:
    """The panel of one member. `fresh` is read after the row, so it may still be missing."""
    facts = [
        ("Phone", sight.phone(row)),
        ("ID number", sight.national_id(row)),
        ("Loans", _loans_words(row.loans)),
        ("Joined", format_date(row.joined_on)),
    ]
    if row.phone_changed_at is not None:
        facts.insert(1, ("Phone since", _moment_words(row.phone_changed_at)))
    main, others = actions
    return Details(
        title=row.full_name,
        subtitle=f"{row.number} · deposits",
        amount_cents=row.deposits_cents,
        chip=chip_of(row, sight.now()),
        note=_phone_note(row, sight, fresh),
        facts=tuple(facts),
        action=main,
        other_actions=others,
    )


def _phone_note(row: MemberRow, sight: Sight, fresh: FreshNumber | None) -> Note | None:
    if not is_phone_new(row, sight.now()):
        return None
    text = "Before money goes to the new number, make sure by a call that it is the member's."
    if fresh is not None and sight.is_full:
        text = (
            f"{fresh.by} changed it from {display_phone(fresh.old)}."
            f" Call the member on the old number before money goes to the new one."
        )
    return Note(text, ChipColour.AMBER, "The phone number is new")


def _loans_words(count: int) -> str:
    if not count:
        return "None"
    return "1 active loan" if count == 1 else f"{count} active loans"


def _moment_words(moment: datetime) -> str:
    return f"{format_date(business_date(moment))} {format_time(moment)}"
