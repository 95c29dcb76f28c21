"""The simulated portal exports its accounts as CSV, Excel and PDF, and each of them is read back to the cent."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sacco_desktop.demo.safaricom import ledger, portal_statement
from sacco_desktop.demo.safaricom.ledger import Movement
from sacco_desktop.demo.safaricom.paying_in import pay_in
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.world import World
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.reconciling.headings import read_words
from sacco_desktop.domain.reconciling.reading import HowToRead, read_statement
from sacco_desktop.domain.reconciling.statement import RowKind, Source, Statement
from sacco_desktop.gateways.old_books.limits import LIMITS
from sacco_desktop.gateways.old_books.reader import file_of
from sacco_desktop.gateways.old_books.reader_process import read

WORDS = read_words(Path("resources/statement_headings.toml").read_text("utf-8"))
FORMS = ("csv", "xlsx", "pdf")


@pytest.fixture
def world() -> World:
    """A portal at which some money has moved, two things within one second."""
    moment = datetime(2026, 3, 16, 6, tzinfo=UTC)
    clock = [moment]
    made = World(Profile(utility_cents=500_000_00), lambda: clock[0], seed=3)
    for number in range(40):
        clock[0] += timedelta(minutes=7)
        phone = f"2547123456{number:02d}"
        made.ledger.pay_out(
            phone, 1_234_00 + number * 100, 13_00, moment.date(), made.new_receipt()
        )
    with made.changed:
        pay_in(made, "254722000111", 5_000_00, "M0123", "paybill")
    taken = made.incoming[0]
    back = Movement(
        ledger.WORKING, ledger.wallet(taken.phone), 5_000_00, f"reversal of {taken.receipt}"
    )
    made.ledger.move(back)
    made.ledger.move(Movement(ledger.OUTSIDE, ledger.UTILITY, 9_000_00, "funded"))
    made.ledger.transfer(ledger.UTILITY, ledger.WORKING, 700_00)
    return made


def as_read(world: World, account: str, form: str) -> Statement:
    file = portal_statement.export(world, {"account": account, "form": form, "from": "2026-03-16"})
    answer = [json.dumps(item) for item in read(file.data, LIMITS)] + ['{"end": true}']
    old = file_of(file.name, "f", answer, is_statement=True)
    found = read_statement(old, WORDS, HowToRead(Source.MPESA, date(2026, 3, 17)))
    assert found.statement is not None, found.problems
    return found.statement


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_the_same(world: World, form: str) -> None:
    found = as_read(world, ledger.UTILITY, form)
    assert found.closing_cents == world.ledger.balances[ledger.UTILITY]
    assert (found.opening_cents, len(found.rows)) == (0, 43)
    assert (found.shortcode, found.account) == (world.profile.shortcode, "utility")
    assert [row.kind for row in found.rows[-2:]] == [RowKind.MOVE, RowKind.MOVE]
    assert (found.rows[0].kind, found.rows[0].cents) == (RowKind.MOVE, 500_000_00)
    first = found.rows[1]
    assert (first.kind, first.cents) == (RowKind.PAID_OUT, -1_234_00)
    assert first.at == datetime(2026, 3, 16, 6, 7, tzinfo=UTC)
    csv = as_read(world, ledger.UTILITY, "csv")
    assert [(row.receipt, row.cents, row.at) for row in found.rows] == [
        (row.receipt, row.cents, row.at) for row in csv.rows
    ]


def test_the_other_accounts_have_their_charges_receipts_and_reversals(world: World) -> None:
    charges = as_read(world, ledger.CHARGES_PAID, "csv")
    assert charges.closing_cents == -40 * 13_00
    assert {row.kind for row in charges.rows} == {RowKind.CHARGE}
    working = as_read(world, ledger.WORKING, "csv")
    _first, paid, back, moved = working.rows
    assert (paid.kind, paid.typed, back.kind) == (RowKind.PAID_IN, "M0123", RowKind.REVERSAL)
    assert back.linked == paid.receipt
    assert moved.receipt == as_read(world, ledger.UTILITY, "csv").rows[-1].receipt


def test_a_pdf_is_no_old_book(world: World) -> None:
    file = portal_statement.export(world, {"form": "pdf"})
    answer = [json.dumps(item) for item in read(file.data, LIMITS)] + ['{"end": true}']
    with pytest.raises(InvalidInput, match="no table"):
        file_of("register.pdf", "f", answer)
    with pytest.raises(ValueError, match="form one of"):
        portal_statement.export(world, {"form": "doc"})
