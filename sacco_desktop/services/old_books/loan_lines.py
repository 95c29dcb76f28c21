"""A loan of old books as these take it: by its own terms where they are given, else by those of its product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sacco_desktop.domain.fees import Deduction, FeeTiming, fee_lines, total_cents
from sacco_desktop.domain.loan_terms import LoanTerms, check_terms
from sacco_desktop.domain.old_books import own_terms
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import LoanLine
from sacco_desktop.domain.old_books.own_terms import AgreedAnew, OwnInstalment
from sacco_desktop.domain.old_books.remaining import remaining_schedule
from sacco_desktop.domain.schedule import Instalment, make_schedule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.old_books.known import product_as_granted


@dataclass(frozen=True, slots=True)
class Brought:
    """A loan with all that it runs by: its product, its terms, the fees of each instalment, how it was agreed anew, and
    what is left of its schedule; nothing of one that was written off.
    """

    product_code: str
    product_name: str
    loan_control: str
    terms: LoanTerms
    fees: tuple[Deduction, ...]
    anew: AgreedAnew | None
    left: tuple[OwnInstalment, ...]


def brought(work: Work, line: LoanLine, as_of: date) -> Brought:
    """The loan of a line. The limits of a product of today do not bind what was granted before.

    Raises InvalidInput for terms without a meaning.
    """
    if line.terms:
        return _by_own_terms(line, as_of)
    product = product_as_granted(work, line.product_code, line.granted_on)
    fees = fee_lines(product.fees, FeeTiming.PER_INSTALMENT, line.granted_cents)
    terms = replace(
        product.pattern,
        principal_cents=line.granted_cents,
        instalments=line.instalments,
        instalment_fee_cents=total_cents(fees),
    )
    check_terms(terms)
    left = _remaining(terms, line, as_of)
    return Brought(product.code, product.name, product.loan_control, terms, fees, None, left)


def _by_own_terms(line: LoanLine, as_of: date) -> Brought:
    words = Meaning.TERMS.value
    own = own_terms.terms_of_text(line.terms, line.granted_cents, line.instalments, words)
    if line.left:
        words = Meaning.INSTALMENTS_LEFT.value
        left = own_terms.schedule_of_text(line.left, line.outstanding_cents, words)
    else:
        left = _remaining(own.terms, line, as_of)
    return Brought(
        line.product_code,
        line.product_name,
        own.loan_control,
        own.terms,
        own.fees,
        own.anew,
        left,
    )


def _remaining(terms: LoanTerms, line: LoanLine, as_of: date) -> tuple[OwnInstalment, ...]:
    rows = make_schedule(terms, line.granted_on)
    if line.written_off_on is not None:
        return ()
    return _without_booked(remaining_schedule(rows, line.outstanding_cents, as_of))


def _without_booked(rows: Iterable[Instalment]) -> tuple[OwnInstalment, ...]:
    return tuple(OwnInstalment(row) for row in rows)
