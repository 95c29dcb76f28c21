"""Check-off money without owner: given to a member by two people, shared as a check-off is, and taken back whole."""

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.books import ledger
from sacco_desktop.services.counter import check_offs, found_owners, unowned_money
from sacco_desktop.services.counter.found_owners import NewOwner, OwnerBack
from sacco_desktop.services.counter.unowned_money import FoundOwner, UnownedRow
from tests import make, make_check_offs, make_loans, make_payments, make_savings
from tests.make import PracticeOffice


def _cents(office: PracticeOffice, *codes: str) -> list[int]:
    return [office.balance(code) for code in codes]


def _unowned(office: PracticeOffice) -> tuple[UnownedRow, ...]:
    return office.read(unowned_money.list_unowned, None)


def _named(office: PracticeOffice, row: UnownedRow, member_id: int, **changes: Any) -> FoundOwner:
    """Grace says whose it is."""
    new = NewOwner(make.key(), row.list_id, row.line_id, member_id, row.left_cents, "He rang.")
    office.write(found_owners.ask, replace(new, **changes), office.grace)
    return next(one for one in _unowned(office) if one.key == row.key).owners[-1]


def _decide(
    office: PracticeOffice, owner: FoundOwner, kind: ApprovalKind = ApprovalKind.CHECK_OFF_OWNER
) -> str:
    request = make.waiting_request(office, kind, owner.owner_id)
    return make_savings.agree(office, request, office.lucy)


def _given(office: PracticeOffice, row: UnownedRow, member_id: int, **changes: Any) -> FoundOwner:
    owner = _named(office, row, member_id, **changes)
    _decide(office, owner)
    return next(one for one in _unowned(office) if one.key == row.key).owners[-1]


def _ask_back(office: PracticeOffice, owner: FoundOwner, why: str = "It was her sister's.") -> str:
    back = OwnerBack(owner.owner_id, owner.version, why)
    return office.write(found_owners.ask_back, back, office.grace)


def test_the_owner_gets_it_as_a_check_off_and_all_of_it_is_taken_back(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    (borrower_id,) = office.sql("SELECT member_id FROM loan")[0]
    office.clock.advance(days=35)
    codes = ("2150", "2010.M-0001", f"1110.{loan.number}")
    before = _cents(office, *codes)
    # The employer paid 1,000 more than the lines come to, of which one names nobody.
    lines = (("M-0999", 12_000), ("M-0001", 10))
    listed = make_check_offs.posted(office, lines, total_cents=13_010_00)
    line, beyond = _unowned(office)
    assert (line.cents, line.row, line.named, line.since) == (
        12_000_00,
        2,
        "M-0999",
        make.day(office),
    )
    assert (beyond.cents, beyond.problem, beyond.line_id) == (
        1_000_00,
        unowned_money.BEYOND,
        None,
    )
    assert office.read(unowned_money.count_waiting, None)[:2] == (2, 13_000_00)
    after_list = _cents(office, *codes)
    owner = _named(office, line, borrower_id)
    assert _cents(office, *codes) == after_list, "nothing moves before the second person"
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_OWNER, owner.owner_id)
    with pytest.raises(SamePerson):
        make_savings.agree(office, request, office.grace)
    assert "with a receipt" in _decide(office, owner)
    line, beyond = _unowned(office)
    assert (line.left_cents, line.given_cents, line.owners[0].status) == (0, 12_000_00, "given")
    now = _cents(office, *codes)
    # The rest of one instalment of 8,885 was due, and what is over goes to the deposits.
    assert now[0] == 1_000_00
    assert now[1] - after_list[1] == 12_000_00 - 888_500 + 1_000
    assert now[2] < before[2]
    with pytest.raises(WrongState, match=r"by CG-2026-0001\. Take that back first"):
        make_check_offs.ask_back(office, listed)
    entry = office.sql("SELECT entry_number FROM contribution ORDER BY id DESC LIMIT 1")[0][0]
    with pytest.raises(WrongState, match="taken back as a whole"):
        ledger.check_reversible(office.read(ledger.read_entry, entry), "why")
    with pytest.raises(InvalidInput, match="Write why"):
        _ask_back(office, line.owners[0], " ")
    assert "until another person agrees" in _ask_back(office, line.owners[0])
    _decide(office, line.owners[0], ApprovalKind.CHECK_OFF_OWNER_UNDONE)
    assert _cents(office, *codes) == after_list
    line = _unowned(office)[0]
    assert (line.left_cents, line.owners[0].status) == (12_000_00, "undone")
    # Now the list itself may be taken back, with an owner who waits for the second person.
    waiting = _named(office, line, borrower_id)
    make_check_offs.ask_back(office, make_check_offs.now(office, listed))
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_UNDONE, listed.list_id)
    make_savings.agree(office, request, office.lucy)
    assert _unowned(office) == ()
    assert _cents(office, *codes) == before
    assert office.sql(f"SELECT status FROM check_off_owner WHERE id = {waiting.owner_id}") == [
        ("dropped",)
    ]


