"""The list of a batch of payouts: who gets what, who agreed to it, and what has become of each by now."""

from __future__ import annotations

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import (
    Fact,
    draw_facts,
    draw_pen_lines,
    draw_section,
    pen_line,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.sending.batch_papers import BatchPaper

_COLUMNS = (
    Column("Payout"),
    Column("Member", stretches=True),
    Column("To"),
    Column("Amount KES", is_figures=True),
    Column("Charge KES", is_figures=True),
    Column("State"),
    Column("Receipt"),
)


def draw_batch_list(paper: BatchPaper) -> bytes:
    """The PDF of the list. Raises `BooksDamaged` when its rows do not add up to the sum that was agreed to."""
    total = sum(line.amount_cents for line in paper.lines)
    require_equal(f"Batch {paper.number}", "the payouts", total, "the agreed sum", paper.sum_cents)
    heading = Heading(paper.letterhead, paper.stamp, f"Batch of payouts {paper.number}")
    sheet = open_sheet(heading)
    sheet.y += 4
    made = f"{format_date(business_date(paper.made_at))} {format_time(paper.made_at)}"
    draw_facts(
        sheet,
        (
            Fact("Sum", format_kes(paper.sum_cents), is_strong=True),
            Fact("Payouts", str(len(paper.lines))),
            Fact("Agreed to", made),
            Fact("State", paper.status, is_wide=True),
        ),
    )
    draw_section(sheet, "Payouts")
    pens = [pen_line(signature) for signature in paper.signatures]
    rows = tuple(
        Row(
            (
                line.number,
                line.member,
                line.phone,
                format_amount(line.amount_cents),
                format_amount(line.charge_cents),
                line.state,
                line.receipt,
            )
        )
        for line in paper.lines
    )
    closing = Row(_sums(paper, len(paper.lines), "Total").cells, is_strong=True, closes=True)
    table = Table(_COLUMNS, (*rows, closing), lambda count, words: _sums(paper, count, words))
    draw_table(sheet, table, keep_after=30 + pen_lines_height(len(pens)))
    sheet.y += 8
    draw_pen_lines(sheet, pens)
    return close_sheet(sheet, heading)


def _sums(paper: BatchPaper, count: int, words: str) -> Row:
    """Sums over the first `count` payouts."""
    done = paper.lines[:count]
    amount = format_amount(sum(line.amount_cents for line in done))
    charge = format_amount(sum(line.charge_cents for line in done))
    return Row(("", words, "", amount, charge, "", ""), is_strong=True)
