"""How the guards of penalties are broken by plain SQL, in the full office."""

from tests.db.plain_sql import (
    BALANCED,
    DANIEL,
    GRACE,
    NOW,
    POST,
    SAYS_YES,
    asked,
    decision,
    entry,
)

_RULE = "(SELECT id FROM penalty_rule WHERE code = '{}')"
_LATE = _RULE.format("late_instalment")


def _terms(request: str, on: str = "true", day: str = "2026-03-16") -> str:
    return (
        "INSERT INTO penalty_terms (id, rule_id, effective_on, name, is_on, basis, cents, percent, base,"
        " least_cents, most_cents, round_up_to, grace_days, compound, year_days, product, growth,"
        " request_id)"
        f" SELECT 900, rule_id, '{day}', name, {on}, basis, cents, percent, base, least_cents,"
        f" most_cents, round_up_to, grace_days, compound, year_days, product, growth, {request}"
        f" FROM penalty_terms WHERE rule_id = {_LATE}"
    )


def _agreed(kind: str, number: int = 900, subject: str = "1") -> tuple[str, ...]:
    return (
        *asked(number, kind, GRACE, "committee", subject=subject),
        decision(DANIEL, f"id = {number}"),
        SAYS_YES.replace("900", str(number)),
    )


_ON = (*_agreed("penalty_terms", 900, _LATE), _terms("900"))


def _charge(terms: str = "900", entry_number: str = "NULL") -> str:
    return (
        "INSERT INTO penalty_charge (id, rule_id, terms_id, subject, period, stage, member_id,"
        " instalment, charged_on, counted_until, cents, uncapped_cents, penalties_cents, spans,"
        " entry_number, charged_by, charged_at)"
        f" VALUES (900, {_LATE}, {terms}, 'X', '2026-03-16', 0, 1, 0, '2026-03-16', '2026-03-16',"
        f" 100, 100, 0, '[]', {entry_number}, {GRACE}, {NOW})"
    )


_CHARGED = (*_ON, _charge())


def _paid(cents: int = 100, entry_number: str = "1", number: int = 900) -> str:
    return (
        "INSERT INTO penalty_payment (id, charge_id, paid_on, cents, entry_number)"
        f" VALUES ({number}, 900, '2026-03-16', {cents}, {entry_number})"
    )


def _waived(cents: int = 100, request: int = 901, entry_number: str = "NULL") -> str:
    return (
        "INSERT INTO penalty_waiver (id, charge_id, request_id, waived_on, cents, reason,"
        " entry_number, made_by, made_at)"
        f" VALUES (900, 900, {request}, '2026-03-16', {cents}, 'why', {entry_number}, {GRACE}, {NOW})"
    )


_EXEMPT = (
    "INSERT INTO penalty_exemption (id, member_id, from_on, reason, request_id, made_by, made_at)"
    f" VALUES (900, 1, '2026-03-16', 'why', {{}}, {GRACE}, {NOW})"
)
_WAIVER = _agreed("penalty_waiver", 901)
_MEETING = (
    "INSERT INTO meeting (id, held_on, title, recorded_by, recorded_at)"
    f" VALUES (900, '2026-03-16', 'Meeting', {GRACE}, {NOW})"
)


def _mark(rule: str) -> str:
    return (
        "INSERT INTO meeting_mark (id, meeting_id, member_id, rule_id, recorded_by, recorded_at)"
        f" VALUES (900, 900, 1, {_RULE.format(rule)}, {GRACE}, {NOW})"
    )


_RUN = (
    "INSERT INTO penalty_run (id, through, charges, cents, made_by, made_at)"
    f" VALUES (900, '2026-03-16', 0, 0, {GRACE}, {NOW})"
)
_TABLES: dict[str, tuple[str, ...]] = {
    "penalty_rule": (),
    "penalty_terms": (),
    "penalty_charge": _CHARGED,
    "penalty_payment": (*_CHARGED, _paid()),
    "penalty_waiver": (*_CHARGED, *_WAIVER, _waived()),
    "penalty_exemption": (*_WAIVER, _EXEMPT.format(901)),
    "penalty_run": (_RUN,),
    "meeting": (_MEETING,),
    "meeting_mark": (_MEETING, _mark("absent")),
}

PENALTY_BREACHES: dict[str, tuple[str, ...]] = {
    **{
        f"{table}_is_final_update": (*first, f"UPDATE {table} SET id = id")
        for table, first in _TABLES.items()
    },
    **{
        f"{table}_is_final_delete": (*first, f"DELETE FROM {table}")
        for table, first in _TABLES.items()
    },
    "penalty_terms_by_nobody": (_terms("NULL"),),
    "penalty_of_no_rule": (_charge(f"(SELECT id FROM penalty_terms WHERE rule_id = {_LATE})"),),
    "penalty_without_entry": (*_ON, _charge(entry_number="99999")),
    "penalty_payment_without_entry": (*_CHARGED, _paid(entry_number="99999")),
    "penalty_paid_beyond_charge": (*_CHARGED, _paid(60), _paid(41, number=901, entry_number="2")),
    "penalty_waived_beyond_charge": (*_CHARGED, *_WAIVER, _paid(60), _waived(41)),
    "penalty_waived_by_nobody": (
        *_CHARGED,
        *asked(901, "penalty_waiver", GRACE, "committee"),
        _waived(),
    ),
    "member_exempt_by_nobody": (*_agreed("penalty_waiver", 901, "2"), _EXEMPT.format(901)),
    "mark_of_no_preset": (_MEETING, _mark("late_instalment")),
    "penalty_taken_back": (*_ON, _charge(entry_number="1"), entry(reverses="1"), *BALANCED, POST),
}
