"""The program as a test's hands hold it: an open office, its people, and what they can do about payouts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from sacco_desktop.db.tables import Entry, PayoutAttempt, RelayEntry
from sacco_desktop.demo.practice_office import FLOAT_CENTS
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.domain.posting_rules import FLOAT_TOP_UP
from sacco_desktop.operations.follow_up import ask
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.run_jobs import run_due
from sacco_desktop.operations.send_payouts import Sent, resend, send_payouts
from sacco_desktop.operations.sync_relays import SyncOutcome, sync_all
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import CLOCK, Actor, Service, Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import ParkedEntry
from sacco_desktop.services.office import approvals, setting_changes, society, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payout_moves import last_attempt, load_payout
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import payout_decisions, payout_sending, queue_stops
from sacco_desktop.services.sending.payout_decisions import (
    FailureConfirmed,
    NotOnStatement,
    SeenOnStatement,
)
from sacco_desktop.services.sending.queue_stops import Clearing, Stop
from tests.faults import standing
from tests.faults.standing import Stand

if TYPE_CHECKING:
    from tests.faults.town import Day

NOT_PROVEN = -1

Input = TypeVar("Input")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """An attempt as its row has it, with what a person could do about it now."""

    attempt_id: int
    payout_id: int
    payout_number: str
    originator_id: str
    b2c_version: str
    tag: str
    status: str
    claim: str
    times_sent: int
    version: int
    first_sent_at: datetime
    next_question_at: datetime | None
    conversation_id: str | None
    may_resend: bool
    may_confirm_failure: bool
    may_ask_not_paid: bool


class Desk:
    """One running program. Everything goes through services and operations, as in the window."""

    def __init__(self, day: Day, office: Office) -> None:
        self.day = day
        self.office = office
        # The journal was proven whole up to here; NOT_PROVEN leaves that to the end of a history. See truth.py.
        self.proven_entries = 0
        self.balanced_entries = 0

    @cached_property
    def people(self) -> dict[str, Actor]:
        """Who works here, by user name."""
        rows = self.read(users.list_users, None)
        return {row.username: Actor(row.user_id, row.full_name, row.roles) for row in rows}

    def run(self, make: Callable[[], Awaitable[Answer]]) -> Answer:
        """Run an operation on the net lane, where the program runs it."""
        return self.office.lanes.submit_async(make).result(30)

    def read(self, service: Service[Input, Answer], given: Input, by: str = "") -> Answer:
        """Run a service that only reads."""
        actor = self.people[by] if by else CLOCK
        return self.office.books.read(service, given, actor=actor)

    def write(self, service: Service[Input, Answer], given: Input, by: str = "") -> Answer:
        """Run a service in a transaction."""
        actor = self.people[by] if by else CLOCK
        return self.office.books.write(service, given, actor=actor)

    # What the program does.

    def send(self, *payout_ids: int, by: str = "grace") -> tuple[Sent, ...]:
        """A treasurer sends payouts."""
        actor = self.people[by]
        return self.run(lambda: send_payouts(self.office, payout_ids, actor, pause_seconds=0))

    def sync(self) -> SyncOutcome:
        """Read the relays to their heads."""
        return self.run(lambda: sync_all(self.office))

    def jobs(self) -> None:
        """The clock's minute: read the relays, then ask M-Pesa about what is open and due."""
        self.run(lambda: run_due(self.office))

    def news(self) -> None:
        """Wait for Safaricom's callbacks and read them in."""
        self.day.quiet()
        self.sync()

    def ask(self, payout_id: int, by: str = "grace") -> None:
        """A person asks M-Pesa about one payment now, and the answer is read in."""
        attempt = self.attempt(payout_id).attempt_id
        self.run(lambda: ask(self.office, attempt, self.people[by]))
        self.news()

    def resend(self, payout_id: int, by: str = "grace") -> PayoutRow:
        """A person sends the same request once more."""
        return self.run(lambda: resend(self.office, payout_id, self.people[by]))

    # What people decide.

    def confirm_failure(self, payout_id: int) -> None:
        """A treasurer agrees that an attempt failed."""
        facts = self.attempt(payout_id)
        given = FailureConfirmed(
            facts.attempt_id, facts.version, "The notice and the answer agree."
        )
        self.write(payout_decisions.confirm_failure, given, "grace")

    def confirm_paid(self, payout_id: int, receipt: str, paid_at: datetime) -> None:
        """A treasurer found the payment on Safaricom's statement."""
        facts = self.attempt(payout_id)
        seen = SeenOnStatement(
            facts.attempt_id, facts.version, receipt, paid_at, "Statement of today"
        )
        self.write(payout_decisions.confirm_paid, seen, "grace")

    def two_people_say_not_paid(self, payout_id: int) -> None:
        """Two people looked at the statement and did not find the payment."""
        facts = self.attempt(payout_id)
        given = NotOnStatement(facts.attempt_id, facts.version, "It is not on the statement.")
        request = self.write(payout_decisions.ask_not_paid, given, "grace")
        self.decide(request, "lucy")

    def approve_anew(self, payout_id: int) -> None:
        """Ask for approval of a payout that came back, and get it from the other treasurer."""
        change = PayoutChange(payout_id, self.row(payout_id).version)
        self.write(payouts.ask_again, change, "grace")
        self.approve_payout(payout_id)

    def approve_payout(self, payout_id: int) -> None:
        """The other treasurer's yes to a payout that waits for it."""
        rows = self.read(decisions.list_waiting, None, "lucy")
        waiting = next(
            row.request_id
            for row in rows
            if (row.kind, row.subject_id) == (ApprovalKind.PAYOUT, payout_id)
        )
        self.decide(waiting, "lucy")

    def decide(self, request_id: int, by: str) -> Decided:
        """A person's yes to what the request shows now, or did a moment ago when somebody else has decided since."""
        shown = self.read(_fingerprint, request_id)
        return self.write(decisions.decide, Verdict(request_id, shown, Decision.APPROVE), by)

    def waiting_requests(self, by: str) -> list[int]:
        """The requests that this person may decide on."""
        rows = self.read(decisions.list_waiting, None, by)
        return [row.request_id for row in rows if row.can_decide]

    def let_queue_go_on(self) -> None:
        """A treasurer has put right what stopped the queue."""
        stop = self.stop()
        if stop is not None:
            clearing = Clearing(stop.stop_id, "Compared with the statement; it may go on.")
            self.write(queue_stops.clear, clearing, "grace")

    def set(self, name: str, value: str) -> None:
        """Another value of a setting from today on: asked by Ruth, approved by Daniel."""
        today = self.read(_today, None)
        asked = self.write(
            setting_changes.change_setting, SettingChange(name, value, today), "ruth"
        )
        if asked.request_id is not None:
            self.decide(asked.request_id, "daniel")

    # What there is to see.

    def setting(self, name: str) -> str:
        """The value of a setting that holds today."""
        return dict(self.read(society.all_settings, None))[name]

    def stand(self) -> Stand:
        """How everything stands, in a few queries."""
        return self.read(standing.stand, None)

    def row(self, payout_id: int) -> PayoutRow:
        """The payout as the list shows it."""
        return self.read(payouts.row_of, payout_id)

    def rows(self) -> tuple[PayoutRow, ...]:
        """All payouts, the oldest first."""
        return self.read(payouts.list_payouts, None)[::-1]

    def attempt(self, payout_id: int) -> AttemptFacts:
        """The newest attempt of a payout."""
        return self.read(_last_attempt, payout_id)

    def attempts(self) -> Sequence[AttemptFacts]:
        """All attempts, the oldest first."""
        return self.read(_attempts, None)

    def parked(self) -> tuple[ParkedEntry, ...]:
        """What waits for a person in the list of parked entries."""
        return self.read(relay_feed.list_parked, None)

    def stop(self) -> Stop | None:
        """Why sending stands still, if it does."""
        return self.read(queue_stops.standing, None)

    def topped_up_cents(self) -> int:
        """What was moved from the bank to the utility account since the office was furnished."""
        return self.read(_topped_up, None) - FLOAT_CENTS

    def disbursements(self) -> Sequence[tuple[int, str]]:
        """Number and reference of every posted disbursement of a loan."""
        return self.read(_disbursements, None)

    def feed_bodies(self, kind: str) -> list[bytes]:
        """The bodies of one kind that the books keep."""
        return self.read(_bodies, kind)


