"""What money of a member can be for beside the products of the society, and what a person types for each. Pure.

The codes have a sign that the code of a product never has, so a category of the society is not taken for one of them.
"""

from __future__ import annotations

LOAN = "loan"
LOAN_FEES = "loan-fees"
FINES = "fines-owed"
REGISTRATION = "registration-fee"

NAMES = {
    LOAN: "Loan repayment",
    LOAN_FEES: "Fees beside a loan",
    FINES: "Fines",
    REGISTRATION: "Registration fee",
}
OF_A_LOAN = frozenset({LOAN, LOAN_FEES})
# A product of the society is a purpose under its own code, which must not be one of these.
RESERVED = frozenset(NAMES)
