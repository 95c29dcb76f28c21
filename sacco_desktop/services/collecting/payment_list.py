"""Payments to the paybill as lists show them: what waits for an owner, why, and everything that came in some days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, exists, func, select

from sacco_desktop.db.tables import (
    ApprovalRequest,
    Entry,
    Loan,
    Member,
    MembershipApplication,
    MpesaReceipt,
    Payout,
    ReceiptAllocation,
    ReceiptRefund,
    ReceiptWord,
)
from sacco_desktop.domain.account_references import AccountReference, read_reference
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.dates import moment_of
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.receipt_purposes import LOAN
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.savings import savings_products

# So many are read at once; the page offers the others, because nobody looks through thousands.
AT_FIRST = 1_000
# Of a longer period the newest are shown, and the list says so.
MOST_ROWS = 20_000
_AT_ONCE = 500


class Stand(StrEnum):
    """How a payment stands, as a list says it."""

    NO_OWNER = "no_owner"
    PART = "part"  # Some of it has a purpose.
    UNPROVEN = "unproven"
    ASKED = "asked"  # Another person decides what it is for.
    DISPUTED = "disputed"
    GIVEN = "given"
    REFUTED = "refuted"
    RETURNING = "returning"  # M-Pesa may be taking it back.
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in a list, in cents; `left_cents` has no purpose yet. `why` says what it waits for, and `owners` who
    has what of it; both are empty where there is nothing to say. `needs_two` says that it is above the limit of one.
    """

    receipt_id: int
    receipt: str
    paid_at: datetime
    amount_cents: int
    left_cents: int
    reference: str
    payer_name: str
    payer_phone: str
    is_proven: bool
    stand: Stand
    roads: tuple[str, ...]
    owners: tuple[str, ...] = ()
    why: str = ""
    needs_two: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody has to look at it."""
        return self.stand not in (Stand.GIVEN, Stand.REFUTED, Stand.RETURNED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, the oldest first: the rows that were read, how many there are, and what of all has no purpose."""

    rows: tuple[PaymentRow, ...]
    count: int
    left_cents: int


@dataclass(frozen=True, slots=True)
class PaymentsQuestion:
    """Payments of which days, both included."""

    first: date
    last: date


# These stand as their state says, whatever is left.
_ENDED = (
    ReceiptState.REFUTED.value,
    ReceiptState.RETURNING.value,
    ReceiptState.RETURNED.value,
)
_WAITS = (ReceiptState.WAITING.value, ReceiptState.DISPUTED.value)
_BACK = exists().where(
    Entry.reverses_number == ReceiptAllocation.entry_number, Entry.posted_at.is_not(None)
)
_ASKED = exists().where(
    ApprovalRequest.kind == ApprovalKind.RECEIPT_ALLOCATION.value,
    ApprovalRequest.status == ApprovalStatus.WAITING.value,
    ApprovalRequest.subject_id == MpesaReceipt.id,
)
_ROWS = select(
    MpesaReceipt.id,
    MpesaReceipt.receipt,
    MpesaReceipt.paid_at,
    MpesaReceipt.amount_cents,
    MpesaReceipt.reference,
    MpesaReceipt.payer_name,
    MpesaReceipt.payer_phone,
    MpesaReceipt.payer_masked,
    MpesaReceipt.evidence,
    MpesaReceipt.state,
    _ASKED.label("is_asked"),
)


def list_waiting(work: Work, every: bool = False) -> Waiting:
    """What waits for a purpose or for proof, the oldest first: AT_FIRST of them, or every one."""
    work.allow(Act.LOOK)
    count, cents = work.session.execute(
        select(func.count(), func.coalesce(func.sum(MpesaReceipt.amount_cents), 0)).where(
            MpesaReceipt.state.in_(_WAITS)
        )
    ).one()
    given = work.session.scalar(
        select(func.coalesce(func.sum(ReceiptAllocation.cents), 0))
        .join(MpesaReceipt, MpesaReceipt.id == ReceiptAllocation.receipt_id)
        .where(MpesaReceipt.state.in_(_WAITS), ~_BACK)
    )
    query = _ROWS.where(MpesaReceipt.state.in_(_WAITS)).order_by(MpesaReceipt.id)
    rows = _read(work, query if every else query.limit(AT_FIRST))
    return Waiting(rows, count, int(cents) - int(given or 0))


