"""How a sum is divided: whole shillings, below the limit, nothing lost, the charge on whoever bears it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.payout_parts import MpesaRules, PayoutPart, by_hand, divide
from sacco_desktop.domain.payout_ways import Bearer, Destination, Way, checked_destination
from sacco_desktop.domain.tariff import read_tariffs
from sacco_desktop.settings import resources_dir

TARIFFS = {
    name: read_tariffs((resources_dir() / "tariffs" / f"{name}.csv").read_text("utf-8"))
    for name in ("mpesa_b2c", "mpesa_b2c_with_withdrawal")
}
DAY = date(2026, 3, 16)


def _rules(
    bearer: Bearer = Bearer.SOCIETY, name: str = "mpesa_b2c", *, may_split: bool = True
) -> MpesaRules:
    return MpesaRules(1_000, 25_000_000, may_split, bearer, name, TARIFFS[name], DAY)


def _paid(parts: tuple[PayoutPart, ...]) -> list[int]:
    return [part.paid_cents for part in parts]


def test_the_first_part_is_as_large_as_m_pesa_allows() -> None:
    assert _paid(divide(39_850_000, _rules())) == [25_000_000, 14_850_000]
    assert _paid(divide(25_000_000, _rules())) == [25_000_000]
    assert _paid(divide(50_000_099, _rules())) == [25_000_000, 25_000_000]


def test_what_m_pesa_cannot_pay_stays_with_the_first_part() -> None:
    cents, small = divide(39_850_050, _rules()), divide(25_000_500, _rules())
    assert [part.deposits_cents for part in cents] == [50, 0]
    assert small == (PayoutPart(25_000_500, 25_000_000, 500, 0, 1_300),)
    assert divide(950, _rules()) == (PayoutPart(950, 0, 950, 0, 0),)


def test_a_member_who_bears_the_charge_gets_that_much_less() -> None:
    rules = _rules(Bearer.MEMBER)
    assert divide(9_850_000, rules) == (PayoutPart(9_850_000, 9_848_700, 0, 1_300, 1_300),)
    # 250,010 is above the limit, but what is sent of it is not.
    assert _paid(divide(25_001_000, rules)) == [24_999_700]
    # At the edge of a band three shillings fit into neither; they go to the deposits.
    assert divide(150_800, rules) == (PayoutPart(150_800, 150_000, 300, 500, 500),)


def test_a_society_that_does_not_split_is_told_the_limit() -> None:
    with pytest.raises(InvalidInput, match=r"above the M-Pesa limit of 250,000\.00") as refused:
        divide(25_100_000, _rules(may_split=False))
    assert refused.value.field == "amount"
    assert len(divide(25_000_500, _rules(may_split=False))) == 1


@given(
    st.integers(min_value=1, max_value=300_000_000),
    st.sampled_from(Bearer),
    st.sampled_from(sorted(TARIFFS)),
)
def test_no_cent_is_lost_and_no_limit_passed(net: int, bearer: Bearer, name: str) -> None:
    rules = _rules(bearer, name)
    parts = divide(net, rules)
    assert sum(part.net_cents for part in parts) == net
    for part in parts:
        together = part.paid_cents + part.deposits_cents + part.recovered_cents
        assert part.net_cents == together
        assert part.paid_cents % 100 == part.recovered_cents % 100 == 0
        assert part.paid_cents <= rules.most_cents
        assert part.charge_cents == rules.charge(part.paid_cents)
        assert part.recovered_cents == (part.charge_cents if bearer is Bearer.MEMBER else 0)
    assert all(part.paid_cents >= rules.least_cents for part in parts[1:])
    assert all(part.deposits_cents < 10_000 for part in parts if part.paid_cents)


def test_the_till_pays_whole_shillings_and_the_bank_pays_cents() -> None:
    assert by_hand(1_050, Way.CASH) == PayoutPart(1_050, 1_000, 50, 0, 0)
    assert by_hand(1_050, Way.BANK) == PayoutPart(1_050, 1_050, 0, 0, 0)


def test_a_destination_is_tidy_and_holds_only_what_its_way_needs() -> None:
    given = Destination("  Jane   Mutua ", "Equity", "68", "001", "0123456789")
    assert checked_destination(Way.BANK, given).payee == "Jane Mutua"
    assert checked_destination(Way.CHEQUE, given) == Destination("Jane Mutua")
    with pytest.raises(InvalidInput) as refused:
        checked_destination(Way.BANK, Destination("Jane", "B" * 61, "68", "001", "12345"))
    assert refused.value.field == "bank"
