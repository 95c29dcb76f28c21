"""The fence behind a restore: books from a copy pay nothing before a person was told what they forgot."""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import QueueStop
from sacco_desktop.services.books.work import Work
from tests.faults.quick.town import QuickDay, QuickDesk
from tests.faults.truth import Broken


class Fence:
    """Remembers what went out before the books came back from a copy."""

    def __init__(self, day: QuickDay) -> None:
        self._day = day
        self.on_v1 = False
        self.forgotten: frozenset[str] = frozenset()
        # The newest stop that the books held when they came back; their clock may jump, their numbers do not.
        self._must_tell_after: int | None = None
        self._requests_then = 0
        # The relays that may have forgotten as much as the books, or were never told.
        self._forgetful: set[int] = set()

    def books_came_back(self, desk: QuickDesk) -> None:
        """The books of this desk are those of a copy."""
        payments = self._day.safaricom.transactions
        self.forgotten |= {payment.originator_id for payment in payments}
        # On v1 the id is M-Pesa's own, so that an attempt whose answer was lost is known by its tag alone.
        tags = {attempt.tag for attempt in desk.attempts()}
        is_known = {
            payment.originator_id: any(tag in payment.result_url for tag in tags)
            for payment in payments
        }
        must_tell = not all(is_known.values()) and not self._all_forgot()
        self._must_tell_after = desk.read(_last_stop, None) if must_tell else None
        self._requests_then = self._requests()

    def _all_forgot(self) -> bool:
        return len(self._forgetful) == len(self._day.places)

    @property
    def may_restore_books(self) -> bool:
        """On v1 M-Pesa does not know our ids: what no relay remembers is found by nothing but its statement."""
        return not (self.on_v1 and self._all_forgot())

    @property
    def nobody_knows(self) -> bool:
        """Whether the books forgot payments, and each relay may have forgotten them too."""
        return bool(self.forgotten) and self._all_forgot()

    @property
    def may_relay_forget(self) -> bool:
        """On v1 not before it was heard what the books forgot."""
        return not (self.on_v1 and self._must_tell_after is not None)

    def relay_forgets(self, number: int) -> None:
        """The relay is that of a copy, or rests: it does not know all that went out."""
        self._forgetful.add(number)
        if self._all_forgot():
            self._must_tell_after = None

    def check(self, desk: QuickDesk) -> None:
        """Raise Broken when something was asked of M-Pesa before anybody was told."""
        if self._must_tell_after is None:
            return
        if desk.read(_has_told, self._must_tell_after):
            self._must_tell_after = None
        elif self._requests() > self._requests_then:
            raise Broken("restored books paid before anybody was told of the payments they forgot")

    def _requests(self) -> int:
        messages = self._day.safaricom.messages
        return sum(m.kind == "request" and m.name.startswith("b2c") for m in messages)


def _last_stop(work: Work, _nothing: None) -> int:
    return work.session.scalar(select(func.max(QueueStop.id))) or 0


def _has_told(work: Work, after: int) -> bool:
    told = select(QueueStop.id).where(QueueStop.code == "forgotten payment", QueueStop.id > after)
    return work.session.scalar(told.limit(1)) is not None