def list_payments(work: Work, question: PaymentsQuestion) -> tuple[PaymentRow, ...]:
    """Every payment of these days, the newest first, at most MOST_ROWS."""
    work.allow(Act.LOOK)
    since = moment_of(max(question.first, date(2000, 1, 1)))
    query = _ROWS.where(
        MpesaReceipt.paid_at >= since,
        MpesaReceipt.paid_at < moment_of(question.last + timedelta(days=1)),
    )
    order = (MpesaReceipt.paid_at.desc(), MpesaReceipt.id.desc())
    return _read(work, query.order_by(*order).limit(MOST_ROWS))


def rows_of(work: Work, receipt_ids: Sequence[int]) -> tuple[PaymentRow, ...]:
    """These payments, in the order of their ids here; one that does not exist is left out."""
    work.allow(Act.LOOK)
    found: dict[int, PaymentRow] = {}
    for some in _slices(receipt_ids):
        query: Select[*tuple[Any, ...]] = _ROWS.where(MpesaReceipt.id.in_(some))
        found |= {row.receipt_id: row for row in _read(work, query)}
    return tuple(found[one] for one in receipt_ids if one in found)


def _read(work: Work, query: Select[*tuple[Any, ...]]) -> tuple[PaymentRow, ...]:
    rows = work.session.execute(query).all()
    ids = [row.id for row in rows]
    roads, shares = _roads(work, ids), _shares(work, ids)
    counts_on_claim = society.yes_setting(work, "money_in.on_claim")
    alone_up_to = society.number_setting(work, "money_in.alone_up_to")
    names = _Names(work, [row.reference for row in rows if row.state in _WAITS])
    found = []
    for row in rows:
        mine = shares.get(row.id, [])
        left = row.amount_cents - sum(cents for _owner, cents in mine)
        is_proven = row.evidence == Evidence.VERIFIED.value
        stand = _stand(row, left, is_proven or counts_on_claim)
        found.append(
            PaymentRow(
                receipt_id=row.id,
                receipt=row.receipt,
                paid_at=row.paid_at,
                amount_cents=row.amount_cents,
                left_cents=left,
                reference=row.reference,
                payer_name=row.payer_name,
                payer_phone=_shown(row.payer_phone, row.payer_masked),
                is_proven=is_proven,
                stand=stand,
                roads=tuple(roads.get(row.id, ())),
                owners=tuple(dict.fromkeys(owner for owner, _cents in mine)),
                why=_why(stand, row, left, names),
                needs_two=row.amount_cents > alone_up_to,
            )
        )
    return tuple(found)


def _shown(phone: str | None, masked: str | None) -> str:
    if phone:
        try:
            return display_phone(phone)
        except ValueError:
            return phone
    # M-Pesa's row of stars says nothing of how many figures it hides.
    return re.sub(r"\s*\*+\s*", " •••", masked or "")


def _stand(row: Any, left: int, may_count: bool) -> Stand:
    if row.state == ReceiptState.DISPUTED.value:
        return Stand.DISPUTED
    if row.state in _ENDED:
        return Stand(row.state)
    if left == 0:
        return Stand.GIVEN
    if row.is_asked:
        return Stand.ASKED
    if not may_count:
        return Stand.UNPROVEN
    return Stand.NO_OWNER if left == row.amount_cents else Stand.PART


def _why(stand: Stand, row: Any, left: int, names: _Names) -> str:
    if stand is Stand.NO_OWNER:
        return names.why(row.reference)
    return {
        Stand.PART: f"{format_kes(row.amount_cents - left)} of it has a purpose. The rest waits.",
        Stand.UNPROVEN: "Only M-Pesa's notice tells of it. It counts when M-Pesa's list or statement has it too.",
        Stand.ASKED: "Another person decides what it is for, under Approvals.",
        Stand.DISPUTED: "Two sources tell two sums. It counts for nobody until that is cleared up with M-Pesa.",
        Stand.REFUTED: "M-Pesa has no such payment.",
        Stand.RETURNING: "M-Pesa was asked to take it back, so it is nobody's until that is known.",
        Stand.RETURNED: "M-Pesa took it back; it has left the books.",
    }.get(stand, "")


