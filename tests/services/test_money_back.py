"""Payments that are given back, and codes that members show: by two people, once, and only on what is proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.chart import MPESA_PAYBILL
from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.errors import (
    InvalidInput,
    SaccoError,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.money_in import Road
from sacco_desktop.domain.taking_back import ReversalStatus
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    receipt_claims,
    receipt_questions,
    receipt_refunds,
    receipt_reversals,
    reversal_list,
)
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.mpesa_receipts import PayerTold
from sacco_desktop.services.collecting.receipt_claims import ClaimChange, ClaimRow, NewClaim
from sacco_desktop.services.collecting.receipt_questions import (
    About,
    AskAbout,
    ReceiptQuestionAnswered,
    ReceiptQuestionOrder,
)
from sacco_desktop.services.collecting.receipt_refunds import NewRefund
from sacco_desktop.services.collecting.receipt_reversals import (
    ReversalAnswered,
    ReversalChange,
    ReversalOrder,
    SendReversal,
)
from sacco_desktop.services.collecting.reversal_list import ReversalRow
from sacco_desktop.services.collecting.reversal_news import ReversalNews, ReversalTimeoutNews
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.sending.payout_questions import StatusNews
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendAnswer, WireTrace
from tests import make, make_money_in, make_payments
from tests.make import PracticeOffice
from tests.make_statements import Moved, settle_all, take_in, view

pytestmark = pytest.mark.paying_office
RELAY = make_money_in.RELAY
TRACE = WireTrace("/mpesa/reversal/v1/request", "{}", 200, "{}")


@pytest.fixture(autouse=True)
def connected(office: PracticeOffice) -> None:
    make_money_in.connect(office)


def _row(office: PracticeOffice, reversal_id: int) -> ReversalRow:
    return office.read(reversal_list.row_of, reversal_id)


def _balances(office: PracticeOffice, of: MemberRow) -> tuple[int, int, int]:
    """The paybill, what of it has no purpose, and the member's deposits."""
    codes = ("1030", "2150", f"2010.{of.number}")
    first, second, third = (make_money_in.balance(office, code) for code in codes)
    return first, second, third


def _begin(office: PracticeOffice, reversal_id: int) -> ReversalOrder:
    change = ReversalChange(reversal_id, _row(office, reversal_id).version)
    sending = SendReversal(change, make.route(office, RELAY))
    return office.write(receipt_reversals.begin, sending, office.grace)


def _answer(
    office: PracticeOffice, order: ReversalOrder, kind: AnswerKind = AnswerKind.ACCEPTED
) -> None:
    is_had = kind is AnswerKind.ACCEPTED
    answer = SendAnswer(0, kind, "", "M-Pesa's words.", "AG_1" if is_had else "", False, TRACE)
    answered = ReversalAnswered(order.reversal_id, answer, "own-1" if is_had else "")
    office.write(receipt_reversals.record_answer, answered, office.grace)


def _notice(office: PracticeOffice, order: ReversalOrder, code: str = "0", **changes: Any) -> str:
    news = replace(ReversalNews(code, True, "AG_1", order.receipt, 500_00), **changes)
    make.arrive(office, RELAY, (order.tag, news))
    return str(office.sql("SELECT state FROM relay_entry ORDER BY id DESC LIMIT 1")[0][0])


def _question(office: PracticeOffice, about: About) -> ReceiptQuestionOrder:
    asked = AskAbout(about, make.route(office, RELAY))
    order = office.write(receipt_questions.begin, asked)
    answer = SendAnswer(0, AnswerKind.ACCEPTED, "", "", f"AG_Q{order.question_id}", False, TRACE)
    answered = ReceiptQuestionAnswered(order.question_id, answer)
    office.write(receipt_questions.record_answer, answered)
    return order


def _told(office: PracticeOffice, order: ReceiptQuestionOrder, outcome: str, **more: Any) -> None:
    fields: dict[str, Any] = {
        "outcome": outcome,
        "words": outcome,
        "stops_queue": False,
        "query_conversation_id": f"AG_Q{order.question_id}",
        "originator_conversation_id": "",
        "conversation_id": "",
        "receipt": None,
        "amount_cents": None,
        "receiver_phone": None,
        "finalised_at": None,
        **more,
    }
    make.arrive(office, RELAY, (order.tag, StatusNews(**fields)))


