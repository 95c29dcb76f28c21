"""The paper of a reconciliation: from the balance of the books to that of the statement, line by line."""

from __future__ import annotations

from sacco_desktop.documents.agreement import require_equal
from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_note,
    draw_pen_lines,
    draw_section,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.domain.dates import format_date, format_long_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.reconciling.reconciliation_papers import ReconciliationPaper

_WAY = (Column("What", stretches=True), Column("KES", is_figures=True))
_CLASSES = (
    Column("Lines of the statement", stretches=True),
    Column("Number", is_figures=True),
    Column("KES", is_figures=True),
)
SIGNED = "Nothing of these days changes on this account any more, unless two people reopen them."
OPEN = "Nobody has signed this. It shows how the account stands at the moment of printing."


def draw_reconciliation(paper: ReconciliationPaper) -> bytes:
    """The PDF. Raises `BooksDamaged` when the lines between both balances do not come to the difference."""
    reached = paper.books_cents + sum(line.amount_cents for line in paper.reasons)
    require_equal(
        "The reconciliation", "books and reasons", reached, "the statement", paper.statement_cents
    )
    heading = Heading(paper.letterhead, paper.stamp, f"Reconciliation of {paper.title}")
    sheet = open_sheet(heading)
    sheet.y += 4
    since = "the first statement" if paper.since is None else format_date(paper.since)
    draw_facts(
        sheet,
        (
            Fact("Up to", format_long_date(paper.until), is_strong=True),
            Fact("State", paper.state, is_strong=True),
            Fact("After", since),
            Fact("Difference", format_kes(paper.difference_cents)),
        ),
    )
    draw_section(sheet, "From the books to the statement")
    rows = (
        Row(("The books have", format_amount(paper.books_cents)), is_strong=True),
        *(Row((line.name, format_amount(line.amount_cents))) for line in paper.reasons),
        Row(
            ("The statement closes with", format_amount(paper.statement_cents)),
            is_strong=True,
            closes=True,
        ),
    )
    draw_table(sheet, Table(_WAY, rows), keep_after=30)
    if paper.sums:
        draw_section(sheet, "What was matched and settled")
        sums = tuple(
            Row((one.words, f"{one.lines:,}", format_amount(one.cents))) for one in paper.sums
        )
        draw_table(sheet, Table(_CLASSES, sums))
    draw_section(sheet, "Statements")
    for words in paper.statements:
        draw_note(sheet, words)
    draw_note(sheet, SIGNED if paper.signed_at is not None else OPEN)
    signed = "" if paper.signed_at is None else moment_words(paper.signed_at)
    pens = (
        PenLine("Reconciled by", paper.made_by, f"Date: {signed}".strip()),
        PenLine("Signed by", paper.signed_by, f"Date: {signed}".strip()),
    )
    sheet.need(pen_lines_height(len(pens)) + 12)
    sheet.y += 8
    draw_pen_lines(sheet, pens, in_a_row=2)
    return close_sheet(sheet, heading)
