"""The schedule of a loan as a paper: of an offer before anything is written, of an application, or the final one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.loan_cost import cost_of
from sacco_desktop.domain.loan_quote import LoanQuote
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.domain.term_words import term_facts
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import AmountLine, LoanSchedulePaper, ScheduleRow
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import LoanDetail
from sacco_desktop.services.lending.schedule_history import VersionQuestion
from sacco_desktop.services.loan_figures import loan_offers, schedule_versions
from sacco_desktop.services.loan_figures.loan_offers import LoanQuestion
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society


def offer_paper(work: Work, question: LoanQuestion) -> LoanSchedulePaper:
    """The schedule of a loan that nobody has applied for yet. Raises InvalidInput as the offer does."""
    offer = loan_offers.offer(work, question)
    member = members.load(work, question.member_id) if question.member_id is not None else None
    said: dict[str, str | int] = {
        "product": offer.product_code,
        "cents": offer.terms.principal_cents,
        "instalments": offer.terms.instalments,
        "day": offer.disbursed_on.isoformat(),
    }
    whose = member.number if member else "nobody yet"
    return LoanSchedulePaper(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"offer to {whose}", said),
        loan_number="",
        member_name=member.full_name if member else "",
        member_number=member.number if member else "",
        product=offer.product_name,
        asked_cents=offer.asked_cents,
        amount_cents=offer.terms.principal_cents,
        terms=term_facts(offer.terms),
        disbursed_on=offer.disbursed_on,
        is_final=False,
        rows=_rows(offer.schedule),
        total_principal_cents=sum(row.principal_cents for row in offer.schedule),
        total_interest_cents=sum(row.interest_cents for row in offer.schedule),
        total_fee_cents=sum(row.fee_cents for row in offer.schedule),
        deductions=_lines(offer.deductions),
        net_cents=offer.net_cents,
        cost=offer.cost,
    )


@dataclass(frozen=True, slots=True)
class QuoteToPrint:
    """What the calculator shows: the product by name, or that the terms are free, and the answer."""

    product: str
    found: LoanQuote


def quote_paper(work: Work, asked: QuoteToPrint) -> LoanSchedulePaper:
    """What the calculator shows as a proposal; nobody has applied for it. Raises InvalidInput where nothing is left."""
    work.allow(Act.LOOK)
    found, terms = asked.found, asked.found.wanted.terms
    said: dict[str, str | int] = {
        "product": asked.product,
        "cents": terms.principal_cents,
        "instalments": len(found.rows),
        "day": found.wanted.disbursed_on.isoformat(),
    }
    return LoanSchedulePaper(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, "offer to nobody yet", said),
        loan_number="",
        member_name="",
        member_number="",
        product=asked.product,
        asked_cents=terms.principal_cents,
        amount_cents=terms.principal_cents,
        terms=(*term_facts(terms), *beside_words(found)),
        disbursed_on=found.wanted.disbursed_on,
        is_final=False,
        rows=_rows(found.rows),
        total_principal_cents=sum(row.principal_cents for row in found.rows),
        total_interest_cents=sum(row.interest_cents for row in found.rows),
        total_fee_cents=sum(row.fee_cents for row in found.rows),
        deductions=_lines(found.deductions),
        net_cents=found.net_cents,
        cost=found.cost,
    )


def beside_words(found: LoanQuote) -> tuple[tuple[str, str], ...]:
    """What is paid beside the schedule, as titles with words."""
    told = [
        ("Paid early", f"{format_kes(cents)} with instalment {after}")
        for after, cents, _keep in found.wanted.prepayments
    ]
    if found.settled is not None:
        day, whole = format_date(found.settled.on), format_kes(found.settled.total_cents)
        told.append(("Settled", f"On {day} with {whole}"))
    return tuple(told)


def version_paper(work: Work, question: VersionQuestion) -> LoanSchedulePaper:
    """A schedule that held before, or the one that holds, as a paper."""
    work.allow(Act.LOOK)
    found = loans.detail(work, question.loan_id)
    rows = schedule_versions.rows_of(work, question.loan_id, question.schedule)
    anew = replace(found, schedule=rows, cost=cost_of(rows, found.deductions))
    return _paper(work, anew, question.schedule)


def schedule_paper(work: Work, loan_id: int) -> LoanSchedulePaper:
    """The loan's schedule as a paper to agree on, or the final one once it is paid."""
    work.allow(Act.LOOK)
    return _paper(work, loans.detail(work, loan_id), loans.load(work, loan_id).schedule)


def _paper(work: Work, found: LoanDetail, version: int) -> LoanSchedulePaper:
    said: dict[str, str | int] = {
        "loan": found.row.number,
        "cents": found.row.amount_cents,
        "final": int(found.is_final),
        "first_due": found.schedule[0].due_on.isoformat(),
        "instalments": len(found.schedule),
    }
    return LoanSchedulePaper(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, _subject(found, version), said),
        loan_number=found.row.number,
        member_name=found.row.member_name,
        member_number=found.row.member_number,
        product=found.row.product_name,
        asked_cents=found.row.asked_cents,
        amount_cents=found.row.amount_cents,
        terms=term_facts(found.terms),
        disbursed_on=found.row.disbursed_on or work.today,
        is_final=found.is_final,
        rows=_rows(found.schedule),
        total_principal_cents=sum(row.principal_cents for row in found.schedule),
        total_interest_cents=sum(row.interest_cents for row in found.schedule),
        total_fee_cents=sum(row.fee_cents for row in found.schedule),
        deductions=_lines(found.deductions),
        net_cents=found.row.net_cents,
        cost=found.cost,
    )


def _subject(found: LoanDetail, version: int) -> str:
    later = f", version {version}" if version > 1 else ""
    return f"schedule {found.row.number}{later}"


def _rows(schedule: Iterable[Instalment]) -> tuple[ScheduleRow, ...]:
    return tuple(
        ScheduleRow(
            line.number,
            line.due_on,
            line.principal_cents,
            line.interest_cents,
            line.total_cents,
            line.balance_cents,
            line.fee_cents,
        )
        for line in schedule
    )


def _lines(taken: Iterable[Deduction]) -> tuple[AmountLine, ...]:
    return tuple(AmountLine(line.name, line.amount_cents) for line in taken)
