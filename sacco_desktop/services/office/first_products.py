"""The savings products that new books begin with."""

from __future__ import annotations

from sacco_desktop.db.tables import SavingsProduct, SavingsTermsRow
from sacco_desktop.domain.paying_out import benefits_kept
from sacco_desktop.domain.savings import NamedProduct, SavingsTerms, read_products
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books.work import Work
from sacco_desktop.settings import resources_dir


def shipped_products() -> tuple[NamedProduct, ...]:
    """The products of the data file."""
    return read_products((resources_dir() / "savings_products.toml").read_text(encoding="utf-8"))


def write_first_products(work: Work) -> None:
    """Write the shipped products into new books."""
    for one in shipped_products():
        row = SavingsProduct(code=one.code, kind=one.kind.value, account_code=one.account_code)
        work.session.add(row)
        work.session.flush()
        terms = columns_of(one.terms)
        work.session.add(SavingsTermsRow(product_id=row.id, effective_on=SINCE_EVER, **terms))
    work.session.flush()


def columns_of(terms: SavingsTerms) -> dict[str, str | int | bool]:
    """Terms as their row keeps them."""
    return {
        "name": terms.name,
        "is_open": terms.is_open,
        "preset_cents": terms.preset_cents,
        "every": terms.every.value,
        "expected_cents": terms.expected_cents,
        "due_day": terms.due_day,
        "withdrawal": terms.withdrawal.value,
        "least_cents": terms.least_cents,
        "notice_days": terms.notice_days,
        "most_a_month": terms.out.most_a_month,
        "fee_cents": terms.out.fee_cents,
        "wait_days": terms.out.wait_days,
        "claims_a_year": terms.out.claims_a_year,
        "benefits": benefits_kept(terms.out.benefits),
    }