def _today(work: Work, _nothing: None) -> date:
    return work.today


def _fingerprint(work: Work, request_id: int) -> str:
    return approvals.load(work, request_id).fingerprint


def _attempts(work: Work, _nothing: None) -> list[AttemptFacts]:
    rows = work.session.scalars(select(PayoutAttempt).order_by(PayoutAttempt.id)).all()
    return [_facts(work, row) for row in rows]


def _last_attempt(work: Work, payout_id: int) -> AttemptFacts:
    row = last_attempt(work, payout_id)
    assert row is not None
    return _facts(work, row)


def _facts(work: Work, row: PayoutAttempt) -> AttemptFacts:
    return AttemptFacts(
        attempt_id=row.id,
        payout_id=row.payout_id,
        payout_number=load_payout(work, row.payout_id).number,
        originator_id=row.originator_conversation_id,
        b2c_version=row.b2c_version,
        tag=row.tag,
        status=row.status,
        claim=row.claim,
        times_sent=row.times_sent,
        version=row.version,
        first_sent_at=row.first_sent_at,
        next_question_at=row.next_question_at,
        conversation_id=row.conversation_id,
        may_resend=payout_sending.resend_allowed(work, row),
        may_confirm_failure=payout_decisions.may_confirm_failure(row),
        may_ask_not_paid=payout_decisions.not_known_long_enough(work, row),
    )


def _topped_up(work: Work, _nothing: None) -> int:
    entries = work.session.scalars(select(Entry.number).where(Entry.kind == FLOAT_TOP_UP))
    postings = [line for number in entries for line in ledger.read_entry(work, number).postings]
    return sum(line.debit_cents for line in postings if line.account_code == MPESA_UTILITY)


def _disbursements(work: Work, _nothing: None) -> list[tuple[int, str]]:
    query = select(Entry.number, Entry.reference).where(Entry.kind == "loan_disbursement")
    return [(number, reference) for number, reference in work.session.execute(query)]


def _bodies(work: Work, kind: str) -> list[bytes]:
    query = select(RelayEntry.body).where(RelayEntry.kind == kind).order_by(RelayEntry.id)
    return list(work.session.scalars(query))
