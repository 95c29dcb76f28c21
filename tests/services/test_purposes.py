"""What money in can be for: every purpose by its prompt, by what was typed and by hand reaches its own account."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.account_references import read_reference
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.services.collecting import allocations, prompts, purposes
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.prompts import NewPrompt, SendPrompt
from sacco_desktop.services.collecting.purposes import PurposeChoice
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.lending import loans
from sacco_desktop.services.membership.members import MemberRow
from tests import make, make_endings, make_loans, make_members, make_money_in, make_penalties
from tests.make import PracticeOffice
from tests.make_money_in import balance, heard, listed, waiting

pytestmark = pytest.mark.paying_office


@pytest.fixture(autouse=True)
def connected(office: PracticeOffice) -> None:
    make_money_in.connect(office)


def _choices(office: PracticeOffice, of: MemberRow) -> dict[str, PurposeChoice]:
    found = office.read(purposes.purposes_for, of.member_id, office.peter)
    return {choice.purpose: choice for choice in found}


def _owing(office: PracticeOffice) -> MemberRow:
    """Amina joined before her fee was taken, asked for a vehicle loan and came late to a meeting."""
    make_loans.set_rule(office, "membership.fee_cents", "100050")
    make_loans.set_rule(office, "membership.fee_first", "no")
    amina = make_members.joined(office)
    make.deposit(office, amina, 100_000)
    office.write(loans.apply, make.application(amina, product_code="vehicle"), office.peter)
    make_penalties.switch_on(office, "late_1h")
    make_penalties.meeting(office, (amina.member_id, "late_1h"))
    return amina


def test_every_purpose_is_offered_with_its_sum_and_reaches_its_own_account(
    office: PracticeOffice,
) -> None:
    amina = _owing(office)
    found = _choices(office, amina)
    plain = amina.number.replace("-", "")
    assert list(found)[:3] == ["registration-fee", "fines-owed", "loan-fees"]
    assert [
        (one.name, one.preset_cents, one.due_cents, one.reference)
        for one in list(found.values())[:3]
    ] == [
        ("Registration fee", 1_001_00, 1_000_50, f"{plain}-REG"),
        ("Fines", 50_00, 50_00, f"{plain}-FINE"),
        ("Fees beside L-0002", 1_500_00, 1_500_00, "L0002-FEE"),
    ]
    assert (found["welfare"].reference, found["deposits"].is_limited) == (f"{plain}-WELF", False)
    before = (
        balance(office, "4040"),
        balance(office, "4020"),
        balance(office, f"2010.{amina.number}"),
    )
    # What a prompt asks in whole shillings pays the fee to the cent; the rest is the member's.
    typed = {
        "SGC1ABCDEF": (1_001_00, found["registration-fee"].reference),
        "SGC2ABCDEF": (1_600_00, f"{amina.number} fees"),
        "SGC3ABCDEF": (50_00, f"{plain}-PENALTY"),
        "SGC4ABCDEF": (70_00, f"{plain}-WELFARE"),
        "SGC5ABCDEF": (80_00, f"{plain} hisa"),
    }
    listed(
        office,
        *(heard(office, receipt, *told[:1], reference=told[1]) for receipt, told in typed.items()),
    )
    assert waiting(office) == {}
    assert balance(office, "4040") - before[0] == 1_000_50
    assert balance(office, "4020") - before[1] == 1_500_00
    assert balance(office, f"2010.{amina.number}") - before[2] == 50 + 100_00
    assert (balance(office, "2170"), balance(office, f"3010.{amina.number}")) == (70_00, 80_00)
    assert balance(office, "2150") == 0
    after = _choices(office, amina)
    assert not {"registration-fee", "fines-owed", "loan-fees"} & set(after)
    slips = office.sql("SELECT slip FROM receipt_allocation WHERE purpose LIKE '%fee%' ORDER BY id")
    papers = [
        office.write(receipts.receipt_paper, ReceiptRequest(slip), office.peter)
        for (slip,) in slips
    ]
    assert [(paper.title, paper.mode) for paper in papers] == [
        ("Registration fee receipt", "Payment"),
        ("Loan fee receipt", "Payment SGC2ABCDEF"),
    ]


def test_what_a_payment_leaves_over_waits_where_the_society_says_so(office: PracticeOffice) -> None:
    amina = _owing(office)
    deposits = balance(office, f"2010.{amina.number}")
    make_loans.set_rule(office, "money_in.rest", "waits")
    plain = amina.number.replace("-", "")
    listed(
        office,
        heard(office, "SGC1ABCDEF", 60_00, reference=f"{plain}-FINE"),
        heard(office, "SGC2ABCDEF", 1_000_00, reference=f"{plain}-REG"),
        heard(office, "SGC3ABCDEF", 9_00, reference=f"{plain}-TITHE"),
    )
    left = {receipt: row.left_cents for receipt, row in waiting(office).items()}
    assert left == {"SGC1ABCDEF": 10_00, "SGC2ABCDEF": 1_000_00, "SGC3ABCDEF": 9_00}
    # A part of a fee is no fee, by hand neither; a purpose without its owner is none.
    receipt = waiting(office)["SGC2ABCDEF"].receipt_id
    fee = _choices(office, amina)["registration-fee"]
    for wrong in (
        fee.of(1_000_00),
        Purpose("registration-fee", amina.member_id, None, 1),
        Purpose("fines-owed", None, None, 1),
        Purpose("loan-fees", amina.member_id, None, 1),
    ):
        with pytest.raises(InvalidInput):
            office.write(
                allocations.allocate, Allocation(make.key(), receipt, (wrong,)), office.peter
            )
    assert balance(office, f"2010.{amina.number}") == deposits


def test_who_only_applies_pays_the_fee_by_prompt_and_by_hand(office: PracticeOffice) -> None:
    make_loans.set_rule(office, "membership.fee_cents", "100000")
    first, second = make_members.applied(office), make_members.applied(office, 2)
    fees = [
        office.read(purposes.purposes_of_applicant, one.application_id, office.peter)[0]
        for one in (first, second)
    ]
    assert fees[0].reference == "AP0001-REG"
    new = NewPrompt(
        make.key(), None, fees[0].purpose, None, "0733345001", 1_000_00, first.application_id
    )
    order = office.write(
        prompts.begin, SendPrompt(new, make.route(office, make_money_in.RELAY)), office.peter
    )
    assert (order.reference, order.description) == ("AP0001-REG", "Joining")
    listed(office, heard(office, "SGC1ABCDEF", 1_000_00, reference="ap 1 reg"))
    listed(office, heard(office, "SGC2ABCDEF", 1_000_00, reference="Amina"))
    receipt = waiting(office)["SGC2ABCDEF"].receipt_id
    given = Allocation(make.key(), receipt, (fees[1].of(1_000_00),))
    office.write(allocations.allocate, given, office.peter)
    assert (balance(office, "4040"), waiting(office)) == (2_000_00, {})
    assert office.count("receipt_allocation", "member_id IS NULL") == 2


def test_a_loan_that_is_closed_or_written_off_and_a_member_who_left(office: PracticeOffice) -> None:
    lost = make_loans.active_loan(office)
    make_endings.agree(office, make_endings.ask_write_off(office, lost.loan_id))
    deposits = balance(office, f"2010.{lost.member_number}")
    found = office.read(purposes.purposes_for, lost.member_id, office.peter)
    choice = next(one for one in found if one.loan_id == lost.loan_id)
    assert choice.note.startswith("Written off")
    whole = choice.due_cents
    listed(
        office,
        heard(office, "SGC1ABCDEF", whole - 100, reference=lost.number),
        heard(office, "SGC2ABCDEF", 3_00, reference=lost.number),
        heard(office, "SGC3ABCDEF", 5_00, reference=lost.number),
    )
    # The last shilling closed it, and what came beyond it is the member's.
    assert balance(office, "4200") == whole
    assert office.read(loans.row_of, lost.loan_id).status == "closed"
    assert balance(office, f"2010.{lost.member_number}") - deposits == 2_00 + 5_00
    assert waiting(office) == {}
    gone = make.member(office)
    make_members.became(office, gone, MemberStatus.EXPELLED)
    for receipt, typed in (("SGC4ABCDEF", gone.number), ("SGC5ABCDEF", f"{gone.number}-SHARES")):
        listed(office, heard(office, receipt, 5_50, reference=typed))
    assert set(waiting(office)) == {"SGC4ABCDEF", "SGC5ABCDEF"}


def test_a_category_of_the_society_goes_before_our_words() -> None:
    said = read_reference("m1 fees", ("fees",))
    assert said is not None
    assert said.purpose == "fees"
