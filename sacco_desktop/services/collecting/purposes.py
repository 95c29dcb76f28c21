"""What a member's money can be for today, each with the sum that is asked for unless a person says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member, MembershipApplication
from sacco_desktop.domain.account_references import write_reference
from sacco_desktop.domain.fees import total_cents
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.receipt_purposes import FINES, LOAN, LOAN_FEES, NAMES, REGISTRATION
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loan_fees, write_offs
from sacco_desktop.services.loan_figures import loan_positions, loan_terms
from sacco_desktop.services.membership import joining_fees, members
from sacco_desktop.services.penalties import penalty_rows
from sacco_desktop.services.savings import obligations, savings_products
from sacco_desktop.services.savings.obligations import ObligationQuestion


@dataclass(frozen=True, slots=True)
class Purpose:
    """What some of a payment is for, in cents: one of `domain/receipt_purposes.py`, or the code of a product. A loan
    and its fees come with the loan's id, a registration fee with the application's; who only applies is no member.
    """

    purpose: str
    member_id: int | None
    loan_id: int | None
    cents: int
    application_id: int | None = None


@dataclass(frozen=True, slots=True)
class PurposeChoice:
    """One thing that money can be for, as a person chooses it.

    `due_cents` is what is owed of it today, and all that it takes where `is_limited`. `preset_cents` is what a prompt
    asks for, in whole shillings; 0 when nothing is due. `reference` is what to type as the account for it, and `note`
    says where the sum comes from.
    """

    purpose: str
    name: str
    preset_cents: int
    due_cents: int
    reference: str
    note: str
    member_id: int | None
    loan_id: int | None = None
    application_id: int | None = None
    is_limited: bool = False

    def of(self, cents: int) -> Purpose:
        """So much for this purpose."""
        return Purpose(self.purpose, self.member_id, self.loan_id, cents, self.application_id)


def purposes_for(work: Work, member_id: int) -> tuple[PurposeChoice, ...]:
    """Everything that this member's money can be for now: what is owed first, then each product that takes money.

    Whoever has left repays loans still, and pays into nothing. Raises NotFound.
    """
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    loans = _of_loans(work, member)
    if not belongs(member.status):
        return tuple(loans)
    owed = (*_fees_to_join(work, member), *_fines(work, member), *loans)
    return (*owed, *_products(work, member))


def purposes_of_applicant(work: Work, application_id: int) -> tuple[PurposeChoice, ...]:
    """What somebody can pay who only applies: the registration fee, while it is open. Raises NotFound, WrongState."""
    work.allow(Act.LOOK)
    return (_fee_to_join(joining_fees.owing(work, application_id), None),)


def name_of(work: Work, purpose: str) -> str:
    """The words for a purpose. Raises InvalidInput for one that nobody knows."""
    return NAMES.get(purpose) or savings_products.product_named(work, purpose).terms.name


def open_application(work: Work, member: Member) -> MembershipApplication | None:
    """The application by which a member joined, while its fee is open."""
    if member.application_id is None:
        return None
    row = work.session.get_one(MembershipApplication, member.application_id)
    return row if row.fee_cents and not joining_fees.receipt_of(work, row) else None


def fees_owed(work: Work, member: Member) -> tuple[Loan, ...]:
    """The member's loans whose fees are still to be brought beside them, the oldest first."""
    query = select(Loan).where(Loan.member_id == member.id, Loan.status.in_(loan_fees.TAKEN_IN))
    return tuple(
        loan
        for loan in work.session.scalars(query.order_by(Loan.id))
        if loan_terms.separate_fees_of(work, loan.id) and not loan_fees.receipt_of(work, loan.id)
    )


def fees_of(work: Work, loan: Loan) -> int:
    """What is brought beside a loan, in cents."""
    return total_cents(loan_terms.separate_fees_of(work, loan.id))


def running_loans(work: Work, member: Member) -> tuple[Loan, ...]:
    """The member's loans that run, the oldest first."""
    query = select(Loan).where(Loan.member_id == member.id, Loan.status == "active")
    return tuple(work.session.scalars(query.order_by(Loan.id)))


def _whole(cents: int) -> int:
    """M-Pesa asks for whole shillings, so a part of one asks for the next."""
    return -(-cents // 100) * 100


def _fees_to_join(work: Work, member: Member) -> Iterator[PurposeChoice]:
    row = open_application(work, member)
    if row is not None:
        yield _fee_to_join(row, member)


def _fee_to_join(row: MembershipApplication, member: Member | None) -> PurposeChoice:
    return PurposeChoice(
        REGISTRATION,
        NAMES[REGISTRATION],
        _whole(row.fee_cents),
        row.fee_cents,
        write_reference(row.number if member is None else member.number, REGISTRATION),
        f"The fee of application {row.number}.",
        None if member is None else member.id,
        application_id=row.id,
        is_limited=True,
    )


def _fines(work: Work, member: Member) -> Iterator[PurposeChoice]:
    owed = penalty_rows.fines_of(work, member.id)
    if owed:
        yield PurposeChoice(
            FINES,
            NAMES[FINES],
            _whole(owed),
            owed,
            write_reference(member.number, FINES),
            "All fines that are owed, the oldest first.",
            member.id,
            is_limited=True,
        )


def _of_loans(work: Work, member: Member) -> Iterator[PurposeChoice]:
    for loan in fees_owed(work, member):
        cents = fees_of(work, loan)
        yield PurposeChoice(
            LOAN_FEES,
            f"Fees beside {loan.number}",
            _whole(cents),
            cents,
            write_reference(loan.number, LOAN_FEES),
            "Fees are brought whole, before the loan is paid out.",
            member.id,
            loan_id=loan.id,
            is_limited=True,
        )
    for loan in running_loans(work, member):
        found = loan_positions.position_of(work, loan)
        due = found.due_cents(work.today)
        owed = f"{format_kes(found.principal_cents)} of principal is outstanding."
        note = f"{format_kes(due)} is due today. {owed}" if due else f"Nothing is due. {owed}"
        yield _repayment(loan, due, note)
    lost = select(Loan).where(Loan.member_id == member.id, Loan.status == "written_off")
    for loan in work.session.scalars(lost.order_by(Loan.id)):
        left = write_offs.left_cents(work, loan.id)
        yield _repayment(loan, left, f"Written off; {format_kes(left)} is still owed.")


def _repayment(loan: Loan, due_cents: int, note: str) -> PurposeChoice:
    return PurposeChoice(
        LOAN,
        f"{loan.product_name} {loan.number}",
        _whole(due_cents),
        due_cents,
        write_reference(loan.number, LOAN),
        note,
        loan.member_id,
        loan_id=loan.id,
    )


def _products(work: Work, member: Member) -> Iterator[PurposeChoice]:
    stands = {
        row.product.code: row.stand
        for row in obligations.list_obligations(work, ObligationQuestion(member_id=member.id))
    }
    for product in savings_products.products_on(work, work.today):
        terms = product.terms
        if not terms.is_open:
            continue
        stand = stands.get(product.code)
        overdue = stand.overdue_cents if stand else 0
        usual = terms.preset_cents or terms.expected_cents
        note = f"{format_kes(overdue)} is overdue." if overdue else ""
        if usual and not overdue:
            note = f"Usually {format_kes(usual)}."
        yield PurposeChoice(
            product.code,
            terms.name,
            _whole(overdue or usual),
            overdue,
            write_reference(member.number, product.code),
            note,
            member.id,
        )
