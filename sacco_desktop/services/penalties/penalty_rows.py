"""Charges of penalties as they stand: read with what was paid and waived of each, kept with their entries, and paid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import (
    Entry,
    PenaltyCharge,
    PenaltyPayment,
    PenaltyRuleRow,
    PenaltyTermsRow,
    PenaltyWaiver,
)
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.loan_entries import PENALTY_CHARGED, PENALTY_WAIVED, Basis
from sacco_desktop.domain.penalties import entries
from sacco_desktop.domain.penalties.charging import NewCharge
from sacco_desktop.domain.penalties.facts import Charged, Settled
from sacco_desktop.domain.penalties.terms import Span
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.messages import notices, outbox
from sacco_desktop.services.office import society

_back = aliased(Entry)
# A payment of a penalty counts unless an entry takes back its own.
TAKEN_BACK = exists().where(
    _back.reverses_number == PenaltyPayment.entry_number, _back.posted_at.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A charge in the books: the charge itself, the rule's name on its day, whose it is, and how it was booked."""

    charge_id: int
    charged: Charged
    name: str
    about: str
    member_id: int
    loan_id: int | None
    instalment: int
    uncapped_cents: int
    penalties_cents: int
    spans: tuple[Span, ...]
    terms_id: int
    entry_number: int | None
    paid_cents: int
    waived_cents: int

    @property
    def left_cents(self) -> int:
        """What is still owed of it."""
        return self.charged.cents - self.paid_cents - self.waived_cents


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a charge is about."""

    member_id: int
    loan_id: int | None = None
    instalment: int = 0


def read(work: Work, *wanted: ColumnElement[bool]) -> tuple[Kept, ...]:
    """The charges that meet the conditions, the oldest first, with all that was paid and waived; three questions."""
    rows = work.session.execute(
        select(PenaltyCharge, PenaltyRuleRow.code, PenaltyRuleRow.about, PenaltyTermsRow.name)
        .join(PenaltyRuleRow, PenaltyRuleRow.id == PenaltyCharge.rule_id)
        .join(PenaltyTermsRow, PenaltyTermsRow.id == PenaltyCharge.terms_id)
        .where(*wanted)
        .order_by(PenaltyCharge.charged_on, PenaltyCharge.id)
    ).all()
    if not rows:
        return ()
    of_these = select(PenaltyCharge.id).where(*wanted)
    paid = _settled(work, PenaltyPayment, PenaltyPayment.paid_on, of_these, ~TAKEN_BACK)
    waived = _settled(work, PenaltyWaiver, PenaltyWaiver.waived_on, of_these)
    return tuple(
        _kept(row, code, about, name, paid.get(row.id, ()), waived.get(row.id, ()))
        for row, code, about, name in rows
    )


def _settled(
    work: Work, table: type, day: object, of_these: object, *more: ColumnElement[bool]
) -> dict[int, tuple[Settled, ...]]:
    found: dict[int, tuple[Settled, ...]] = {}
    rows = work.session.execute(
        select(table.charge_id, day, table.cents)  # type: ignore[attr-defined, call-overload]
        .where(table.charge_id.in_(of_these), *more)  # type: ignore[attr-defined]
        .order_by(day, table.id)  # type: ignore[attr-defined]
    )
    for charge_id, on, cents in rows:
        found[charge_id] = (*found.get(charge_id, ()), Settled(on, cents))
    return found


def _kept(
    row: PenaltyCharge,
    code: str,
    about: str,
    name: str,
    paid: tuple[Settled, ...],
    waived: tuple[Settled, ...],
) -> Kept:
    gone = sum(one.cents for one in waived)
    charged = Charged(
        code,
        row.subject,
        row.period,
        row.stage,
        row.charged_on,
        row.counted_until,
        row.cents,
        (*paid, *waived),
        gone,
    )
    return Kept(
        charge_id=row.id,
        charged=charged,
        name=name,
        about=about,
        member_id=row.member_id,
        loan_id=row.loan_id,
        instalment=row.instalment,
        uncapped_cents=row.uncapped_cents,
        penalties_cents=row.penalties_cents,
        spans=spans_of_kept(row.spans),
        terms_id=row.terms_id,
        entry_number=row.entry_number,
        paid_cents=sum(one.cents for one in paid),
        waived_cents=gone,
    )


def _left(*wanted: ColumnElement[bool]) -> ColumnElement[int]:
    """What is left of all charges that meet the conditions, as one figure of the database."""
    of_these = select(PenaltyCharge.id).where(*wanted)
    charged = select(func.coalesce(func.sum(PenaltyCharge.cents), 0)).where(*wanted)
    paid = select(func.coalesce(func.sum(PenaltyPayment.cents), 0)).where(
        PenaltyPayment.charge_id.in_(of_these), ~TAKEN_BACK
    )
    waived = select(func.coalesce(func.sum(PenaltyWaiver.cents), 0)).where(
        PenaltyWaiver.charge_id.in_(of_these)
    )
    return charged.scalar_subquery() - paid.scalar_subquery() - waived.scalar_subquery()


# Asked of every loan of which anything is paid.
_OF_LOAN = Lookup(select(_left(PenaltyCharge.loan_id == bindparam("loan_id"))))
_FINES = Lookup(
    select(
        _left(PenaltyCharge.member_id == bindparam("member_id"), PenaltyCharge.loan_id.is_(None))
    )
)


def owed_of_loan(work: Work, loan_id: int) -> int:
    """What is left of the penalties of a loan, in cents."""
    return int(_OF_LOAN.value(work.session, loan_id=loan_id) or 0)


def fines_of(work: Work, member_id: int) -> int:
    """What a member owes of fines beside penalties of loans, in cents."""
    return int(_FINES.value(work.session, member_id=member_id) or 0)


def look_fines(work: Work, member_id: int) -> int:
    """The same for a person who looks."""
    work.allow(Act.LOOK)
    return fines_of(work, member_id)


def open_fines(work: Work, member_id: int) -> tuple[Kept, ...]:
    """A member's fines of which something is left, the oldest first."""
    found = read(work, PenaltyCharge.member_id == member_id, PenaltyCharge.loan_id.is_(None))
    return tuple(one for one in found if one.left_cents)


