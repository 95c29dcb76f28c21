"""A payment by bank, cheque or cash that came back after it was confirmed: undone by two people, and owed again."""

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SamePerson, WrongState
from sacco_desktop.domain.ledger import credit, debit
from sacco_desktop.domain.payout_ways import Destination, Outcome, Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.posting_rules import BANK_RETURN_CHARGE, PAYMENT_RETURNED, cash_deposit
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.lending import due_instalments, loans
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.payouts import hand_overs, payments, payouts, returned_payments
from sacco_desktop.services.payouts.hand_overs import CashPayment
from sacco_desktop.services.payouts.payouts import NewPayout, PayoutChange, PayoutRow
from sacco_desktop.services.payouts.returned_payments import ReturnedPayment
from sacco_desktop.services.sending import payment_files, payout_cards
from sacco_desktop.services.sending.payout_cards import Chip
from tests import make, make_payments
from tests.make import PracticeOffice

BILL = 1_240_000
TO_BANK = Destination("", "Equity Bank", "68", "123", "0123456789")


def _now(office: PracticeOffice, row: PayoutRow) -> PayoutRow:
    return make.payout_now(office, row)


def _paid_bill(office: PracticeOffice) -> PayoutRow:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    return make_payments.confirmed(office, row)


def _loan_by_cheque(office: PracticeOffice) -> PayoutRow:
    make_payments.bank_of(office, 300_000)
    return make_payments.handed_over_loan(office)


