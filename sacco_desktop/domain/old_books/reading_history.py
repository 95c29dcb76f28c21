"""Reads the rows that tell what was before: who guarantees a loan, what was repaid, what was saved in each month."""

from __future__ import annotations

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.old_books import figures
from sacco_desktop.domain.old_books.cells import is_empty, words_of
from sacco_desktop.domain.old_books.headings import MONTHS, Meaning
from sacco_desktop.domain.old_books.lines import GuarantorLine, Line, MonthsLine, RepaymentLine
from sacco_desktop.domain.old_books.row_reader import Known, KnownLoan, RowReader, same_name


def guarantor(reader: RowReader, known: Known) -> Line:
    """A promise: the loan by its number, the guarantor by member number or ID number."""
    number, loan = _loan(reader, known)
    member = _guarantor_in(reader, known)
    pledge = reader.amount(Meaning.GUARANTEED)
    if pledge == 0 and not reader.problems:
        reader.wrong(Meaning.GUARANTEED, "Amount guaranteed is zero.")
    if loan is not None and member:
        if member == loan.member_number:
            reader.wrong(Meaning.GUARANTOR, f"{member} is the borrower of {number}.")
        elif not loan.is_open:
            reader.wrong(Meaning.LOAN_NO, f"Nothing is owed on {number} any more.")
        elif pledge > loan.granted_cents:
            reader.wrong(
                Meaning.GUARANTEED,
                f"{number} is {format_kes(loan.granted_cents)}, so nobody guarantees more.",
            )
    return GuarantorLine(number, member, pledge)


def _loan(reader: RowReader, known: Known) -> tuple[str, KnownLoan | None]:
    number = reader.read(Meaning.LOAN_NO, figures.old_loan_number, "")
    loan = known.loans.get(number)
    if number and loan is None:
        reader.wrong(Meaning.LOAN_NO, f"There is no loan {number}. Import the loans first.")
    return number, loan


def _guarantor_in(reader: RowReader, known: Known) -> str:
    """The number of the member in the column Guarantor, which may hold member numbers or ID numbers."""
    said = reader.read(Meaning.GUARANTOR, figures.figures_of, "")
    if not said:
        return ""
    number = _number_of(said, known)
    if number is None:
        shown = words_of(reader.cell(Meaning.GUARANTOR))[:40]
        reader.wrong(Meaning.GUARANTOR, f"No member has {shown} as member number or ID number.")
        return ""
    if reader.has(Meaning.GUARANTOR_NAME):
        same_name(reader, known.members[number], Meaning.GUARANTOR_NAME)
    elif reader.has(Meaning.NAME) and not reader.has(Meaning.MEMBER_NO):
        # Beside a member number, which is the borrower's, a name is the borrower's, too.
        same_name(reader, known.members[number])
    return number


def _number_of(said: str, known: Known) -> str | None:
    try:
        number = figures.old_member_number(said)
    except InvalidInput:
        number = ""
    if number in known.members:
        return number
    return known.ids.get(said)


def repayment(reader: RowReader, known: Known) -> Line:
    """A payment before the opening day; principal and interest of a divided one add up to it."""
    number, loan = _loan(reader, known)
    day = reader.day(Meaning.PAID_ON, None)
    principal, interest = _parts(reader)
    divided = (principal or 0) + (interest or 0)
    paid = reader.amount(Meaning.PAID) if reader.has(Meaning.PAID) else divided
    if not reader.problems:
        if paid == 0:
            reader.wrong(Meaning.PAID, "Nothing was paid in this row.")
        elif divided > paid:
            reader.wrong(
                Meaning.PAID,
                f"Principal and interest are {format_kes(divided)}, more than was paid.",
            )
    if loan is not None and not reader.problems:
        _within_the_past(reader, number, loan)
    receipt = words_of(reader.cell(Meaning.RECEIPT))[:60]
    return RepaymentLine(number, day, receipt, paid, principal, interest)


def _parts(reader: RowReader) -> tuple[int | None, int | None]:
    """Principal and interest of a payment. Beside the other an empty cell is nothing of it; where both are empty and
    the row says what was paid, the old book did not divide it.
    """
    meanings = (Meaning.PRINCIPAL_PAID, Meaning.INTEREST_PAID)
    if reader.has(Meaning.PAID) and all(is_empty(reader.cell(one)) for one in meanings):
        return None, None
    principal, interest = (_part(reader, meaning) for meaning in meanings)
    return principal, interest


def _part(reader: RowReader, meaning: Meaning) -> int | None:
    if not reader.has(meaning):
        return None
    return 0 if is_empty(reader.cell(meaning)) else reader.amount(meaning)


def _within_the_past(reader: RowReader, number: str, loan: KnownLoan) -> None:
    day = reader.day(Meaning.PAID_ON, None)
    if loan.brought_on is None:
        reader.wrong(
            Meaning.LOAN_NO, f"{number} was granted in these books, which hold all its repayments."
        )
    elif day < loan.granted_on:
        reader.wrong(Meaning.PAID_ON, f"{number} was not paid out before this day.")
    elif day > loan.brought_on:
        reader.wrong(
            Meaning.PAID_ON,
            f"This day lies after the opening balance of {number}. Take the repayment in these books.",
        )


def months(reader: RowReader, known: Known) -> Line:
    """Deposits month by month. An empty month is nothing only where a total proves it."""
    number = reader.read(Meaning.MEMBER_NO, figures.old_member_number, "")
    member = known.members.get(number)
    if number and member is None:
        reader.wrong(Meaning.MEMBER_NO, f"There is no member {number}. Import the members first.")
    elif member is not None and Meaning.NAME in reader.plan.columns:
        same_name(reader, member)
    has_total = reader.has(Meaning.DEPOSITS)
    opening = _moved(reader, Meaning.OPENING, has_total) if reader.has(Meaning.OPENING) else 0
    found = []
    for meaning in MONTHS:
        if reader.has(meaning):
            cents = _moved(reader, meaning, has_total)
            if cents and reader.months[meaning] > reader.plan.as_of.strftime("%Y-%m"):
                reader.wrong(
                    meaning,
                    f"{meaning.value} lies after the day of the balances. Choose that day, or write the year into the"
                    " heading, such as Apr 2025.",
                )
            found.append((reader.months[meaning], cents))
    is_posted = member is None or not member.has_opening
    line = MonthsLine(number, opening, tuple(sorted(found)), is_posted)
    if not reader.problems:
        _adds_up(reader, line)
    if not reader.problems and member is not None and member.has_opening:
        brought = member.opening_deposits_cents
        if line.deposits_cents != brought:
            reader.wrong(
                Meaning.MEMBER_NO,
                f"The months add up to {format_kes(line.deposits_cents)}, and {format_kes(brought)} was brought"
                " forward.",
            )
    return line


def _moved(reader: RowReader, meaning: Meaning, has_total: bool) -> int:
    """What came in in a month, below zero where more was taken out."""
    if has_total and is_empty(reader.cell(meaning)):
        return 0
    return reader.read(meaning, figures.amount_of, 0)


def _adds_up(reader: RowReader, line: MonthsLine) -> None:
    sum_words = f"The months add up to {format_kes(abs(line.deposits_cents))}"
    if line.deposits_cents < 0:
        reader.wrong(Meaning.MEMBER_NO, f"{sum_words} below zero.")
    elif reader.has(Meaning.DEPOSITS):
        total = reader.amount(Meaning.DEPOSITS)
        if total != line.deposits_cents and not reader.problems:
            reader.wrong(Meaning.DEPOSITS, f"{sum_words}, and the total says {format_kes(total)}.")
