"""The cards of the first page: what waits for whom, where the money is, how late the loans are, what happened."""

from __future__ import annotations

from datetime import timedelta

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.dates import add_months
from sacco_desktop.domain.lateness import LateBand
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.lending import loans, repayments
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.membership import late_loans, members
from sacco_desktop.services.payouts import payouts, phone_changes
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.sending import flight_summary, queue_stops, utility_float
from sacco_desktop.services.today.balance_line import balance_line
from sacco_desktop.services.today.cash_position import cash_position
from sacco_desktop.services.today.latest import in_words, latest
from sacco_desktop.services.today.to_do import Task, to_do
from sacco_desktop.services.window import front_desk
from tests import make, make_payments
from tests.make import PracticeOffice


def tasks(office: PracticeOffice, who: Actor) -> dict[str, Task]:
    return {task.key: task for task in office.read(to_do, None, who)}


def paid_out(office: PracticeOffice, **changes: object) -> PayoutRow:
    """A loan that M-Pesa has paid: its schedule holds from today."""
    relay = make.relay(office)
    via = make.route(office, relay)
    order = make.accepted(office, make.approved_payout(office, **changes), via)  # type: ignore[arg-type]
    make.arrive(office, relay, (order.tag, make.paid_news(order)))
    return make.payout_now(office, order)


def repay(office: PracticeOffice, loan_id: int, kes: int) -> None:
    """A repayment at the counter."""
    new = NewRepayment(make.key(), loan_id, kes * 100, Source.CASH, "", make.day(office))
    office.write(repayments.take, new, office.grace)


def test_each_person_sees_only_what_waits_for_them(office: PracticeOffice) -> None:
    make.relay(office)
    row = office.write(
        loans.apply, make.application(make.member(office, deposits_kes=100_000)), office.peter
    )
    assert tasks(office, office.peter)["submitted"] == Task(
        "submitted", 1, "loan to appraise", 100_000_00, "Appraise", "loans/applied"
    )
    assert tasks(office, office.grace) == tasks(office, office.daniel) == {}
    office.write(
        loans.appraise, loans.Appraisal(row.loan_id, row.version, "Pays on time."), office.peter
    )
    assert tasks(office, office.peter) == {}
    waits = tasks(office, office.daniel)["to_decide"]
    assert (waits.count, waits.cents, waits.place) == (1, 100_000_00, "approvals/mine")
    make.decide(office, make.waiting_request(office, ApprovalKind.LOAN, row.loan_id), office.daniel)
    assert tasks(office, office.grace)["approved"].place == "loans/to_pay_out"
    assert tasks(office, office.daniel) == {}


def test_a_payout_waits_for_the_next_person_and_never_for_its_approver(
    office: PracticeOffice,
) -> None:
    make.float_of(office, 900_000)
    asked = make.requested_payout(office)
    assert tasks(office, office.lucy)["to_decide"].cents == asked.net_cents
    assert "to_decide" not in tasks(office, office.grace)
    make.approve_payout(office, asked, office.lucy)
    assert tasks(office, office.grace)["to_send"].cents == asked.mpesa_cents
    assert "to_send" not in tasks(office, office.lucy)
    make.doubtful(office, make.payout_now(office, asked))
    look = tasks(office, office.grace)["unsure"]
    assert (look.count, look.cents, look.is_urgent) == (1, asked.mpesa_cents, True)
    assert "unsure" not in tasks(office, office.peter)


def test_what_is_paid_by_hand_waits_with_its_sum_for_who_can_pay_it(office: PracticeOffice) -> None:
    cashier = make.person(office, "Mary Atieno", Role.CASHIER)
    make_payments.bank_of(office, 100_000)
    bill = make_payments.approved_payment(office, Way.BANK)
    make_payments.approved_payment(office, Way.CASH)
    # Grace asked for both, so she pays the bill and not the cash.
    to_send = tasks(office, office.grace)["to_send"]
    assert (to_send.count, to_send.cents) == (1, bill.handed_cents)
    at_till = tasks(office, cashier)["to_send"]
    assert (at_till.words, at_till.cents, at_till.button) == ("payout in cash", 1_240_000, "Pay")


