"""What must hold of a whole sheet of the past: which month a column is, and that repayments explain what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sacco_desktop.domain.errors import Problem
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.old_books.cells import Row
from sacco_desktop.domain.old_books.headings import MONTHS, Meaning, month_in, texts_of
from sacco_desktop.domain.old_books.lines import CheckedRow, RepaymentLine, RowState
from sacco_desktop.domain.old_books.plan import Plan
from sacco_desktop.domain.old_books.row_reader import Known


def months_of(heading: Sequence[Row], plan: Plan) -> Mapping[Meaning, str]:
    """`2025-01` for each column of a month: the year that its heading names, else that of the balances."""
    found: dict[Meaning, str] = {}
    for at, meaning in enumerate(plan.columns):
        if meaning in MONTHS:
            years = [
                month.year
                for row in heading
                if at < len(row) and (month := month_in(texts_of(row)[at])) is not None
            ]
            year = next((one for one in years if one), plan.as_of.year)
            found[meaning] = f"{year}-{MONTHS.index(meaning) + 1:02d}"
    return found


def explained(rows: list[CheckedRow], known: Known) -> list[CheckedRow]:
    """Rows of loans whose repayments do not lead from what was granted to what was brought forward are problems."""
    paid: dict[str, list[RepaymentLine]] = defaultdict(list)
    for row in rows:
        if isinstance(row.line, RepaymentLine):
            paid[row.line.loan_number].append(row.line)
    wrong = {loan: words for loan, lines in paid.items() if (words := _differs(loan, lines, known))}
    return [_judged(row, wrong) for row in rows]


def _judged(row: CheckedRow, wrong: Mapping[str, str]) -> CheckedRow:
    if not isinstance(row.line, RepaymentLine) or row.line.loan_number not in wrong:
        return row
    problem = Problem(row.row, Meaning.LOAN_NO.value, wrong[row.line.loan_number])
    return CheckedRow(row.row, RowState.PROBLEM, problems=(problem,))


def _differs(number: str, lines: Sequence[RepaymentLine], known: Known) -> str:
    """Why the repayments of a loan do not explain its balance; empty words when they do."""
    loan = known.loans[number]
    if loan.brought_cents is None:
        return ""
    repaid = loan.granted_cents - loan.brought_cents
    principal = [line.principal_cents for line in lines]
    if None not in principal:
        told = sum(cents or 0 for cents in principal)
        if told == repaid:
            return ""
        words = f"These rows repay {format_kes(told)} of the principal"
    else:
        told = sum(line.paid_cents for line in lines)
        if told >= repaid:
            return ""
        words = f"These rows come to {format_kes(told)}"
    return f"{words} of {number}; {format_kes(repaid)} was repaid by the balance that was brought forward."
