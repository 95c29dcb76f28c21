"""What the database refuses of savings and funds that go out: below zero, against the terms of the product, without
notice or before its day, without a claim.
"""

from __future__ import annotations

from sacco_desktop.db.guard import POSTING_NOW, Guard, business_day, day_number, final

_OF_SAVINGS = "savings_product s ON s.account_code = {control} AND s.kind = 'savings'"
_BECOMES_APPROVED = "OLD.status = 'draft' AND NEW.status = 'approved'"


def _term(column: str, product: str, day: str) -> str:
    """What the terms of a product said on a day, by its number."""
    return (
        f"(SELECT t.{column} FROM savings_terms t WHERE t.product_id = {product}"
        f" AND {day_number('t.effective_on')} <= {day} ORDER BY t.effective_on DESC LIMIT 1)"
    )


def _never(account: str, moment: str) -> str:
    """Its product pays nothing out at this moment; share capital has a guard of its own."""
    asked = _term("withdrawal", "s.id", business_day(moment))
    return (
        f"EXISTS (SELECT 1 FROM savings_product s WHERE s.account_code = {account}"
        f" AND s.kind <> 'shares' AND {asked} = 'never')"
    )


_NOTICE_OF_PAYOUT = (
    "(SELECT 1 FROM withdrawal_notice n WHERE n.payout_id = NEW.id AND n.taken_back_at IS NULL"
    " AND n.cents >= NEW.net_cents)"
)
_ASKED_DAY = business_day("NEW.requested_at")


def _leaves_never(code: str, table: str, moment: str) -> Guard:
    """The same once more when the money leaves, for the terms may be others by now."""
    condition = (
        "EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id AND "
        f"{_never('p.account_code', moment)})"
    )
    return Guard(code, table, "insert", condition)


WITHDRAWAL_GUARDS = [
    Guard("never_paid_out", "payout", "insert", _never("NEW.account_code", "NEW.requested_at")),
    _leaves_never("never_paid_out_sent", "payout_attempt", "NEW.first_sent_at"),
    _leaves_never("never_paid_out_by_hand", "hand_over", "NEW.made_at"),
    Guard(
        "notice_runs_too_short",
        "withdrawal_notice",
        "insert",
        f"{day_number('NEW.ripe_on')} - {day_number('NEW.given_on')} <"
        f" {_term('notice_days', 'NEW.product_id', business_day('NEW.recorded_at'))}",
    ),
    Guard(
        "notice_used_before_its_day",
        "withdrawal_notice",
        "update",
        "NEW.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id"
        " AND EXISTS (SELECT 1 FROM payout p WHERE p.id = NEW.payout_id"
        f" AND {business_day('p.requested_at')} < {day_number('NEW.ripe_on')})",
    ),
    Guard(
        "deposits_without_notice",
        "payout",
        "update",
        f"{_BECOMES_APPROVED} AND EXISTS (SELECT 1 FROM savings_product s"
        " WHERE s.account_code = NEW.account_code AND s.kind = 'deposits'"
        f" AND {_term('notice_days', 's.id', _ASKED_DAY)} > 0)"
        f" AND NOT EXISTS {_NOTICE_OF_PAYOUT}",
    ),
    # What M-Pesa has paid is booked in any case; a withdrawal is stopped before it leaves, by the guard below.
    Guard(
        "savings_overdrawn",
        "journal_entry",
        "update",
        f"{POSTING_NOW} AND NEW.kind <> 'savings_withdrawal' AND EXISTS (SELECT 1 FROM posting p"
        " JOIN account a ON a.id = p.account_id JOIN account c ON c.id = a.control_id"
        f" JOIN {_OF_SAVINGS.format(control='c.code')}"
        " LEFT JOIN account_balance b ON b.account_id = a.id WHERE p.entry_id = NEW.id"
        " GROUP BY a.id, b.debit_cents, b.credit_cents"
        " HAVING sum(p.debit_cents) > sum(p.credit_cents)"
        " AND coalesce(b.credit_cents, 0) - coalesce(b.debit_cents, 0)"
        " + sum(p.credit_cents) - sum(p.debit_cents) < 0)",
    ),
    Guard(
        "withdrawal_above_savings",
        "payout",
        "update",
        "OLD.status = 'approved' AND NEW.status = 'in_flight' AND EXISTS (SELECT 1 FROM member m"
        f" JOIN {_OF_SAVINGS.format(control='NEW.account_code')}"
        " LEFT JOIN account a ON a.code = NEW.account_code || '.' || m.number"
        " LEFT JOIN account_balance b ON b.account_id = a.id WHERE m.id = NEW.member_id"
        " AND NEW.net_cents > coalesce(b.credit_cents, 0) - coalesce(b.debit_cents, 0)"
        " - (SELECT coalesce(sum(y.net_cents), 0) FROM payout y WHERE y.member_id = NEW.member_id"
        " AND y.account_code = NEW.account_code AND y.status = 'in_flight' AND y.id <> NEW.id))",
    ),
    Guard(
        "withdrawal_without_notice",
        "payout",
        "update",
        f"{_BECOMES_APPROVED} AND NEW.purpose = 'savings_withdrawal' AND NOT EXISTS"
        f" {_NOTICE_OF_PAYOUT}",
    ),
    Guard(
        "notice_in_use_taken_back",
        "withdrawal_notice",
        "update",
        "OLD.taken_back_at IS NULL AND NEW.taken_back_at IS NOT NULL AND EXISTS (SELECT 1 FROM payout p"
        " WHERE p.id = NEW.payout_id AND p.status <> 'cancelled')",
    ),
    *final("fund_claim"),
    Guard(
        "claim_of_another",
        "fund_claim",
        "insert",
        "NOT EXISTS (SELECT 1 FROM payout p JOIN savings_product s ON s.account_code = p.account_code"
        " WHERE p.id = NEW.payout_id AND p.purpose = 'welfare_claim' AND p.status = 'draft'"
        " AND p.member_id = NEW.member_id AND s.id = NEW.product_id AND s.kind = 'fund'"
        " AND p.net_cents = NEW.cents)",
    ),
    Guard(
        "fund_pays_without_claim",
        "payout",
        "update",
        f"{_BECOMES_APPROVED} AND NEW.purpose = 'welfare_claim' AND NOT EXISTS"
        " (SELECT 1 FROM fund_claim f WHERE f.payout_id = NEW.id)",
    ),
]
