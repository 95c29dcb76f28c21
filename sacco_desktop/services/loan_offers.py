"""What a loan would cost: schedule, deductions and net, shown before anyone agrees and made by the functions
of the real loan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.fees import Deduction, deductions, net_disbursement
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.products import LoanProduct, product_on, read_products
from sacco_desktop.domain.schedule import Instalment, LoanTerms, make_schedule
from sacco_desktop.services.work import Work
from sacco_desktop.settings import resources_dir


@dataclass(frozen=True, slots=True)
class LoanQuestion:
    """Which product, how much in cents, over how many instalments, and from which day."""

    product_code: str
    amount_cents: int
    instalments: int
    disbursed_on: date


@dataclass(frozen=True, slots=True)
class LoanOffer:
    """The answer to a LoanQuestion; all amounts in cents."""

    product_code: str
    product_name: str
    terms: LoanTerms
    disbursed_on: date
    schedule: tuple[Instalment, ...]
    deductions: tuple[Deduction, ...]
    net_cents: int

    @property
    def total_interest_cents(self) -> int:
        """The interest of all instalments together."""
        return sum(row.interest_cents for row in self.schedule)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as a choice in a form; amounts in cents."""

    code: str
    name: str
    words: str
    min_cents: int
    max_cents: int
    min_instalments: int
    max_instalments: int


def products(_work: Work) -> tuple[LoanProduct, ...]:
    """Every dated product that the society lends by."""
    text = (resources_dir() / "loan_products.toml").read_text(encoding="utf-8")
    return read_products(text)


def product(work: Work, code: str, on: date) -> LoanProduct:
    """The product as it stands on a date. Raises NotFound."""
    if not code:
        raise NotFound("Choose a loan product.")
    return product_on(products(work), code, on)


def list_products(work: Work, _nothing: None = None) -> tuple[ProductRow, ...]:
    """The products that can be applied for today."""
    codes = sorted({row.code for row in products(work) if row.effective_on <= work.today})
    found = [product(work, code, work.today) for code in codes]
    return tuple(
        ProductRow(
            row.code,
            row.name,
            terms_words(row.terms(row.min_cents, row.min_instalments)),
            row.min_cents,
            row.max_cents,
            row.min_instalments,
            row.max_instalments,
        )
        for row in found
    )


def offer(work: Work, question: LoanQuestion) -> LoanOffer:
    """The schedule, the deductions and the net. Raises InvalidInput when the product does not allow it."""
    work.allow(Act.LOOK)
    chosen = product(work, question.product_code, work.today)
    terms = chosen.terms(question.amount_cents, question.instalments)
    taken = deductions(chosen.fees, question.amount_cents)
    return LoanOffer(
        chosen.code,
        chosen.name,
        terms,
        question.disbursed_on,
        make_schedule(terms, question.disbursed_on),
        taken,
        net_disbursement(question.amount_cents, taken),
    )


def terms_words(terms: LoanTerms) -> str:
    """The rate and the method in one line, such as "1 % per month, reducing equal instalment, monthly"."""
    percent = f"{terms.rate * 100:f}"
    if "." in percent:
        percent = percent.rstrip("0").rstrip(".")
    method = terms.method.value.replace("_", " ")
    return f"{percent} % per {terms.rate_per.value}, {method}, {terms.frequency.value}"
