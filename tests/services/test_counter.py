"""At the counter: members, their numbers and phones, deposits and receipts."""

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotFound,
    PeriodClosed,
    WrongState,
)
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.membership import members
from sacco_desktop.services.payouts import phone_changes
from sacco_desktop.services.payouts.phone_changes import PhoneChange
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit
from tests import make
from tests.make import PracticeOffice

TODAY = date(2026, 3, 16)


def test_members_are_numbered_in_order_and_get_an_account(office: PracticeOffice) -> None:
    rows = [make.member(office) for _ in range(3)]
    assert [row.number for row in rows] == ["M-0001", "M-0002", "M-0003"]
    assert rows[0].phone == "254712345001"
    assert office.balance("2010.M-0003") == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "0712 345 001"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"national_id": "23450001"}, "national_id"),
        ({"national_id": "ABC"}, "national_id"),
        ({"first_name": ""}, "first_name"),
        ({"last_name": "\u202e"}, "last_name"),
    ],
)
def test_a_wrong_or_used_value_is_said_under_its_field_and_uses_up_no_number(
    office: PracticeOffice, change: dict[str, str], field: str
) -> None:
    make.member(office)
    with pytest.raises(InvalidInput) as refused:
        office.write(members.write_down, make.new_member(2, **change), office.peter)
    assert refused.value.field == field
    assert make.member(office).number == "M-0002"


def test_a_phone_that_somebody_else_changed_meanwhile_is_not_overwritten(
    office: PracticeOffice,
) -> None:
    row = make.member(office)
    change = PhoneChange(row.member_id, row.version, "0722 000 001")
    changed = office.write(phone_changes.change_phone, change, office.peter)
    assert (changed.phone, changed.phone_changed_at) == ("254722000001", office.clock.now())
    with pytest.raises(ChangedMeanwhile):
        office.write(
            phone_changes.change_phone, replace(change, phone="0722 000 002"), office.peter
        )


def test_a_phone_of_another_member_is_refused_under_its_field(office: PracticeOffice) -> None:
    first, second = make.member(office), make.member(office)
    change = PhoneChange(second.member_id, second.version, first.phone)
    with pytest.raises(InvalidInput) as refused:
        office.write(phone_changes.change_phone, change, office.peter)
    assert refused.value.field == "phone"


def test_a_deposit_is_booked_and_has_a_receipt(office: PracticeOffice) -> None:
    row = make.member(office)
    first, second = make.deposit(office, row, 150), make.deposit(office, row, 50)
    assert (first.receipt, second.receipt) == ("RC-2026-0001", "RC-2026-0002")
    assert (first.balance_after_cents, second.balance_after_cents) == (150_00, 200_00)
    assert (office.balance("1010"), office.balance("2010.M-0001")) == (200_00, 200_00)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_cents": 0}, "amount"),
        ({"amount_cents": -1}, "amount"),
        ({"value_date": date(2026, 3, 17)}, "value_date"),
    ],
)
def test_a_wrong_deposit_is_refused_under_its_field(
    office: PracticeOffice, change: dict[str, object], field: str
) -> None:
    row = make.member(office)
    new = replace(NewDeposit(make.key(), row.member_id, 100, TODAY), **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        office.write(deposits.take_cash, new, office.peter)
    assert refused.value.field == field


def test_a_deposit_into_a_closed_month_or_of_nobody_is_refused(office: PracticeOffice) -> None:
    row = make.member(office)
    office.sql("INSERT INTO closed_month VALUES ('2026-02', 5, '2026-03-01')")
    new = NewDeposit(make.key(), row.member_id, 100, date(2026, 2, 27))
    with pytest.raises(PeriodClosed):
        office.write(deposits.take_cash, new, office.peter)
    with pytest.raises(NotFound):
        office.write(deposits.take_cash, replace(new, member_id=99, value_date=TODAY), office.peter)
    office.without_guards("UPDATE member SET status = 'exited'")
    with pytest.raises(WrongState, match="has left"):
        office.write(deposits.take_cash, replace(new, value_date=TODAY), office.peter)
    assert make.deposit(office, make.member(office), 1).receipt == "RC-2026-0001"


def test_a_receipt_states_the_ledger_of_its_moment_and_the_second_print_is_a_copy(
    office: PracticeOffice,
) -> None:
    row = make.member(office)
    taken = make.deposit(office, row, 150)
    make.deposit(office, row, 50)
    request = ReceiptRequest(taken.receipt)
    paper = office.write(receipts.receipt_paper, request, office.peter)
    assert (paper.amount_cents, paper.balance_after_cents) == (150_00, 150_00)
    assert (paper.cashier, paper.stamp.copy_number) == ("Peter Kamau", 1)
    assert office.write(receipts.receipt_paper, request, office.peter).stamp.copy_number == 2
    with pytest.raises(NotFound):
        office.write(receipts.receipt_paper, ReceiptRequest("RC-2026-0099"), office.peter)


def test_a_receipt_is_made_out_to_its_own_member_whatever_others_are_called(
    office: PracticeOffice,
) -> None:
    make.member(office, first_name="Number M-0002")
    row = make.member(office, first_name="Jane")
    taken = make.deposit(office, row, 150)
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
    assert (paper.member_number, paper.member_name) == ("M-0002", "Jane Njeri Otieno")
