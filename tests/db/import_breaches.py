"""How the guards of imports of old books are broken by plain SQL."""

from sacco_desktop.domain.kyc import FIELD_NAMES
from tests.db.plain_sql import GRACE, LUCY, NOW, SAYS_YES, asked, decision


def _draft(status: str = "draft") -> str:
    """Import 900; its cells are bytes of another table, since the two engines write bytes differently."""
    return (
        "INSERT INTO book_import (id, status, kind, file_name, made_of, fingerprint, sheet, first_row, shape, cells,"
        " plan, corrections, old_totals, explanation, started_by, started_at, taken, version)"
        f" SELECT 900, '{status}', 'members', 'f', '', 'f', 's', 1, 's', body, '', '', '', '', {GRACE}, {NOW}, 0, 1"
        " FROM relay_entry LIMIT 1"
    )


def _to(status: str, more: str = "") -> str:
    return f"UPDATE book_import SET status = '{status}'{more} WHERE id = 900"


def _member(import_id: str) -> str:
    return (
        "INSERT INTO member (id, number, first_name, other_names, last_name, national_id, phone, status, joined_on,"
        " registered_by, import_id, version, kind) VALUES (900, 'M-0900', 'A', '', 'B', '90000001', '254700000900',"
        f" 'active', '2026-03-16', {GRACE}, {import_id}, 1, 'person')"
    )


def _file(import_id: str) -> str:
    names = ", ".join(FIELD_NAMES)
    texts = ", ".join("''" for _ in FIELD_NAMES)
    return (
        f"INSERT INTO member_file (id, {names}, monthly_cents, changed_by, changed_at, version, import_id)"
        f" VALUES (900, {texts}, 0, {GRACE}, {NOW}, 1, {import_id})"
    )


ASKED = (_draft(), _to("asked"))
AGREED = (
    *ASKED,
    *asked(901, "book_import", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 901"),
    SAYS_YES.replace("900", "901"),
)

IMPORTED = (*AGREED, _to("imported"))
_REPAYMENT = (
    "INSERT INTO old_repayment (id, import_id, loan_id, paid_on, receipt, paid_cents)"
    " VALUES (900, 900, 1, '2026-01-31', '', 100)"
)
_DEPOSIT = "INSERT INTO old_deposit (id, import_id, member_id, month, cents) VALUES (900, 900, 1, '2026-01', 100)"

IMPORT_BREACHES: dict[str, tuple[str, ...]] = {
    "import_is_kept": (_draft(), "DELETE FROM book_import WHERE id = 900"),
    "import_born_late": (_draft("asked"),),
    "import_moves": (_draft(), _to("undone")),
    "import_by_nobody": (*ASKED, _to("imported")),
    "import_edited": (*ASKED, "UPDATE book_import SET plan = 'other' WHERE id = 900"),
    "import_undone_unposted": (*AGREED, _to("imported", ", entry_number = 1"), _to("undone")),
    "member_is_kept": (_member("NULL"), "DELETE FROM member WHERE id = 900"),
    "member_of_no_import": (*ASKED, _member("900")),
    "member_import_edited": (_draft(), "UPDATE member SET import_id = 900 WHERE id = 1"),
    "loan_import_edited": (_draft(), "UPDATE loan SET import_id = 900 WHERE id = 1"),
    "guarantee_of_no_import": (
        *ASKED,
        "INSERT INTO guarantee (id, loan_id, member_id, pledge_cents, status, asked_by, asked_at, import_id)"
        " SELECT 900, 1, min(m.id), 100, 'requested', 5, '2026-03-16T06:00:00.000000+00:00', 900 FROM member m"
        " WHERE m.id <> (SELECT member_id FROM loan WHERE id = 1)",
    ),
    "loan_agreed_anew_elsewhere": (
        "INSERT INTO loan_change (id, loan_id, schedule, replaced, kind, effective_on, days_late, reason, made_by,"
        f" made_at) SELECT 900, id, schedule, 0, 'brought', '2026-03-16', 0, '', {GRACE}, {NOW} FROM loan WHERE id = 1",
    ),
    "savings_terms_of_no_import": (
        *ASKED,
        "INSERT INTO savings_terms (product_id, effective_on, name, is_open, preset_cents, every, expected_cents,"
        " due_day, withdrawal, least_cents, notice_days, most_a_month, fee_cents, wait_days, claims_a_year, benefits,"
        " import_id)"
        " SELECT product_id, '2026-03-16', name, is_open, preset_cents, every, expected_cents, due_day, withdrawal,"
        " least_cents, notice_days, most_a_month, fee_cents, wait_days, claims_a_year, benefits, 900 FROM savings_terms"
        " LIMIT 1",
    ),
    "member_file_of_no_import": (*ASKED, _file("900")),
    "member_file_import_edited": (*ASKED, _file("NULL"), "UPDATE member_file SET import_id = 900"),
    "old_repayment_of_no_import": (*ASKED, _REPAYMENT),
    "old_repayment_edited": (*IMPORTED, _REPAYMENT, "UPDATE old_repayment SET paid_cents = 1"),
    "old_repayment_is_kept": (*IMPORTED, _REPAYMENT, "DELETE FROM old_repayment"),
    "old_deposit_of_no_import": (*ASKED, _DEPOSIT),
    "old_deposit_edited": (*IMPORTED, _DEPOSIT, "UPDATE old_deposit SET cents = 1"),
    "old_deposit_is_kept": (*IMPORTED, _DEPOSIT, "DELETE FROM old_deposit"),
}
