"""Whether a member may have the loan that was applied for: every rule of its product, by the books of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    CreditReport,
    Entry,
    Loan,
    Member,
    PaySlip,
    PostingRow,
)
from sacco_desktop.domain.checklist import PaperStep
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.eligibility import (
    Check,
    LumpDeposit,
    OpenLoan,
    Pay,
    Pledged,
    Standing,
    Wish,
    checks,
)
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.guarantees import CapacityRule
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.opening_entries import OPENING_BALANCES
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_pledges, guarantor_standing
from sacco_desktop.services.lending import insider_rules, loan_fees, loan_papers
from sacco_desktop.services.loan_figures import loan_offers, loan_terms, top_up_figures
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import payout_cover

# A loan in one of these states still counts against the member's ceiling.
_LIVE = ("submitted", "appraised", "approved", "disbursement_pending", "active")
_A_MONTH = {
    Frequency.WEEKLY: Fraction(52, 12),
    Frequency.MONTHLY: Fraction(1),
    Frequency.QUARTERLY: Fraction(1, 3),
}


@dataclass(frozen=True, slots=True)
class LoanWish:
    """A loan that is not written down yet; the amount in cents, as the member asks for it."""

    member_id: int
    product_code: str
    amount_cents: int
    instalments: int
    clears_loan_id: int | None = None


def preview(work: Work, asked: LoanWish) -> tuple[Check, ...]:
    """Every rule of the product for a loan that somebody wishes for, without papers or guarantors. Raises InvalidInput
    when the product has no such amount or number of instalments.
    """
    work.allow(Act.LOOK)
    product = loan_offers.product(work, asked.product_code, work.today)
    member = members.load(work, asked.member_id)
    wish = _wish(work, product.terms(asked.amount_cents, asked.instalments), ())
    standing = standing_of(work, member, product, clears=asked.clears_loan_id)
    return (
        *checks(standing, product.eligibility, wish),
        *insider_rules.checks_for(work, member, wish.amount_cents, standing.open_loans),
        *_top_up(work, asked.clears_loan_id, but=0),
        *_written_off(work, member),
    )


def checks_of(work: Work, loan: Loan) -> tuple[Check, ...]:
    """Every rule of the loan's product as it stood at the application, kept or not, with its figures of today, and the
    fees and papers that its appraisal needs.
    """
    step = PaperStep.APPRAISAL
    return (
        *rules_of(work, loan),
        *loan_fees.checks_of(work, loan, step),
        *loan_papers.checks_of(work, loan, step),
    )


def rules_of(work: Work, loan: Loan) -> tuple[Check, ...]:
    """The same without the papers."""
    return checks_by(work, loan, loan_offers.product(work, loan.product_code, loan.applied_on))


def checks_by(work: Work, loan: Loan, product: LoanProduct) -> tuple[Check, ...]:
    """The same by the rules of any product."""
    member = members.load(work, loan.member_id)
    wish = _wish(work, loan_terms.terms_of(work, loan), _promises(work, loan))
    clears = top_up_figures.cleared_id(work, loan.id)
    standing = standing_of(work, member, product, loan)
    return (
        *checks(standing, product.eligibility, wish),
        *insider_rules.checks_for(work, member, wish.amount_cents, standing.open_loans),
        *_top_up(work, clears, but=loan.id),
        *_written_off(work, member),
    )


def _top_up(work: Work, clears: int | None, but: int) -> tuple[Check, ...]:
    return () if clears is None else (top_up_figures.check(work, clears, but),)


def _written_off(work: Work, member: Member) -> tuple[Check, ...]:
    """Who still owes a loan that was written off borrows nothing, whatever the product."""
    numbers = work.session.scalars(
        select(Loan.number)
        .where(Loan.member_id == member.id, Loan.status == "written_off")
        .order_by(Loan.number)
    ).all()
    if not numbers:
        return ()
    words = f"{', '.join(numbers)} was written off and is still owed; it must be recovered first."
    return (Check("written_off", "Written off", False, words),)


def check(work: Work, loan: Loan, step: str) -> tuple[Check, ...]:
    """Every rule, when each is kept.

    Raises SaccoError, naming every rule that is not kept with its figures; `step` is what cannot be: `appraised`.
    """
    found = checks_of(work, loan)
    broken = [each for each in found if each.stops]
    if broken:
        words = " ".join(f"{each.title}: {each.words}" for each in broken)
        raise SaccoError(f"{loan.number} cannot be {step}. {words} Nothing was changed.")
    return found


def standing_of(
    work: Work,
    member: Member,
    product: LoanProduct,
    loan: Loan | None = None,
    clears: int | None = None,
) -> Standing:
    """What the books say of the member today; `loan` does not count against itself, nor does the loan it clears."""
    if loan is not None and clears is None:
        clears = top_up_figures.cleared_id(work, loan.id)
    paid_in = _paid_in(work, member)
    rules = product.eligibility
    return Standing(
        member_number=member.number,
        status=member.status,
        joined_on=member.joined_on,
        deposits_cents=ledger.balance(work, members.deposits_account(member.number)),
        leaving_cents=payout_cover.pledged_deposits(work, member),
        share_capital_cents=_share_capital(work, member),
        last_deposit_on=max((one.on for one in paid_in), default=None),
        lump_deposits=tuple(
            one for one in paid_in if rules.lump_from_cents and one.cents >= rules.lump_from_cents
        ),
        open_loans=open_loans(work, member, (loan.id if loan is not None else 0, clears or 0)),
        pay=_pay(work, loan) if loan is not None else None,
        credit_report_on=_credit_report_on(work, member),
    )


def _wish(work: Work, terms: LoanTerms, promises: tuple[Pledged, ...]) -> Wish:
    largest = max(row.total_cents for row in make_schedule(terms, work.today))
    a_month = ceil(largest * _A_MONTH[terms.frequency])
    return Wish(terms.principal_cents, a_month, work.today, promises)


def _promises(work: Work, loan: Loan) -> tuple[Pledged, ...]:
    """Those who were asked and have not said no. Where only the number of loans counts, no sum secures anything."""
    counts = guarantor_standing.terms_of(work).rule is CapacityRule.COUNT_ONLY
    return tuple(
        Pledged(
            one.guarantor_number,
            None if counts else one.pledge_cents,
            one.status in guarantor_pledges.BINDING,
        )
        for one in guarantor_pledges.of_loan(work, loan.id)
        if one.status == "requested" or one.status in guarantor_pledges.BINDING
    )


def _share_capital(work: Work, member: Member) -> int:
    code = members.shares_account(member.number)
    return ledger.balance(work, code) if ledger.is_open(work, code) else 0


def open_loans(work: Work, member: Member, but: tuple[int, int]) -> tuple[OpenLoan, ...]:
    """The other loans of a member that live. What each owes counts: by the ledger once it is paid out, all of it before
    that.
    """
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    rows = work.session.execute(
        select(Loan, owed)
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(
            Loan.member_id == member.id,
            Loan.id.not_in(but),
            Loan.status.in_(_LIVE),
        )
        .order_by(Loan.id)
    )
    return tuple(
        OpenLoan(
            other.number,
            other.product_code,
            guarantor_pledges.owed_cents(other, owed_cents),
            days_late(other.unpaid_since, work.today),
        )
        for other, owed_cents in rows
    )


def _paid_in(work: Work, member: Member) -> list[LumpDeposit]:
    """Every deposit with its day, without what was taken back and without the balance of old books."""
    back = aliased(Entry)
    rows = work.session.execute(
        select(Entry.value_date, PostingRow.credit_cents)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(
            Account.code == members.deposits_account(member.number),
            PostingRow.credit_cents > 0,
            Entry.posted_at.is_not(None),
            Entry.reverses_number.is_(None),
            Entry.kind != OPENING_BALANCES,
            ~exists().where(back.reverses_number == Entry.number, back.posted_at.is_not(None)),
        )
    )
    return [LumpDeposit(on, cents) for on, cents in rows]


def _pay(work: Work, loan: Loan) -> Pay | None:
    row = work.session.scalar(
        select(PaySlip).where(PaySlip.loan_id == loan.id).order_by(PaySlip.id.desc()).limit(1)
    )
    return None if row is None else Pay(row.basic_cents, row.gross_cents, row.deductions_cents)


def _credit_report_on(work: Work, member: Member) -> date | None:
    return work.session.scalar(
        select(CreditReport.reported_on)
        .where(CreditReport.member_id == member.id)
        .order_by(CreditReport.reported_on.desc())
        .limit(1)
    )
