"""What a payment is for, as far as that is sure: by its prompt, the account typed, or a claim. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Loan,
    Member,
    MembershipApplication,
    MpesaReceipt,
    Prompt,
    ReceiptClaim,
)
from sacco_desktop.domain.account_references import AccountReference, read_reference, squeezed
from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.receipt_purposes import FINES, LOAN, LOAN_FEES, REGISTRATION
from sacco_desktop.domain.receipt_steps import Due, Step, read_steps, route
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import aliases, purposes
from sacco_desktop.services.collecting.purposes import Purpose
from sacco_desktop.services.lending import loan_fees, write_offs
from sacco_desktop.services.loan_figures import loan_positions, loan_terms
from sacco_desktop.services.membership import joining_fees, members
from sacco_desktop.services.office import society
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import obligations, savings_products
from sacco_desktop.services.savings.obligations import ObligationQuestion

DEPOSITS = "deposits"


@dataclass(frozen=True, slots=True)
class Known:
    """By what a payment's purposes are known: `prompt`, `reference` or `alias`, and what of it is for what. Nothing is
    known for sure without purposes.
    """

    how: str
    shares: tuple[Purpose, ...] = ()


def known(work: Work, row: MpesaReceipt) -> Known:
    """The purposes of a payment that no person has to choose, in the order in which they are posted."""
    prompt = work.session.scalar(select(Prompt).where(Prompt.receipt_id == row.id))
    if prompt is not None:
        asked = Purpose(
            prompt.purpose,
            prompt.member_id,
            prompt.loan_id,
            row.amount_cents,
            prompt.application_id,
        )
        return Known("prompt", with_rest(work, asked))
    if shares := _by_reference(work, row):
        return Known("reference", shares)
    # One person taught or typed what follows, so it decides no more than one person may.
    if row.amount_cents > society.number_setting(work, "money_in.alone_up_to"):
        return Known("reference")
    if shares := _by_claim(work, row):
        return Known("person", shares)
    alias = aliases.decides(work, row)
    if alias is None:
        return Known("reference")
    member = members.load(work, alias.member_id)
    return Known("alias", of_member(work, member, alias.purpose, row.amount_cents))


def may_be_named(work: Work, rows: Sequence[MpesaReceipt]) -> list[MpesaReceipt]:
    """Those of these payments for which `known` may find anything, by a few questions for all of them."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    codes = savings_products.codes_on(work, work.today)
    found = {row.id for row in rows if read_reference(row.reference, codes) is not None}
    for column in (Prompt.receipt_id, ReceiptClaim.receipt_id):
        given = select(column).where(column >= min(ids), column <= max(ids))
        found.update(one for one in work.session.scalars(given) if one is not None)
    learned = aliases.which_are_learned(work, {squeezed(row.reference) for row in rows})
    return [row for row in rows if row.id in found or squeezed(row.reference) in learned]


def _by_claim(work: Work, row: MpesaReceipt) -> tuple[Purpose, ...]:
    """What a code that a member has shown was said to be for, once this very payment proves it."""
    claim = work.session.scalar(
        select(ReceiptClaim).where(
            ReceiptClaim.receipt_id == row.id, ReceiptClaim.status == ClaimStatus.PROVEN.value
        )
    )
    if claim is None:
        return ()
    if claim.loan_id is not None:
        said = Purpose(claim.purpose, claim.member_id, claim.loan_id, claim.cents)
        return with_rest(work, said)
    return of_member(work, members.load(work, claim.member_id), claim.purpose, claim.cents)


def _by_reference(work: Work, row: MpesaReceipt) -> tuple[Purpose, ...]:
    codes = savings_products.codes_on(work, work.today)
    said = read_reference(row.reference, codes)
    if said is None:
        return ()
    if said.application_number:
        return _of_applicant(work, said.application_number, row.amount_cents)
    if said.loan_number:
        return _of_loan(work, said, row.amount_cents)
    member = work.session.scalar(select(Member).where(Member.number == said.member_number))
    if member is None:
        return ()
    if said.purpose:
        return of_member(work, member, said.purpose, row.amount_cents)
    return by_steps(work, member, row.amount_cents, business_date(row.paid_at))


def _of_applicant(work: Work, number: str, cents: int) -> tuple[Purpose, ...]:
    row = work.session.scalar(
        select(MembershipApplication).where(MembershipApplication.number == number)
    )
    if row is None:
        return ()
    member = work.session.scalar(select(Member.id).where(Member.application_id == row.id))
    return with_rest(work, Purpose(REGISTRATION, member, None, cents, row.id))


def _of_loan(work: Work, said: AccountReference, cents: int) -> tuple[Purpose, ...]:
    loan = work.session.scalar(select(Loan).where(Loan.number == said.loan_number))
    if loan is None:
        return ()
    return with_rest(work, Purpose(said.purpose or LOAN, loan.member_id, loan.id, cents))


