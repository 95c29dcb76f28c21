"""What members pay in, as entries: each balances, and each shilling lands on the account of its product."""

from datetime import date

import pytest

from sacco_desktop.domain import savings_entries as entries
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.savings_entries import PaidBy, PaidIn, Share

DAY = date(2026, 3, 16)
PAID = PaidIn(
    "M-0001",
    (
        Share("Deposits", "2010", 500_000),
        Share("Share capital", "3010", 100_000),
        Share("Welfare", "2170", 20_000),
    ),
    "RC-2026-0001",
    DAY,
)
CREDITS = [
    ("2010.M-0001", -500_000),
    ("3010.M-0001", -100_000),
    ("2170", -20_000),
]


def _lines(entry: JournalEntry) -> list[tuple[str, int]]:
    return [(line.account_code, line.debit_cents - line.credit_cents) for line in entry.postings]


@pytest.mark.parametrize(("by", "account"), [(PaidBy.CASH, "1010"), (PaidBy.BANK, "1020")])
def test_money_goes_from_where_it_lies_to_each_product(by: PaidBy, account: str) -> None:
    assert _lines(entries.contribution(PAID, by)) == [(account, 620_000), *CREDITS]


def test_a_cheque_gives_the_member_nothing_before_it_is_cleared() -> None:
    assert _lines(entries.cheque_received(PAID)) == [("1025", 620_000), ("2152", -620_000)]
    cleared = _lines(entries.cheque_cleared(PAID))
    assert cleared == [("1020", 620_000), ("1025", -620_000), ("2152", 620_000), *CREDITS]
    with pytest.raises(ValueError, match="entries of their own"):
        entries.contribution(PAID, PaidBy.CHEQUE)


def test_a_returned_cheque_may_cost_the_society_something() -> None:
    charge = entries.cheque_return_charge(50_000, "RC-1", DAY)
    assert charge is not None
    assert _lines(charge) == [("5220", 50_000), ("1020", -50_000)]
    assert entries.cheque_return_charge(0, "RC-1", DAY) is None


def test_a_check_off_list_is_paid_in_one_sum_and_shared() -> None:
    received = entries.check_off_received(800_000, "County", "CO-2026-0001", DAY)
    assert _lines(received) == [("1020", 800_000), ("1040", -800_000)]
    shared = entries.check_off_shared([PAID], "County", "CO-2026-0001", DAY)
    assert _lines(shared) == [("1040", 620_000), *CREDITS]
