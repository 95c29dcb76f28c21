"""The rules of penalties that new books begin with: all switched off."""

from __future__ import annotations

from sacco_desktop.db.tables import PenaltyRuleRow, PenaltyTermsRow
from sacco_desktop.domain.penalties.rule_file import NamedRule, read_penalty_rules
from sacco_desktop.domain.penalties.terms import PenaltyTerms, growth_kept
from sacco_desktop.domain.setting_rules import SINCE_EVER
from sacco_desktop.services.books.work import Work
from sacco_desktop.settings import resources_dir


def shipped_rules() -> tuple[NamedRule, ...]:
    """The rules of the data file."""
    return read_penalty_rules((resources_dir() / "penalty_rules.toml").read_text(encoding="utf-8"))


def write_first_rules(work: Work) -> None:
    """Write the shipped rules into new books."""
    for one in shipped_rules():
        row = PenaltyRuleRow(code=one.code, about=one.about.value)
        work.session.add(row)
        work.session.flush()
        terms = columns_of(one.terms)
        work.session.add(PenaltyTermsRow(rule_id=row.id, effective_on=SINCE_EVER, **terms))
    work.session.flush()


def columns_of(terms: PenaltyTerms) -> dict[str, str | int | bool]:
    """Terms as their row keeps them."""
    return {
        "name": terms.name,
        "is_on": terms.is_on,
        "basis": terms.basis.value,
        "cents": terms.cents,
        "percent": terms.percent,
        "base": terms.base.value,
        "least_cents": terms.least_cents,
        "most_cents": terms.most_cents,
        "round_up_to": terms.round_up_to,
        "grace_days": terms.grace_days,
        "compound": terms.compound,
        "year_days": terms.year_days,
        "product": terms.product,
        "growth": growth_kept(terms.growth),
    }
