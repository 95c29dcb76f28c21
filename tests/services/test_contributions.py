"""What members pay in: into each product, once, by cash, slip or cheque; what counts, and what takes it back."""

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.savings import Every, ProductKind
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.savings import contributions, members_cheques, savings_products
from sacco_desktop.services.savings.contributions import NewContribution
from sacco_desktop.services.savings.members_cheques import ClearedCheque, ReturnedCheque
from sacco_desktop.services.savings.savings_products import TermsChange
from tests import make, make_savings
from tests.make import PracticeOffice

TODAY = date(2026, 3, 16)


def _cents(office: PracticeOffice, *codes: str) -> list[int]:
    return [office.balance(code) for code in codes]


def test_one_receipt_pays_into_several_products(office: PracticeOffice) -> None:
    member = make.member(office)
    taken = make_savings.contribution(
        office, member, deposits=5_000, share_capital=1_000, welfare=200
    )
    codes = ("1010", "2010.M-0001", "3010.M-0001", "2170")
    assert _cents(office, *codes) == [620_000, 500_000, 100_000, 20_000]
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
    assert paper.shares == (
        ("Deposits", 500_000),
        ("Share capital", 100_000),
        ("Welfare", 20_000),
    )
    assert (paper.amount_cents, paper.mode) == (620_000, f"Cash, till {make.PC}")
    assert (paper.after_words, paper.balance_after_cents) == ("Deposits after", 500_000)


@pytest.mark.parametrize("status", ["dormant", "suspended", "notice_given"])
def test_who_still_belongs_pays_in_and_who_has_left_does_not(
    office: PracticeOffice, status: str
) -> None:
    member = make.member(office)
    office.without_guards(f"UPDATE member SET status = '{status}'")
    make_savings.contribution(office, member, deposits=5_000)
    assert _cents(office, "2010.M-0001") == [500_000]
    office.without_guards("UPDATE member SET status = 'exited'")
    with pytest.raises(WrongState, match="has left the society"):
        make_savings.contribution(office, member, deposits=5_000)


def test_a_receipt_of_a_fund_says_what_was_paid_into_it_so_far(office: PracticeOffice) -> None:
    member, other = make.member(office), make.member(office)
    make_savings.contribution(office, other, welfare=900)
    make_savings.contribution(office, member, welfare=200)
    taken = make_savings.contribution(office, member, PaidBy.BANK, "FT 12", welfare=100)
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
    assert (paper.after_words, paper.balance_after_cents) == ("Welfare so far", 30_000)
    assert paper.mode == "Bank slip FT 12"
    assert office.balance("1020") == 10_000


