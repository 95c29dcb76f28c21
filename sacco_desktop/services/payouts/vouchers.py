"""The disbursement voucher as a paper: figures from the ledger, names from the approvals."""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, Payout, PostingRow
from sacco_desktop.db.tables import Entry as EntryTable
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payout_ways import WAY_WORDS, Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import (
    AmountLine,
    DisbursementVoucher,
    JournalLine,
    Signature,
)
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import given_approvals, society, users
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payout_moves import load_payout
from sacco_desktop.services.payouts.payouts import PayoutRow


def voucher(work: Work, payout_id: int) -> DisbursementVoucher:
    """The voucher of a paid payout. Each call is a print of its own; from the second on it says COPY. Raises
    WrongState.
    """
    work.allow(Act.LOOK)
    row = payouts.row_of(work, payout_id)
    if row.status is not PayoutStatus.PAID or row.entry_number is None:
        raise WrongState(f"{row.number} is not paid yet, so there is no voucher to print.")
    journal = journal_lines(work, row.entry_number)
    taken = _deductions(work, row)
    said: dict[str, str | int] = {
        "payout": row.number,
        "receipt": row.receipt or "",
        "entry": row.entry_number,
        "mpesa_cents": row.paid_cents,
        "evidence": row.evidence.value,
    }
    return DisbursementVoucher(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"voucher {row.number}", said),
        voucher_number=row.number,
        payee=row.member_name,
        member_number=row.member_number,
        national_id="" if row.member_id is None else members.load(work, row.member_id).national_id,
        loan_number=row.loan_number,
        product=_what_for(work, row),
        gross_cents=row.net_cents - row.fee_cents + sum(line.amount_cents for line in taken),
        deductions=taken,
        net_cents=row.net_cents - row.fee_cents,
        paid_by_mpesa_cents=row.paid_cents,
        left_in_deposits_cents=row.deposits_cents,
        charge_cents=row.charge_cents,
        phone=row.phone,
        receipt=row.receipt or "",
        status_words="Paid" if row.evidence is Evidence.VERIFIED else "Paid, checking",
        originator_conversation_id=row.originator_conversation_id,
        paid_at=row.paid_at,
        entry_number=row.entry_number,
        journal=journal,
        signatures=_signatures(work, row),
        recovered_cents=row.recovered_cents,
        part_words=f"Part {row.part} of {row.parts}" if row.parts > 1 else "",
        way_words=WAY_WORDS[row.way],
        to_words="" if row.way is Way.MPESA else row.destination.words,
    )


def _deductions(work: Work, row: PayoutRow) -> tuple[AmountLine, ...]:
    """What was taken off a loan, on the voucher of that part whose entry carried it, or the fee of a withdrawal."""
    if row.loan_id is None:
        return (AmountLine("Fee of the society", row.fee_cents),) if row.fee_cents else ()
    first = work.session.scalar(
        select(func.min(Payout.entry_number)).where(Payout.loan_id == row.loan_id)
    )
    if first != row.entry_number:
        return ()
    taken = loans.deductions_of(work, row.loan_id)
    return tuple(AmountLine(line.name, line.amount_cents) for line in taken)


def _what_for(work: Work, row: PayoutRow) -> str:
    if row.loan_id is None:
        return f"{row.subject}: {row.narration}" if row.narration else row.subject
    loan = loans.load(work, row.loan_id)
    return f"{loan.product_name}, {terms_words(loan_terms.terms_of(work, loan))}"


def journal_lines(work: Work, entry_number: int) -> tuple[JournalLine, ...]:
    """The postings of an entry with the names of their accounts."""
    found = work.session.execute(
        select(Account.code, Account.name, PostingRow.debit_cents, PostingRow.credit_cents)
        .join(Account, Account.id == PostingRow.account_id)
        .join(EntryTable, EntryTable.id == PostingRow.entry_id)
        .where(EntryTable.number == entry_number)
        .order_by(PostingRow.line)
    )
    return tuple(JournalLine(code, name, debit, credit) for code, name, debit, credit in found)


def _signatures(work: Work, row: PayoutRow) -> tuple[Signature, ...]:
    """Prepared by who asked, approved by the committee and by the second person, in the order of the acts."""
    payout = load_payout(work, row.payout_id)
    asked = users.full_name_of(work, payout.requested_by)
    signatures = [Signature("Prepared by", asked, payout.requested_at)]
    for act, kind, subject in (
        ("Loan approved by", ApprovalKind.LOAN, row.loan_id or 0),
        ("Payout approved by", ApprovalKind.PAYOUT, row.payout_id),
    ):
        signatures += [
            Signature(act, approver.full_name, approver.at)
            for approver in given_approvals.approvers_at_last(work, kind, subject)
        ]
    return tuple(signatures)
