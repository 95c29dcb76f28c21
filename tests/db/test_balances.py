"""The running balances that the database keeps are what one gets by adding everything up again."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.chart import AccountType, Side, normal_side
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.services.books import ledger
from tests import make
from tests.books_watch import assert_sound

# Two accounts of two members under one control account, and four that stand alone.
ACCOUNTS = ("1010", "1020", "4020", "5110", "2010.M-0001", "2010.M-0002")
AMOUNTS = st.integers(min_value=1, max_value=10**13)


@st.composite
def balanced_entries(draw: st.DrawFn) -> JournalEntry:
    """Two to six lines; the last one makes the sides equal, and one line may repeat an account."""
    sides = draw(st.lists(st.tuples(st.sampled_from(ACCOUNTS), AMOUNTS), min_size=1, max_size=5))
    lines = [Posting(code, cents, 0) for code, cents in sides[: len(sides) // 2 + 1]]
    lines += [Posting(code, 0, cents) for code, cents in sides[len(sides) // 2 + 1 :]]
    missing = sum(line.debit_cents - line.credit_cents for line in lines)
    last = draw(st.sampled_from(ACCOUNTS))
    if missing == 0:
        lines.append(Posting(last, 1, 0))
        missing = 1
    lines.append(Posting(last, max(-missing, 0), max(missing, 0)))
    return JournalEntry(date(2026, 3, 16), "test", "test", "test", tuple(lines))


@settings(max_examples=15)
@given(st.lists(balanced_entries(), min_size=1, max_size=6))
def test_balances_equal_adding_up_again(entries: list[JournalEntry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        make.member(office)
        make.member(office)
        for entry in entries:
            make.post(office, entry)
        sums = dict.fromkeys(ACCOUNTS, 0)
        for line in (line for entry in entries for line in entry.postings):
            sums[line.account_code] += line.debit_cents - line.credit_cents
        for code, cents in sums.items():
            assert office.balance(code) == cents * _sign(code)
        assert office.balance("2010") == -sums["2010.M-0001"] - sums["2010.M-0002"]
        assert_sound(office)
        office.close()


def _sign(code: str) -> int:
    types = {"1": AccountType.ASSET, "5": AccountType.EXPENSE, "4": AccountType.INCOME}
    return 1 if normal_side(types.get(code[0], AccountType.LIABILITY)) is Side.DEBIT else -1


def test_the_balance_after_an_entry_is_that_of_its_moment(tmp_path: Path) -> None:
    office = make.office(tmp_path)
    member = make.member(office)
    taken = [make.deposit(office, member, kes) for kes in (100, 250, 7)]
    code = f"2010.{member.number}"
    then = [
        office.read(lambda work, number: ledger.balance_after(work, code, number), row.entry_number)
        for row in taken
    ]
    assert then == [10_000, 35_000, 35_700]
    office.close()
