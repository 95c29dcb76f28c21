"""The receipt of money taken at the counter: one sheet to be cut in two.

The upper half goes with the member, the lower stays in the office.
"""

from __future__ import annotations

from sacco_desktop.documents.blocks import Fact, PenLine, draw_facts, draw_framed, draw_pen_lines
from sacco_desktop.documents.letterhead import (
    Heading,
    draw_head,
    draw_practice,
    foot_marks,
    properties,
)
from sacco_desktop.documents.marks import DARK, Rule
from sacco_desktop.documents.pdf import PAGE_HEIGHT, PAGE_WIDTH, write_pdf
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.domain.amount_words import amount_in_words
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.books.papers import Receipt

HALF = PAGE_HEIGHT / 2
HALF_TOP = 22.0  # less than a full page has: the longest sum in words needs the room
HALVES = ("For the member", "For the office")


def draw_receipt(receipt: Receipt) -> bytes:
    """The PDF of the receipt: one page that shows the same figures twice."""
    sheet = Sheet(lambda _: None, bottom=PAGE_HEIGHT)
    for number, whose in enumerate(HALVES):
        heading = Heading(receipt.letterhead, receipt.stamp, receipt.title, whose)
        _draw_half(sheet, receipt, heading, number * HALF)
    sheet.add(Rule(0, HALF, PAGE_WIDTH, HALF, 0.5, DARK, dashed=True))
    return write_pdf(sheet.pages, properties(heading))


def _draw_half(sheet: Sheet, receipt: Receipt, heading: Heading, top: float) -> None:
    draw_practice(sheet, heading, PAGE_WIDTH / 2, top + HALF / 2, 64)
    sheet.y = top + HALF_TOP
    draw_head(sheet, heading)
    sheet.y += 4
    # Half a sheet has no second page: long names are shortened sooner than on a full one.
    facts = [
        Fact("Received from", receipt.member_name, is_wide=True, is_strong=True, max_lines=2),
        Fact("Member no.", receipt.member_number, max_lines=1),
        Fact("Value date", format_date(receipt.value_date)),
        Fact("Mode", receipt.mode, max_lines=1),
        Fact("Journal entry", f"no. {receipt.entry_number}"),
        Fact("Amount", format_kes(receipt.amount_cents), is_strong=True),
        Fact(receipt.after_words, format_kes(receipt.balance_after_cents)),
    ]
    if receipt.shares:
        shares = " · ".join(f"{words} {format_amount(cents)}" for words, cents in receipt.shares)
        facts.append(Fact("It pays", shares, is_wide=True, max_lines=2))
    if receipt.receipt_number != receipt.stamp.number:
        facts.insert(0, Fact("Receipt no.", receipt.receipt_number, is_wide=True))
    draw_facts(sheet, facts)
    draw_framed(sheet, "Amount in words", amount_in_words(receipt.amount_cents))
    sheet.y = top + HALF - 107
    draw_pen_lines(
        sheet,
        [PenLine("Cashier", receipt.cashier), PenLine("Paid in by", receipt.member_name)],
        in_a_row=2,
    )
    sheet.add(*foot_marks(heading, top + HALF - 42, "Page 1 of 1"))