def open_of_loan(work: Work, loan_id: int) -> tuple[Kept, ...]:
    """The penalties of a loan of which something is left, the oldest first."""
    found = read(work, PenaltyCharge.loan_id == loan_id)
    return tuple(one for one in found if one.left_cents)


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What of a payment goes to one charge, in cents, and whether that was booked as income before."""

    charge_id: int
    cents: int
    is_booked: bool


def divide(found: Iterable[Kept], cents: int) -> tuple[PaidPart, ...]:
    """Divide a payment over what is left, the oldest charge first. Raises ValueError for more than that."""
    parts = []
    for one in found:
        share = min(cents, one.left_cents)
        if share:
            parts.append(PaidPart(one.charge_id, share, one.entry_number is not None))
            cents -= share
    if cents:
        raise ValueError("more is paid than the penalties that are left")
    return tuple(parts)


def booked_cents(parts: Iterable[PaidPart]) -> int:
    """What of these was booked as income when it was charged."""
    return sum(part.cents for part in parts if part.is_booked)


def keep_paid(work: Work, parts: Iterable[PaidPart], entry_number: int, on: date) -> None:
    """Keep what the payment with this entry paid of each charge."""
    for part in parts:
        work.session.add(
            PenaltyPayment(
                charge_id=part.charge_id, paid_on=on, cents=part.cents, entry_number=entry_number
            )
        )
    work.session.flush()
    work.changed(Topic.PENALTIES)


def check_can_be_reversed(kind: str) -> None:
    """Raise WrongState for the entry of a charge or a waiver: those are seen, and not taken back."""
    if kind in (PENALTY_CHARGED, PENALTY_WAIVED):
        raise WrongState(
            "A penalty is not reversed. Waive it under Penalties & fines, with a reason; another person agrees to it."
        )


def keep(
    work: Work,
    rule_ids: dict[str, int],
    words: str,
    reference: str,
    charges: Sequence[tuple[NewCharge, Whose]],
) -> int:
    """Keep charges of one day, with one entry for all of them where penalties are income at once; what they come to,
    in cents. They are all of loans, or none is.
    """
    if not charges:
        return 0
    on, total = charges[0][0].on, sum(charge.cents for charge, _whose in charges)
    number = None
    if society.setting(work, "loan.basis") == Basis.ACCRUAL.value:
        of_loan = charges[0][1].loan_id is not None
        day = open_days.open_day(work, on)
        entry = entries.charged(words, total, reference, day, of_loan=of_loan)
        number = ledger.post(work, entry).number
    for charge, whose in charges:
        work.session.add(_row(work, rule_ids[charge.rule], charge, whose, number))
    work.session.flush()
    _tell(work, charges)
    work.changed(Topic.PENALTIES, Topic.MEMBERS, Topic.LOANS)
    return total


def _tell(work: Work, charges: Sequence[tuple[NewCharge, Whose]]) -> None:
    if not outbox.is_on(work):
        return
    for charge, whose in charges:
        name = work.session.get_one(PenaltyTermsRow, charge.terms_id).name
        told = notices.PenaltyTold(
            whose.member_id,
            whose.loan_id,
            name,
            charge.subject,
            f"{charge.rule}/{charge.period.isoformat()}/{charge.stage}",
            charge.cents,
            charge.on,
        )
        notices.penalty_charged(work, told)


def _row(
    work: Work, rule_id: int, charge: NewCharge, whose: Whose, entry_number: int | None
) -> PenaltyCharge:
    return PenaltyCharge(
        rule_id=rule_id,
        terms_id=charge.terms_id,
        subject=charge.subject,
        period=charge.period,
        stage=charge.stage,
        member_id=whose.member_id,
        loan_id=whose.loan_id,
        instalment=whose.instalment,
        charged_on=charge.on,
        counted_until=charge.until,
        cents=charge.cents,
        uncapped_cents=charge.uncapped_cents,
        penalties_cents=charge.penalties_cents,
        spans=spans_kept(charge.spans),
        entry_number=entry_number,
        charged_by=work.actor.user_id,
        charged_at=work.now,
    )


def spans_kept(spans: Iterable[Span]) -> str:
    """The days and sums of a charge as one text of the books."""
    return json.dumps([[one.first.isoformat(), one.last.isoformat(), one.cents] for one in spans])


def spans_of_kept(text: str) -> tuple[Span, ...]:
    """The days and sums that a text of the books says."""
    return tuple(
        Span(date.fromisoformat(first), date.fromisoformat(last), cents)
        for first, last, cents in json.loads(text)
    )
