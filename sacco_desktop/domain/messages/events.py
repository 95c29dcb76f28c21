"""The events of which a member is told, and the named fields that the text of each may use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened, or is about to."""

    PAYMENT_RECEIVED = "payment_received"
    PROMPT_FAILED = "prompt_failed"
    INSTALMENT_SOON = "instalment_soon"
    INSTALMENT_TODAY = "instalment_today"
    INSTALMENT_OVERDUE = "instalment_overdue"
    PENALTY_CHARGED = "penalty_charged"
    LOAN_APPROVED = "loan_approved"
    LOAN_PAID_OUT = "loan_paid_out"
    GUARANTOR_ASKED = "guarantor_asked"
    GUARANTOR_ACCEPTED = "guarantor_accepted"
    GUARANTOR_MISSED = "guarantor_missed"
    GUARANTOR_RELEASED = "guarantor_released"
    DIVIDEND = "dividend"
    STATEMENT = "statement"
    PHONE_CODE = "phone_code"


class Weight(StrEnum):
    """How much a message matters to the member, which decides who still gets it after saying stop."""

    SECURITY = "security"  # Asked for by the member at this moment; nothing holds it back.
    NOTICE = "notice"  # Something happened to the member's money or name.
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is fixed about an event: its name for people, its weight, and the fields of its texts.

    Every text may also use the fields of COMMON.
    """

    title: str
    weight: Weight
    fields: frozenset[str]


# The member's first name, and the society's short name and telephone.
COMMON = frozenset({"name", "society", "office_phone"})


def _facts(title: str, weight: Weight, fields: str) -> EventFacts:
    return EventFacts(title, weight, frozenset(fields.split()) | COMMON)


FACTS: dict[Event, EventFacts] = {
    Event.PAYMENT_RECEIVED: _facts(
        "Payment received", Weight.NOTICE, "amount purpose date receipt"
    ),
    Event.PROMPT_FAILED: _facts("Prompt not paid", Weight.NOTICE, "amount purpose date"),
    Event.INSTALMENT_SOON: _facts("Instalment due soon", Weight.REMINDER, "amount loan date days"),
    Event.INSTALMENT_TODAY: _facts("Instalment due today", Weight.REMINDER, "amount loan date"),
    Event.INSTALMENT_OVERDUE: _facts(
        "Instalment overdue", Weight.REMINDER, "amount loan date days"
    ),
    Event.PENALTY_CHARGED: _facts("Penalty charged", Weight.NOTICE, "amount rule about date"),
    Event.LOAN_APPROVED: _facts("Loan approved", Weight.NOTICE, "amount loan date"),
    Event.LOAN_PAID_OUT: _facts("Loan paid out", Weight.NOTICE, "amount loan date receipt"),
    Event.GUARANTOR_ASKED: _facts("Guarantor asked", Weight.NOTICE, "amount loan borrower"),
    Event.GUARANTOR_ACCEPTED: _facts("Guarantor agreed", Weight.NOTICE, "amount loan borrower"),
    Event.GUARANTOR_MISSED: _facts(
        "Guaranteed loan missed an instalment", Weight.NOTICE, "amount loan borrower date"
    ),
    Event.GUARANTOR_RELEASED: _facts("Guarantor released", Weight.NOTICE, "loan borrower"),
    Event.DIVIDEND: _facts("Dividend", Weight.NOTICE, "amount year"),
    Event.STATEMENT: _facts("Statement", Weight.NOTICE, "from until"),
    Event.PHONE_CODE: _facts("Code for a phone", Weight.SECURITY, "code minutes"),
}
