"""How the guards of batches, balance questions, readings and resting relays are broken by plain SQL."""

from tests.db.full_office import ACCEPTED, APPROVED, DRAFT

GRACE = 5
NOW = "'2026-03-16T06:00:00.000000+00:00'"


def _batch(status: str = "open", payouts: int = 1) -> str:
    return (
        "INSERT INTO payout_batch (id, number, status, made_by, made_at, payouts, sum_cents,"
        f" pc_name, words, moved_at) VALUES (900, 'B-900', '{status}', {GRACE}, {NOW}, {payouts},"
        f" 100, '', '', {NOW})"
    )


def _line(payout: int = APPROVED, line: int = 900, fingerprint: str = "fingerprint") -> str:
    return (
        "INSERT INTO batch_line (id, batch_id, place, payout_id, amount_cents, fingerprint, status,"
        f" words) SELECT {line}, 900, 1, id, mpesa_cents, {fingerprint}, 'waiting', ''"
        f" FROM payout WHERE id = {payout}"
    )


def _move(status: str) -> str:
    return f"UPDATE payout_batch SET status = '{status}' WHERE id = 900"


_QUESTION = (
    "INSERT INTO balance_question (id, relay_id, tag, shortcode, reason, asked_by, asked_at,"
    f" status, words, http_status, answer) VALUES (900, 1, 'tag', '600999', 'person', {GRACE},"
    f" {NOW}, 'accepted', '', 200, '')"
)
_READING = (
    "INSERT INTO float_reading (id, account, at, available_cents, source)"
    f" VALUES (900, 'utility', {NOW}, 100, 'test')"
)
_REST = (
    "INSERT INTO relay_rest (id, relay_id, since, rested_by, reason)"
    f" VALUES (900, 1, {NOW}, {GRACE}, 'away')"
)
_WAKE = f"UPDATE relay_rest SET until = {NOW} WHERE id = 900"

MPESA_BREACHES: dict[str, tuple[str, ...]] = {
    "batch_is_kept": (_batch(), "DELETE FROM payout_batch WHERE id = 900"),
    "batch_born_late": (_batch("sending"),),
    "batch_move_unknown": (_batch(), _move("paused")),
    "batch_content_fixed": (_batch(), "UPDATE payout_batch SET sum_cents = 1 WHERE id = 900"),
    "batch_ended_with_rest": (_batch(), _line(), _move("void")),
    "batch_line_is_kept": (_batch(), _line(), "DELETE FROM batch_line WHERE id = 900"),
    "batch_line_added_late": (_batch(), _move("sending"), _line()),
    "batch_line_not_approved": (_batch(), _line(DRAFT)),
    "batch_line_move_unknown": (
        _batch(),
        _line(),
        "UPDATE batch_line SET status = 'left' WHERE id = 900",
        "UPDATE batch_line SET status = 'gone' WHERE id = 900",
    ),
    "batch_line_content_fixed": (
        _batch(),
        _line(),
        f"UPDATE batch_line SET payout_id = {ACCEPTED} WHERE id = 900",
    ),
    "balance_question_is_kept": (_QUESTION, "DELETE FROM balance_question WHERE id = 900"),
    "balance_question_fixed": (
        _QUESTION,
        "UPDATE balance_question SET tag = 'other' WHERE id = 900",
    ),
    "balance_answer_is_final": (
        _QUESTION,
        "UPDATE balance_question SET status = 'answered' WHERE id = 900",
        "UPDATE balance_question SET status = 'unanswered' WHERE id = 900",
    ),
    "float_reading_is_final_update": (_READING, "UPDATE float_reading SET available_cents = 1"),
    "float_reading_is_final_delete": (_READING, "DELETE FROM float_reading WHERE id = 900"),
    "relay_rest_is_kept": (_REST, "DELETE FROM relay_rest WHERE id = 900"),
    "relay_rest_fixed": (_REST, _WAKE, _WAKE.replace("06:00", "07:00")),
}
# What a unique index refuses: a payout in two open batches, two open questions, one relay at rest twice.
TWICE: tuple[tuple[str, ...], ...] = (
    (
        _batch(),
        _line(),
        _batch().replace("900", "901"),
        _line(line=901).replace("901, 900,", "901, 901,"),
    ),
    (_QUESTION, _QUESTION.replace("(900,", "(901,").replace("'tag'", "'tag 2'")),
    (_REST, _REST.replace("(900,", "(901,")),
)
