"""News of money that came in, by every road and in any order: what can happen, what must hold after each step, and the
one ledger in which all of it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import MPESA_PAYBILL, UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money_in import Road
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import allocations, prompt_news, prompts, receipt_pulls
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompt_news import PaymentNews, PromptNews, PromptQuestion
from sacco_desktop.services.collecting.prompts import (
    NewPrompt,
    PromptAnswered,
    PromptOrder,
    PromptTold,
    SendPrompt,
)
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.office import mpesa_connections, payout_terms
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.reconciling import auto_matching
from sacco_desktop.services.savings import payout_cover
from sacco_desktop.services.sending.payout_sending import WireTrace
from tests import make
from tests.books_watch import assert_sound
from tests.engines import Copy, once_per_engine
from tests.make import PracticeOffice
from tests.make_statements import DAY, Moved, settle_all, take_in, view

RELAY, SHORTCODE = 1, "600100"
_PAID_BILL = "Pay Bill Online"
_TRACE = WireTrace("/mpesa/stkpush/v1/processrequest", "{}", 200, "{}")


@dataclass(frozen=True)
class Payment:
    """A payment that was made, or that somebody has invented."""

    receipt: str
    kes: int
    account: str


PROMPTED = Payment("UCG0000001", 500, "M0001-DEP")
NAMED = Payment("UCG0000002", 700, "M-0001")
NAMELESS = Payment("UCG0000003", 900, "Jane")
FORGED = Payment("UCG0000666", 4_000, "M-0001")
MADE = (PROMPTED, NAMED, NAMELESS)
_ROWS = (
    *(
        Moved(one.receipt, one.kes, _PAID_BILL, details=f"Pay Bill from 2547 Acc. {one.account}")
        for one in MADE
    ),
    # So far does the statement reach in the end.
    Moved("UCG0000009", -100, "Organization Settlement to Bank", DAY + timedelta(days=6)),
)
_BEFORE = [sum(row.kes for row in _ROWS[:at]) for at in range(len(_ROWS))]


@dataclass(frozen=True)
class Begun:
    """An office that has asked Jane on her phone; M-Pesa has said nothing more yet."""

    books: Copy
    order: PromptOrder
    deposits: str


@once_per_engine
def begun() -> Begun:
    """The office at the beginning of every history."""
    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        facts = ConnectionFacts(
            "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
        )
        office.write(mpesa_connections.save, facts, office.admin)
        jane = make.member(office)
        make.relay(office)
        cents = PROMPTED.kes * 100
        new = NewPrompt(make.key(), jane.member_id, "deposits", None, jane.phone, cents)
        given = SendPrompt(new, make.route(office, RELAY))
        order = office.write(prompts.begin, given, office.peter)
        answered = PromptAnswered(
            order.prompt_id, PromptTold.ACCEPTED, "Accepted.", _TRACE, "1-2-3", "ws_CO_1"
        )
        office.write(prompts.record_answer, answered, office.peter)
        return Begun(office.snapshot(), order, f"2010.{jane.number}")


class News:
    """One history."""

    def __init__(self, office: PracticeOffice, start: Begun) -> None:
        self.office, self._start = office, start
        self.is_forged = False

    def happens(self, event: str) -> None:
        """One piece of news; what nobody has paid counts for nobody afterwards."""
        self.office.clock.advance(minutes=7)
        EVENTS[event](self)
        self._check()

    def _check(self) -> None:
        sums = {0, PROMPTED.kes, NAMED.kes, PROMPTED.kes + NAMED.kes}
        assert self.office.balance(self._start.deposits) in {kes * 100 for kes in sums}
        proven = self.office.sql(
            "SELECT coalesce(sum(amount_cents), 0) FROM mpesa_receipt WHERE evidence = 'verified'"
        )
        assert self._free_to_pay_back() <= int(proven[0][0])
        assert (
            self.office.count(
                "mpesa_receipt", f"receipt = '{FORGED.receipt}' AND state = 'allocated'"
            )
            == 0
        )

    def _free_to_pay_back(self) -> int:
        def read(work: Work, _nothing: None) -> int:
            refund = payout_terms.purpose_of("receipt_refund")
            return payout_cover.cover(work, refund, UNALLOCATED_RECEIPTS, None).free_cents

        return self.office.read(read, None)

    def notice(self, code: str = "0") -> None:
        """The answer to the prompt, as M-Pesa or a forger posts it."""
        is_paid = code == "0"
        news = PromptNews(
            "1-2-3",
            "ws_CO_1",
            code,
            PROMPTED.receipt if is_paid else None,
            PROMPTED.kes * 100 if is_paid else None,
            self.office.clock.now(),
            PayerTold(self._start.order.phone),
        )
        make.arrive(self.office, RELAY, (self._start.order.tag, news))

    def question(self, code: str) -> None:
        """M-Pesa's answer to our question about the prompt."""
        asked = PromptQuestion(self._start.order.prompt_id, code)
        self.office.write(prompt_news.record_question, asked)

    def confirmed(self, *payments: Payment) -> None:
        """Confirmations of the paybill that come together."""
        told = [(None, PaymentNews(self._heard(one, Road.C2B))) for one in payments]
        make.arrive(self.office, RELAY, *told)
        self.is_forged |= FORGED in payments

    def listed(self, *payments: Payment) -> None:
        """M-Pesa's own list."""
        window = self.office.read(receipt_pulls.window, None)
        told = tuple(self._heard(one, Road.PULL) for one in payments)
        self.office.write(receipt_pulls.take_in, PullTold(window, told))

    def _heard(self, one: Payment, road: Road) -> Heard:
        phone = self._start.order.phone
        payer = PayerTold(masked=f"{phone[:4]} ***** {phone[-3:]}")
        at = self.office.clock.now()
        return Heard(one.receipt, SHORTCODE, at, one.kes * 100, road, one.account, payer)

    def statement(self, first: int, last: int) -> None:
        """Some rows of the statement; what does not join yet is brought again later."""
        try:
            take_in(
                self.office,
                _ROWS[first:last],
                MPESA_PAYBILL,
                opening_kes=_BEFORE[first],
                first_minute=first,
            )
        except InvalidInput as refused:
            known = ("Days are missing", "is known already", "this very file", "date to come")
            if not any(word in refused.message for word in known):
                raise

    def settled(self) -> None:
        """Grace settles what is left over on the statement."""
        if view(self.office, MPESA_PAYBILL).told is not None:
            settle_all(self.office, MPESA_PAYBILL)

    def tried_again(self) -> None:
        """The clock's jobs."""
        self.office.write(prompt_news.end_old, None)
        self.office.write(allocations.settle_waiting, None)

    def end(self) -> dict[str, int]:
        """The whole statement has come, what is left was settled, and what was forged is taken back; all balances."""
        office = self.office
        while make.day(office) < DAY + timedelta(days=7):
            office.clock.advance(days=1)
        self.statement(0, len(_ROWS))
        self.settled()
        if self.is_forged:
            self._take_back()
        self.tried_again()
        told = view(office, MPESA_PAYBILL).told
        assert told is not None
        assert told.is_balanced, told.reasons
        assert_sound(office)
        sums = office.sql(
            "SELECT a.code, b.debit_cents - b.credit_cents FROM account_balance b"
            " JOIN account a ON a.id = b.account_id ORDER BY a.code"
        )
        return {code: int(cents) for code, cents in sums}

    def _take_back(self) -> None:
        office = self.office
        [(entry,)] = office.sql(
            "SELECT entry_number FROM mpesa_receipt WHERE receipt = ?", FORGED.receipt
        )
        asked = ReversalRequest(int(entry), "M-Pesa does not know it.")
        office.write(decisions.ask_reversal, asked, office.grace)
        make.decide(
            office, make.waiting_request(office, ApprovalKind.REVERSAL, int(entry)), office.lucy
        )
        office.write(auto_matching.match_by_receipt, MPESA_PAYBILL, office.grace)


