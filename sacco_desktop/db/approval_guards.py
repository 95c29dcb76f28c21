"""What the database refuses about approvals: who decides, on what, how often, and by which rules of the house."""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final

_REQUEST_WAITS = (
    "EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id AND r.status = 'waiting')"
)


def _unmet(request: str, also: str = "") -> str:
    """Whether a step of a request has too few who said yes; who asked never counts."""
    return (
        f"EXISTS (SELECT 1 FROM approval_need n JOIN approval_request q ON q.id = n.request_id"
        f" WHERE n.request_id = {request}{also} AND n.quorum > (SELECT count(*)"
        " FROM approval_decision d WHERE d.request_id = n.request_id AND d.step = n.step"
        " AND d.decision = 'approve' AND d.fingerprint = q.fingerprint"
        " AND d.decided_by <> q.asked_by))"
    )


# One administrator may change these alone; the data file of the settings says the same, and a test compares both.
SETTINGS_OF_ONE = ("balance.ask_by_clock", "window.lock_after_minutes")
_NOT_OF_ONE = "NEW.name NOT IN (" + ", ".join(f"'{name}'" for name in SETTINGS_OF_ONE) + ")"
_NEEDS_TWO = "EXISTS (SELECT 1 FROM society s WHERE s.two_people_since IS NOT NULL)"


def _agreed(kind: str, subject: str) -> str:
    """Whether the new row names a request of this kind, about this subject, that another person approved."""
    return (
        "EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        f" AND r.kind = '{kind}' AND r.status = 'approved' AND r.subject_id = {subject})"
    )


# A yes writes its one row at once, so a request that has one lets no other row in; nor does one that was followed by a
# newer one for the same rule. What it says is sealed on a server, where no guard can read it.
_SETTING_AGREED = (
    "EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id AND r.kind = 'setting'"
    " AND r.status = 'approved' AND NOT EXISTS (SELECT 1 FROM setting u WHERE (u.request_id = r.id"
    " AND (u.name <> NEW.name OR u.effective_on <> NEW.effective_on))"
    " OR (u.name = NEW.name AND u.request_id > r.id)))"
)


# Two lists with commas around each name, one of them without the role: they differ when the role is in it.
_ROLE_IS_NAMED = (
    "replace(',' || n.roles || ',', ',' || NEW.role || ',', '') <> ',' || n.roles || ','"
)
_HOLDS_ROLE = (
    "(NEW.deputy_of IS NULL AND EXISTS (SELECT 1 FROM user_role u"
    " WHERE u.user_id = NEW.decided_by AND u.role = NEW.role))"
    " OR EXISTS (SELECT 1 FROM deputy p WHERE p.user_id = NEW.decided_by AND p.role = NEW.role"
    " AND p.for_user_id = NEW.deputy_of AND p.ended_at IS NULL)"
)


def _is_open_and_attended(user: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM sitting s JOIN sitting_presence p ON p.sitting_id = s.id"
        f" WHERE s.id = NEW.sitting_id AND s.closed_at IS NULL AND p.user_id = {user})"
    )


def is_about(member: str) -> str:
    """Whether the request r is about this member: the loan, the payout, the status or the shares are the member's."""
    return (
        "((r.kind IN ('loan', 'rest_not_wanted', 'guarantors_called', 'loan_reschedule', 'loan_write_off',"
        " 'reschedule_undone', 'loan_from_deposits')"
        f" AND EXISTS (SELECT 1 FROM loan l WHERE l.id = r.subject_id AND l.member_id = {member}))"
        f" OR (r.kind IN ('member_status', 'penalty_waiver') AND r.subject_id = {member})"
        " OR (r.kind = 'member_exit' AND EXISTS (SELECT 1 FROM exit_settlement x"
        f" WHERE x.id = r.subject_id AND x.member_id = {member}))"
        " OR (r.kind = 'share_transfer' AND EXISTS (SELECT 1 FROM share_transfer t"
        f" WHERE t.id = r.subject_id AND {member} IN (t.from_member_id, t.to_member_id)))"
        " OR (r.kind IN ('check_off_owner', 'check_off_owner_undone') AND EXISTS"
        f" (SELECT 1 FROM check_off_owner o WHERE o.id = r.subject_id AND o.member_id = {member}))"
        " OR (r.kind = 'receipt_allocation' AND EXISTS (SELECT 1 FROM allocation_wish w"
        f" WHERE w.request_id = r.id AND w.member_id = {member}))"
        " OR (r.kind = 'receipt_reversal' AND EXISTS (SELECT 1 FROM receipt_reversal b"
        " JOIN receipt_allocation a ON a.receipt_id = b.receipt_id"
        f" WHERE b.id = r.subject_id AND a.member_id = {member}))"
        " OR (r.kind = 'payout' AND EXISTS (SELECT 1 FROM payout p"
        f" WHERE p.id = r.subject_id AND p.member_id = {member}))"
        " OR (r.kind IN ('payout_not_paid', 'failure_taken_back', 'paid_twice') AND EXISTS"
        " (SELECT 1 FROM payout_attempt a JOIN payout p ON p.id = a.payout_id"
        f" WHERE a.id = r.subject_id AND p.member_id = {member}))"
        " OR (r.kind = 'payment_returned' AND EXISTS"
        " (SELECT 1 FROM hand_over h JOIN payout p ON p.id = h.payout_id"
        f" WHERE h.id = r.subject_id AND p.member_id = {member})))"
    )


