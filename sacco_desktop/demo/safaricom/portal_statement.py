"""What the organisation portal exports of one account: every movement with its running balance, the newest first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.ledger import Movement
from sacco_desktop.demo.safaricom.world import NAIROBI, World

HEAD = (
    "Receipt No.", "Completion Time", "Initiation Time", "Details", "Transaction Status", "Paid In", "Withdrawn",
    "Balance", "Balance Confirmed", "Reason Type", "Other Party Info", "Linked Transaction ID", "A/C No.",
)  # fmt: skip
_PAPER_HEAD = (
    "Receipt No.",
    "Completion Time",
    "Details",
    "Status",
    "Balance",
    "Paid In",
    "Withdrawn",
    "Reason Type",
)
# Where each column begins, or ends where it holds figures.
_PAPER_PLACES = (30, 95, 185, 450, 575, 640, 705, 715)
_FIGURES = frozenset({4, 5, 6})
_ROWS_OF_A_PAGE = 30
_NAMES = {
    ledger.UTILITY: "Utility Account",
    ledger.WORKING: "Working Account",
    ledger.CHARGES_PAID: "Charges Paid Account",
}
_RECEIPT = re.compile(r"[A-Z0-9]{10}")
_MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file as the portal gives it."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Row:
    receipt: str
    at: datetime
    details: str
    reason: str
    cents: int
    balance_cents: int
    party: str = ""
    linked: str = ""
    typed: str = ""


def export(world: World, asked: Mapping[str, str]) -> Exported:
    """The statement that was asked for. Raises `ValueError`. The caller holds the lock."""
    account, form = asked.get("account", ledger.UTILITY), asked.get("form", "csv")
    if account not in _NAMES or form not in _MEDIA:
        raise ValueError(f"account is one of {', '.join(_NAMES)}, form one of {', '.join(_MEDIA)}.")
    today = world.local_now().date()
    first = date.fromisoformat(asked.get("from", today.replace(day=1).isoformat()))
    last = date.fromisoformat(asked.get("to", today.isoformat()))
    every = _rows(world, account)
    rows = [row for row in every if first <= row.at.date() <= last]
    before = [row for row in every if row.at.date() < first]
    opening = before[-1].balance_cents if before else 0
    above = (
        ("Account Holder:", world.profile.organisation),
        ("Short Code:", world.profile.shortcode),
        ("Account:", _NAMES[account]),
        ("Time Period:", f"From {first:%d-%m-%Y} 00:00:00 To {last:%d-%m-%Y} 23:59:59"),
        ("Opening Balance:", _sum(opening)),
    )
    write = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[form]
    name = f"ORG_{world.profile.shortcode}_{account}_{first:%Y%m%d}-{last:%Y%m%d}.{form}"
    return Exported(name, _MEDIA[form], write(above, rows[::-1]))


def _rows(world: World, account: str) -> list[_Row]:
    found: list[_Row] = []
    balance = 0
    moved = zip(world.ledger.movements, world.ledger.moments, strict=True)
    for number, (movement, moment) in enumerate(moved, 1):
        if account not in (movement.source, movement.target):
            continue
        cents = movement.cents if movement.target == account else -movement.cents
        balance += cents
        at = moment.astimezone(NAIROBI).replace(microsecond=0)
        found.append(_row(world, movement, number, (at, cents, balance)))
    return found


def _row(world: World, movement: Movement, number: int, told: tuple[datetime, int, int]) -> _Row:
    at, cents, balance = told
    why, _, last = movement.why.rpartition(" ")
    receipt = last if _RECEIPT.fullmatch(last) else f"S{number:09d}"
    other = movement.target if cents < 0 else movement.source
    party = _party(world, other)
    match why if receipt == last else movement.why:
        case "payout":
            reason = "Business Payment to Customer via API"
            return _Row(receipt, at, f"{reason} to {party}", reason, cents, balance, party)
        case "payout fee":
            reason = "Business Payment Charge"
            return _Row(receipt, at, reason, reason, cents, balance)
        case "paid in":
            paid = next((one for one in world.incoming if one.receipt == receipt), None)
            typed = paid.reference if paid else ""
            words = f"Pay Bill Online from {party} Acc. {typed}"
            return _Row(receipt, at, words, "Pay Bill Online", cents, balance, party, typed=typed)
        case "reversal of":
            own, reason = f"R{number:09d}", "Transaction Reversal"
            words = f"Reversal of {receipt}"
            return _Row(own, at, words, reason, cents, balance, party, linked=receipt)
    if ledger.OUTSIDE in (movement.source, movement.target):
        reason = (
            "Deposit of Funds at Organization Bank"
            if cents > 0
            else "Organization Settlement to bank"
        )
    else:
        names = {ledger.UTILITY: "Utility", ledger.WORKING: "MMF", ledger.CHARGES_PAID: "Charges"}
        ends = (names.get(one, "another account") for one in (movement.source, movement.target))
        reason = f"Business Transfer from {' to '.join(ends)}"
    return _Row(receipt, at, reason, reason, cents, balance)


def _party(world: World, account: str) -> str:
    """A line with its owner, its number masked as the portal has it."""
    if not account.startswith(ledger.wallet("")):
        return ""
    phone = account.removeprefix(ledger.wallet(""))
    return f"{phone[:6]}***{phone[-3:]} - {world.name_of(phone)}"


def _sum(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def _cells(row: _Row) -> tuple[str, ...]:
    when = f"{row.at:%d-%m-%Y %H:%M:%S}"
    sides = (_sum(row.cents), "") if row.cents > 0 else ("", _sum(row.cents))
    return (
        row.receipt, when, when, row.details, "Completed", *sides, _sum(row.balance_cents), "TRUE", row.reason,
        row.party, row.linked, row.typed,
    )  # fmt: skip


def _csv(above: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([*above, HEAD, *map(_cells, rows)])
    return text.getvalue().encode()


def _xlsx(above: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> bytes:
    """Sums as numbers and moments as real ones, as the portal's workbook has them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Organization Statement")
    for line in (*above, HEAD):
        sheet.append(line)
    for row in rows:
        cells: list[object] = list(_cells(row))
        cells[1] = cells[2] = row.at.replace(tzinfo=None)
        cells[5], cells[6] = (row.cents / 100, None) if row.cents > 0 else (None, row.cents / 100)
        cells[7] = row.balance_cents / 100
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(above: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> bytes:
    """The paper form: other columns than the file, its heading on every page."""
    out = io.BytesIO()
    width, height = landscape(A4)
    canvas = Canvas(out, pagesize=(width, height))
    pages = [rows[at : at + _ROWS_OF_A_PAGE] for at in range(0, len(rows), _ROWS_OF_A_PAGE)] or [()]
    for number, page in enumerate(pages):
        y = height - 40
        for label, words in above if number == 0 else ():
            _line(canvas, y, (label, words), (30, 120))
            y -= 12
        y -= 10
        _line(canvas, y, _PAPER_HEAD, _PAPER_PLACES)
        for row in page:
            y -= 14
            cells = _cells(row)
            told = (
                cells[0],
                cells[1],
                cells[3][:60],
                cells[4],
                cells[7],
                cells[5],
                cells[6],
                cells[9][:24],
            )
            _line(canvas, y, told, _PAPER_PLACES)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _line(canvas: Canvas, y: float, cells: Sequence[str], places: Sequence[int]) -> None:
    canvas.setFont("Helvetica", 8)
    for at, (place, words) in enumerate(zip(places, cells, strict=True)):
        if at in _FIGURES:
            canvas.drawRightString(place, y, words)
        else:
            canvas.drawString(place, y, words)
