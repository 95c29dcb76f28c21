"""The codes in which a prompt on a phone ends, M-Pesa's own sentence for each, and the practice number that has it."""

from __future__ import annotations

from sacco_desktop.demo.safaricom.codes import PAID, PRACTICE_PREFIX

PENDING = "4999"
UNREACHABLE = "1037"

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("1", "00001", "The balance is insufficient for the transaction."),
    ("2", "00002", "Declined due to limit rule: less than the minimum transaction amount."),
    ("3", "00003", "Declined due to limit rule: greater than the maximum transaction amount."),
    ("4", "00004", "Declined due to limit rule: would exceed the daily transfer limit."),
    ("8", "00008", "Declined due to limit rule: would exceed the maximum balance."),
    ("11", "00011", "The DebitParty is in an invalid state."),
    ("17", "00017", "System internal error."),
    ("26", "00026", "Traffic blocking condition in place."),
    ("1001", "01001", "Unable to lock subscriber, a transaction is already in process."),
    ("1019", "01019", "Transaction has expired."),
    ("1025", "01025", "An error occurred while sending a push request."),
    ("1031", "01031", "Request cancelled by user."),
    ("1032", "01032", "Request cancelled by user."),
    ("1036", "01036", "SMSC ACK timeout."),
    (UNREACHABLE, "01037", "DS timeout user cannot be reached."),
    ("1101", "01101", "Invalid prompt message."),
    ("1102", "01102", "Invalid authentication message."),
    ("2001", "02001", "The initiator information is invalid."),
    ("2008", "02008", "Authentication failed."),
    ("2026", "02026", "The session has expired."),
    ("2028", "02028", "The request is not permitted according to product assignment."),
    ("8006", "08006", "The security credential is locked."),
    ("9999", "09999", "An error occurred while sending a push request."),
    ("SFC_IC0003", "00030", "The operator does not exist."),
    ("E3008", "03008", "The user has a bad debt contract."),
)

STK_TEXTS: dict[str, str] = {code: text for code, _ending, text in _ROWS}
# A prompt to one of these numbers ends in this code, so that a person can try it without any control.
STK_BY_PHONE: dict[str, str] = {PRACTICE_PREFIX + ending: code for code, ending, _text in _ROWS}


def stk_text(code: str) -> str:
    """M-Pesa's own sentence for how a prompt ended."""
    if code == "0":
        return PAID
    if code == PENDING:
        return "The transaction is still under processing"
    return STK_TEXTS.get(code, f"The request failed with code {code}.")
