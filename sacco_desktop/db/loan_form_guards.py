"""What the database refuses about the papers of a loan: what the committee decides on is not stated anew behind it."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, final

_STATUS = "(SELECT l.status FROM loan l WHERE l.id = NEW.loan_id)"

LOAN_FORM_GUARDS = [
    *final("loan_form"),
    Guard("loan_form_after_appraisal", "loan_form", "insert", f"{_STATUS} <> 'submitted'"),
    *final("loan_paper"),
    Guard("loan_paper_when_over", "loan_paper", "insert", f"{_STATUS} IN ('closed', 'rejected')"),
    Guard(
        "loan_paper_of_another",
        "loan_paper",
        "insert",
        "NEW.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM member_document d"
        " JOIN member m ON m.file_id = d.file_id JOIN loan l ON l.member_id = m.id"
        " WHERE d.id = NEW.document_id AND l.id = NEW.loan_id)",
    ),
    *final("appraisal_check"),
    Guard(
        "appraisal_check_after_decision",
        "appraisal_check",
        "insert",
        f"{_STATUS} NOT IN ('submitted', 'appraised')",
    ),
]
