"""Charges what the rules charge on everybody by a day: each charge dated as if it had been charged on its day.

A run can be repeated and can be late: what is charged already is not charged again, and missed days are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from sacco_desktop.db.tables import Loan, Member, PenaltyCharge, PenaltyRun
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.penalties.charging import NewCharge, Wanted, loan_charges
from sacco_desktop.domain.penalties.words import subject_words
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_penalties
from sacco_desktop.services.penalties import growing, penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Whose
from sacco_desktop.services.savings import missed_contributions

# So many loans take about a tenth of a second, after which a person's click has its turn.
_A_SLICE = 20


@dataclass(frozen=True, slots=True)
class Run:
    """A run up to a day: the last loan that was looked at, whether all were, and what was charged so far, in cents."""

    as_of: date | None = None
    last_id: int | None = None
    loans_done: bool = False
    charges: int = 0
    cents: int = 0
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class ToCharge:
    """A penalty that a run would charge: whose, what was late or missed, and the charge."""

    member_id: int
    member_number: str
    member_name: str
    rule_name: str
    why: str
    charge: NewCharge


def charge(work: Work, as_of: date) -> Run:
    """Charge everything that came due by that day, at once. Raises InvalidInput under `as_of` for a day to come."""
    run = charge_slice(work, Run(as_of))
    while not run.is_done:
        run = charge_slice(work, run)
    return run


def charge_slice(work: Work, run: Run) -> Run:
    """The next few loans; after the last of them the fines of members, one due day after the other."""
    work.allow(Act.CHARGE_PENALTIES)
    as_of = _checked(work, run.as_of)
    run = replace(run, as_of=as_of)
    return _of_members(work, run, as_of) if run.loans_done else _of_loans(work, run, as_of)


def _of_loans(work: Work, run: Run, as_of: date) -> Run:
    held = loan_penalties.rules(work)
    loans = work.session.scalars(
        select(Loan)
        .where(Loan.id > (run.last_id or 0), _may_be_charged(as_of))
        .order_by(Loan.id)
        .limit(_A_SLICE if held else 0)
    ).all()
    if not loans:
        return replace(run, loans_done=True)
    wanted = Wanted(as_of, cap=loan_penalties.cap_on(work, as_of))
    count, cents = loan_penalties.charge(work, held, loans, wanted)
    return replace(run, last_id=loans[-1].id, charges=run.charges + count, cents=run.cents + cents)


def _of_members(work: Work, run: Run, as_of: date) -> Run:
    fines = next(missed_contributions.find(work, last_day(work), as_of), None)
    if fines is not None:
        words = "Fines for missed contributions"
        ids = penalty_rules.ids(work)
        total = penalty_rows.keep(work, ids, words, fines[0][0].rule, fines)
        return replace(run, charges=run.charges + len(fines), cents=run.cents + total)
    grown, grown_cents = growing.catch_up(work, as_of)
    done = replace(run, charges=run.charges + grown, cents=run.cents + grown_cents, is_done=True)
    _remember(work, done, as_of)
    return done


def _remember(work: Work, done: Run, as_of: date) -> None:
    last = last_day(work)
    if last is None or as_of > last or done.charges:
        work.session.add(
            PenaltyRun(
                through=as_of,
                charges=done.charges,
                cents=done.cents,
                made_by=work.actor.user_id,
                made_at=work.now,
            )
        )
        work.session.flush()
    if done.charges:
        detail: audit.Detail = {"charges": done.charges, "cents": done.cents}
        audit.record(work, "charged penalties", as_of.isoformat(), detail)
    work.changed(Topic.PENALTIES)


def last_day(work: Work) -> date | None:
    """The last day up to which penalties were charged."""
    return work.session.scalar(select(func.max(PenaltyRun.through)))


def _checked(work: Work, as_of: date | None) -> date:
    day = as_of or work.today
    if day > work.today:
        raise InvalidInput("Penalties are charged up to today, and not for days to come.", "as_of")
    return day


def _may_be_charged(as_of: date) -> ColumnElement[bool]:
    """Loans that are late, and those whose penalties may grow."""
    grows = select(PenaltyCharge.id).where(PenaltyCharge.loan_id == Loan.id).exists()
    return (Loan.status == "active") & or_(Loan.unpaid_since < as_of, grows)


def preview(work: Work, as_of: date) -> tuple[ToCharge, ...]:
    """What a run up to that day would charge; nothing is written. Raises InvalidInput as the run does."""
    work.allow(Act.LOOK)
    as_of = _checked(work, as_of)
    found: list[tuple[NewCharge, Whose]] = []
    held = loan_penalties.rules(work)
    if held:
        loans = work.session.scalars(
            select(Loan).where(_may_be_charged(as_of)).order_by(Loan.id)
        ).all()
        facts = loan_penalties.facts_of(work, loans)
        wanted = Wanted(as_of, cap=loan_penalties.cap_on(work, as_of))
        for loan in loans:
            for one in loan_charges(held, facts[loan.id], wanted):
                found.append((one, Whose(loan.member_id, loan.id, one.instalment)))
    for fines in missed_contributions.find(work, last_day(work), as_of):
        found += fines
    for fines in growing.find(work, as_of):
        found += fines
    return _named(work, found)


def _named(work: Work, found: list[tuple[NewCharge, Whose]]) -> tuple[ToCharge, ...]:
    if not found:
        return ()
    people = {
        row.id: row
        for row in work.session.scalars(
            select(Member).where(Member.id.in_({whose.member_id for _one, whose in found}))
        )
    }
    rules = {rule.code: rule for rule in penalty_rules.list_rules(work)}
    return tuple(
        ToCharge(
            whose.member_id,
            people[whose.member_id].number,
            people[whose.member_id].full_name,
            rules[one.rule].terms.name,
            subject_words(rules[one.rule].about, one.subject, one.period, one.instalment),
            one,
        )
        for one, whose in sorted(found, key=lambda each: (each[0].on, each[0].subject))
    )
