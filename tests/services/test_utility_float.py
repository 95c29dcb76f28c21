"""The gate: no payout above what the utility account is known to hold, less what is in flight."""

import pytest

from sacco_desktop.domain.approvals import Content, Decision
from sacco_desktop.domain.chart import BANK_CURRENT, MPESA_PAYBILL, MPESA_UTILITY
from sacco_desktop.domain.errors import InsufficientFloat, InvalidInput, NotAllowed
from sacco_desktop.domain.mpesa_accounts import FloatRoute
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.sending import account_view, payout_sending, utility_float
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendOrder
from sacco_desktop.services.sending.utility_float import NewTopUp
from tests import make
from tests.make import PracticeOffice


def _answer(office: PracticeOffice, order: SendOrder, kind: AnswerKind) -> None:
    office.write(payout_sending.record_answer, make.answer(order, kind), office.grace)


def _free(office: PracticeOffice) -> int:
    return office.read(utility_float.current, None).free_cents


def _told(office: PracticeOffice, cents: int) -> None:
    def note(work: Work, given: int) -> None:
        utility_float.note_reading(work, given, "balance query")

    office.write(note, cents)


def test_a_payout_above_the_float_is_refused_with_what_is_missing(office: PracticeOffice) -> None:
    row = make.approved_payout(office, float_kes=98_000)
    with pytest.raises(InsufficientFloat) as refused:
        make.begin(office, row)
    assert refused.value.message == (
        "The Utility account is short by KES 500.00. Needed 98,500.00, free 98,000.00. Nothing was"
        " sent. Move money to it, then pay again."
    )
    assert office.count("payout_attempt") == 0


def test_a_payout_of_exactly_the_float_is_sent(office: PracticeOffice) -> None:
    make.begin(office, make.approved_payout(office, float_kes=98_500))
    assert _free(office) == 0