class _Names:
    """Whether what was typed as the account names somebody, for many payments by a few questions."""

    def __init__(self, work: Work, references: Iterable[str]) -> None:
        self._codes = [one.code for one in savings_products.products_on(work, work.today)]
        self._said: dict[str, AccountReference | None] = {
            text: read_reference(text, self._codes) for text in set(references)
        }
        said = [one for one in self._said.values() if one is not None]
        self._members = _statuses(work, Member, {one.member_number for one in said})
        self._loans = _statuses(work, Loan, {one.loan_number for one in said})

    def why(self, reference: str) -> str:
        """Why a payment with this account is nobody's, in words."""
        said = self._said[reference]
        if not reference.strip():
            return "No account was typed."
        if said is None:
            return f"‘{reference}’ names no member or loan for sure."
        if said.loan_number:
            status = self._loans.get(said.loan_number)
            if status is None:
                return f"There is no loan {said.loan_number}."
            if status not in ("active", "written_off"):
                return f"{said.loan_number} is {status.replace('_', ' ')} and takes no repayment."
        elif said.application_number:
            return f"{said.application_number} owes no fee, or there is no such application."
        elif said.member_number not in self._members:
            return f"There is no member {said.member_number}."
        elif not belongs(self._members[said.member_number]):
            return f"{said.member_number} has left the society."
        elif said.purpose == LOAN:
            return f"{said.member_number} has no running loan, or more than one."
        return f"The rules of what ‘{reference}’ names do not take it."


def _statuses(work: Work, table: Any, numbers: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _slices(sorted(numbers - {""})):
        rows = work.session.execute(
            select(table.number, table.status).where(table.number.in_(some))
        )
        found |= {row.number: row.status for row in rows}
    return found


def _roads(work: Work, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in _slices(ids):
        rows = work.session.execute(
            select(ReceiptWord.receipt_id, ReceiptWord.road)
            .where(ReceiptWord.receipt_id.in_(some))
            .order_by(ReceiptWord.id)
        )
        for receipt_id, road in rows:
            kept = found.setdefault(receipt_id, [])
            if road not in kept:
                kept.append(road)
    return found


def _shares(work: Work, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """Who has how much of each payment now, in cents: the member's name and number."""
    found: dict[int, list[tuple[str, int]]] = {}
    for some in _slices(ids):
        rows = work.session.execute(
            select(
                ReceiptAllocation.receipt_id,
                ReceiptAllocation.cents,
                Member,
                MembershipApplication,
            )
            .outerjoin(Member, Member.id == ReceiptAllocation.member_id)
            .outerjoin(
                MembershipApplication, MembershipApplication.id == ReceiptAllocation.application_id
            )
            .where(ReceiptAllocation.receipt_id.in_(some), ~_BACK)
            .order_by(ReceiptAllocation.id)
        )
        for receipt_id, cents, member, applicant in rows:
            whose = applicant if member is None else member
            owner = f"{whose.full_name}, {whose.number}"
            found.setdefault(receipt_id, []).append((owner, cents))
        refunds = work.session.execute(
            select(ReceiptRefund.receipt_id, ReceiptRefund.cents, Payout.number)
            .join(Payout, Payout.id == ReceiptRefund.payout_id)
            .where(
                ReceiptRefund.receipt_id.in_(some), Payout.status != PayoutStatus.CANCELLED.value
            )
        )
        for receipt_id, cents, number in refunds:
            found.setdefault(receipt_id, []).append((f"Refund {number}", cents))
    return found


def _slices(things: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (things[begin : begin + _AT_ONCE] for begin in range(0, len(things), _AT_ONCE))
