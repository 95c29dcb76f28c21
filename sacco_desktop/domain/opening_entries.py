"""The entry by which old books are brought forward: every balance on its own account, the other side on one account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sacco_desktop.domain.chart import (
    MEMBER_DEPOSITS,
    RETAINED_EARNINGS,
    SHARE_CAPITAL,
    sub_account_code,
)
from sacco_desktop.domain.ledger import JournalEntry, Posting, assert_balanced, credit, debit
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    Line,
    LoanLine,
    MemberLine,
    MonthsLine,
)

OPENING_BALANCES = "opening_balances"

# Whatever is brought forward, its other side is the surplus of the years before: when all balances of the old books are
# in, this account stands where it stood there.
OTHER_SIDE = RETAINED_EARNINGS
BROUGHT_FORWARD = "Brought forward"


def opening_entry(
    lines: Iterable[Line], loan_controls: Mapping[str, str], reference: str, on: date
) -> JournalEntry | None:
    """DR loans, CR deposits and share capital, each on the member's or loan's own account, and the rest on retained
    earnings.

    `loan_controls` names the control account of each loan number. None when every balance is zero
    or only the past is told.
    """
    postings: list[Posting] = []
    for line in lines:
        postings += _postings(line, loan_controls)
    left = sum([debit_cents - credit_cents for _, debit_cents, credit_cents, _ in postings])
    if left > 0:
        postings.append(credit(OTHER_SIDE, left, BROUGHT_FORWARD))
    elif left < 0:
        postings.append(debit(OTHER_SIDE, -left, BROUGHT_FORWARD))
    if not postings:
        return None
    narration = f"Balances brought forward from the old books, {reference}"
    entry = JournalEntry(on, OPENING_BALANCES, narration, reference, tuple(postings))
    assert_balanced(entry)
    return entry


def _postings(line: Line, loan_controls: Mapping[str, str]) -> list[Posting]:
    match line:
        case MemberLine() | BalanceLine():
            return _of_member(line)
        case LoanLine():
            code = sub_account_code(loan_controls[line.number], line.number)
            return _some(code, line.outstanding_cents, 0)
        case AccountLine():
            return _some(line.code, line.debit_cents, line.credit_cents)
        case MonthsLine() if line.is_posted:
            return _some(sub_account_code(MEMBER_DEPOSITS, line.number), 0, line.deposits_cents)
    return []


def _of_member(line: MemberLine | BalanceLine) -> list[Posting]:
    own = []
    if line.deposits_cents:
        code = sub_account_code(MEMBER_DEPOSITS, line.number)
        own.append(credit(code, line.deposits_cents, BROUGHT_FORWARD))
    if line.shares_cents:
        code = sub_account_code(SHARE_CAPITAL, line.number)
        own.append(credit(code, line.shares_cents, BROUGHT_FORWARD))
    return own


def _some(code: str, debit_cents: int, credit_cents: int) -> list[Posting]:
    if debit_cents:
        return [debit(code, debit_cents, BROUGHT_FORWARD)]
    return [credit(code, credit_cents, BROUGHT_FORWARD)] if credit_cents else []
