"""Payments by bank file, cheque and cash, and payments that are no loans: the same approvals, each paid once."""

import csv
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from sacco_desktop.domain.errors import (
    InsufficientFloat,
    InvalidInput,
    NotAllowed,
    SaccoError,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor, Books
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.membership import members
from sacco_desktop.services.payouts import (
    bank_files,
    hand_overs,
    late_payments,
    payments,
    payouts,
    vouchers,
)
from sacco_desktop.services.payouts.bank_files import NewBankFile
from sacco_desktop.services.payouts.hand_overs import CameBack, CashPayment, Confirmation, NewCheque
from sacco_desktop.services.payouts.late_payments import FailureDoubted
from sacco_desktop.services.payouts.payouts import PayoutChange, PayoutRow
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import AnswerKind, Sending
from sacco_desktop.services.window import member_sheet
from tests import make, make_payments
from tests.make import PracticeOffice

EXPENSE = 1_240_000


def _now(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    return make.payout_now(office, row)


def _confirm(office: PracticeOffice, row: PayoutRow, reference: str = "FT26075XYZ") -> PayoutRow:
    seen = Confirmation(row.payout_id, _now(office, row).version, reference, make.day(office))
    return office.write(hand_overs.confirm, seen, office.grace)


def _back(office: PracticeOffice, row: PayoutRow, reason: str = "Account closed.") -> PayoutRow:
    back = CameBack(row.payout_id, _now(office, row).version, reason)
    return office.write(hand_overs.came_back, back, office.grace)


def _refund(office: PracticeOffice, kes: int, way: Way = Way.MPESA, **who: str) -> PayoutRow:
    member = make.member(office, deposits_kes=50_000, **who)
    new = make_payments.new_payment(
        way,
        purpose="deposit_refund",
        amount_cents=kes * 100,
        member_id=member.member_id,
        destination=Destination(),
    )
    return office.write(payments.request, new, office.grace)


def _cash(row: PayoutRow, id_number: str, key: str = "") -> CashPayment:
    return CashPayment(key or make.key(), row.payout_id, row.version, id_number)


# Refunds and bills.


def test_deposits_are_paid_back_over_m_pesa_from_the_members_own_account(
    office: PracticeOffice,
) -> None:
    make.float_of(office, 100_000)
    row = _refund(office, 20_000)
    make.approve_payout(office, row, office.lucy)
    via = make.route(office, make.relay(office))
    order = make.accepted(office, _now(office, row), via)
    assert (order.command, order.narration) == ("BusinessPayment", "Invoice 77")
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    paid = _now(office, row)
    assert paid.status is PayoutStatus.PAID
    assert office.balance(f"2010.{row.member_number}") == 3_000_000
    assert office.balance("1031") == 8_000_000
    assert office.balance("5230") == 1_100
    paper = office.write(vouchers.voucher, paid.payout_id, office.grace)
    assert (paper.loan_number, paper.net_cents) == ("", 2_000_000)


def test_a_refund_is_covered_by_what_other_payouts_leave_of_the_deposits(
    office: PracticeOffice,
) -> None:
    row = _refund(office, 30_000)
    new = make_payments.new_payment(
        purpose="deposit_refund", amount_cents=2_000_100, member_id=row.member_id
    )
    with pytest.raises(InvalidInput, match=r"take 30,000\.00 of it.*So 20,000\.00 can") as refused:
        office.write(payments.request, new, office.grace)
    assert refused.value.field == "amount"
    office.write(payouts.take_back, PayoutChange(row.payout_id, row.version), office.grace)
    assert office.write(payments.request, new, office.grace).net_cents == 2_000_100


def test_a_refund_leaves_the_deposits_that_carry_a_loan(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=50_000)
    make.approved_loan(office, member, amount_cents=9_000_000)
    new = make_payments.new_payment(
        purpose="deposit_refund", amount_cents=2_100_000, member_id=member.member_id
    )
    with pytest.raises(InvalidInput, match=r"Loans need 30,000\.00 of it to stay"):
        office.write(payments.request, new, office.grace)


def test_a_refund_is_looked_at_again_before_it_leaves(office: PracticeOffice) -> None:
    make.float_of(office, 100_000)
    row = _refund(office, 30_000)
    make.approve_payout(office, row, office.lucy)
    make_payments.deposit_back(office, row.member_number, 30_000)
    with pytest.raises(InvalidInput, match=r"come to KES 20,000\.00"):
        make.begin(office, _now(office, row))
    assert office.count("payout_attempt") == 0


def test_a_bill_of_the_office_is_paid_to_who_is_no_member(office: PracticeOffice) -> None:
    make.float_of(office, 100_000)
    row = make_payments.approved_payment(office)
    assert (row.member_id, row.member_name) == (None, "Rift Stationers Ltd")
    via = make.route(office, make.relay(office))
    order = make.accepted(office, row, via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.balance("5210") == EXPENSE


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("purpose", {"purpose": "loan"}),
        ("purpose", {"purpose": "gift"}),
        ("account_code", {"account_code": "4010"}),
        ("amount", {"amount_cents": 0}),
        ("amount", {"amount_cents": 1_050}),
        ("amount", {"amount_cents": 30_000_000}),
        ("amount", {"amount_cents": 500}),
        ("narration", {"narration": " "}),
        ("payee", {"destination": Destination()}),
        ("phone", {"phone": "12"}),
        ("member", {"purpose": "deposit_refund"}),
    ],
)
def test_a_payment_that_cannot_be_is_refused_under_its_field(
    office: PracticeOffice, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_payments.requested_payment(office, **changes)
    assert refused.value.field == field


def test_two_clicks_are_one_payment(office: PracticeOffice) -> None:
    new = make_payments.new_payment()
    first = office.write(payments.request, new, office.grace)
    assert office.write(payments.request, new, office.grace) == first


# The bank.


def test_one_file_of_transfers_is_made_and_each_is_confirmed(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    rows = [make_payments.approved_payment(office, Way.BANK) for _ in range(2)]
    saved = make_payments.bank_file(office, *rows)
    lines = list(csv.reader(io.StringIO(saved.content.decode(), newline="")))
    assert lines[1] == [
        "Rift Stationers Ltd",
        "68",
        "123",
        "0123456789",
        "12400.00",
        rows[0].number,
        "Invoice 77",
    ]
    assert (saved.number, saved.payments, saved.total_cents) == ("BF-2026-0001", 2, 2 * EXPENSE)
    assert saved.sha256 == hashlib.sha256(saved.content).hexdigest()
    assert _now(office, rows[0]).status is PayoutStatus.IN_FLIGHT
    assert office.balance("1020") == 10_000_000
    paid = [_confirm(office, row) for row in rows]
    assert [row.status for row in paid] == [PayoutStatus.PAID, PayoutStatus.PAID]
    assert {row.receipt for row in paid} == {"FT26075XYZ"}
    assert office.balance("1020") == 10_000_000 - 2 * EXPENSE
    assert office.read(bank_files.read, saved.bank_file_id, office.grace).content == saved.content


def test_a_payout_is_in_no_second_file(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    new = NewBankFile(make.key(), (row.payout_id,))
    first = office.write(bank_files.make, new, office.grace)
    assert office.write(bank_files.make, new, office.grace) == first
    with pytest.raises(WrongState, match="in_flight"):
        make_payments.bank_file(office, row)
    assert office.count("bank_file") == 1


def test_nothing_in_the_file_is_a_formula(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    to = Destination('=HYPERLINK("x") Ltd', "Bank", "68", "123", "0123456789")
    row = make_payments.approved_payment(
        office, Way.BANK, destination=to, narration="@SUM(A1), -2\tbill"
    )
    cells = make_payments.bank_file(office, row).content.decode().splitlines()[1].split(",")
    assert (cells[0], cells[-1]) == ("HYPERLINK x Ltd", "SUM A1 -2 bill")
    assert all(cell[0].isalnum() for cell in cells)


def test_a_file_for_more_than_the_bank_holds_is_not_made(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 20_000)
    rows = [make_payments.approved_payment(office, Way.BANK) for _ in range(2)]
    make_payments.bank_file(office, rows[0])
    with pytest.raises(InsufficientFloat, match=r"KES 7,600\.00 free"):
        make_payments.bank_file(office, rows[1])


def test_what_the_bank_returns_needs_two_people_anew(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    with pytest.raises(InvalidInput):
        _back(office, row, " ")
    back = _back(office, row)
    assert (back.status, back.approved_by) == (PayoutStatus.DRAFT, "")
    assert office.balance("1020") == 10_000_000
    with pytest.raises(WrongState, match="not on its way"):
        _confirm(office, row)
    again = office.write(payouts.ask_again, PayoutChange(row.payout_id, back.version), office.grace)
    make.approve_payout(office, again, office.lucy)
    second = make_payments.bank_file(office, _now(office, row))
    assert second.number == "BF-2026-0002"


def test_the_day_of_the_bank_lies_between_the_file_and_today(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    version = _now(office, row).version
    for day in (make.day(office) - timedelta(days=1), make.day(office) + timedelta(days=1)):
        seen = Confirmation(row.payout_id, version, "FT1", day)
        with pytest.raises(InvalidInput) as refused:
            office.write(hand_overs.confirm, seen, office.grace)
        assert refused.value.field == "paid_on"


# Cheques.


def test_a_cheque_is_posted_when_it_is_handed_over(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.CHEQUE)
    new = NewCheque(row.payout_id, row.version, "000123")
    written = office.write(hand_overs.write_cheque, new, office.grace)
    assert (written.status, office.balance("1020")) == (PayoutStatus.IN_FLIGHT, 10_000_000)
    paid = _confirm(office, row, "Jane Mutua, ID 12345678")
    assert (paid.status, paid.receipt) == (PayoutStatus.PAID, "000123")
    assert office.balance("1020") == 10_000_000 - EXPENSE


def test_a_cancelled_cheque_is_never_written_again(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.CHEQUE)
    office.write(
        hand_overs.write_cheque, NewCheque(row.payout_id, row.version, "000123"), office.grace
    )
    assert _back(office, row, "Spoilt.").status is PayoutStatus.DRAFT
    other = make_payments.approved_payment(office, Way.CHEQUE)
    with pytest.raises(InvalidInput, match="000123 was written for") as refused:
        office.write(
            hand_overs.write_cheque,
            NewCheque(other.payout_id, other.version, "000123"),
            office.grace,
        )
    assert refused.value.field == "cheque_number"


# Cash.


def test_cash_is_paid_by_a_third_person_against_the_id_number(office: PracticeOffice) -> None:
    row = _refund(office, 10_000, Way.CASH)
    make.approve_payout(office, row, office.lucy)
    row = _now(office, row)
    number = office.sql("SELECT number FROM member WHERE id = ?", row.member_id)[0][0]
    till = office.balance("1010")
    with pytest.raises(SamePerson, match="asked for"):
        office.write(hand_overs.pay_cash, _cash(row, "23450001"), office.grace)
    with pytest.raises(SamePerson, match="approved"):
        office.write(hand_overs.pay_cash, _cash(row, "23450001"), office.lucy)
    with pytest.raises(NotAllowed):
        office.write(hand_overs.pay_cash, _cash(row, "23450001"), office.daniel)
    with pytest.raises(InvalidInput, match="not the ID number") as refused:
        office.write(hand_overs.pay_cash, _cash(row, "99999999"), office.peter)
    assert refused.value.field == "id_number"
    given = _cash(row, "2345 0001")
    paid = office.write(hand_overs.pay_cash, given, office.peter)
    assert office.write(hand_overs.pay_cash, given, office.peter) == paid
    assert (paid.status, paid.receipt) == (PayoutStatus.PAID, "CV-2026-0001")
    assert office.balance("1010") == till - 1_000_000
    assert office.balance(f"2010.{number}") == 4_000_000


@pytest.mark.only_on("postgresql", "a file is for one program at a time")
def test_of_two_tellers_at_two_pcs_one_pays(office: PracticeOffice) -> None:
    mary = make.person(office, "Mary Atieno", Role.CASHIER)
    row = _refund(office, 10_000, Way.CASH)
    make.approve_payout(office, row, office.lucy)
    row, till = _now(office, row), office.balance("1010")
    other = office.place.open()
    at_other_pc = Books(other, now=office.clock.now, pc_name="second-pc")

    def pay(books: Books, teller: Actor) -> str:
        try:
            return books.write(hand_overs.pay_cash, _cash(row, "23450001"), actor=teller).status
        except SaccoError as late:
            return type(late).__name__

    try:
        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(pay, (office.books, at_other_pc), (office.peter, mary)))
    finally:
        other.close()
    assert said == ["WrongState", "paid"]
    assert office.count("hand_over") == 1
    assert till - office.balance("1010") == 1_000_000


def test_the_till_pays_no_more_than_it_holds(office: PracticeOffice) -> None:
    row = make_payments.approved_payment(office, Way.CASH)
    with pytest.raises(InsufficientFloat, match=r"The till holds KES 0\.00"):
        office.write(hand_overs.pay_cash, _cash(row, "12345678"), office.peter)
    assert office.count("hand_over") == 0


# The rules for all of them.


@pytest.mark.parametrize("way", [Way.BANK, Way.CHEQUE, Way.CASH])
def test_the_approver_never_pays(office: PracticeOffice, way: Way) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, way)
    acts: dict[Way, tuple[Any, Any]] = {
        Way.BANK: (bank_files.make, NewBankFile(make.key(), (row.payout_id,))),
        Way.CHEQUE: (hand_overs.write_cheque, NewCheque(row.payout_id, row.version, "000123")),
        Way.CASH: (hand_overs.pay_cash, _cash(row, "12345678")),
    }
    service, given = acts[way]
    with pytest.raises(SamePerson, match="You approved"):
        office.write(service, given, office.lucy)
    assert office.count("hand_over") == 0


def test_m_pesa_pays_nothing_that_goes_by_another_way(office: PracticeOffice) -> None:
    make.float_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    via = make.route(office, make.relay(office))
    with pytest.raises(WrongState, match="not paid by M-Pesa"):
        office.write(payout_sending.begin, Sending(row.payout_id, via), office.grace)


def test_a_payment_in_doubt_is_paid_by_no_other_way(office: PracticeOffice) -> None:
    """Not even when a script has changed its way and its state meanwhile."""
    make.float_of(office, 100_000)
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office)
    make.doubtful(office, row)
    with pytest.raises(SaccoError):
        make_payments.bank_file(office, _now(office, row))
    office.without_guards(
        "UPDATE payout SET way = 'bank', handed_cents = mpesa_cents, mpesa_cents = 0,"
        f" charge_cents = 0, status = 'approved' WHERE id = {row.payout_id}"
    )
    with pytest.raises(SaccoError):
        make_payments.bank_file(office, _now(office, row))
    assert office.count("hand_over") == 0


def test_what_was_approved_and_changed_since_is_not_paid(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    sealed = office.as_kept("payout.account_number", "9999999999")
    office.without_guards(
        f"UPDATE payout SET account_number = '{sealed}' WHERE id = {row.payout_id}",
        only="guard_payout_content_fixed",
    )
    with pytest.raises(WrongState, match="has changed since"):
        make_payments.bank_file(office, row)


def test_a_payment_in_flight_by_bank_is_not_taken_back(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    now = _now(office, row)
    with pytest.raises(WrongState, match="in_flight"):
        office.write(payouts.take_back, PayoutChange(now.payout_id, now.version), office.grace)


def test_whoever_asked_for_cash_again_does_not_pay_it_either(office: PracticeOffice) -> None:
    make.float_of(office, 1)
    row = make_payments.requested_payment(office, Way.CASH)
    again = office.write(payouts.ask_again, PayoutChange(row.payout_id, row.version), office.lucy)
    make.approve_payout(office, again, office.daniel)
    with pytest.raises(SamePerson, match="You asked for"):
        office.write(hand_overs.pay_cash, _cash(_now(office, row), "23456789"), office.lucy)


def test_a_failed_refund_is_not_taken_back_when_the_deposits_were_paid_by_another(
    office: PracticeOffice,
) -> None:
    make.float_of(office, 200_000)
    row = _refund(office, 50_000)
    make.approve_payout(office, row, office.lucy)
    via = make.route(office, make.relay(office))
    order = make.begin(office, _now(office, row), via)
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    office.write(
        payouts.take_back, PayoutChange(row.payout_id, _now(office, row).version), office.grace
    )
    new = make_payments.new_payment(
        purpose="deposit_refund", amount_cents=5_000_000, member_id=row.member_id
    )
    other = office.write(payments.request, new, office.grace)
    make.approve_payout(office, other, office.lucy)
    sent = make.accepted(office, _now(office, other), via)
    make.arrive(office, via.relay_id, (sent.tag, make.paid_news(sent)))
    assert office.balance(f"2010.{row.member_number}") == 0
    facts = office.read(late_payments.look, order.attempt_id or 0)
    given = FailureDoubted(facts.attempt_id, facts.version, "A notice says paid.")
    with pytest.raises(WrongState, match="Book what the member owes"):
        office.write(late_payments.ask_take_back_failure, given, office.grace)


def test_a_loan_is_not_lent_on_deposits_that_are_on_their_way_out(office: PracticeOffice) -> None:
    row = _refund(office, 50_000)
    member = office.read(members.row_of, row.member_id or 0)
    loan = office.write(loans.apply, make.application(member, 100_000), office.peter)
    with pytest.raises(SaccoError, match="on their way out"):
        office.write(loans.appraise, Appraisal(loan.loan_id, loan.version, "Fine."), office.peter)
    room = office.read(member_sheet.sheet, member.number, office.peter).rooms[0]
    assert (room.deposits_cents, room.leaving_cents, room.room_cents) == (5_000_000, 5_000_000, 0)


def test_a_refund_leaves_the_deposits_of_a_loan_that_the_committee_decides_on(
    office: PracticeOffice,
) -> None:
    member = make.member(office, deposits_kes=50_000)
    make.appraised_loan(office, member)
    new = make_payments.new_payment(
        purpose="deposit_refund", amount_cents=5_000_000, member_id=member.member_id
    )
    with pytest.raises(InvalidInput, match="Loans need"):
        office.write(payments.request, new, office.grace)
