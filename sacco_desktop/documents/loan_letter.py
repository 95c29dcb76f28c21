"""One page about a running loan: what pays it off, or what was agreed about it since."""

from __future__ import annotations

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_framed,
    draw_note,
    draw_pen_lines,
    draw_section,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.domain.amount_words import amount_in_words
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.books.papers import AmountLine, LoanLetter


def draw_loan_letter(paper: LoanLetter) -> bytes:
    """The PDF of the letter. Raises `BooksDamaged` when its amounts do not come to its total."""
    whole = sum(line.amount_cents for line in paper.amounts)
    require_equal(
        f"Letter {paper.stamp.number}",
        "the amounts",
        whole,
        "their total",
        paper.total.amount_cents,
    )
    heading = Heading(paper.letterhead, paper.stamp, paper.title)
    sheet = open_sheet(heading)
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Member", paper.member_name, is_wide=True, is_strong=True, max_lines=2),
            Fact("Member no.", paper.member_number, max_lines=1),
            Fact("Loan no.", paper.loan_number, max_lines=1),
            Fact("Product", paper.product, max_lines=1),
            *(Fact(name, words) for name, words in paper.facts),
        ),
    )
    draw_section(sheet, paper.section)
    total = _row(paper.total)
    rows = (*map(_row, paper.amounts), Row(total.cells, is_strong=True, closes=True))
    columns = (Column("What"), Column("KES", is_figures=True))
    draw_table(sheet, Table(columns, rows, lambda _count, words: Row((words, ""))), keep_after=120)
    sheet.y += 8
    if paper.total.amount_cents > 0:
        draw_framed(sheet, "Amount in words", amount_in_words(paper.total.amount_cents))
    for note in paper.notes:
        sheet.y += 4
        draw_note(sheet, note)
    sheet.y += 8
    draw_pen_lines(sheet, [PenLine(act, name) for act, name in paper.pens])
    return close_sheet(sheet, heading)


def _row(line: AmountLine) -> Row:
    return Row((line.name, format_amount(line.amount_cents)))
