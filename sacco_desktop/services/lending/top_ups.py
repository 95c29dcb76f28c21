"""A loan that clears an older one: the old loan is cleared when the new one is paid, in the same transaction.

Until then nothing of the old loan changes, whatever becomes of the new one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import Loan, LoanTopUp, Payout
from sacco_desktop.domain import loan_entries, settlement
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import (
    PREPAID_INSTALMENTS,
    control_code_of,
    sub_account_code,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.loan_entries import Repaid, Source
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import due_instalments, loans, payoffs, repayment_undoing
from sacco_desktop.services.loan_figures import (
    loan_penalties,
    loan_positions,
    schedule_versions,
    top_up_figures,
)
from sacco_desktop.services.office import approvals


@dataclass(frozen=True, slots=True)
class TopUpAnew:
    """Reckon anew what clears the old loan; `version` is that of the new loan looked at."""

    loan_id: int
    version: int


def reckon_again(work: Work, wish: TopUpAnew) -> str:
    """An approved loan whose sum for the old one has run out goes back to the appraisal. Raises WrongState."""
    work.allow(Act.APPRAISE_LOAN)
    loan = loans.load(work, wish.loan_id)
    if loan.version != wish.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    if loan.status != "approved" or top_up_figures.row_of(work, loan.id) is None:
        raise WrongState(
            f"{loan.number} is {loan.status.replace('_', ' ')}; take its payout back first."
        )
    words = "What clears the old loan is reckoned anew."
    approvals.void_open(work, ApprovalKind.LOAN, loan.id, words)
    loan.status, loan.approved_at = "submitted", None
    loan.version += 1
    work.session.flush()
    audit.record(work, "sent a loan back to the appraisal", loan.number, {"why": words})
    work.changed(Topic.LOANS, Topic.APPROVALS)
    return f"{loan.number} is appraised again, with what clears the old loan as of then."


def check_leaving(work: Work, payout: Payout) -> None:
    """Raise WrongState when the old loan cannot be cleared by what was agreed; nothing leaves then."""
    if payout.loan_id is not None:
        check_can_be_paid(work, payout.loan_id)


def check_can_be_paid(work: Work, loan_id: int) -> None:
    """Raise WrongState, saying what to do, when what was agreed does not clear the old loan any more."""
    row = top_up_figures.row_of(work, loan_id)
    if row is None or row.entry_number is not None:
        return
    old, again = loans.load(work, row.clears_id), "Take the payout back and reckon it again."
    if old.status != "active":
        raise WrongState(f"{old.number}, which this loan clears, does not run any more. {again}")
    if work.today > row.valid_until:
        until = format_date(row.valid_until)
        raise WrongState(f"What clears {old.number} was agreed until {until}. {again}")
    needed = top_up_figures.to_bring_cents(work, old, work.today)
    if needed > row.cents:
        raise WrongState(
            f"{old.number} now takes {format_kes(needed)}, and {format_kes(row.cents)} was agreed. {again}"
        )


def clear(work: Work, payout: Payout, entry: JournalEntry) -> None:
    """The new loan is paid: what its entry set aside for the old loan clears that, in the same transaction."""
    if payout.loan_id is None or not _sets_aside(entry):
        return
    row = top_up_figures.row_of(work, payout.loan_id)
    if row is None:
        return
    old = loans.load(work, row.clears_id)
    said: audit.Detail = {"by": loans.load(work, row.loan_id).number, "cents": row.cents}
    if old.status != "active":
        _to_deposits(work, old, row.cents)
        audit.record(work, "did not need to clear a loan", old.number, said)
        return
    on = entry.value_date
    if any(on < line.due_on <= work.today for line in loan_positions.position_of(work, old).left):
        on = open_days.open_day(work, work.today)
    loan_penalties.catch_up(work, old, on, close=True)
    running, found = schedule_versions.running_of(work, old), loan_positions.position_of(work, old)
    figure = settlement.settle(running, found, on, payoffs.rule_of(work, running.terms))
    if figure.to_bring_cents:
        # What was agreed has run out on the way: nothing is lost, and what is missing stays owed.
        due_instalments.catch_up(work, old)
        audit.record(work, "could not clear a loan wholly", old.number, said)
        return
    cleared = payoffs.pay(work, old, figure, None, loans.load(work, row.loan_id).number)
    row.entry_number = cleared.entry_number
    work.session.flush()
    audit.record(work, "cleared a loan by another", old.number, said)
    work.changed(Topic.LOANS, Topic.MEMBERS)


def _sets_aside(entry: JournalEntry) -> bool:
    """The entry of a loan's payout that carries its deductions, where one of them clears an old loan."""
    return any(control_code_of(line.account_code) == PREPAID_INSTALMENTS for line in entry.postings)


def _to_deposits(work: Work, old: Loan, cents: int) -> None:
    """The old loan owes nothing any more, so what was set aside for it is the member's."""
    paid = Repaid(
        loan_positions.accounts_of(work, old),
        Source.DEPOSITS,
        old.number,
        open_days.open_day(work, work.today),
        principal_cents=0,
        interest_cents=0,
        deposits_cents=cents,
    )
    ledger.post(work, loan_entries.prepayment_used(paid))


def check_can_be_undone(work: Work, payout: Payout) -> None:
    """Raise WrongState when a payment that came back has cleared a loan on which something else rests by now."""
    row = _of_entry(work, payout)
    if row is None:
        return
    old = loans.load(work, row.clears_id)
    if row.entry_number is None:
        raise WrongState(
            f"What {payout.number} set aside for {old.number} went another way. Settle that by hand first."
        )
    repayment_undoing.check_nothing_rests(work, row.entry_number)


def undo(work: Work, payout: Payout, why: str) -> Loan | None:
    """The payment came back: the old loan is owed again as it was. Returns it, to be brought up to the day once the
    payment's own entry is undone.
    """
    row = _of_entry(work, payout)
    if row is None or row.entry_number is None:
        return None
    number, row.entry_number = row.entry_number, None
    work.session.flush()
    return repayment_undoing.take_back(work, number, why)


def _of_entry(work: Work, payout: Payout) -> LoanTopUp | None:
    row = None if payout.loan_id is None else top_up_figures.row_of(work, payout.loan_id)
    if row is None or payout.entry_number is None:
        return None
    kept = sub_account_code(PREPAID_INSTALMENTS, loans.load(work, row.clears_id).number)
    lines = ledger.read_entry(work, payout.entry_number).postings
    return row if any(line.account_code == kept for line in lines) else None
