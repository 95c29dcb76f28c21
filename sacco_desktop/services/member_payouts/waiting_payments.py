"""Whether an M-Pesa payment that waits for its owner, or is just being made, may be that of a member who leaves."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from sacco_desktop.db.tables import AllocationWish, Loan, Member, MpesaReceipt, Prompt
from sacco_desktop.domain.account_references import read_reference
from sacco_desktop.domain.exits import ExitCheck
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.savings import savings_products

_NAME, _TITLE = "payments", "M-Pesa payments"
_WAITS = (ReceiptState.WAITING.value, ReceiptState.DISPUTED.value)
_OPEN_PROMPTS = ("sending", "waiting", "unknown")


def check(work: Work, member: Member) -> ExitCheck:
    """A payment that names the member, was asked for from him or came from his phone stops until somebody has said
    whose it is; so does a request on his phone that M-Pesa has not answered.
    """
    found = [row for row in _waiting(work) if _is_theirs(work, member, row)]
    if found:
        told = ", ".join(f"{row.receipt} {format_kes(row.amount_cents)}" for row in found)
        words = f"{told} waits for its owner. Say whose it is first, on Collections."
        return ExitCheck(_NAME, _TITLE, False, words)
    asked = work.session.scalars(
        select(Prompt.number).where(Prompt.member_id == member.id, Prompt.status.in_(_OPEN_PROMPTS))
    ).all()
    if asked:
        words = f"{', '.join(asked)} is still on the phone. Wait until M-Pesa has answered."
        return ExitCheck(_NAME, _TITLE, False, words)
    return ExitCheck(_NAME, _TITLE, True, "None waits for this member.")


def _waiting(work: Work) -> list[MpesaReceipt]:
    query = select(MpesaReceipt).where(MpesaReceipt.state.in_(_WAITS)).order_by(MpesaReceipt.id)
    return list(work.session.scalars(query))


def _is_theirs(work: Work, member: Member, row: MpesaReceipt) -> bool:
    if row.payer_phone == member.phone:
        return True
    if row.payer_hash == hashlib.sha256(member.phone.encode("ascii")).hexdigest():
        return True
    for table in (Prompt, AllocationWish):
        theirs = select(table.id).where(table.receipt_id == row.id, table.member_id == member.id)
        if work.session.scalar(theirs.limit(1)) is not None:
            return True
    return _names(work, member, row.reference)


def _names(work: Work, member: Member, typed: str) -> bool:
    said = read_reference(typed, savings_products.codes_on(work, work.today))
    if said is None:
        return False
    if said.loan_number:
        of = select(Loan.member_id).where(Loan.number == said.loan_number)
        return work.session.scalar(of) == member.id
    return said.member_number == member.number
