"""Deposits paid in at the counter, each with its receipt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, Member
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import (
    audit,
    commands,
    ledger,
    limits,
    members,
    numbering,
    paper_stamps,
    users,
)
from sacco_desktop.services.papers import DepositReceipt
from sacco_desktop.services.society import letterhead
from sacco_desktop.services.work import Topic, Work


@dataclass(frozen=True, slots=True)
class NewDeposit:
    """Cash that a member brings. `key` is made when the dialog opens, so that two clicks are one deposit."""

    key: str
    member_id: int
    amount_cents: int
    value_date: date


@dataclass(frozen=True, slots=True)
class TakenDeposit:
    """A posted deposit: its receipt, its entry and the member's deposits afterwards, in cents."""

    receipt: str
    entry_number: int
    member_id: int
    amount_cents: int
    balance_after_cents: int


def take_cash(work: Work, new: NewDeposit) -> TakenDeposit:
    """Post a cash deposit and give it a receipt number. Raises InvalidInput, NotFound, PeriodClosed."""
    work.allow(Act.TAKE_DEPOSIT)
    if new.amount_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "amount")
    if new.value_date > work.today:
        raise InvalidInput("A deposit cannot be dated in the future.", "value_date")
    return TakenDeposit(
        **commands.once(work, new.key, "cash deposit", new, lambda: _take(work, new))
    )


def _take(work: Work, new: NewDeposit) -> dict[str, Any]:
    member = members.load(work, new.member_id)
    if member.status != "active":
        raise WrongState(f"{member.number} has left the society and takes no deposits.")
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    limits.use(work, Act.TAKE_DEPOSIT, new.amount_cents, receipt)
    entry = posting_rules.cash_deposit(member.number, new.amount_cents, receipt, new.value_date)
    posted = ledger.post(work, entry)
    audit.record(work, "took a cash deposit", receipt, {"cents": new.amount_cents})
    work.changed(Topic.MEMBERS)
    balance = ledger.balance(work, members.deposits_account(member.number))
    return asdict(TakenDeposit(receipt, posted.number, member.id, new.amount_cents, balance))


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """The receipt of which deposit is to be printed."""

    receipt: str


def receipt_paper(work: Work, request: ReceiptRequest) -> DepositReceipt:
    """The data of a deposit's receipt, read from the ledger. Each call counts as a print: from the second on
    it says COPY.
    """
    entry = work.session.scalar(
        select(Entry).where(
            Entry.reference == request.receipt, Entry.kind == posting_rules.CASH_DEPOSIT
        )
    )
    if entry is None:
        raise NotFound(f"There is no receipt {request.receipt}.")
    posted = ledger.read_entry(work, entry.number)
    code = posted.postings[1].account_code
    amount = posted.postings[1].credit_cents
    member = work.session.scalars(
        select(Member).where(Member.number == code.split(".", 1)[1])
    ).one()
    stamp = paper_stamps.stamp(work, f"receipt {request.receipt}", {"entry": entry.hash or ""})
    return DepositReceipt(
        letterhead=letterhead(work),
        stamp=stamp,
        receipt_number=request.receipt,
        member_name=member.full_name,
        member_number=member.number,
        amount_cents=amount,
        mode="Cash",
        balance_after_cents=ledger.balance_after(work, code, entry.number),
        value_date=entry.value_date,
        cashier=users.full_name_of(work, entry.posted_by),
        entry_number=entry.number,
    )
