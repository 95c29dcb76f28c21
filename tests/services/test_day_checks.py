"""What is looked at before a day is closed finds each planted trouble, names it, and says where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.mpesa_accounts import UTILITY, WORKING
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.closing import day_checks
from sacco_desktop.services.feed import relay_feed
from sacco_desktop.services.feed.relay_feed import Dismissal, UnreadableNews
from sacco_desktop.services.payouts import payout_holds
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import AnswerKind
from tests import make, make_days, make_payments
from tests.make import PracticeOffice
from tests.make_days import checks, copied, red, told


@pytest.fixture
def books(tmp_path: Path) -> Iterator[PracticeOffice]:
    """Books with four deposits that are broken on purpose, with no watch on them."""
    office = make.office(tmp_path)
    member = make.member(office)
    for kes in (100, 200, 300, 400):
        make.deposit(office, member, kes)
    yield office
    office.close()


def test_an_office_at_rest_lacks_nothing_but_its_copy(office: PracticeOffice) -> None:
    assert red(office) == {"backup"}
    copied(office)
    assert red(office) == set()


def test_a_control_account_that_is_not_the_sum_of_its_accounts_is_named(
    books: PracticeOffice,
) -> None:
    books.without_guards(
        "UPDATE account_balance SET credit_cents = credit_cents + 500"
        " WHERE account_id = (SELECT id FROM account WHERE code = '2010')"
    )
    found = checks(books)
    assert not found["sub_ledgers"].is_green
    assert "2010" in found["sub_ledgers"].finding
    assert "is 1,005.00, its accounts 1,000.00" in found["sub_ledgers"].finding
    assert found["sub_ledgers"].place == "books"
    # A control account stands in the trial balance for all under it.
    assert not found["trial_balance"].is_green
    assert found["trial_balance"].finding == "Debits KES 1,000.00, credits KES 1,005.00."


def test_a_changed_row_turns_the_chain_red_and_is_named(books: PracticeOffice) -> None:
    assert day_checks.chain_check(make_days.proof(books)).is_green
    books.without_guards("UPDATE journal_entry SET narration = 'other' WHERE number = 2")
    found = day_checks.chain_check(make_days.proof(books))
    assert not found.is_green
    assert found.finding.startswith("Entry 2 is not what was posted")


def test_m_pesa_must_have_told_today_what_the_books_say(office: PracticeOffice) -> None:
    make.float_of(office, 1_000)
    silent = checks(office)[f"mpesa_{UTILITY}"]
    assert (silent.is_green, silent.place) == (False, "payouts/to_send")
    assert silent.finding == "M-Pesa has not told this account yet. The books say KES 1,000.00."
    office.clock.advance(minutes=1)
    told(office, UTILITY, 1_000_00)
    office.clock.advance(hours=3)
    right = checks(office)[f"mpesa_{UTILITY}"]
    assert right.is_green
    assert right.age == "M-Pesa's word is 3 hours old."
    office.clock.advance(days=1)
    old = checks(office)[f"mpesa_{UTILITY}"]
    assert not old.is_green
    assert old.finding.endswith("That is not of today, so ask for the balance.")


@pytest.mark.parametrize("account", [UTILITY, WORKING])
def test_a_difference_of_one_cent_is_found_on_both_accounts(
    office: PracticeOffice, account: str
) -> None:
    told(office, account, 0)
    assert checks(office)[f"mpesa_{account}"].is_green
    told(office, account, 1)
    found = checks(office)[f"mpesa_{account}"]
    assert not found.is_green
    assert "Difference 0.01, not explained." in found.finding


def test_a_payment_in_flight_explains_what_m_pesa_holds_less(office: PracticeOffice) -> None:
    row = make.approved_payout(office, float_kes=500_000)
    order = make.accepted(office, row, make.route(office, make.relay(office)))
    office.clock.advance(minutes=1)
    told(office, UTILITY, 500_000_00 - row.mpesa_cents)
    found = checks(office)[f"mpesa_{UTILITY}"]
    assert found.is_green
    assert f": in flight, 98,500.00 ({row.number})" in found.finding
    told(office, UTILITY, 500_000_00 - row.mpesa_cents - 1)
    assert "not explained also with what is in flight" in checks(office)["mpesa_utility"].finding
    told(office, UTILITY, 500_000_00 + row.mpesa_cents)
    assert not checks(office)["mpesa_utility"].is_green
    # Not taken yet: M-Pesa holds what the books say.
    told(office, UTILITY, 500_000_00)
    assert checks(office)["mpesa_utility"].is_green
    assert order.payout_id == row.payout_id


def test_a_doubt_of_more_than_a_day_is_found(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    make.doubtful(office, row, make.route(office, make.relay(office)))
    office.clock.advance(hours=23, minutes=59)
    assert checks(office)["unsure"].finding == "1 payment is in flight, since 16 Mar 2026 09:00."
    assert "unsure" not in red(office)
    office.clock.advance(minutes=1)
    found = checks(office)["unsure"]
    assert not found.is_green
    assert found.finding == f"Not sure for more than a day: {row.number} since 16 Mar 2026 09:00."
    assert found.place == "payouts/in_flight"


def test_what_a_relay_brought_and_nobody_decided_on_is_found(office: PracticeOffice) -> None:
    relay = make.relay(office)
    make.arrive(office, relay, ("no tag of ours", UnreadableNews("It is no JSON.")))
    found = checks(office)["parked"]
    assert not found.is_green
    assert found.finding == "1 notice fits nothing. Somebody must decide on that."
    assert found.place == "payouts/problems"
    entry = office.read(relay_feed.list_parked, None)[0]
    office.write(relay_feed.dismiss, Dismissal(entry.entry_id, "A test of ours."), office.grace)
    assert "parked" not in red(office)


def test_a_bank_file_is_left_open_for_a_day_only(office: PracticeOffice) -> None:
    make_payments.bank_of(office, 500_000)
    row = make_payments.approved_payment(office, Way.BANK)
    make_payments.bank_file(office, row)
    assert checks(office)["hand_overs"].finding.startswith("1 payment handed over today;")
    assert "hand_overs" not in red(office)
    office.clock.advance(days=1)
    found = checks(office)["hand_overs"]
    assert not found.is_green
    assert f"{row.number} (bank transfer) since 16 Mar 2026" in found.finding
    make_payments.confirmed(office, row)
    assert "hand_overs" not in red(office)


def test_a_hold_without_a_reason_is_found(office: PracticeOffice) -> None:
    row = make.approved_payout(office)
    held = PayoutChange(row.payout_id, row.version, "The member is abroad")
    office.write(payout_holds.hold, held, office.lucy)
    assert checks(office)["holds"].finding == f"{row.number}: The member is abroad."
    blank = office.as_kept("payout_hold.why", " ")
    office.without_guards(f"UPDATE payout_hold SET why = '{blank}'")
    found = checks(office)["holds"]
    assert not found.is_green
    assert found.finding == f"On hold without a reason: {row.number}."


def test_a_copy_counts_on_its_own_day_only(office: PracticeOffice) -> None:
    copied(office, "books-of-monday.db")
    assert "books-of-monday.db, up to entry 0." in checks(office)["backup"].finding
    make.member(office, deposits_kes=100)
    assert checks(office)["backup"].finding.endswith("up to entry 0; 1 entry was posted after it.")
    office.clock.advance(days=1)
    assert "backup" in red(office)


def test_a_failed_payment_is_no_doubt(office: PracticeOffice) -> None:
    order = make.begin(office, make.approved_payout(office), make.route(office, make.relay(office)))
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    office.clock.advance(days=2)
    assert "unsure" not in red(office)


def test_money_that_belongs_to_nobody_is_found(office: PracticeOffice) -> None:
    entry = JournalEntry(
        make.day(office),
        "test",
        "Came without a name",
        "T-1",
        (debit("1020", 350_00), credit("2150", 350_00)),
    )
    make.post(office, entry)
    found = checks(office)["unallocated"]
    assert (found.is_green, found.place) == (False, "books")
    assert found.finding == "KES 350.00 came in and belongs to no member yet."
