"""Whose an unallocated payment may be, each with its reason and the likeliest first. Nothing here is ever applied by
itself: a person chooses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, or_, select

from sacco_desktop.db.tables import (
    Loan,
    LoanInstalment,
    Member,
    MemberFile,
    MpesaReceipt,
    ReceiptAlias,
)
from sacco_desktop.domain.account_references import squeezed
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound
from sacco_desktop.domain.likeness import fits_mask, like_numbers, name_words
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import aliases, mpesa_receipts, purposes, routing
from sacco_desktop.services.collecting.purposes import Purpose, PurposeChoice
from sacco_desktop.services.membership import member_search, members

# More names than this are no help, and neither is the same sum at more members.
_MOST_SHOWN = 6
_MOST_ALIKE = 4
_MOST_NAMED = 100
# An instalment is paid for about so long before and after it falls due.
_AROUND = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A member whose payment it may be, what it would be for, and why, a sentence a reason. `weight` orders them; it is
    no likelihood.
    """

    member_id: int
    number: str
    full_name: str
    shares: tuple[Purpose, ...]
    reasons: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Hint:
    member_id: int
    weight: int
    reason: str
    purpose: str = ""
    loan_id: int | None = None


@dataclass(slots=True)
class _About:
    """What is known of the payment, read once."""

    row: MpesaReceipt
    left_cents: int
    typed: str = field(repr=False)
    payer: str = field(repr=False)


def find(work: Work, receipt_id: int) -> tuple[Suggestion, ...]:
    """At most six members whose payment it may be; the strongest reason first. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.get(MpesaReceipt, receipt_id)
    if row is None:
        raise NotFound("There is no such payment.")
    left = mpesa_receipts.left_cents(work, row.id)
    about = _About(row, left, squeezed(row.reference), aliases.payer_key(row))
    hints: dict[int, list[_Hint]] = {}
    for ask in (_by_alias, _by_phone, _by_typed_number, _by_typed_phone_or_id, _by_name, _by_sum):
        for hint in ask(work, about):
            hints.setdefault(hint.member_id, []).append(hint)
    found = [_suggestion(work, about, each) for each in hints.values()]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.number))[:_MOST_SHOWN])


def _suggestion(work: Work, about: _About, hints: list[_Hint]) -> Suggestion:
    hints.sort(key=lambda hint: -hint.weight)
    member = members.load(work, hints[0].member_id)
    weight = hints[0].weight + 5 * (len(hints) - 1)
    reasons = list(dict.fromkeys(hint.reason for hint in hints))
    shares = _shares(work, about, member, hints)
    exact = _due_exactly(work, member, about.left_cents)
    if exact is not None:
        weight += 10
        reasons.append(f"{format_kes(about.left_cents)} is what is due: {exact.name}.")
    return Suggestion(member.id, member.number, member.full_name, shares, tuple(reasons), weight)


def _shares(
    work: Work, about: _About, member: Member, hints: Iterable[_Hint]
) -> tuple[Purpose, ...]:
    """What the money would be for: what a reason names, what is due to the cent, or the steps of the society."""
    for hint in hints:
        if hint.loan_id is not None:
            return (Purpose(hint.purpose, member.id, hint.loan_id, about.left_cents),)
        if hint.purpose:
            return routing.of_member(work, member, hint.purpose, about.left_cents)
    exact = _due_exactly(work, member, about.left_cents)
    if exact is not None:
        return routing.with_rest(work, exact.of(about.left_cents))
    on = business_date(about.row.paid_at)
    return routing.by_steps(work, member, about.left_cents, on)


def _due_exactly(work: Work, member: Member, cents: int) -> PurposeChoice | None:
    """The first thing of which this is what is due, to the cent or in the whole shillings that a prompt asks for."""
    for choice in purposes.purposes_for(work, member.id):
        if choice.due_cents and cents in (choice.due_cents, choice.preset_cents):
            return choice
    return None


def _by_alias(work: Work, about: _About) -> Iterator[_Hint]:
    """Whom the same words or the same payer meant before."""
    if not (about.typed or about.payer):
        return
    rows = work.session.scalars(
        select(ReceiptAlias)
        .where(
            ReceiptAlias.forgotten_at.is_(None),
            or_(ReceiptAlias.typed == about.typed, ReceiptAlias.payer == about.payer),
        )
        .order_by(ReceiptAlias.id.desc())
        .limit(_MOST_SHOWN)
    )
    for row in rows:
        same_words, same_payer = row.typed == about.typed, row.payer == about.payer
        sure = aliases.is_sure(about.payer)
        if same_words and same_payer:
            weight, words = 90, "The same words from the same phone were this member's before."
        elif same_payer and sure:
            weight, words = 70, "The same phone paid for this member before, with other words."
        elif same_words:
            weight, words = 50, "The same words were this member's before, from another phone."
        else:
            continue
        yield _Hint(row.member_id, weight, words, row.purpose)


def _by_phone(work: Work, about: _About) -> Iterator[_Hint]:
    """Members with the payer's phone. Of a hash its equal is looked for among all; a masked number names nobody."""
    words = "It was paid from this member's phone."
    if about.row.payer_phone:
        yield from (_Hint(found, 80, words) for found in _with_phone(work, about.row.payer_phone))
    elif about.row.payer_hash:
        wanted = about.row.payer_hash
        other = select(Member.id, MemberFile.other_phone).join(
            MemberFile, MemberFile.id == Member.file_id
        )
        for rows in (
            work.session.execute(select(Member.id, Member.phone)),
            work.session.execute(other),
        ):
            for member_id, phone in rows:
                if hashlib.sha256(phone.encode("utf-8")).hexdigest() == wanted:
                    yield _Hint(member_id, 80, words)


