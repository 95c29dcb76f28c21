"""Codes of M-Pesa that members show for payments of which nobody has told us; each counts when it is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Loan,
    Member,
    MpesaReceipt,
    Payout,
    ReceiptAllocation,
    ReceiptClaim,
)
from sacco_desktop.domain.claimed_codes import APART, ClaimStatus, ask_again_at, clean_code
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.payouts import Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import OF_A_LOAN
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import purposes
from sacco_desktop.services.collecting.claim_meeting import move
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users

_WHO_CLAIMS = (Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT)


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What a member's message says: code, sum in cents and day; and what it was for. `key` is made when the dialog
    opens.
    """

    key: str
    member_id: int
    code: str
    amount_cents: int
    paid_on: date
    purpose: str
    loan_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as a list shows it, in cents."""

    claim_id: int
    code: str
    member_id: int
    member_number: str
    full_name: str
    purpose: str
    amount_cents: int
    paid_on: date
    status: ClaimStatus
    words: str
    claimed_by: str
    claimed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim as a person saw it."""

    claim_id: int
    version: int


def claim(work: Work, new: NewClaim) -> ClaimRow:
    """Write a member's code down, once; nothing is booked. Raises InvalidInput under the field, NotFound, WrongState.

    A code that is known already, as a payment, a claim or a payout of ours, is refused with what it is.
    """
    work.allow_one_of(*_WHO_CLAIMS)
    work.allow(Act.TAKE_REPAYMENT if new.loan_id is not None else Act.TAKE_DEPOSIT)
    answer = commands.once(work, new.key, "claimed code", new, lambda: _claim(work, new))
    return row_of(work, int(answer["id"]))


