"""How the guards of repayments are broken by plain SQL; loan 1 of the full office runs, and entry 1 is posted."""

GRACE = 5
NOW = "'2026-03-16T06:00:00.000000+00:00'"


def _repayment(loan: str = "1", entry: str = "1") -> str:
    return (
        "INSERT INTO repayment (id, receipt, loan_id, use, source, reference, value_date,"
        " amount_cents, prepaid_cents, deposits_cents, entry_number, taken_by, taken_at)"
        f" VALUES (900, 'RC-900', {loan}, 'payment', 'cash', '', '2026-03-16', 100, 0, 0,"
        f" {entry}, {GRACE}, {NOW})"
    )


def _part(cents: str = "100") -> str:
    return (
        "INSERT INTO repayment_part (id, repayment_id, instalment, component, cents)"
        f" VALUES (900, 900, 1, 'principal', {cents})"
    )


_ACCRUAL = (
    "INSERT INTO loan_accrual (id, loan_id, schedule, instalment, cents, entry_number)"
    " VALUES (900, 1, 1, 1, 100, 1)"
)
_CHANGE = (
    "INSERT INTO loan_change (id, loan_id, schedule, replaced, kind, effective_on, entry_number, days_late, reason,"
    " made_by, made_at) SELECT 900, id, {}, 0, 'settlement', '2026-03-16', 1, 0, '',"
    f" {GRACE}, {NOW} FROM loan WHERE id = 1"
)
_EARLY = (
    "INSERT INTO repayment_part (id, repayment_id, instalment, component, cents)"
    " SELECT 900, 900, 0, 'principal', amount_cents + 1 FROM loan WHERE id = 1"
)
_NOT_RUNNING = "(SELECT min(id) FROM loan WHERE status <> 'active')"
_MORE_THAN_OWED = (
    "(SELECT principal_cents + 1 FROM loan_instalment WHERE loan_id = 1 AND number = 1)"
)

REPAYMENT_BREACHES: dict[str, tuple[str, ...]] = {
    "repayment_is_final_update": (_repayment(), "UPDATE repayment SET amount_cents = 1"),
    "repayment_is_final_delete": (_repayment(), "DELETE FROM repayment"),
    "repayment_part_is_final_update": (
        _repayment(),
        _part(),
        "UPDATE repayment_part SET cents = 1",
    ),
    "repayment_part_is_final_delete": (_repayment(), _part(), "DELETE FROM repayment_part"),
    "loan_accrual_is_final_update": (_ACCRUAL, "UPDATE loan_accrual SET cents = 1"),
    "loan_accrual_is_final_delete": (_ACCRUAL, "DELETE FROM loan_accrual"),
    "repayment_of_no_running_loan": (_repayment(loan=_NOT_RUNNING),),
    "repayment_without_entry": (_repayment(entry="9999"),),
    "instalment_paid_twice": (_repayment(), _part(_MORE_THAN_OWED)),
    "loan_change_is_final_update": (
        _CHANGE.format("schedule"),
        "UPDATE loan_change SET reason = 'x'",
    ),
    "loan_change_is_final_delete": (_CHANGE.format("schedule"), "DELETE FROM loan_change"),
    "schedule_changed_of_no_running_loan": (_CHANGE.format("schedule + 1"),),
    "principal_repaid_beyond_loan": (_repayment(), _EARLY),
    "loan_closed_owing": ("UPDATE loan SET status = 'closed' WHERE id = 1",),
}
