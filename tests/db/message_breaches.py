"""How the guards of messages are broken by plain SQL."""

from tests.db.plain_sql import GRACE, NOW


def message(number: int = 900, status: str = "waiting", subject: str = "R-1") -> str:
    return (
        "INSERT INTO message (id, event, subject, period, channel, member_id, language, address,"
        " heading, text, parts, status, words, cost, made_at, not_before, tries, version)"
        f" VALUES ({number}, 'payment_received', '{subject}', '', 'sms', 1, 'en', '254700000001',"
        f" '', 'Paid', 1, '{status}', '', '', {NOW}, {NOW}, 0, 1)"
    )


def _attempt(number: int = 900, status: str = "sending", of: int = 900) -> str:
    return (
        "INSERT INTO message_attempt (id, message_id, gateway, status, gateway_id, code, words,"
        f" http_status, answer, pc_name, begun_at) VALUES ({number}, {of}, 'twilio', '{status}', '', '',"
        f" '', 0, '', 'pc', {NOW})"
    )


def _to(status: str) -> str:
    return f"UPDATE message SET status = '{status}' WHERE id = 900"


def _ended(status: str) -> str:
    return f"UPDATE message_attempt SET status = '{status}' WHERE id = 900"


_PAPER = (
    "INSERT INTO message_paper (id, message_id, name, media, content)"
    " SELECT 900, 900, '', '', body FROM relay_entry LIMIT 1"
)
_WISH = (
    "INSERT INTO message_wish (id, member_id, wish, language, said, recorded_by, recorded_at)"
    f" VALUES (900, 1, 'none', '', '', {GRACE}, {NOW})"
)
_STOP = (
    "INSERT INTO message_stop (id, gateway, code, reason, stopped_at, clearing_words)"
    f" VALUES (900, 'twilio', '', '', {NOW}, '')"
)
_SENDING = (message(), _to("sending"), _attempt())
_CLEARED = f"UPDATE message_stop SET cleared_at = {NOW}, cleared_by = {GRACE}"
MESSAGE_BREACHES: dict[str, tuple[str, ...]] = {
    "message_is_kept": (message(), "DELETE FROM message WHERE id = 900"),
    "message_born_sent": (message(status="sent"),),
    "message_move_unknown": (message(), _to("sent")),
    "message_content_fixed": (message(), "UPDATE message SET text = 'Other' WHERE id = 900"),
    "message_again_by_nobody": (message(), _to("sending"), _to("unknown"), _to("waiting")),
    "message_paper_is_final_update": (message(), _PAPER, "UPDATE message_paper SET media = 'x'"),
    "message_paper_is_final_delete": (message(), _PAPER, "DELETE FROM message_paper"),
    "message_attempt_is_kept": (*_SENDING, "DELETE FROM message_attempt"),
    "message_attempt_born_late": (message(), _to("sending"), _attempt(status="taken")),
    "message_attempt_move_unknown": (*_SENDING, _ended("taken"), _ended("sending")),
    "message_attempt_fixed": (*_SENDING, "UPDATE message_attempt SET gateway = 'smtp'"),
    # The message waits again by a word that nobody gave, and the call itself is refused.
    "message_sent_again": (*_SENDING, _ended("unknown"), _attempt(901)),
    "message_attempt_unasked": (message(), _attempt()),
    "message_wish_is_final_update": (_WISH, "UPDATE message_wish SET wish = 'all'"),
    "message_wish_is_final_delete": (_WISH, "DELETE FROM message_wish"),
    "message_stop_is_kept": (_STOP, "DELETE FROM message_stop"),
    "message_stop_fixed": (_STOP, _CLEARED, "UPDATE message_stop SET clearing_words = 'x'"),
}
# What a unique index refuses: one thing told twice, and two calls for one message at once.
MESSAGE_TWICE: tuple[tuple[str, ...], ...] = (
    (message(), message(901)),
    (*_SENDING, _attempt(901)),
)
