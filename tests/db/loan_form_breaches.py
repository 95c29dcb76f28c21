"""How the guards of a loan's papers are broken by plain SQL; loan 1 of the full office runs."""

from tests.db.guarantor_breaches import GRACE, NOW

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


LOAN_FORM_BREACHES: dict[str, tuple[str, ...]] = {
    "loan_form_is_final_update": ("UPDATE loan_form SET net_pay_cents = 1",),
    "loan_form_is_final_delete": ("DELETE FROM loan_form",),
    "loan_form_after_appraisal": (_form(_WAITS),),
    "appraisal_check_is_final_update": ("UPDATE appraisal_check SET words = 'others'",),
    "appraisal_check_is_final_delete": ("DELETE FROM appraisal_check",),
    "appraisal_check_after_decision": (_check("1"),),
}
