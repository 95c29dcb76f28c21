"""What an approval is bound to: a fingerprint of exactly what was shown, void as soon as any of it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from sacco_desktop.domain.errors import SamePerson

# Only texts, whole numbers and lists of them: a content must read the same on every machine and in every year.
Content = Mapping[str, str | int | list[list[str | int]]]


class ApprovalKind(StrEnum):
    """What is asked for. Each kind has one service function that carries out a yes.

    Under INSIDER_LOAN only levels are kept: the loan of an insider is asked for as a loan, and needs these.
    """

    LOAN = "loan"
    INSIDER_LOAN = "insider_loan"
    PAYOUT = "payout"
    PAYOUT_NOT_PAID = "payout_not_paid"
    FAILURE_TAKEN_BACK = "failure_taken_back"
    PAID_TWICE = "paid_twice"
    PAYMENT_RETURNED = "payment_returned"
    REST_NOT_WANTED = "rest_not_wanted"
    GUARANTORS_CALLED = "guarantors_called"
    LOAN_RESCHEDULE = "loan_reschedule"
    LOAN_WRITE_OFF = "loan_write_off"
    PROVISIONING = "provisioning"
    FLOAT_TOP_UP = "float_top_up"
    REVERSAL = "reversal"
    APPROVAL_RULES = "approval_rules"
    SETTING = "setting"
    PEOPLE = "people"
    RELAY_SKIP = "relay_skip"
    BOOK_IMPORT = "book_import"
    MEMBERSHIP = "membership"
    SAVINGS_TERMS = "savings_terms"
    PENALTY_TERMS = "penalty_terms"
    PENALTY_WAIVER = "penalty_waiver"
    MEMBER_STATUS = "member_status"
    MEMBER_EXIT = "member_exit"
    SHARE_TRANSFER = "share_transfer"
    CHECK_OFF = "check_off"
    CHECK_OFF_UNDONE = "check_off_undone"
    CHECK_OFF_OWNER = "check_off_owner"
    CHECK_OFF_OWNER_UNDONE = "check_off_owner_undone"
    RECEIPT_ALLOCATION = "receipt_allocation"
    RESCHEDULE_UNDONE = "reschedule_undone"
    LOAN_FROM_DEPOSITS = "loan_from_deposits"
    RECEIPT_REVERSAL = "receipt_reversal"


class ApprovalStatus(StrEnum):
    """Where a request stands; void means that its content changed after somebody decided or before."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"


class Decision(StrEnum):
    """What an approver said."""

    APPROVE = "approve"
    REJECT = "reject"


def canonical(content: Content) -> str:
    """One text for one content, whatever the order in which it was put together."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: Content) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def check_other_person(asked_by: int, approver: int, others: list[str]) -> None:
    """Raise SamePerson, naming who can decide instead, when the maker would be the checker."""
    if asked_by == approver:
        raise SamePerson(same_person_words("You made this request", others))


def same_person_words(why: str, others: list[str]) -> str:
    """Why this person cannot decide, and who can: `why` is how the sentence begins, without a full stop."""
    who = " or ".join(others) if others else "another person with the right role"
    return f"{why}, so someone else must approve it. {who[:1].upper()}{who[1:]} can."
