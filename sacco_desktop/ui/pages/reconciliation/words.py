"""What a line that is left over is called, and what its one key does, in words. No Qt."""

from __future__ import annotations

from sacco_desktop.domain.chart import (
    BANK_CHARGES,
    BANK_CURRENT,
    MPESA_CHARGES,
    MPESA_CHARGES_PAID,
    MPESA_PAYBILL,
    MPESA_UTILITY,
    SUNDRY_DEBTORS,
    UNALLOCATED_RECEIPTS,
)
from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.reconciling.classes import Finding, LineClass
from sacco_desktop.services.reconciling.account_standing import AccountLine, LeftLine
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip

CLASS_CHIPS = {
    LineClass.MATCHED: Chip(
        "matched", "=", "check", "In the books", "Kimo vitabuni", ChipColour.GREEN
    ),
    LineClass.MISSED_NOTICE: Chip(
        "missed", "⬇", "inbox", "Missed notice", "Taarifa haikufika", ChipColour.BLUE
    ),
    LineClass.WRONG_ACCOUNT: Chip(
        "wrong", "⇄", "corner-up-left", "Wrong account", "Akaunti nyingine", ChipColour.AMBER
    ),
    LineClass.CHARGE: Chip("charge", "−", "minus", "Charge", "Ada", ChipColour.GREY),
    LineClass.REVERSAL: Chip(
        "reversal", "↩", "undo-2", "Reversal", "Imerudishwa", ChipColour.VIOLET
    ),
    LineClass.SETTLEMENT: Chip(
        "settlement", "⇄", "arrow-right", "Own transfer", "Uhamisho wetu", ChipColour.BLUE
    ),
    LineClass.NOT_OURS: Chip(
        "foreign", "?", "circle-help", "Not ours", "Si yetu", ChipColour.AMBER
    ),
    LineClass.AMOUNT_DIFFERS: Chip(
        "differs", "≠", "alert-triangle", "Amount differs", "Kiasi tofauti", ChipColour.RED
    ),
}

_ACCOUNTS = {
    MPESA_UTILITY: "M-Pesa Utility",
    MPESA_PAYBILL: "M-Pesa Working",
    MPESA_CHARGES_PAID: "M-Pesa Charges paid",
    BANK_CURRENT: "the bank",
    MPESA_CHARGES: "M-Pesa charges",
    BANK_CHARGES: "bank charges",
    UNALLOCATED_RECEIPTS: "unallocated receipts",
    SUNDRY_DEBTORS: "sundry debtors",
}


def account_words(code: str) -> str:
    """An account by the name that people use here."""
    return _ACCOUNTS.get(code, f"account {code}")


_ACTS = {
    LineClass.MATCHED: "Match",
    LineClass.MISSED_NOTICE: "Book the receipt",
    LineClass.CHARGE: "Book the charge",
    LineClass.WRONG_ACCOUNT: "Move it here",
    LineClass.SETTLEMENT: "Book the transfer",
    LineClass.REVERSAL: "Book the reversal…",
    LineClass.AMOUNT_DIFFERS: "Book the difference…",
    LineClass.NOT_OURS: "Book as not ours…",
}
# `{kes}` is the sum, `{other}` the account on the other side, `{linked}` what is taken back.
_SENTENCES = {
    LineClass.MISSED_NOTICE: "{kes} came in and no notice did. It goes to {other}, where its owner is found.",
    LineClass.CHARGE: "{kes} is booked to {other}.",
    LineClass.WRONG_ACCOUNT: "The books have this receipt on {other}. {kes} is moved to this account.",
    LineClass.SETTLEMENT: "{kes} was moved {way} {other}. The other statement will show it too.",
    LineClass.REVERSAL: "{kes} was reversed.{linked} It is booked against {other}.",
    LineClass.AMOUNT_DIFFERS: "The books have this receipt with another amount. The difference goes to {other}.",
    LineClass.NOT_OURS: "Nobody here knows of {kes}. It goes to {other}: {owed}.",
}
_MOVED_CHARGE = "The books expected this charge on {other}; it was taken here. {kes} is moved."


def account_state(line: AccountLine) -> str:
    """An account in the list of all, with how it stands."""
    if line.covered_until is None:
        return f"{line.account.title} · no statement"
    if line.left_over:
        state = f"{line.left_over:,} left over"
    elif line.signed_until is not None and line.signed_until >= line.covered_until:
        state = f"signed to {format_date(line.signed_until)}"
    else:
        state = "balanced"
    if line.days_missing:
        days = "1 day" if line.days_missing == 1 else f"{line.days_missing} days"
        state += f", {days} missing"
    return f"{line.account.title} · {state}"


def act_words(found: Finding) -> str:
    """What the one button says."""
    if found.attempts:
        return "Book the payment" if len(found.attempts) == 1 else "Book the payment…"
    if found.twin is not None:
        return "Both cancel out…"
    return _ACTS[found.kind] if found.counter else "Match"


def finding_words(found: Finding) -> str:
    """What the line is and what its button does, in one or two sentences."""
    if found.attempts:
        return _attempt_words(found)
    if found.twin is not None:
        return "Another row of the statement takes this one back, and neither is in the books. Nothing is posted."
    if not found.counter:
        day = " It is on another day there." if found.day_differs else ""
        return (
            f"The books have this under another reference.{day} It is matched; nothing is posted."
        )
    came = found.line.cents > 0
    is_moved_charge = found.kind is LineClass.CHARGE and found.away is not None
    sentence = _MOVED_CHARGE if is_moved_charge else _SENTENCES[found.kind]
    return sentence.format(
        kes=format_kes(abs(found.line.cents)),
        other=account_words(found.counter),
        way="from" if came else "to",
        linked=f" It takes back {found.line.linked}." if found.line.linked else "",
        owed="owed to whoever sent it" if came else "asked back from M-Pesa or the bank",
    )


def _attempt_words(found: Finding) -> str:
    if len(found.attempts) == 1:
        one = found.attempts[0]
        return f"This is {one.number}, of which no notice came. It is booked as paid, and proven."
    names = ", ".join(one.number for one in found.attempts)
    return f"This may be one of {names}. Choose which one; it is booked as paid, and proven."


def line_words(left: LeftLine) -> str:
    """Who and what, for the panel under the tables."""
    line = left.line
    when = f"{format_date(line.day)} {format_time(line.at)}"
    typed = f", account typed “{line.typed}”" if line.typed else ""
    return f"{when}  {line.receipt}  {line.words}{typed}".strip()
