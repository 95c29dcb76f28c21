"""Turns what the database refused into the sentence that belongs to the rule; an unknown refusal stays what it
is: a bug.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from sacco_desktop.db.server_errors import is_away, is_long_wait
from sacco_desktop.domain import errors

_HELD = "This payout is on hold. A treasurer can release it. Nothing was sent."

_BY_CODE: dict[str, tuple[type[errors.SaccoError], str]] = {
    "entry_unbalanced": (
        errors.UnbalancedEntry,
        "Debits and credits of this entry differ. Nothing was posted.",
    ),
    "entry_one_legged": (
        errors.UnbalancedEntry,
        "An entry needs at least two postings. Nothing was posted.",
    ),
    "month_closed": (
        errors.PeriodClosed,
        "That month is closed. Use a date in an open month.",
    ),
    "deposits_overdrawn_by_reversal": (
        errors.WrongState,
        "The member has had this money since, so it cannot be taken out again. Nothing was reversed.",
    ),
    "slip_paid_in_twice": (
        errors.WrongState,
        "This slip or cheque of that day was taken before. Nothing was taken in.",
    ),
    "cleared_cheque_taken_back": (
        errors.WrongState,
        "This cheque is cleared. Take its clearing back first. Nothing was reversed.",
    ),
    "manual_journal_on_owned_account": (
        errors.WrongState,
        "What a member or a loan owns is not moved by a journal of one's own. Nothing was posted.",
    ),
    "shares_paid_back": (
        errors.WrongState,
        "Share capital is never paid back; it moves to another member. Nothing was asked for.",
    ),
    "penalty_taken_back": (
        errors.WrongState,
        "A penalty is waived and not reversed. Ask for a waiver instead. Nothing was reversed.",
    ),
    "penalty_paid_beyond_charge": (
        errors.WrongState,
        "Less is left of this penalty by now. Look at it again. Nothing was taken.",
    ),
    "penalty_waived_beyond_charge": (
        errors.WrongState,
        "Less is left of this penalty by now. Look at it again. Nothing was waived.",
    ),
    "notice_used_twice": (
        errors.WrongState,
        "This notice is used by another payout. Nothing was asked for.",
    ),
    "savings_overdrawn": (
        errors.WrongState,
        "The member does not have so much in these savings. Nothing was posted.",
    ),
    "withdrawal_above_savings": (
        errors.WrongState,
        "The member does not have so much in these savings any more. Nothing was paid.",
    ),
    **dict.fromkeys(
        ("never_paid_out", "never_paid_out_sent", "never_paid_out_by_hand"),
        (
            errors.WrongState,
            "The terms of this product say that nothing of it is paid out. Two people can agree to other terms."
            " Nothing was paid.",
        ),
    ),
    "notice_used_before_its_day": (
        errors.WrongState,
        "The notice has not run yet. Pay from its day on. Nothing was asked for.",
    ),
    "deposits_without_notice": (
        errors.WrongState,
        "Deposits need the notice of their terms. Write it down first. Nothing was approved.",
    ),
    "notice_in_use_taken_back": (
        errors.WrongState,
        "A payout uses this notice. Take the payout back first.",
    ),
    "loan_undone_repaid": (
        errors.WrongState,
        "Something of this loan was repaid. Reverse that first, then say again that the payment came back.",
    ),
    "posted_into_signed_day": (
        errors.PeriodClosed,
        "That day is reconciled with the statement and signed. Use a later date, or reopen it under Reconciliation.",
    ),
    **dict.fromkeys(
        ("line_in_signed_day", "match_undone_in_signed_day"),
        (
            errors.PeriodClosed,
            "That day is signed, so nothing of it changes. Two people can reopen it under Reconciliation.",
        ),
    ),
    **dict.fromkeys(
        ("matched_twice", "match_does_not_add_up", "signed_at_another_balance"),
        (
            errors.ChangedMeanwhile,
            "Somebody has worked on this account meanwhile. Look at it again; nothing was changed.",
        ),
    ),
    **dict.fromkeys(
        ("signed_with_lines_left", "signed_with_postings_left"),
        (
            errors.WrongState,
            "Something of these days is still left over. Settle it first; nothing was signed.",
        ),
    ),
    "maker_is_checker": (
        errors.SamePerson,
        "You made this request, so someone else must approve it.",
    ),
    "approver_is_sender": (
        errors.SamePerson,
        "You approved this payout, so someone else must send it.",
    ),
    "approver_sends_unsent": (
        errors.SamePerson,
        "You approved this payout, so someone else must send it.",
    ),
    "approver_hands_over": (
        errors.SamePerson,
        "You approved this payout, so someone else must pay it.",
    ),
    "maker_pays_cash": (
        errors.SamePerson,
        "You asked for this payout, so someone else must pay it at the till.",
    ),
    "payout_on_hold_leaves": (errors.OnHold, _HELD),
    "attempt_of_payout_on_hold": (errors.OnHold, _HELD),
    "attempt_on_hold_leaves": (errors.OnHold, _HELD),
    "hand_over_of_payout_on_hold": (errors.OnHold, _HELD),
    "payout_let_go_in_doubt": (
        errors.WrongState,
        "This payment may have left, so it cannot be taken back or asked for anew.",
    ),
    "decision_too_late": (
        errors.AlreadyDecided,
        "Somebody else has decided on this already. The first decision stands.",
    ),
    "decision_on_other_content": (
        errors.ChangedMeanwhile,
        "What you were shown has changed since. Read it again before you decide.",
    ),
    "decision_without_role": (
        errors.NotAllowed,
        "The role for this decision was taken away meanwhile. Nothing was decided.",
    ),
    "approved_without_quorum": (
        errors.WrongState,
        "More people must agree before this is approved. Nothing was approved.",
    ),
    "applicant_decides": (
        errors.SamePerson,
        "You wrote or appraised this loan, so someone else must decide on it.",
    ),
    "borrower_decides": (
        errors.SamePerson,
        "This is about you as a member, so someone else must decide on it.",
    ),
    "relation_decides": (
        errors.SamePerson,
        "This is about a near relation of yours, so someone else must decide on it.",
    ),
    "guarantor_decides": (
        errors.SamePerson,
        "You guarantee this loan, so someone else must decide on it.",
    ),
    "insider_tie_ended_by_one": (
        errors.SamePerson,
        "Who wrote this down, or whom it is about, does not end it. Somebody else can.",
    ),
    "lowered_by_maker": (
        errors.SamePerson,
        "You asked for this loan, wrote it or appraised it, so someone else must decide on its sum.",
    ),
    "vote_not_attested_by_another": (
        errors.WrongState,
        "The members' vote must be recorded by another person first, and carry the loan. Nothing was decided.",
    ),
    "loan_fee_taken_twice": (
        errors.WrongState,
        "The fees of this loan were taken already. Nothing was taken in.",
    ),
    "loan_fee_given_back_late": (
        errors.WrongState,
        "This loan is being paid out or runs, so its fees are not given back. Take its payout back first.",
    ),
    "payout_before_its_fees": (
        errors.WrongState,
        "The fees that are paid beside this loan are not there yet. Nothing was asked for.",
    ),
    "deputy_of_the_maker_decides": (
        errors.SamePerson,
        "You stand in for who made this request, so someone else must approve it.",
    ),
    "one_voice_heard_twice": (
        errors.AlreadyDecided,
        "An officer and the deputy are one voice, and it was heard on this already.",
    ),
    "day_closed": (
        errors.PeriodClosed,
        "That day is closed. Date it in a day that is open, or let two people reopen the last closed day on Today."
        " Nothing was posted.",
    ),
    "day_closed_already": (
        errors.WrongState,
        "This day is closed already. Print its sheet.",
    ),
    "day_reopened_below_a_closed_one": (
        errors.WrongState,
        "A later day is closed. Only the last closed day is reopened.",
    ),
    "day_closed_on_another_head": (
        errors.ChangedMeanwhile,
        "Something was posted while the day was being closed. Look at the checks again, then close it.",
    ),
    "auditor_is_more": (
        errors.WrongState,
        "An auditor changes nothing, so an auditor has no other role. Take the other role away first.",
    ),
    "posted_entry_edited": (
        errors.PostedIsFinal,
        "A posted entry cannot be changed. Reverse it instead.",
    ),
    "posted_entry_deleted": (
        errors.PostedIsFinal,
        "A posted entry cannot be deleted. Reverse it instead.",
    ),
    "posted_entry_added_to": (
        errors.PostedIsFinal,
        "Nothing can be added to a posted entry. Post another one.",
    ),
    "posted_posting_edited": (
        errors.PostedIsFinal,
        "A posted line cannot be changed. Reverse the entry instead.",
    ),
    "posted_posting_deleted": (
        errors.PostedIsFinal,
        "A posted line cannot be deleted. Reverse the entry instead.",
    ),
}

_UNIQUE: dict[str, tuple[str, str]] = {
    "member.national_id": ("national_id", "A member with this ID number exists already."),
    "member.phone": ("phone", "A member with this phone number exists already."),
    "sitting.minute_number": (
        "minute_number",
        "A sitting with this minute number exists already. Write the next one.",
    ),
    "user_member.member_id": (
        "member",
        "Somebody else of the office is linked to this member already.",
    ),
    "user_account.username": ("username", "That user name is taken. Choose another one."),
}


def code_of(error: IntegrityError) -> str | None:
    """The code of the guard that refused, or None when it was no guard."""
    text = str(error.orig)
    if "refused:" not in text:
        return None
    return text.split("refused:", 1)[1].split()[0].strip()


def translate(error: IntegrityError) -> errors.SaccoError | None:
    """The office's sentence for a refusal of the database, or None when nobody expected it."""
    code = code_of(error)
    if code in _BY_CODE:
        kind, message = _BY_CODE[code]
        return kind(message)
    text = str(error.orig)
    for column, (field, message) in _UNIQUE.items():
        constraint = "uq_" + column.replace(".", "_")
        if text.endswith(f"UNIQUE constraint failed: {column}") or constraint in text:
            return errors.InvalidInput(message, field)
    return None


