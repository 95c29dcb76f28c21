"""Fines for contributions that were missed: each due day is judged by what was paid by the end of its grace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import and_, select

from sacco_desktop.db.tables import Member, PenaltyCharge
from sacco_desktop.domain.member_status import BELONGS
from sacco_desktop.domain.obligations import Dues, dues_up_to, first_day, openings
from sacco_desktop.domain.penalties.charging import NewCharge
from sacco_desktop.domain.penalties.facts import Spared
from sacco_desktop.domain.penalties.terms import (
    About,
    DatedPenaltyTerms,
    PenaltyRule,
    Span,
    amount_cents,
)
from sacco_desktop.domain.savings import DatedTerms
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.penalties import exemptions, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Whose
from sacco_desktop.services.savings import obligations, savings_products
from sacco_desktop.services.savings.savings_products import Product

# A receipt that is taken back within a quarter makes its due day missed; one of before does so no more by itself.
_LOOKED_BACK = timedelta(days=92)
_DAY = timedelta(days=1)

Fine = tuple[NewCharge, Whose]


def find(work: Work, last: date | None, as_of: date) -> Iterator[list[Fine]]:
    """The fines that came due by that day and are not charged yet, those of one rule and one due day together. `last`
    is the day up to which all were charged before. The database adds up once for each due day.
    """
    rules = penalty_rules.rules_about(work, About.CONTRIBUTION)
    if not rules:
        return
    ids, spared = penalty_rules.ids(work), exemptions.of_members(work)
    for product, terms in savings_products.products_with_terms(work, as_of):
        if not openings(terms):
            continue
        for rule in rules:
            for day, dated in _due_days(rule, product, terms, last, as_of):
                done = _charged(work, ids[rule.code], day)
                fines = list(_missed(work, (rule, dated), (product, terms), day, spared))
                found = [one for one in fines if one[0].subject not in done]
                if found:
                    yield found


def _due_days(
    rule: PenaltyRule,
    product: Product,
    terms: Sequence[DatedTerms],
    last: date | None,
    as_of: date,
) -> Iterator[tuple[date, DatedPenaltyTerms]]:
    """The due days of the product that the rule judges by then, each with the terms of the rule on it."""
    since = min(one.effective_on for one in rule.dated if one.terms.is_on)
    first = since if last is None else max(since, last - _LOOKED_BACK)
    opened = min(one.counts_from for one in openings(terms))
    for day in dues_up_to(terms, opened, as_of).days:
        dated = rule.on(day)
        if day < first or dated is None or dated.terms.product not in ("", product.code):
            continue
        judged = day + timedelta(days=dated.terms.grace_days) + _DAY
        if judged <= as_of and rule.on(judged) is not None:
            yield day, dated


def _charged(work: Work, rule_id: int, day: date) -> set[str]:
    return set(
        work.session.scalars(
            select(PenaltyCharge.subject).where(
                PenaltyCharge.rule_id == rule_id,
                PenaltyCharge.period == day,
                PenaltyCharge.stage == 0,
            )
        )
    )


def _missed(
    work: Work,
    by: tuple[PenaltyRule, DatedPenaltyTerms],
    of: tuple[Product, tuple[DatedTerms, ...]],
    day: date,
    spared: dict[int, tuple[Spared, ...]],
) -> Iterator[Fine]:
    """Everybody of whom something of this due day is left at the end of the grace, the oldest due covered first."""
    (rule, dated), (product, terms) = by, of
    on = day + timedelta(days=dated.terms.grace_days) + _DAY
    only = and_(Member.status.in_(BELONGS), Member.joined_on <= day)
    paid = obligations.paid_by(work, [of], only, on - _DAY)
    known: dict[date | None, Dues] = {}
    members = work.session.execute(
        select(Member.id, Member.number, Member.joined_on).where(only).order_by(Member.number)
    )
    for member_id, number, joined_on in members:
        first = first_day(terms, joined_on)
        if first not in known:
            known[first] = dues_up_to(terms, first, day)
        left = _left(known[first], day, paid.get((member_id, product.product_id), 0))
        if left and not any(one.covers(rule.code, day) for one in spared.get(member_id, ())):
            span = Span(on, on, left)
            cents = amount_cents(dated.terms, (span,))
            subject = f"{number}/{product.code}"
            charge = NewCharge(
                rule.code, dated.terms_id, subject, day, 0, on, on, cents, cents, (span,)
            )
            yield charge, Whose(member_id)


def _left(dues: Dues, day: date, paid_cents: int) -> int:
    """What of the due of that day is unpaid, in cents."""
    if not dues.days or dues.days[-1] != day:
        return 0
    whole = dues.sums[-1] - (dues.sums[-2] if len(dues.sums) > 1 else 0)
    return min(whole, max(0, dues.sums[-1] - paid_cents))
