"""What the Pay dialog says before anything leaves, made from the sheet; pure, so that each rule can be read alone."""

from __future__ import annotations

from datetime import datetime

from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.sending.pay_sheet import PaySheet
from sacco_desktop.ui.pages.payouts.columns import clock_words, moment
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.money_plan import NOTHING_YET, Check, MoneyPlan


def pay_plan(sheet: PaySheet, now: datetime, left_out: int = 0, *, batch: str = "") -> MoneyPlan:
    """Facts, checks, warnings to be answered, and a button that names sum and count. `left_out` were ticked too;
    `batch` is the number of the batch that is continued, of which nothing can be taken out.
    """
    cents = sum_of(sheet)
    members = "1 member" if len(sheet.lines) == 1 else f"{len(sheet.lines)} members"
    return MoneyPlan(
        title=f"Continue {batch}: pay {members}" if batch else f"Pay {members}",
        act=f"Pay {format_kes(cents)} to {members}",
        amount_cents=cents,
        facts=_facts(sheet),
        checks=_checks(sheet, now, batch),
        notes=(*_left_out(left_out), *_balance_notes(sheet), *_notes(sheet)),
        confirmations=(*_balance_confirmations(sheet), *_confirmations(sheet)),
        crash_line=NOTHING_YET,
    )


def _left_out(count: int) -> tuple[Note, ...]:
    if not count:
        return ()
    words = "1 ticked payout is" if count == 1 else f"{count} ticked payouts are"
    return (Note(f"{words} not approved yet and not in this list.", ChipColour.BLUE),)


def _balance_notes(sheet: PaySheet) -> tuple[Note, ...]:
    """What to do when the account is short, or that nobody knows what it holds."""
    if sheet.steps_when_short:
        steps = " ".join(
            f"{number}. {step}" for number, step in enumerate(sheet.steps_when_short, 1)
        )
        return (Note(steps, ChipColour.BLUE, "How to fill up Utility"),)
    if sheet.utility.is_fresh:
        return ()
    return (
        Note(
            f"{sheet.question_words} The books alone do not know what was moved in the portal.".strip(),
            title="Balance unknown; M-Pesa will refuse if it is short.",
        ),
    )


def _balance_confirmations(sheet: PaySheet) -> tuple[str, ...]:
    if sheet.utility.is_fresh:
        return ()
    return ("Send although M-Pesa has not told the balance just now.",)


def sum_of(sheet: PaySheet) -> int:
    """What the members get by M-Pesa together, in cents."""
    return sum(line.row.mpesa_cents for line in sheet.lines)


def _facts(sheet: PaySheet) -> tuple[tuple[str, str], ...]:
    utility, cents = sheet.utility, sum_of(sheet)
    told = utility.told_cents is not None and utility.told_at is not None
    source = f"M-Pesa said {moment(utility.told_at)}" if told and utility.told_at else "our books"
    return (
        (f"Utility account now ({source})", format_kes(utility.known_cents)),
        ("These payments", format_kes(-cents)),
        ("Already in flight", format_kes(-utility.in_flight_cents)),
        ("Left after", format_kes(utility.free_cents - cents)),
    )


def _checks(sheet: PaySheet, now: datetime, batch: str) -> tuple[Check, ...]:
    locked = [line for line in sheet.lines if line.locked_why]
    way_out = _way_out(len(sheet.lines), len(locked), batch)
    # The reason of several payouts to one member, such as an unproven one before them, is told once.
    whys = dict.fromkeys(f"{line.row.member_name}: {line.locked_why}" for line in locked)
    checks = [Check(f"{why} {way_out}".strip(), False) for why in whys]
    if sheet.stop is not None:
        checks.append(Check(f"Sending stands still. {sheet.stop.reason}", False))
    missing = sum_of(sheet) - sheet.utility.free_cents
    if missing > 0:
        checks.append(
            Check(
                f"The Utility account is short by {format_kes(missing)}. Move money to it"
                f"{f', or end {batch} and send a shorter list' if batch else ', or take a payout out'}.",
                False,
            )
        )
    else:
        checks.append(Check("The Utility account carries these and those in flight.", True))
    most = sheet.most_cents
    checks.extend(
        Check(
            f"{line.row.member_name}: {format_kes(line.row.mpesa_cents)} is above the M-Pesa limit of"
            f" {format_amount(most)}. Split it or pay by bank.",
            False,
        )
        for line in sheet.lines
        if line.row.mpesa_cents > most
    )
    checks.append(Check(f"M-Pesa limit for one payment: {format_amount(most)}.", True))
    checks.extend(_own_limit(sheet))
    checks.extend(_approved(sheet, now))
    return tuple(checks)


def _way_out(lines: int, locked: int, batch: str) -> str:
    """How the others can go although some may not."""
    if lines == locked:
        return ""
    if batch:
        return f"To send the others now, end {batch} and make a new list of them."
    return "Take it out."


def _own_limit(sheet: PaySheet) -> list[Check]:
    """What the person at the desk may send at once and today; nothing where the society sets no limit."""
    left = sheet.left
    if left is None:
        return []
    checks = []
    if left.single_cents is not None:
        most = max((line.at_once_cents for line in sheet.lines), default=0)
        words = f"Your limit per payment, as {left.role.value}: {format_amount(left.single_cents)}."
        checks.append(Check(words, most <= left.single_cents))
    if left.left_cents is not None:
        words = f"Your limit today: {format_amount(left.left_cents)} left."
        checks.append(Check(words, sum_of(sheet) <= left.left_cents))
    return checks


def _approved(sheet: PaySheet, now: datetime) -> list[Check]:
    """Who approved, named once for all payouts of the same moment."""
    words = dict.fromkeys(
        f"Approved by {line.row.approved_by} {clock_words(line.approved_at, now)}."
        for line in sheet.lines
        if line.approved_at is not None and not line.locked_why
    )
    return [Check(each, True) for each in words]


def _notes(sheet: PaySheet) -> tuple[Note, ...]:
    notes: list[Note] = []
    for line in sheet.lines:
        name, change, twin = line.row.member_name, line.phone_change, line.twin
        if change is not None:
            notes.append(
                Note(
                    f"{name}'s number was changed on {moment(change.at)} by {change.by}. Call on the old number"
                    f" {display_phone(change.old)} before you pay, or take the payout out."
                )
            )
        if twin is not None:
            notes.append(
                Note(
                    f"This looks like a second payment. {name} has a payout of {format_kes(twin.mpesa_cents)} for loan"
                    f" {twin.loan_number} of the last 24 hours: {twin.number}. Take this one out if it is the same."
                )
            )
    return tuple(notes)


def _confirmations(sheet: PaySheet) -> tuple[str, ...]:
    asked: list[str] = []
    for line in sheet.lines:
        name, change, twin = line.row.member_name, line.phone_change, line.twin
        if change is not None:
            asked.append(f"I called {name} on {display_phone(change.old)}.")
        if twin is not None:
            asked.append(
                f"Loan {line.row.loan_number} of {name} is another loan than {twin.loan_number}."
            )
    return tuple(asked)
