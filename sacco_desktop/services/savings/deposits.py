"""Deposits paid in at the counter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import limits
from sacco_desktop.services.savings import contribution_rows, savings_products
from sacco_desktop.services.savings.contribution_rows import Received

# The code of the product that deposits are, in `resources/savings_products.toml`.
DEPOSITS = "deposits"


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
    if not belongs(member.status):
        raise WrongState(f"{member.number} has left the society and takes no deposits.")
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    limits.use(work, Act.TAKE_DEPOSIT, limits.Sum(new.amount_cents), receipt)
    entry = posting_rules.cash_deposit(member.number, new.amount_cents, receipt, new.value_date)
    posted = ledger.post(work, entry)
    deposit = savings_products.product_named(work, DEPOSITS)
    came = Received(PaidBy.CASH, "", receipt, new.value_date, ((deposit, new.amount_cents),))
    contribution_rows.keep(work, member, came, posted.number)
    audit.record(work, "took a cash deposit", receipt, {"cents": new.amount_cents})
    told = notices.Received(member.id, receipt, new.amount_cents, new.value_date)
    notices.contribution_received(work, told, (deposit.terms.name,), with_fines=False)
    balance = ledger.balance(work, members.deposits_account(member.number))
    return asdict(TakenDeposit(receipt, posted.number, member.id, new.amount_cents, balance))
