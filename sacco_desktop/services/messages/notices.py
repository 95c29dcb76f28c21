"""The events of the office as messages: one function for each, called in the transaction of the event itself.

They do nothing while the society sends no messages, and never refuse the event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import Guarantee, Loan, Member, Payout, Prompt
from sacco_desktop.domain.messages.events import Event
from sacco_desktop.domain.messages.words import (
    Language,
    and_words,
    date_words,
    loan_words,
    money_words,
)
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.messages import outbox
from sacco_desktop.services.messages.outbox import Notice, Paper

_FINES = {Language.ENGLISH: "fines", Language.SWAHILI: "faini"}


@dataclass(frozen=True, slots=True)
class Received:
    """Money that a member brought, in cents, under which receipt of ours."""

    member_id: int
    receipt: str
    cents: int
    on: date


@dataclass(frozen=True, slots=True)
class PenaltyTold:
    """A penalty that was charged on a member, in cents; `subject` and `period` are what makes it the only one."""

    member_id: int
    loan_id: int | None
    rule: str
    subject: str
    period: str
    cents: int
    on: date


def contribution_received(
    work: Work, came: Received, products: tuple[str, ...], *, with_fines: bool
) -> None:
    """Money for savings products, by their names, and for fines."""

    def purpose(language: Language) -> str:
        fines = (_FINES[language],) if with_fines else ()
        return and_words((*products, *fines), language)

    _received(work, came, "savings", purpose)


def repayment_received(work: Work, came: Received, loan: Loan) -> None:
    """Money for a loan."""
    _received(work, came, loan.number, lambda language: loan_words(loan.number, language))


def _received(work: Work, came: Received, period: str, purpose: Callable[[Language], str]) -> None:
    def values(language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(came.cents),
            "purpose": purpose(language),
            "date": date_words(came.on, language),
            "receipt": came.receipt,
        }

    event = Event.PAYMENT_RECEIVED
    outbox.tell(work, Notice(event, came.member_id, came.receipt, period, values))


def prompt_failed(work: Work, prompt: Prompt, product: str) -> None:
    """A prompt on a phone ended without money; `product` is the name of what it was for, empty for a loan.

    Who is no member yet is not written to.
    """
    if prompt.member_id is None:
        return

    def values(language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(prompt.amount_cents),
            "purpose": product or {Language.ENGLISH: "your loan"}.get(language, "mkopo wako"),
            "date": date_words(work.today, language),
        }

    # Restored books count prompts anew, so the moment keeps two of one number apart.
    asked = prompt.asked_at.isoformat()
    outbox.tell(work, Notice(Event.PROMPT_FAILED, prompt.member_id, prompt.number, asked, values))


def penalty_charged(work: Work, told: PenaltyTold) -> None:
    """A penalty was charged. One that was dated back to before the last days is told all the same, once."""
    if not outbox.is_on(work):
        return
    loan = work.session.get(Loan, told.loan_id) if told.loan_id is not None else None

    def values(language: Language) -> Mapping[str, str]:
        own = {Language.ENGLISH: "your contributions"}.get(language, "michango yako")
        return {
            "amount": money_words(told.cents),
            "rule": told.rule,
            "about": loan_words(loan.number, language) if loan is not None else own,
            "date": date_words(told.on, language),
        }

    event = Event.PENALTY_CHARGED
    outbox.tell(work, Notice(event, told.member_id, told.subject, told.period, values))


def loan_approved(work: Work, loan: Loan) -> None:
    """The last person who was needed said yes to a loan."""

    def values(language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(loan.amount_cents),
            "loan": loan.number,
            "date": date_words(work.today, language),
        }

    outbox.tell(work, Notice(Event.LOAN_APPROVED, loan.member_id, loan.number, "", values))


def loan_paid_out(work: Work, loan: Loan, payout: Payout, on: date) -> None:
    """Some of a loan, or all of it, reached the member; what was too small to be sent went to the deposits."""
    cents = payout.mpesa_cents + payout.handed_cents or payout.deposits_cents

    def values(language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(cents),
            "loan": loan.number,
            "date": date_words(on, language),
            "receipt": payout.receipt or payout.number,
        }

    outbox.tell(work, Notice(Event.LOAN_PAID_OUT, loan.member_id, payout.number, "", values))


def guarantor(work: Work, event: Event, row: Guarantee, loan: Loan) -> None:
    """A guarantor was asked, has agreed, or is released."""
    if not outbox.is_on(work):
        return
    borrower = work.session.get_one(Member, loan.member_id).full_name

    def values(_language: Language) -> Mapping[str, str]:
        return {
            "amount": money_words(row.pledge_cents),
            "loan": loan.number,
            "borrower": borrower,
        }

    outbox.tell(work, Notice(event, row.member_id, loan.number, str(row.id), values))


def statement_ready(work: Work, member_id: int, days: tuple[date, date], paper: Paper) -> None:
    """A member's statement for these days, which goes along with the e-mail."""

    def values(language: Language) -> Mapping[str, str]:
        return {"from": date_words(days[0], language), "until": date_words(days[1], language)}

    period = f"{days[0].isoformat()}/{days[1].isoformat()}"
    subject = str(member_id)
    outbox.tell(work, Notice(Event.STATEMENT, member_id, subject, period, values, (paper,)))