def _sent(office: PracticeOffice, jane: MemberRow, code: str = "SGA1ABCD2E") -> ReversalOrder:
    """A payment that is in the deposits, whose taking back M-Pesa has accepted."""
    receipt = make_money_in.paid_in(office, code, 500, jane.number)
    order = _begin(office, make_money_in.agreed_reversal(office, receipt))
    _answer(office, order)
    return order


def test_a_payment_is_taken_back_by_two_and_leaves_the_books_once(office: PracticeOffice) -> None:
    jane = make.member(office)
    receipt = make_money_in.paid_in(office, "SGA1ABCD2E", 500, jane.number)
    assert _balances(office, jane) == (500_00, 0, 500_00)
    reversal = make_money_in.asked_reversal(office, receipt)
    with pytest.raises(WrongState, match="already, by B-0001"):
        make_money_in.asked_reversal(office, receipt)
    with pytest.raises(WrongState, match="asked cannot become sending"):
        _begin(office, reversal)
    request = make.waiting_request(office, ApprovalKind.RECEIPT_REVERSAL, reversal)
    with pytest.raises(SamePerson):
        make.decide(office, request, office.grace)
    make.decide(office, request, office.lucy)
    row = _row(office, reversal)
    sending = SendReversal(ReversalChange(reversal, row.version), make.route(office, RELAY))
    with pytest.raises(SamePerson, match="somebody else sends it"):
        office.write(receipt_reversals.begin, sending, office.lucy)
    # From the sending on the money is nobody's, and it leaves the books with the result.
    order = _begin(office, reversal)
    assert (order.receipt, order.amount_shillings) == ("SGA1ABCD2E", 500)
    assert _balances(office, jane) == (500_00, 500_00, 0)
    office.write(allocations.settle_waiting, None)
    assert _balances(office, jane) == (500_00, 500_00, 0)
    _answer(office, order)
    for wrong in ({"receipt": "SGB1ABCD2E"}, {"amount_cents": 1_00}, {"conversation_id": "AG_2"}):
        assert _notice(office, order, **wrong) == "parked"
    assert _notice(office, order) == "applied"
    row = _row(office, reversal)
    assert (row.status, row.is_proven) == (ReversalStatus.DONE, False)
    assert _balances(office, jane) == (0, 0, 0)
    # M-Pesa is asked once more, and whatever else is said changes nothing.
    assert office.read(receipt_questions.due, None) == (About(reversal_id=reversal),)
    question = _question(office, About(reversal_id=reversal))
    assert question.originator_id == "own-1"
    _told(office, question, "completed", amount_cents=500_00, receipt="SGR1ABCD2E")
    assert _row(office, reversal).is_proven
    assert _notice(office, order) == "applied"
    assert _notice(office, order, "R000001") == "applied"
    assert _notice(office, order, "1") == "parked"
    assert _balances(office, jane) == (0, 0, 0)
    again = make_money_in.from_mary(office, "SGA1ABCD2E", 500, Road.PULL, jane.number)
    office.write(mpesa_receipts.hear, again)
    office.write(allocations.settle_waiting, None)
    assert _balances(office, jane) == (0, 0, 0)
    with pytest.raises(WrongState, match="being taken back already"):
        make_money_in.asked_reversal(office, receipt)


def test_a_failure_frees_the_payment_only_when_mpesa_agrees(office: PracticeOffice) -> None:
    jane = make.member(office)
    order = _sent(office, jane)
    # What is not found may not have begun; a notice of failure may be forged.
    _told(office, _question(office, About(reversal_id=order.reversal_id)), "not_found")
    assert _row(office, order.reversal_id).status is ReversalStatus.ACCEPTED
    older = _question(office, About(reversal_id=order.reversal_id))
    office.clock.advance(minutes=1)
    assert _notice(office, order, "1") == "applied"
    _told(office, older, "not_found")
    assert _row(office, order.reversal_id).status is ReversalStatus.UNKNOWN
    assert _balances(office, jane) == (500_00, 500_00, 0)
    _told(office, _question(office, About(reversal_id=order.reversal_id)), "not_found")
    row = _row(office, order.reversal_id)
    assert row.status is ReversalStatus.FAILED
    assert "The paybill does not hold enough" in row.words
    office.write(allocations.settle_waiting, None)
    assert _balances(office, jane) == (500_00, 0, 500_00)
    # It was taken back after all: what it paid meanwhile goes with it.
    _notice(office, order)
    assert _balances(office, jane) == (0, 0, 0)


