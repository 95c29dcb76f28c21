"""A loan whose payout came back: it waits for its money again, and its schedule is undone while nothing is repaid."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Account, Entry, Loan, PostingRow
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import sub_account_code
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.services import approvals, loan_terms, loans
from sacco_desktop.services.work import Topic, Work


def check_not_repaid(work: Work, loan_id: int) -> None:
    """Raise WrongState, naming the entries, when something of the loan was repaid that nobody has reversed."""
    loan = loans.load(work, loan_id)
    found = work.session.scalars(_repayments(loan)).all()
    if found:
        named = ", ".join(str(number) for number in found)
        entries = f"entry {named}" if len(found) == 1 else f"entries {named}"
        them = "it" if len(found) == 1 else "them"
        raise WrongState(
            f"Something of {loan.number} was repaid already, in {entries}. Reverse {them} on the Books page first,"
            " then say again that the payment came back. Nothing changed."
        )


def _repayments(loan: Loan) -> Select[int]:
    """What lowers the loan's own account, is no reversal and was not reversed."""
    undone = aliased(Entry)
    return (
        select(Entry.number)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(
            Account.code == sub_account_code(loan.loan_control, loan.number),
            PostingRow.credit_cents > 0,
            Entry.posted_at.is_not(None),
            Entry.reverses_number.is_(None),
            ~select(undone.id).where(undone.reverses_number == Entry.number).exists(),
        )
        .distinct()
        .order_by(Entry.number)
    )


def wait_for_money_again(work: Work, loan_id: int) -> None:
    """Take an active loan back to before its payout; one that still waits for a part stays as it is."""
    loan = loans.load(work, loan_id)
    if loan.status == "active":
        # A yes to a smaller loan was given for what was paid then.
        approvals.void_open(
            work, ApprovalKind.REST_NOT_WANTED, loan.id, "A payment of the loan came back."
        )
        loan.status, loan.disbursed_on = "disbursement_pending", None
        work.session.flush()
        loan_terms.undo_schedule(work, loan.id)
    loan.version += 1
    work.session.flush()
    work.changed(Topic.LOANS)