def _delayed(news: News) -> None:
    news.office.clock.advance(hours=7)


EVENTS: dict[str, Callable[[News], Any]] = {
    "notice: paid": News.notice,
    "notice: cancelled, forged": lambda news: news.notice("1032"),
    "question: paid": lambda news: news.question("0"),
    "question: not known yet": lambda news: news.question(""),
    "confirmation of the prompt's": lambda news: news.confirmed(PROMPTED),
    "confirmations": lambda news: news.confirmed(NAMED, NAMELESS),
    "confirmations, other order": lambda news: news.confirmed(NAMELESS, PROMPTED, NAMED, NAMELESS),
    "confirmation, forged": lambda news: news.confirmed(FORGED),
    "list": lambda news: news.listed(*MADE),
    "list, in part": lambda news: news.listed(NAMED),
    "statement: first rows": lambda news: news.statement(0, 2),
    "statement: middle": lambda news: news.statement(1, 3),
    "statement: last row": lambda news: news.statement(2, 4),
    "lines settled": News.settled,
    "tried again": News.tried_again,
    "hours pass": _delayed,
}
STORY = tuple(name for name in EVENTS if name != "hours pass")


def live(events: Sequence[str]) -> dict[str, int]:
    """Live through the events in a new copy of the office; the balances in the end."""
    start = begun()
    with tempfile.TemporaryDirectory() as folder:
        office = make.office_from(start.books, Path(folder))
        try:
            news = News(office, start)
            for event in events:
                news.happens(event)
            return news.end()
        finally:
            office.close()


@once_per_engine
def the_one_ledger() -> dict[str, int]:
    """The balances when everything is told once by the shortest road: the statement."""
    return live(())


def differences(events: Sequence[str]) -> dict[str, tuple[int, int]]:
    """By account, where these events end otherwise than they must: what is and what must be, in cents."""
    ended, wanted = live(events), the_one_ledger()
    codes = sorted({*ended, *wanted})
    pairs = {code: (ended.get(code, 0), wanted.get(code, 0)) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}
