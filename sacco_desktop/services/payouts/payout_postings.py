"""The journal entry of a payout that was paid: the facts of the books, handed to the posting rule of its purpose."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Account, Entry, Loan, Payout, PostingRow
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.chart import (
    PREPAID_INSTALMENTS,
    control_code_of,
    control_owner,
    sub_account_code,
)
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.posting_rules import LoanPaidOut, MoneyOut
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import NamedMember
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.payouts import payout_drafts


def entry_of(work: Work, payout: Payout, reference: str, on: date) -> JournalEntry:
    """The entry of a payout; for the first paid part of a loan its own account is opened, too."""
    if payout.loan_id is not None:
        return _loan_entry(work, payout, loans.load(work, payout.loan_id), reference, on)
    member = None if payout.member_id is None else members.load(work, payout.member_id)
    return posting_rules.RULE_OF_PURPOSE[payout.purpose](
        MoneyOut(
            account_code=payout.account_code,
            member_number=member.number if member else "",
            narration=f"{narration_of(work, payout)}, {payout.number}",
            paid_cents=payout.mpesa_cents + payout.handed_cents,
            leftover_cents=payout.deposits_cents,
            recovered_cents=payout.recovered_cents,
            receipt=reference,
            on=on,
            way=Way(payout.way),
            fee_cents=payout.fee_cents,
        )
    )


def _loan_entry(work: Work, payout: Payout, loan: Loan, reference: str, on: date) -> JournalEntry:
    member = members.named(work, loan.member_id)
    taken: tuple[Deduction, ...] = ()
    account = sub_account_code(loan.loan_control, loan.number)
    if not ledger.is_open(work, account):
        name = f"Loan {loan.number} of {member.full_name}"
        ledger.open_sub_account(work, loan.loan_control, loan.number, name)
    if not _deductions_are_taken(work, loan.id, account):
        taken = loans.deductions_of(work, loan.id)
        _open_own_accounts(work, member, taken)
    return posting_rules.loan_disbursement(
        LoanPaidOut(
            loan_number=loan.number,
            member_number=member.number,
            loan_control=loan.loan_control,
            gross_cents=payout.net_cents + sum(each.amount_cents for each in taken),
            deductions=taken,
            paid_cents=payout.mpesa_cents + payout.handed_cents,
            leftover_cents=payout.deposits_cents,
            receipt=reference,
            on=on,
            way=Way(payout.way),
            recovered_cents=payout.recovered_cents,
            part_words=f"part {payout.part} of {payout.parts}" if payout.parts > 1 else "",
        )
    )


def _open_own_accounts(work: Work, member: NamedMember, taken: tuple[Deduction, ...]) -> None:
    """Open the member's own accounts that deductions go to, such as a first share capital."""
    for line in taken:
        if control_code_of(line.account_code) == PREPAID_INSTALMENTS:
            number = line.account_code.split(".", 1)[1]
            if not ledger.is_open(work, line.account_code):
                name = f"Prepaid instalments of {number}"
                ledger.open_sub_account(work, PREPAID_INSTALMENTS, number, name)
        if control_owner(line.account_code) != "member":
            continue
        if not ledger.is_open(work, sub_account_code(line.account_code, member.number)):
            kind = ledger.account_of(work, line.account_code).name.removeprefix("Members' ")
            name = f"{kind.capitalize()} of {member.full_name}"
            ledger.open_sub_account(work, line.account_code, member.number, name)


_PAID_OF_LOAN = (
    Payout.loan_id == bindparam("loan_id"),
    Payout.status == PayoutStatus.PAID.value,
)
_GRANTED_AND_PAID = Lookup(
    select(
        select(func.coalesce(func.sum(PostingRow.debit_cents), 0))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .join(Payout, Payout.entry_number == Entry.number)
        .where(*_PAID_OF_LOAN, Account.code == bindparam("account"))
        .scalar_subquery(),
        select(func.coalesce(func.sum(Payout.net_cents), 0))
        .where(*_PAID_OF_LOAN)
        .scalar_subquery(),
    )
)


def _deductions_are_taken(work: Work, loan_id: int, account: str) -> bool:
    """Whether the entry of a part that is paid carries the deductions: then it grants more than its part.

    The part that carried them may have come back since; then the next one carries them.
    """
    found = _GRANTED_AND_PAID.row(work.session, loan_id=loan_id, account=account)
    granted, paid = found or (0, 0)
    return granted > paid


def narration_of(work: Work, payout: Payout) -> str:
    """`Loan L-0001`, `Loan L-0001, part 1 of 2`, or what a person wrote about it."""
    if payout.loan_id is not None:
        return f"Loan {payout_drafts.subject_words(work, payout)}"
    return payout.narration or payout_terms.purpose_of(payout.purpose).narration