def _claim(work: Work, new: NewClaim) -> dict[str, Any]:
    code = clean_code(new.code)
    if new.amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if new.paid_on > work.today:
        raise InvalidInput("Money cannot have been paid in the future.", "paid_on")
    _check_purpose(work, new)
    _refuse_known(work, code)
    row = ReceiptClaim(
        code=code,
        member_id=new.member_id,
        purpose=new.purpose,
        loan_id=new.loan_id,
        cents=new.amount_cents,
        paid_on=new.paid_on,
        status=ClaimStatus.OPEN.value,
        words="M-Pesa is asked; it counts when it is proven.",
        claimed_by=work.actor.user_id,
        claimed_at=work.now,
        next_question_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    detail: audit.Detail = {"member": new.member_id, "cents": new.amount_cents}
    audit.record(work, "wrote down a claimed code", code, detail)
    work.changed(Topic.SAVINGS, Topic.MEMBERS)
    return {"id": row.id}


def _check_purpose(work: Work, new: NewClaim) -> None:
    member = members.load(work, new.member_id)
    if not belongs(member.status):
        raise WrongState(f"{member.number} has left the society and pays in no more.")
    if (new.purpose in OF_A_LOAN) != (new.loan_id is not None):
        raise InvalidInput("Choose the loan that the money is for.", "purpose")
    if new.loan_id is not None:
        loan = loans.load(work, new.loan_id)
        if loan.member_id != member.id:
            raise InvalidInput(f"{loan.number} is another member's loan.", "purpose")
    purposes.name_of(work, new.purpose)


def _refuse_known(work: Work, code: str) -> None:
    """The same code counts once, whoever shows it."""
    payout = work.session.scalar(select(Payout.number).where(Payout.receipt == code))
    if payout is not None:
        raise InvalidInput(f"{code} is our own payment {payout}, not one to us.", "code")
    other = work.session.execute(
        select(Member.number, ReceiptClaim.status)
        .join(Member, Member.id == ReceiptClaim.member_id)
        .where(ReceiptClaim.code == code, ReceiptClaim.status != ClaimStatus.DROPPED.value)
    ).first()
    if other is not None:
        raise InvalidInput(
            f"{code} was shown before, for {other[0]}, and is {_STATUS[ClaimStatus(other[1])]}.",
            "code",
        )
    row = work.session.scalar(select(MpesaReceipt).where(MpesaReceipt.receipt == code))
    if row is None:
        return
    given = work.session.execute(
        select(Member.number, ReceiptAllocation.slip)
        .outerjoin(Member, Member.id == ReceiptAllocation.member_id)
        .where(ReceiptAllocation.receipt_id == row.id)
        .order_by(ReceiptAllocation.id.desc())
    ).first()
    if given is not None:
        raise InvalidInput(
            f"{code} is in the books already, for {given[0] or 'an applicant'} with receipt {given[1]}.",
            "code",
        )
    if row.evidence == Evidence.VERIFIED.value:
        raise InvalidInput(
            f"{code} is in the books already and waits in the unallocated receipts. Share it out there.",
            "code",
        )


_STATUS = {
    ClaimStatus.OPEN: "not proven yet",
    ClaimStatus.PROVEN: "proven",
    ClaimStatus.DIFFERS: "another sum at M-Pesa",
    ClaimStatus.NOT_OURS: "a payment to somebody else",
    ClaimStatus.NOT_KNOWN: "not known to M-Pesa",
    ClaimStatus.DROPPED: "withdrawn",
}


def status_words(status: ClaimStatus) -> str:
    """Where a claim stands, in words that follow "is"."""
    return _STATUS[status]


def drop(work: Work, change: ClaimChange) -> None:
    """Take a code back that was written down by mistake. Raises NotFound, WrongState when it is proven."""
    work.allow_one_of(*_WHO_CLAIMS)
    row = work.session.get(ReceiptClaim, change.claim_id)
    if row is None:
        raise NotFound("There is no such code.")
    move(work, row, ClaimStatus.DROPPED, f"Taken back by {work.actor.full_name}.")
    audit.record(work, "took a claimed code back", row.code)


def not_known(work: Work, row: ReceiptClaim, asked_at: datetime) -> str:
    """M-Pesa knows no such payment. Said twice, far enough apart, the code is named as one that is not real."""
    if row.status != ClaimStatus.OPEN.value:
        return f"M-Pesa still does not know {row.code}."
    if row.not_known_at is None or asked_at - row.not_known_at < APART:
        row.not_known_at = row.not_known_at or asked_at
        words = "M-Pesa does not know this code so far. It is asked again."
        move(work, row, ClaimStatus.OPEN, words)
        return words
    words = (
        f"M-Pesa does not know {row.code}: it said so twice. Look at the message on the member's own phone; it may be"
        " forged, or a letter is wrong."
    )
    move(work, row, ClaimStatus.NOT_KNOWN, words)
    audit.record(work, "named a code that M-Pesa does not know", row.code)
    return words


def not_ours(work: Work, row: ReceiptClaim, to: str) -> str:
    """M-Pesa knows the payment, and it went elsewhere."""
    words = f"M-Pesa knows {row.code} as a payment to {to}, not to us."
    if row.status in (ClaimStatus.OPEN.value, ClaimStatus.NOT_KNOWN.value):
        move(work, row, ClaimStatus.NOT_OURS, words)
    return words


def schedule(row: ReceiptClaim, now: datetime) -> None:
    """When M-Pesa is asked about it next, after it was asked once more."""
    row.next_question_at = ask_again_at(row.questions_asked, now)
    row.questions_asked += 1


def row_of(work: Work, claim_id: int) -> ClaimRow:
    """One claim as it stands now. Raises NotFound."""
    found = _rows(work, ReceiptClaim.id == claim_id)
    if not found:
        raise NotFound("There is no such code.")
    return found[0]


def list_open(work: Work, _nothing: None = None) -> tuple[ClaimRow, ...]:
    """Every code that is not proven and not withdrawn, the oldest first; what M-Pesa does not know is among them."""
    work.allow(Act.LOOK)
    done = (ClaimStatus.PROVEN.value, ClaimStatus.DROPPED.value)
    return _rows(work, ReceiptClaim.status.not_in(done))


def list_codes(work: Work, _nothing: None = None) -> tuple[ClaimRow, ...]:
    """Every code that was not withdrawn, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, ReceiptClaim.status != ClaimStatus.DROPPED.value)[::-1]


def list_of(work: Work, member_id: int) -> tuple[ClaimRow, ...]:
    """Every code that a member has shown, the oldest first."""
    work.allow(Act.LOOK)
    return _rows(work, ReceiptClaim.member_id == member_id)


def _rows(work: Work, which: Any) -> tuple[ClaimRow, ...]:
    rows = work.session.execute(
        select(ReceiptClaim, Member, Loan.number)
        .join(Member, Member.id == ReceiptClaim.member_id)
        .outerjoin(Loan, Loan.id == ReceiptClaim.loan_id)
        .where(which)
        .order_by(ReceiptClaim.id)
    )
    return tuple(
        ClaimRow(
            claim_id=row.id,
            code=row.code,
            member_id=row.member_id,
            member_number=member.number,
            full_name=member.full_name,
            purpose=loan or purposes.name_of(work, row.purpose),
            amount_cents=row.cents,
            paid_on=row.paid_on,
            status=ClaimStatus(row.status),
            words=row.words,
            claimed_by=users.full_name_of(work, row.claimed_by),
            claimed_at=row.claimed_at,
            version=row.version,
        )
        for row, member, loan in rows
    )
