"""The loan application and appraisal sheet: what the member states, what the rules found, what was decided."""

from __future__ import annotations

from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_framed,
    draw_note,
    draw_pen_lines,
    draw_section,
    pen_line,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.domain.amount_words import amount_in_words
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.books.papers import Signature
from sacco_desktop.services.lending.application_sheets import ApplicationSheet

DECLARATION = (
    "I declare that what stands above is true and complete, and that I know of no other loan that I owe. I ask for this"
    " loan by the by-laws of the society and agree that it may ask others about my credit."
)
OTHERS_DECLARED = DECLARATION.replace(
    "no other loan that I owe", "no other loan that I owe than those named above"
)
NO_RULES = "This loan was appraised before the program kept its rules with their figures."
NOT_YET = "Not decided yet"
NOT_STATED = "Not stated"


def draw_application_sheet(paper: ApplicationSheet) -> bytes:
    """The PDF of the sheet."""
    heading = Heading(paper.letterhead, paper.stamp, "Loan application and appraisal sheet")
    sheet = open_sheet(heading)
    sheet.y += 4
    _draw_applicant(sheet, paper)
    _draw_loan(sheet, paper)
    _draw_guarantors(sheet, paper)
    _draw_declaration(sheet, paper)
    _draw_rules(sheet, paper)
    _draw_decision(sheet, paper)
    return close_sheet(sheet, heading)


def _draw_applicant(sheet: Sheet, paper: ApplicationSheet) -> None:
    form = paper.form
    pay = NOT_STATED if form.net_pay_cents is None else f"{format_kes(form.net_pay_cents)} a month"
    draw_facts(
        sheet,
        (
            Fact("Loan no.", paper.loan_number, is_strong=True),
            Fact("Applied on", format_date(paper.applied_on)),
            Fact("Member", paper.member_name, is_wide=True, is_strong=True, max_lines=2),
            Fact("Member no.", paper.member_number),
            Fact("ID no.", paper.national_id),
            Fact("Phone", display_phone(paper.phone)),
            *(
                (Fact("INSIDER", paper.insider, is_wide=True, is_strong=True, max_lines=3),)
                if paper.insider
                else ()
            ),
            Fact("Payroll no.", form.payroll_number or NOT_STATED),
            Fact("Address", form.address or NOT_STATED, is_wide=True),
            Fact("Employer", form.employer or NOT_STATED, is_wide=True),
            Fact("Employed", form.employment_terms or NOT_STATED),
            Fact("Net pay", pay),
        ),
    )


def _draw_loan(sheet: Sheet, paper: ApplicationSheet) -> None:
    draw_section(sheet, "The loan asked for", keep=110)
    lent = paper.amount_cents - paper.asked_cents
    fees = f", and {format_kes(lent)} of fees lent with it" if lent else ""
    asked, period = paper.asked_cents, paper.terms
    if paper.lowered is not None:
        asked, fees = paper.lowered.wanted.cents, ""
        period = f"{paper.lowered.wanted.instalments} instalments"
    draw_facts(
        sheet,
        (
            Fact("Product", paper.product, is_wide=True),
            Fact("Amount", f"{format_kes(asked)}{fees}", is_wide=True, is_strong=True),
            Fact("Period", period, is_wide=True),
            Fact("Purpose", paper.purpose, is_wide=True),
            Fact("Loans here", "; ".join(paper.other_loans) or "None", is_wide=True, max_lines=6),
            Fact(
                "Loans elsewhere", paper.form.other_loans or NOT_STATED, is_wide=True, max_lines=6
            ),
            Fact("Security", paper.form.security or NOT_STATED, is_wide=True, max_lines=6),
        ),
    )
    draw_framed(sheet, "Amount in words", amount_in_words(asked))


