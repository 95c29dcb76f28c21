"""Several payments to one purpose at once: each to the member whom its account or its phone names, and nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member, MpesaReceipt
from sacco_desktop.domain.account_references import read_reference
from sacco_desktop.domain.errors import InvalidInput, SaccoError
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import LOAN
from sacco_desktop.services.books import commands
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import allocations, mpesa_receipts, owner_requests
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.owner_requests import OwnerWish
from sacco_desktop.services.savings import savings_products


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a payment names: the member and by what, or why that is not sure."""

    receipt_id: int
    member_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class ManyGifts:
    """Give these payments to the members whom they name, for this purpose: `loan`, or the code of a product. `key` is
    made when the dialog opens.
    """

    key: str
    receipt_ids: tuple[int, ...]
    purpose: str


@dataclass(frozen=True, slots=True)
class GiftsDone:
    """How many were given and how many wait for another person, and of the others why not, by M-Pesa's receipt."""

    given: int
    asked: int
    refused: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """All of it as one sentence."""
        parts = [f"{self.given} given to their owners"]
        if self.asked:
            parts.append(f"{self.asked} wait for another person")
        if self.refused:
            parts.append(f"{len(self.refused)} stay without owner")
        return f"{', '.join(parts)}."


def named_by(work: Work, receipt_ids: tuple[int, ...]) -> tuple[Named, ...]:
    """Whom each payment names, in the order of the ids: by its account, or by the phone that paid."""
    work.allow(Act.LOOK)
    rows = [allocations.load(work, one) for one in receipt_ids]
    hashed = _hashes(work) if any(row.payer_hash and not row.payer_phone for row in rows) else {}
    return tuple(_named(work, row, hashed) for row in rows)


def _named(work: Work, row: MpesaReceipt, hashed: dict[str, int]) -> Named:
    by_account, by_phone = _of_account(work, row), _of_phone(work, row, hashed)
    found = {one for one in (by_account, by_phone) if one is not None}
    if len(found) > 1:
        return Named(row.id, None, "The account names one member and the phone another.")
    if not found:
        return Named(row.id, None, "Neither the account nor the phone names a member.")
    member = work.session.get_one(Member, found.pop())
    by = "account" if by_account is not None else "phone"
    return Named(row.id, member.id, f"{member.full_name}, {member.number}, by the {by}")


def _of_account(work: Work, row: MpesaReceipt) -> int | None:
    codes = [product.code for product in savings_products.products_on(work, work.today)]
    said = read_reference(row.reference, codes)
    if said is None:
        return None
    if said.loan_number:
        return work.session.scalar(select(Loan.member_id).where(Loan.number == said.loan_number))
    return work.session.scalar(select(Member.id).where(Member.number == said.member_number))


def _of_phone(work: Work, row: MpesaReceipt, hashed: dict[str, int]) -> int | None:
    if row.payer_phone:
        return work.session.scalar(select(Member.id).where(Member.phone == row.payer_phone))
    return hashed.get(row.payer_hash or "")


def _hashes(work: Work) -> dict[str, int]:
    """The members by the SHA-256 of their phones, as M-Pesa tells a payer."""
    rows = work.session.execute(select(Member.id, Member.phone))
    return {hashlib.sha256(phone.encode("ascii")).hexdigest(): one for one, phone in rows}


def give(work: Work, gifts: ManyGifts) -> GiftsDone:
    """Give each that names a member for sure; what a rule refuses stays where it is, and the others are given. Once by
    its key. Raises InvalidInput under `product`.
    """
    work.allow(Act.TAKE_DEPOSIT)
    if gifts.purpose != LOAN:
        savings_products.product_named(work, gifts.purpose)
    done = commands.once(work, gifts.key, "many owners", gifts, lambda: _give(work, gifts))
    refused = tuple((str(receipt), str(why)) for receipt, why in done["refused"])
    return GiftsDone(int(done["given"]), int(done["asked"]), refused)


def _give(work: Work, gifts: ManyGifts) -> dict[str, Any]:
    given = asked = 0
    refused: list[tuple[str, str]] = []
    for named in named_by(work, gifts.receipt_ids):
        row = allocations.load(work, named.receipt_id)
        try:
            with work.session.begin_nested():
                done = owner_requests.give(work, _wish(work, gifts, row, named))
        except SaccoError as refusal:
            work.session.refresh(row)
            refused.append((row.receipt, refusal.message))
            continue
        given, asked = given + (not done.is_asked), asked + done.is_asked
    return {"given": given, "asked": asked, "refused": refused}


def _wish(work: Work, gifts: ManyGifts, row: MpesaReceipt, named: Named) -> OwnerWish:
    if named.member_id is None:
        raise InvalidInput(named.words, "member")
    loan_id = _only_loan(work, named.member_id) if gifts.purpose == LOAN else None
    left = mpesa_receipts.left_cents(work, row.id)
    share = Purpose(gifts.purpose, named.member_id, loan_id, left)
    return OwnerWish(Allocation(f"{gifts.key}/{row.id}", row.id, (share,)), named.words)


def _only_loan(work: Work, member_id: int) -> int:
    loans: Sequence[int] = work.session.scalars(
        select(Loan.id).where(Loan.member_id == member_id, Loan.status == "active")
    ).all()
    if len(loans) != 1:
        raise InvalidInput("The member has no running loan, or more than one.", "purpose")
    return loans[0]