def _rule_by_nobody(table: str, *key: str) -> str:
    """A rule beside the first of its kind that no second person has approved."""
    same = " AND ".join(f"t.{name} = NEW.{name}" for name in key)
    return (
        f"(NEW.request_id IS NULL AND EXISTS (SELECT 1 FROM {table} t WHERE {same}))"
        " OR (NEW.request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.kind = 'approval_rules' AND r.status = 'approved'))"
    )


_REQUEST_GUARDS = [
    Guard("approval_request_is_kept", "approval_request", "delete", "1 = 1"),
    Guard(
        "approval_content_edited",
        "approval_request",
        "update",
        changed(
            "kind", "subject_id", "content", "fingerprint", "amount_cents", "asked_by", "asked_at"
        ),
    ),
    Guard(
        "approval_is_closed",
        "approval_request",
        "update",
        "OLD.status <> NEW.status AND NOT (OLD.status = 'waiting'"
        " OR (OLD.status = 'approved' AND NEW.status = 'void'))",
    ),
    Guard("approval_born_decided", "approval_request", "insert", "NEW.status <> 'waiting'"),
    Guard(
        "approved_without_quorum",
        "approval_request",
        "update",
        "OLD.status = 'waiting' AND NEW.status = 'approved'"
        " AND (NOT EXISTS (SELECT 1 FROM approval_need n WHERE n.request_id = NEW.id)"
        f" OR {_unmet('NEW.id')})",
    ),
    Guard(
        "approved_against_a_no",
        "approval_request",
        "update",
        "OLD.status = 'waiting' AND NEW.status = 'approved' AND EXISTS (SELECT 1"
        " FROM approval_decision d WHERE d.request_id = NEW.id AND d.decision = 'reject')",
    ),
    *final("approval_need"),
    Guard(
        "need_added_late",
        "approval_need",
        "insert",
        f"NOT {_REQUEST_WAITS} OR EXISTS (SELECT 1 FROM approval_decision d"
        " WHERE d.request_id = NEW.request_id)",
    ),
    *final("approval_note"),
]

_DECISION_GUARDS = [
    *final("approval_decision"),
    Guard(
        "maker_is_checker",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.asked_by = NEW.decided_by)",
    ),
    Guard("decision_too_late", "approval_decision", "insert", f"NOT {_REQUEST_WAITS}"),
    Guard(
        "decision_on_other_content",
        "approval_decision",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.fingerprint = NEW.fingerprint)",
    ),
    Guard(
        "decision_in_no_step",
        "approval_decision",
        "insert",
        "NOT EXISTS (SELECT 1 FROM approval_need n WHERE n.request_id = NEW.request_id"
        f" AND n.step = NEW.step AND {_ROLE_IS_NAMED})",
    ),
    Guard(
        "decision_out_of_order",
        "approval_decision",
        "insert",
        _unmet("NEW.request_id", " AND n.step < NEW.step"),
    ),
    Guard("decision_without_role", "approval_decision", "insert", f"NOT ({_HOLDS_ROLE})"),
    Guard(
        "applicant_decides",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_request r JOIN loan l ON l.id = r.subject_id"
        " WHERE r.id = NEW.request_id AND r.kind = 'loan'"
        " AND (l.applied_by = NEW.decided_by OR l.appraised_by = NEW.decided_by))",
    ),
    Guard(
        "borrower_decides",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_request r JOIN user_member m ON m.user_id = NEW.decided_by"
        f" WHERE r.id = NEW.request_id AND {is_about('m.member_id')})",
    ),
    Guard(
        "deputy_of_the_maker_decides",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_request r"
        " WHERE r.id = NEW.request_id AND r.asked_by = NEW.deputy_of)",
    ),
    Guard(
        "one_voice_heard_twice",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_decision d WHERE d.request_id = NEW.request_id"
        " AND (d.decided_by = NEW.deputy_of OR d.deputy_of = NEW.decided_by"
        " OR d.deputy_of = NEW.deputy_of))",
    ),
    Guard(
        "decision_outside_the_sitting",
        "approval_decision",
        "insert",
        f"NEW.sitting_id IS NOT NULL AND NOT {_is_open_and_attended('NEW.decided_by')}",
    ),
]

