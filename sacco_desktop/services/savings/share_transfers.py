"""Share capital that one member sells to another at par: asked for by one person and agreed to by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sacco_desktop.db.tables import Member, ShareTransfer
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import SHARE_CAPITAL
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.exits import SharesTransferred, shares_transferred
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.share_shortfall import LEAST_SHARE_CAPITAL
from sacco_desktop.services.office import approvals, society, who_decides
from sacco_desktop.services.savings import payout_cover

# No member holds more than a fifth of the share capital of a co-operative society, by law.
MOST_PART = 5


@dataclass(frozen=True, slots=True)
class TransferWish:
    """Transfer shares of so many cents. `key` is made when the dialog opens."""

    key: str
    from_member_id: int
    to_member_id: int
    cents: int


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What a person sees before asking, in cents."""

    held_cents: int
    fee_cents: int
    least_cents: int
    approvers: tuple[str, ...]


def facts(work: Work, member_id: int) -> TransferFacts:
    """What a member could transfer. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    able = who_decides.names_for(work, ApprovalKind.SHARE_TRANSFER, 0)
    return TransferFacts(_shares(work, member), _fee(work), _stays(work, member), tuple(able))


def ask(work: Work, wish: TransferWish) -> str:
    """Ask a second person; returns words for who asked. Raises InvalidInput under its field, WrongState."""
    work.allow(Act.REGISTER_MEMBER)
    answer = commands.once(work, wish.key, "share transfer", wish, lambda: _ask(work, wish))
    return str(answer["words"])


def _ask(work: Work, wish: TransferWish) -> dict[str, Any]:
    seller = members.load(work, wish.from_member_id)
    buyer = members.load(work, wish.to_member_id)
    if seller.id == buyer.id:
        raise InvalidInput("Choose another member.", "to_member")
    if wish.cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    _check(work, seller, buyer, wish.cents, _fee(work))
    row = ShareTransfer(
        from_member_id=seller.id,
        to_member_id=buyer.id,
        cents=wish.cents,
        fee_cents=_fee(work),
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    about = f"{seller.full_name} · {seller.number}, shares to {buyer.number}"
    content = content_now(work, row.id)
    request = approvals.NewRequest(ApprovalKind.SHARE_TRANSFER, row.id, about, wish.cents, content)
    request_id = approvals.ask(work, request)
    audit.record(work, "asked to transfer shares of", seller.number, {"to": buyer.number})
    work.changed(Topic.MEMBERS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    who = who or "Nobody in this office yet"
    return {"words": f"Sent for approval. {who} can agree. Nothing was transferred yet."}


def _check(work: Work, seller: Member, buyer: Member, cents: int, fee_cents: int) -> None:
    held = _shares(work, seller)
    if cents > held:
        raise InvalidInput(f"{seller.number} holds {format_kes(held)} of share capital.", "amount")
    stays = _stays(work, seller)
    if 0 < held - cents < stays or (held == cents and stays):
        raise InvalidInput(
            f"A member who stays keeps {format_kes(stays)} of share capital, so"
            f" {format_amount(max(0, held - stays))} can be transferred.",
            "amount",
        )
    if buyer.status != MemberStatus.ACTIVE.value:
        raise InvalidInput(f"{buyer.number} is not active and buys no shares.", "to_member")
    whole = ledger.balance(work, SHARE_CAPITAL)
    if (_shares(work, buyer) + cents) * MOST_PART > whole:
        raise InvalidInput(
            f"{buyer.number} would hold more than a fifth of all share capital, which the law does not"
            " allow.",
            "to_member",
        )
    deposits = ledger.balance(work, members.deposits_account(seller.number))
    if fee_cents > deposits - payout_cover.pledged_deposits(work, seller):
        raise WrongState(
            f"The fee of {format_kes(fee_cents)} is taken from the deposits of {seller.number}, which"
            " do not carry it."
        )


def _shares(work: Work, member: Member) -> int:
    code = members.shares_account(member.number)
    return ledger.balance(work, code) if ledger.is_open(work, code) else 0


def _fee(work: Work) -> int:
    return society.number_setting(work, "shares.transfer_fee_cents")


def _stays(work: Work, seller: Member) -> int:
    """Only who leaves sells all."""
    leaves = seller.status != MemberStatus.ACTIVE.value
    return 0 if leaves else society.number_setting(work, LEAST_SHARE_CAPITAL)


def content_now(work: Work, transfer_id: int) -> Content:
    """What the approval is bound to, read anew each time: shares that were sold meanwhile make another content."""
    row = _load(work, transfer_id)
    seller, buyer = (members.load(work, one) for one in (row.from_member_id, row.to_member_id))
    return {
        "member": seller.number,
        "name": seller.full_name,
        "held_cents": _shares(work, seller),
        "to": buyer.number,
        "to_name": buyer.full_name,
        "to_status": buyer.status,
        "cents": row.cents,
        "fee_cents": row.fee_cents,
    }


def carry_out(work: Work, transfer_id: int, approved: bool) -> None:
    """Two people have agreed: the shares are the buyer's. Raises InvalidInput, WrongState as asking does."""
    row = _load(work, transfer_id)
    seller, buyer = (members.load(work, one) for one in (row.from_member_id, row.to_member_id))
    if not approved:
        row.status = "void"
        audit.record(work, "let a transfer of shares go of", seller.number)
        work.changed(Topic.MEMBERS)
        return
    _check(work, seller, buyer, row.cents, row.fee_cents)
    target = members.shares_account(buyer.number)
    if not ledger.is_open(work, target):
        name = f"Share capital of {buyer.full_name}"
        ledger.open_sub_account(work, SHARE_CAPITAL, buyer.number, name)
    entry = shares_transferred(
        SharesTransferred(
            seller.number,
            buyer.number,
            row.cents,
            row.fee_cents,
            f"ST-{row.id:04d}",
            work.today,
        )
    )
    row.entry_number = ledger.post(work, entry).number
    row.status = "done"
    work.session.flush()
    audit.record(work, "transferred shares of", seller.number, {"to": buyer.number})
    work.changed(Topic.MEMBERS)


def _load(work: Work, transfer_id: int) -> ShareTransfer:
    row = work.session.get(ShareTransfer, transfer_id)
    if row is None:
        raise NotFound("There is no such transfer.")
    return row