def test_doubt_stays_doubt_and_the_same_request_may_be_sent_again(office: PracticeOffice) -> None:
    jane = make.member(office)
    receipt = make_money_in.paid_in(office, "SGA1ABCD2E", 500, jane.number)
    reversal = make_money_in.agreed_reversal(office, receipt)
    first = _begin(office, reversal)
    _answer(office, first, AnswerKind.NOT_SENT)
    assert _row(office, reversal).status is ReversalStatus.APPROVED
    order = _begin(office, reversal)
    assert order.tag == first.tag
    # The program stops here: what was being sent is a doubt.
    assert office.write(receipt_reversals.doubt_cut_off, None) == 0
    office.clock.advance(minutes=3)
    assert office.write(receipt_reversals.doubt_cut_off, None) == 1
    assert _row(office, reversal).status is ReversalStatus.UNKNOWN
    with pytest.raises(WrongState, match="gave no id"):
        _question(office, About(reversal_id=reversal))
    change = ReversalChange(reversal, _row(office, reversal).version)
    with pytest.raises(WrongState, match="unknown cannot become dropped"):
        office.write(receipt_reversals.give_up, change, office.grace)
    again = _begin(office, reversal)
    assert again == order
    # A refusal of the second request says nothing about the first.
    _answer(office, again, AnswerKind.REFUSED)
    assert _row(office, reversal).status is ReversalStatus.UNKNOWN
    make.arrive(office, RELAY, (order.tag, ReversalTimeoutNews("late")))
    assert _balances(office, jane) == (500_00, 500_00, 0)
    assert _notice(office, again, "R000001", conversation_id="") == "applied"
    assert _row(office, reversal).status is ReversalStatus.DONE
    assert _balances(office, jane) == (0, 0, 0)


def test_what_was_used_since_is_not_taken_back_silently(office: PracticeOffice) -> None:
    jane = make.member(office)
    receipt = make_money_in.paid_in(office, "SGA1ABCD2E", 500, jane.number)
    reversal = make_money_in.agreed_reversal(office, receipt)
    # Between the yes and the sending the member has had the money.
    make_payments.deposit_back(office, jane.number, 400)
    with pytest.raises(WrongState, match="SGA1ABCD2E was booked for "):
        _begin(office, reversal)
    assert _balances(office, jane) == (500_00, 0, 100_00)
    change = ReversalChange(reversal, _row(office, reversal).version)
    office.write(receipt_reversals.give_up, change, office.grace)
    with pytest.raises(WrongState, match="must pay the difference in first"):
        make_money_in.asked_reversal(office, receipt)
    with pytest.raises(InvalidInput):
        make_money_in.asked_reversal(office, receipt, reason=" ")
    odd = make_money_in.paid_in(office, "SGB1ABCD2E", 0, "nobody", cents=150)
    with pytest.raises(WrongState, match="whole shillings"):
        make_money_in.asked_reversal(office, odd)
    loose = make_money_in.paid_in(office, "SGC1ABCD2E", 70, "nobody")
    request = make.waiting_request(
        office, ApprovalKind.RECEIPT_REVERSAL, make_money_in.asked_reversal(office, loose)
    )
    make.decide(office, request, office.lucy, Decision.REJECT)
    assert make_money_in.asked_reversal(office, loose)


def _claim(office: PracticeOffice, of: MemberRow, code: str, kes: int, **changes: Any) -> ClaimRow:
    fields: dict[str, Any] = {
        "key": make.key(),
        "member_id": of.member_id,
        "code": code,
        "amount_cents": kes * 100,
        "paid_on": make.day(office),
        "purpose": "deposits",
        **changes,
    }
    return office.write(receipt_claims.claim, NewClaim(**fields), office.peter)


def _known(
    office: PracticeOffice, code: str, kes: int, to: str = "600999 - Sacco"
) -> dict[str, Any]:
    return {
        "receipt": code,
        "amount_cents": kes * 100,
        "finalised_at": office.clock.now(),
        "debit_party": "254712000009 - Mary Wanjiru",
        "credit_party": to,
    }