def test_money_in_flight_is_not_promised_twice(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    first = make.approved_payout(office, float_kes=150_000)
    second = make.approved_payout(office, float_kes=0)
    order = make.begin(office, first, via)
    assert _free(office) == 51_500_00
    with pytest.raises(InsufficientFloat, match="free 51,500"):
        make.begin(office, second, via)
    _answer(office, order, AnswerKind.DOUBTFUL)
    assert _free(office) == 51_500_00
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    assert _free(office) == 51_500_00
    with pytest.raises(InsufficientFloat):
        make.begin(office, second, via)


def test_a_failure_gives_the_promised_money_free_again(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    first = make.approved_payout(office, float_kes=150_000)
    second = make.approved_payout(office, float_kes=0)
    _answer(office, make.begin(office, first, via), AnswerKind.REFUSED)
    make.begin(office, second, via)


def test_what_never_left_is_not_in_flight(office: PracticeOffice) -> None:
    make.unsent(office, make.approved_payout(office, float_kes=150_000))
    assert _free(office) == 150_000_00


def test_the_lower_of_the_books_and_of_m_pesas_last_word_counts(office: PracticeOffice) -> None:
    make.float_of(office, 1_000)
    office.clock.advance(minutes=1)
    _told(office, 700_00)
    assert _free(office) == 700_00
    _told(office, 5_000_00)
    assert _free(office) == 1_000_00


def test_m_pesas_last_word_is_old_once_the_books_have_moved(office: PracticeOffice) -> None:
    make.float_of(office, 1_000)
    office.clock.advance(minutes=1)
    _told(office, 700_00)
    office.clock.advance(minutes=1)
    make.float_of(office, 500)
    assert _free(office) == 1_500_00


@pytest.mark.parametrize(
    ("cents", "reference", "field"),
    [(0, "slip", "amount"), (-5, "slip", "amount"), (100, " ", "reference"), (101, "s", "amount")],
)
def test_a_transfer_needs_an_amount_that_the_bank_holds_and_a_slip(
    office: PracticeOffice, cents: int, reference: str, field: str
) -> None:
    make.post(office, opening_bank_balance(100, "opening", make.day(office)))
    with pytest.raises(InvalidInput) as refused:
        office.write(utility_float.ask_top_up, NewTopUp(cents, reference), office.grace)
    assert refused.value.field == field


def test_two_transfers_that_the_bank_cannot_both_carry_are_not_both_booked(
    office: PracticeOffice,
) -> None:
    """Each was asked for while the bank still held enough."""
    make.post(office, opening_bank_balance(100_00, "opening", make.day(office)))
    asked = [
        office.write(utility_float.ask_top_up, NewTopUp(80_00, f"slip {n}"), office.grace)
        for n in (1, 2)
    ]
    make.decide(office, asked[0], office.lucy)
    with pytest.raises(InvalidInput, match="holds only KES 20"):
        make.decide(office, asked[1], office.lucy)
    assert (office.balance("1020"), office.balance("1031")) == (20_00, 80_00)


def test_a_slip_that_was_booked_wrongly_is_reversed_and_booked_anew(office: PracticeOffice) -> None:
    make.post(office, opening_bank_balance(500_00, "opening", make.day(office)))
    asked = office.write(utility_float.ask_top_up, NewTopUp(10_00, "FT-1"), office.grace)
    make.decide(office, asked, office.lucy)
    number = office.sql("SELECT number FROM journal_entry WHERE kind = 'float_top_up'")[0][0]
    wrong = ReversalRequest(number, "The slip says 100.")
    make.decide(office, office.write(decisions.ask_reversal, wrong, office.grace), office.lucy)
    anew = office.write(utility_float.ask_top_up, NewTopUp(100_00, "FT-1"), office.grace)
    make.decide(office, anew, office.lucy)
    assert office.balance("1031") == 100_00
    # Each counts against the day of who asked: the same slip may be for another amount.
    assert sorted(office.sql("SELECT cents FROM limit_use WHERE act = 'record_float'")) == [
        (10_00,),
        (100_00,),
    ]
    with pytest.raises(InvalidInput, match="asked for or booked already"):
        office.write(utility_float.ask_top_up, NewTopUp(100_00, "FT-1"), office.grace)


def test_one_slip_is_one_transfer(office: PracticeOffice) -> None:
    make.post(office, opening_bank_balance(100_00, "opening", make.day(office)))
    first = office.write(utility_float.ask_top_up, NewTopUp(10_00, "FT-1"), office.grace)
    with pytest.raises(InvalidInput, match="is asked for or booked already") as refused:
        office.write(utility_float.ask_top_up, NewTopUp(10_00, " ft-1 "), office.grace)
    assert refused.value.field == "reference"
    make.decide(office, first, office.lucy)
    with pytest.raises(InvalidInput):
        office.write(utility_float.ask_top_up, NewTopUp(99, "FT-1"), office.lucy)


def test_a_slip_that_was_rejected_may_be_asked_for_again(office: PracticeOffice) -> None:
    make.post(office, opening_bank_balance(100_00, "opening", make.day(office)))
    first = office.write(utility_float.ask_top_up, NewTopUp(10_00, "FT-1"), office.grace)
    make.decide(office, first, office.lucy, Decision.REJECT, "Wrong amount.")
    office.write(utility_float.ask_top_up, NewTopUp(11_00, "FT-1"), office.grace)


def test_the_clock_does_not_ask_for_money(office: PracticeOffice) -> None:
    with pytest.raises(NotAllowed):
        office.write(utility_float.ask_top_up, NewTopUp(100, "slip"))


def _move(office: PracticeOffice, kes: int, reference: str, route: FloatRoute) -> None:
    new = NewTopUp(kes * 100, reference, route)
    make.decide(office, office.write(utility_float.ask_top_up, new, office.grace), office.daniel)


def test_money_goes_from_the_bank_to_working_and_from_there_to_utility(
    office: PracticeOffice,
) -> None:
    make.post(office, opening_bank_balance(500_00, "opening", make.day(office)))
    with pytest.raises(InvalidInput, match="In the books Working holds only KES 0"):
        _move(office, 200, "W-1", FloatRoute.WORKING_TO_UTILITY)
    _move(office, 300, "B-1", FloatRoute.BANK_TO_WORKING)
    _move(office, 200, "W-1", FloatRoute.WORKING_TO_UTILITY)
    balances = [office.balance(code) for code in (BANK_CURRENT, MPESA_PAYBILL, MPESA_UTILITY)]
    assert balances == [200_00, 100_00, 200_00]
    with pytest.raises(InvalidInput, match="asked for or booked already"):
        _move(office, 50, "w-1", FloatRoute.WORKING_TO_UTILITY)


def test_a_move_that_was_asked_for_before_there_were_routes_is_one_from_the_bank(
    office: PracticeOffice,
) -> None:
    make.post(office, opening_bank_balance(500_00, "opening", make.day(office)))
    content: Content = {"amount_cents": 100_00, "reference": "OLD-1"}
    office.write(utility_float.carry_out_top_up, content, office.daniel)
    assert office.balance(MPESA_UTILITY) == 100_00


def test_the_accounts_stand_beside_the_books_and_the_difference_is_of_m_pesas_moment(
    office: PracticeOffice,
) -> None:
    make.float_of(office, 1_000)
    _told(office, 700_00)
    office.clock.advance(minutes=1)
    make.float_of(office, 500)
    lines = {line.account: line for line in office.read(account_view.read_accounts, None).lines}
    utility = lines["utility"]
    assert (utility.told_cents, utility.books_then_cents) == (700_00, 1_000_00)
    assert (utility.difference_cents, utility.books_now_cents) == (-300_00, 1_500_00)
    assert lines["working"].difference_cents is None


def test_a_transfer_that_was_made_is_booked_although_the_clock_stands_in_a_closed_month(
    office: PracticeOffice,
) -> None:
    """The money has moved; it is booked on the first open day."""
    make.post(office, opening_bank_balance(500_00, "opening", make.day(office)))
    asked = office.write(utility_float.ask_top_up, NewTopUp(10_00, "FT-9"), office.grace)
    office.sql("INSERT INTO closed_month VALUES ('2026-03', 5, '2026-04-01')")
    make.decide(office, asked, office.lucy)
    row = office.sql("SELECT value_date FROM journal_entry WHERE kind = 'float_top_up'")[0]
    assert str(row[0]) == "2026-04-01"
