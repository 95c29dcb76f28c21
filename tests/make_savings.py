"""Builders of what members pay in: contributions, products with other terms, and what a day makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sacco_desktop.domain.approvals import Decision
from sacco_desktop.domain.savings import Every, ProductKind, SavingsTerms, Withdrawal
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import approvals
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.savings import contributions, savings_products
from sacco_desktop.services.savings.contributions import NewContribution, TakenContribution
from sacco_desktop.services.savings.savings_products import Product, TermsChange
from tests import make
from tests.make import PracticeOffice


def products(office: PracticeOffice) -> dict[str, Product]:
    """The products of today by their codes."""
    found = office.read(savings_products.list_products, None, office.peter)
    return {one.code: one for one in found}


def new_contribution(office: PracticeOffice, of: MemberRow, **parts_in_kes: int) -> NewContribution:
    """Cash of today, by product."""
    parts = tuple((code, kes * 100) for code, kes in parts_in_kes.items())
    return NewContribution(make.key(), of.member_id, parts, PaidBy.CASH, "", make.day(office))


def contribution(
    office: PracticeOffice,
    of: MemberRow,
    source: PaidBy = PaidBy.CASH,
    reference: str = "",
    **parts_in_kes: int,
) -> TakenContribution:
    """What Peter takes in at the counter today."""
    new = new_contribution(office, of, **parts_in_kes)
    new = replace(new, source=source, reference=reference)
    return office.write(contributions.take, new, office.peter)


def terms_request(office: PracticeOffice, code: str, on: date | None = None, **changes: Any) -> int:
    """Other terms of a product that the administrator asks for; the request's id."""
    product = products(office)[code]
    terms = replace(product.terms, **changes)
    change = TermsChange(code, product.kind, terms, on or make.day(office))
    return office.write(savings_products.ask_terms, change, office.admin)


def other_terms(
    office: PracticeOffice, code: str, on: date | None = None, **changes: Any
) -> Product:
    """The same, agreed to by Daniel."""
    agree(office, terms_request(office, code, on, **changes), office.daniel)
    return products(office)[code]


NEW_TERMS = SavingsTerms("Christmas", True, 0, Every.NONE, 0, 1, Withdrawal.BY_NOTICE, 0, 0)


def own_category(
    office: PracticeOffice, kind: ProductKind = ProductKind.SAVINGS, **changes: Any
) -> Product:
    """A category of the society's own, asked for by the administrator and agreed to by Daniel."""
    how = Withdrawal.BY_NOTICE if kind is ProductKind.SAVINGS else Withdrawal.BY_CLAIM
    terms = replace(NEW_TERMS, withdrawal=how, **changes)
    change = TermsChange("", kind, terms, make.day(office))
    agree(office, office.write(savings_products.ask_terms, change, office.admin), office.daniel)
    return next(one for one in products(office).values() if one.terms.name == terms.name)


def agree(office: PracticeOffice, request_id: int, by: Actor) -> str:
    """A second person's yes; the words that came of it."""
    request = office.read(lambda work, given: approvals.load(work, given).fingerprint, request_id)
    verdict = Verdict(request_id, request, Decision.APPROVE)
    return office.write(decisions.decide, verdict, by).words
