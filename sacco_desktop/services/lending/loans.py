"""Loans up to the day they are paid: application, appraisal, and what the committee is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from sacco_desktop.db.standing import ById
from sacco_desktop.db.tables import Account, AccountBalance, Loan, Member
from sacco_desktop.domain.application_form import NOTHING_STATED, StatedForm, weighed_lines
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.loan_cost import LoanCost, cost_of
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.member_status import MemberStatus, belongs, words_of
from sacco_desktop.domain.people import loan_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.schedule import Instalment, make_schedule
from sacco_desktop.domain.term_words import agreed_words, terms_words, unusual_terms
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.lending import (
    eligibility,
    loan_forms,
    loan_limits,
    loan_sums,
    top_up_reckoning,
)
from sacco_desktop.services.lending.loan_sums import Lowered
from sacco_desktop.services.loan_figures import loan_offers, loan_terms, top_up_figures
from sacco_desktop.services.loan_figures.loan_terms import deductions_of as deductions_of
from sacco_desktop.services.membership import members
from sacco_desktop.services.messages import notices
from sacco_desktop.services.office import approvals, insiders


@dataclass(frozen=True, slots=True)
class NewApplication:
    """A member applies for a loan; the amount in cents. `key` is made when the dialog opens.
    `form` is what the paper states beside that.
    """

    key: str
    member_id: int
    product_code: str
    amount_cents: int
    instalments: int
    purpose: str
    clears_loan_id: int | None = None
    form: StatedForm = NOTHING_STATED


@dataclass(frozen=True, slots=True)
class Appraisal:
    """An officer has checked the application; `version` is that of the loan looked at."""

    loan_id: int
    version: int
    note: str


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan as lists show one; amounts in cents."""

    loan_id: int
    number: str
    member_id: int
    member_number: str
    member_name: str
    product_name: str
    asked_cents: int
    amount_cents: int
    net_cents: int
    instalments: int
    status: str
    applied_on: date
    disbursed_on: date | None
    balance_cents: int
    version: int


@dataclass(frozen=True, slots=True)
class LoanDetail:
    """Everything a panel or an approver needs to see of one loan. `schedule` is a preview until `is_final`, and
    `ceiling_cents` what the rules of the product leave for it. `insider` says why the borrower is one, empty for all
    others.
    """

    row: LoanRow
    terms: LoanTerms
    terms_words: str
    purpose: str
    appraisal: str
    appraised_at: datetime | None
    deductions: tuple[Deduction, ...]
    instalment_fees: tuple[Deduction, ...]
    cost: LoanCost
    schedule: tuple[Instalment, ...]
    is_final: bool
    deposits_cents: int
    ceiling_cents: int
    phone: str
    insider: str = ""
    lowered: Lowered | None = None
    separate_fees: tuple[Deduction, ...] = ()


def apply(work: Work, new: NewApplication) -> LoanRow:
    """Write an application; the terms are copied from the product here. Raises InvalidInput, NotFound."""
    work.allow(Act.APPLY_FOR_LOAN)
    if not new.purpose.strip():
        raise InvalidInput("Write what the loan is for.", "purpose")
    answer = commands.once(work, new.key, "loan application", new, lambda: _apply(work, new))
    return row_of(work, int(answer["loan_id"]))


def _apply(work: Work, new: NewApplication) -> dict[str, Any]:
    member = members.load(work, new.member_id)
    if not belongs(member.status):
        raise WrongState(f"{member.number} has left the society and cannot borrow.")
    if member.status != MemberStatus.ACTIVE.value:
        stands = words_of(member.status).lower()
        raise WrongState(
            f"{member.number} is not active ({stands}), and only active members borrow."
        )
    offer = loan_offers.offer(
        work,
        loan_offers.LoanQuestion(
            new.product_code,
            new.amount_cents,
            new.instalments,
            work.today,
            member.id,
            new.clears_loan_id,
        ),
    )
    product = loan_offers.product(work, new.product_code, work.today)
    loan = Loan(
        number=loan_number(numbering.next_in(work, "loan")),
        member_id=member.id,
        status="submitted",
        product_code=product.code,
        product_name=product.name,
        loan_control=product.loan_control,
        asked_cents=offer.asked_cents,
        net_cents=offer.net_cents,
        **loan_terms.columns_of(offer.terms),
        purpose=new.purpose.strip(),
        applied_on=work.today,
        applied_by=work.actor.user_id,
    )
    work.session.add(loan)
    work.session.flush()
    loan_terms.write_lines(
        work, loan.id, offer.deductions, offer.instalment_fees, offer.separate_fees
    )
    if new.clears_loan_id is not None:
        top_up_reckoning.agree(work, loan, new.clears_loan_id)
    loan_forms.write(work, loan, new.form)
    audit.record(work, "wrote a loan application", loan.number, {"cents": new.amount_cents})
    work.changed(Topic.LOANS)
    return {"loan_id": loan.id}


