"""How the guards of savings are broken by plain SQL, in the full office."""

from tests.db.payout_breaches import hand_over
from tests.db.plain_sql import (
    BALANCED,
    GRACE,
    LUCY,
    NOW,
    PETER,
    POST,
    SAYS_YES,
    asked,
    decision,
    entry,
    posting,
)

_DEPOSITS = "(SELECT id FROM savings_product WHERE code = 'deposits')"
_SPECIAL = "(SELECT id FROM savings_product WHERE code = 'special_savings')"


def _terms(request: str, day: str = "2026-03-17") -> str:
    return (
        "INSERT INTO savings_terms (product_id, effective_on, name, is_open, preset_cents, every,"
        " expected_cents, due_day, withdrawal, least_cents, notice_days, request_id)"
        f" SELECT product_id, '{day}', name, is_open, 1, every, 0, 1, withdrawal, 0, 0, {request}"
        f" FROM savings_terms WHERE product_id = {_DEPOSITS}"
    )


def _paid(number: int = 900, source: str = "bank", entry_number: str = "1") -> str:
    reference = "" if source == "cash" else "SLIP"
    return (
        "INSERT INTO contribution (id, receipt, member_id, source, reference, till, value_date,"
        " amount_cents, entry_number, taken_by, taken_at)"
        f" VALUES ({number}, 'RC-{number}', 1, '{source}', '{reference}', '', '2026-03-16', 100,"
        f" {entry_number}, {GRACE}, {NOW})"
    )


def _part(cents: int = 100, product: str = _DEPOSITS) -> str:
    return (
        "INSERT INTO contribution_part (id, contribution_id, product_id, cents)"
        f" VALUES (900, 900, {product}, {cents})"
    )


def _cleared(number: int = 900, entry_number: str = "1") -> str:
    return (
        "INSERT INTO cheque_clearing (id, contribution_id, entry_number, cleared_on, said_by, said_at)"
        f" VALUES ({number}, 900, {entry_number}, '2026-03-16', {GRACE}, {NOW})"
    )


_RAN = "'2026-02-14', '2026-03-16'"
_NOTICE = (
    "INSERT INTO withdrawal_notice (id, member_id, product_id, cents, given_on, ripe_on,"
    f" recorded_by, recorded_at) VALUES (900, 1, {_SPECIAL}, 100, {_RAN},"
    f" {GRACE}, {NOW})"
)


def payout(
    number: int, cents: int = 100, account: str = "2040", purpose: str = "savings_withdrawal"
) -> str:
    return (
        "INSERT INTO payout (id, number, purpose, member_id, phone, net_cents, mpesa_cents,"
        " deposits_cents, charge_cents, status, evidence, fingerprint, requested_by, requested_at,"
        " version, part, parts, way, handed_cents, recovered_cents, bearer, tariff, account_code,"
        " narration, payee, bank, bank_code, branch_code, account_number, content_form, fee_cents)"
        f" VALUES ({number}, 'PO-{number}', '{purpose}', 1, '', {cents}, 0, 0, 0, 'draft',"
        f" 'none', '', {GRACE}, {NOW}, 1, 1, 1, 'cash', {cents}, 0, 'society', '', '{account}', '',"
        " '', '', '', '', '', 2, 0)"
    )


def _use(payout: int) -> str:
    return (
        f"UPDATE withdrawal_notice SET payout_id = {payout}, used_on = '2026-03-16' WHERE id = 900"
    )


def _list(status: str = "draft") -> str:
    return (
        "INSERT INTO check_off_list (id, number, employer, month, file_name, fingerprint, reference,"
        " value_date, total_cents, status, started_by, started_at, version)"
        f" VALUES (900, 'CO-1', 'County', '2026-03', 'f', 'f', 'SLIP', '2026-03-16', 100,"
        f" '{status}', {GRACE}, {NOW}, 1)"
    )


def _to(status: str, more: str = "") -> str:
    return f"UPDATE check_off_list SET status = '{status}'{more} WHERE id = 900"


def _line(member: str = "1") -> str:
    return (
        "INSERT INTO check_off_line (id, list_id, line, named, name, product_id, cents, member_id,"
        f" problem) VALUES (900, 900, 1, '', '', {_DEPOSITS}, 100, {member}, '')"
    )


