"""The rules of penalties: what holds for each on a day, and changes of it, which two people make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import PenaltyRuleRow, PenaltyTermsRow
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.penalties.terms import (
    About,
    Basis,
    Counted,
    DatedPenaltyTerms,
    PenaltyRule,
    PenaltyTerms,
    checked_terms,
    growth_of_kept,
)
from sacco_desktop.domain.penalties.words import terms_words
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.savings import code_of_name
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals, first_rules


@dataclass(frozen=True, slots=True)
class RuleNow:
    """A rule with what holds for it today, since when, and what will."""

    rule_id: int
    code: str
    about: About
    terms: PenaltyTerms
    since: date
    coming: DatedPenaltyTerms | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What the terms say, in plain words."""
        return terms_words(self.about, self.terms)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Other terms of a rule from a day on; with an empty `code` a new rule of this kind."""

    code: str
    about: About
    terms: PenaltyTerms
    effective_on: date


def list_rules(work: Work, _nothing: None = None) -> tuple[RuleNow, ...]:
    """Every rule that has terms, those of loans first."""
    work.allow(Act.LOOK)
    found = []
    for row, rule in _everything(work):
        held = [one for one in rule.dated if one.effective_on <= work.today]
        later = [one for one in rule.dated if one.effective_on > work.today]
        known = [*held[-1:], *later]
        if known:
            now, coming = known[0], known[1] if len(known) > 1 else None
            found.append(RuleNow(row.id, row.code, rule.about, now.terms, now.effective_on, coming))
    order = {about: place for place, about in enumerate(About)}
    return tuple(sorted(found, key=lambda one: (order[one.about], one.rule_id)))


def rules_about(work: Work, about: About) -> tuple[PenaltyRule, ...]:
    """The rules of one kind that charge anything at any time, with all their terms; one question."""
    return tuple(
        rule for _row, rule in _everything(work) if rule.about is about and rule.was_ever_on
    )


def ids(work: Work) -> dict[str, int]:
    """The id of each rule by its code."""
    rows = work.session.execute(select(PenaltyRuleRow.code, PenaltyRuleRow.id))
    return {code: rule_id for code, rule_id in rows}  # noqa: C416


def _everything(work: Work) -> list[tuple[PenaltyRuleRow, PenaltyRule]]:
    found: dict[int, tuple[PenaltyRuleRow, list[DatedPenaltyTerms]]] = {}
    rows = work.session.execute(
        select(PenaltyRuleRow, PenaltyTermsRow)
        .join(PenaltyTermsRow, PenaltyTermsRow.rule_id == PenaltyRuleRow.id)
        .order_by(PenaltyRuleRow.id, PenaltyTermsRow.effective_on)
    )
    for rule, terms in rows:
        _row, dated = found.setdefault(rule.id, (rule, []))
        dated.append(DatedPenaltyTerms(terms.effective_on, terms_of_row(terms), terms.id))
    return [
        (row, PenaltyRule(row.code, About(row.about), tuple(dated)))
        for row, dated in found.values()
    ]


def terms_of_row(row: PenaltyTermsRow) -> PenaltyTerms:
    """The terms that a row keeps."""
    return PenaltyTerms(
        name=row.name,
        is_on=row.is_on,
        basis=Basis(row.basis),
        cents=row.cents,
        percent=row.percent,
        base=Counted(row.base),
        least_cents=row.least_cents,
        most_cents=row.most_cents,
        round_up_to=row.round_up_to,
        grace_days=row.grace_days,
        compound=row.compound,
        year_days=row.year_days,
        product=row.product,
        growth=growth_of_kept(row.growth),
    )


def ask_terms(work: Work, change: RuleChange) -> int:
    """Ask another person for other terms or a new rule; returns the request's id. Nothing changes by it.

    Raises InvalidInput under the field that is wrong, WrongState when nothing would change.
    """
    work.allow(Act.MANAGE_RULES)
    if change.effective_on < work.today:
        raise InvalidInput("A rule changes today or later, not in the past.", "effective_on")
    row = _row_for(work, change)
    about = About(row.about)
    terms = checked_terms(about, change.terms)
    before = _words_on(work, row, change.effective_on)
    after = "; ".join(terms_words(about, terms))
    if before == after:
        raise WrongState("That is the rule already. Nothing was asked for.")
    content: dict[str, str | int | list[list[str | int]]] = {
        "rule": row.code,
        "about": row.about,
        "title": terms.name,
        "before": before,
        "after": after,
        "from": change.effective_on.isoformat(),
        **{
            name: int(value) if isinstance(value, bool) else value
            for name, value in first_rules.columns_of(terms).items()
        },
    }
    new = approvals.NewRequest(
        ApprovalKind.PENALTY_TERMS, row.id, f"Penalty rule: {terms.name}", 0, content
    )
    return approvals.ask(work, new)


def _row_for(work: Work, change: RuleChange) -> PenaltyRuleRow:
    """The rule itself; a new one is written down, and holds only when it has terms."""
    if change.code:
        return _load(work, change.code)
    code = code_of_name(checked_terms(change.about, change.terms).name)
    if len(code) < 2 or not code[0].isalpha():
        raise InvalidInput("Write a name that begins with a letter of A to Z.", "name")
    same = work.session.scalar(select(PenaltyRuleRow).where(PenaltyRuleRow.code == code))
    if same is not None:
        if same.about != change.about.value or _dated(work, same):
            raise InvalidInput("There is a rule of this name already.", "name")
        return same
    row = PenaltyRuleRow(code=code, about=change.about.value)
    work.session.add(row)
    work.session.flush()
    return row


def _load(work: Work, code: str) -> PenaltyRuleRow:
    row = work.session.scalar(select(PenaltyRuleRow).where(PenaltyRuleRow.code == code))
    if row is None:
        raise NotFound("There is no such rule.")
    return row


def _dated(work: Work, row: PenaltyRuleRow) -> tuple[DatedPenaltyTerms, ...]:
    rows = work.session.scalars(
        select(PenaltyTermsRow)
        .where(PenaltyTermsRow.rule_id == row.id)
        .order_by(PenaltyTermsRow.effective_on)
    )
    return tuple(DatedPenaltyTerms(one.effective_on, terms_of_row(one), one.id) for one in rows)


def _words_on(work: Work, row: PenaltyRuleRow, on: date) -> str:
    held = [one for one in _dated(work, row) if one.effective_on <= on]
    if not held:
        return "Not in the books yet"
    return "; ".join(terms_words(About(row.about), held[-1].terms))


def content_now(work: Work, content: Content) -> Content:
    """The content as it would be asked today: what is before it may have changed meanwhile."""
    row = _load(work, str(content["rule"]))
    day = max(date.fromisoformat(str(content["from"])), work.today)
    return {**content, "before": _words_on(work, row, day)}


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Write the approved terms down. They count from their day, or from today if that day has passed. Raises WrongState
    when terms of that day are there already.
    """
    row = _load(work, str(content["rule"]))
    day = max(date.fromisoformat(str(content["from"])), work.today)
    if any(one.effective_on == day for one in _dated(work, row)):
        raise WrongState(
            f"This rule has terms from {format_date(day)} already. Ask for them from the next day on."
        )
    terms = checked_terms(About(row.about), _terms_of_content(content))
    columns = first_rules.columns_of(terms)
    work.session.add(
        PenaltyTermsRow(rule_id=row.id, effective_on=day, request_id=request_id, **columns)
    )
    work.session.flush()
    detail: audit.Detail = {"from": day.isoformat(), "request": request_id}
    audit.record(work, "changed a penalty rule", row.code, detail)
    work.changed(Topic.SETTINGS, Topic.PENALTIES)


def _terms_of_content(content: Content) -> PenaltyTerms:
    def number(name: str) -> int:
        return int(str(content[name]))

    return PenaltyTerms(
        name=str(content["name"]),
        is_on=bool(number("is_on")),
        basis=Basis(str(content["basis"])),
        cents=number("cents"),
        percent=number("percent"),
        base=Counted(str(content["base"])),
        least_cents=number("least_cents"),
        most_cents=number("most_cents"),
        round_up_to=number("round_up_to"),
        grace_days=number("grace_days"),
        compound=bool(number("compound")),
        year_days=number("year_days"),
        product=str(content["product"]),
        growth=growth_of_kept(str(content["growth"])),
    )