def test_what_left_by_bank_and_cheque_waits_to_be_confirmed(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 300_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    task = tasks(office, office.grace)["to_confirm"]
    assert (task.count, task.cents, task.place) == (1, row.handed_cents, "payouts/in_flight")
    assert task.words == "transfer or cheque to confirm"
    assert "to_confirm" not in tasks(office, office.peter)
    make_payments.confirmed(office, row)
    assert "to_confirm" not in tasks(office, office.grace)


def test_the_window_and_the_page_count_what_is_in_flight_alike(office: PracticeOffice) -> None:
    """One by M-Pesa, one by bank: the status bar and the strip say two, and one sum."""
    make_payments.bank_of(office, 300_000)
    bill = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, bill)
    via = make.route(office, make.relay(office))
    order = make.accepted(office, make.approved_payout(office), via)
    waiting = office.read(front_desk.waiting, None, office.grace)
    page = office.read(flight_summary.summary, None, office.grace)
    cents = bill.handed_cents + order.amount_shillings * 100
    assert (waiting.open_count, waiting.open_cents) == (2, cents)
    assert (page.open_count, page.open_cents) == (2, cents)


def test_what_lost_its_approval_comes_back_to_the_treasurer(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    assert "came_back" not in tasks(office, office.grace)
    owner = office.read(members.row_of, row.member_id or 0)
    change = PhoneChange(owner.member_id, owner.version, "0733 999 888")
    office.write(phone_changes.change_phone, change, office.peter)
    found = tasks(office, office.grace)
    assert (found["came_back"].cents, found["came_back"].count) == (row.net_cents, 1)
    assert "to_send" not in found
    assert "came_back" not in tasks(office, office.daniel)


def test_a_stop_of_the_queue_stands_first(office: PracticeOffice) -> None:
    make.requested_payout(office)
    office.write(_stop, None, office.grace)
    assert office.read(to_do, None, office.grace)[0].key == "stopped"


def _stop(work: Work, _nothing: None) -> None:
    queue_stops.stop(work, "2001", "M-Pesa refused our password.")


def test_the_administrator_is_told_what_is_missing(office: PracticeOffice) -> None:
    found = tasks(office, office.admin)["set_up"]
    assert found.words == "settings are missing: the M-Pesa connection, a relay"
    assert found.place == "check_setup"
    make.relay(office)
    assert tasks(office, office.admin)["set_up"].words == (
        "setting is missing: the M-Pesa connection"
    )


def test_what_leaves_by_bank_is_not_free_to_lend_and_cash_leaves_the_till(
    office: PracticeOffice,
) -> None:
    make_payments.bank_of(office, 100_000)
    filed, _cheque, _cash = (
        make_payments.approved_payment(office, way) for way in (Way.BANK, Way.CHEQUE, Way.CASH)
    )
    make_payments.bank_file(office, filed)
    found = office.read(cash_position, None, office.grace)
    assert (found.in_flight_cents, found.approved_cents) == (1_240_000, 1_240_000)
    assert found.free_cents == 10_000_000 - 2 * 1_240_000


def test_the_cash_position_adds_up(office: PracticeOffice) -> None:
    make.post(office, opening_bank_balance(1_000_000_00, "opening-2", make.day(office)))
    sent = make.doubtful(office, make.approved_payout(office))
    ready = make.approved_payout(office, float_kes=0)
    found = office.read(cash_position, None, office.grace)
    assert found.bank_cents == 1_000_000_00
    assert found.utility_cents == 500_000_00
    assert found.working_cents is None
    assert found.cash_cents == 200_000_00
    assert found.in_flight_cents == sent.amount_shillings * 100
    assert found.approved_cents == ready.mpesa_cents
    assert found.free_cents == 1_500_000_00 - found.in_flight_cents - found.approved_cents
    assert found.told_at is None
    office.clock.advance(hours=1)
    office.write(_told, 480_000_00)
    told = office.read(cash_position, None, office.grace)
    assert (told.utility_cents, told.told_at) == (480_000_00, office.clock.now())


def _told(work: Work, cents: int) -> None:
    utility_float.note_reading(work, cents, "a result")


def test_loans_are_late_by_the_ledger_and_not_by_a_guess(office: PracticeOffice) -> None:
    row = paid_out(office)
    start = make.day(office)

    def bands() -> dict[LateBand, tuple[int, int]]:
        found = office.read(late_loans.by_days_late, None, office.peter)
        return {each.band: (each.count, each.owed_cents) for each in found if each.count}

    assert bands() == {LateBand.ON_TIME: (1, 100_000_00)}
    office.clock.advance(days=31)
    assert bands() == {LateBand.ON_TIME: (1, 100_000_00)}
    office.clock.advance(days=1)
    assert bands() == {LateBand.UP_TO_30: (1, 100_000_00)}
    repay(office, row.loan_id or 0, 10_000)
    # 1,000.00 was interest, 7,885.00 principal, and the rest is kept for May.
    assert bands() == {LateBand.ON_TIME: (1, 92_115_00)}
    office.clock.advance(days=365)
    assert bands() == {LateBand.OVER_180: (1, 92_115_00)}
    (owed,) = office.read(late_loans.owed_now, None, office.peter)
    assert owed.unpaid_since == add_months(start, 2)


def test_the_line_of_balances_goes_back_through_the_ledger(office: PracticeOffice) -> None:
    first = make.day(office)
    make.post(office, opening_bank_balance(300_000_00, "opening-2", first))
    office.clock.advance(days=5)
    make.post(office, opening_bank_balance(100_000_00, "opening-3", make.day(office)))
    office.clock.advance(days=6)
    today = make.day(office)
    line = office.read(balance_line, None, office.grace)
    back = {each.day: each.balance_cents for each in line if each.is_known}
    assert list(back) == [today - timedelta(days=9 - n) for n in range(10)]
    assert back[first + timedelta(days=4)] == 300_000_00
    assert back[first + timedelta(days=5)] == 400_000_00
    assert back[today] == 400_000_00
    assert [each.balance_cents for each in line if not each.is_known] == [400_000_00] * 4


def test_what_is_due_stands_on_the_days_to_come(office: PracticeOffice) -> None:
    row = paid_out(office)
    ready = make.approved_payout(office, float_kes=0)
    office.clock.advance(days=29)
    today = make.day(office)
    line = office.read(balance_line, None, office.grace)
    to_come = [each for each in line if not each.is_known]
    due_on, principal, interest = office.sql(
        "SELECT due_on, principal_cents, interest_cents FROM loan_instalment ORDER BY number LIMIT 1"
    )[0]
    assert str(due_on) == str(today + timedelta(days=2))
    assert row.loan_number == "L-0001"
    assert [each.due_out_cents for each in to_come] == [ready.mpesa_cents, 0, 0, 0]
    assert [each.due_in_cents for each in to_come] == [0, principal + interest, 0, 0]
    last_known = next(each for each in line if each.day == today)
    assert to_come[-1].balance_cents == (
        last_known.balance_cents - ready.mpesa_cents + principal + interest
    )


def test_the_latest_is_told_in_words(office: PracticeOffice) -> None:
    make.member(office, deposits_kes=500)
    told = [each.words for each in office.read(latest, None, office.peter)]
    assert told[:2] == [
        "Peter Kamau took a cash deposit: RC-2026-0001.",
        "Peter Kamau registered a member: M-0001.",
    ]
    assert in_words("Peter", "changed the phone of", "M-0001") == (
        "Peter changed the phone of M-0001."
    )
    assert in_words("Grace", "let sending go on", "") == "Grace let sending go on."


def test_nothing_waits_in_an_office_at_rest(office: PracticeOffice) -> None:
    for who in (office.peter, office.daniel, office.grace, office.lucy):
        assert office.read(to_do, None, who) == ()


def test_a_taken_back_payout_waits_for_nobody(office: PracticeOffice) -> None:
    row = make.requested_payout(office)
    change = payouts.PayoutChange(row.payout_id, row.version, "Not wanted any more.")
    office.write(payouts.take_back, change, office.grace)
    assert set(tasks(office, office.grace)) <= {"approved"}