def _claim(cents: int = 100) -> str:
    return (
        "INSERT INTO fund_claim (id, number, member_id, product_id, event, relation, person,"
        " happened_on, cents, most_cents, payout_id, recorded_by, recorded_at)"
        " SELECT 900, 'CL-1', 1, id, 'Death', 'parent', '', '2026-03-01', "
        f"{cents}, 0, 900, {GRACE}, {NOW} FROM savings_product WHERE code = 'welfare'"
    )


def _other_terms(product: str, withdrawal: str, notice_days: int = 0) -> tuple[str, ...]:
    """Terms that two people agreed to, from 16 March 2026 on."""
    return (
        *asked(902, "savings_terms", GRACE, "treasurer", subject=product),
        decision(LUCY, "id = 902"),
        SAYS_YES.replace("900", "902"),
        "INSERT INTO savings_terms (product_id, effective_on, name, is_open, preset_cents, every,"
        " expected_cents, due_day, withdrawal, least_cents, notice_days, request_id, most_a_month,"
        " fee_cents, wait_days, claims_a_year, benefits)"
        f" SELECT product_id, '2026-03-16', name, is_open, 0, 'none', 0, 1, '{withdrawal}', 0,"
        f" {notice_days}, 902, 0, 0, 0, 0, '' FROM savings_terms WHERE product_id = {product}",
    )