def appraise(work: Work, appraisal: Appraisal) -> LoanRow:
    """Record the appraisal and ask the committee. Raises SaccoError when this member cannot be lent this much."""
    work.allow(Act.APPRAISE_LOAN)
    loan = load(work, appraisal.loan_id)
    if loan.version != appraisal.version:
        raise changed_meanwhile(work, loan.number)
    if not awaits_appraisal(work, loan):
        raise WrongState(f"{loan.number} is {loan.status} and is not appraised again.")
    if not appraisal.note.strip():
        raise InvalidInput("Write what you checked and what you recommend.", "note")
    loan_forms.keep_checks(work, loan, eligibility.check(work, loan, "appraised"))
    top_up_reckoning.reckon(work, loan)
    loan.status = "appraised"
    loan.appraised_by, loan.appraised_at = work.actor.user_id, work.now
    loan.appraisal = appraisal.note.strip()
    loan.version += 1
    work.session.flush()
    audit.record(work, "appraised a loan", loan.number)
    member = members.load(work, loan.member_id)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.LOAN,
            loan.id,
            f"{member.full_name} · {loan.number}",
            loan.amount_cents,
            approval_content(work, loan.id),
        ),
    )
    work.changed(Topic.LOANS)
    return row_of(work, loan.id)


def awaits_appraisal(work: Work, loan: Loan) -> bool:
    """Whether an officer is to appraise this loan: it is new, or the request to the committee became void."""
    if loan.status == "appraised":
        return approvals.waiting_for(work, ApprovalKind.LOAN, loan.id) is None
    return loan.status == "submitted"


def _limit(work: Work, loan: Loan) -> loan_limits.LoanLimit:
    member = members.load(work, loan.member_id)
    return loan_limits.limit_beside(work, member, loan.product_code, loan.applied_on, but=loan)


def approval_content(work: Work, loan_id: int) -> Content:
    """What the committee's approval of a loan is bound to. What does not apply has no line, so that loans of old books
    have the content that they were shown with.
    """
    loan = load(work, loan_id)
    member = members.load(work, loan.member_id)
    terms = loan_terms.terms_of(work, loan)
    content: dict[str, str | int | list[list[str | int]]] = {
        "loan": loan.number,
        "member": member.number,
        "name": member.full_name,
        "national_id": member.national_id,
        "product": loan.product_name,
        "amount_cents": loan.amount_cents,
        "net_cents": loan.net_cents,
        "terms": agreed_words(terms),
        "deductions": _lines(deductions_of(work, loan.id)),
        "purpose": loan.purpose,
        "appraisal": loan.appraisal,
    }
    if unusual := unusual_terms(terms):
        content["all_terms"] = unusual
    if loan.asked_cents != loan.amount_cents:
        content["asked_cents"] = loan.asked_cents
    agreed = guarantor_pledges.of_loan(work, loan.id)
    if promises := [one for one in agreed if one.status in guarantor_pledges.BINDING]:
        content["guarantors"] = [
            [one.guarantor_number, one.guarantor_name, one.pledge_cents] for one in promises
        ]
    if (clears := top_up_figures.row_of(work, loan.id)) is not None:
        content["clears_until"] = clears.valid_until.isoformat()
    if stated := weighed_lines(loan_forms.of_loan(work, loan_id)):
        content["form"] = [[title, words] for title, words in stated]
    if fees := loan_terms.instalment_fees_of(work, loan.id):
        content["instalment_fees"] = _lines(fees)
    if separate := loan_terms.separate_fees_of(work, loan.id):
        content["separate_fees"] = _lines(separate)
    if near := insiders.words_of(work, loan.member_id):
        content["insider"] = near
    if (lowered := loan_sums.lowered_of(work, loan.id)) is not None:
        content["wanted"] = lowered.wanted.words
        content["lowered_by"], content["lowered_why"] = lowered.by, lowered.why
    return content


