"""A person says whose a payment is: at once, or, above the limit of one person, when another person agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sacco_desktop.db.tables import AllocationWish, Loan, MembershipApplication, MpesaReceipt
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    purpose_posting,
    purposes,
)
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, who_decides

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class OwnerWish:
    """Whose a payment is; `known_by` says how the office knows, which only a second person needs to read."""

    allocation: Allocation
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class OwnersGiven:
    """What became of it in words, and whether it waits for another person; `left_cents` has no purpose yet."""

    words: str
    is_asked: bool
    left_cents: int


def give(work: Work, wish: OwnerWish) -> OwnersGiven:
    """Give a payment its purposes, or ask another person where it is above the limit of one. Once by its key.

    Raises InvalidInput under its field, NotFound, WrongState.
    """
    work.allow(Act.TAKE_DEPOSIT)
    given = wish.allocation
    row = allocations.load(work, given.receipt_id)
    if not allocations.needs_two(work, row):
        done = allocations.allocate(work, given)
        words = f"Booked. {row.receipt} is given to its owner, receipt {done.slips}."
        return OwnersGiven(words, False, done.left_cents)
    answer = commands.once(work, given.key, "owner request", wish, lambda: _ask(work, wish, row))
    return OwnersGiven(**answer)


def _ask(work: Work, wish: OwnerWish, row: MpesaReceipt) -> dict[str, Any]:
    shares, known_by = wish.allocation.shares, " ".join(wish.known_by.split())
    allocations.check_can_be_given(work, row)
    _check(work, row, shares)
    if not known_by or len(known_by) > _LONGEST:
        raise InvalidInput("Write how you know whose it is, for example who rang.", "known_by")
    content = _content(work, row, shares, known_by)
    about = f"M-Pesa {row.receipt} · {content['owners']}"
    cents = sum(share.cents for share in shares)
    new = approvals.NewRequest(
        ApprovalKind.RECEIPT_ALLOCATION, row.id, about[:200], cents, content, row.amount_cents
    )
    request_id = approvals.ask(work, new)
    work.session.add_all(
        AllocationWish(
            request_id=request_id,
            receipt_id=row.id,
            cents=share.cents,
            purpose=share.purpose,
            member_id=share.member_id,
            loan_id=share.loan_id,
            application_id=share.application_id,
        )
        for share in shares
    )
    work.session.flush()
    audit.record(work, "asked whose a payment is", row.receipt, {"cents": cents})
    work.changed(Topic.SAVINGS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    words = f"{row.receipt} waits. {who or 'Nobody else yet'} can agree. Nothing is booked yet."
    left = mpesa_receipts.left_cents(work, row.id)
    return asdict(OwnersGiven(words, True, left))


def _check(work: Work, row: MpesaReceipt, shares: tuple[Purpose, ...]) -> None:
    if not shares:
        raise InvalidInput("Say what the payment is for.", "purpose")
    left = mpesa_receipts.left_cents(work, row.id)
    if any(share.cents <= 0 for share in shares) or sum(one.cents for one in shares) > left:
        raise InvalidInput(f"{format_kes(left)} of {row.receipt} is left.", "amount")
    for share in shares:
        purpose_posting.check(share)


def _content(
    work: Work, row: MpesaReceipt, shares: Iterable[Purpose], known_by: str
) -> dict[str, str | int | list[list[str | int]]]:
    lines: list[list[str | int]] = []
    owners: list[str] = []
    for share in shares:
        owners.append(owner_words(work, share.member_id, share.application_id))
        ids = (share.member_id or 0, share.loan_id or 0, share.application_id or 0)
        lines.append([owners[-1], purpose_words(work, share), share.cents, share.purpose, *ids])
    return {
        "receipt": row.receipt,
        "paid_at": f"{format_date(row.paid_at)} {format_time(row.paid_at)}",
        "payer": f"{row.payer_name} {row.payer_phone or row.payer_masked or ''}".strip(),
        "reference": row.reference,
        "amount_cents": row.amount_cents,
        "left_cents": mpesa_receipts.left_cents(work, row.id),
        "state": row.state,
        "evidence": row.evidence,
        "owners": " and ".join(dict.fromkeys(owners)),
        "shares": lines,
        "known_by": known_by,
    }


def owner_words(work: Work, member_id: int | None, application_id: int | None) -> str:
    """Whose a share is: the member, or who only applies, with the number."""
    if member_id is not None:
        member = members.load(work, member_id)
        return f"{member.full_name}, {member.number}"
    row = work.session.get_one(MembershipApplication, application_id)
    return f"{row.full_name}, {row.number}"


def purpose_words(work: Work, share: Purpose) -> str:
    """What a share is for, as a person reads it, with the loan's number where there is one."""
    name = purposes.name_of(work, share.purpose)
    if share.loan_id is None:
        return name
    return f"{name}, {work.session.get_one(Loan, share.loan_id).number}"


def content_now(work: Work, receipt_id: int, asked: Content) -> Content:
    """The content as it would be asked now: it is void when something of the payment was given away meanwhile."""
    row = allocations.load(work, receipt_id)
    return _content(work, row, _shares(asked), str(asked["known_by"]))


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Another person agreed: book it. Raises what the loans and products themselves refuse."""
    receipt_id = approvals.load(work, request_id).subject_id
    allocations.allocate_agreed(work, receipt_id, _shares(content))


def _shares(content: Content) -> tuple[Purpose, ...]:
    lines = content["shares"]
    assert isinstance(lines, list), "the shares of a request are a list"
    return tuple(
        Purpose(
            str(purpose),
            int(member_id) or None,
            int(loan_id) or None,
            int(cents),
            int(application_id) or None,
        )
        for _owner, _words, cents, purpose, member_id, loan_id, application_id in lines
    )
