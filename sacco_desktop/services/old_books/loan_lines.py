"""The terms of a loan from old books: those of its product as it was when the loan was granted."""

from __future__ import annotations

from dataclasses import replace

from sacco_desktop.domain.loan_terms import LoanTerms, check_terms
from sacco_desktop.domain.old_books.lines import LoanLine
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.old_books.known import product_as_granted


def terms_of_line(work: Work, line: LoanLine) -> tuple[LoanProduct, LoanTerms]:
    """The product and the loan's own terms; the product's limits of today do not bind what was granted before.

    Raises InvalidInput for terms without a meaning.
    """
    product = product_as_granted(work, line.product_code, line.granted_on)
    terms = replace(
        product.pattern, principal_cents=line.granted_cents, instalments=line.instalments
    )
    check_terms(terms)
    return product, terms
