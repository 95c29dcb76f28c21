"""A loan above M-Pesa's limit: several payouts, each approved by itself, and the loan paid once or not at all."""

from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loans
from sacco_desktop.services.office import setting_changes
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.payouts import (
    bank_files,
    hand_overs,
    late_payments,
    loan_payouts,
    payouts,
    vouchers,
)
from sacco_desktop.services.payouts.bank_files import NewBankFile
from sacco_desktop.services.payouts.hand_overs import Confirmation
from sacco_desktop.services.payouts.late_payments import FailureDoubted
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import AnswerKind
from tests import make, make_payments
from tests.make import PracticeOffice

# 400,000 less 1 % processing fee and 0.5 % insurance is 394,000 net: 250,000 and 144,000.
GROSS, NET = 40_000_000, 39_400_000
TO_BANK = Destination("", "Equity Bank", "68", "123", "0123456789")


def _set(office: PracticeOffice, name: str, value: str) -> None:
    make.agreed(
        office, setting_changes.change_setting, SettingChange(name, value, date(2026, 3, 16))
    )


def _parts(office: PracticeOffice, *, float_kes: int = 900_000) -> list[PayoutRow]:
    """Both parts of a large loan, asked for by Grace."""
    make.float_of(office, float_kes)
    member = make.member(office, deposits_kes=200_000)
    loan = make.approved_loan(office, member, amount_cents=GROSS)
    office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    return sorted(office.read(payouts.list_payouts, None), key=lambda row: row.part)


