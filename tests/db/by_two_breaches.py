"""How the guards of what two people decide are broken by plain SQL: roles, accounts, deputies, settings, entries."""

DANIEL, GRACE, LUCY = 4, 5, 6
NOW = "'2026-03-16T06:00:00.000000+00:00'"

_ACCOUNT = (
    "INSERT INTO user_account (id, username, full_name, password_hash, is_active, wrong_tries,"
    f" created_at, version) VALUES (900, 'eve', 'Eve', '!', true, 0, {NOW}, 1)"
)
_SETTING = "INSERT INTO setting (name, effective_on, value) VALUES ('{}', '2026-03-17', '{}')"
_ASKED_ABOUT_DANIEL = (
    "INSERT INTO approval_request (id, kind, subject_id, about, amount_cents, content,"
    " fingerprint, status, asked_by, asked_at, closing_words)"
    f" VALUES (900, 'people', {DANIEL}, '', 0, '', 'f', 'waiting', {GRACE}, {NOW}, '')"
)
_NEEDS_COMMITTEE = (
    "INSERT INTO approval_need (request_id, step, roles, quorum, members_vote)"
    " VALUES (900, 1, 'committee', 1, FALSE)"
)
_DANIEL_SAYS_YES = (
    "INSERT INTO approval_decision (request_id, decided_by, roles, decision, reason, fingerprint,"
    " decided_at, step, role)"
    f" VALUES (900, {DANIEL}, 'committee', 'approve', '', 'f', {NOW}, 1, 'committee')"
)
_DAMAGED = (
    "INSERT INTO damaged_entry (id, relay_id, epoch, sequence, chain_hash, header, box, why,"
    f" found_at) SELECT 900, id, 1, 9, chain_hash, chain_hash, chain_hash, '', {NOW} FROM relay"
    " ORDER BY id LIMIT 1"
)


def agreed_about(person: int) -> str:
    """The request by which this person came into the office, which another one had approved."""
    return (
        f"(SELECT id FROM approval_request WHERE kind = 'people' AND subject_id = {person}"
        " AND status = 'approved')"
    )


BY_TWO_BREACHES: dict[str, tuple[str, ...]] = {
    "two_people_no_more": ("UPDATE society SET two_people_since = NULL",),
    "role_by_one": (f"INSERT INTO user_role (user_id, role) VALUES ({GRACE}, 'officer')",),
    "role_edited": (f"UPDATE user_role SET role = 'cashier' WHERE user_id = {GRACE}",),
    "role_taken_by_one": (f"DELETE FROM user_role WHERE user_id = {GRACE}",),
    "account_by_one": (_ACCOUNT,),
    "access_by_one": (f"UPDATE user_account SET is_active = false WHERE id = {GRACE}",),
    "deputy_by_one": (
        "INSERT INTO deputy (user_id, role, for_user_id, from_on, until_on, named_by, named_at)"
        f" VALUES ({LUCY}, 'committee', {DANIEL}, '2026-03-16', '2026-03-20', 2, {NOW})",
    ),
    "person_decides_on_oneself": (_ASKED_ABOUT_DANIEL, _NEEDS_COMMITTEE, _DANIEL_SAYS_YES),
    "setting_by_one": (_SETTING.format("payout.not_found_hours", 1),),
    "setting_changed_by_one": (
        "UPDATE setting SET value = '1' WHERE name = 'payout.not_found_hours'",
    ),
    "setting_is_kept": (
        _SETTING.format("window.lock_after_minutes", 9),
        "DELETE FROM setting WHERE effective_on = '2026-03-17'",
    ),
    "damaged_entry_is_kept": (_DAMAGED, "DELETE FROM damaged_entry"),
    "damaged_entry_edited": (_DAMAGED, "UPDATE damaged_entry SET sequence = 10"),
    "damaged_entry_skipped_by_one": (_DAMAGED, f"UPDATE damaged_entry SET skipped_at = {NOW}"),
}
