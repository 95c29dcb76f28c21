"""How the guards of a loan's papers are broken by plain SQL; loan 1 of the full office runs."""

from tests.db.guarantor_breaches import GRACE, NOW
from tests.db.member_breaches import _PAPER, _file

_WAITS = "(SELECT min(id) FROM loan WHERE status = 'appraised')"


def _form(loan: str) -> str:
    return (
        "INSERT INTO loan_form (loan_id, payroll_number, employer, employment_terms, address, other_loans, security,"
        f" recorded_by, recorded_at) VALUES ({loan}, '', '', '', '', '', '', {GRACE}, {NOW})"
    )


def _check(loan: str) -> str:
    return (
        "INSERT INTO appraisal_check (loan_id, appraised_at, line, rule, title, passed, words)"
        f" SELECT {loan}, {NOW}, 90, 'ceiling', 'Ceiling', passed, 'words' FROM appraisal_check WHERE line = 1 LIMIT 1"
    )


def _paper(loan: str, document: str = "NULL") -> str:
    return (
        "INSERT INTO loan_paper (loan_id, code, name, is_there, document_id, recorded_by, recorded_at)"
        f" SELECT {loan}, 'id_copy', 'Copy of the ID', passed, {document}, {GRACE}, {NOW}"
        " FROM appraisal_check WHERE line = 1 LIMIT 1"
    )


def _instalment_fee(loan: str) -> str:
    return (
        "INSERT INTO loan_instalment_fee (loan_id, line, name, amount_cents, account_code)"
        f" SELECT id, 9, 'Fee', 1, '4020' FROM loan WHERE {loan}"
    )


# A fee that was there before the committee decided.
_LATE_FEE = (
    _instalment_fee("status = 'appraised'"),
    "UPDATE loan SET status = 'rejected' WHERE status = 'appraised'",
)


LOAN_FORM_BREACHES: dict[str, tuple[str, ...]] = {
    "instalment_fee_added_late": (_instalment_fee("id = 1"),),
    "instalment_fee_edited_late": (*_LATE_FEE, "UPDATE loan_instalment_fee SET amount_cents = 2"),
    "instalment_fee_deleted_late": (*_LATE_FEE, "DELETE FROM loan_instalment_fee"),
    "loan_form_is_final_update": ("UPDATE loan_form SET net_pay_cents = 1",),
    "loan_form_is_final_delete": ("DELETE FROM loan_form",),
    "loan_form_after_appraisal": (_form(_WAITS),),
    "loan_paper_is_final_update": (_paper("1"), "UPDATE loan_paper SET code = 'other'"),
    "loan_paper_is_final_delete": (_paper("1"), "DELETE FROM loan_paper"),
    "loan_paper_when_over": (
        f"UPDATE loan SET status = 'rejected' WHERE id = {_WAITS}",
        _paper("(SELECT max(id) FROM loan WHERE status = 'rejected')"),
    ),
    "loan_paper_of_another": (_file(), _PAPER, _paper("1", "900")),
    "appraisal_check_is_final_update": ("UPDATE appraisal_check SET words = 'others'",),
    "appraisal_check_is_final_delete": ("DELETE FROM appraisal_check",),
    "appraisal_check_after_decision": (_check("1"),),
}
