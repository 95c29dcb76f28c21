"""How the guards of money in are broken by plain SQL."""

from tests.db.plain_sql import BALANCED, GRACE, NOW, POST, asked, entry

_CAME = entry().replace("'test', 'test', 'test'", "'mpesa_received', 'test', 'SGA1ABCD2E'")
# Entry 1000 brought KES 1 of SGA1ABCD2E into the books.
_POSTED = (_CAME, *BALANCED, POST)
_NUMBER = "(SELECT number FROM journal_entry WHERE id = 1000)"


def _receipt(receipt: str = "SGA1ABCD2E", evidence: str = "verified") -> str:
    return (
        "INSERT INTO mpesa_receipt (id, receipt, shortcode, paid_at, amount_cents, reference,"
        " payer_name, evidence, state, entry_number, heard_at, version)"
        f" SELECT 900, '{receipt}', '600310', {NOW}, 100, '', '', '{evidence}', 'waiting',"
        f" {_NUMBER}, {NOW}, 1"
    )


_WORD = (
    "INSERT INTO receipt_word (id, receipt_id, road, amount_cents, words, heard_at)"
    f" VALUES (900, 900, 'c2b', 100, '', {NOW})"
)


def allocation(cents: int = 100, entry: str = _NUMBER) -> str:
    return (
        "INSERT INTO receipt_allocation (id, receipt_id, cents, purpose, member_id, entry_number,"
        " slip, how, allocated_by, allocated_at)"
        f" SELECT 900, 900, {cents}, 'deposits', 1, {entry}, 'R', 'person', {GRACE}, {NOW}"
    )


_ALIAS = (
    "INSERT INTO receipt_alias (id, typed, payer, member_id, purpose, learned_from, learned_by,"
    f" learned_at) VALUES (900, 'JANE', 'x', 1, 'deposits', 900, {GRACE}, {NOW})"
)


_TILL = (
    "INSERT INTO collecting_shortcode (id, shortcode, kind, name, account_code, c2b_version,"
    f" added_by, added_at) VALUES (900, '600777', 'till', 'Shop', '1033', 'v2', {GRACE}, {NOW})"
)
_TOLD = (
    "INSERT INTO shortcode_registration (id, shortcode, version, is_done, words, asked_by, asked_at)"
    f" SELECT 900, '600777', 'v2', (1 = 1), '', {GRACE}, {NOW}"
)


def prompt(number: int = 900, status: str = "sending") -> str:
    return (
        "INSERT INTO mpesa_prompt (id, number, member_id, purpose, phone, amount_cents, reference,"
        " shortcode, relay_id, tag, status, words, claim, code, questions_asked, asked_by, asked_at,"
        f" http_status, answer, version) VALUES ({number}, 'Q-{number}', 1, 'deposits', '254700000001',"
        f" 100, 'M-0001', '600310', 1, 'tag {number}', '{status}', '', '', '', 0, {GRACE}, {NOW}, 0,"
        " '', 1)"
    )


def state(state: str) -> str:
    return f"UPDATE mpesa_receipt SET state = '{state}' WHERE id = 900"


IN = (*_POSTED, _receipt())
_WISH = (
    "INSERT INTO allocation_wish (id, request_id, receipt_id, cents, purpose, member_id)"
    " VALUES (900, 903, 900, 100, 'deposits', 1)"
)
_WISHED = (*IN, *asked(903, "receipt_allocation", GRACE, "treasurer", subject="900"), _WISH)
MONEY_IN_BREACHES: dict[str, tuple[str, ...]] = {
    "mpesa_receipt_is_kept": (*IN, "DELETE FROM mpesa_receipt WHERE id = 900"),
    "mpesa_receipt_fixed": (*IN, "UPDATE mpesa_receipt SET evidence = 'claimed' WHERE id = 900"),
    "mpesa_receipt_without_entry": (*_POSTED, _receipt("SGA1OTHER")),
    "mpesa_receipt_not_all_shared": (*IN, allocation(99), state("allocated")),
    "receipt_word_is_final_update": (*IN, _WORD, "UPDATE receipt_word SET amount_cents = 1"),
    "receipt_word_is_final_delete": (*IN, _WORD, "DELETE FROM receipt_word"),
    "receipt_allocation_is_final_update": (
        *IN,
        allocation(),
        "UPDATE receipt_allocation SET cents = 1",
    ),
    "receipt_allocation_is_final_delete": (*IN, allocation(), "DELETE FROM receipt_allocation"),
    "allocation_beyond_receipt": (*IN, allocation(101)),
    "allocation_of_doubtful_receipt": (*IN, state("disputed"), allocation()),
    "allocation_without_entry": (*IN, allocation(entry="9999")),
    "allocation_wish_is_final_update": (*_WISHED, "UPDATE allocation_wish SET cents = 1"),
    "allocation_wish_is_final_delete": (*_WISHED, "DELETE FROM allocation_wish"),
    "allocation_wish_of_no_request": (*IN, _WISH),
    "collecting_shortcode_is_final_update": (_TILL, "UPDATE collecting_shortcode SET name = 'x'"),
    "collecting_shortcode_is_final_delete": (_TILL, "DELETE FROM collecting_shortcode"),
    "shortcode_registration_is_final_update": (
        _TOLD,
        "UPDATE shortcode_registration SET version = 'v1'",
    ),
    "shortcode_registration_is_final_delete": (_TOLD, "DELETE FROM shortcode_registration"),
    "receipt_alias_is_kept": (*IN, _ALIAS, "DELETE FROM receipt_alias WHERE id = 900"),
    "receipt_alias_fixed": (*IN, _ALIAS, "UPDATE receipt_alias SET purpose = 'loan'"),
    "prompt_is_kept": (prompt(), "DELETE FROM mpesa_prompt WHERE id = 900"),
    "prompt_born_late": (prompt(status="waiting"),),
    "prompt_move_unknown": (
        prompt(),
        "UPDATE mpesa_prompt SET status = 'paid' WHERE id = 900",
        "UPDATE mpesa_prompt SET status = 'failed' WHERE id = 900",
    ),
    "prompt_content_fixed": (prompt(), "UPDATE mpesa_prompt SET amount_cents = 200 WHERE id = 900"),
}
# What a unique index refuses: two open prompts on one phone, one receipt twice.
MONEY_IN_TWICE: tuple[tuple[str, ...], ...] = (
    (prompt(), prompt(901)),
    (
        *IN,
        _receipt().replace("900,", "901,"),
    ),
)
