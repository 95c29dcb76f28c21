"""Reads what stands behind the figures of a member: what may be borrowed, guaranteed, or paid out of the deposits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sacco_desktop.db.tables import Loan, Member
from sacco_desktop.domain.chart import MEMBER_DEPOSITS
from sacco_desktop.domain.explanations import free_deposits, guarantors, limits
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Source
from sacco_desktop.domain.explanations.free_deposits import DepositFacts, LockedPromise
from sacco_desktop.domain.explanations.guarantors import LivePromise
from sacco_desktop.domain.products import LoanProduct
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.explanations import sources
from sacco_desktop.services.explanations.question import Question
from sacco_desktop.services.guarantors import guarantor_pledges, guarantor_standing
from sacco_desktop.services.lending import eligibility, loan_limits, loans
from sacco_desktop.services.loan_figures import loan_offers
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import deposits, payout_cover, savings_products
from sacco_desktop.services.savings.savings_products import Product


def limit(work: Work, question: Question) -> Explanation:
    """What a member can borrow of a product."""
    member = members.load(work, question.about)
    product = loan_offers.product(work, question.product_code, work.today)
    return _limit(work, member, product, None)


def loan_limit(work: Work, question: Question) -> Explanation:
    """What the borrower of a loan that is asked for can borrow, by the product as it stood at the application."""
    loan = loans.load(work, question.about)
    product = loan_offers.product(work, loan.product_code, loan.applied_on)
    return _limit(work, members.load(work, loan.member_id), product, loan)


def _limit(work: Work, member: Member, product: LoanProduct, but: Loan | None) -> Explanation:
    asked_on = work.today if but is None else but.applied_on
    shown = loan_limits.limit_beside(work, member, product.code, asked_on, but=but)
    standing = eligibility.standing_of(work, member, product, but)
    frame = _frame(work, member, (sources.of_product(product),))
    if shown.refusal:
        frame = replace(frame, notes=(shown.refusal, *frame.notes))
    return limits.limit(standing, product.eligibility, work.today, product.max_cents, frame)


def capacity(work: Work, question: Question) -> Explanation:
    """What a member can still guarantee."""
    member = members.load(work, question.about)
    pledges = guarantor_pledges.binding(work, around=member.id)
    mine = tuple(
        LivePromise(
            one.loan_number,
            one.borrower_name,
            one.pledge_cents,
            one.live_cents,
            one.taken_cents,
            one.loan_owed_cents,
            one.loan_lent_cents,
        )
        for one in pledges
        if one.guarantor_id == member.id
    )
    own = guarantor_standing.own_loans(work, [member.id], pledges).get(member.id, ())
    terms = guarantor_standing.terms_of(work), guarantor_pledges.release_rule(work)
    rules = ("guarantor.capacity", "guarantor.most_loans", "guarantor.release")
    frame = _frame(work, member, tuple(sources.of_setting(work, name) for name in rules))
    deposits = ledger.balance(work, members.deposits_account(member.number))
    return guarantors.capacity(deposits, own, mine, terms, frame)


def free(work: Work, question: Question) -> Explanation:
    """What of a member's deposits may be paid out."""
    member = members.load(work, question.about)
    facts = DepositFacts(
        ledger.balance(work, members.deposits_account(member.number)),
        payout_cover.pledged_deposits(work, member),
        payout_cover.keeps_collateral(work),
        payout_cover.carried_loans(work, member),
        tuple(
            LockedPromise(one.loan_number, one.live_cents, one.loan_owed_cents)
            for one in guarantor_pledges.of_member(work, member.id)
        ),
        payout_cover.pays_deposits_out(work),
    )
    terms = savings_products.product_named(work, deposits.DEPOSITS)
    rests_on = (
        sources.of_setting(work, "payout.refund_keeps_collateral"),
        Source(f"The terms of {terms.terms.name}", _since(terms)),
    )
    return free_deposits.free_deposits(facts, _frame(work, member, rests_on))


def _since(product: Product) -> date | None:
    """None for the terms that the books began with."""
    return None if product.since == SINCE_EVER else product.since


def _frame(work: Work, member: Member, of: tuple[Source, ...]) -> Frame:
    entries, notes = sources.entries_of(work, f"{MEMBER_DEPOSITS}.{member.number}")
    return Frame(f"{member.full_name}, {member.number}", work.today, of, entries, notes)
