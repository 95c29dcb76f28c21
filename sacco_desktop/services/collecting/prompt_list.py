"""Prompts as lists show them: whom, for what, how much, and what became of it in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from sacco_desktop.db.tables import Loan, Member, MembershipApplication, MpesaReceipt, Prompt, User
from sacco_desktop.domain import prompts
from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prompt_codes import PROMPT_CODES
from sacco_desktop.domain.prompts import OPEN_PROMPTS, PromptStatus
from sacco_desktop.domain.receipt_purposes import LOAN, LOAN_FEES, NAMES
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.savings import savings_products

AT_FIRST = 1_000
# A list has less room than a form.
_SHORT = {**NAMES, LOAN: "Loan", LOAN_FEES: "Fees of"}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A prompt in a list, in cents. `words` is what became of it and `swahili` the same for the member where it is
    known; `free_at` is when its phone may be asked for the same sum again. `is_booked` says that it reached its
    purpose, `is_late` that it was paid after it had been given up.
    """

    prompt_id: int
    number: str
    member_number: str
    member_name: str
    phone: str = field(repr=False)
    what: str
    purpose: str
    loan_id: int | None
    amount_cents: int
    status: PromptStatus
    words: str
    swahili: str
    receipt: str
    is_booked: bool
    is_late: bool
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    free_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether M-Pesa may still be asking."""
        return self.status in OPEN_PROMPTS


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompts, the newest first, and how many there are."""

    rows: tuple[AskedRow, ...]
    count: int


def list_prompts(work: Work, every: bool = False) -> Asked:
    """The newest prompts, or every one."""
    work.allow(Act.LOOK)
    count = work.session.scalar(select(func.count()).select_from(Prompt)) or 0
    query = _query().order_by(Prompt.id.desc())
    return Asked(_rows(work, query if every else query.limit(AT_FIRST)), count)


def prompts_of(work: Work, prompt_ids: Sequence[int]) -> tuple[AskedRow, ...]:
    """These prompts as they stand now."""
    work.allow(Act.LOOK)
    return _rows(work, _query().where(Prompt.id.in_(list(prompt_ids))).order_by(Prompt.id))


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Prompt,
            Member,
            MembershipApplication,
            Loan.number,
            User.full_name,
            MpesaReceipt.receipt,
            MpesaReceipt.state,
        )
        .outerjoin(Member, Member.id == Prompt.member_id)
        .outerjoin(MembershipApplication, MembershipApplication.id == Prompt.application_id)
        .join(User, User.id == Prompt.asked_by)
        .outerjoin(Loan, Loan.id == Prompt.loan_id)
        .outerjoin(MpesaReceipt, MpesaReceipt.id == Prompt.receipt_id)
    )


def _rows(work: Work, query: Select[*tuple[Any, ...]]) -> tuple[AskedRow, ...]:
    names = {one.code: one.terms.name for one in savings_products.products_on(work, work.today)}
    return tuple(_row(found, names) for found in work.session.execute(query))


def _row(found: Any, names: dict[str, str]) -> AskedRow:
    row, member, applicant, loan_number, asked_by, receipt, state = found
    whose = applicant if member is None else member
    name = _SHORT.get(row.purpose) or names.get(row.purpose, row.purpose)
    status = PromptStatus(row.status)
    is_booked = state == ReceiptState.ALLOCATED.value
    return AskedRow(
        prompt_id=row.id,
        number=row.number,
        member_number="" if member is None else member.number,
        member_name=whose.full_name,
        phone=row.phone,
        what=f"{name} {loan_number}" if loan_number else name,
        purpose=row.purpose,
        loan_id=row.loan_id,
        amount_cents=row.amount_cents,
        status=status,
        words=_words(row, status, receipt or "", is_booked),
        swahili=_swahili(row, status),
        receipt=receipt or "",
        is_booked=is_booked,
        is_late=_is_late(row, status),
        asked_by=asked_by,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        free_at=prompts.free_at(row.asked_at, row.amount_cents, row.amount_cents),
    )


def _is_late(row: Prompt, status: PromptStatus) -> bool:
    """Paid after it had been given up: M-Pesa had said otherwise before, or had said nothing for long."""
    if status is not PromptStatus.PAID or row.ended_at is None:
        return False
    return row.claim == "failed" or row.ended_at - row.asked_at > prompts.DOUBT_LASTS


def _words(row: Prompt, status: PromptStatus, receipt: str, is_booked: bool) -> str:
    if status is PromptStatus.SENDING:
        return "It is being sent to the phone."
    if status is PromptStatus.PAID and receipt:
        when = f" at {format_time(row.ended_at)}" if row.ended_at is not None else ""
        where = (
            "It is booked." if is_booked else "It is in the books, and counts when it is proven."
        )
        late = " after its time had run out" if _is_late(row, status) else ""
        return f"Paid{late}{when}, receipt {receipt}. {where}"
    return str(row.words)


def _swahili(row: Prompt, status: PromptStatus) -> str:
    code = PROMPT_CODES.get(row.code) if row.code else None
    if status is PromptStatus.PAID:
        return PROMPT_CODES["0"].swahili
    return "" if code is None else code.swahili