def _draw_guarantors(sheet: Sheet, paper: ApplicationSheet) -> None:
    draw_section(sheet, "Guarantors", keep=40)
    if not paper.guarantors:
        draw_note(sheet, "Nobody was asked to guarantee this loan.")
        return
    columns = (
        Column("Name", stretches=True),
        Column("Member no."),
        Column("ID no."),
        Column("Deposits", is_figures=True),
        Column("Guarantees", is_figures=True),
        Column("Consent"),
        Column("Signature"),
    )
    rows = tuple(
        Row(
            (
                one.name,
                one.member_number,
                one.national_id,
                format_amount(one.deposits_cents),
                format_amount(one.pledge_cents),
                one.words,
                "",
            )
        )
        for one in paper.guarantors
    )
    draw_table(sheet, Table(columns, rows))
    sheet.y += 6


def _draw_declaration(sheet: Sheet, paper: ApplicationSheet) -> None:
    sheet.need(pen_lines_height(1) + 70)
    draw_section(sheet, "Declaration")
    names_others = bool(paper.other_loans or paper.form.other_loans)
    draw_note(sheet, OTHERS_DECLARED if names_others else DECLARATION)
    signed = paper.form.declared_on
    below = "Signature and date:" if signed is None else f"Signed on {format_date(signed)}"
    draw_pen_lines(sheet, [PenLine("The member", paper.member_name, below)])


def _draw_rules(sheet: Sheet, paper: ApplicationSheet) -> None:
    draw_section(sheet, "For official use: appraisal", keep=80)
    if paper.judged_at is None:
        draw_note(sheet, NO_RULES)
    elif not paper.checks:
        draw_note(sheet, "This product asks for no rule.")
    else:
        columns = (Column("Rule"), Column("Kept"), Column("Figures", stretches=True))
        rows = tuple(
            Row((one.title, "Yes" if one.passed else "NO", one.words)) for one in paper.checks
        )
        draw_table(sheet, Table(columns, rows))
        sheet.y += 4
        draw_note(sheet, f"Judged {moment_words(paper.judged_at)}.")
    words = paper.appraisal or "Not appraised yet"
    draw_facts(sheet, (Fact("Recommended", words, is_wide=True, max_lines=12),))


def _draw_decision(sheet: Sheet, paper: ApplicationSheet) -> None:
    pens = tuple(_pen(one) for one in paper.signatures)
    sheet.need(pen_lines_height(len(pens)) + 90)
    draw_section(sheet, "For official use: decision")
    done = paper.decided
    cents = done.approved_cents
    paid = paper.disbursed_on
    draw_facts(
        sheet,
        (
            Fact("Decision", done.words or NOT_YET, is_strong=True),
            Fact("Decided on", "" if done.on is None else moment_words(done.on)),
            Fact("Minute no.", _minute(paper)),
            Fact("Approved", "" if cents is None else format_kes(cents), is_strong=True),
            Fact("Net to member", format_kes(paper.net_cents)),
            Fact("Paid out on", "" if paid is None else format_date(paid)),
            *_lowered(paper),
            *_voted(done.members_vote),
        ),
    )
    sheet.y += 6
    draw_pen_lines(sheet, pens)


def _lowered(paper: ApplicationSheet) -> tuple[Fact, ...]:
    """That less is lent than was asked for, on which terms and why."""
    less = paper.lowered
    if less is None:
        return ()
    return (
        Fact("Less than asked", f"{less.by}: {less.why}", is_wide=True, max_lines=4),
        Fact("Terms now", f"{format_kes(paper.asked_cents)}, {paper.terms}", is_wide=True),
    )


def _voted(words: str) -> tuple[Fact, ...]:
    return (Fact("Members' vote", words, is_wide=True, max_lines=4),) if words else ()


def _minute(paper: ApplicationSheet) -> str:
    if paper.decided.minute_number or paper.decided.on is None:
        return paper.decided.minute_number
    return "None: decided without a sitting"


def _pen(signature: Signature) -> PenLine:
    if signature.at is None:
        return PenLine(signature.act, signature.full_name, "Name, signature and date:")
    return pen_line(signature)
