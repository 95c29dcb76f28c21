"""Builders: one place for each object that a test needs, made through the services as the office makes it.

Every office is a copy of books that were migrated and set up once, so that a test starts in milliseconds. All
passwords are PASSWORD. Amounts are KES where a parameter says so, else cents.
"""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher

from sacco_desktop.db.engine import Database
from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.db.migrate import migrate
from sacco_desktop.db.personal import cipher_of
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.ledger import PostedEntry
from sacco_desktop.services.books.work import CLOCK, Actor, Books, Service
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import FeedEntry, FeedSlice, News, TakenIn
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, LoanRow, NewApplication
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow, NewMember
from sacco_desktop.services.office import society, users
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.society import NewSociety
from sacco_desktop.services.office.users import NewUser
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutRow
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.relays import relays
from sacco_desktop.services.relays.relays import NewRelay, Place
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit, TakenDeposit
from sacco_desktop.services.sending import payout_questions, payout_sending, utility_float
from sacco_desktop.services.sending.payout_news import ResultNews, TimeoutNews
from sacco_desktop.services.sending.payout_questions import (
    Asking,
    QuestionAnswered,
    QuestionOrder,
    StatusNews,
)
from sacco_desktop.services.sending.payout_sending import (
    AnswerKind,
    Route,
    SendAnswer,
    Sending,
    SendOrder,
    WireTrace,
)
from sacco_desktop.services.sending.utility_float import NewTopUp
from tests.agreements import PASSWORD as PASSWORD
from tests.agreements import agreed as agreed
from tests.agreements import agreed_in
from tests.agreements import person as person
from tests.agreements import setting as setting
from tests.engines import KEY as KEY
from tests.engines import BooksPlace, Copy, copy_of, new_place, once_per_engine, quick
from tests.guards.office_clock import OfficeClock

PC = "office-pc"

# The weakest argon2 there is: a test proves what we do with a hash, not how slow it is.
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

Input = TypeVar("Input")
Answer = TypeVar("Answer")

_keys = itertools.count(1)


def key() -> str:
    """An idempotency key that no other command has, as a dialog makes one when it opens."""
    return f"test-{next(_keys)}"


