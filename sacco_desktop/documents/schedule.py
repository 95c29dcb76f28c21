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
from sacco_desktop.services.books.papers import LoanSchedulePaper

PROPOSAL = (
    "A proposal: nobody is bound by it yet. The dates, and with them the interest, "
    "are fixed on the day the loan is paid out."
)
FINAL = "These are the dates and amounts agreed when the loan was paid out."
UNDERTAKING = (
    "I have read this schedule and agree to pay each instalment on or before its due date."
)
NOT_WRITTEN = "Not written yet"


def draw_schedule(paper: LoanSchedulePaper) -> bytes:
    """The PDF of the schedule. Raises `BooksDamaged` when rows and totals contradict each other."""
    _require_agreement(paper)
    title = "Loan repayment schedule" if paper.is_final else "Proposed repayment schedule"
    heading = Heading(paper.letterhead, paper.stamp, title)
    sheet = open_sheet(heading)
    _draw_terms(sheet, paper)
    pens = _pen_lines(paper)
    rows = tuple(_row(paper, number) for number in range(len(paper.rows)))
    table = Table(
        _columns(paper), (*rows, _total(paper)), lambda count, words: _sums(paper, count, words)
    )
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
    fees = sum(row.fee_cents for row in paper.rows)
    require_equal(name, "the rows' fees", fees, "its total", paper.total_fee_cents)
    instalments = sum(row.instalment_cents for row in paper.rows)
    require_equal(name, "the instalments", instalments, "what is repaid", paper.cost.to_repay_cents)
    require_equal(name, "their parts", principal + interest + fees, "the instalments", instalments)
    require_equal(
        name, "amount less deductions", paper.amount_cents - deducted, "net", paper.net_cents
    )


def _draw_terms(sheet: Sheet, paper: LoanSchedulePaper) -> None:
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Member", paper.member_name or "–", is_wide=True, is_strong=True),
            Fact("Member no.", paper.member_number or "–"),
            Fact("Loan no.", paper.loan_number or NOT_WRITTEN),
            Fact("Product", paper.product),
            Fact("Amount", format_kes(paper.amount_cents), is_strong=True),
            Fact(
                "Paid out on" if paper.is_final else "If paid out on",
                format_date(paper.disbursed_on),
            ),
            *(Fact(title, words) for title, words in paper.terms),
            *_asked(paper),
        ),
    )
    _draw_cost(sheet, paper)
    sheet.y += 2
    draw_note(sheet, FINAL if paper.is_final else PROPOSAL)
    draw_section(sheet, "Instalments")


def _asked(paper: LoanSchedulePaper) -> tuple[Fact, ...]:
    """Where fees are lent too, the loan is larger than what was asked."""
    if paper.asked_cents == paper.amount_cents:
        return ()
    lent = format_amount(paper.amount_cents - paper.asked_cents)
    words = f"{format_kes(paper.asked_cents)}; fees of {lent} are lent with it"
    return (Fact("Asked", words, is_wide=True),)


def _draw_cost(sheet: Sheet, paper: LoanSchedulePaper) -> None:
    """What the member does not get in hand, and what the loan costs in all, are said before the instalments."""
    cost = paper.cost
    lines = "; ".join(
        f"{line.name} {format_amount(line.amount_cents)}" for line in paper.deductions
    )
    fees = format_kes(cost.fees_cents)
    if cost.payout_fees_cents and cost.instalment_fees_cents:
        later = format_amount(cost.instalment_fees_cents)
        fees += f", {later} of it with the instalments"
    if cost.separate_fees_cents:
        beside = format_amount(cost.separate_fees_cents)
        fees += f", {beside} of it brought by the member before the payout"
    draw_facts(
        sheet,
        (
            *((Fact("Deductions", lines, is_wide=True),) if lines else ()),
            Fact("Interest in all", format_kes(cost.interest_cents)),
            Fact("Fees in all", fees),
            Fact("To repay in all", format_kes(cost.to_repay_cents), is_strong=True),
            Fact("Net in hand", format_kes(paper.net_cents), is_strong=True),
        ),
    )


def _columns(paper: LoanSchedulePaper) -> tuple[Column, ...]:
    """The fees have a column where there are any."""
    titles = ["Principal KES", "Interest KES", "Instalment KES", "Balance KES"]
    if paper.total_fee_cents:
        titles.insert(2, "Fees KES")
    return (
        Column("No.", is_figures=True),
        Column("Due date"),
        *(Column(title, is_figures=True) for title in titles),
    )


def _row(paper: LoanSchedulePaper, index: int) -> Row:
    row = paper.rows[index]
    amounts = [row.principal_cents, row.interest_cents, row.instalment_cents, row.balance_cents]
    if paper.total_fee_cents:
        amounts.insert(2, row.fee_cents)
    figures = [format_amount(amount) for amount in amounts]
    return Row((str(row.number), format_date(row.due_on), *figures))


def _sums(paper: LoanSchedulePaper, count: int, words: str) -> Row:
    """Sums over the first `count` instalments; the row of the total is not one of them."""
    done = paper.rows[:count]
    sums = [
        sum(row.principal_cents for row in done),
        sum(row.interest_cents for row in done),
        sum(row.instalment_cents for row in done),
    ]
    if paper.total_fee_cents:
        sums.insert(2, sum(row.fee_cents for row in done))
    return Row(("", words, *(format_amount(amount) for amount in sums), ""), is_strong=True)


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
