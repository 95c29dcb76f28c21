"""What payers type and whom it means: learned from payments that a person gave their purpose, listed, and forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Member, MpesaReceipt, ReceiptAlias
from sacco_desktop.domain.account_references import squeezed
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import LOAN_FEES, REGISTRATION
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import purposes
from sacco_desktop.services.collecting.purposes import Purpose
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import users

_LENGTH_OF_HASH = 64
# These are paid once, so the next payment of the same words is for something else.
_PAID_ONCE = frozenset({REGISTRATION, LOAN_FEES})


def payer_key(row: MpesaReceipt) -> str:
    """What tells the payer of a payment from others: a SHA-256 of the number, else what M-Pesa showed of it, else
    nothing.
    """
    if row.payer_hash:
        return row.payer_hash
    if row.payer_phone:
        return hashlib.sha256(row.payer_phone.encode("ascii")).hexdigest()
    return "".join((row.payer_masked or "").split())


def is_sure(payer: str) -> bool:
    """Whether this is one payer; of a number that is shown in part there are many."""
    return len(payer) == _LENGTH_OF_HASH


def learn(work: Work, row: MpesaReceipt, share: Purpose) -> None:
    """Remember whom the typed words of this payer mean, now that a person has said it. What cannot be told apart is not
    learned, nor what is known already.
    """
    typed, payer = squeezed(row.reference), payer_key(row)
    if not typed or not payer or share.member_id is None or share.purpose in _PAID_ONCE:
        return
    same = [
        one
        for one in living(work, typed, payer)
        if (one.member_id, one.purpose) == (share.member_id, share.purpose)
    ]
    used = select(ReceiptAlias.id).where(ReceiptAlias.learned_from == row.id)
    if same or work.session.scalar(used) is not None:
        return
    work.session.add(
        ReceiptAlias(
            typed=typed,
            payer=payer,
            member_id=share.member_id,
            purpose=share.purpose,
            learned_from=row.id,
            learned_by=work.actor.user_id,
            learned_at=work.now,
        )
    )
    work.session.flush()
    number = members.load(work, share.member_id).number
    detail: audit.Detail = {"member": number, "purpose": share.purpose}
    audit.record(work, "learned whom a payer means", row.receipt, detail)


def living(work: Work, typed: str, payer: str) -> tuple[ReceiptAlias, ...]:
    """What was learned of these very words of this payer and not forgotten, the oldest first."""
    rows = select(ReceiptAlias).where(
        ReceiptAlias.typed == typed,
        ReceiptAlias.payer == payer,
        ReceiptAlias.forgotten_at.is_(None),
    )
    return tuple(work.session.scalars(rows.order_by(ReceiptAlias.id)))


def which_are_learned(work: Work, typed: set[str]) -> set[str]:
    """Of these words, squeezed, those that were learned for anybody and not forgotten."""
    rows = select(ReceiptAlias.typed).where(
        ReceiptAlias.typed.in_(sorted(typed)), ReceiptAlias.forgotten_at.is_(None)
    )
    return set(work.session.scalars(rows))


def decides(work: Work, row: MpesaReceipt) -> ReceiptAlias | None:
    """The one alias that says whose payment this is. None when the payer is not known for sure, or when the same words
    meant two things: then a person decides.
    """
    payer = payer_key(row)
    if not is_sure(payer):
        return None
    found = living(work, squeezed(row.reference), payer)
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class AliasRow:
    """An alias as a list shows it. `decides` says whether payments go by it; otherwise it is only suggested."""

    alias_id: int
    typed: str = field(repr=False)
    member_id: int
    member: str
    purpose: str
    learned_by: str
    learned_at: datetime
    decides: bool


def list_aliases(work: Work, _nothing: None = None) -> tuple[AliasRow, ...]:
    """Everything that was learned and not forgotten, by what was typed."""
    work.allow(Act.LOOK)
    rows = work.session.execute(
        select(ReceiptAlias, Member)
        .join(Member, Member.id == ReceiptAlias.member_id)
        .where(ReceiptAlias.forgotten_at.is_(None))
        .order_by(ReceiptAlias.id)
    ).all()
    counts: dict[tuple[str, str], int] = {}
    for row, _member in rows:
        place = row.typed, row.payer
        counts[place] = counts.get(place, 0) + 1
    found = [
        AliasRow(
            row.id,
            row.typed,
            member.id,
            f"{member.number} {member.full_name}",
            purposes.name_of(work, row.purpose),
            users.full_name_of(work, row.learned_by),
            row.learned_at,
            is_sure(row.payer) and counts[row.typed, row.payer] == 1,
        )
        for row, member in rows
    ]
    return tuple(sorted(found, key=lambda one: one.typed))


def forget(work: Work, alias_id: int) -> None:
    """Let an alias mean nobody any more; what it has settled stays as it is. Raises NotFound."""
    work.allow(Act.TAKE_DEPOSIT)
    row = work.session.get(ReceiptAlias, alias_id)
    if row is None:
        raise NotFound("There is no such alias.")
    if row.forgotten_at is not None:
        return
    row.forgotten_by, row.forgotten_at = work.actor.user_id, work.now
    work.session.flush()
    member = members.load(work, row.member_id)
    audit.record(work, "forgot whom a payer means", member.number, {"purpose": row.purpose})
    work.changed(Topic.SAVINGS)
