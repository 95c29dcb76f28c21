"""The promises of guarantors as they stand today: what each still binds, by the society's rule of release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    Entry,
    Guarantee,
    GuarantorRecovery,
    Loan,
    LoanWriteOff,
    Member,
    Repayment,
)
from sacco_desktop.domain.guarantees import ReleaseRule, live_pledge_cents
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society

BINDING = ("accepted", "called_upon")
WRITTEN_OFF = "written_off"
_ENDED = ("closed", "rejected")


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise, in cents. `live_cents` is what of it binds today, and `owed_to_cents` what was taken of it and not
    given back; `loan_owed_cents` is what the loan owes, or will once it is paid out, of the `loan_lent_cents`.
    """

    guarantee_id: int
    status: str
    pledge_cents: int
    live_cents: int
    taken_cents: int
    repaid_cents: int
    loan_id: int
    loan_number: str
    loan_status: str
    loan_owed_cents: int
    loan_lent_cents: int
    borrower_id: int
    borrower_name: str
    guarantor_id: int
    guarantor_number: str
    guarantor_name: str
    replaced_by: int | None

    @property
    def owed_to_cents(self) -> int:
        """What the borrower owes this guarantor."""
        return max(0, self.taken_cents - self.repaid_cents)

    @property
    def locks_cents(self) -> int:
        """What of the guarantor's deposits must stay: never more than the loan owes."""
        return min(self.live_cents, self.loan_owed_cents)


def of_loan(work: Work, loan_id: int) -> tuple[Pledge, ...]:
    """Every promise that was ever asked for this loan, in the order of asking."""
    return _pledges(work, Guarantee.loan_id == loan_id)


def of_member(work: Work, member_id: int) -> tuple[Pledge, ...]:
    """The promises of one member that bind today."""
    found = _pledges(work, Guarantee.member_id == member_id, Guarantee.status.in_(BINDING))
    return tuple(pledge for pledge in found if pledge.live_cents)


def binding(work: Work, around: int | None = None) -> tuple[Pledge, ...]:
    """Every promise that binds today; or those of one member, and those for loans of this member."""
    wanted: list[ColumnElement[bool]] = [Guarantee.status.in_(BINDING), Loan.status.not_in(_ENDED)]
    if around is not None:
        wanted.append(or_(Guarantee.member_id == around, Loan.member_id == around))
    return tuple(pledge for pledge in _pledges(work, *wanted) if pledge.live_cents)


def concerning(work: Work) -> tuple[Pledge, ...]:
    """Every promise that is asked for or binds, for loans that are not over, and every one that was paid on."""
    is_open = and_(Guarantee.status.in_(("requested", *BINDING)), Loan.status.not_in(_ENDED))
    return _pledges(work, or_(is_open, Guarantee.id.in_(select(GuarantorRecovery.guarantee_id))))


def one(work: Work, guarantee_id: int) -> Pledge | None:
    """A promise by its id."""
    found = _pledges(work, Guarantee.id == guarantee_id)
    return found[0] if found else None


def locked_deposits(work: Work, member_id: int) -> int:
    """What of a member's deposits is bound by promises for others, in cents."""
    return sum(pledge.locks_cents for pledge in of_member(work, member_id))


def release_rule(work: Work) -> ReleaseRule:
    """When a promise becomes free here, as of today."""
    return ReleaseRule(society.setting(work, "guarantor.release"))


def _pledges(work: Work, *conditions: ColumnElement[bool]) -> tuple[Pledge, ...]:
    # Columns and no records: a list reads every promise of the society at once.
    found = _PROMISES.where(*conditions).order_by(Guarantee.id)
    rows: Sequence[Any] = work.session.execute(found).all()
    rule = release_rule(work)
    called = [row.guarantee_id for row in rows if row.status in ("called_upon", "released")]
    moved = _recovered(work, called)
    written = {row.loan_id for row in rows if row.loan_status == WRITTEN_OFF}
    left = {loan_id: written_off_left(work, loan_id) for loan_id in written}
    return tuple(
        _pledge(row, moved.get(row.guarantee_id, (0, 0)), rule, left.get(row.loan_id))
        for row in rows
    )