def _back(row: PayoutRow, **changes: object) -> ReturnedPayment:
    given = ReturnedPayment(
        row.payout_id, row.version, "RTN 77", date(2026, 3, 16), "Account closed."
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def _ask(office: PracticeOffice, row: PayoutRow, **changes: object) -> int:
    return office.write(returned_payments.ask, _back(row, **changes), office.grace)


def _agree(office: PracticeOffice, row: PayoutRow, **changes: object) -> Decided:
    return make.decide(office, _ask(office, row, **changes), office.lucy)


def _hand_over(office: PracticeOffice, number: int) -> tuple[object, ...]:
    return office.sql(
        "SELECT outcome, paid_entry, return_entry, returned_on FROM hand_over WHERE number = ?",
        number,
    )[0]


def test_a_returned_transfer_is_undone_by_two_people_and_owed_again(office: PracticeOffice) -> None:
    row = _paid_bill(office)
    assert office.balance("1020") == 10_000_000 - BILL
    _ask(office, row, charge_cents=50_000)
    asked = _now(office, row)
    assert (asked.status, asked.entry_number) == (PayoutStatus.PAID, row.entry_number)
    assert _agree(office, row, charge_cents=50_000).status is ApprovalStatus.APPROVED
    back = _now(office, row)
    assert (back.status, back.evidence) == (PayoutStatus.DRAFT, Evidence.NONE)
    assert (back.entry_number, back.paid_at, back.receipt) == (None, None, None)
    assert back.hand_over is not None
    assert back.hand_over.outcome is Outcome.RETURNED
    assert office.balance("1020") == 10_000_000 - 50_000
    assert (office.balance("5210"), office.balance("5220")) == (0, 50_000)
    undone, charge = office.sql(
        "SELECT number, kind, reference, reverses_number FROM journal_entry"
        " WHERE kind IN (?, ?) ORDER BY number",
        PAYMENT_RETURNED,
        BANK_RETURN_CHARGE,
    )
    assert undone[1:] == (PAYMENT_RETURNED, "RTN 77", row.entry_number)
    assert charge[1:] == (BANK_RETURN_CHARGE, "RTN 77", None)
    assert _hand_over(office, 1)[:3] == ("returned", row.entry_number, undone[0])


def test_a_bounced_cheque_leaves_the_loan_waiting_and_a_second_one_pays_it(
    office: PracticeOffice,
) -> None:
    row = _loan_by_cheque(office)
    before = office.read(loans.detail, row.loan_id or 0)
    assert before.row.status == "active"
    assert before.is_final
    _agree(office, row, reason="Bounced: signature differs.")
    after = office.read(loans.detail, row.loan_id or 0)
    assert (after.row.status, after.row.disbursed_on) == ("disbursement_pending", None)
    assert not after.is_final
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", row.loan_id)[0][0]
    assert office.balance(f"{control}.{after.row.number}") == 0
    assert office.balance("4020") == 0
    draft = _now(office, row)
    office.write(payouts.ask_again, PayoutChange(row.payout_id, draft.version), office.grace)
    paid = make_payments.handed_over(office, row, "000124")
    assert (paid.status, paid.receipt) == (PayoutStatus.PAID, "000124")
    again = office.read(loans.detail, row.loan_id or 0)
    assert again.row.status == "active"
    assert again.schedule == before.schedule
    assert office.balance(f"{control}.{after.row.number}") == 10_000_000
    assert office.balance("4020") == 100_000
    assert [number[0] for number in office.sql("SELECT number FROM hand_over ORDER BY id")] == [
        1,
        2,
    ]


def test_a_returned_payment_can_be_cancelled_and_the_loan_is_approved_again(
    office: PracticeOffice,
) -> None:
    row = _loan_by_cheque(office)
    _agree(office, row)
    draft = _now(office, row)
    office.write(payouts.take_back, PayoutChange(row.payout_id, draft.version), office.grace)
    assert office.read(loans.row_of, row.loan_id or 0).status == "approved"


def test_cash_that_is_handed_back_lies_in_the_till_again(office: PracticeOffice) -> None:
    member = make.member(office, deposits_kes=50_000)
    new = make_payments.new_payment(
        Way.CASH,
        purpose="deposit_refund",
        amount_cents=2_000_000,
        member_id=member.member_id,
        destination=Destination(),
    )
    row = office.write(payments.request, new, office.grace)
    make.approve_payout(office, row, office.lucy)
    cash = CashPayment(make.key(), row.payout_id, _now(office, row).version, "23450001")
    paid = office.write(hand_overs.pay_cash, cash, office.peter)
    assert office.balance("1010") == 3_000_000
    with pytest.raises(InvalidInput, match="Only a bank charges"):
        _ask(office, paid, charge_cents=100)
    _agree(office, paid)
    assert office.balance("1010") == 5_000_000
    assert office.balance(f"2010.{member.number}") == 5_000_000


def test_what_was_repaid_must_be_reversed_first(office: PracticeOffice) -> None:
    row = _loan_by_cheque(office)
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", row.loan_id)[0][0]
    repaid = replace(
        cash_deposit("M-0001", 500_000, "R1", make.day(office)),
        kind="loan_repayment",
        postings=(debit("1010", 500_000), credit(f"{control}.{row.loan_number}", 500_000)),
    )
    entry = make.post(office, repaid).number
    with pytest.raises(WrongState, match=rf"was repaid already, in entry {entry}\. Reverse it"):
        _ask(office, row)
    office.write(lambda work, number: ledger.reverse(work, number, "Wrong loan."), entry)
    _agree(office, row)
    assert _now(office, row).status is PayoutStatus.DRAFT


def test_interest_that_fell_due_is_taken_back_with_a_cheque_that_bounced_late(
    office: PracticeOffice,
) -> None:
    row = _loan_by_cheque(office)
    office.clock.advance(days=40)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert (office.balance("1120"), office.balance("4010")) == (100_000, 100_000)
    _agree(office, row, returned_on=make.day(office))
    assert (office.balance("1120"), office.balance("4010")) == (0, 0)
    assert office.read(loans.row_of, row.loan_id or 0).status == "disbursement_pending"
    # Paid anew, the interest falls due by the new schedule.
    draft = _now(office, row)
    office.write(payouts.ask_again, PayoutChange(row.payout_id, draft.version), office.grace)
    make_payments.handed_over(office, row, "000124")
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert office.balance("1120") == 0
    office.clock.advance(days=40)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert (office.balance("1120"), office.balance("4010")) == (100_000, 100_000)


def test_what_was_repaid_between_asking_and_the_yes_stops_the_return(
    office: PracticeOffice,
) -> None:
    row = _loan_by_cheque(office)
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", row.loan_id)[0][0]
    request_id = _ask(office, row)
    repaid = replace(
        cash_deposit("M-0001", 500_000, "R1", make.day(office)),
        kind="loan_repayment",
        postings=(debit("1010", 500_000), credit(f"{control}.{row.loan_number}", 500_000)),
    )
    make.post(office, repaid)
    with pytest.raises(WrongState, match="was repaid already"):
        make.decide(office, request_id, office.lucy)
    assert _now(office, row).status is PayoutStatus.PAID


def test_the_first_part_takes_its_fees_back_and_the_next_payment_carries_them(
    office: PracticeOffice,
) -> None:
    """Part 1 carried the fees, part 2 stays paid, part 1 comes back and is paid once more."""
    make.float_of(office, 900_000)
    make_payments.bank_of(office, 900_000)
    member = make.member(office, deposits_kes=200_000)
    loan = make.approved_loan(office, member, amount_cents=40_000_000)
    office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    first, second = sorted(office.read(payouts.list_payouts, None), key=lambda one: one.part)
    office.write(payouts.take_back, PayoutChange(first.payout_id, first.version), office.grace)
    new = NewPayout(make.key(), loan.loan_id, Way.BANK, TO_BANK)
    by_bank = office.write(payouts.request, new, office.grace)
    _approve_by_two(office, by_bank)
    make_payments.bank_file(office, _now(office, by_bank))
    paid = make_payments.confirmed(office, by_bank)
    via = make.route(office, make.relay(office))
    _approve_by_two(office, second)
    order = make.accepted(office, _now(office, second), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert office.read(loans.row_of, loan.loan_id).status == "active"
    assert office.balance("4020") == 400_000
    _agree(office, paid)
    assert office.balance("4020") == 0
    draft = _now(office, paid)
    office.write(payouts.ask_again, PayoutChange(draft.payout_id, draft.version), office.grace)
    _approve_by_two(office, draft)
    make_payments.bank_file(office, _now(office, draft))
    make_payments.confirmed(office, draft)
    assert office.balance("4020") == 400_000
    row = office.read(loans.row_of, loan.loan_id)
    control = office.sql("SELECT loan_control FROM loan WHERE id = ?", loan.loan_id)[0][0]
    assert (row.status, office.balance(f"{control}.{row.number}")) == ("active", 40_000_000)


def _approve_by_two(office: PracticeOffice, row: PayoutRow) -> None:
    make.approve_payout(office, row, office.lucy)
    make.approve_payout(office, row, office.daniel)


def test_who_asked_does_not_agree_and_who_may_not_settle_does_not_ask(
    office: PracticeOffice,
) -> None:
    row = _paid_bill(office)
    with pytest.raises(NotAllowed):
        office.write(returned_payments.ask, _back(row), office.peter)
    request_id = _ask(office, row)
    with pytest.raises(SamePerson):
        make.decide(office, request_id, office.grace)
    assert _now(office, row).status is PayoutStatus.PAID


def test_a_no_leaves_everything_as_it_is(office: PracticeOffice) -> None:
    row = _paid_bill(office)
    request_id = _ask(office, row)
    request = next(
        one
        for one in office.read(decisions.list_waiting, None, office.lucy)
        if one.request_id == request_id
    )
    no = Verdict(request_id, request.fingerprint, Decision.REJECT, "The bank says it stayed.")
    office.write(decisions.decide, no, office.lucy)
    assert _now(office, row) == row


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"paper": " "}, "paper"),
        ({"reason": " "}, "reason"),
        ({"returned_on": date(2026, 3, 15)}, "returned_on"),
        ({"returned_on": date(2026, 3, 17)}, "returned_on"),
        ({"charge_cents": -1}, "charge"),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(
    office: PracticeOffice, changes: dict[str, object], field: str
) -> None:
    row = _paid_bill(office)
    with pytest.raises(InvalidInput) as refused:
        _ask(office, row, **changes)
    assert refused.value.field == field


