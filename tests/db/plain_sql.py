"""Entries, requests and decisions as a script would write them by plain SQL."""

# The people of the template: the administrator is 2.
PETER, DANIEL, GRACE, LUCY = 3, 4, 5, 6
NOW = "'2026-03-16T06:00:00.000000+00:00'"


def entry(number: str = "number + 1", before: str = "hash", reverses: str = "NULL") -> str:
    """Entry 1000, written but not posted."""
    return (
        "INSERT INTO journal_entry (id, number, value_date, kind, narration, reference,"
        " reverses_number, posted_by, previous_hash)"
        f" SELECT 1000, {number}, '2026-03-16', 'test', 'test', 'test', {reverses}, {GRACE},"
        f" {before} FROM journal_entry ORDER BY number DESC LIMIT 1"
    )


def posting(line: int, account: str, debit: int, credit: int, entry: int = 1000) -> str:
    return (
        "INSERT INTO posting (entry_id, line, account_id, debit_cents, credit_cents, memo)"
        f" SELECT {entry}, {line}, id, {debit}, {credit}, '' FROM account WHERE code = '{account}'"
    )


BALANCED = (posting(1, "1010", 100, 0), posting(2, "1020", 0, 100))
POST = f"UPDATE journal_entry SET posted_at = {NOW}, hash = 'x' WHERE id = 1000"


HELD = {PETER: "officer", DANIEL: "committee", GRACE: "treasurer", LUCY: "treasurer"}


def decision(
    by: int,
    request: str,
    fingerprint: str = "fingerprint",
    *,
    step: int = 1,
    role: str = "",
    verdict: str = "approve",
) -> str:
    return (
        "INSERT INTO approval_decision (request_id, decided_by, roles, decision, reason,"
        " fingerprint, decided_at, step, role, sitting_id)"
        f" SELECT id, {by}, 'committee', '{verdict}', '', {fingerprint}, {NOW}, {step},"
        f" '{role or HELD[by]}', NULL FROM approval_request WHERE {request} LIMIT 1"
    )


def asked(number: int, kind: str, by: int, *needs: str, subject: str = "1") -> tuple[str, ...]:
    """A request of plain SQL, with what it needs: `roles`, one step after the other."""
    return (
        "INSERT INTO approval_request (id, kind, subject_id, about, amount_cents, content,"
        " fingerprint, status, asked_by, asked_at, closing_words)"
        f" VALUES ({number}, '{kind}', {subject}, '', 1, '', 'f', 'waiting', {by}, {NOW}, '')",
        *(
            "INSERT INTO approval_need (request_id, step, roles, quorum, members_vote)"
            f" VALUES ({number}, {step}, '{roles}', 1, FALSE)"
            for step, roles in enumerate(needs, 1)
        ),
    )


SAYS_YES = "UPDATE approval_request SET status = 'approved' WHERE id = 900"
