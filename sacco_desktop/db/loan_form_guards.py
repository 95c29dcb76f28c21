"""What the database refuses about the papers of a loan: what the committee decides on is not stated anew behind it."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, final

_STATUS = "(SELECT l.status FROM loan l WHERE l.id = NEW.loan_id)"

LOAN_FORM_GUARDS = [
    *final("loan_form"),
    Guard("loan_form_after_appraisal", "loan_form", "insert", f"{_STATUS} <> 'submitted'"),
    *final("appraisal_check"),
    Guard(
        "appraisal_check_after_decision",
        "appraisal_check",
        "insert",
        f"{_STATUS} NOT IN ('submitted', 'appraised')",
    ),
]
