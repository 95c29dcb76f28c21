"""Reminds members of instalments, and guarantors of those that were missed; each once, however often it runs.

A run after days in which the PC was off writes what still makes sense today: nobody hears that something is due soon
which is late by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from sacco_desktop.db.tables import Guarantee, Loan, LoanInstalment, Member, Message
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.reminders import (
    OpenInstalment,
    Reminder,
    due_reminders,
    first_due,
)
from sacco_desktop.domain.messages.words import Language, date_words, money_words
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.loan_figures import loan_positions
from sacco_desktop.services.messages import message_rules, outbox
from sacco_desktop.services.messages.outbox import Notice

_A_SLICE = 50
_BOUND = ("accepted", "called_upon")
_OWN = (Event.INSTALMENT_SOON, Event.INSTALMENT_TODAY, Event.INSTALMENT_OVERDUE)


@dataclass(frozen=True, slots=True)
class ReminderSlice:
    """The last loan that was looked at, by id, and how many messages were written; None when there are no more."""

    last_id: int | None
    written: int = 0


def remind_slice(work: Work, given: ReminderSlice) -> ReminderSlice:
    """Write the reminders of the next few loans; the clock goes on until none is left."""
    work.allow(Act.FOLLOW_UP)
    rules = message_rules.rules(work)
    if not rules.is_on:
        return ReminderSlice(None, given.written)
    last_day = work.today + timedelta(days=rules.due_days)
    loans = work.session.scalars(
        select(Loan)
        .where(
            Loan.status == "active",
            Loan.id > (given.last_id or 0),
            Loan.unpaid_since <= last_day,
            select(LoanInstalment.id)
            .where(
                LoanInstalment.loan_id == Loan.id,
                LoanInstalment.schedule == Loan.schedule,
                LoanInstalment.due_on.between(first_due(work.today), last_day),
            )
            .exists(),
        )
        .order_by(Loan.id)
        .limit(_A_SLICE)
    ).all()
    told = _told(work, loans)
    written = sum(_remind(work, loan, rules.due_days, told) for loan in loans)
    last = loans[-1].id if len(loans) == _A_SLICE else None
    return ReminderSlice(last, given.written + written)


def _told(work: Work, loans: Sequence[Loan]) -> set[tuple[str, str, str]]:
    """What these loans were told of already, so that nothing is reckoned for it again."""
    rows = work.session.execute(
        select(Message.event, Message.subject, Message.period).where(
            Message.event.in_([event.value for event in _OWN]),
            Message.subject.in_([loan.number for loan in loans]),
        )
    )
    return {(event, subject, period) for event, subject, period in rows}


def _remind(work: Work, loan: Loan, due_days: int, told: set[tuple[str, str, str]]) -> int:
    found = loan_positions.position_of(work, loan)
    lines = [OpenInstalment(line.due_on, line.total_cents) for line in found.left]
    written = 0
    for reminder in due_reminders(lines, found.prepaid_cents, work.today, due_days):
        period = reminder.due_on.isoformat()
        if (reminder.event.value, loan.number, period) in told:
            continue
        written += outbox.tell(
            work,
            Notice(reminder.event, loan.member_id, loan.number, period, _values(loan, reminder)),
        )
        if reminder.event is Event.INSTALMENT_OVERDUE:
            written += _tell_guarantors(work, loan, reminder)
    return written


def _values(loan: Loan, reminder: Reminder) -> outbox.Values:
    def values(language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(reminder.cents),
            "loan": loan.number,
            "date": date_words(reminder.due_on, language),
            "days": str(reminder.days),
        }

    return values


def _tell_guarantors(work: Work, loan: Loan, reminder: Reminder) -> int:
    """Everybody who is bound for the loan, at each instalment that is missed."""
    borrower = work.session.get_one(Member, loan.member_id).full_name

    def values(language: Language) -> Mapping[str, str]:
        return {**_values(loan, reminder)(language), "borrower": borrower}

    rows = work.session.scalars(
        select(Guarantee)
        .where(Guarantee.loan_id == loan.id, Guarantee.status.in_(_BOUND))
        .order_by(Guarantee.id)
    ).all()
    written = 0
    for row in rows:
        period = f"{reminder.due_on.isoformat()}/{row.id}"
        event = Event.GUARANTOR_MISSED
        written += outbox.tell(work, Notice(event, row.member_id, loan.number, period, values))
    return written