def written_off_left(work: Work, loan_id: int) -> int:
    """What of the principal of a loan that was written off has not come in since, in cents; guarantors bear no more
    than that. Whatever comes in lowers it first.
    """
    back = aliased(Entry)

    def stands(number: Any) -> ColumnElement[bool]:
        is_back = select(back.id).where(back.reverses_number == number, back.posted_at.is_not(None))
        return ~is_back.exists()

    written = select(func.coalesce(func.sum(LoanWriteOff.principal_cents), 0)).where(
        LoanWriteOff.loan_id == loan_id, stands(LoanWriteOff.entry_number)
    )
    came = select(func.coalesce(func.sum(Repayment.amount_cents), 0)).where(
        Repayment.loan_id == loan_id, Repayment.use == "recovery", stands(Repayment.entry_number)
    )
    return max(0, int(work.session.scalar(written) or 0) - int(work.session.scalar(came) or 0))


_BORROWER, _GUARANTOR = aliased(Member), aliased(Member)
_PROMISES = (
    select(
        Guarantee.id.label("guarantee_id"),
        Guarantee.status,
        Guarantee.pledge_cents,
        Guarantee.replaced_by,
        Loan.id.label("loan_id"),
        Loan.number.label("loan_number"),
        Loan.status.label("loan_status"),
        Loan.amount_cents,
        _BORROWER.id.label("borrower_id"),
        _BORROWER.first_name.label("borrower_first"),
        _BORROWER.other_names.label("borrower_other"),
        _BORROWER.last_name.label("borrower_last"),
        _GUARANTOR.id.label("guarantor_id"),
        _GUARANTOR.number.label("guarantor_number"),
        _GUARANTOR.first_name.label("guarantor_first"),
        _GUARANTOR.other_names.label("guarantor_other"),
        _GUARANTOR.last_name.label("guarantor_last"),
        func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0).label(
            "ledger_cents"
        ),
    )
    .join(Loan, Loan.id == Guarantee.loan_id)
    .join(_BORROWER, _BORROWER.id == Loan.member_id)
    .join(_GUARANTOR, _GUARANTOR.id == Guarantee.member_id)
    .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
    .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
)


def _pledge(row: Any, moved: tuple[int, int], rule: ReleaseRule, left: int | None) -> Pledge:
    owed = owed_of(row.loan_status, row.amount_cents, row.ledger_cents) if left is None else left
    live = 0
    if row.status in BINDING:
        live = live_pledge_cents(row.pledge_cents, owed, row.amount_cents, rule)
    return Pledge(
        guarantee_id=row.guarantee_id,
        status=row.status,
        pledge_cents=row.pledge_cents,
        # Nobody carries more than the loan, which the committee may have made smaller than what was promised for.
        live_cents=max(0, min(live, row.pledge_cents - moved[0], row.amount_cents)),
        taken_cents=moved[0],
        repaid_cents=moved[1],
        loan_id=row.loan_id,
        loan_number=row.loan_number,
        loan_status=row.loan_status,
        loan_owed_cents=owed,
        loan_lent_cents=row.amount_cents,
        borrower_id=row.borrower_id,
        borrower_name=_name(row.borrower_first, row.borrower_other, row.borrower_last),
        guarantor_id=row.guarantor_id,
        guarantor_number=row.guarantor_number,
        guarantor_name=_name(row.guarantor_first, row.guarantor_other, row.guarantor_last),
        replaced_by=row.replaced_by,
    )


def _name(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def owed_cents(loan: Loan, ledger_cents: int) -> int:
    """What a loan owes: by the ledger once it is paid, all of it before that, and nothing after its end."""
    return owed_of(loan.status, loan.amount_cents, ledger_cents)


def owed_of(status: str, amount_cents: int, ledger_cents: int) -> int:
    """The same from the columns of the loan."""
    if status in _ENDED:
        return 0
    return ledger_cents if status == "active" else amount_cents


def _recovered(work: Work, guarantees: Sequence[int]) -> dict[int, tuple[int, int]]:
    """What was taken on each promise and given back, in cents, without what was reversed."""
    if not guarantees:
        return {}
    gone = select(Entry.id).where(
        Entry.reverses_number == GuarantorRecovery.entry_number, Entry.posted_at.is_not(None)
    )
    rows = work.session.execute(
        select(
            GuarantorRecovery.guarantee_id,
            GuarantorRecovery.kind,
            func.sum(GuarantorRecovery.cents),
        )
        .where(GuarantorRecovery.guarantee_id.in_(guarantees), ~gone.exists())
        .group_by(GuarantorRecovery.guarantee_id, GuarantorRecovery.kind)
    )
    found: dict[int, tuple[int, int]] = {}
    for guarantee_id, kind, cents in rows:
        taken, repaid = found.get(guarantee_id, (0, 0))
        # PostgreSQL adds whole numbers up to a decimal.
        both = (int(cents), repaid) if kind == "taken" else (taken, int(cents))
        found[guarantee_id] = both
    return found
