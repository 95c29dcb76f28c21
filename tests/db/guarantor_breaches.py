"""How the guards of guarantors are broken by plain SQL; loan 1 of the full office runs, and entry 1 is posted."""

GRACE = 5
NOW = "'2026-03-16T06:00:00.000000+00:00'"
_OWN = "(SELECT member_id FROM loan WHERE id = {loan})"
_OTHER = "(SELECT min(m.id) FROM member m WHERE m.id <> " + _OWN + ")"
_THIRD = "(SELECT max(m.id) FROM member m WHERE m.id <> " + _OWN + ")"
_SUBMITTED = "(SELECT min(id) FROM loan WHERE status = 'appraised')"


def _guarantee(
    number: int = 900, *, loan: str = "1", member: str = _OTHER, status: str = "requested"
) -> str:
    return (
        "INSERT INTO guarantee (id, loan_id, member_id, pledge_cents, status, asked_by, asked_at)"
        f" VALUES ({number}, {loan}, {member.format(loan=loan)}, 1000, '{status}', {GRACE}, {NOW})"
    )


def _word(status: str, number: int = 900) -> str:
    return (
        "INSERT INTO guarantee_word (guarantee_id, status, way, evidence, said_on, recorded_by, recorded_at)"
        f" VALUES ({number}, '{status}', 'signed_form', 'F-1', '2026-03-16', {GRACE}, {NOW})"
    )


def _to(status: str, number: int = 900) -> str:
    return f"UPDATE guarantee SET status = '{status}' WHERE id = {number}"


def _moved(status: str, number: int = 900) -> tuple[str, str]:
    return _word(status, number), _to(status, number)


def _recovery(kind: str = "taken", cents: int = 1000, entry: str = "1") -> str:
    return (
        "INSERT INTO guarantor_recovery (guarantee_id, kind, cents, entry_number, receipt, recorded_by, recorded_at)"
        f" VALUES (900, '{kind}', {cents}, {entry}, 'RC-900', {GRACE}, {NOW})"
    )


_ACCEPTED = (_guarantee(), *_moved("accepted"))
_CALLED = (*_ACCEPTED, *_moved("called_upon"))
_SLIP = (
    "INSERT INTO pay_slip (loan_id, basic_cents, gross_cents, deductions_cents, recorded_by, recorded_at)"
    f" VALUES (1, 100, 100, 0, {GRACE}, {NOW})"
)
_REPORT = (
    "INSERT INTO credit_report (member_id, reported_on, reference, recorded_by, recorded_at)"
    f" VALUES (1, '2026-03-16', 'R-1', {GRACE}, {NOW})"
)
_SWAP = "UPDATE guarantee SET status = 'substituted', replaced_by = 901 WHERE id = 900"

GUARANTOR_BREACHES: dict[str, tuple[str, ...]] = {
    "guarantee_is_kept": (_guarantee(), "DELETE FROM guarantee"),
    "guarantee_born_late": (_guarantee(status="accepted"),),
    "guarantee_of_own_loan": (_guarantee(member=_OWN),),
    "guarantee_twice": (_guarantee(), _guarantee(901)),
    "guarantee_of_ended_loan": (
        f"UPDATE loan SET status = 'rejected' WHERE id = {_SUBMITTED}",
        _guarantee(loan="(SELECT max(id) FROM loan WHERE status = 'rejected')"),
    ),
    "guarantee_edited": (_guarantee(), "UPDATE guarantee SET pledge_cents = 1"),
    "guarantee_moves_wrongly": (_guarantee(), *_moved("declined"), *_moved("accepted")),
    "guarantee_without_word": (_guarantee(), _to("accepted")),
    "guarantee_released_early": (*_ACCEPTED, *_moved("released")),
    # The other one was asked and has not agreed yet.
    "guarantee_replaced_by_nobody": (
        *_ACCEPTED,
        _guarantee(901, member=_THIRD),
        _word("substituted"),
        _SWAP,
    ),
    "guarantee_word_is_final_update": (
        _guarantee(),
        _word("accepted"),
        "UPDATE guarantee_word SET way = 'rule'",
    ),
    "guarantee_word_is_final_delete": (
        _guarantee(),
        _word("accepted"),
        "DELETE FROM guarantee_word",
    ),
    "guarantor_recovery_is_final_update": (
        *_CALLED,
        _recovery(),
        "UPDATE guarantor_recovery SET cents = 1",
    ),
    "guarantor_recovery_is_final_delete": (
        *_CALLED,
        _recovery(),
        "DELETE FROM guarantor_recovery",
    ),
    "recovery_without_entry": (*_CALLED, _recovery(entry="9999")),
    "recovery_above_pledge": (*_CALLED, _recovery(cents=1001)),
    "recovery_not_called": (*_ACCEPTED, _recovery()),
    "recovery_repaid_twice": (*_CALLED, _recovery(), _recovery("repaid", 1001, "2")),
    "pay_slip_is_final_update": (_SLIP, "UPDATE pay_slip SET gross_cents = 200"),
    "pay_slip_is_final_delete": (_SLIP, "DELETE FROM pay_slip"),
    "credit_report_is_final_update": (_REPORT, "UPDATE credit_report SET reference = 'R-2'"),
    "credit_report_is_final_delete": (_REPORT, "DELETE FROM credit_report"),
}
