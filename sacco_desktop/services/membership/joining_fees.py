"""The registration fee of an application: taken once, at the counter or by a bank slip, with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, MembershipApplication
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.chart import BANK_CURRENT, CASH_IN_HAND
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import limits


@dataclass(frozen=True, slots=True)
class NewFee:
    """The fee of an application, brought by the applicant. `key` is made when the dialog opens; `slip` is the number of
    the bank slip, and empty for cash.
    """

    key: str
    application_id: int
    slip: str
    value_date: date


@dataclass(frozen=True, slots=True)
class TakenFee:
    """A posted fee: its receipt, its entry and the amount in cents."""

    receipt: str
    entry_number: int
    application_id: int
    amount_cents: int


def take(work: Work, new: NewFee) -> TakenFee:
    """Post the fee that the application expects. Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed."""
    work.allow(Act.TAKE_DEPOSIT)
    if new.value_date > work.today:
        raise InvalidInput("A receipt cannot be dated in the future.", "value_date")
    return TakenFee(
        **commands.once(work, new.key, "registration fee", new, lambda: _take(work, new))
    )


def _take(work: Work, new: NewFee) -> dict[str, Any]:
    row = owing(work, new.application_id)

    def check(receipt: str) -> None:
        limits.use(work, Act.TAKE_DEPOSIT, limits.Sum(row.fee_cents), receipt)

    came_on = BANK_CURRENT if new.slip.strip() else CASH_IN_HAND
    return asdict(book(work, new, came_on, check))


def owing(work: Work, application_id: int) -> MembershipApplication:
    """The application while its fee is to be taken. Raises NotFound, WrongState."""
    row = work.session.get(MembershipApplication, application_id)
    if row is None:
        raise NotFound("There is no such application.")
    if not row.fee_cents:
        raise WrongState(f"{row.number} costs no fee.")
    if receipt_of(work, row):
        raise WrongState(f"The fee of {row.number} was taken already, by {row.fee_receipt}.")
    if row.status in ("rejected", "withdrawn"):
        raise WrongState(f"{row.number} is {row.status}, so no fee is taken.")
    return row


def book(
    work: Work,
    new: NewFee,
    came_on: str,
    check: Callable[[str], None] = lambda _receipt: None,
) -> TakenFee:
    """Post the fee that came on this account by whatever road; `slip` names its paper or its payment. Who may do it is
    for the caller to see to. Raises NotFound, WrongState, PeriodClosed.
    """
    row = owing(work, new.application_id)
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    check(receipt)
    slip = " ".join(new.slip.split())
    who = f"{row.full_name}, {row.number}" + (f", slip {slip}" if slip else "")
    entry = posting_rules.registration_fee(
        who, row.fee_cents, receipt, new.value_date, came_on=came_on
    )
    posted = ledger.post(work, entry)
    row.fee_entry, row.fee_receipt = posted.number, receipt
    row.version += 1
    work.session.flush()
    audit.record(work, "took a registration fee", row.number, {"cents": row.fee_cents})
    work.changed(Topic.MEMBERS)
    return TakenFee(receipt, posted.number, row.id, row.fee_cents)


def receipt_of(work: Work, row: MembershipApplication) -> str:
    """The receipt of the fee; empty when none was taken, or when its entry was reversed."""
    if row.fee_entry is None or row.fee_receipt is None:
        return ""
    undone = work.session.scalar(
        select(Entry.id).where(Entry.reverses_number == row.fee_entry, Entry.posted_at.is_not(None))
    )
    return "" if undone is not None else row.fee_receipt