def _lines(lines: tuple[Deduction, ...]) -> list[list[str | int]]:
    return [[line.name, line.amount_cents, line.account_code] for line in lines]


def carry_out_decision(work: Work, loan_id: int, approved: bool) -> None:
    """Move a loan on after the last decision on it. That nobody decided who may not is the matter of approvals.py."""
    loan = load(work, loan_id)
    if loan.status != "appraised":
        raise WrongState(f"{loan.number} is {loan.status} and waits for no decision.")
    loan.status = "approved" if approved else "rejected"
    loan.approved_at = work.now if approved else None
    loan.version += 1
    work.session.flush()
    if approved:
        notices.loan_approved(work, loan)
    work.changed(Topic.LOANS)


def become_active(work: Work, loan_id: int, disbursed_on: date) -> None:
    """Give a paid loan its final schedule, counted from the day on which M-Pesa paid it."""
    loan = load(work, loan_id)
    schedule = make_schedule(loan_terms.terms_of(work, loan), disbursed_on)
    _LOANS.change(
        work.session,
        loan,
        status="active",
        disbursed_on=disbursed_on,
        unpaid_since=schedule[0].due_on,
        version=loan.version + 1,
    )
    loan_terms.write_schedule(work, loan.id, schedule, loan.schedule)
    work.changed(Topic.LOANS)


_LOANS = ById(Loan)


def load(work: Work, loan_id: int) -> Loan:
    """The loan's row. Raises NotFound."""
    loan = _LOANS.find(work.session, loan_id)
    if loan is None:
        raise NotFound("There is no such loan.")
    return loan


def detail(work: Work, loan_id: int) -> LoanDetail:
    """One loan with its schedule: the final one, or a preview as if it were paid today."""
    work.allow(Act.LOOK)
    loan = load(work, loan_id)
    member = members.load(work, loan.member_id)
    terms = loan_terms.terms_of(work, loan)
    final = loan_terms.kept_schedule(work, loan.id)
    schedule = final or make_schedule(terms, work.today)
    taken = deductions_of(work, loan.id)
    separate = loan_terms.separate_fees_of(work, loan.id)
    limit = _limit(work, loan)
    return LoanDetail(
        row=row_of(work, loan.id),
        terms=terms,
        terms_words=terms_words(terms),
        purpose=loan.purpose,
        appraisal=loan.appraisal,
        appraised_at=loan.appraised_at,
        deductions=taken,
        instalment_fees=loan_terms.instalment_fees_of(work, loan.id),
        cost=cost_of(schedule, taken, separate),
        schedule=schedule,
        is_final=bool(final),
        deposits_cents=limit.deposits_cents,
        ceiling_cents=limit.room_cents,
        phone=member.phone,
        insider=insiders.words_of(work, member.id),
        lowered=loan_sums.lowered_of(work, loan.id),
        separate_fees=separate,
    )


def row_of(work: Work, loan_id: int) -> LoanRow:
    """One loan as a list shows one. Raises NotFound."""
    rows = _rows(work, loan_id)
    if not rows:
        raise NotFound("There is no such loan.")
    return rows[0]


def list_loans(work: Work, _nothing: None = None) -> tuple[LoanRow, ...]:
    """All loans, the newest first."""
    work.allow(Act.LOOK)
    return _rows(work, None)


def _rows(work: Work, loan_id: int | None) -> tuple[LoanRow, ...]:
    owed = func.coalesce(AccountBalance.debit_cents - AccountBalance.credit_cents, 0)
    query = (
        select(Loan, Member, owed)
        .join(Member, Member.id == Loan.member_id)
        .outerjoin(Account, Account.code == func.concat(Loan.loan_control, ".", Loan.number))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .order_by(Loan.id.desc())
    )
    if loan_id is not None:
        query = query.where(Loan.id == loan_id)
    return tuple(
        LoanRow(
            loan.id,
            loan.number,
            member.id,
            member.number,
            member.full_name,
            loan.product_name,
            loan.asked_cents,
            loan.amount_cents,
            loan.net_cents,
            loan.instalments,
            loan.status,
            loan.applied_on,
            loan.disbursed_on,
            owed_cents,
            loan.version,
        )
        for loan, member, owed_cents in work.session.execute(query)
    )