def refusal_of(error: DBAPIError, *, of_a_reader: bool = False) -> errors.SaccoError | None:
    """The office's sentence for whatever the database said, or None for a bug, as a reader that writes is one."""
    if isinstance(error, IntegrityError):
        return translate(error)
    if is_away(error):
        return errors.OutsideUnavailable(
            "books", "The connection to the books broke, and nothing was saved. Try again."
        )
    if is_long_wait(error):
        return errors.OutsideUnavailable(
            "books",
            "Another computer was busy with the books for too long. Nothing was saved. Try again.",
        )
    if isinstance(error, DatabaseError):
        is_bug = of_a_reader and _sqlite_code(error) == _READ_ONLY
        return None if is_bug else disk_trouble(error) or damage(error)
    return None


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Let what the database says in this block come out as the office's sentence, where there is one."""
    try:
        yield
    except DBAPIError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def damage(error: DatabaseError) -> errors.BooksDamaged | None:
    """The sentence for a file whose pages do not fit together any more, or None for every other trouble."""
    if "malformed" not in str(error.orig) and "not a database" not in str(error.orig):
        return None
    return errors.BooksDamaged(
        "The file of the books is damaged. Nothing was changed. Stop working and restore the last backup."
    )


# The first byte of SQLite's codes; the others say at which call it happened.
_READ_ONLY, _DISK, _FULL, _CANNOT_OPEN = 8, 10, 13, 14
_WHAT_NOW = "Nothing was saved. Your work goes on as soon as that is put right; try again then."