def _with_phone(work: Work, phone: str) -> list[int]:
    own = work.session.scalars(select(Member.id).where(Member.phone == phone)).all()
    other = select(Member.id).join(MemberFile, MemberFile.id == Member.file_id)
    return [*own, *work.session.scalars(other.where(MemberFile.other_phone == phone))]


def _by_typed_number(work: Work, about: _About) -> Iterator[_Hint]:
    """Numbers of members and loans that are like the figures that were typed."""
    likes = {like.number: like for like in like_numbers(about.row.reference)}
    if not likes:
        return
    for member_id, number in work.session.execute(
        select(Member.id, Member.number).where(Member.number.in_(likes))
    ):
        like = likes[number]
        yield _Hint(member_id, 60 if like.is_exact else 30, like.words.format(number))
    for loan in work.session.scalars(select(Loan).where(Loan.number.in_(likes))):
        like = likes[loan.number]
        weight = 60 if like.is_exact else 30
        yield _Hint(loan.member_id, weight, like.words.format(loan.number), "loan", loan.id)


def _by_typed_phone_or_id(work: Work, about: _About) -> Iterator[_Hint]:
    """A phone or an ID typed as the account."""
    try:
        phone = normalise_phone(about.row.reference)
    except InvalidInput:
        phone = ""
    if phone:
        for member_id in _with_phone(work, phone):
            yield _Hint(member_id, 75, "This member's phone number was typed as the account.")
    if about.typed.isdigit():
        owner = select(Member.id).where(Member.national_id == about.typed)
        for member_id in work.session.scalars(owner):
            yield _Hint(member_id, 75, "This member's ID number was typed as the account.")


def _by_name(work: Work, about: _About) -> Iterator[_Hint]:
    """Members whose name holds every word that was typed, or that M-Pesa told of the payer; of many those whose phone
    may be the one that M-Pesa shows in part.
    """
    masked = about.row.payer_masked or ""
    for text, weight, words in (
        (about.row.reference, 45, "The name that was typed fits."),
        (about.row.payer_name, 35, "The payer's name fits."),
    ):
        typed = " ".join(name_words(text))
        found = member_search.ids(work, typed, _MOST_NAMED) if typed else []
        if masked:
            fitting = [one for one in found if fits_mask(members.load(work, one).phone, masked)]
            if fitting:
                found, weight = fitting, weight + 10
                words = f"{words[:-1]}, and so does what M-Pesa shows of the phone."
        if len(found) <= _MOST_ALIKE:
            yield from (_Hint(member_id, weight, words) for member_id in found)


def _by_sum(work: Work, about: _About) -> Iterator[_Hint]:
    """Running loans with an instalment of exactly this sum around this time."""
    on = business_date(about.row.paid_at)
    newest = (
        select(func.max(LoanInstalment.schedule))
        .where(LoanInstalment.loan_id == Loan.id)
        .correlate(Loan)
        .scalar_subquery()
    )
    whole = (
        LoanInstalment.principal_cents + LoanInstalment.interest_cents + LoanInstalment.fee_cents
    )
    rows = work.session.execute(
        select(Loan, func.min(LoanInstalment.due_on))
        .join(LoanInstalment, LoanInstalment.loan_id == Loan.id)
        .where(
            LoanInstalment.due_on.between(on - _AROUND, on + _AROUND),
            LoanInstalment.schedule == newest,
            # A prompt asks for it in whole shillings.
            (about.left_cents - whole).between(0, 99),
            Loan.status == "active",
        )
        .group_by(Loan.id)
        .limit(_MOST_ALIKE + 1)
    ).all()
    if len(rows) <= _MOST_ALIKE:
        for loan, due_on in rows:
            words = (
                f"An instalment of {loan.number} of this sum falls due on {format_date(due_on)}."
            )
            yield _Hint(loan.member_id, 20, words, "loan", loan.id)
