"""The simulated Safaricom's own accounts: whatever happens, no cent is made or lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.ledger import Ledger, Movement
from sacco_desktop.demo.safaricom.payments import settle, take
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.tariff import USUAL, Tariff, fee_cents
from sacco_desktop.demo.safaricom.world import World
from sacco_desktop.domain.tariff import charge_for, read_tariffs
from sacco_desktop.gateways.daraja.credential import security_credential
from sacco_desktop.settings import resources_dir
from tests.guards.office_clock import OfficeClock

DAY = date(2026, 3, 16)
PHONES = st.sampled_from(["254700000101", "254700000102"])
STEPS = st.one_of(
    st.tuples(st.just("pay"), PHONES, st.integers(1, 400_000_00)),
    st.tuples(st.just("fund"), st.sampled_from(ledger.FUNDABLE), st.integers(-5, 10**9)),
    st.tuples(st.just("wallet"), PHONES, st.integers(0, 10**8)),
    st.tuples(st.just("drain"), st.just(""), st.just(0)),
)


@given(steps=st.lists(STEPS, max_size=30))
def test_money_is_conserved_whatever_happens(steps: list[tuple[str, str, int]]) -> None:
    book = Ledger(1_000_000_00, 0)
    for what, name, cents in steps:
        try:
            if what == "pay":
                book.pay_out(name, cents, fee_cents(USUAL, cents, DAY), DAY)
            elif what == "fund":
                book.move(Movement(ledger.OUTSIDE, name, cents, "funded"))
            elif what == "wallet":
                book.set_wallet(name, cents)
            else:
                book.drain_utility()
        except ValueError:
            pass  # A refused movement must change nothing, which the next line would show.
        assert book.is_conserved()
        assert book.balances[ledger.UTILITY] >= 0


def test_money_out_of_nowhere_is_seen() -> None:
    book = Ledger(1_000_00, 0)
    book.balances[ledger.wallet("254700000101")] += 1
    assert not book.is_conserved()


def test_a_payout_costs_the_float_its_sum_and_the_charges_account_its_fee() -> None:
    book = Ledger(10_000_00, 0)
    book.pay_out("254700000101", 5_000_00, fee_cents(USUAL, 5_000_00, DAY), DAY)
    assert book.balances[ledger.UTILITY] == 5_000_00
    assert book.balances[ledger.CHARGES_PAID] == -9_00
    assert book.balances[ledger.FEES] == 9_00
    assert book.wallet_cents("254700000101") == 5_000_00
    assert book.received_on("254700000101", DAY) == 5_000_00


@pytest.mark.parametrize(
    ("shillings", "fee"),
    [
        (10, 0),
        (100, 0),
        (101, 5),
        (1_500, 5),
        (1_501, 9),
        (5_000, 9),
        (5_001, 11),
        (20_001, 13),
        (250_000, 13),
    ],
)
def test_the_tariff(shillings: int, fee: int) -> None:
    assert fee_cents(USUAL, shillings * 100, DAY) == fee * 100


@pytest.mark.parametrize(
    ("shillings", "fee"),
    [
        (49, 0),
        (50, 11),
        (100, 11),
        (101, 34),
        (2_500, 38),
        (3_500, 61),
        (5_000, 78),
        (7_500, 98),
        (10_000, 126),
        (15_000, 178),
        (20_000, 196),
        (35_000, 210),
        (50_000, 291),
        (50_001, 322),
        (250_000, 322),
    ],
)
def test_the_tariff_with_the_members_withdrawal_fee(shillings: int, fee: int) -> None:
    assert fee_cents(USUAL, shillings * 100, DAY, bears_withdrawal=True) == fee * 100


@pytest.mark.parametrize(
    ("table", "bears_withdrawal"),
    [("mpesa_b2c", False), ("mpesa_b2c_with_withdrawal", True)],
)
def test_the_society_reckons_with_what_is_charged(table: str, bears_withdrawal: bool) -> None:
    """The two tables are kept apart, so that a slip in one of them shows."""
    written = (resources_dir() / "tariffs" / f"{table}.csv").read_text(encoding="utf-8")
    ours = read_tariffs(written)
    bands = [band for tariff in ours for band in tariff.bands]
    edges = {cents for band in bands for cents in (band.from_cents, band.to_cents)}
    for on in (date(2023, 8, 1), date(2023, 9, 7), date(2023, 9, 8), DAY):
        for cents in sorted(edges):
            if cents <= 150_000_00 or on >= date(2023, 9, 8):
                theirs = fee_cents(USUAL, cents, on, bears_withdrawal=bears_withdrawal)
                assert charge_for(ours, cents, on) == theirs, (on, cents)


def test_a_tariff_counts_from_its_day_on() -> None:
    dearer = Tariff(DAY, ((250_000_00, 20_00),), ((250_000_00, 400_00),))
    tariffs = (dearer, *USUAL)
    assert fee_cents(tariffs, 1_000_00, DAY - timedelta(days=1)) == 5_00
    assert fee_cents(tariffs, 1_000_00, DAY) == 20_00
    assert fee_cents(tariffs, 300_000_00, DAY) == 20_00, "above the last band its fee counts on"
    assert fee_cents(tariffs, 1_000_00, date(2020, 1, 1)) == 5_00, "the first one counts backwards"


def test_bands_that_do_not_rise_are_refused() -> None:
    for bands in ((), ((100, 0), (100, 5)), ((200, 0), (100, 5)), ((100, -1),)):
        with pytest.raises(ValueError, match="Bands rise"):
            Tariff(DAY, bands, ((1, 1),))


def test_a_payout_is_carried_out_once(office_clock: OfficeClock) -> None:
    world = World(Profile(), office_clock.now)
    body = {
        "OriginatorConversationID": "LN-1",
        "InitiatorName": world.profile.initiator_name,
        "SecurityCredential": security_credential(
            world.profile.initiator_password, world.key.certificate_pem
        ),
        "CommandID": "BusinessPayment",
        "Amount": "100",
        "PartyA": world.profile.shortcode,
        "PartyB": "254708374149",
        "ResultURL": "http://127.0.0.1:9/",
        "QueueTimeOutURL": "http://127.0.0.1:9/",
    }
    with world.changed:
        payout = take(world, body, "v3")
    settle(world, payout)
    receipt = payout.receipt
    settle(world, payout)
    assert payout.receipt == receipt
    assert world.ledger.wallet_cents("254708374149") == 100_00


def test_receipts_are_ten_characters_that_tell_the_day_and_never_repeat(
    office_clock: OfficeClock,
) -> None:
    world = World(Profile(), office_clock.now, seed=1)
    receipts = [world.new_receipt() for _ in range(2000)]
    assert len(set(receipts)) == 2000
    assert all(len(r) == 10 and r.startswith("UCG") for r in receipts)
    assert World(Profile(), office_clock.now, seed=1).new_receipt() == receipts[0]
