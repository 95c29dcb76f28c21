"""A loan whose payout came back: it waits for its money again, and its schedule is undone while nothing is repaid.

Interest that fell due meanwhile is taken out of the books with it: the member never had the money.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from sacco_desktop.db.tables import Account, Entry, Loan, LoanAccrual, PostingRow, Repayment
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import sub_account_code
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.office import approvals
from sacco_desktop.services.penalties import penalty_rows


def check_not_repaid(work: Work, loan_id: int) -> None:
    """Raise WrongState, naming the entries, when something of the loan was repaid that nobody has reversed."""
    loan = loans.load(work, loan_id)
    if owed := penalty_rows.owed_of_loan(work, loan.id):
        raise WrongState(
            f"Penalties of {format_kes(owed)} were charged on {loan.number}, which was never paid. Have them waived"
            " under Penalties & fines first, then say again that the payment came back. Nothing changed."
        )
    found = sorted(
        {
            *work.session.scalars(_repaid_on_account(loan)),
            *work.session.scalars(_standing(Repayment.entry_number, Repayment.loan_id == loan.id)),
        }
    )
    if found:
        named = ", ".join(str(number) for number in found)
        entries, them = ("entry", "it") if len(found) == 1 else ("entries", "them")
        raise WrongState(
            f"Something of {loan.number} was repaid already, in {entries} {named}. Reverse {them} on the Books page"
            " first, then say again that the payment came back. Nothing changed."
        )


def _repaid_on_account(loan: Loan) -> Select[int]:
    """What lowers the loan's own account and is no reversal."""
    on_account = (
        select(PostingRow.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(
            PostingRow.entry_id == Entry.id,
            PostingRow.credit_cents > 0,
            Account.code == sub_account_code(loan.loan_control, loan.number),
        )
    )
    return _standing(Entry.number, on_account.exists() & Entry.reverses_number.is_(None))


def _standing(number: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> Select[int]:
    """The posted entries of these numbers that nobody has reversed."""
    undone = aliased(Entry)
    query = select(number).where(
        condition, ~select(undone.id).where(undone.reverses_number == number).exists()
    )
    return query.where(Entry.posted_at.is_not(None)) if number is Entry.number else query


def wait_for_money_again(work: Work, loan_id: int, why: str) -> None:
    """Take an active loan back to before its payout; one that still waits for a part stays as it is."""
    loan = loans.load(work, loan_id)
    if loan.status == "active":
        of_loan = LoanAccrual.loan_id == loan.id
        for number in work.session.scalars(_standing(LoanAccrual.entry_number, of_loan)).all():
            ledger.reverse(work, number, why)
        # A yes to a smaller loan was given for what was paid then.
        approvals.void_open(
            work, ApprovalKind.REST_NOT_WANTED, loan.id, "A payment of the loan came back."
        )
        loan.status, loan.disbursed_on = "disbursement_pending", None
        # The old schedule stays as it was agreed; what is paid anew gets the next version.
        loan.schedule += 1
        loan.unpaid_since = None
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS)
