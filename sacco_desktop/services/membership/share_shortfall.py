"""What a member lacks of the least share capital: taken off a loan where the society wants it so."""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import Loan, LoanDeduction, Member
from sacco_desktop.domain.chart import SHARE_CAPITAL
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society

LEAST_SHARE_CAPITAL = "share_capital.minimum_cents"
WORDS = "Share capital that is missing"
# A loan in one of these states will still bring what was promised from it.
_COMING = ("submitted", "appraised", "approved", "disbursement_pending")


def shortfall_of(work: Work, member_id: int) -> tuple[Deduction, ...]:
    """The line to take off a loan, or none. What is to come from other loans of the member counts as held."""
    least = society.number_setting(work, LEAST_SHARE_CAPITAL)
    if least == 0:
        return ()
    member = members.load(work, member_id)
    missing = least - _held(work, member) - _coming(work, member)
    return (Deduction(WORDS, missing, SHARE_CAPITAL),) if missing > 0 else ()


def _held(work: Work, member: Member) -> int:
    code = members.shares_account(member.number)
    return ledger.balance(work, code) if ledger.is_open(work, code) else 0


def _coming(work: Work, member: Member) -> int:
    found = work.session.scalar(
        select(func.coalesce(func.sum(LoanDeduction.amount_cents), 0))
        .join(Loan, Loan.id == LoanDeduction.loan_id)
        .where(
            Loan.member_id == member.id,
            Loan.status.in_(_COMING),
            LoanDeduction.account_code == SHARE_CAPITAL,
        )
    )
    return int(found or 0)
