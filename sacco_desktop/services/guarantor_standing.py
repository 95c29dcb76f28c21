"""How much each member can still guarantee, with its figures, and who guarantees whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member
from sacco_desktop.domain.chart import MEMBER_DEPOSITS
from sacco_desktop.domain.explanations.guarantors import OwnLoan
from sacco_desktop.domain.guarantees import (
    CapacityRule,
    CapacityTerms,
    GuarantorStanding,
    free_capacity_cents,
    rings,
)
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services import guarantor_pledges, society
from sacco_desktop.services.guarantor_pledges import Pledge
from sacco_desktop.services.work import Work

_LIVE = ("submitted", "appraised", "approved", "disbursement_pending", "active")


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a member can still guarantee, in cents; `free_cents` is None where only the number of loans counts."""

    standing: GuarantorStanding
    terms: CapacityTerms
    free_cents: int | None

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


@dataclass(frozen=True, slots=True)
class GuarantorRow:
    """One member who guarantees others, as the list of guarantors shows one; cents. `ring` names the members with whom
    this one stands in a circle of promises, and is empty without one.
    """

    member_id: int
    number: str
    full_name: str
    loans: int
    pledged_cents: int
    deposits_cents: int
    free_cents: int | None
    words: str
    for_whom: tuple[str, ...]
    ring: tuple[str, ...]


def capacity_of(work: Work, member_id: int) -> Capacity:
    """What this member can still guarantee today."""
    work.allow(Act.LOOK)
    pledges = guarantor_pledges.binding(work, around=member_id)
    return _capacities(work, [member_id], pledges)[member_id]


def terms_of(work: Work) -> CapacityTerms:
    """The society's rule as of today."""
    return CapacityTerms(
        CapacityRule(society.setting(work, "guarantor.capacity")),
        society.number_setting(work, "guarantor.multiple"),
        society.number_setting(work, "guarantor.most_loans"),
    )


def exposure(work: Work, _nothing: None = None) -> tuple[GuarantorRow, ...]:
    """Every member whose promises bind today, the largest sum first."""
    work.allow(Act.LOOK)
    pledges = guarantor_pledges.binding(work)
    mine: dict[int, list[Pledge]] = {}
    for pledge in pledges:
        mine.setdefault(pledge.guarantor_id, []).append(pledge)
    capacities = _capacities(work, list(mine), pledges)
    names = {one.guarantor_id: one.guarantor_name for one in pledges}
    ring_of = _rings(pledges)
    rows = [
        GuarantorRow(
            member_id=member_id,
            number=own[0].guarantor_number,
            full_name=own[0].guarantor_name,
            loans=len(own),
            pledged_cents=sum(one.live_cents for one in own),
            deposits_cents=capacities[member_id].standing.deposits_cents,
            free_cents=capacities[member_id].free_cents,
            words=capacities[member_id].words,
            for_whom=tuple(
                f"{one.borrower_name}, {one.loan_number}: {format_kes(one.live_cents)}"
                for one in own
            ),
            ring=tuple(names[other] for other in ring_of.get(member_id, ())),
        )
        for member_id, own in mine.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.pledged_cents, row.number)))


def _rings(pledges: Sequence[Pledge]) -> dict[int, tuple[int, ...]]:
    found = rings((one.guarantor_id, one.borrower_id) for one in pledges)
    return {member: ring for ring in found for member in ring}


def _capacities(
    work: Work, members: Sequence[int], pledges: Sequence[Pledge]
) -> dict[int, Capacity]:
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


def _deposits(work: Work, members: Sequence[int]) -> dict[int, int]:
    rows = work.session.execute(
        select(Member.id, AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(Account, Account.code == func.concat(f"{MEMBER_DEPOSITS}.", Member.number))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Member.id.in_(members))
    )
    return dict(rows.all())


def own_loans(
    work: Work, members: Sequence[int], pledges: Sequence[Pledge]
) -> dict[int, tuple[OwnLoan, ...]]:
    """Each member's own loans, with what of them guarantors bear; the own deposits must bear the rest."""
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    rows = work.session.execute(
        select(Loan, owed)
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Loan.member_id.in_(members), Loan.status.in_(_LIVE))
        .order_by(Loan.id)
    )
    borne: dict[int, int] = {}
    for pledge in pledges:
        borne[pledge.loan_id] = borne.get(pledge.loan_id, 0) + pledge.live_cents
    found: dict[int, tuple[OwnLoan, ...]] = {}
    for loan, ledger_cents in rows:
        owed_now = guarantor_pledges.owed_cents(loan, ledger_cents)
        own = OwnLoan(loan.number, owed_now, borne.get(loan.id, 0))
        found[loan.member_id] = (*found.get(loan.member_id, ()), own)
    return found
