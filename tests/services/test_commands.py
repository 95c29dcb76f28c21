"""Two clicks are one deposit: a command's key gives the first answer again, and is refused with other input."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.errors import KeyReused
from sacco_desktop.services.books import commands
from sacco_desktop.services.lending import loans
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit, TakenDeposit
from tests import make
from tests.make import PracticeOffice


def _new(office: PracticeOffice) -> NewDeposit:
    member = make.member(office)
    return NewDeposit("one dialog", member.member_id, 5_000, date(2026, 3, 16))


def _take(office: PracticeOffice, new: NewDeposit) -> TakenDeposit:
    return office.write(deposits.take_cash, new, office.peter)


def test_the_same_form_sent_twice_is_one_deposit_with_one_answer(office: PracticeOffice) -> None:
    new = _new(office)
    first = _take(office, new)
    office.clock.advance(minutes=1)
    assert _take(office, new) == first
    assert office.balance("1010") == 5_000


@pytest.mark.parametrize(
    "change", [{"amount_cents": 6_000}, {"member_id": 99}, {"value_date": date(2026, 3, 15)}]
)
def test_the_same_form_with_other_input_is_refused(
    office: PracticeOffice, change: dict[str, int]
) -> None:
    new = _new(office)
    _take(office, new)
    with pytest.raises(KeyReused, match="Nothing was saved"):
        _take(office, replace(new, **change))  # type: ignore[arg-type]
    assert office.balance("1010") == 5_000


def test_the_form_of_another_command_is_refused(office: PracticeOffice) -> None:
    new = _new(office)
    _take(office, new)
    row = make.member(office)
    with pytest.raises(KeyReused):
        office.write(loans.apply, make.application(row, key=new.key), office.peter)


def test_a_refused_command_leaves_its_form_usable(office: PracticeOffice) -> None:
    new = _new(office)
    office.sql("INSERT INTO closed_month VALUES ('2026-03', 5, '2026-04-01')")
    with pytest.raises(Exception, match="closed"):
        _take(office, new)
    office.sql("DELETE FROM closed_month")
    assert _take(office, new).receipt == "RC-2026-0001"


def test_eight_clicks_at_once_are_one_deposit(office: PracticeOffice) -> None:
    new = _new(office)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: _take(office, new), range(8)))
    assert len(set(answers)) == 1
    assert office.count("journal_entry") == 1


def test_the_fingerprint_of_an_input_does_not_depend_on_the_order_of_its_fields() -> None:
    one = NewDeposit("k", 1, 2, date(2026, 3, 16))
    assert commands.hash_of(one) == commands.hash_of(replace(one))
    assert commands.hash_of(one) != commands.hash_of(replace(one, amount_cents=3))
    with pytest.raises(TypeError):
        commands.hash_of({"amount": 1})
