"""How the guards of repayments are broken by plain SQL; loan 1 of the full office runs, and entry 1 is posted."""

from tests.db.plain_sql import DANIEL, GRACE, NOW, PETER, SAYS_YES, asked, decision


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


def _agreed(kind: str) -> tuple[str, ...]:
    """Request 900 about loan 1, which the committee has approved."""
    return (
        *asked(900, kind, PETER, "committee"),
        decision(DANIEL, "id = 900"),
        SAYS_YES,
    )


_ANY_REQUEST = "(SELECT min(id) FROM approval_request WHERE status = '{}')"


def _write_off(request: str) -> str:
    return (
        "INSERT INTO loan_write_off (id, loan_id, request_id, written_off_on, principal_cents, interest_cents,"
        " fee_cents, covered_cents, resolution, entry_number, made_by, made_at, penalty_cents)"
        f" VALUES (900, 1, {request}, '2026-03-16', 100, 0, 0, 0, 'Board 1', 1, {GRACE}, {NOW}, 0)"
    )


def _provided(request: str, number: int = 900) -> str:
    return (
        "INSERT INTO provisioning (id, as_of, request_id, wanted_cents, held_cents, entry_number, made_by, made_at)"
        f" VALUES ({number}, '2026-03-16', {request}, 1, 1, NULL, {GRACE}, {NOW})"
    )


_LINE = (
    "INSERT INTO provisioning_line (id, provisioning_id, line, name, percent, loans, outstanding_cents,"
    " opening_cents, closing_cents) VALUES (900, 900, 1, 'Loss', '100', 0, 0, 0, 0)"
)
_RESCHEDULED = (
    "INSERT INTO loan_change (id, loan_id, schedule, replaced, kind, effective_on, principal_cents, instalments,"
    " begun_on, before, request_id, days_late, reason, made_by, made_at)"
    " SELECT 900, id, schedule, 0, 'reschedule', '2026-03-16', 1, 1, '2026-03-16', 0,"
    f" {_ANY_REQUEST.format('waiting')}, 0, '', {GRACE}, {NOW} FROM loan WHERE id = 1"
)
_RECOVERY = (
    "INSERT INTO repayment (id, receipt, loan_id, use, source, reference, value_date,"
    " amount_cents, prepaid_cents, deposits_cents, entry_number, taken_by, taken_at)"
    f" VALUES (900, 'RC-900', (SELECT min(id) FROM loan WHERE status = 'written_off'), 'recovery', 'cash', '',"
    f" '2026-03-16', 100, 0, 0, 1, {GRACE}, {NOW})"
)
_WRITTEN_OFF = "UPDATE loan SET status = 'written_off' WHERE status = 'appraised'"
_NOT_RUNNING = "(SELECT min(id) FROM loan WHERE status <> 'active')"
_MORE_THAN_OWED = (
    "(SELECT principal_cents + 1 FROM loan_instalment WHERE loan_id = 1 AND number = 1)"
)

# The loan that waits for the committee becomes one of the member whose loan 1 runs, and clears that.
_SAME_MEMBER = "UPDATE loan SET member_id = (SELECT member_id FROM loan WHERE id = 1) WHERE status = 'appraised'"


def _top_up(number: int = 900, loan: str = "status = 'appraised'") -> str:
    return (
        "INSERT INTO loan_top_up (id, loan_id, clears_id, principal_cents, cents, valid_until)"
        f" SELECT {number}, min(id), 1, 1, 1, '2026-03-30' FROM loan WHERE {loan}"
    )


_DECIDED = "UPDATE loan SET status = 'rejected' WHERE status = 'appraised'"

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
    "loan_agreed_anew_by_nobody": (_RESCHEDULED,),
    "reschedule_undone_by_nobody": (
        *_agreed("loan_reschedule"),
        _RESCHEDULED.replace(_ANY_REQUEST.format("waiting"), "900"),
        "UPDATE loan SET schedule = schedule + 1 WHERE id = 1",
        "INSERT INTO loan_change (id, loan_id, schedule, replaced, kind, effective_on, restores, days_late,"
        " reason, made_by, made_at) SELECT 901, id, schedule, schedule - 1, 'restored', '2026-03-16', 0, 0,"
        f" '', {GRACE}, {NOW} FROM loan WHERE id = 1",
    ),
    "deposits_taken_for_loan_by_nobody": (_repayment().replace("'cash'", "'deposits'"),),
    "loan_write_off_is_final_update": (
        *_agreed("loan_write_off"),
        _write_off("900"),
        "UPDATE loan_write_off SET principal_cents = 1",
    ),
    "loan_write_off_is_final_delete": (
        *_agreed("loan_write_off"),
        _write_off("900"),
        "DELETE FROM loan_write_off",
    ),
    "loan_written_off_by_nobody": (_write_off(_ANY_REQUEST.format("waiting")),),
    "recovered_beyond_write_off": (_WRITTEN_OFF, _RECOVERY),
    "provisioning_is_final_update": (
        *_agreed("provisioning"),
        _provided("900"),
        "UPDATE provisioning SET held_cents = 2, wanted_cents = 2",
    ),
    "provisioning_is_final_delete": (
        *_agreed("provisioning"),
        _provided("900"),
        "DELETE FROM provisioning",
    ),
    "provisioning_line_is_final_update": (
        *_agreed("provisioning"),
        _provided("900"),
        _LINE,
        "UPDATE provisioning_line SET loans = 1",
    ),
    "provisioning_line_is_final_delete": (
        *_agreed("provisioning"),
        _provided("900"),
        _LINE,
        "DELETE FROM provisioning_line",
    ),
    "provided_by_nobody": (_provided(_ANY_REQUEST.format("waiting")),),
    "provided_twice": (*_agreed("provisioning"), _provided("900"), _provided("900", 901)),
    "top_up_added_late": (_SAME_MEMBER, _DECIDED, _top_up(loan="status = 'rejected'")),
    "top_up_deleted_late": (_SAME_MEMBER, _top_up(), _DECIDED, "DELETE FROM loan_top_up"),
    "top_up_edited_late": (
        _SAME_MEMBER,
        _top_up(),
        _DECIDED,
        "UPDATE loan_top_up SET cents = 2",
    ),
    "loan_cleared_for_another_member": (_top_up(),),
    "loan_cleared_by_two": (
        _SAME_MEMBER,
        "UPDATE loan SET status = 'submitted' WHERE status = 'appraised'",
        _top_up(loan="status = 'submitted'"),
        _top_up(
            901,
            "status = 'submitted' AND member_id = (SELECT member_id FROM loan WHERE id = 1) AND id > 0",
        ),
    ),
    "loan_closed_owing": ("UPDATE loan SET status = 'closed' WHERE id = 1",),
}