def _approve(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    """By two people, as the whole of it needs."""
    make.approve_payout(office, row, office.lucy)
    assert make.payout_now(office, row).status is PayoutStatus.DRAFT
    make.approve_payout(office, row, office.daniel)
    return make.payout_now(office, row)


def _pay(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    via = make.route(office, 1) if office.count("relay") else make.route(office, make.relay(office))
    order = make.accepted(office, _approve(office, row), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    return make.payout_now(office, row)


def _loan_account(office: PracticeOffice, row: PayoutRow) -> int:
    loan = office.read(loans.detail, row.loan_id or 0)
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", row.loan_id)[0][0]
    return office.balance(f"{control}.{loan.row.number}")


def _status(office: PracticeOffice, row: PayoutRow) -> str:
    return office.read(loans.row_of, row.loan_id or 0).status


def test_a_large_loan_is_written_as_parts_below_the_limit(office: PracticeOffice) -> None:
    first, second = _parts(office)
    assert [(row.part, row.parts, row.mpesa_cents) for row in (first, second)] == [
        (1, 2, 25_000_000),
        (2, 2, 14_400_000),
    ]
    assert first.net_cents + second.net_cents == NET
    assert second.subject.endswith(", part 2 of 2")
    requests = office.read(decisions.list_requests, None, office.lucy)
    contents = [row.content for row in requests if row.kind == "payout"]
    assert sorted((row["part"], row["parts"], row["whole_cents"]) for row in contents) == [
        (1, 2, NET),
        (2, 2, NET),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the second first"])
def test_each_part_credits_what_was_paid_and_the_fees_are_posted_once(
    office: PracticeOffice, order: tuple[int, int]
) -> None:
    parts = _parts(office)
    before = office.balance("1031")
    first = _pay(office, parts[order[0]])
    assert _status(office, first) == "disbursement_pending"
    assert office.count("loan_instalment") == 0
    assert office.read(loan_payouts.preview, first.loan_id or 0, office.grace).whole_parts == 2
    fees = {code: office.balance(code) for code in ("4020", "2160")}
    assert sum(fees.values()) == GROSS - NET
    assert _loan_account(office, first) == GROSS - NET + first.net_cents
    assert before - office.balance("1031") == first.mpesa_cents
    last = _pay(office, parts[order[1]])
    assert _status(office, last) == "active"
    assert office.count("loan_instalment") > 0
    assert {code: office.balance(code) for code in fees} == fees
    assert _loan_account(office, last) == GROSS
    assert before - office.balance("1031") == NET
    first_paper = office.write(vouchers.voucher, first.payout_id, office.grace)
    last_paper = office.write(vouchers.voucher, last.payout_id, office.grace)
    assert [bool(paper.deductions) for paper in (first_paper, last_paper)] == [True, False]
    assert first_paper.gross_cents + last_paper.gross_cents == GROSS


def test_a_loan_with_a_paid_part_is_never_taken_back(office: PracticeOffice) -> None:
    first, second = _parts(office)
    _pay(office, first)
    office.write(
        payouts.take_back, PayoutChange(second.payout_id, second.version, "Wait."), office.grace
    )
    assert _status(office, first) == "disbursement_pending"
    with pytest.raises(SaccoError):
        office.write(
            payouts.take_back, PayoutChange(first.payout_id, first.version, "No."), office.grace
        )


def test_the_part_that_was_taken_back_is_asked_for_again_by_bank(office: PracticeOffice) -> None:
    first, second = _parts(office)
    _pay(office, first)
    change = PayoutChange(second.payout_id, second.version, "By bank instead.")
    office.write(payouts.take_back, change, office.grace)
    loan_id = first.loan_id or 0
    shown = office.read(loan_payouts.preview, loan_id, office.grace).by(Way.BANK)
    assert [(part, amounts.paid_cents) for part, amounts in shown.parts] == [(2, 14_400_000)]
    new = NewPayout(make.key(), loan_id, Way.BANK, TO_BANK)
    row = office.write(payouts.request, new, office.grace)
    assert (row.part, row.parts, row.handed_cents, row.mpesa_cents) == (2, 2, 14_400_000, 0)
    assert row.destination.payee == row.member_name
    with pytest.raises(WrongState, match="disbursement_pending"):
        office.write(payouts.request, NewPayout(make.key(), loan_id), office.grace)
    make_payments.bank_of(office, 200_000)
    make_payments.bank_file(office, _approve(office, row))
    seen = Confirmation(
        row.payout_id, make.payout_now(office, row).version, "FT26075XYZ", make.day(office)
    )
    office.write(hand_overs.confirm, seen, office.grace)
    assert _status(office, row) == "active"
    assert _loan_account(office, row) == GROSS


def test_when_all_parts_are_taken_back_the_loan_is_approved_again(office: PracticeOffice) -> None:
    for row in _parts(office):
        office.write(payouts.take_back, PayoutChange(row.payout_id, row.version), office.grace)
    assert _status(office, row) == "approved"
    new = office.write(
        payouts.request, NewPayout(make.key(), row.loan_id or 0, Way.BANK, TO_BANK), office.grace
    )
    assert (new.part, new.parts, new.handed_cents) == (1, 1, NET)


def test_whatever_happens_a_loan_is_paid_once_or_not_at_all(office: PracticeOffice) -> None:
    """The parts in doubt stay where they are: neither taken back nor paid by another way."""
    first, second = _parts(office)
    via = make.route(office, make.relay(office))
    order = make.doubtful(office, _approve(office, first), via)
    doubt = make.payout_now(office, first)
    with pytest.raises(WrongState, match="in_flight"):
        office.write(payouts.take_back, PayoutChange(doubt.payout_id, doubt.version), office.grace)
    new = NewPayout(make.key(), first.loan_id or 0, Way.BANK, TO_BANK)
    with pytest.raises(WrongState, match="disbursement_pending"):
        office.write(payouts.request, new, office.grace)
    with pytest.raises(WrongState):
        office.write(bank_files.make, NewBankFile(make.key(), (first.payout_id,)), office.grace)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    _pay(office, second)
    paid = [row for row in office.read(payouts.list_payouts, None) if row.status == "paid"]
    assert sum(row.net_cents for row in paid) == NET
    assert len({row.part for row in paid}) == len(paid) == 2


def test_a_phone_receives_no_more_than_m_pesa_lets_it_in_a_day(office: PracticeOffice) -> None:
    _set(office, "payout.receiver_daily_cents", "30000000")
    first, second = _parts(office)
    _pay(office, first)
    ready = _approve(office, second)
    with pytest.raises(WrongState, match=r"KES 250,000\.00 from us today.*Send it tomorrow"):
        make.begin(office, ready, make.route(office, 1))
    assert make.payout_now(office, second).status is PayoutStatus.APPROVED
    office.clock.advance(days=1)
    make.accepted(office, ready, make.route(office, 1))


def test_what_is_in_flight_to_a_phone_counts_for_today(office: PracticeOffice) -> None:
    _set(office, "payout.receiver_daily_cents", "30000000")
    first, second = _parts(office)
    via = make.route(office, make.relay(office))
    make.doubtful(office, _approve(office, first), via)
    with pytest.raises(WrongState, match="Send it tomorrow"):
        make.begin(office, _approve(office, second), via)


def test_the_member_bears_the_charge_where_the_society_says_so(office: PracticeOffice) -> None:
    _set(office, "payout.charge_bearer", "member")
    row = make.approved_payout(office)
    assert (row.net_cents, row.mpesa_cents, row.recovered_cents) == (9_850_000, 9_848_700, 1_300)
    via = make.route(office, make.relay(office))
    order = make.accepted(office, row, via)
    assert order.amount_shillings == 98_487
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.balance("4060") == 1_300
    assert office.balance("5230") == 1_300
    assert office.balance("1031") == 50_000_000 - 9_848_700
    assert _loan_account(office, row) == 10_000_000


def test_the_society_may_also_pay_for_taking_the_money_out(office: PracticeOffice) -> None:
    _set(office, "payout.tariff", "mpesa_b2c_with_withdrawal")
    row = make.requested_payout(office)
    assert (row.mpesa_cents, row.charge_cents, row.recovered_cents) == (9_850_000, 32_200, 0)


def test_charge_bearer_and_part_are_what_the_second_person_agrees_to(
    office: PracticeOffice,
) -> None:
    _set(office, "payout.charge_bearer", "member")
    make.requested_payout(office)
    asked = next(
        row
        for row in office.read(decisions.list_requests, None, office.lucy)
        if row.kind == "payout"
    )
    said = {name: asked.content[name] for name in ("charge_cents", "bearer", "tariff", "way")}
    assert said == {
        "charge_cents": 1_300,
        "bearer": "member",
        "tariff": "mpesa_b2c",
        "way": "mpesa",
    }


def test_a_loan_paid_in_cash_leaves_the_cents_in_the_deposits(office: PracticeOffice) -> None:
    loan = make.approved_loan(office, amount_cents=10_003_352)
    new = NewPayout(make.key(), loan.loan_id, Way.CASH)
    row = office.write(payouts.request, new, office.grace)
    assert row.handed_cents % 100 == 0
    assert row.handed_cents + row.deposits_cents == row.net_cents == loan.net_cents
    assert row.charge_cents == 0


def test_a_bank_payment_needs_a_whole_account(office: PracticeOffice) -> None:
    loan = make.approved_loan(office)
    for field, wrong in (("bank", ""), ("bank_code", "6"), ("account_number", "=1+1")):
        given = {"bank": "Equity", "bank_code": "68", "branch_code": "001"}
        given |= {"account_number": "012345678"} | {field: wrong}
        new = NewPayout(make.key(), loan.loan_id, Way.BANK, Destination(**given))
        with pytest.raises(InvalidInput) as refused:
            office.write(payouts.request, new, office.grace)
        assert refused.value.field == field


def test_a_failed_part_is_not_taken_back_when_the_whole_was_paid_by_bank(
    office: PracticeOffice,
) -> None:
    first, second = _parts(office)
    via = make.route(office, make.relay(office))
    order = make.begin(office, _approve(office, second), via)
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    for row in (first, second):
        change = PayoutChange(row.payout_id, make.payout_now(office, row).version)
        office.write(payouts.take_back, change, office.grace)
    new = NewPayout(make.key(), first.loan_id or 0, Way.BANK, TO_BANK)
    whole = office.write(payouts.request, new, office.grace)
    assert (whole.part, whole.parts) == (1, 1)
    make_payments.bank_of(office, 400_000)
    make_payments.bank_file(office, _approve(office, whole))
    facts = office.read(late_payments.look, order.attempt_id or 0)
    assert facts.sent_anew
    given = FailureDoubted(facts.attempt_id, facts.version, "A notice says paid.")
    with pytest.raises(WrongState, match="Book what the member owes"):
        office.write(late_payments.ask_take_back_failure, given, office.grace)
