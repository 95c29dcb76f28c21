"""The schedule of a loan, as the member signs it before agreeing and gets it after the payout."""

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
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.papers import LoanSchedulePaper

PROPOSAL = (
    "A proposal: nobody is bound by it yet. The dates, and with them the interest, "
    "are fixed on the day the loan is paid out."
)
FINAL = "These are the dates and amounts agreed when the loan was paid out."
UNDERTAKING = (
    "I have read this schedule and agree to pay each instalment on or before its due date."
)
COLUMNS = (
    Column("No.", is_figures=True),
    Column("Due date"),
    Column("Principal KES", is_figures=True),
    Column("Interest KES", is_figures=True),
    Column("Instalment KES", is_figures=True),
    Column("Balance KES", is_figures=True),
)


def draw_schedule(paper: LoanSchedulePaper) -> bytes:
    """The PDF of the schedule. Raises `BooksDamaged` when rows and totals contradict each other."""
    _require_agreement(paper)
    title = "Loan repayment schedule" if paper.is_final else "Proposed repayment schedule"
    heading = Heading(paper.letterhead, paper.stamp, title)
    sheet = open_sheet(heading)
    _draw_terms(sheet, paper)
    pens = _pen_lines(paper)
    rows = tuple(_row(paper, number) for number in range(len(paper.rows)))
    table = Table(COLUMNS, (*rows, _total(paper)), lambda count, words: _sums(paper, count, words))
    draw_table(sheet, table, keep_after=30 + pen_lines_height(len(pens)))
    sheet.y += 8
    draw_note(sheet, UNDERTAKING)
    draw_pen_lines(sheet, pens)
    return close_sheet(sheet, heading)


def _require_agreement(paper: LoanSchedulePaper) -> None:
    name = f"Schedule {paper.stamp.number}"
    principal = sum(row.principal_cents for row in paper.rows)
    interest = sum(row.interest_cents for row in paper.rows)
    deducted = sum(line.amount_cents for line in paper.deductions)
    require_equal(name, "the rows' principal", principal, "its total", paper.total_principal_cents)
    require_equal(name, "the rows' interest", interest, "its total", paper.total_interest_cents)
    require_equal(
        name, "amount less deductions", paper.amount_cents - deducted, "net", paper.net_cents
    )


def _draw_terms(sheet: Sheet, paper: LoanSchedulePaper) -> None:
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Member", paper.member_name, is_wide=True, is_strong=True),
            Fact("Member no.", paper.member_number),
            Fact("Loan no.", paper.loan_number),
            Fact("Product", paper.product),
            Fact("Amount", format_kes(paper.amount_cents), is_strong=True),
            Fact("Interest", paper.rate_words),
            Fact("Instalments", str(len(paper.rows))),
            Fact("Method", paper.method_words),
            Fact(
                "Paid out on" if paper.is_final else "If paid out on",
                format_date(paper.disbursed_on),
            ),
        ),
    )
    _draw_deductions(sheet, paper)
    sheet.y += 2
    draw_note(sheet, FINAL if paper.is_final else PROPOSAL)
    draw_section(sheet, "Instalments")


def _draw_deductions(sheet: Sheet, paper: LoanSchedulePaper) -> None:
    """What the member does not get in hand is said before the instalments, not after."""
    if not paper.deductions:
        return
    lines = "; ".join(
        f"{line.name} {format_amount(line.amount_cents)}" for line in paper.deductions
    )
    draw_facts(
        sheet,
        (
            Fact("Deductions", lines, is_wide=True),
            Fact("Net in hand", format_kes(paper.net_cents), is_wide=True, is_strong=True),
        ),
    )


def _row(paper: LoanSchedulePaper, index: int) -> Row:
    row = paper.rows[index]
    amounts = (row.principal_cents, row.interest_cents, row.instalment_cents, row.balance_cents)
    figures = [format_amount(amount) for amount in amounts]
    return Row((str(row.number), format_date(row.due_on), *figures))


def _sums(paper: LoanSchedulePaper, count: int, words: str) -> Row:
    """Sums over the first `count` instalments; the row of the total is not one of them."""
    done = paper.rows[:count]
    principal = sum(row.principal_cents for row in done)
    interest = sum(row.interest_cents for row in done)
    instalments = sum(row.instalment_cents for row in done)
    figures = [format_amount(amount) for amount in (principal, interest, instalments)]
    return Row(("", words, *figures, ""), is_strong=True)


def _total(paper: LoanSchedulePaper) -> Row:
    total = _sums(paper, len(paper.rows), "Total")
    return Row(total.cells, is_strong=True, closes=True)


def _pen_lines(paper: LoanSchedulePaper) -> tuple[PenLine, ...]:
    """Lines for pens only: the program does not know who will sign."""
    return (
        PenLine("Member", paper.member_name, "Date:"),
        PenLine("Witness", "", "Name, ID no. and date:"),
        PenLine("For the society", "", "Name and date:"),
    )
