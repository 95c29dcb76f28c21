"""What the search of the window finds in the books: members, loans, payouts and receipts, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Contribution, Loan, Member, Payout
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import masked_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.membership import member_search
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow

# Of each kind; the window shows seven lines in all.
_MOST = 4
# A number as it stands on papers, or its beginning: L-0398, PO-2026-01, RC-2026-0001, TGH4X1K2LM.
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,}")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: its kind and words for the person, and its place in the window."""

    kind: str
    words: str
    place: str


def find(work: Work, words: str) -> tuple[Found, ...]:
    """The best of each kind, members first. Fewer than two letters or digits find nothing."""
    work.allow(Act.LOOK)
    wanted = words.strip()
    if len(wanted) < 2:
        return ()
    people = member_search.find(work, wanted)[:_MOST]
    found = [
        Found(
            "Member",
            f"{row.full_name} · {row.number} · {masked_phone(row.phone)}",
            f"member/{row.number}",
        )
        for row in people
    ]
    if _NUMBER.fullmatch(wanted):
        found += _numbered(work, wanted.upper())
    return tuple(found + _loans_of(work, [row.member_id for row in people[:2]]))


def _numbered(work: Work, number: str) -> list[Found]:
    """Loans and payouts by the beginning of their number, payouts by their receipt, and what was paid in."""
    found = [
        _loan(loans.row_of(work, loan_id))
        for loan_id in work.session.scalars(
            select(Loan.id).where(Loan.number.startswith(number, autoescape=True)).limit(_MOST)
        ).all()
    ]
    is_named = Payout.number.startswith(number, autoescape=True) | (Payout.receipt == number)
    found += [
        _payout(payouts.row_of(work, payout_id))
        for payout_id in work.session.scalars(select(Payout.id).where(is_named).limit(_MOST)).all()
    ]
    return found + _receipts(work, number)


def _receipts(work: Work, number: str) -> list[Found]:
    """What members paid in, by the beginning of the receipt's number; the newest first."""
    rows = work.session.execute(
        select(Contribution, Member)
        .join(Member, Member.id == Contribution.member_id)
        .where(Contribution.receipt.startswith(number, autoescape=True))
        .order_by(Contribution.id.desc())
        .limit(_MOST)
    )
    return [
        Found(
            "Receipt",
            f"{row.receipt} · {member.full_name} · {format_amount(row.amount_cents)}",
            f"savings/{row.receipt}",
        )
        for row, member in rows
    ]


def _loans_of(work: Work, member_ids: list[int]) -> list[Found]:
    ids = work.session.scalars(
        select(Loan.id)
        .where(Loan.member_id.in_(member_ids), Loan.status.not_in(["closed", "rejected"]))
        .order_by(Loan.id.desc())
        .limit(_MOST)
    ).all()
    return [_loan(loans.row_of(work, loan_id)) for loan_id in ids]


def _loan(row: LoanRow) -> Found:
    words = f"{row.number} · {row.member_name} · {format_amount(row.amount_cents)}"
    return Found("Loan", words, f"loans/{row.number}")


def _payout(row: PayoutRow) -> Found:
    receipt = f" · {row.receipt}" if row.receipt else ""
    words = f"{row.number} · {row.member_name} · {format_amount(row.net_cents)}{receipt}"
    return Found("Payout", words, f"payouts/{row.number}")