def disk_trouble(error: DBAPIError) -> errors.OutsideUnavailable | None:
    """The sentence for a disk that is full, broken or write-protected, or None for every other trouble."""
    code = _sqlite_code(error) & 0xFF
    what = {
        _FULL: "The disk of the books is full. Free some room on it.",
        _READ_ONLY: "The books may not be written to: their disk or folder is read-only. Allow writing there.",
        _CANNOT_OPEN: "The file of the books cannot be opened. Look whether its disk is there and may be written to.",
        _DISK: "The disk of the books does not do what it is told. Look whether it is there; it may be failing.",
    }.get(code)
    return errors.OutsideUnavailable("disk", f"{what} {_WHAT_NOW}") if what else None


def disk_doubt(error: DBAPIError) -> errors.OutsideUnavailable | None:
    """The sentence for a disk that broke in COMMIT: the transaction was undone here, and may be on the disk all the
    same, to be found there at the next start.
    """
    if _sqlite_code(error) & 0xFF != _DISK:
        return None
    return errors.OutsideUnavailable(
        "disk",
        "The disk of the books broke off while this was being saved, so it is not sure that it was. Look whether the"
        " disk is there and well, then try again: what was saved already does not happen twice.",
    )


def _sqlite_code(error: DBAPIError) -> int:
    """SQLite's number for an error; errors of a server have none."""
    return int(getattr(error.orig, "sqlite_errorcode", 0) or 0)
