"""M-Pesa's result codes: its own sentence for each, and the practice number that always ends in it."""

from __future__ import annotations

from dataclasses import dataclass

# No line of a member begins like this: 0700 0 is kept free for practice.
PRACTICE_PREFIX = "2547000"


@dataclass(frozen=True, slots=True)
class ResultCode:
    """One code as M-Pesa posts it, and the phone number whose payouts end in it."""

    code: str
    text: str
    phone: str


_ROWS: tuple[tuple[str, str, str], ...] = (
    ("1", "00001", "The balance is insufficient for the transaction."),
    ("2", "00002", "Declined due to limit rule: less than the minimum transaction amount."),
    ("3", "00003", "Declined due to limit rule: greater than the maximum transaction amount."),
    ("4", "00004", "Declined due to limit rule: would exceed the daily transfer limit."),
    ("5", "00005", "Declined due to limit rule: would fall under the minimum balance."),
    ("6", "00006", "Unresolved primary party."),
    ("7", "00007", "Unresolved receiver party."),
    ("8", "00008", "Declined due to limit rule: would exceed the maximum balance."),
    ("11", "00011", "The DebitParty is in an invalid state."),
    ("12", "00012", "The CreditParty is in an invalid state."),
    ("13", "00013", "Unresolved debit account."),
    ("14", "00014", "Unresolved credit account."),
    ("15", "00015", "Duplicate request detected."),
    ("17", "00017", "System internal error."),
    ("18", "00018", "Initiator credential check failure."),
    ("19", "00019", "Message sequencing failure."),
    ("20", "00020", "Unresolved initiator."),
    ("21", "00021", "The initiator is not allowed to initiate this request."),
    ("22", "00022", "The initiator is not active."),
    ("24", "00024", "A mandatory field is missing."),
    ("25", "00025", "The request has an invalid parameter."),
    ("26", "00026", "Traffic blocking condition in place."),
    ("29", "00029", "Invalid command."),
    ("1005", "01005", "The account reference is invalid."),
    ("2001", "02001", "The initiator information is invalid."),
    ("2006", "02006", "The account status does not allow this transaction."),
    ("2007", "02007", "External validation failed."),
    ("2020", "02020", "The amount format is invalid."),
    ("2028", "02028", "The request is not permitted according to product assignment."),
    ("2029", "02029", "Unresolved reason."),
    ("2033", "02033", "The transaction receipt is not found."),
    (
        "2040",
        "00040",
        "Credit Party customer type (Unregistered or Registered Customer) can't be supported.",
    ),
    ("2043", "02043", "The organization is not a child of the initiating organization."),
    ("2051", "02051", "The MSISDN is invalid."),
    ("2202", "02202", "The account number is invalid."),
    ("8006", "08006", "The security credential is locked."),
    ("9999", "09999", "The request failed."),
    ("SFC_IC0003", "00030", "The operator does not exist."),
    ("R002", "90002", "The ID type is not found."),
    ("R003", "90003", "The ID number does not match."),
    ("100000000", "10000", "The request was cached and waits to be sent again."),
    ("100000001", "10001", "The system is overloaded."),
    ("100000002", "10002", "The request was throttled."),
    ("100000004", "10004", "An internal error occurred."),
    ("100000005", "10005", "An input value is invalid."),
    ("100000007", "10007", "The service is abnormal."),
    ("100000009", "10009", "The API is abnormal."),
    ("100000010", "10010", "There is no permission for this request."),
    ("100000011", "10011", "The rate limit is exceeded."),
    ("100000100", "10100", "A storage failure occurred."),
)

CODES: dict[str, ResultCode] = {
    code: ResultCode(code, text, PRACTICE_PREFIX + ending) for code, ending, text in _ROWS
}
# Paying one of these numbers ends in this code, so that a person can try it without any control.
OUTCOME_BY_PHONE: dict[str, str] = {row.phone: row.code for row in CODES.values()}

PAID = "The service request is processed successfully."


def text_of(code: str) -> str:
    """M-Pesa's own sentence for a code."""
    if code == "0":
        return PAID
    known = CODES.get(code)
    return known.text if known else f"The request failed with code {code}."
