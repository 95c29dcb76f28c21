"""Whose an unallocated payment may be: aliases that decide, suggestions that do not, and plans that are kept."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from sacco_desktop.services.collecting import aliases, allocations, receipt_plans, suggestions
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.mpesa_receipts import PayerTold
from sacco_desktop.services.collecting.receipt_plans import PlanQuestion
from sacco_desktop.services.collecting.suggestions import Suggestion
from sacco_desktop.services.membership.members import MemberRow
from tests import make, make_loans, make_money_in
from tests.make import PracticeOffice
from tests.make_money_in import balance, heard, listed, waiting

pytestmark = pytest.mark.paying_office


@pytest.fixture(autouse=True)
def connected(office: PracticeOffice) -> None:
    make_money_in.connect(office)


def _hash(phone: str) -> PayerTold:
    return PayerTold(hash=hashlib.sha256(phone.encode()).hexdigest())


def _give(office: PracticeOffice, receipt: str, of: MemberRow, *, learns: bool = True) -> None:
    row = waiting(office)[receipt]
    share = Purpose("deposits", of.member_id, None, row.left_cents)
    given = Allocation(make.key(), row.receipt_id, (share,), learns)
    office.write(allocations.allocate, given, office.peter)


def _suggested(office: PracticeOffice, receipt: str) -> tuple[Suggestion, ...]:
    return office.read(suggestions.find, waiting(office)[receipt].receipt_id, office.peter)


def test_an_alias_is_learned_decides_and_is_forgotten(office: PracticeOffice) -> None:
    jane, otieno = make.member(office), make.member(office)
    payer = _hash("254799111222")
    told: dict[str, Any] = {"reference": "Mama Jane", "payer": payer}
    listed(office, heard(office, "SGA1ABCDEF", 100_00, **told))
    _give(office, "SGA1ABCDEF", jane)
    (learned,) = office.read(aliases.list_aliases, None, office.peter)
    assert (learned.typed, learned.member_id, learned.decides) == ("MAMAJANE", jane.member_id, True)
    assert office.count("audit_row", "action = 'learned whom a payer means'") == 1
    # The same words of the same phone, however they are typed; of another phone nobody knows.
    listed(
        office,
        heard(office, "SGA2ABCDEF", 200_00, reference="mama  jane.", payer=payer),
        heard(office, "SGA3ABCDEF", 300_00, reference="Mama Jane", payer=_hash("254799111333")),
    )
    assert set(waiting(office)) == {"SGA3ABCDEF"}
    assert balance(office, f"2010.{jane.number}") == 300_00
    # One person taught it, so what two have to agree to waits for them.
    make.setting(office, "money_in.alone_up_to", "39900")
    listed(office, heard(office, "SGA7ABCDEF", 400_00, **told))
    assert set(waiting(office)) == {"SGA3ABCDEF", "SGA7ABCDEF"}
    make.setting(office, "money_in.alone_up_to", "40000")
    office.write(allocations.settle_waiting, None)
    # What M-Pesa shows in part is learned, and only suggested.
    masked = PayerTold(masked="2547 ***** 222")
    listed(office, heard(office, "SGA4ABCDEF", 50_00, reference="duka", payer=masked))
    _give(office, "SGA4ABCDEF", otieno)
    listed(office, heard(office, "SGA5ABCDEF", 60_00, reference="duka", payer=masked))
    (again,) = _suggested(office, "SGA5ABCDEF")
    assert (again.member_id, again.reasons) == (
        otieno.member_id,
        ("The same words from the same phone were this member's before.",),
    )
    # Nothing is learned where the person does not want it, and nothing decides that was forgotten.
    _give(office, "SGA5ABCDEF", jane, learns=False)
    office.write(aliases.forget, learned.alias_id, office.peter)
    office.write(aliases.forget, learned.alias_id, office.peter)
    (left,) = office.read(aliases.list_aliases, None, office.peter)
    assert (left.typed, left.decides) == ("DUKA", False)
    listed(office, heard(office, "SGA6ABCDEF", 70_00, **told))
    assert set(waiting(office)) == {"SGA3ABCDEF", "SGA6ABCDEF"}
    assert office.count("audit_row", "action = 'forgot whom a payer means'") == 1


def test_two_members_under_the_same_words_of_one_phone_decide_for_nobody(
    office: PracticeOffice,
) -> None:
    jane, otieno = make.member(office), make.member(office)
    told: dict[str, Any] = {"reference": "duka", "payer": _hash("254799111222")}
    # Both payments came before a person looked at either.
    listed(
        office,
        heard(office, "SGB1ABCDEF", 100_00, **told),
        heard(office, "SGB2ABCDEF", 100_00, **told),
    )
    _give(office, "SGB1ABCDEF", jane)
    _give(office, "SGB2ABCDEF", otieno)
    assert [row.decides for row in office.read(aliases.list_aliases, None, office.peter)] == [
        False,
        False,
    ]
    listed(office, heard(office, "SGB3ABCDEF", 100_00, **told))
    assert {one.member_id for one in _suggested(office, "SGB3ABCDEF")} == {
        jane.member_id,
        otieno.member_id,
    }


def test_suggestions_say_why_and_are_never_applied(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    office.clock.advance(days=31)
    due = office.sql(
        "SELECT principal_cents + interest_cents + fee_cents FROM loan_instalment"
        " WHERE loan_id = ? AND number = 1",
        loan.loan_id,
    )[0][0]
    wanjiru = make.member(office, first_name="Wanjiru", last_name="Kamau")
    borrower = loan.member_id
    whole = wanjiru.number.replace("-", "").removeprefix("M")
    cases = {
        "SGD1ABCDEF": ("", _hash(wanjiru.phone), 7_00, "It was paid from this member's phone."),
        "SGD2ABCDEF": (wanjiru.phone, PayerTold(), 7_00, "This member's phone number was typed as the account."),
        "SGD3ABCDEF": ("wanjiru kamau", PayerTold(), 7_00, "The name that was typed fits."),
        "SGD4ABCDEF": (whole, PayerTold(), 7_00, f"The figures typed are those of member {wanjiru.number}."),
        "SGD5ABCDEF": (
            "", PayerTold(name="WANJIRU", masked=f"{wanjiru.phone[:4]} ***** {wanjiru.phone[-3:]}"), 7_00,
            "The payer's name fits, and so does what M-Pesa shows of the phone.",
        ),
    }  # fmt: skip
    listed(
        office,
        *(
            heard(office, receipt, cents, reference=typed, payer=payer)
            for receipt, (typed, payer, cents, _why) in cases.items()
        ),
        heard(office, "SGD6ABCDEF", due),
        heard(office, "SGD7ABCDEF", 9_00, reference="@@"),
    )
    assert len(waiting(office)) == 7
    for receipt, (_typed, _payer, _cents, why) in cases.items():
        first = _suggested(office, receipt)[0]
        assert (first.member_id, why in first.reasons) == (wanjiru.member_id, True), receipt
    (by_sum,) = _suggested(office, "SGD6ABCDEF")
    assert by_sum.member_id == borrower
    assert by_sum.shares[0].loan_id == loan.loan_id
    assert "falls due on" in by_sum.reasons[0]
    assert _suggested(office, "SGD7ABCDEF") == ()
    # A plan is what then happens: what is due of the loan, part by part.
    receipt_id = waiting(office)["SGD6ABCDEF"].receipt_id
    found = office.read(receipt_plans.plan, PlanQuestion(receipt_id, by_sum.shares), office.peter)
    assert (found.left_cents, found.refusal, found.how) == (0, "", "")
    assert found.came.cents == due
    assert sum(line.cents for line in found.goes if line.depth) == due
    assert {line.words for line in found.goes if line.depth} == {"Interest", "Principal"}
    office.write(
        allocations.allocate, Allocation(make.key(), receipt_id, by_sum.shares), office.peter
    )
    # What the program would do itself, and what the rules refuse.
    nobody = waiting(office)["SGD7ABCDEF"].receipt_id
    assert office.read(receipt_plans.plan, PlanQuestion(nobody), office.peter).left_cents == 9_00
    too_much = (Purpose("deposits", borrower, None, 10_00),)
    refused = office.read(receipt_plans.plan, PlanQuestion(nobody, too_much), office.peter)
    assert "less than is shared out" in refused.refusal