def test_two_clicks_are_one_contribution(office: PracticeOffice) -> None:
    member = make.member(office)
    new = make_savings.new_contribution(office, member, special_savings=50)
    first, second = (office.write(contributions.take, new, office.peter) for _ in range(2))
    assert first == second
    assert office.balance("2040.M-0001") == 5_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parts": ()}, "amount"),
        ({"parts": (("deposits", 0),)}, "amount"),
        ({"parts": (("deposits", 1), ("deposits", 2))}, "product"),
        ({"parts": (("gold", 1),)}, "product"),
        ({"source": PaidBy.CHECK_OFF}, "source"),
        ({"source": PaidBy.CHEQUE, "reference": " "}, "reference"),
        ({"value_date": date(2026, 3, 17)}, "value_date"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(
    office: PracticeOffice, change: dict[str, object], field: str
) -> None:
    new = NewContribution(make.key(), 1, (("deposits", 100),), PaidBy.CASH, "", TODAY)
    make.member(office)
    with pytest.raises(InvalidInput) as refused:
        office.write(contributions.take, replace(new, **change), office.peter)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert office.count("contribution") == 0


def test_a_slip_pays_in_once_until_its_entry_is_taken_back(office: PracticeOffice) -> None:
    member = make.member(office)
    taken = make_savings.contribution(office, member, PaidBy.BANK, "ft 1", deposits=10)
    with pytest.raises(InvalidInput, match=taken.receipt):
        make_savings.contribution(office, member, PaidBy.BANK, "FT1", deposits=10)
    _reverse(office, taken.entry_number)
    assert office.balance("2010.M-0001") == 0
    make_savings.contribution(office, member, PaidBy.BANK, "FT1", deposits=10)


def _reverse(office: PracticeOffice, number: int) -> None:
    asked = ReversalRequest(number, "Typed wrong.")
    office.write(decisions.ask_reversal, asked, office.grace)
    (request,) = office.sql("SELECT max(id) FROM approval_request")[0]
    make_savings.agree(office, request, office.lucy)


def test_a_cheque_counts_from_the_day_the_bank_cleared_it(office: PracticeOffice) -> None:
    member = make.member(office)
    taken = make_savings.contribution(office, member, PaidBy.CHEQUE, "000123", deposits=700)
    assert taken.waits
    assert _cents(office, "1025", "2152", "2010.M-0001", "1020") == [70_000, 70_000, 0, 0]
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
    assert (paper.title, paper.after_words) == ("Cheque receipt", "Counts when cleared")
    cleared = ClearedCheque(make.key(), taken.receipt, TODAY)
    done = office.write(members_cheques.clear, cleared, office.grace)
    assert office.write(members_cheques.clear, cleared, office.grace) == done
    assert _cents(office, "1025", "2152", "2010.M-0001", "1020") == [0, 0, 70_000, 70_000]
    again = replace(cleared, key=make.key())
    with pytest.raises(WrongState, match="is cleared"):
        office.write(members_cheques.clear, again, office.grace)
    # What the bank takes back after all waits again, and can then come back.
    _reverse(office, done.entry_number)
    back = ReturnedCheque(make.key(), taken.receipt, TODAY, 50_000, "No funds.")
    office.write(members_cheques.came_back, back, office.grace)
    assert _cents(office, "1025", "2152", "2010.M-0001", "5220") == [0, 0, 0, 50_000]
    with pytest.raises(WrongState, match="came back already"):
        office.write(members_cheques.clear, again, office.grace)


def test_a_cheque_is_settled_with_a_reason_and_not_before_it_was_brought(
    office: PracticeOffice,
) -> None:
    taken = make_savings.contribution(
        office, make.member(office), PaidBy.CHEQUE, "000123", deposits=700
    )
    back = ReturnedCheque(make.key(), taken.receipt, TODAY, 0, " ")
    for wrong, field in (
        (back, "why"),
        (replace(back, why="x", charge_cents=-1), "charge"),
        (replace(back, why="x", returned_on=date(2026, 3, 15)), "on"),
        (replace(back, why="x", returned_on=date(2026, 3, 17)), "on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.write(members_cheques.came_back, wrong, office.grace)
        assert refused.value.field == field
    entry = office.read(ledger.read_entry, taken.entry_number)
    with pytest.raises(WrongState, match="Savings page"):
        ledger.check_reversible(entry, "why")


def test_other_terms_are_two_peoples_and_count_from_their_day(office: PracticeOffice) -> None:
    later = date(2026, 4, 1)
    product = make_savings.other_terms(
        office, "deposits", later, every=Every.MONTH, expected_cents=100_000, due_day=5
    )
    assert (product.terms.expected_cents, product.since) == (0, date(2000, 1, 1))
    assert product.coming is not None
    assert (product.coming.effective_on, product.coming.terms.due_day) == (later, 5)
    with pytest.raises(WrongState, match="terms already"):
        make_savings.terms_request(office, "deposits")
    with pytest.raises(InvalidInput, match="not in the past"):
        make_savings.terms_request(office, "deposits", date(2026, 3, 15), preset_cents=1)


def test_terms_that_changed_meanwhile_void_what_was_asked(office: PracticeOffice) -> None:
    asked = make_savings.terms_request(office, "welfare", preset_cents=10_000)
    office.clock.advance(days=1)
    make_savings.agree(office, asked, office.daniel)
    second = make_savings.terms_request(office, "welfare", preset_cents=20_000)
    with pytest.raises(WrongState, match="already"):
        make_savings.agree(office, second, office.daniel)
    assert make_savings.products(office)["welfare"].terms.preset_cents == 10_000


def test_a_category_of_ones_own_has_its_own_account(office: PracticeOffice) -> None:
    member = make.member(office)
    christmas = make_savings.own_category(office, name="Christmas")
    burial = make_savings.own_category(office, ProductKind.FUND, name="Burial", preset_cents=20_000)
    assert (christmas.account_code, burial.account_code) == ("2041", "2171")
    make_savings.contribution(office, member, christmas=300, burial=200)
    assert _cents(office, "2041", "2041.M-0001", "2171") == [30_000, 30_000, 20_000]
    same = replace(make_savings.NEW_TERMS, name="CHRISTMAS")
    change = TermsChange("", ProductKind.SAVINGS, same, TODAY)
    with pytest.raises(InvalidInput) as refused:
        office.write(savings_products.ask_terms, change, office.admin)
    assert refused.value.field == "name"


def test_a_closed_category_takes_no_more_money(office: PracticeOffice) -> None:
    make_savings.other_terms(office, "welfare", is_open=False)
    with pytest.raises(InvalidInput, match="takes no more money"):
        make_savings.contribution(office, make.member(office), welfare=1)