def of_member(work: Work, member: Member, purpose: str, cents: int) -> tuple[Purpose, ...]:
    """The same for a member and a purpose that were named; nothing when only the payer knows which loan is meant."""
    named = Purpose(purpose, member.id, None, cents)
    if purpose == LOAN:
        loans = purposes.running_loans(work, member)
        return with_rest(work, replace(named, loan_id=loans[0].id)) if len(loans) == 1 else ()
    application = purposes.open_application(work, member)
    owing = purposes.fees_owed(work, member) if purpose == LOAN_FEES else ()
    if len(owing) == 1:
        return with_rest(work, replace(named, loan_id=owing[0].id))
    # Who joins and owes no fee of a loan means the fee for joining by the plain word.
    if purpose == REGISTRATION or (purpose == LOAN_FEES and not owing):
        if application is None:
            return ()
        fee = replace(named, purpose=REGISTRATION, application_id=application.id)
        return with_rest(work, fee)
    return () if purpose == LOAN_FEES else with_rest(work, named)


def with_rest(work: Work, named: Purpose) -> tuple[Purpose, ...]:
    """What the named purpose takes of this sum, and the rest in the member's deposits where the society says so.

    Nothing where it takes nothing and the rest waits; a fee that is paid in part is left to a person as a whole.
    """
    takes = _takes(work, named)
    if takes < 0:
        return ()
    found = [replace(named, cents=takes)] if takes else []
    rest = named.cents - takes
    if rest and _takes_rest(work, named.member_id):
        found.append(Purpose(DEPOSITS, named.member_id, None, rest))
    return tuple(found)


def _takes_rest(work: Work, member_id: int | None) -> bool:
    if member_id is None or society.setting(work, "money_in.rest") != DEPOSITS:
        return False
    return belongs(members.load(work, member_id).status)


def _takes(work: Work, named: Purpose) -> int:
    """How much of a payment this purpose takes, in cents; below zero when it must be looked at by a person."""
    if named.purpose == REGISTRATION:
        row = work.session.get_one(MembershipApplication, named.application_id or 0)
        is_open = row.fee_cents and not joining_fees.receipt_of(work, row)
        return _whole(row.fee_cents if is_open else 0, named.cents)
    if named.purpose == FINES:
        return min(named.cents, penalty_rows.fines_of(work, named.member_id or 0))
    if named.loan_id is None:
        return named.cents
    loan = work.session.get_one(Loan, named.loan_id)
    if named.purpose == LOAN_FEES:
        is_open = loan.status in loan_fees.TAKEN_IN and not loan_fees.receipt_of(work, loan.id)
        fees = loan_terms.separate_fees_of(work, loan.id) if is_open else ()
        return _whole(purposes.fees_of(work, loan) if fees else 0, named.cents)
    if loan.status == "written_off":
        return min(named.cents, write_offs.left_cents(work, loan.id))
    if loan.status == "closed":
        return 0
    return named.cents


def _whole(fee_cents: int, cents: int) -> int:
    return fee_cents if fee_cents <= cents else -1


def by_steps(work: Work, member: Member, cents: int, on: date) -> tuple[Purpose, ...]:
    """A member's number alone: divided by the steps of the society, as things stand on that day."""
    steps = read_steps(society.setting(work, "money_in.steps"))
    if society.setting(work, "money_in.plain_number") == DEPOSITS:
        steps = (Step.DEPOSITS,)
    wanted = [due for step in steps for due in _dues(work, member, step, on)]
    if Step.DEPOSITS in steps and belongs(member.status):
        wanted.append(Due(Step.DEPOSITS, DEPOSITS, cents))
    return tuple(
        Purpose(due.purpose, member.id, due.loan_id, share, due.application_id)
        for due, share in route(cents, wanted, steps).paid
    )


def _dues(work: Work, member: Member, step: Step, on: date) -> Iterator[Due]:
    if step is Step.FEES:
        application = purposes.open_application(work, member)
        if application is not None:
            fee = application.fee_cents
            yield Due(step, REGISTRATION, fee, application_id=application.id, is_whole=True)
        for loan in purposes.fees_owed(work, member):
            fees = purposes.fees_of(work, loan)
            yield Due(step, LOAN_FEES, fees, loan_id=loan.id, is_whole=True)
    elif step is Step.FINES and belongs(member.status):
        yield Due(step, FINES, penalty_rows.fines_of(work, member.id))
    elif step is Step.LOANS:
        for loan in purposes.running_loans(work, member):
            due = loan_positions.position_of(work, loan).due_cents(on)
            yield Due(step, LOAN, due, loan_id=loan.id)
    elif step is Step.CONTRIBUTIONS:
        asked = ObligationQuestion(on, member.id)
        for row in obligations.list_obligations(work, asked):
            if row.product.terms.is_open:
                yield Due(step, row.product.code, row.stand.overdue_cents)