def test_a_claimed_code_counts_when_mpesa_proves_it_and_once(office: PracticeOffice) -> None:
    jane = make.member(office)
    row = _claim(office, jane, " sgd1abcd2e ", 300)
    assert (row.code, row.status) == ("SGD1ABCD2E", ClaimStatus.OPEN)
    assert _balances(office, jane) == (0, 0, 0)
    assert office.read(receipt_questions.due, None) == (About(claim_id=row.claim_id),)
    for other in (jane, make.member(office)):
        with pytest.raises(InvalidInput, match="was shown before"):
            _claim(office, other, "SGD1ABCD2E", 300)
    # An answer that does not carry M-Pesa's own id of the question proves nothing.
    question = _question(office, About(claim_id=row.claim_id))
    assert question.code == "SGD1ABCD2E"
    forged = _known(office, "SGD1ABCD2E", 300) | {"query_conversation_id": ""}
    _told(office, question, "completed", **forged)
    assert _balances(office, jane) == (0, 0, 0)
    _told(office, question, "completed", **_known(office, "SGD1ABCD2E", 300))
    assert office.read(receipt_claims.row_of, row.claim_id).status is ClaimStatus.PROVEN
    assert _balances(office, jane) == (300_00, 0, 300_00)
    _told(office, question, "completed", **_known(office, "SGD1ABCD2E", 300))
    office.write(mpesa_receipts.hear, make_money_in.from_mary(office, "SGD1ABCD2E", 300, Road.PULL))
    assert _balances(office, jane) == (300_00, 0, 300_00)
    assert office.read(receipt_claims.list_open, None) == ()


def test_codes_that_are_forged_differ_or_went_elsewhere_are_named(office: PracticeOffice) -> None:
    jane = make.member(office)
    forged, differs, away = (
        _claim(office, jane, code, 300) for code in ("SGE1ABCD2E", "SGF1ABCD2E", "SGG1ABCD2E")
    )
    for minutes in (0, 10, 31):
        office.clock.advance(minutes=minutes)
        _told(office, _question(office, About(claim_id=forged.claim_id)), "not_found")
    _told(
        office,
        _question(office, About(claim_id=differs.claim_id)),
        "completed",
        **_known(office, "SGF1ABCD2E", 30),
    )
    _told(
        office,
        _question(office, About(claim_id=away.claim_id)),
        "completed",
        **_known(office, "SGG1ABCD2E", 300, "254700000001 - Peter"),
    )
    rows = {row.code: row for row in office.read(receipt_claims.list_open, None)}
    assert rows["SGE1ABCD2E"].status is ClaimStatus.NOT_KNOWN
    assert "may be forged" in rows["SGE1ABCD2E"].words
    assert rows["SGF1ABCD2E"].status is ClaimStatus.DIFFERS
    assert "it is KES 30.00, not KES 300.00" in rows["SGF1ABCD2E"].words
    assert rows["SGG1ABCD2E"].status is ClaimStatus.NOT_OURS
    # The sum that M-Pesa proved is there and waits; nothing else is.
    assert _balances(office, jane) == (30_00, 30_00, 0)
    # The statement shows it after all.
    office.write(
        mpesa_receipts.hear, make_money_in.from_mary(office, "SGE1ABCD2E", 300, Road.STATEMENT)
    )
    office.write(allocations.settle_waiting, None)
    assert _balances(office, jane) == (330_00, 30_00, 300_00)


def test_a_code_that_is_known_already_is_refused_with_what_it_is(office: PracticeOffice) -> None:
    jane = make.member(office)
    make_money_in.paid_in(office, "SGH1ABCD2E", 100, jane.number)
    make_money_in.paid_in(office, "SGJ1ABCD2E", 100, "nobody")
    claimed = make_money_in.from_mary(office, "SGK1ABCD2E", 100, Road.C2B, "nobody")
    office.write(mpesa_receipts.hear, claimed)
    refusals = {
        "SGH1ABCD2E": f"already, for {jane.number} with receipt RC-",
        "SGJ1ABCD2E": "waits in the unallocated receipts",
        "SGA1": "10 letters and figures",
        "1234567890": "10 letters and figures",
    }
    for code, words in refusals.items():
        with pytest.raises(InvalidInput, match=words):
            _claim(office, jane, code, 100)
    for changes in (
        {"amount_cents": 0},
        {"purpose": "loan"},
        {"purpose": "nothing"},
        {"paid_on": make.day(office).replace(year=2099)},
    ):
        with pytest.raises(SaccoError):
            _claim(office, jane, "SGL1ABCD2E", 100, **changes)
    # Of this one only a notice tells, so M-Pesa is asked; a wrong one is withdrawn and may be typed anew.
    row = _claim(office, jane, "SGK1ABCD2E", 100)
    change = ClaimChange(row.claim_id, row.version)
    office.write(receipt_claims.drop, change, office.peter)
    row = _claim(office, jane, "SGK1ABCD2E", 100)
    question = _question(office, About(claim_id=row.claim_id))
    _told(office, question, "completed", **_known(office, "SGK1ABCD2E", 100))
    assert _balances(office, jane)[2] == 200_00


