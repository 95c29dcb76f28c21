"""Check-off money without owner is given to the member whose it is, by two people, and taken back as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import CheckOffLine, CheckOffList, CheckOffOwner, Contribution, Member
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.counter import check_off_keeping, check_off_sharing, unowned_money
from sacco_desktop.services.counter.check_off_reading import ORDER_WORDS
from sacco_desktop.services.counter.check_off_sharing import Slip
from sacco_desktop.services.counter.unowned_money import ASKED, DROPPED, GIVEN, UNDONE
from sacco_desktop.services.lending import repayment_undoing
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, payout_terms, who_decides
from sacco_desktop.services.savings import contribution_rows, deposit_floor, payout_cover

_LONGEST = 200
_REFUND = "receipt_refund"


@dataclass(frozen=True, slots=True)
class NewOwner:
    """This member is the owner of so many cents of a line, or, without a line, of what was paid beyond the lines.
    `key` is made when the dialog opens; `known_by` says how the office knows.
    """

    key: str
    list_id: int
    line_id: int | None
    member_id: int
    cents: int
    known_by: str


@dataclass(frozen=True, slots=True)
class OwnerBack:
    """Ask for money to be taken back that was given; `version` is the one looked at."""

    owner_id: int
    version: int
    reason: str


def ask(work: Work, new: NewOwner) -> str:
    """Name the owner and ask another person; returns words for who asked. Nothing is posted by it.

    Raises InvalidInput under its field, NotFound, WrongState.
    """
    work.allow(Act.IMPORT_BOOKS)
    answer = commands.once(work, new.key, "check-off owner", new, lambda: _ask(work, new))
    return str(answer["words"])


def _ask(work: Work, new: NewOwner) -> dict[str, Any]:
    known_by = " ".join(new.known_by.split())
    member = members.load(work, new.member_id)
    _check_belongs(member)
    row = unowned_money.row_of(work, new.list_id, new.line_id)
    if row is None:
        raise NotFound("There is no such money without owner.")
    if new.cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if new.cents > row.left_cents:
        raise InvalidInput(
            f"{format_kes(row.left_cents)} of it has no owner. Write no more than that.", "amount"
        )
    if not known_by or len(known_by) > _LONGEST:
        raise InvalidInput("Write how you know whose it is, for example who said so.", "known_by")
    _check_there(work, new.cents)
    year = work.today.year
    found = CheckOffOwner(
        number=f"CG-{year}-{numbering.next_in(work, f'check-off-owner/{year}'):04d}",
        list_id=new.list_id,
        line_id=new.line_id,
        member_id=member.id,
        cents=new.cents,
        known_by=known_by,
        status=ASKED,
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(found)
    work.session.flush()
    about = f"{member.full_name} · {found.number}, of {row.list_number}"
    content = content_now(work, found.id)
    request = approvals.NewRequest(
        ApprovalKind.CHECK_OFF_OWNER, found.id, about, found.cents, content
    )
    request_id = approvals.ask(work, request)
    detail: audit.Detail = {"member": member.number, "cents": found.cents}
    audit.record(work, "named the owner of check-off money", found.number, detail)
    work.changed(Topic.SAVINGS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    return {
        "words": f"{found.number} waits. {who or 'Nobody else yet'} can agree. Nothing is posted."
    }


def _check_belongs(member: Member) -> None:
    if not belongs(member.status):
        raise InvalidInput(f"{member.number} is no member any more and pays in no more.", "member")


def _check_there(work: Work, cents: int) -> None:
    """What was paid back of the unallocated receipts, or is on its way, cannot be given too."""
    purpose = payout_terms.purpose_of(_REFUND)
    free = payout_cover.cover(work, purpose, UNALLOCATED_RECEIPTS, None).free_cents
    if cents > free:
        raise WrongState(
            f"Unallocated receipts come to {format_kes(free)} beside what is being paid back of them, which does not"
            f" carry {format_kes(cents)}. Look under Payouts for what was refunded."
        )


def load(work: Work, owner_id: int) -> CheckOffOwner:
    """The row. Raises NotFound."""
    row = work.session.get(CheckOffOwner, owner_id)
    if row is None:
        raise NotFound("There is no such owner.")
    return row


def content_now(work: Work, owner_id: int) -> Content:
    """What the approval is bound to: whose it is said to be and how that is known, and the order of the society."""
    row = load(work, owner_id)
    member = members.load(work, row.member_id)
    of = work.session.get_one(CheckOffList, row.list_id)
    line = None if row.line_id is None else work.session.get_one(CheckOffLine, row.line_id)
    said = unowned_money.BEYOND if line is None else f"Row {line.line}: {line.problem}"
    named = "" if line is None else " ".join(part for part in (line.named, line.name) if part)
    return {
        "number": row.number,
        "member": member.number,
        "name": member.full_name,
        "member_status": member.status,
        "cents": row.cents,
        "list": of.number,
        "list_status": of.status,
        "employer": of.employer,
        "month": of.month,
        "named": named,
        "problem": said,
        "known_by": row.known_by,
        "order": ORDER_WORDS[check_off_sharing.order_of(work)],
        "status": row.status,
    }


def carry_out(work: Work, owner_id: int, yes: bool) -> None:
    """Give it, or put the request away when the second person said no. Raises WrongState, PeriodClosed."""
    row = load(work, owner_id)
    if not yes:
        _move(work, row, DROPPED)
        return
    member = members.load(work, row.member_id)
    _check_belongs(member)
    if unowned_money.row_of(work, row.list_id, row.line_id) is None:
        raise WrongState(f"The list of {row.number} is not in the books any more. Reject it.")
    _check_there(work, row.cents)
    on = open_days.open_day(work, work.today)
    at = check_off_sharing.desk(work, on, member.id)
    slip = Slip(row.number, Source.UNALLOCATED, on)
    received, _loans_cents = check_off_sharing.share(work, at, member, row.cents, slip)
    if received is not None:
        paid = check_off_sharing.paid_in(work, member, received)
        entry = savings_entries.check_off_owner_found(paid, row.number)
        number = ledger.post(work, entry).number
        row.contribution_id = contribution_rows.keep(work, member, received, number).id
    row.given_on = on
    _move(work, row, GIVEN)
    detail: audit.Detail = {"member": member.number, "cents": row.cents}
    audit.record(work, "gave check-off money to its owner", row.number, detail)


def _move(work: Work, row: CheckOffOwner, status: str) -> None:
    row.status = status
    row.version += 1
    work.session.flush()
    work.changed(Topic.SAVINGS, Topic.MEMBERS, Topic.LOANS, Topic.LEDGER)


def take_request_back(work: Work, owner_id: int) -> str:
    """Put a request away that waits, or that became void; returns words. Raises WrongState."""
    work.allow(Act.IMPORT_BOOKS)
    row = load(work, owner_id)
    if row.status != ASKED:
        raise WrongState(f"{row.number} waits for nobody.")
    approvals.void_open(work, ApprovalKind.CHECK_OFF_OWNER, row.id, "The request was taken back.")
    _move(work, row, DROPPED)
    audit.record(work, "took back who owns check-off money", row.number)
    return f"{row.number} is put away. The money waits for its owner again."


def ask_back(work: Work, back: OwnerBack) -> str:
    """Ask another person for it to be taken back as a whole; returns words for who asked. Raises InvalidInput under
    `reason`, WrongState naming what stands in the way.
    """
    work.allow(Act.REVERSE_ENTRY)
    reason = " ".join(back.reason.split())
    if not reason:
        raise InvalidInput("Write why it is not this member's.", "reason")
    row = load(work, back.owner_id)
    if row.version != back.version:
        raise WrongState(f"{row.number} has changed after you opened it. Look at it again.")
    check_can_be_undone(work, row)
    member = members.load(work, row.member_id)
    about = f"{member.full_name} · {row.number}, taken back"
    content = back_content(work, row.id, reason)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.CHECK_OFF_OWNER_UNDONE, row.id, about, row.cents, content
        ),
    )
    return f"Asked. {row.number} stays with {member.number} until another person agrees."


def back_content(work: Work, owner_id: int, reason: str) -> Content:
    """What taking it back is bound to."""
    row = load(work, owner_id)
    member = members.load(work, row.member_id)
    return {
        "number": row.number,
        "member": member.number,
        "name": member.full_name,
        "cents": row.cents,
        "status": row.status,
        "reason": reason,
    }


def carry_out_back(work: Work, owner_id: int, content: Content) -> None:
    """Take all of it back: it waits for its owner again. Raises WrongState when something of it was used meanwhile."""
    row, why = load(work, owner_id), str(content["reason"])
    check_can_be_undone(work, row)
    for repaid in check_off_sharing.repaid_by(work, row.number, Source.UNALLOCATED):
        repayment_undoing.reverse_entry(work, repaid.entry_number, why)
    check_off_keeping.undo(work, row.number, why)
    entry_number = _entry_of(work, row)
    if entry_number is not None:
        ledger.reverse(work, entry_number, why)
    _move(work, row, UNDONE)
    audit.record(work, "took check-off money back from", row.number, {"why": why})


def check_can_be_undone(work: Work, row: CheckOffOwner) -> None:
    """Raise WrongState, with the figures, when the member has had money of it since."""
    if row.status != GIVEN:
        raise WrongState(f"{row.number} is not in the books.")
    entry_number = _entry_of(work, row)
    if entry_number is not None:
        deposit_floor.check_can_be_reversed(work, entry_number)
    check_off_keeping.check_can_be_undone(work, row.number)
    for repaid in check_off_sharing.repaid_by(work, row.number, Source.UNALLOCATED):
        repayment_undoing.check_can_be_reversed(work, repaid.entry_number)


def _entry_of(work: Work, row: CheckOffOwner) -> int | None:
    """The entry of what went to products."""
    if row.contribution_id is None:
        return None
    return work.session.get_one(Contribution, row.contribution_id).entry_number


def drop_of_list(work: Work, list_id: int, why: str) -> None:
    """A list is taken back: nobody owns money of it any more, so what waits for a second person is put away."""
    rows = work.session.scalars(
        select(CheckOffOwner).where(CheckOffOwner.list_id == list_id, CheckOffOwner.status == ASKED)
    ).all()
    for row in rows:
        approvals.void_open(work, ApprovalKind.CHECK_OFF_OWNER, row.id, why)
        _move(work, row, DROPPED)
