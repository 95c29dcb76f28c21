"""How the guards of payouts on hold are broken by plain SQL."""

from tests.db.full_office import APPROVED, CASH, DRAFT, UNSENT
from tests.db.payout_breaches import hand_over

PETER, GRACE, LUCY = 3, 5, 6
NOW = "'2026-03-16T06:00:00.000000+00:00'"


def hold(payout: int) -> str:
    """A hold of a payout, as a script would insert it."""
    return (
        "INSERT INTO payout_hold (id, payout_id, held_by, held_at, why, release_why)"
        f" VALUES (900, {payout}, {LUCY}, {NOW}, '', '')"
    )


_RELEASE = f"UPDATE payout_hold SET released_by = {GRACE}, released_at = {NOW} WHERE id = 900"

HOLD_BREACHES: dict[str, tuple[str, ...]] = {
    "payout_on_hold_leaves": (
        hold(APPROVED),
        f"UPDATE payout SET status = 'in_flight' WHERE id = {APPROVED}",
    ),
    "attempt_of_payout_on_hold": (
        hold(APPROVED),
        "INSERT INTO payout_attempt (payout_id, number, originator_conversation_id, b2c_version,"
        " relay_id, tag, status, reason, claim, claim_code, claim_words, not_found_answers,"
        " times_sent, questions_asked, sent_by, first_sent_at, last_sent_at, version)"
        f" VALUES ({APPROVED}, 1, 'id', 'v3', 1, 'tag', 'sending', '', '', '', '', 0, 1, 0, {GRACE},"
        f" {NOW}, {NOW}, 1)",
    ),
    "attempt_on_hold_leaves": (
        hold(UNSENT),
        f"UPDATE payout_attempt SET status = 'sending' WHERE payout_id = {UNSENT}",
    ),
    "hand_over_of_payout_on_hold": (hold(CASH), hand_over(CASH, "cash", by=PETER)),
    "hold_is_kept": (hold(APPROVED), "DELETE FROM payout_hold"),
    "hold_of_what_is_not_approved": (hold(DRAFT),),
    "hold_edited": (
        hold(APPROVED),
        _RELEASE,
        "UPDATE payout_hold SET released_by = NULL, released_at = NULL WHERE id = 900",
    ),
}
