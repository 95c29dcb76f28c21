"""What a loan would cost: schedule, deductions and net, shown before anyone agrees and made by the functions
of the real loan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sacco_desktop.domain.chart import LOAN_INTEREST
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.fees import Deduction, FeeTiming, fee_lines, net_disbursement
from sacco_desktop.domain.loan_cost import INTEREST_IN_ADVANCE, LoanCost, cost_of
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.product_file import read_products
from sacco_desktop.domain.products import LoanProduct, product_on
from sacco_desktop.domain.schedule import Instalment, make_schedule, upfront_interest_cents
from sacco_desktop.domain.term_words import terms_words
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import top_up_figures
from sacco_desktop.services.loan_figures.top_up_figures import Clearing
from sacco_desktop.services.membership import share_shortfall
from sacco_desktop.settings import resources_dir


@dataclass(frozen=True, slots=True)
class LoanQuestion:
    """Which product, how much in cents, over how many instalments, from which day; and for whom, when that is known:
    a member may have share capital to fill up. `clears_loan_id` is a loan of the member that this one clears.
    """

    product_code: str
    amount_cents: int
    instalments: int
    disbursed_on: date
    member_id: int | None = None
    clears_loan_id: int | None = None


@dataclass(frozen=True, slots=True)
class LoanOffer:
    """The answer to a LoanQuestion; all amounts in cents. The loan is larger than what was asked where fees are lent
    with it; `instalment_fees` are those of one instalment, and `separate_fees` are brought by the member beside
    the loan.
    """

    product_code: str
    product_name: str
    asked_cents: int
    terms: LoanTerms
    disbursed_on: date
    schedule: tuple[Instalment, ...]
    deductions: tuple[Deduction, ...]
    instalment_fees: tuple[Deduction, ...]
    net_cents: int
    separate_fees: tuple[Deduction, ...] = ()

    @property
    def cost(self) -> LoanCost:
        """What the loan costs in all."""
        return cost_of(self.schedule, self.deductions, self.separate_fees)


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
    return _read_once(text)


# A payout judges its product anew, and a batch has hundreds: the same text is always the same products.
@lru_cache(maxsize=4)
def _read_once(text: str) -> tuple[LoanProduct, ...]:
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
            terms_words(row.pattern),
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
    clears = _clears(work, question)
    taken = (
        *_deductions(chosen, terms, question, clears.principal_cents if clears else 0),
        *((clears.deduction(),) if clears else ()),
        *_shares(work, question),
    )
    return LoanOffer(
        chosen.code,
        chosen.name,
        question.amount_cents,
        terms,
        question.disbursed_on,
        make_schedule(terms, question.disbursed_on),
        taken,
        fee_lines(chosen.fees, FeeTiming.PER_INSTALMENT, question.amount_cents),
        net_disbursement(terms.principal_cents, taken),
        separate_fees(chosen, question.amount_cents, clears.principal_cents if clears else 0),
    )


def payout_fees(
    chosen: LoanProduct, asked_cents: int, cleared_cents: int = 0
) -> tuple[Deduction, ...]:
    """Fees taken off, and fees lent with the loan, which are paid out of it at once. `cleared_cents` is the principal
    of a loan that it clears.
    """
    return (
        *fee_lines(chosen.fees, FeeTiming.UPFRONT_DEDUCTED, asked_cents, cleared_cents),
        *fee_lines(chosen.fees, FeeTiming.ADDED_TO_LOAN, asked_cents),
    )


def separate_fees(
    chosen: LoanProduct, asked_cents: int, cleared_cents: int = 0
) -> tuple[Deduction, ...]:
    """Fees that the member brings beside the loan, before it is paid out."""
    return fee_lines(chosen.fees, FeeTiming.PAID_SEPARATELY, asked_cents, cleared_cents)


def offered(work: Work, _nothing: None = None) -> tuple[LoanProduct, ...]:
    """The products that are lent today, each with its terms, for the calculator."""
    work.allow(Act.LOOK)
    return tuple(product(work, row.code, work.today) for row in list_products(work))


def _clears(work: Work, question: LoanQuestion) -> Clearing | None:
    if question.clears_loan_id is None:
        return None
    return top_up_figures.clearing(work, question.clears_loan_id, question.member_id)


def _shares(work: Work, question: LoanQuestion) -> tuple[Deduction, ...]:
    if question.member_id is None:
        return ()
    return share_shortfall.shortfall_of(work, question.member_id)


def _deductions(
    chosen: LoanProduct, terms: LoanTerms, question: LoanQuestion, cleared_cents: int
) -> tuple[Deduction, ...]:
    """Fees at the payout, and interest taken in advance."""
    advance = upfront_interest_cents(terms, question.disbursed_on)
    return (
        *payout_fees(chosen, question.amount_cents, cleared_cents),
        *((Deduction(INTEREST_IN_ADVANCE, advance, LOAN_INTEREST),) if advance else ()),
    )