def test_no_more_is_given_than_has_no_owner_and_to_nobody_who_left(office: PracticeOffice) -> None:
    member = make.member(office)
    make_check_offs.posted(office, ((member.number, 10), ("M-0999", 300)))
    (row,) = _unowned(office)
    for field, wrong in (
        ("amount", {"cents": 0}),
        ("amount", {"cents": 300_01}),
        ("known_by", {"known_by": " "}),
    ):
        with pytest.raises(InvalidInput) as refused:
            _named(office, row, member.member_id, **wrong)
        assert refused.value.field == field
    part = _named(office, row, member.member_id, cents=100_00)
    with pytest.raises(InvalidInput, match=r"KES 200\.00 of it has no owner"):
        _named(office, row, member.member_id, cents=201_00)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_OWNER, part.owner_id)
    make.decide(office, request, office.lucy, Decision.REJECT)
    again = _named(office, row, member.member_id)
    office.write(found_owners.take_request_back, again.owner_id, office.grace)
    with pytest.raises(WrongState, match="waits for nobody"):
        office.write(found_owners.take_request_back, again.owner_id, office.grace)
    third = _named(office, row, member.member_id)
    office.without_guards("UPDATE member SET status = 'exited'")
    assert "void" in _decide(office, third)
    with pytest.raises(InvalidInput, match="is no member any more"):
        _named(office, row, member.member_id, cents=1)
    assert [one.status for one in _unowned(office)[0].owners] == ["dropped", "dropped", "asked"]


def test_money_that_was_refunded_or_used_cannot_be_given_or_taken_back(
    office: PracticeOffice,
) -> None:
    member = make.member(office)
    first = make_check_offs.posted(office, ((member.number, 10), ("M-0999", 300)))
    second = make_check_offs.posted(office, ((member.number, 20), ("M-0998", 500)))
    row, other = _unowned(office)
    make_payments.bank_of(office, 1_000)
    refund = make_payments.requested_payment(
        office, Way.CHEQUE, purpose="receipt_refund", amount_cents=40_000
    )
    with pytest.raises(WrongState, match=r"Unallocated receipts come to KES 400\.00"):
        _named(office, other, member.member_id)
    owner = _named(office, row, member.member_id)
    make_payments.handed_over(office, refund, "000125")
    _decide(office, owner)
    make_payments.deposit_back(office, member.number, 250)
    given = _unowned(office)[0].owners[-1]
    with pytest.raises(WrongState, match="the member has had money from it since"):
        _ask_back(office, given)
    # What the first list still has there is not the second one's.
    with pytest.raises(WrongState, match=r"KES 500\.00 had no owner, and KES 100\.00"):
        make_check_offs.ask_back(office, second)
    assert first.status == "posted"


def test_two_pcs_give_the_same_money_once(office: PracticeOffice) -> None:
    member, other = make.member(office), make.member(office)
    make_check_offs.posted(office, ((member.number, 10), ("M-0999", 300)))
    (row,) = _unowned(office)
    new = NewOwner(make.key(), row.list_id, row.line_id, member.member_id, 300_00, "He rang.")
    words = office.write(found_owners.ask, new, office.grace)
    assert office.write(found_owners.ask, new, office.grace) == words, "two presses are one"
    late = replace(new, key=make.key(), member_id=other.member_id)
    with pytest.raises(InvalidInput, match=r"KES 0\.00 of it has no owner"):
        office.write(found_owners.ask, late, office.lucy)
    assert len(office.read(check_offs.list_check_offs, None)) == 1
