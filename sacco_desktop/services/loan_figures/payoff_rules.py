"""How the society settles loans early, from its settings."""

from __future__ import annotations

from sacco_desktop.domain import settlement
from sacco_desktop.domain.loan_terms import LoanTerms
from sacco_desktop.domain.payoff import PayoffRule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society


def rule_of(work: Work, terms: LoanTerms) -> PayoffRule:
    """How the society settles loans of these terms."""
    interest = society.setting(work, "loan.payoff_interest")
    share = society.number_setting(work, "loan.payoff_agreed_percent")
    return settlement.payoff_rule(terms, interest, share)
