"""What became of a cheque that a member brought: the bank cleared it, or it came back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import ChequeClearing, Contribution
from sacco_desktop.domain import savings_entries
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings_entries import PaidBy, Share
from sacco_desktop.services.books import audit, commands, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.penalties import growing, penalty_rows
from sacco_desktop.services.penalties.penalty_rows import PaidPart
from sacco_desktop.services.savings import contribution_rows, savings_products
from sacco_desktop.services.savings.contribution_rows import Received


@dataclass(frozen=True, slots=True)
class ClearedCheque:
    """The bank's statement shows the cheque of this receipt on that day. `key` is made when the dialog opens."""

    key: str
    receipt: str
    cleared_on: date


@dataclass(frozen=True, slots=True)
class ReturnedCheque:
    """The cheque of this receipt came back, why, and what the bank charges the society for it, in cents."""

    key: str
    receipt: str
    returned_on: date
    charge_cents: int
    why: str


@dataclass(frozen=True, slots=True)
class ChequeDone:
    """The entry by which a cheque was settled."""

    receipt: str
    entry_number: int


def clear(work: Work, cleared: ClearedCheque) -> ChequeDone:
    """Book a cleared cheque: now the member has the money. Raises InvalidInput, NotFound, WrongState, PeriodClosed."""
    work.allow(Act.CLEAR_CHEQUE)
    answer = commands.once(
        work, cleared.key, "cheque cleared", cleared, lambda: _clear(work, cleared)
    )
    return ChequeDone(**answer)


def _clear(work: Work, cleared: ClearedCheque) -> dict[str, Any]:
    row = _waiting(work, cleared.receipt)
    _check_day(work, row, cleared.cleared_on)
    member = members.load(work, row.member_id)
    products = {one.product_id: one for one in savings_products.products_on(work, work.today)}
    parts = tuple(
        (products[product_id], cents)
        for product_id, _code, cents in contribution_rows.parts_of(work, [row.id])[row.id]
    )
    fines, rest_cents = _fines(work, row, sum(cents for _product, cents in parts), cleared)
    came = Received(PaidBy.CHEQUE, row.reference, row.receipt, cleared.cleared_on, parts, fines)
    contribution_rows.open_accounts(work, member, parts)
    paid = contribution_rows.paid_in(member, came)
    if rest_cents:
        rest = Share("Waits for its purpose", UNALLOCATED_RECEIPTS, rest_cents)
        paid = replace(paid, shares=(*paid.shares, rest))
    number = ledger.post(work, savings_entries.cheque_cleared(paid)).number
    penalty_rows.keep_paid(work, fines, number, cleared.cleared_on)
    work.session.add(
        ChequeClearing(
            contribution_id=row.id,
            entry_number=number,
            cleared_on=cleared.cleared_on,
            said_by=work.actor.user_id,
            said_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "cleared a member's cheque", row.receipt, {"entry": number})
    cents = sum(cents for _product, cents in parts)
    told = notices.Received(member.id, row.receipt, cents, cleared.cleared_on)
    names = tuple(product.terms.name for product, _cents in parts)
    notices.contribution_received(work, told, names, with_fines=False)
    work.changed(Topic.MEMBERS, Topic.SAVINGS)
    return asdict(ChequeDone(row.receipt, number))


def _fines(
    work: Work, row: Contribution, shared_cents: int, cleared: ClearedCheque
) -> tuple[tuple[PaidPart, ...], int]:
    """The fines that a cheque pays now, the oldest first, and what is left where they were paid otherwise meanwhile."""
    meant = row.amount_cents - shared_cents
    if not meant:
        return (), 0
    growing.catch_up(work, cleared.cleared_on, row.member_id)
    found = penalty_rows.open_fines(work, row.member_id)
    pays = min(meant, sum(one.left_cents for one in found))
    return penalty_rows.divide(found, pays), meant - pays


def came_back(work: Work, back: ReturnedCheque) -> ChequeDone:
    """Take back the receipt of a cheque that the bank returned. Raises InvalidInput, NotFound, WrongState."""
    work.allow(Act.CLEAR_CHEQUE)
    if not back.why.strip():
        raise InvalidInput("Write why the cheque came back, as the bank says.", "why")
    if back.charge_cents < 0:
        raise InvalidInput("A charge is not below zero.", "charge")
    answer = commands.once(work, back.key, "cheque came back", back, lambda: _return(work, back))
    return ChequeDone(**answer)


def _return(work: Work, back: ReturnedCheque) -> dict[str, Any]:
    row = _waiting(work, back.receipt)
    _check_day(work, row, back.returned_on)
    posted = ledger.reverse(work, row.entry_number, back.why.strip(), back.returned_on)
    charge = savings_entries.cheque_return_charge(back.charge_cents, row.receipt, back.returned_on)
    if charge is not None:
        ledger.post(work, charge)
    audit.record(work, "said that a member's cheque came back", row.receipt, {"why": back.why})
    work.changed(Topic.MEMBERS, Topic.SAVINGS)
    return asdict(ChequeDone(row.receipt, posted.number))


def _waiting(work: Work, receipt: str) -> Contribution:
    found = work.session.execute(
        select(Contribution, contribution_rows.IS_REVERSED, contribution_rows.IS_CLEARED).where(
            Contribution.receipt == receipt, Contribution.source == PaidBy.CHEQUE.value
        )
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no cheque with receipt {receipt}.")
    row, is_reversed, is_cleared = found
    if is_reversed:
        raise WrongState(f"The cheque of {receipt} came back already.")
    if is_cleared:
        raise WrongState(
            f"The cheque of {receipt} is cleared. If the bank took it back since, ask for the reversal of its"
            " clearing on the Books page first."
        )
    return row


def _check_day(work: Work, row: Contribution, on: date) -> None:
    if on > work.today:
        raise InvalidInput("The bank's day cannot be in the future.", "on")
    if on < row.value_date:
        raise InvalidInput("The cheque was not brought yet on that day.", "on")