def _refund(office: PracticeOffice, receipt: int, kes: int, confirmed: str = "He rang.") -> int:
    new = NewRefund(make.key(), receipt, kes * 100, confirmed)
    return office.write(receipt_refunds.request, new, office.grace).payout_id


def test_what_is_left_of_a_payment_is_refunded_once_to_the_phone_that_paid(
    office: PracticeOffice,
) -> None:
    jane = make.member(office)
    receipt = make_money_in.paid_in(office, "SGM1ABCD2E", 500, "nobody")
    share = Purpose("deposits", jane.member_id, None, 200_00)
    office.write(allocations.allocate, Allocation(make.key(), receipt, (share,)), office.peter)
    for kes, confirmed in ((301, "He rang."), (0, "He rang."), (300, " ")):
        with pytest.raises(InvalidInput):
            _refund(office, receipt, kes, confirmed)
    payout = _refund(office, receipt, 300)
    row = office.read(payouts.row_of, payout)
    assert (row.net_cents, row.phone, row.member_name) == (
        300_00,
        make_money_in.PHONE,
        "Mary Wanjiru",
    )
    assert office.read(mpesa_receipts.list_waiting, None) == ()
    with pytest.raises(WrongState, match="waits for no purpose"):
        office.write(allocations.allocate, Allocation(make.key(), receipt, (share,)), office.peter)
    with pytest.raises(WrongState, match="refunded by a payout"):
        make_money_in.asked_reversal(office, receipt)
    # Who asked for the payout takes it back: the payment waits again, and may be refunded anew.
    office.write(payouts.take_back, PayoutChange(payout, row.version), office.grace)
    office.write(allocations.settle_waiting, None)
    (waiting,) = office.read(mpesa_receipts.list_waiting, None)
    assert waiting.left_cents == 300_00
    _refund(office, receipt, 100)
    with pytest.raises(WrongState, match="asked for already"):
        _refund(office, receipt, 100)
    (waiting,) = office.read(mpesa_receipts.list_waiting, None)
    assert waiting.left_cents == 200_00
    masked = make_money_in.from_mary(office, "SGN1ABCD2E", 90, Road.PULL, "nobody")
    masked = replace(masked, payer=PayerTold(masked="2547 ***** 009"))
    unknown = office.write(lambda work, given: mpesa_receipts.hear(work, given).id, masked)
    with pytest.raises(WrongState, match="did not tell the whole number"):
        _refund(office, unknown, 90)
    back = make_money_in.asked_reversal(office, unknown)
    with pytest.raises(WrongState, match="being taken back"):
        _refund(office, unknown, 90)
    assert _row(office, back).status is ReversalStatus.ASKED


def test_the_statement_ends_a_doubt_and_proves_what_a_notice_told(office: PracticeOffice) -> None:
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", "600100", "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)
    paid = (
        Moved("UCG0000001", 500, "Pay Bill Online", details="Pay Bill from 2547 Acc. nobody"),
        Moved("UCG0000003", 500, "Pay Bill Online", details="Pay Bill from 2547 Acc. nobody"),
    )
    take_in(office, paid, MPESA_PAYBILL)
    settle_all(office, MPESA_PAYBILL)
    ids = [int(one) for (one,) in office.sql("SELECT id FROM mpesa_receipt ORDER BY receipt")]
    doubtful, told = (_begin(office, make_money_in.agreed_reversal(office, one)) for one in ids)
    _answer(office, doubtful, AnswerKind.DOUBTFUL)
    _answer(office, told)
    assert _notice(office, told) == "applied"
    back = (
        Moved("UCG0000002", -500, "Transaction Reversal", linked="UCG0000001"),
        Moved("UCG0000004", -500, "Transaction Reversal", linked="UCG0000003"),
    )
    take_in(office, back, MPESA_PAYBILL, opening_kes=1_000, at_hour=12)
    settle_all(office, MPESA_PAYBILL)
    for order in (doubtful, told):
        row = _row(office, order.reversal_id)
        assert (row.status, row.is_proven) == (ReversalStatus.DONE, True)
    assert (office.balance(MPESA_PAYBILL), office.balance("2150")) == (0, 0)
    standing = view(office, MPESA_PAYBILL).told
    assert standing is not None
    assert standing.is_balanced
