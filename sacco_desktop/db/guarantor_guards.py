"""What the database refuses about guarantors: a promise for the own loan, a changed promise, a move without a word, and
taking more from a guarantor than was promised.
"""

from __future__ import annotations

from sacco_desktop.db.guard import Guard, changed, final, moves
from sacco_desktop.db.import_guards import IMPORTED, UNDONE_WITH_ITS_IMPORT

# A promise that was declined, released or substituted is over; who is asked again promises anew.
MOVES = (
    ("requested", "accepted"),
    ("requested", "declined"),
    ("requested", "released"),
    ("accepted", "released"),
    ("accepted", "substituted"),
    ("accepted", "called_upon"),
    ("called_upon", "released"),
)
_MOVED = "OLD.status <> NEW.status"
_COUNTS = (
    "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.reverses_number = q.entry_number"
    " AND e.posted_at IS NOT NULL)"
)


def _sum_of(kind: str) -> str:
    return (
        "(SELECT coalesce(sum(q.cents), 0) FROM guarantor_recovery q"
        f" WHERE q.guarantee_id = NEW.guarantee_id AND q.kind = '{kind}' AND {_COUNTS})"
    )


_STATUS_OF_LOAN = "(SELECT l.status FROM loan l WHERE l.id = NEW.loan_id)"

GUARANTOR_GUARDS = [
    Guard("guarantee_is_kept", "guarantee", "delete", f"NOT {UNDONE_WITH_ITS_IMPORT}"),
    Guard(
        "guarantee_of_no_import",
        "guarantee",
        "insert",
        f"NEW.import_id IS NOT NULL AND NOT {IMPORTED}",
    ),
    Guard("guarantee_born_late", "guarantee", "insert", "NEW.status <> 'requested'"),
    Guard(
        "guarantee_of_own_loan",
        "guarantee",
        "insert",
        "EXISTS (SELECT 1 FROM loan l WHERE l.id = NEW.loan_id AND l.member_id = NEW.member_id)",
    ),
    Guard(
        "guarantee_twice",
        "guarantee",
        "insert",
        "EXISTS (SELECT 1 FROM guarantee g WHERE g.loan_id = NEW.loan_id"
        " AND g.member_id = NEW.member_id AND g.status IN ('requested', 'accepted', 'called_upon'))",
    ),
    Guard(
        "guarantee_of_ended_loan",
        "guarantee",
        "insert",
        f"{_STATUS_OF_LOAN} IN ('closed', 'rejected')",
    ),
    Guard(
        "guarantee_edited",
        "guarantee",
        "update",
        changed("loan_id", "member_id", "pledge_cents", "asked_by", "asked_at", "import_id")
        + " OR (OLD.replaced_by IS NOT NULL AND "
        + changed("replaced_by")
        + ")",
    ),
    Guard("guarantee_moves_wrongly", "guarantee", "update", moves(MOVES)),
    Guard(
        "guarantee_without_word",
        "guarantee",
        "update",
        f"{_MOVED} AND NOT EXISTS (SELECT 1 FROM guarantee_word w"
        " WHERE w.guarantee_id = NEW.id AND w.status = NEW.status)",
    ),
    # Whoever has promised is bound until the loan is over; before the committee is asked the office may still let go.
    Guard(
        "guarantee_released_early",
        "guarantee",
        "update",
        f"{_MOVED} AND NEW.status = 'released' AND OLD.status <> 'requested'"
        f" AND {_STATUS_OF_LOAN} NOT IN ('closed', 'rejected', 'submitted')",
    ),
    Guard(
        "guarantee_replaced_by_nobody",
        "guarantee",
        "update",
        f"{_MOVED} AND NEW.status = 'substituted' AND NOT EXISTS (SELECT 1 FROM guarantee g"
        " WHERE g.id = NEW.replaced_by AND g.id <> NEW.id AND g.loan_id = NEW.loan_id"
        " AND g.status = 'accepted' AND g.pledge_cents >= NEW.pledge_cents"
        " AND NOT EXISTS (SELECT 1 FROM guarantee o WHERE o.replaced_by = g.id AND o.id <> NEW.id))",
    ),
    Guard("guarantee_word_is_final_update", "guarantee_word", "update", "1 = 1"),
    Guard(
        "guarantee_word_is_final_delete",
        "guarantee_word",
        "delete",
        "NOT EXISTS (SELECT 1 FROM guarantee g JOIN book_import i ON i.id = g.import_id"
        " WHERE g.id = OLD.guarantee_id AND i.status = 'undone')",
    ),
    *final("guarantor_recovery"),
    Guard(
        "recovery_without_entry",
        "guarantor_recovery",
        "insert",
        "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.number = NEW.entry_number"
        " AND e.posted_at IS NOT NULL)",
    ),
    Guard(
        "recovery_above_pledge",
        "guarantor_recovery",
        "insert",
        f"NEW.kind = 'taken' AND NEW.cents + {_sum_of('taken')} >"
        " (SELECT g.pledge_cents FROM guarantee g WHERE g.id = NEW.guarantee_id)",
    ),
    Guard(
        "recovery_not_called",
        "guarantor_recovery",
        "insert",
        "NOT EXISTS (SELECT 1 FROM guarantee g WHERE g.id = NEW.guarantee_id"
        " AND (g.status = 'called_upon' OR (g.status = 'released' AND NEW.kind = 'repaid')))",
    ),
    Guard(
        "recovery_repaid_twice",
        "guarantor_recovery",
        "insert",
        f"NEW.kind = 'repaid' AND NEW.cents + {_sum_of('repaid')} > {_sum_of('taken')}",
    ),
    *final("pay_slip"),
    *final("credit_report"),
]
