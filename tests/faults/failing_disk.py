"""A disk that is full, broken or write-protected from the n-th write or sync of a payout's transactions on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from sacco_desktop.domain.errors import OutsideUnavailable
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.operations.lanes import Lane, Lanes
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.proof import verify
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Sending, SendOrder
from tests import make
from tests.engines import Copy
from tests.faults.recording_vfs import recorded
from tests.make import PracticeOffice

# A person who is told that the disk is full does not stop pressing at once.
PRESSES = 3
# A sum that nobody else pays in.
_TAKEN_CENTS = 701_07


class Kind(StrEnum):
    """What the disk does."""

    FULL = "the disk is full"
    BROKEN_WRITE = "a write fails"
    BROKEN_SYNC = "a sync fails"
    READ_ONLY = "the disk is write-protected"


# What SQLite makes of the system's ENOSPC, EIO at a write and at a sync, and EROFS.
_CODES = {Kind.FULL: 13, Kind.BROKEN_WRITE: 778, Kind.BROKEN_SYNC: 1034, Kind.READ_ONLY: 8}


@dataclass
class Disk:
    """Counts what is asked of it, and fails from `fails_at` on until somebody has looked after it; 0 is well."""

    kind: Kind
    fails_at: int
    asked: int = 0
    struck: int = 0
    is_mended: bool = False
    only: str = ""

    def __call__(self, what: str, file: str) -> int:
        is_ours = what == ("sync" if self.kind is Kind.BROKEN_SYNC else "write")
        if not is_ours or file.endswith("-shm") or not file.endswith(self.only):
            return 0
        self.asked += 1
        if self.is_mended or not self.fails_at or self.asked < self.fails_at:
            return 0
        self.struck += 1
        return _CODES[self.kind]


@dataclass
class Course:
    """One payout and one deposit, from the first commit to the last, on the write lane of a real file."""

    office: PracticeOffice
    disk: Disk
    told: list[str] = field(default_factory=list)
    order: SendOrder | None = None

    def live(self, lanes: Lanes) -> None:
        """Press each button until it is answered."""
        for press in self._steps():
            self._until_answered(lanes, press)

    def _steps(self) -> Iterator[Callable[[], object]]:
        office = self.office
        [member, *_] = office.sql("SELECT id FROM member ORDER BY id")
        deposit = NewDeposit("the form", member[0], _TAKEN_CENTS, date(2026, 3, 16))
        yield lambda: office.write(deposits.take_cash, deposit, office.peter)
        yield self._begin
        assert self.order is not None
        answer = make.answer(self.order)
        yield lambda: office.write(payout_sending.record_answer, answer, office.grace)
        [(relay_id,)] = office.sql("SELECT id FROM relay")
        news = make.paid_news(self.order)
        arrival = make.next_slice(office, relay_id, ((self.order.tag, news),))
        yield lambda: office.write(relay_feed.take_in, arrival)

    def _begin(self) -> None:
        [(relay_id,)] = self.office.sql("SELECT id FROM relay")
        via = make.route(self.office, relay_id)
        self.order = self.office.write(payout_sending.begin, Sending(1, via), self.office.grace)

    def _until_answered(self, lanes: Lanes, press: Callable[[], object]) -> None:
        for _ in range(PRESSES):
            try:
                lanes.submit(Lane.WRITE, press).result(30)
                return
            except OutsideUnavailable as refused:
                if refused.service != "disk":
                    raise
                self.told.append(refused.message)
        self.disk.is_mended = True
        lanes.submit(Lane.WRITE, press).result(30)


def approved(folder: Path) -> Copy:
    """Books with one payout that waits to be sent, and a relay."""
    office = make.office(folder)
    make.approved_payout(office)
    make.relay(office)
    return office.snapshot()


def live(copy: Copy, folder: Path, lanes: Lanes, disk: Disk) -> str:
    """Live through the course on this disk; what is wrong afterwards, or nothing."""
    with recorded(trouble=disk):
        office = make.office_from(copy, folder)
        course = Course(office, disk)
        try:
            course.live(lanes)
            disk.is_mended = True
            return _wrong(course)
        finally:
            office.close()


def _wrong(course: Course) -> str:
    office = course.office
    payout = make.payout_now(office, course.order) if course.order else None
    if payout is None or payout.status is not PayoutStatus.PAID:
        return f"the payout is {payout}"
    if office.count("payout_attempt") != 1:
        return "it was sent more than once"
    if (found := office.count("journal_entry", "kind = 'loan_disbursement'")) != 1:
        return f"{found} disbursements"
    if (found := office.count("posting", f"debit_cents = {_TAKEN_CENTS}")) != 1:
        return f"{found} entries of the deposit"
    proof = office.books.read(verify.verify, None, actor=CLOCK)
    if not proof.is_sound:
        return f"{proof.faults[0].where} {proof.faults[0].what}"
    unclear = [words for words in course.told if "again" not in words or "disk" not in words]
    return f"the person reads: {unclear[0]}" if unclear else ""
