"""How the guards of payments that came back are broken by plain SQL."""

from tests.db.full_office import HANDED
from tests.db.plain_sql import (
    BALANCED,
    GRACE,
    LUCY,
    POST,
    SAYS_YES,
    asked,
    decision,
    entry,
    posting,
)

# The payment of a cheque comes back: entry 1000 undoes it, request 900 was approved.

_PAID_ENTRY = f"(SELECT paid_entry FROM hand_over WHERE payout_id = {HANDED})"
UNDONE = (entry(reverses=_PAID_ENTRY), *BALANCED, POST)
AGREED = (
    *asked(
        900,
        "payment_returned",
        GRACE,
        "treasurer",
        subject=f"(SELECT id FROM hand_over WHERE payout_id = {HANDED})",
    ),
    decision(LUCY, "id = 900"),
    SAYS_YES,
)


def comes_back(entry: str) -> str:
    return (
        f"UPDATE hand_over SET outcome = 'returned', return_entry = {entry},"
        f" returned_on = '2026-03-16', return_paper = '' WHERE payout_id = {HANDED}"
    )


LAST_ENTRY = "(SELECT number FROM journal_entry WHERE id = 1000)"
CAME_BACK = (
    *UNDONE,
    *AGREED,
    comes_back(LAST_ENTRY),
    "UPDATE payout SET status = 'draft', entry_number = NULL, paid_at = NULL, evidence = 'none',"
    f" fingerprint = '' WHERE id = {HANDED}",
)
LOAN_OF_HANDED = f"(SELECT loan_id FROM payout WHERE id = {HANDED})"
LOAN_WAITS = (
    f"UPDATE loan SET status = 'disbursement_pending', schedule = 2 WHERE id = {LOAN_OF_HANDED}"
)
REPAID = (
    entry().replace("SELECT 1000", "SELECT 1001"),
    posting(1, "1010", 100, 0, entry=1001),
    "INSERT INTO posting (entry_id, line, account_id, debit_cents, credit_cents, memo)"
    " SELECT 1001, 2, a.id, 0, 100, '' FROM account a JOIN loan l"
    f" ON a.code = l.loan_control || '.' || l.number WHERE l.id = {LOAN_OF_HANDED}",
    POST.replace("1000", "1001").replace("'x'", "'y'"),
)

# The deposit of a member is taken out while nearly all of it is on its way to them: entry 1000 reverses it.
_DEPOSIT = "(SELECT min(number) FROM journal_entry WHERE kind = 'cash_deposit')"
_OWN = (
    "(SELECT p.account_id FROM posting p JOIN journal_entry e ON e.id = p.entry_id"
    " WHERE e.kind = 'cash_deposit' AND p.credit_cents > 0 ORDER BY e.number LIMIT 1)"
)
TAKEN_OUT = (
    entry(reverses=_DEPOSIT),
    posting(1, "1010", 0, 90_000_000),
    "INSERT INTO posting (entry_id, line, account_id, debit_cents, credit_cents, memo)"
    f" SELECT 1000, 2, {_OWN}, 90000000, 0, ''",
    POST,
)
RETURN_BREACHES: dict[str, tuple[str, ...]] = {
    "deposits_overdrawn_by_reversal": TAKEN_OUT,
    "loan_undone_paid": (LOAN_WAITS,),
    "loan_undone_with_schedule": (*CAME_BACK, LOAN_WAITS.replace(", schedule = 2", "")),
    "loan_undone_repaid": (*CAME_BACK, *REPAID, LOAN_WAITS),
    "returned_by_nobody": (*UNDONE, comes_back(LAST_ENTRY)),
    "returned_unposted": (*AGREED, comes_back("99999")),
}
