"""How the guards of payouts in parts and of payments by hand are broken by plain SQL."""

from tests.db.full_office import ACCEPTED, APPROVED, BANK, CASH, DRAFT, FILED, PAID

PETER, GRACE, LUCY = 3, 5, 6
NOW = "'2026-03-16T06:00:00.000000+00:00'"

_COLUMNS = (
    "number, purpose, loan_id, member_id, phone, net_cents, mpesa_cents, deposits_cents, charge_cents, status,"
    " evidence, fingerprint, requested_by, requested_at, version, part, parts, way, handed_cents, recovered_cents,"
    " bearer, tariff, account_code, narration, payee, bank, bank_code, branch_code, account_number, content_form,"
    " fee_cents"
)


def twin(of: int, status: str = "draft", **changes: str) -> str:
    """Another payout like the one with this id, as a script would insert it."""
    values = {name.strip(): name.strip() for name in _COLUMNS.split(",")}
    values |= {"number": "'PO-9'", "status": f"'{status}'", "evidence": "'none'"}
    values |= {"fingerprint": "''"} | changes
    return (
        f"INSERT INTO payout ({', '.join(values)})"
        f" SELECT {', '.join(values.values())} FROM payout WHERE id = {of}"
    )


_FILE = (
    "INSERT INTO bank_file (id, number, made_by, made_at, payments, total_cents, sha256, content)"
    f" VALUES (900, 'BF-9', {GRACE}, {NOW}, 1, 100, '', '')"
)


def hand_over(
    payout: int, way: str, *, by: int = GRACE, outcome: str = "open", file: str = "NULL"
) -> str:
    """A payment by hand of a payout, as a script would insert it."""
    return (
        "INSERT INTO hand_over (payout_id, number, way, reference, bank_file_id, made_by, made_at, outcome, proof,"
        f" reason, closed_by) VALUES ({payout}, 9, '{way}', '900', {file}, {by}, {NOW}, '{outcome}', '', '', {by})"
    )


PAYOUT_BREACHES: dict[str, tuple[str, ...]] = {
    "payout_born_late": (
        f"UPDATE payout SET status = 'cancelled' WHERE id = {DRAFT}",
        twin(DRAFT, "approved"),
    ),
    "payout_parts_exceed_loan": (
        twin(DRAFT, part="2", parts="2", net_cents="100", mpesa_cents="100"),
    ),
    "cancelled_part_exceeds_loan": (
        f"UPDATE payout SET status = 'cancelled' WHERE id = {APPROVED}",
        twin(APPROVED, part="2", parts="2"),
        f"UPDATE payout SET status = 'in_flight' WHERE id = {APPROVED}",
    ),
    "payout_let_go_in_doubt": (f"UPDATE payout SET status = 'draft' WHERE id = {ACCEPTED}",),
    "payout_paid_by_nothing": (
        f"UPDATE payout SET status = 'paid', entry_number = 1 WHERE id = {ACCEPTED}",
    ),
    "payout_paid_unposted": (
        f"UPDATE payout_attempt SET status = 'paid' WHERE payout_id = {ACCEPTED}",
        f"UPDATE payout SET status = 'paid', entry_number = 99999 WHERE id = {ACCEPTED}",
    ),
    "loan_taken_back_paid": (
        f"UPDATE loan SET status = 'approved' WHERE id = (SELECT loan_id FROM payout WHERE id = {PAID})",
    ),
    "attempt_of_other_way": (
        "INSERT INTO payout_attempt (payout_id, number, originator_conversation_id, b2c_version,"
        " relay_id, tag, status, reason, claim, claim_code, claim_words, not_found_answers,"
        " times_sent, questions_asked, sent_by, first_sent_at, last_sent_at, version)"
        f" VALUES ({BANK}, 1, 'id', 'v3', 1, 'tag', 'sending', '', '', '', '', 0, 1, 0, {GRACE},"
        f" {NOW}, {NOW}, 1)",
    ),
    "bank_file_is_final_update": ("UPDATE bank_file SET sha256 = 'other'",),
    "bank_file_is_final_delete": (_FILE, "DELETE FROM bank_file WHERE id = 900"),
    "hand_over_is_kept": ("DELETE FROM hand_over",),
    "hand_over_born_closed": (hand_over(CASH, "cash", by=PETER, outcome="paid"),),
    "hand_over_of_unapproved_payout": (
        f"UPDATE payout SET status = 'draft' WHERE id = {CASH}",
        hand_over(CASH, "cash", by=PETER),
    ),
    "hand_over_by_other_way": (hand_over(APPROVED, "cheque"),),
    "approver_hands_over": (_FILE, hand_over(BANK, "bank", by=LUCY, file="900")),
    "maker_pays_cash": (hand_over(CASH, "cash", by=GRACE),),
    "hand_over_edited": (f"UPDATE hand_over SET reference = '9' WHERE payout_id = {FILED}",),
    "hand_over_is_closed": (
        f"UPDATE hand_over SET outcome = 'returned', closed_by = {GRACE} WHERE payout_id = {FILED}",
        f"UPDATE hand_over SET outcome = 'open' WHERE payout_id = {FILED}",
    ),
    "hand_over_paid_unposted": (
        f"UPDATE hand_over SET outcome = 'paid', closed_by = {GRACE}, paid_entry = 99999"
        f" WHERE payout_id = {FILED}",
    ),
}
SECOND_FILE = (_FILE, hand_over(FILED, "bank", file="900"))