_PEOPLE_GUARDS = [
    Guard(
        "auditor_is_more",
        "user_role",
        "insert",
        "EXISTS (SELECT 1 FROM user_role u WHERE u.user_id = NEW.user_id"
        " AND (u.role = 'auditor') <> (NEW.role = 'auditor'))",
    ),
    Guard(
        "auditor_is_deputy",
        "deputy",
        "insert",
        "NEW.role IN ('auditor', 'clock') OR EXISTS (SELECT 1 FROM user_role u"
        " WHERE u.user_id = NEW.user_id AND u.role = 'auditor')",
    ),
    Guard("deputy_is_kept", "deputy", "delete", "1 = 1"),
    Guard(
        "deputy_edited",
        "deputy",
        "update",
        "OLD.ended_at IS NOT NULL OR "
        + changed("user_id", "role", "for_user_id", "from_on", "until_on", "named_by", "named_at"),
    ),
]

# Once a second person could agree, nobody alone gives a role, opens or closes an account, or names a deputy.
_BY_TWO_GUARDS = [
    Guard(
        "two_people_no_more",
        "society",
        "update",
        "OLD.two_people_since IS NOT NULL AND " + changed("two_people_since"),
    ),
    Guard(
        "role_by_one",
        "user_role",
        "insert",
        f"{_NEEDS_TWO} AND NOT {_agreed('people', 'NEW.user_id')}",
    ),
    Guard("role_edited", "user_role", "update", "1 = 1"),
    Guard(
        "role_taken_by_one",
        "user_role",
        "delete",
        f"{_NEEDS_TWO} AND NOT EXISTS (SELECT 1 FROM approval_request r WHERE r.kind = 'people'"
        " AND r.status = 'approved' AND r.subject_id = OLD.user_id"
        " AND r.id > coalesce(OLD.request_id, 0))",
    ),
    Guard("account_by_one", "user_account", "insert", f"{_NEEDS_TWO} AND NEW.is_active"),
    Guard(
        "access_by_one",
        "user_account",
        "update",
        f"OLD.is_active <> NEW.is_active AND {_NEEDS_TWO} AND ("
        "NOT (OLD.request_id IS DISTINCT FROM NEW.request_id)"
        f" OR NOT {_agreed('people', 'NEW.id')})",
    ),
    Guard(
        "deputy_by_one",
        "deputy",
        "insert",
        f"{_NEEDS_TWO} AND NOT {_agreed('people', 'NEW.user_id')}",
    ),
    Guard(
        "person_decides_on_oneself",
        "approval_decision",
        "insert",
        "EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        " AND r.kind = 'people' AND r.subject_id = NEW.decided_by)",
    ),
    Guard(
        "setting_by_one",
        "setting",
        "insert",
        f"{_NOT_OF_ONE} AND NOT {_SETTING_AGREED} AND NOT (NEW.effective_on = '2000-01-01'"
        " AND NOT EXISTS (SELECT 1 FROM setting t WHERE t.name = NEW.name))",
    ),
    Guard(
        "setting_changed_by_one",
        "setting",
        "update",
        changed("name", "effective_on")
        # A request that was followed by another one does not come back.
        + f" OR ({_NOT_OF_ONE} AND (coalesce(OLD.request_id, 0) >= coalesce(NEW.request_id, 0)"
        f" OR NOT {_SETTING_AGREED}))",
    ),
    Guard("setting_is_kept", "setting", "delete", "OLD.effective_on > '2000-01-01'"),
]

_RULE_GUARDS = [
    *final("approval_levels"),
    Guard(
        "levels_by_nobody", "approval_levels", "insert", _rule_by_nobody("approval_levels", "kind")
    ),
    *final("amount_limit"),
    Guard(
        "limit_by_nobody", "amount_limit", "insert", _rule_by_nobody("amount_limit", "act", "role")
    ),
    *final("limit_use"),
]

_SITTING_GUARDS = [
    Guard("sitting_is_kept", "sitting", "delete", "1 = 1"),
    Guard(
        "sitting_edited",
        "sitting",
        "update",
        "OLD.closed_at IS NOT NULL OR "
        + changed("minute_number", "held_on", "place", "chair_id", "opened_by", "opened_at"),
    ),
    *final("sitting_presence"),
    Guard(
        "presence_added_late",
        "sitting_presence",
        "insert",
        "EXISTS (SELECT 1 FROM sitting s WHERE s.id = NEW.sitting_id AND s.closed_at IS NOT NULL)",
    ),
    *final("sitting_abstention"),
    Guard(
        "abstention_outside_the_sitting",
        "sitting_abstention",
        "insert",
        f"NOT {_is_open_and_attended('NEW.user_id')}",
    ),
]

APPROVAL_GUARDS = [
    *_REQUEST_GUARDS,
    *_DECISION_GUARDS,
    *_PEOPLE_GUARDS,
    *_BY_TWO_GUARDS,
    *_RULE_GUARDS,
    *_SITTING_GUARDS,
]
