"""Reads what stands behind the figures of a loan: its arrears, and what must be provided for it."""

from __future__ import annotations

from datetime import date, timedelta

from sacco_desktop.db.tables import Loan
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.explanations import lateness, settling
from sacco_desktop.domain.explanations.explanation import Explanation, Frame, Source
from sacco_desktop.domain.explanations.lateness import AgreedAnew, ToProvide
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.explanations import sources
from sacco_desktop.services.explanations.question import Question
from sacco_desktop.services.lending import loans, payoffs, repayment_checks
from sacco_desktop.services.loan_figures import (
    loan_book,
    loan_penalties,
    loan_positions,
    loan_terms,
    schedule_versions,
)
from sacco_desktop.services.membership import members

_RUNS = ("active", "closed")


def arrears(work: Work, question: Question) -> Explanation:
    """What of the loan is late today. Raises WrongState before it is paid out."""
    loan = _running(work, question.about)
    schedule = loan_terms.kept_schedule(work, loan.id)
    found = loan_positions.position_of(work, loan)
    source = Source(f"The schedule of {loan.number}, version {loan.schedule}", loan.disbursed_on)
    return lateness.arrears(schedule, found, work.today, _frame(work, loan, work.today, source))


def payoff(work: Work, question: Question) -> Explanation:
    """What settles the loan on that day. Raises NotFound, and WrongState or InvalidInput as the payoff itself does."""
    on = question.on or work.today
    loan = repayment_checks.running(work, question.about)
    payoffs.check_day(work, loan, on)
    running = schedule_versions.running_of(work, loan)
    found = loan_penalties.position_on(work, loan, on)
    names = ("loan.payoff_interest", "loan.payoff_agreed_percent")
    frame = _frame(work, loan, on, *(sources.of_setting(work, name) for name in names))
    rule = payoffs.rule_of(work, running.terms)
    return settling.payoff(running, found, on, rule, frame)


def allowance(work: Work, question: Question) -> Explanation:
    """What must be provided for the loan at the end of that day. Raises WrongState where it owed nothing then."""
    loan, on = _running(work, question.about), question.on or work.today
    found = loan_book.loan_on(work, loan.id, on)
    if found is None:
        raise WrongState(f"{loan.number} owed nothing on that day, so nothing is provided for it.")
    # A loan that was agreed anew is classed as late as it was then, for as long as the rule says.
    since = on - timedelta(days=found.class_days) if found.class_days else None
    anew = tuple(
        AgreedAnew(day, days)
        for _loan, day, days in loan_book.late_when_agreed_anew(work, on, loan.id)
    )
    rules = ("loan.classes", "loan.rescheduled_months") if anew else ("loan.classes",)
    return lateness.allowance(
        ToProvide(found.owed_cents, since, on, anew, loan_book.kept_months(work, on)),
        loan_book.classes_on(work, on),
        _frame(work, loan, on, *(sources.of_setting(work, name, on) for name in rules)),
    )


def _running(work: Work, loan_id: int) -> Loan:
    loan = loans.load(work, loan_id)
    if loan.disbursed_on is None:
        raise WrongState(
            f"{loan.number} is not paid out, so nothing of it is owed or late. Pay it out first."
        )
    if loan.status not in _RUNS:
        raise WrongState(
            f"{loan.number} does not run any more, so nothing of it falls due. Look at another loan."
        )
    return loan


def _frame(work: Work, loan: Loan, on: date, *rests_on: Source) -> Frame:
    account = loan_positions.accounts_of(work, loan).loan
    entries, notes = sources.entries_of(work, account, is_owed_to_us=True)
    member = members.load(work, loan.member_id)
    about = f"{loan.number} of {member.full_name}, {member.number}"
    return Frame(about, on, rests_on, entries, notes)
