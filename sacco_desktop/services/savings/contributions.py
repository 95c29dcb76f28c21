"""What members pay in at the counter: cash, bank slips and cheques, into any product, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Contribution, Member
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books import audit, commands, ledger, numbering
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import limits
from sacco_desktop.services.penalties import growing, penalty_rows
from sacco_desktop.services.penalties.penalty_rows import PaidPart
from sacco_desktop.services.savings import contribution_rows, savings_products
from sacco_desktop.services.savings.contribution_rows import Received
from sacco_desktop.services.savings.savings_products import Product

AT_THE_COUNTER = (PaidBy.CASH, PaidBy.BANK, PaidBy.CHEQUE)
_NUMBER_OF = {PaidBy.BANK: "bank slip", PaidBy.CHEQUE: "cheque"}


@dataclass(frozen=True, slots=True)
class NewContribution:
    """Money that a member brings. `key` is made when the dialog opens; `parts` are codes of products and cents, beside
    them what pays fines; `reference` is the number of the slip or cheque, and empty for cash.
    """

    key: str
    member_id: int
    parts: tuple[tuple[str, int], ...]
    source: PaidBy
    reference: str
    value_date: date
    fines_cents: int = 0


@dataclass(frozen=True, slots=True)
class TakenContribution:
    """What was taken in: its receipt and entry, and whether it waits for a cheque to clear; in cents."""

    receipt: str
    entry_number: int
    member_id: int
    amount_cents: int
    waits: bool


def take(work: Work, new: NewContribution) -> TakenContribution:
    """Post what a member brings and give it a receipt number, once.

    Raises InvalidInput, NotFound, WrongState, OverLimit, PeriodClosed.
    """
    work.allow(Act.TAKE_DEPOSIT)
    if new.source not in AT_THE_COUNTER:
        raise InvalidInput("Choose cash, bank slip or cheque.", "source")
    if new.source is not PaidBy.CASH and not new.reference.strip():
        raise InvalidInput(f"Write the number of the {_NUMBER_OF[new.source]}.", "reference")
    if new.value_date > work.today:
        raise InvalidInput("Money cannot be dated in the future.", "value_date")
    if any(cents <= 0 for _code, cents in new.parts) or not (new.parts or new.fines_cents > 0):
        raise InvalidInput("Write an amount above zero.", "amount")
    if len({code for code, _cents in new.parts}) != len(new.parts):
        raise InvalidInput("Name each product once.", "product")
    answer = commands.once(work, new.key, "contribution", new, lambda: _take(work, new))
    return TakenContribution(**answer)


def _take(work: Work, new: NewContribution) -> dict[str, Any]:
    amount = new.fines_cents + sum(cents for _code, cents in new.parts)

    def check(receipt: str) -> None:
        limits.use(work, Act.TAKE_DEPOSIT, limits.Sum(amount), receipt)

    return asdict(book(work, new, check))


def book(
    work: Work, new: NewContribution, check: Callable[[str], None] = lambda _receipt: None
) -> TakenContribution:
    """Post what came by whatever road; `check` may refuse the number of its receipt. Who may do it, and that it is done
    once, is for the caller to see to. Raises InvalidInput, NotFound, WrongState, PeriodClosed.
    """
    member = members.load(work, new.member_id)
    if not belongs(member.status):
        raise WrongState(f"{member.number} has left the society and pays in no more.")
    parts = tuple((_open_product(work, code), cents) for code, cents in new.parts)
    reference = "" if new.source is PaidBy.CASH else " ".join(new.reference.split())
    _refuse_used(work, new.source, reference, new.value_date)
    fines = _fines(work, new)
    amount = new.fines_cents + sum(cents for _product, cents in parts)
    year = new.value_date.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    check(receipt)
    came = Received(new.source, reference, receipt, new.value_date, parts, fines)
    contribution_rows.open_accounts(work, member, parts)
    paid = contribution_rows.paid_in(member, came)
    waits = new.source is PaidBy.CHEQUE
    entry = (
        savings_entries.cheque_received(paid)
        if waits
        else savings_entries.contribution(paid, new.source)
    )
    posted = ledger.post(work, entry)
    contribution_rows.keep(work, member, came, posted.number)
    detail: audit.Detail = {"member": member.number, "cents": amount, "by": new.source.value}
    audit.record(work, "took a contribution", receipt, detail)
    if not waits:
        told = notices.Received(member.id, receipt, amount, new.value_date)
        names = tuple(product.terms.name for product, _cents in parts)
        notices.contribution_received(work, told, names, with_fines=bool(fines))
    return TakenContribution(receipt, posted.number, member.id, amount, waits)


def _fines(work: Work, new: NewContribution) -> tuple[PaidPart, ...]:
    """The fines that are paid, the oldest first, after those that came due by the day of the payment."""
    if not new.fines_cents:
        return ()
    growing.catch_up(work, new.value_date, new.member_id)
    found = penalty_rows.open_fines(work, new.member_id)
    owed = sum(one.left_cents for one in found)
    if not 0 < new.fines_cents <= owed:
        raise InvalidInput(
            f"Fines of {format_kes(owed)} are owed. Write no more than that.", "fines"
        )
    return penalty_rows.divide(found, new.fines_cents)


def _open_product(work: Work, code: str) -> Product:
    product = savings_products.product_named(work, code)
    if not product.terms.is_open:
        raise InvalidInput(f"{product.terms.name} takes no more money.", "product")
    return product


def _refuse_used(work: Work, by: PaidBy, reference: str, on: date) -> None:
    """One slip or cheque pays in once; the same number on another day may be another bank's."""
    if by not in _NUMBER_OF:
        return
    rows = work.session.execute(
        select(Contribution.reference, Contribution.receipt, Member.number)
        .join(Member, Member.id == Contribution.member_id)
        .where(
            Contribution.source == by.value,
            Contribution.value_date == on,
            ~contribution_rows.IS_REVERSED,
        )
    )
    wanted = "".join(reference.split()).casefold()
    for used, receipt, number in rows:
        if "".join(used.split()).casefold() == wanted:
            raise InvalidInput(
                f"This {_NUMBER_OF[by]} of that day was taken before, for {number} with receipt {receipt}.",
                "reference",
            )


def taken_words(taken: TakenContribution, full_name: str) -> str:
    """What the window says when it is in the books."""
    words = f"Recorded. {format_kes(taken.amount_cents)} from {full_name}, receipt {taken.receipt}."
    return f"{words} It counts when the bank has cleared the cheque." if taken.waits else words
