"""Money in by M-Pesa: a payment is booked once by whatever road, counts when proven, and a prompt ends as it should."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.prompts import PromptStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    prompt_news,
    prompts,
    receipt_pulls,
)
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.prompt_news import PaymentNews, PromptNews, PromptQuestion
from sacco_desktop.services.collecting.prompts import (
    NewPrompt,
    PromptAnswered,
    PromptOrder,
    PromptRow,
    PromptTold,
    SendPrompt,
)
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.membership import members
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import mpesa_connections, payout_terms
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.savings import payout_cover
from sacco_desktop.services.sending.payout_sending import WireTrace
from tests import make, make_loans
from tests.make import PracticeOffice

pytestmark = pytest.mark.paying_office
RELAY = 1
SHORTCODE = "600999"
TRACE = WireTrace("/mpesa/stkpush/v1/processrequest", "{}", 200, "{}")


@pytest.fixture(autouse=True)
def connected(office: PracticeOffice) -> None:
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)


def _begin(office: PracticeOffice, of: MemberRow, kes: int = 500, **changes: object) -> PromptOrder:
    fields: dict[str, object] = {
        "key": make.key(),
        "member_id": of.member_id,
        "purpose": "deposits",
        "loan_id": None,
        "phone": of.phone,
        "amount_cents": kes * 100,
        **changes,
    }
    new = NewPrompt(**fields)  # type: ignore[arg-type]
    return office.write(prompts.begin, SendPrompt(new, make.route(office, RELAY)), office.peter)


def _sent(office: PracticeOffice, of: MemberRow, kes: int = 500, **changes: object) -> PromptOrder:
    order = _begin(office, of, kes, **changes)
    _answer(office, order)
    return order


def _answer(
    office: PracticeOffice, order: PromptOrder, told: PromptTold = PromptTold.ACCEPTED
) -> None:
    ids = ("1-2-3", f"ws_CO_{order.prompt_id}") if told is PromptTold.ACCEPTED else ("", "")
    answered = PromptAnswered(order.prompt_id, told, "M-Pesa's words.", TRACE, *ids)
    office.write(prompts.record_answer, answered, office.peter)


def _notice(office: PracticeOffice, order: PromptOrder, code: str = "0", **changes: object) -> str:
    """The notice comes through the relay; what became of it in words."""
    fields: dict[str, object] = {
        "merchant_request_id": "1-2-3",
        "checkout_request_id": f"ws_CO_{order.prompt_id}",
        "code": code,
        "receipt": f"SGA{order.prompt_id:07d}X" if code == "0" else None,
        "amount_cents": order.amount_shillings * 100 if code == "0" else None,
        "paid_at": office.clock.now(),
        "payer": PayerTold(order.phone),
        **changes,
    }
    make.arrive(office, RELAY, (order.tag, PromptNews(**fields)))  # type: ignore[arg-type]
    return str(office.sql("SELECT state FROM relay_entry ORDER BY id DESC LIMIT 1")[0][0])


def _ask(office: PracticeOffice, order: PromptOrder, code: str) -> str:
    return office.write(prompt_news.record_question, PromptQuestion(order.prompt_id, code))


def _row(office: PracticeOffice, order: PromptOrder) -> PromptRow:
    return office.read(prompts.row_of, order.prompt_id)


def _heard(
    office: PracticeOffice, receipt: str, kes: int, road: Road = Road.C2B, **changes: object
) -> Heard:
    fields: dict[str, object] = {
        "receipt": receipt,
        "shortcode": SHORTCODE,
        "paid_at": office.clock.now(),
        "amount_cents": kes * 100,
        "road": road,
        **changes,
    }
    return Heard(**fields)  # type: ignore[arg-type]


def _confirm(office: PracticeOffice, heard: Heard) -> str:
    make.arrive(office, RELAY, (None, PaymentNews(heard)))
    return str(office.sql("SELECT state FROM relay_entry ORDER BY id DESC LIMIT 1")[0][0])


def _pull(office: PracticeOffice, *payments: Heard, trouble: str = "") -> str:
    window = office.read(receipt_pulls.window, None)
    return office.write(receipt_pulls.take_in, PullTold(window, payments, trouble=trouble))


def _balance(office: PracticeOffice, account: str) -> int:
    return office.read(lambda work, _: ledger.balance(work, account), None)


def _deposits(office: PracticeOffice, of: MemberRow) -> int:
    return _balance(office, f"2010.{of.number}")


def _in_books(office: PracticeOffice) -> tuple[int, int]:
    """What the paybill holds, and what of it has no purpose."""
    return _balance(office, "1030"), _balance(office, "2150")


def test_a_prompt_is_committed_answered_proven_and_booked_once(office: PracticeOffice) -> None:
    jane = make.member(office)
    order = _begin(office, jane, 500)
    assert _row(office, order).status is PromptStatus.SENDING
    assert order.reference == f"{jane.number.replace('-', '')}-DEP"
    _answer(office, order)
    assert _notice(office, order) == "applied"
    row = _row(office, order)
    assert (row.status, row.receipt) == (PromptStatus.PAID, f"SGA{order.prompt_id:07d}X")
    assert (_in_books(office), _deposits(office, jane)) == ((500_00, 500_00), 0)
    assert office.read(prompt_news.due, None) == ((order.prompt_id, f"ws_CO_{order.prompt_id}"),)
    assert "is booked" in _ask(office, order, "0")
    assert (_in_books(office), _deposits(office, jane)) == ((500_00, 0), 500_00)
    # It comes again by every road, and a question contradicts: nothing moves.
    _notice(office, order)
    same = _heard(office, row.receipt, 500, reference=order.reference)
    assert _confirm(office, same) == "applied"
    _pull(office, same, _heard(office, row.receipt, 500, Road.PULL))
    assert _notice(office, order, "1032") == "parked"
    _ask(office, order, "1032")
    assert _row(office, order).status is PromptStatus.PAID
    assert (_in_books(office), _deposits(office, jane)) == ((500_00, 0), 500_00)
    assert office.count("mpesa_receipt") == office.count("receipt_allocation") == 1
    assert office.read(prompt_news.due, None) == ()


def test_one_prompt_at_a_time_and_a_pause_after_it(office: PracticeOffice) -> None:
    jane = make.member(office)
    key = make.key()
    first = _begin(office, jane, key=key)
    again = _begin(office, jane, key=key)
    assert (first.is_new, again.is_new, again.tag) == (True, False, first.tag)
    assert jane.phone not in str(office.sql("SELECT answer FROM money_command"))
    with pytest.raises(WrongState, match="still open"):
        _begin(office, jane)
    _answer(office, first, PromptTold.NOT_ASKED)
    assert _row(office, first).status is PromptStatus.FAILED
    with pytest.raises(WrongState, match="Ask again at"):
        _begin(office, jane)
    office.clock.advance(seconds=61)
    with pytest.raises(WrongState, match="Ask again at"):
        _begin(office, jane)
    assert _begin(office, jane, 501).is_new
    for kes, changes in ((0, {}), (250_001, {}), (5, {"purpose": "loan"}), (5, {"phone": "12"})):
        office.clock.advance(minutes=5)
        with pytest.raises(InvalidInput):
            _begin(office, jane, kes, **changes)


def test_a_failure_counts_when_a_question_agrees_and_a_late_payment_is_believed(
    office: PracticeOffice,
) -> None:
    jane = make.member(office)
    order = _sent(office, jane)
    assert _notice(office, order, "1037") == "applied"
    assert _row(office, order).status is PromptStatus.WAITING
    _ask(office, order, "")
    assert _row(office, order).status is PromptStatus.WAITING
    _ask(office, order, "1037")
    row = _row(office, order)
    assert (row.status, row.words) == (
        PromptStatus.FAILED,
        "The phone was not reached, or nobody answered. Switch it on and ask again.",
    )
    assert _notice(office, order) == "applied"
    _ask(office, order, "0")
    assert _row(office, order).status is PromptStatus.PAID
    assert _deposits(office, jane) == 500_00
    # A notice of failure that nobody can ask about counts after three minutes.
    office.clock.advance(minutes=3)
    second = _sent(office, jane)
    _notice(office, second, "1032")
    office.clock.advance(minutes=3)
    assert office.write(prompt_news.end_old, None) == 1
    assert _row(office, second).status is PromptStatus.FAILED


def test_a_prompt_in_doubt_lapses_and_its_payment_finds_it(office: PracticeOffice) -> None:
    jane = make.member(office)
    order = _begin(office, jane, purpose="share_capital")
    _answer(office, order, PromptTold.DOUBTFUL)
    assert _row(office, order).status is PromptStatus.UNKNOWN
    office.clock.advance(minutes=3)
    office.write(prompt_news.end_old, None)
    assert _row(office, order).status is PromptStatus.LAPSED
    masked = f"{jane.phone[:4]} ***** {jane.phone[-3:]}"
    told = _heard(
        office, "SGB1ABCD2E", 500, reference=order.reference, payer=PayerTold(masked=masked)
    )
    assert _confirm(office, told) == "applied"
    assert _row(office, order).receipt == "SGB1ABCD2E"
    assert _in_books(office) == (500_00, 500_00)
    _pull(office, _heard(office, "SGB1ABCD2E", 500, Road.PULL))
    assert _in_books(office) == (500_00, 0)
    assert _balance(office, f"3010.{jane.number}") == 500_00


def test_what_does_not_fit_a_prompt_is_parked(office: PracticeOffice) -> None:
    jane = make.member(office)
    order = _sent(office, jane)
    for changes in (
        {"amount_cents": 1_00},
        {"amount_cents": None},
        {"receipt": None},
        {"payer": PayerTold("254799999999")},
        {"checkout_request_id": "ws_CO_another"},
    ):
        assert _notice(office, order, **changes) == "parked"
    news = PromptNews("", "", "0", "SGB1ABCD2E", 500_00, None, PayerTold())
    make.arrive(office, RELAY, ("f" * 32, news))
    assert office.count("mpesa_receipt") == 0
    assert _row(office, order).status is PromptStatus.WAITING
    for _ in range(14):
        _ask(office, order, "")
    assert _row(office, order).status is PromptStatus.LAPSED


def test_every_order_of_news_ends_in_the_same_books(office: PracticeOffice) -> None:
    """A notice, a question, a confirmation and a line of the list, in every order, each once or twice."""
    roads = ("notice", "question", "confirmation", "list")
    for number, order_of_news in enumerate(itertools.permutations(roads), 1):
        jane = make.member(office)
        order = _sent(office, jane, 100 + number)
        receipt = f"SGA{order.prompt_id:07d}X"
        payer = PayerTold(hash=hashlib.sha256(jane.phone.encode()).hexdigest())
        told: dict[str, Any] = {"reference": order.reference, "payer": payer}
        for news in order_of_news:
            for _ in range(1 + number % 2):
                if news == "notice":
                    _notice(office, order)
                elif news == "question":
                    _ask(office, order, "0")
                elif news == "confirmation":
                    _confirm(office, _heard(office, receipt, 100 + number, **told))
                else:
                    _pull(office, _heard(office, receipt, 100 + number, Road.PULL, **told))
        row = _row(office, order)
        assert (row.status, row.receipt) == (PromptStatus.PAID, receipt), order_of_news
        assert _deposits(office, jane) == (100 + number) * 100, order_of_news
    assert _in_books(office)[1] == 0
    assert office.count("mpesa_receipt") == office.count("receipt_allocation") == 24


def test_payments_to_the_paybill_go_where_they_name_when_they_are_proven(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    borrower = next(m for m in _members(office) if m.member_id == loan.member_id)
    plain = borrower.number.replace("-", "").lower()
    before = _in_books(office)[0]
    deposits = _deposits(office, borrower)
    typed = {
        "SGC1": (100, f"{plain} shares"),
        "SGC2": (200, borrower.number),
        "SGC3": (300, loan.number),
        "SGC4": (50, f"{plain} welfare"),
        "SGC5": (7, "Jane"),
        "SGC6": (8, "L-9999"),
    }
    for receipt, (kes, reference) in typed.items():
        _confirm(office, _heard(office, f"{receipt}ABCDEF", kes, reference=reference))
    assert _in_books(office) == (before + 665_00, 665_00)
    proven = [
        _heard(office, f"{receipt}ABCDEF", kes, Road.PULL, reference=reference)
        for receipt, (kes, reference) in typed.items()
    ]
    assert _pull(office, *proven) == "6 payments in M-Pesa's list, 0 of them new."
    assert _in_books(office) == (before + 665_00, 15_00)
    assert _balance(office, f"3010.{borrower.number}") == 100_00
    assert _balance(office, "2170") == 50_00
    assert _deposits(office, borrower) == deposits + 200_00
    waiting = office.read(mpesa_receipts.list_waiting, None)
    assert [(row.reference, row.left_cents, row.roads) for row in waiting] == [
        ("Jane", 7_00, ("c2b", "pull")),
        ("L-9999", 8_00, ("c2b", "pull")),
    ]
    # One is shared by hand, whole shillings or not.
    shares = (
        Purpose("deposits", borrower.member_id, None, 5_50),
        Purpose("welfare", borrower.member_id, None, 1_50),
    )
    given = Allocation(make.key(), waiting[0].receipt_id, shares)
    done = office.write(allocations.allocate, given, office.peter)
    assert (done.left_cents, done.slips.count("RC-")) == (0, 2)
    assert office.write(allocations.allocate, given, office.peter) == done
    with pytest.raises(WrongState, match="waits for no purpose"):
        office.write(
            allocations.allocate, Allocation(make.key(), given.receipt_id, shares), office.peter
        )
    # A purpose that is taken back by reversal waits again.
    entry = office.sql(
        "SELECT entry_number FROM receipt_allocation WHERE cents = 550 ORDER BY id DESC LIMIT 1"
    )[0][0]
    office.write(lambda work, _: ledger.reverse(work, int(entry), "wrong member"), None)
    office.write(allocations.settle_waiting, None)
    assert [row.left_cents for row in office.read(mpesa_receipts.list_waiting, None)] == [
        5_50,
        8_00,
    ]


def _members(office: PracticeOffice) -> tuple[MemberRow, ...]:
    return office.read(members.list_members, None, office.peter)


def test_what_is_only_claimed_counts_for_nobody_unless_the_society_says_so(
    office: PracticeOffice,
) -> None:
    jane = make.member(office)
    forged = _heard(office, "SGD1ABCDEF", 900, reference=jane.number)
    assert _confirm(office, forged) == "applied"
    receipt = office.read(mpesa_receipts.list_waiting, None)[0]
    assert not receipt.is_proven
    share = (Purpose("deposits", jane.member_id, None, 900_00),)
    with pytest.raises(WrongState, match="Only a notice"):
        office.write(
            allocations.allocate,
            Allocation(make.key(), receipt.receipt_id, share),
            office.peter,
        )
    office.write(allocations.settle_waiting, None)
    assert _deposits(office, jane) == 0
    make_loans.set_rule(office, "money_in.on_claim", "yes")
    assert office.write(allocations.settle_waiting, None) == 1
    assert _deposits(office, jane) == 900_00


def test_what_is_not_proven_is_never_paid_back_and_what_was_paid_back_counts_for_nobody(
    office: PracticeOffice,
) -> None:
    """A refund of an unallocated receipt is real money, so no forged notice may carry one."""
    jane = make.member(office)

    def free() -> int:
        def read(work: Work, _nothing: None) -> int:
            refund = payout_terms.purpose_of("receipt_refund")
            return payout_cover.cover(work, refund, "2150", None).free_cents

        return office.read(read, None)

    _confirm(office, _heard(office, "SGF1ABCDEF", 900, reference="nobody"))
    assert (_in_books(office)[1], free()) == (900_00, 0)
    _pull(office, _heard(office, "SGF1ABCDEF", 900, Road.PULL, reference="nobody"))
    assert free() == 900_00
    paid_back = (debit("2150", 400_00), credit("1031", 400_00))
    make.post(office, JournalEntry(make.day(office), "test", "Refund", "PO-1", paid_back))
    receipt = office.read(mpesa_receipts.list_waiting, None)[0].receipt_id
    share = Purpose("deposits", jane.member_id, None, 900_00)
    with pytest.raises(WrongState, match="Look under Payouts"):
        office.write(allocations.allocate, Allocation(make.key(), receipt, (share,)), office.peter)


def test_two_sums_for_one_receipt_are_disputed_and_neither_wins(office: PracticeOffice) -> None:
    jane = make.member(office)
    _confirm(office, _heard(office, "SGE1ABCDEF", 900, reference=jane.number))
    _pull(office, _heard(office, "SGE1ABCDEF", 90, Road.PULL, reference=jane.number))
    (row,) = office.read(mpesa_receipts.list_waiting, None)
    assert (row.state.value, row.is_proven, row.left_cents) == ("disputed", False, 900_00)
    assert _deposits(office, jane) == 0
    assert _confirm(office, _heard(office, "SGE2ABCDEF", 1, shortcode="600000")) == "parked"
    assert office.count("mpesa_receipt") == 1


def test_the_list_is_asked_for_with_an_overlap_and_never_beyond_its_reach(
    office: PracticeOffice,
) -> None:
    def since() -> datetime:
        return office.read(receipt_pulls.window, None).since

    start = office.clock.now()
    assert since() == start - timedelta(hours=48)
    _pull(office, trouble="M-Pesa is away.")
    assert since() == start - timedelta(hours=48)
    _pull(office)
    office.clock.advance(hours=1)
    assert since() == start - timedelta(hours=2)
    office.clock.advance(days=5)
    assert since() == office.clock.now() - timedelta(hours=48)


def test_a_prompt_presets_its_sum(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    office.clock.advance(days=40)

    def due(work: Work, _nothing: None) -> int:
        return prompts.preset(work, (loan.member_id, "loan", loan.loan_id)).preset_cents

    cents = office.read(due, None)
    assert cents > 0
    assert cents % 100 == 0
    new = NewPrompt(make.key(), loan.member_id, "loan", loan.loan_id, "0712000111", cents)
    given = SendPrompt(new, make.route(office, RELAY))
    order = office.write(prompts.begin, given, office.peter)
    _answer(office, order)
    assert order.reference == loan.number
    _notice(office, order)
    assert "is booked" in _ask(office, order, "0")
    assert _in_books(office)[1] == 0
