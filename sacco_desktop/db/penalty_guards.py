"""What the database refuses about penalties: charges of a rule that is off, paying twice, waivers by one person."""

from __future__ import annotations

from sacco_desktop.db.guard import POSTING_NOW, Guard, final

_LEFT = (
    "(SELECT c.cents - coalesce((SELECT sum(p.cents) FROM penalty_payment p WHERE p.charge_id = c.id"
    " AND NOT EXISTS (SELECT 1 FROM journal_entry b WHERE b.reverses_number = p.entry_number"
    " AND b.posted_at IS NOT NULL)), 0)"
    " - coalesce((SELECT sum(w.cents) FROM penalty_waiver w WHERE w.charge_id = c.id), 0)"
    " FROM penalty_charge c WHERE c.id = NEW.charge_id)"
)


def _unposted(number: str) -> str:
    return (
        f"{number} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_entry e"
        f" WHERE e.number = {number} AND e.posted_at IS NOT NULL)"
    )


def _approved(kind: str, subject: str) -> str:
    """An EXISTS: somebody else approved the request that the row names."""
    return (
        "EXISTS (SELECT 1 FROM approval_request r WHERE r.id = NEW.request_id"
        f" AND r.kind = '{kind}' AND r.status = 'approved' AND r.subject_id = {subject})"
    )


PENALTY_GUARDS = [
    *(
        guard
        for table in (
            "penalty_rule",
            "penalty_terms",
            "penalty_charge",
            "penalty_payment",
            "penalty_waiver",
            "penalty_exemption",
            "penalty_run",
            "meeting",
            "meeting_mark",
        )
        for guard in final(table)
    ),
    # Books begin with rules that are off; only two people switch one on.
    Guard(
        "penalty_terms_by_nobody",
        "penalty_terms",
        "insert",
        "(NEW.request_id IS NULL AND (NEW.is_on OR NEW.effective_on <> '2000-01-01'))"
        " OR (NEW.request_id IS NOT NULL AND NOT "
        + _approved("penalty_terms", "NEW.rule_id")
        + ")",
    ),
    Guard(
        "penalty_of_no_rule",
        "penalty_charge",
        "insert",
        "NOT EXISTS (SELECT 1 FROM penalty_terms t WHERE t.id = NEW.terms_id"
        " AND t.rule_id = NEW.rule_id AND t.is_on AND t.effective_on <= NEW.charged_on)",
    ),
    Guard(
        "penalty_without_entry",
        "penalty_charge",
        "insert",
        _unposted("NEW.entry_number"),
    ),
    Guard(
        "penalty_payment_without_entry",
        "penalty_payment",
        "insert",
        _unposted("NEW.entry_number"),
    ),
    Guard(
        "penalty_paid_beyond_charge",
        "penalty_payment",
        "insert",
        f"NEW.cents > {_LEFT}",
    ),
    Guard(
        "penalty_waived_beyond_charge",
        "penalty_waiver",
        "insert",
        f"NEW.cents > {_LEFT}",
    ),
    Guard(
        "penalty_waived_by_nobody",
        "penalty_waiver",
        "insert",
        "NOT "
        + _approved(
            "penalty_waiver",
            "(SELECT c.member_id FROM penalty_charge c WHERE c.id = NEW.charge_id)",
        ),
    ),
    Guard(
        "member_exempt_by_nobody",
        "penalty_exemption",
        "insert",
        "NOT " + _approved("penalty_waiver", "NEW.member_id"),
    ),
    Guard(
        "mark_of_no_preset",
        "meeting_mark",
        "insert",
        "NOT EXISTS (SELECT 1 FROM penalty_rule r WHERE r.id = NEW.rule_id AND r.about = 'meeting')",
    ),
    # A penalty is waived with a reason and by two people; taking its entry back would hide it.
    Guard(
        "penalty_taken_back",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.reverses_number IS NOT NULL AND (EXISTS (SELECT 1 FROM"
        " penalty_charge c WHERE c.entry_number = NEW.reverses_number) OR EXISTS (SELECT 1 FROM"
        " penalty_waiver w WHERE w.entry_number = NEW.reverses_number))",
    ),
]
