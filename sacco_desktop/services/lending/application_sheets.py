"""The loan application and appraisal sheet: what was stated, what the rules found, and what the committee decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from sacco_desktop.db.tables import ApprovalDecision, Loan, Sitting
from sacco_desktop.domain.application_form import StatedForm
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.books import ledger, paper_stamps
from sacco_desktop.services.books.papers import Letterhead, PaperStamp, Signature
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.guarantors import guarantor_lines
from sacco_desktop.services.lending import eligibility, loan_forms, loan_sums, loans
from sacco_desktop.services.lending.loan_sums import Lowered
from sacco_desktop.services.loan_figures import loan_terms
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import given_approvals, insiders, members_votes, society, users

_OPEN = ("submitted", "appraised")


@dataclass(frozen=True, slots=True)
class SheetGuarantor:
    """A guarantor as the sheet shows one; amounts in cents, `words` where the promise stands."""

    name: str
    member_number: str
    national_id: str
    deposits_cents: int
    pledge_cents: int
    words: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the committee said: empty and None while it has not. `minute_number` is empty where it did not sit."""

    words: str = ""
    on: datetime | None = None
    minute_number: str = ""
    approved_cents: int | None = None
    members_vote: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationSheet:
    """The whole sheet; amounts in cents. `other_loans` are those in our own books, in words, and `judged_at` the moment
    of the checks, None where no appraisal kept them.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    loan_number: str
    product: str
    applied_on: date
    member_name: str
    member_number: str
    national_id: str
    phone: str
    asked_cents: int
    amount_cents: int
    net_cents: int
    terms: str
    purpose: str
    form: StatedForm
    other_loans: tuple[str, ...]
    guarantors: tuple[SheetGuarantor, ...]
    checks: tuple[Check, ...]
    judged_at: datetime | None
    appraisal: str
    decided: Decided
    disbursed_on: date | None
    signatures: tuple[Signature, ...]
    insider: str = ""
    lowered: Lowered | None = None


def application_sheet(work: Work, loan_id: int) -> ApplicationSheet:
    """The sheet as the books know it now. Each call counts as a print. Raises NotFound."""
    work.allow(Act.READ_FILES)
    loan = loans.load(work, loan_id)
    member = members.load(work, loan.member_id)
    checks, judged_at = _checks(work, loan)
    said: dict[str, str | int] = {
        "loan": loan.number,
        "cents": loan.amount_cents,
        "status": loan.status,
        "rules": len(checks),
    }
    return ApplicationSheet(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"application {loan.number}", said),
        loan_number=loan.number,
        product=loan.product_name,
        applied_on=loan.applied_on,
        member_name=member.full_name,
        member_number=member.number,
        national_id=member.national_id,
        phone=member.phone,
        insider=insiders.words_of(work, member.id),
        lowered=loan_sums.lowered_of(work, loan.id),
        asked_cents=loan.asked_cents,
        amount_cents=loan.amount_cents,
        net_cents=loan.net_cents,
        terms=f"{loan.instalments} instalments: {terms_words(loan_terms.terms_of(work, loan))}",
        purpose=loan.purpose,
        form=loan_forms.of_loan(work, loan.id),
        other_loans=_other_loans(work, loan),
        guarantors=_guarantors(work, loan.id),
        checks=checks,
        judged_at=judged_at,
        appraisal=loan.appraisal,
        decided=_decided(work, loan),
        disbursed_on=loan.disbursed_on,
        signatures=_signatures(work, loan),
    )


def _checks(work: Work, loan: Loan) -> tuple[tuple[Check, ...], datetime | None]:
    """As the appraisal kept them; before it as they stand now."""
    kept = loan_forms.kept_checks(work, loan.id)
    if kept is not None and not loans.awaits_appraisal(work, loan):
        return kept.checks, kept.appraised_at
    if loan.status in _OPEN:
        return eligibility.checks_of(work, loan), work.now
    return (), None


def _other_loans(work: Work, loan: Loan) -> tuple[str, ...]:
    owed = eligibility.open_loans(work, members.load(work, loan.member_id), (loan.id, 0))
    return tuple(f"{one.number}, {format_kes(one.counted_cents)}" for one in owed)


def _guarantors(work: Work, loan_id: int) -> tuple[SheetGuarantor, ...]:
    found = []
    for line in guarantor_lines.lines_of(work, loan_id):
        pledge = line.pledge
        guarantor = members.load(work, pledge.guarantor_id)
        found.append(
            SheetGuarantor(
                guarantor.full_name,
                guarantor.number,
                guarantor.national_id,
                ledger.balance(work, members.deposits_account(guarantor.number)),
                pledge.pledge_cents,
                guarantor_lines.STATES[pledge.status].capitalize(),
            )
        )
    return tuple(found)


def _decided(work: Work, loan: Loan) -> Decided:
    if loan.status in _OPEN:
        return Decided()
    status = ApprovalStatus.REJECTED if loan.status == "rejected" else ApprovalStatus.APPROVED
    request = given_approvals.last_of(work, ApprovalKind.LOAN, loan.id, status)
    if request is None:
        return Decided("Brought in from old books")
    minutes = work.session.scalars(
        select(Sitting.minute_number)
        .join(ApprovalDecision, ApprovalDecision.sitting_id == Sitting.id)
        .where(ApprovalDecision.request_id == request.id)
        .distinct()
        .order_by(Sitting.minute_number)
    )
    vote = members_votes.newest(work, request.id)
    rejected = status is ApprovalStatus.REJECTED
    return Decided(
        "Not approved" if rejected else "Approved",
        request.closed_at,
        ", ".join(minutes),
        None if rejected else loan.amount_cents,
        "" if vote is None else vote.words,
    )


def _signatures(work: Work, loan: Loan) -> tuple[Signature, ...]:
    """Who appraised it and who approved it; three lines at the least, for the pen where nobody has acted yet."""
    appraiser = "" if loan.appraised_by is None else users.full_name_of(work, loan.appraised_by)
    who = [Signature("Appraised by", appraiser, loan.appraised_at)]
    approvers = given_approvals.approvers_of(work, ApprovalKind.LOAN, loan.id)
    who += [Signature(_act(one.role), one.full_name, one.at) for one in approvers]
    return tuple(_with_empty_lines(who))


def _act(role: str) -> str:
    return f"Approved, {role}" if role else "Approved by"


def _with_empty_lines(who: Sequence[Signature]) -> list[Signature]:
    lines = list(who)
    while len(lines) < 3:
        lines.append(Signature("For the committee", "", None))
    return lines
