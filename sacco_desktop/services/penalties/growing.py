"""Fines that nobody pays grow by the stages of their rule: found for everybody, or for a member who is about to pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import PenaltyCharge, PenaltyPayment, PenaltyWaiver
from sacco_desktop.domain.penalties.charging import NewCharge, growth
from sacco_desktop.domain.penalties.facts import Charged
from sacco_desktop.domain.penalties.terms import About, PenaltyRule
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.penalties import penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Whose

Fine = tuple[NewCharge, Whose]


def find(work: Work, until: date, member_id: int | None = None) -> Iterator[list[Fine]]:
    """The stages that came due by that day and are not charged yet, those of one rule and day together."""
    rules = {
        rule.code: rule
        for about in (About.CONTRIBUTION, About.MEETING)
        for rule in penalty_rules.rules_about(work, about)
        if any(one.terms.growth for one in rule.dated)
    }
    if not rules:
        return
    wanted = [PenaltyCharge.loan_id.is_(None), _is_open()]
    if member_id is not None:
        wanted.append(PenaltyCharge.member_id == member_id)
    fines: dict[tuple[str, str, date], list[penalty_rows.Kept]] = {}
    for one in penalty_rows.read(work, *wanted):
        key = one.charged.rule, one.charged.subject, one.charged.period
        fines.setdefault(key, []).append(one)
    grown: dict[tuple[date, str], list[Fine]] = {}
    for (code, _subject, _period), stages in fines.items():
        if code in rules:
            whose = Whose(stages[0].member_id)
            for charge in _grow(rules[code], [one.charged for one in stages], until):
                grown.setdefault((charge.on, code), []).append((charge, whose))
    for place in sorted(grown):
        yield grown[place]


def _grow(rule: PenaltyRule, stages: list[Charged], until: date) -> Iterator[NewCharge]:
    while (charge := growth(rule, stages, until)) is not None:
        stages = [*stages, charge.charged]
        yield charge


def catch_up(work: Work, until: date, member_id: int | None = None) -> tuple[int, int]:
    """Charge them; how many, and their cents."""
    ids, count, total = penalty_rules.ids(work), 0, 0
    for fines in list(find(work, until, member_id)):
        first = fines[0][0]
        total += penalty_rows.keep(work, ids, "Unpaid fines have grown", first.rule, fines)
        count += len(fines)
    return count, total


def _is_open() -> ColumnElement[bool]:
    """Something is left of the fine: of its charge, or of a stage that it has grown by."""
    one = aliased(PenaltyCharge)
    paid = (
        select(func.coalesce(func.sum(PenaltyPayment.cents), 0))
        .where(PenaltyPayment.charge_id == one.id, ~penalty_rows.TAKEN_BACK)
        .scalar_subquery()
    )
    waived = (
        select(func.coalesce(func.sum(PenaltyWaiver.cents), 0))
        .where(PenaltyWaiver.charge_id == one.id)
        .scalar_subquery()
    )
    return exists().where(
        one.rule_id == PenaltyCharge.rule_id,
        one.subject == PenaltyCharge.subject,
        one.period == PenaltyCharge.period,
        one.cents > paid + waived,
    )