def test_what_m_pesa_paid_does_not_come_back_by_paper(office: PracticeOffice) -> None:
    make.float_of(office, 200_000)
    via = make.route(office, make.relay(office))
    order = make.accepted(office, make.approved_payout(office, float_kes=0), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    with pytest.raises(WrongState, match="Safaricom"):
        _ask(office, make.payout_now(office, order))


def test_what_is_not_confirmed_is_taken_back_by_other_means(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 100_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    with pytest.raises(WrongState, match="is not booked as paid"):
        _ask(office, _now(office, row))


def test_a_return_is_booked_once(office: PracticeOffice) -> None:
    row = _paid_bill(office)
    _agree(office, row)
    with pytest.raises(WrongState, match="changed after you opened it"):
        _ask(office, row)
    with pytest.raises(WrongState, match="is not booked as paid"):
        _ask(office, _now(office, row))


def test_in_a_closed_month_the_return_is_dated_today(office: PracticeOffice) -> None:
    row = _paid_bill(office)
    office.clock.advance(days=20)
    office.sql("INSERT INTO closed_month VALUES ('2026-03', 5, '2026-04-02T06:00:00.000000+00:00')")
    _agree(office, row, returned_on=date(2026, 3, 30))
    dated = office.sql("SELECT value_date FROM journal_entry WHERE kind = ?", PAYMENT_RETURNED)
    assert str(dated[0][0]) == make.day(office).isoformat() == "2026-04-05"
    assert str(_hand_over(office, 1)[3]) == "2026-03-30"


def test_the_card_and_the_paper_say_that_it_came_back(office: PracticeOffice) -> None:
    row = _loan_by_cheque(office)
    _agree(office, row, reason="Bounced: no funds.")
    card = office.read(payout_cards.card, row.payout_id)
    assert card.chip is Chip.CAME_BACK
    assert "came back after it was paid" in card.headline
    assert "Bounced: no funds." in card.headline
    assert "owed" in card.explanation
    paper = office.write(payment_files.payment_file, row.payout_id, office.grace)
    numbers = [entry.number for entry in paper.entries]
    returned = office.sql("SELECT paid_entry, return_entry FROM hand_over")[0]
    assert numbers == list(returned)
