"""What is left of the schedule of a loan that was partly repaid in the old books."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sacco_desktop.domain.schedule import Instalment


def remaining_schedule(
    schedule: Iterable[Instalment], outstanding_cents: int, as_of: date
) -> tuple[Instalment, ...]:
    """The instalments that are still to be paid, with their numbers and due dates.

    What was repaid of the principal repaid the first instalments first, so those that are late keep the day since which
    they are. Interest that fell due until `as_of` belongs to the old books and is not asked for again.
    """
    rows = list(schedule)
    repaid = sum(row.principal_cents for row in rows) - outstanding_cents
    balance, left = outstanding_cents, []
    for row in rows:
        taken = min(repaid, row.principal_cents)
        repaid -= taken
        principal = row.principal_cents - taken
        balance -= principal
        is_over = row.due_on <= as_of or (row.principal_cents > 0 and principal == 0)
        interest, fee = (0, 0) if is_over else (row.interest_cents, row.fee_cents)
        if principal or interest or fee:
            left.append(
                row._replace(
                    principal_cents=principal,
                    interest_cents=interest,
                    fee_cents=fee,
                    balance_cents=balance,
                )
            )
    return tuple(left)
