"""What must hold of any books at any time: they prove themselves, the trial balance is square, and nothing posted
ever changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from sacco_desktop.db.tables import AuditRow
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.proof import verify
from tests.make import PracticeOffice


class PostedRowsWatch:
    """Reads the journal after each commit that speaks of it, and at the end, and remembers what stands posted; what
    stood once must stand for ever.
    """

    def __init__(self, office: PracticeOffice) -> None:
        self._office = office
        self._seen: list[tuple[object, ...]] = []
        self.changes: list[str] = []
        self.look()
        office.books.on_changed = self._after_commit

    def _after_commit(self, topics: frozenset[Topic]) -> None:
        if Topic.LEDGER in topics:
            self.look()

    def look(self) -> None:
        """Compare the journal with what it held before."""
        now = self._office.sql(
            "SELECT e.*, p.* FROM journal_entry e JOIN posting p ON p.entry_id = e.id"
            " WHERE e.posted_at IS NOT NULL ORDER BY e.number, p.line"
        )
        if now[: len(self._seen)] != self._seen:
            self.changes.append("A posted row has changed or is gone.")
        self._seen = now


def assert_sound(office: PracticeOffice) -> None:
    """Fail unless the books prove themselves and the trial balance is square."""
    proof = office.read(verify.verify, None)
    assert proof.faults == ()
    assert office.read(ledger.trial_balance, None).is_square


def audit_rows(office: PracticeOffice) -> Sequence[AuditRow]:
    """Every audit row, the oldest first, as the program itself reads it."""
    return office.read(_audit_rows, None)


def _audit_rows(work: Work, _nothing: None) -> Sequence[AuditRow]:
    return work.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