_DAYS_29 = "'2026-02-15', '2026-03-16'"
_REFUND = payout(900, account="2010", purpose="deposit_refund")
_ATTEMPT = (
    "INSERT INTO payout_attempt (payout_id, number, originator_conversation_id, b2c_version,"
    " relay_id, tag, status, reason, claim, claim_code, claim_words, not_found_answers,"
    " times_sent, questions_asked, sent_by, first_sent_at, last_sent_at, version)"
    " VALUES (900, 9, 'id', 'v3', 1, 'tag', 'sending', '', '', '', '', 0, 1, 0,"
    f" {GRACE}, {NOW}, {NOW}, 1)"
)
_FUND_PAYS = payout(900, account="2170", purpose="welfare_claim")
_APPROVED = (
    *asked(901, "payout", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 901"),
    SAYS_YES.replace("900", "901"),
    "UPDATE payout SET status = 'approved', fingerprint = 'f' WHERE id = 900",
)
_OWN_ACCOUNT = (
    "INSERT INTO account (code, name, type, is_control, control_id)"
    " SELECT '2040.M-0001', 'Savings', type, NOT is_control, id FROM account WHERE code = '2040'"
)
_ASKED = (_list(), _to("asked"))
_AGREED = (
    *_ASKED,
    *asked(901, "check_off", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 901"),
    SAYS_YES.replace("900", "901"),
)
_POSTED = (
    *_ASKED[:1],
    _line("NULL").replace("'')", "'Unknown')"),
    _to("asked"),
    *asked(901, "check_off", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 901"),
    SAYS_YES.replace("900", "901"),
    _to("posted", ", lump_entry = 1, entry_number = 2"),
)


def _owner(number: int = 900, cents: int = 100, status: str = "asked") -> str:
    given = "'2026-03-16'" if status == "given" else "NULL"
    return (
        "INSERT INTO check_off_owner (id, number, list_id, line_id, member_id, cents, known_by, status,"
        " asked_by, asked_at, given_on, version)"
        f" VALUES ({number}, 'CG-{number}', 900, 900, 1, {cents}, 'He rang.', '{status}', {GRACE},"
        f" {NOW}, {given}, 1)"
    )


_GIVE = "UPDATE check_off_owner SET status = 'given', given_on = '2026-03-16' WHERE id = 900"
_GIVEN = (
    *_POSTED,
    _owner(),
    *asked(903, "check_off_owner", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 903"),
    SAYS_YES.replace("900", "903"),
    _paid(source="check_off"),
    _GIVE.replace(" WHERE", ", contribution_id = 900 WHERE"),
)
_UNDO = "UPDATE check_off_owner SET status = 'undone' WHERE id = 900"
_UNDO_AGREED = (
    *asked(904, "check_off_owner_undone", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 904"),
    SAYS_YES.replace("900", "904"),
)
_COLUMNS_OF = (
    "INSERT INTO check_off_columns (id, employer, first_row, columns, chosen_by, chosen_at)"
    f" VALUES (900, 'county', 2, '[]', {GRACE}, {NOW})"
)
_CHEQUE = _paid(source="cheque")
_TAKES_BACK = tuple(
    line.replace("'1010'", "'2010.M-0001'")
    for line in (posting(1, "1020", 100, 0), posting(2, "1010", 0, 100))
)

SAVINGS_BREACHES: dict[str, tuple[str, ...]] = {
    "savings_product_is_final_update": ("UPDATE savings_product SET kind = 'fund'",),
    "savings_product_is_final_delete": ("DELETE FROM savings_product",),
    "savings_terms_is_final_update": ("UPDATE savings_terms SET notice_days = 1",),
    "savings_terms_is_final_delete": ("DELETE FROM savings_terms",),
    "savings_terms_by_nobody": (_terms("NULL"),),
    "contribution_is_final_update": (_paid(), "UPDATE contribution SET amount_cents = 1"),
    "contribution_is_final_delete": (_paid(), "DELETE FROM contribution WHERE id = 900"),
    "contribution_part_is_final_update": (
        _paid(),
        _part(),
        "UPDATE contribution_part SET cents = 1",
    ),
    "contribution_part_is_final_delete": (_paid(), _part(), "DELETE FROM contribution_part"),
    "cheque_clearing_is_final_update": (
        _CHEQUE,
        _cleared(),
        "UPDATE cheque_clearing SET cleared_on = '2026-03-15'",
    ),
    "cheque_clearing_is_final_delete": (_CHEQUE, _cleared(), "DELETE FROM cheque_clearing"),
    "contribution_without_entry": (_paid(entry_number="9999"),),
    "slip_paid_in_twice": (_paid(), _paid(901)),
    "contribution_shared_twice": (_paid(), _part(101)),
    "part_of_no_product": (
        "INSERT INTO savings_product (id, code, kind, account_code) VALUES (900, 'x', 'fund', '2171')",
        _paid(),
        _part(product="900"),
    ),
    "cleared_is_no_cheque": (_paid(), _cleared()),
    "cheque_cleared_twice": (_CHEQUE, _cleared(), _cleared(901, "2")),
    "cleared_cheque_taken_back": (
        _CHEQUE,
        _cleared(entry_number="2"),
        entry(reverses="1"),
        *BALANCED,
        POST,
    ),
    "manual_journal_on_owned_account": (
        entry().replace("'test', 'test', 'test'", "'manual_journal', 'test', 'test'"),
        *_TAKES_BACK,
        POST,
    ),
    "shares_paid_back": (payout(900, account="3010"),),
    "notice_is_kept": (_NOTICE, "DELETE FROM withdrawal_notice"),
    "notice_edited": (_NOTICE, "UPDATE withdrawal_notice SET ripe_on = '2026-03-02'"),
    "notice_used_twice": (_NOTICE, payout(900), payout(901), _use(900), _use(901)),
    "notice_of_another": (_NOTICE, payout(900, cents=200), _use(900)),
    "savings_overdrawn": (
        _OWN_ACCOUNT,
        entry(),
        posting(1, "2040.M-0001", 100, 0),
        posting(2, "1010", 0, 100),
        POST,
    ),
    "withdrawal_above_savings": (
        payout(900),
        _NOTICE,
        _use(900),
        *_APPROVED,
        "UPDATE payout SET status = 'in_flight' WHERE id = 900",
    ),
    "withdrawal_without_notice": (payout(900), *_APPROVED),
    "never_paid_out": (
        *_other_terms(_DEPOSITS, "never"),
        _REFUND,
    ),
    "never_paid_out_sent": (
        _REFUND.replace("100, 0, 0, 0, 'draft'", "100, 100, 0, 0, 'draft'").replace(
            "'cash', 100,", "'mpesa', 0,"
        ),
        *_APPROVED,
        *_other_terms(_DEPOSITS, "never"),
        _ATTEMPT,
    ),
    "never_paid_out_by_hand": (
        _REFUND,
        *_APPROVED,
        *_other_terms(_DEPOSITS, "never"),
        hand_over(900, "cash", by=PETER),
    ),
    # Thirty days are asked for; over the end of February these are twenty-nine.
    "notice_runs_too_short": (_NOTICE.replace(_RAN, _DAYS_29),),
    "notice_used_before_its_day": (
        # Midnight in Nairobi has not come, by which the notice has run.
        _NOTICE.replace(_RAN, "'2026-03-02', '2026-04-01'"),
        payout(900).replace(NOW, "'2026-03-31T20:59:59.000000+00:00'"),
        _use(900).replace("2026-03-16", "2026-04-01"),
    ),
    "deposits_without_notice": (
        *_other_terms(_DEPOSITS, "by_notice", 30),
        _REFUND,
        *_APPROVED,
    ),
    "notice_in_use_taken_back": (
        _NOTICE,
        payout(900),
        _use(900),
        f"UPDATE withdrawal_notice SET taken_back_at = {NOW} WHERE id = 900",
    ),
    "fund_claim_is_final_update": (_FUND_PAYS, _claim(), "UPDATE fund_claim SET cents = 1"),
    "fund_claim_is_final_delete": (_FUND_PAYS, _claim(), "DELETE FROM fund_claim"),
    "claim_of_another": (_FUND_PAYS, _claim(99)),
    "fund_pays_without_claim": (_FUND_PAYS, *_APPROVED),
    "check_off_is_kept": (_list(), "DELETE FROM check_off_list"),
    "check_off_born_late": (_list("asked"),),
    "check_off_moves": (_list(), _to("undone", ", lump_entry = 1")),
    "check_off_by_nobody": (*_ASKED, _to("posted", ", lump_entry = 1")),
    "check_off_edited": (*_ASKED, "UPDATE check_off_list SET total_cents = 1"),
    "check_off_undone_unposted": (
        *_AGREED,
        _to("posted", ", lump_entry = 1, entry_number = 2"),
        *asked(902, "check_off_undone", GRACE, "treasurer", subject="900"),
        decision(LUCY, "id = 902"),
        SAYS_YES.replace("900", "902"),
        _to("undone"),
    ),
    "check_off_undone_by_nobody": (
        *_AGREED,
        _to("posted", ", lump_entry = 1"),
        _to("undone"),
    ),
    "check_off_line_added_late": (*_ASKED, _line()),
    "check_off_line_edited": (_list(), _line(), "UPDATE check_off_line SET cents = 1"),
    "check_off_columns_is_final_update": (
        _COLUMNS_OF,
        "UPDATE check_off_columns SET first_row = 3",
    ),
    "check_off_columns_is_final_delete": (_COLUMNS_OF, "DELETE FROM check_off_columns"),
    "check_off_owner_is_kept": (*_POSTED, _owner(), "DELETE FROM check_off_owner"),
    "check_off_owner_born_late": (*_POSTED, _owner(status="given")),
    "check_off_owner_of_no_posted_list": (
        _list(),
        _line("NULL").replace("'')", "'Unknown')"),
        _owner(),
    ),
    "check_off_owner_of_too_much": (*_POSTED, _owner(cents=60), _owner(901, cents=41)),
    "check_off_owner_moves": (
        *_POSTED,
        _owner(),
        "UPDATE check_off_owner SET status = 'dropped'",
        "UPDATE check_off_owner SET status = 'asked'",
    ),
    "check_off_owner_edited": (
        *_POSTED,
        _owner(),
        "UPDATE check_off_owner SET cents = 1 WHERE id = 900",
    ),
    "check_off_owner_by_nobody": (*_POSTED, _owner(), _GIVE),
    "check_off_owner_undone_by_nobody": (
        *_GIVEN[:-2],
        _GIVE,
        _UNDO,
    ),
    "check_off_owner_undone_in_part": (*_GIVEN, *_UNDO_AGREED, _UNDO),
    "check_off_undone_below_its_owners": (
        *(each.replace(", entry_number = 2", "") for each in _GIVEN),
        *asked(902, "check_off_undone", GRACE, "treasurer", subject="900"),
        decision(LUCY, "id = 902"),
        SAYS_YES.replace("900", "902"),
        _to("undone"),
    ),
    "check_off_line_is_kept": (_list(), _line(), "DELETE FROM check_off_line"),
}
