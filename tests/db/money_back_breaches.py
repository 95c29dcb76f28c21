"""How the guards of money that is given back, and of claimed codes, are broken by plain SQL."""

from tests.db.money_in_breaches import (
    IN,
    MONEY_IN_BREACHES,
    MONEY_IN_TWICE,
    allocation,
    state,
)
from tests.db.plain_sql import GRACE, LUCY, NOW, PETER, SAYS_YES, asked, decision
from tests.db.savings_breaches import payout

_ENTRY_2 = (
    "INSERT INTO journal_entry (id, number, value_date, kind, narration, reference,"
    " reverses_number, posted_by, previous_hash)"
    f" SELECT 1001, number + 1, '2026-03-16', 'reversal', 'test', 'test', number, {GRACE}, hash"
    " FROM journal_entry WHERE id = 1000"
)
_BACK = (
    _ENTRY_2,
    "INSERT INTO posting (entry_id, line, account_id, debit_cents, credit_cents, memo)"
    " SELECT 1001, line, account_id, credit_cents, debit_cents, '' FROM posting WHERE entry_id = 1000",
)
_POST_BACK = f"UPDATE journal_entry SET posted_at = {NOW}, hash = 'y' WHERE id = 1001"


def _reversal(status: str = "asked", cents: int = 100, number: int = 900) -> str:
    return (
        "INSERT INTO receipt_reversal (id, number, receipt_id, cents, reason, status, words,"
        " asked_by, asked_at, times_sent, originator_id, conversation_id, code, claim, evidence,"
        " questions_asked, http_status, answer, version)"
        f" VALUES ({number}, 'B-{number}', 900, {cents}, '', '{status}', '', {GRACE}, {NOW}, 0, '',"
        " '', '', '', '', 0, 0, '', 1)"
    )


def _move(status: str, more: str = "") -> str:
    return f"UPDATE receipt_reversal SET status = '{status}'{more} WHERE id = 900"


_ASKED = (*IN, _reversal())
_AGREED = (
    *_ASKED,
    *asked(900, "receipt_reversal", GRACE, "treasurer", subject="900"),
    decision(LUCY, "id = 900", role="treasurer"),
    SAYS_YES,
    _move("approved"),
)
_SENT = (*_AGREED, state("returning"), _move("sending", f", sent_by = {GRACE}"))
_DONE = ", evidence = 'claimed', entry_number = (SELECT number FROM journal_entry WHERE id = {})"


def _claim(status: str = "open", cents: int = 100, number: int = 900) -> str:
    return (
        "INSERT INTO receipt_claim (id, code, member_id, purpose, cents, paid_on, status, words,"
        " claimed_by, claimed_at, questions_asked, version)"
        f" VALUES ({number}, 'SGA1ABCD2E', 1, 'deposits', {cents}, '2026-03-16', '{status}', '',"
        f" {PETER}, {NOW}, 0, 1)"
    )


_QUESTION = (
    "INSERT INTO receipt_question (id, claim_id, relay_id, tag, state, asked_by, asked_at,"
    " conversation_id, finding, words, http_status, answer)"
    f" SELECT 900, 900, 1, 'tag', 'asking', {PETER}, {NOW}, '', '', '', 0, ''"
)


def _refund(cents: int = 100) -> str:
    return (
        "INSERT INTO receipt_refund (id, receipt_id, payout_id, cents, confirmed)"
        f" VALUES (900, 900, 900, {cents}, 'He rang.')"
    )


_PAYOUT = payout(900, account="2150", purpose="receipt_refund")
_REFUNDED = (*IN, _PAYOUT, _refund())
MONEY_BREACHES: dict[str, tuple[str, ...]] = {
    **MONEY_IN_BREACHES,
    "reversal_is_kept": (*_ASKED, "DELETE FROM receipt_reversal WHERE id = 900"),
    "reversal_born_late": (*IN, _reversal("approved")),
    "reversal_move_unknown": (*_ASKED, _move("unknown")),
    "reversal_content_fixed": (*_ASKED, "UPDATE receipt_reversal SET reason = 'other'"),
    "reversal_not_whole": (*IN, _reversal(cents=200)),
    "reversal_without_second_person": (*_ASKED, _move("approved")),
    "reversal_sent_by_its_approver": (
        *_AGREED,
        state("returning"),
        _move("sending", f", sent_by = {LUCY}"),
    ),
    "reversal_sent_while_shared_out": (
        *_AGREED,
        allocation(),
        _move("sending", f", sent_by = {GRACE}"),
    ),
    "reversal_done_without_entry": (*_SENT, _move("done", _DONE.format(1000))),
    "payment_reversed_alone": (*IN, *_BACK, _POST_BACK),
    "payment_returned_unproven": (*IN, state("returned")),
    "claim_is_kept": (_claim(), "DELETE FROM receipt_claim WHERE id = 900"),
    "claim_born_late": (_claim("not_known"),),
    "claim_move_unknown": (
        _claim(),
        "UPDATE receipt_claim SET status = 'dropped' WHERE id = 900",
        "UPDATE receipt_claim SET status = 'open' WHERE id = 900",
    ),
    "claim_content_fixed": (_claim(), "UPDATE receipt_claim SET cents = 200 WHERE id = 900"),
    "claim_counts_unproven": (
        *IN,
        _claim(cents=200),
        "UPDATE receipt_claim SET status = 'proven', receipt_id = 900 WHERE id = 900",
    ),
    "receipt_question_is_kept": (_claim(), _QUESTION, "DELETE FROM receipt_question"),
    "receipt_refund_is_final_update": (*_REFUNDED, "UPDATE receipt_refund SET cents = 1"),
    "receipt_refund_is_final_delete": (*_REFUNDED, "DELETE FROM receipt_refund"),
    "refund_beyond_receipt": (*IN, _PAYOUT, allocation(1), _refund()),
    "refund_of_doubtful_receipt": (*IN, _PAYOUT, state("disputed"), _refund()),
    "refund_of_another_payout": (*IN, payout(900), _refund()),
}
# What a unique index refuses: two living reversals of one payment, one code twice.
MONEY_TWICE: tuple[tuple[str, ...], ...] = (
    *MONEY_IN_TWICE,
    (*_ASKED, _reversal(number=901)),
    (_claim(), _claim(number=901)),
)
MONEY_NAMES = ("prompt", "receipt", "reversal", "claimed code")
