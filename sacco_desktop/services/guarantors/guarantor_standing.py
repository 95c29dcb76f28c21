"""How much each member can still guarantee, with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member
from sacco_desktop.domain.chart import MEMBER_DEPOSITS
from sacco_desktop.domain.explanations.guarantors import OwnLoan
from sacco_desktop.domain.guarantees import (
    CapacityRule,
    CapacityTerms,
    GuarantorStanding,
    free_capacity_cents,
)
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.office import society

Columns = TypeVarTuple("Columns")

_MOST_NAMED = 1_000
_LIVE = ("submitted", "appraised", "approved", "disbursement_pending", "active")


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a member can still guarantee, in cents; `free_cents` is None where only the number of loans counts."""

    standing: GuarantorStanding
    terms: CapacityTerms
    free_cents: int | None

    @property
    def bound_cents(self) -> int:
        """What all promises of the member together bind, in cents."""
        return sum(self.standing.live_pledges)

    @property
    def free_words(self) -> str:
        """What is free: the amount, or how many more loans where only their number counts."""
        if self.free_cents is not None:
            return format_amount(self.free_cents)
        left = max(0, self.terms.most_loans - len(self.standing.live_pledges))
        return f"{left} {'loan' if left == 1 else 'loans'}"

    @property
    def words(self) -> str:
        """The rule with its figures, as a sentence."""
        have, terms = self.standing, self.terms
        count = f"{len(have.live_pledges)} of at most {terms.most_loans} loans"
        if terms.rule is CapacityRule.COUNT_ONLY:
            return f"Stands for {count}."
        pledged = f"promises of {format_kes(sum(have.live_pledges))}"
        if terms.rule is CapacityRule.MULTIPLE_LESS_PLEDGES:
            basis = f"{terms.multiple} times deposits of {format_kes(have.deposits_cents)}"
            return f"{basis} less {pledged}; stands for {count}. Free: {format_kes(self.free_cents or 0)}."
        own = f"own loans of {format_kes(have.own_loans_secured_cents)}"
        return (
            f"Deposits of {format_kes(have.deposits_cents)} less {own} and {pledged}; stands for {count}."
            f" Free: {format_kes(self.free_cents or 0)}."
        )

    def carries(self, cents: int) -> bool:
        """Whether another promise of so many cents fits."""
        return self.free_cents is None or 0 < cents <= self.free_cents


def capacity_of(work: Work, member_id: int) -> Capacity:
    """What this member can still guarantee today."""
    work.allow(Act.LOOK)
    pledges = guarantor_pledges.binding(work, around=member_id)
    return capacities(work, [member_id], pledges)[member_id]


def terms_of(work: Work) -> CapacityTerms:
    """The society's rule as of today."""
    return CapacityTerms(
        CapacityRule(society.setting(work, "guarantor.capacity")),
        society.number_setting(work, "guarantor.multiple"),
        society.number_setting(work, "guarantor.most_loans"),
    )


def capacities(
    work: Work, members: Sequence[int], pledges: Sequence[Pledge]
) -> dict[int, Capacity]:
    """What each of these members can still guarantee; `pledges` are those that bind, of them and for their loans."""
    terms = terms_of(work)
    deposits, own = _deposits(work, members), own_loans(work, members, pledges)
    live: dict[int, list[int]] = {}
    for one in pledges:
        live.setdefault(one.guarantor_id, []).append(one.live_cents)
    found = {}
    for member in members:
        mine = tuple(live.get(member, ()))
        secured = sum(loan.secured_cents for loan in own.get(member, ()))
        standing = GuarantorStanding(deposits.get(member, 0), secured, mine)
        found[member] = Capacity(standing, terms, free_capacity_cents(standing, terms))
    return found


def _of_members(
    work: Work, asked: Select[*Columns], column: InstrumentedAttribute[int], members: Sequence[int]
) -> Iterator[tuple[*Columns]]:
    """The rows of these members, slice by slice: a statement cannot name very many one by one, and reading everybody's
    takes many times as long as theirs where few of the society guarantee.
    """
    for begin in range(0, len(members), _MOST_NAMED):
        some = members[begin : begin + _MOST_NAMED]
        yield from work.session.execute(asked.where(column.in_(some)))


def _deposits(work: Work, members: Sequence[int]) -> dict[int, int]:
    asked = (
        select(Member.id, AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(Account, Account.code == func.concat(f"{MEMBER_DEPOSITS}.", Member.number))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
    )
    return dict(_of_members(work, asked, Member.id, members))


def own_loans(
    work: Work, members: Sequence[int], pledges: Sequence[Pledge]
) -> dict[int, tuple[OwnLoan, ...]]:
    """Each member's own loans, with what of them guarantors bear; the own deposits must bear the rest."""
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    asked = (
        select(Loan.id, Loan.member_id, Loan.number, Loan.status, Loan.amount_cents, owed)
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        # Nearly every loan is live, so they are found by the members and not by the status.
        .where(Loan.status.concat("").in_(_LIVE))
    )
    rows = sorted(_of_members(work, asked, Loan.member_id, members))
    borne: dict[int, int] = {}
    for pledge in pledges:
        borne[pledge.loan_id] = borne.get(pledge.loan_id, 0) + pledge.live_cents
    found: dict[int, tuple[OwnLoan, ...]] = {}
    for loan_id, member_id, number, status, amount_cents, ledger_cents in rows:
        owed_now = guarantor_pledges.owed_of(status, amount_cents, ledger_cents)
        own = OwnLoan(number, owed_now, borne.get(loan_id, 0))
        found[member_id] = (*found.get(member_id, ()), own)
    return found