@dataclass(frozen=True, slots=True)
class PracticeOffice:
    """The books of a practice society with its people: officer Peter, committee member Daniel, treasurers Grace
    and Lucy, and an administrator.
    """

    place: BooksPlace
    database: Database
    books: Books
    clock: OfficeClock
    peter: Actor
    daniel: Actor
    grace: Actor
    lucy: Actor
    admin: Actor

    def write(
        self, service: Service[Input, Answer], given: Input, by: Actor | None = None
    ) -> Answer:
        """Run a service in a transaction, by the clock unless a person is named."""
        return self.books.write(service, given, actor=by or CLOCK)

    def read(
        self, service: Service[Input, Answer], given: Input, by: Actor | None = None
    ) -> Answer:
        """Run a service that only reads, by the clock unless a person is named."""
        return self.books.read(service, given, actor=by or CLOCK)

    @property
    def path(self) -> Path:
        """The file of the books; there is none on PostgreSQL."""
        assert self.place.file is not None
        return self.place.file

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement with all guards on, as a repair script would, and commit it; `?` stands for a value."""
        if self.place.file is None:
            statement = statement.replace("%", "%%").replace("?", "%s")
        with self.database.writer.begin() as connection:
            result = connection.exec_driver_sql(statement, values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def without_guards(self, *statements: str, only: str | None = None) -> None:
        """Run statements with all guards off, or `only` one of them, and lay all of them again."""
        with self.database.writer.begin() as connection:
            remove_guards(connection, only)
            for statement in statements:
                assert connection.exec_driver_sql(statement).rowcount
            remove_guards(connection)
            lay_guards(connection)

    def as_kept(self, place: str, value: str) -> str:
        """How a value stands in a personal column, for whoever writes there past the program but with its key."""
        cipher = cipher_of(self.database.writer.dialect)
        return value if cipher is None else cipher.seal_text(place, value)

    def take_off_guard(self, code: str) -> None:
        """Leave one guard off."""
        with self.database.writer.begin() as connection:
            remove_guards(connection, f"guard_{code}")

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows of a table meet a condition."""
        return int(self.sql(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def balance(self, code: str) -> int:
        """The balance of an account in cents, positive on its normal side."""
        return self.read(ledger.balance, code)

    def snapshot(self) -> Copy:
        """Close the books and keep all of them, so that `office_from` can make the same office again."""
        self.database.close()
        return copy_of(self.place)

    def close(self) -> None:
        """Close every connection, and throw a database on the server away."""
        self.database.close()
        self.place.throw_away()


def office(folder: Path, clock: OfficeClock | None = None) -> PracticeOffice:
    """An office with people but without members, relays or money, in `folder`."""
    return office_from(_template(), folder, clock)


def office_from(copy: Copy, folder: Path, clock: OfficeClock | None = None) -> PracticeOffice:
    """An office that goes on where a snapshot was taken."""
    return office_at(copy.put(folder), clock or OfficeClock())


def office_at(place: BooksPlace, clock: OfficeClock) -> PracticeOffice:
    """The office whose books lie at `place`."""
    users.HASHER = QUICK_HASHER
    opened = place.open()
    database = Database(
        place.file,
        quick(opened.writer, is_writer=True),
        quick(opened.reader, is_writer=False),
    )
    books = Books(database, now=clock.now, pc_name=PC)
    found = {row.username: row for row in books.read(users.list_users, None, actor=CLOCK)}
    people = {name: Actor(row.user_id, row.full_name, row.roles) for name, row in found.items()}
    return PracticeOffice(
        place,
        database,
        books,
        clock,
        peter=people["peter"],
        daniel=people["daniel"],
        grace=people["grace"],
        lucy=people["lucy"],
        admin=people["admin"],
    )


PEOPLE = (
    ("admin", "Ruth Akinyi", Role.ADMINISTRATOR),
    ("peter", "Peter Kamau", Role.OFFICER),
    ("daniel", "Daniel Omondi", Role.COMMITTEE),
    ("grace", "Grace Wanjiru", Role.TREASURER),
    ("lucy", "Lucy Chebet", Role.TREASURER),
)
SOCIETY = NewSociety(
    "Umoja Practice Sacco", "CS/0001", "P.O. Box 1, Nairobi", "0700000000", "practice"
)


@once_per_engine
def empty_books() -> Copy:
    """Migrated books without a society."""
    with tempfile.TemporaryDirectory() as folder:
        place = new_place(Path(folder))
        database = place.open()
        migrate(database, Path(folder), OfficeClock().now())
        database.close()
        return copy_of(place)


def empty_office(folder: Path) -> Database:
    """A database that is migrated and belongs to no society yet."""
    return empty_books().put(folder).open()


@once_per_engine
def _template() -> Copy:
    users.HASHER = QUICK_HASHER
    with tempfile.TemporaryDirectory() as folder:
        place = empty_books().put(Path(folder))
        database = place.open()
        books = Books(database, now=OfficeClock().now, pc_name=PC)
        books.write(society.set_up, SOCIETY, actor=CLOCK)
        adder = CLOCK
        for username, full_name, role in PEOPLE:
            new = NewUser(username, full_name, frozenset({role}), PASSWORD)
            put = agreed_in(books, people_changes.add_user, new, adder)
            adder = adder if adder is not CLOCK else Actor(put.user_id, full_name, new.roles)
        database.close()
        return copy_of(place)


@once_per_engine
def paying_office_file() -> Copy:
    """An office with relays 1 and 2, KES 500,000 on the utility account, and payout 1 approved and not yet sent."""
    with tempfile.TemporaryDirectory() as folder:
        office = office_at(_template().put(Path(folder)), OfficeClock())
        relay(office, "relay one")
        relay(office, "relay two")
        approved_payout(office)
        return office.snapshot()


# Members and their money.


def new_member(number: int = 1, **changes: str) -> NewMember:
    """What Peter types when member `number` joins."""
    typed = NewMember("Mary", "Njeri", "Otieno", f"2345{number:04d}", f"0712 345 {number:03d}")
    return replace(typed, **changes)


def member(office: PracticeOffice, *, deposits_kes: int = 0, **changes: str) -> MemberRow:
    """A registered member; with `deposits_kes` some cash was paid in at the counter."""
    new = new_member(office.count("member") + 1, **changes)
    row = office.write(members.write_down, new, office.peter)
    if deposits_kes:
        deposit(office, row, deposits_kes)
    return office.read(members.row_of, row.member_id)


def deposit(office: PracticeOffice, of: MemberRow, kes: int) -> TakenDeposit:
    """Cash that Peter takes in at the counter today."""
    today = day(office)
    new = NewDeposit(key(), of.member_id, kes * 100, today)
    return office.write(deposits.take_cash, new, office.peter)


def day(office: PracticeOffice) -> date:
    """The business date of the office now."""
    return business_date(office.clock.now())


def post(office: PracticeOffice, entry: JournalEntry) -> PostedEntry:
    """Post any entry, past the services of the office."""
    return office.write(ledger.post, entry, office.grace)


def float_of(office: PracticeOffice, kes: int) -> None:
    """Put money on the M-Pesa utility account: from the bank, asked by Grace and approved by Daniel."""
    today = day(office)
    post(office, opening_bank_balance(kes * 100, "opening", today))
    asked = office.write(utility_float.ask_top_up, NewTopUp(kes * 100, key()), office.grace)
    decide(office, asked, office.daniel)


# Approvals.


def decide(
    office: PracticeOffice,
    request_id: int,
    by: Actor,
    decision: Decision = Decision.APPROVE,
    reason: str = "I looked at it.",
) -> Decided:
    """One person's decision on what stands in the request now."""
    ((shown,),) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request_id)
    verdict = Verdict(request_id, shown, decision, reason)
    return office.write(decisions.decide, verdict, by)


def waiting_request(office: PracticeOffice, kind: ApprovalKind, subject_id: int) -> int:
    """The id of the request that waits for a decision on this subject."""
    [(request_id,)] = office.sql(
        "SELECT id FROM approval_request WHERE kind = ? AND subject_id = ? AND status = 'waiting'",
        kind.value,
        subject_id,
    )
    return int(request_id)


# Loans and payouts.


def application(of: MemberRow, kes: int = 100_000, **changes: Any) -> NewApplication:
    """A development loan over 12 months."""
    new = NewApplication(key(), of.member_id, "development", kes * 100, 12, "Dairy cow")
    return replace(new, **changes)


def appraised_loan(office: PracticeOffice, of: MemberRow, **changes: Any) -> LoanRow:
    """A loan that Peter wrote down and appraised; the committee has been asked."""
    row = office.write(loans.apply, application(of, **changes), office.peter)
    appraisal = Appraisal(row.loan_id, row.version, "Pays on time. I recommend it.")
    return office.write(loans.appraise, appraisal, office.peter)


def approved_loan(office: PracticeOffice, of: MemberRow | None = None, **changes: Any) -> LoanRow:
    """A loan that the committee has approved. Without a member, one with enough deposits is registered."""
    of = of or member(office, deposits_kes=100_000)
    row = appraised_loan(office, of, **changes)
    decide(office, waiting_request(office, ApprovalKind.LOAN, row.loan_id), office.daniel)
    return office.read(loans.row_of, row.loan_id)


def requested_payout(
    office: PracticeOffice, of: MemberRow | None = None, **changes: Any
) -> PayoutRow:
    """A payout that Grace has asked for; nobody has approved it yet."""
    loan = approved_loan(office, of, **changes)
    return office.write(payouts.request, NewPayout(key(), loan.loan_id), office.grace)


def approved_payout(
    office: PracticeOffice, of: MemberRow | None = None, *, float_kes: int = 500_000, **changes: Any
) -> PayoutRow:
    """A payout asked for by Grace and approved by Lucy, with money on the utility account. Grace may send it."""
    if float_kes:
        float_of(office, float_kes)
    row = requested_payout(office, of, **changes)
    approve_payout(office, row, office.lucy)
    return office.read(payouts.row_of, row.payout_id)


def approve_payout(office: PracticeOffice, row: PayoutRow, by: Actor) -> Decided:
    """Another person's yes to a payout that waits for it."""
    return decide(office, waiting_request(office, ApprovalKind.PAYOUT, row.payout_id), by)


def payout_now(office: PracticeOffice, row: PayoutRow | SendOrder) -> PayoutRow:
    """The payout as it stands now."""
    return office.read(payouts.row_of, row.payout_id)


# The way to M-Pesa and back.


def relay(office: PracticeOffice, name: str = "relay one") -> int:
    """A relay that the administrator has enrolled this office at."""
    host = f"cb.{name.replace(' ', '-')}.example"
    start = Place(1, 0, bytes(32))
    new = NewRelay(
        name=name,
        api_url=f"https://api.{host}",
        callback_url=f"https://{host}",
        host=host,
        tenant="t" * 32,
        token=hashlib.sha256(name.encode()).hexdigest()[:32],
        epoch=start.epoch,
        sequence=start.sequence,
        chain_hash=start.chain_hash,
    )
    return office.write(relays.add, new, office.admin)


def route(office: PracticeOffice, relay_id: int, b2c_version: str = "v3") -> Route:
    """How a result comes back through this relay."""
    row = next(r for r in office.read(relays.list_relays, None) if r.relay_id == relay_id)
    return Route(relay_id, row.host, b"tag key of " + row.name.encode(), b2c_version)


def begin(
    office: PracticeOffice, row: PayoutRow, via: Route | None = None, by: Actor | None = None
) -> SendOrder:
    """Grace sends an approved payout: the intent is committed, M-Pesa has not been called yet."""
    via = via or route(office, relay(office))
    return office.write(payout_sending.begin, Sending(row.payout_id, via), by or office.grace)


def answer(
    order: SendOrder,
    kind: AnswerKind = AnswerKind.ACCEPTED,
    *,
    code: str = "",
    words: str = "M-Pesa's words.",
    stop_queue: bool = False,
) -> SendAnswer:
    """M-Pesa's immediate answer to an order."""
    taken = kind is AnswerKind.ACCEPTED
    return SendAnswer(
        attempt_id=order.attempt_id or 0,
        kind=kind,
        code=code or ("0" if taken else "500.001.1001"),
        words=words,
        conversation_id=conversation_id(order) if taken else "",
        stop_queue=stop_queue,
        trace=WireTrace("/mpesa/b2c/v3/paymentrequest", "{}", 200 if taken else 500, "{}"),
    )


def conversation_id(order: SendOrder) -> str:
    """The id that M-Pesa gives the request of an order."""
    return "AG_" + hashlib.sha256(order.originator_conversation_id.encode()).hexdigest()[:20]


def receipt(order: SendOrder) -> str:
    """The receipt under which M-Pesa pays an order."""
    digest = hashlib.sha256(b"receipt" + order.originator_conversation_id.encode()).hexdigest()
    return digest[:10].upper()


def accepted(
    office: PracticeOffice, row: PayoutRow | None = None, via: Route | None = None
) -> SendOrder:
    """A payout that Grace has sent and M-Pesa has taken; its result has not come yet."""
    order = begin(office, row or approved_payout(office), via)
    office.write(payout_sending.record_answer, answer(order), office.grace)
    return order


def doubtful(
    office: PracticeOffice, row: PayoutRow | None = None, via: Route | None = None
) -> SendOrder:
    """A payout that Grace has sent and of which nobody knows whether M-Pesa took it."""
    order = begin(office, row or approved_payout(office), via)
    said = answer(order, AnswerKind.DOUBTFUL, words="No answer came in time.")
    office.write(payout_sending.record_answer, said, office.grace)
    return order


def unsent(
    office: PracticeOffice, row: PayoutRow | None = None, via: Route | None = None
) -> SendOrder:
    """A payout that Grace wanted to send while M-Pesa could not be reached: nothing has left."""
    order = begin(office, row or approved_payout(office), via)
    said = answer(order, AnswerKind.NOT_SENT, words="No connection could be made.")
    office.write(payout_sending.record_answer, said, office.grace)
    return order


def paid_news(order: SendOrder, **changes: Any) -> ResultNews:
    """The notice that M-Pesa has paid exactly this order."""
    news = ResultNews(
        code="0",
        words="M-Pesa paid the money.",
        kind="paid",
        is_final=True,
        stops_queue=False,
        originator_conversation_id=order.originator_conversation_id,
        conversation_id=conversation_id(order),
        receipt=receipt(order),
        amount_cents=order.amount_shillings * 100,
        receiver_phone=order.phone,
        completed_at=datetime(2026, 3, 16, 6, 0, 30, tzinfo=UTC),
        utility_available_cents=None,
    )
    return replace(news, **changes)


def failed_news(order: SendOrder, **changes: Any) -> ResultNews:
    """The notice that M-Pesa did not pay, because the utility account was short."""
    return replace(
        paid_news(order),
        **{
            "code": "1",
            "words": "The utility account does not hold enough.",
            "kind": "failed",
            "receipt": None,
            "amount_cents": None,
            "receiver_phone": None,
            "completed_at": None,
            **changes,
        },
    )


def timeout_news() -> TimeoutNews:
    """M-Pesa's queue time-out."""
    return TimeoutNews("The service request timed out.")


def ask(
    office: PracticeOffice, order: SendOrder, via: Route, by: Actor | None = None
) -> QuestionOrder:
    """Ask M-Pesa what became of an order; M-Pesa takes the question."""
    question = office.write(payout_questions.begin, Asking(order.attempt_id or 0, via), by)
    taken = replace(answer(order), conversation_id=question_conversation_id(question))
    office.write(payout_questions.record_answer, QuestionAnswered(question.question_id, taken), by)
    return question


def question_conversation_id(question: QuestionOrder) -> str:
    """The id that M-Pesa gives a question."""
    return f"AG_question_{question.question_id}"


def status_news(
    question: QuestionOrder, order: SendOrder, outcome: str = "completed", **changes: Any
) -> StatusNews:
    """The answer to a question about exactly this order: completed, open, ended, not_found or unclear."""
    is_paid, is_known = outcome == "completed", outcome in ("completed", "open", "ended")
    news = StatusNews(
        outcome=outcome,
        words={"completed": "Completed", "open": "Authorized", "ended": "Declined"}.get(
            outcome, "M-Pesa does not find the payment."
        ),
        stops_queue=False,
        query_conversation_id=question_conversation_id(question),
        originator_conversation_id=order.originator_conversation_id if is_known else "",
        conversation_id=conversation_id(order) if is_known else "",
        receipt=receipt(order) if is_paid else None,
        amount_cents=order.amount_shillings * 100 if is_known else None,
        receiver_phone=order.phone if is_known else None,
        finalised_at=datetime(2026, 3, 16, 6, 0, 30, tzinfo=UTC) if is_paid else None,
    )
    return replace(news, **changes)


# Feeds.

Arrival = tuple[str | None, News]


def next_slice(
    office: PracticeOffice, relay_id: int, arrivals: Sequence[Arrival], *, is_head: bool = True
) -> FeedSlice:
    """The slice of a relay's feed that follows our position, with one entry for each (tag, news)."""
    row = next(r for r in office.read(relays.list_relays, None) if r.relay_id == relay_id)
    place = after = Place(row.epoch, row.sequence, row.chain_hash)
    entries = []
    for tag, news in arrivals:
        link = hashlib.sha256(place.chain_hash + repr((tag, news)).encode()).digest()
        place = Place(place.epoch, place.sequence + 1, link)
        entries.append(
            FeedEntry(
                place=place,
                received_at=office.clock.now(),
                kind="b2c-result" if isinstance(news, ResultNews) else "status-result",
                tag=tag,
                source="127.0.0.1",
                is_listed_source=True,
                body=b"{}",
                news=news,
            )
        )
    return FeedSlice(relay_id, after, tuple(entries), place, "checkpoint", is_head)


def arrive(office: PracticeOffice, relay_id: int, *arrivals: Arrival) -> TakenIn:
    """Take what came through a relay into the books."""
    return office.write(relay_feed.take_in, next_slice(office, relay_id, arrivals))
