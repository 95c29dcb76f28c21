"""Check-off lists: looked at, agreed to by two, shared into what is due and deposits, and taken back as a whole."""

from dataclasses import replace

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.check_off import Says
from sacco_desktop.domain.check_off_columns import choose
from sacco_desktop.domain.errors import InvalidInput, SamePerson, WrongState
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.domain.savings import Every
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import check_off_reading, check_offs
from sacco_desktop.services.counter.check_off_reading import CheckOffQuestion
from sacco_desktop.services.counter.receipts import ReceiptRequest, receipt_paper
from sacco_desktop.services.lending import loans
from tests import make, make_check_offs, make_loans, make_payments, make_savings
from tests.make import PracticeOffice


def _cents(office: PracticeOffice, *codes: str) -> list[int]:
    return [office.balance(code) for code in codes]


def test_a_list_pays_loans_then_contributions_then_deposits_and_is_taken_back_whole(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    borrower = office.read(loans.row_of, loan.loan_id).member_number
    saver = make.member(office)
    make_savings.other_terms(office, "welfare", every=Every.MONTH, expected_cents=20_000, due_day=1)
    office.clock.advance(days=35)
    before = _cents(office, "1020", f"2010.{borrower}", "2170", f"1110.{loan.number}")
    lines = ((borrower, 12_000), (saver.number, 500), ("M-0999", 300))
    row = make_check_offs.posted(office, lines, total_cents=13_000_00)
    assert (row.status, row.matched_cents, row.lines) == ("posted", 12_500_00, 3)
    assert row.unmatched == ("Row 4, KES 300.00: M-0999 is not known here.",)
    # One instalment of 8,885 was due of the loan, and 200 of each of them for welfare.
    after = _cents(office, "1020", f"2010.{borrower}", "2170", f"1110.{loan.number}")
    assert [new - old for new, old in zip(after[:3], before[:3], strict=True)] == [
        13_000_00,
        12_000_00 - 888_500 - 20_000,
        40_000,
    ]
    assert after[3] < before[3]
    assert _cents(office, f"2010.{saver.number}", "1040", "2150") == [30_000, 0, 500_00]
    receipts = office.sql("SELECT count(*) FROM contribution WHERE source = 'check_off'")
    assert receipts == [(2,)]
    modes = {}
    for table in ("contribution", "repayment"):
        for number, member in office.sql(f"SELECT receipt, source FROM {table}"):
            if member != "check_off":
                continue
            paper = office.write(receipt_paper, ReceiptRequest(number), office.peter)
            modes[paper.receipt_number] = paper.mode.split(" CO-")[0]
    assert set(modes.values()) == {"Check-off"}
    assert len(modes) >= 3
    assert "stays in the books" in make_check_offs.ask_back(office, row)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_UNDONE, row.list_id)
    make_savings.agree(office, request, office.lucy)
    assert make_check_offs.now(office, row).status == "undone"
    assert before == _cents(office, "1020", f"2010.{borrower}", "2170", f"1110.{loan.number}")
    assert _cents(office, f"2010.{saver.number}", "1040", "2150") == [0, 0, 0]
    # The right list may come afterwards, with the same payment.
    again = make_check_offs.posted(office, lines[:1], reference=row.reference)
    assert again.status == "posted"


def test_what_a_list_says_wrong_is_shown_before_anything_is_kept(office: PracticeOffice) -> None:
    member = make.member(office)
    file = make_check_offs.file_of(((member.number, 100), (member.number, 50), ("9", "much")))
    question = CheckOffQuestion(file, "May", "County of Voi", 20_000)
    seen = office.read(check_off_reading.preview, question, office.grace)
    assert [(one.row, one.column) for one in seen.problems] == [
        (3, "Member number"),
        (4, "Amount"),
    ]
    assert (seen.listed_cents, seen.matched_cents, seen.unallocated_cents) == (
        15_000,
        10_000,
        10_000,
    )
    good = make_check_offs.new_list(office, ((member.number, 100),))
    other = make_check_offs.file_of((("9", 5),))
    for wrong, field in (
        (replace(good, employer=" "), "employer"),
        (replace(good, month="March"), "month"),
        (replace(good, reference=""), "reference"),
        (replace(good, total_cents=0), "total"),
        (replace(good, total_cents=9_999), "total"),
        (replace(good, value_date=make.day(office).replace(year=2027)), "value_date"),
        (replace(good, file=file, total_cents=50_000), "file"),
        (replace(good, file=other, total_cents=50_000), "file"),
        (replace(good, sheet="June"), "file"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.write(check_offs.ask, wrong, office.grace)
        assert refused.value.field == field
    assert office.count("check_off_list") == 0


def test_one_list_and_one_payment_are_taken_in_once(office: PracticeOffice) -> None:
    member = make.member(office)
    new = make_check_offs.new_list(office, ((member.number, 100),))
    words = office.write(check_offs.ask, new, office.grace)
    assert office.write(check_offs.ask, new, office.grace) == words, "two presses are one list"
    with pytest.raises(WrongState, match="taken in before, as CO-2026-0001"):
        office.write(check_offs.ask, replace(new, key=make.key()), office.grace)
    other = make_check_offs.new_list(office, ((member.number, 70),), reference=new.reference)
    with pytest.raises(InvalidInput, match="taken in before, with CO-2026-0001"):
        office.write(check_offs.ask, other, office.grace)
    (row,) = office.read(check_offs.list_check_offs, None)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF, row.list_id)
    with pytest.raises(SamePerson):
        make_savings.agree(office, request, office.grace)
    make.decide(office, request, office.lucy, Decision.REJECT)
    assert make_check_offs.now(office, row).status == "dropped"
    assert office.balance("1020") == 0
    # What was rejected may come again.
    assert make_check_offs.posted(office, ((member.number, 100),)).status == "posted"


def test_a_list_follows_the_rule_of_the_society_and_who_left_stops_it(
    office: PracticeOffice,
) -> None:
    make_savings.other_terms(
        office, "welfare", every=Every.MONTH, expected_cents=20_000, due_day=16
    )
    member = make.member(office)
    row = make_check_offs.asked(office, ((member.number, 500),))
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF, row.list_id)
    shown = office.read(decisions.list_waiting, None)[0]
    make.setting(office, "savings.check_off_order", "deposits_only")
    assert not shown.has_changed
    assert "void" in make_savings.agree(office, request, office.lucy)
    with pytest.raises(WrongState, match="Take its request back first"):
        make_check_offs.asked(office, ((member.number, 500),))
    office.write(check_offs.take_request_back, row.list_id, office.grace)
    with pytest.raises(WrongState, match="waits for nobody"):
        office.write(check_offs.take_request_back, row.list_id, office.grace)
    again = make_check_offs.asked(office, ((member.number, 500),))
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF, again.list_id)
    office.without_guards("UPDATE member SET status = 'exited'")
    with pytest.raises(WrongState, match="has left since the list was made"):
        make_savings.agree(office, request, office.lucy)
    office.without_guards("UPDATE member SET status = 'suspended'")
    make_savings.agree(office, request, office.lucy)
    # Welfare was due, and yet all of it went where the society says.
    assert _cents(office, f"2010.{member.number}", "2170", "1040") == [50_000, 0, 0]


def test_money_that_was_used_since_keeps_the_list_in_the_books(office: PracticeOffice) -> None:
    member = make.member(office)
    row = make_check_offs.posted(office, ((member.number, 500), ("M-0999", 300)))
    (number,) = office.sql("SELECT entry_number FROM check_off_list")[0]
    entry = office.read(ledger.read_entry, number)
    with pytest.raises(WrongState, match="as a whole, on the Savings page"):
        ledger.check_reversible(entry, "why")
    with pytest.raises(InvalidInput, match="Write why"):
        make_check_offs.ask_back(office, row, " ")
    make_payments.deposit_back(office, member.number, 400)
    with pytest.raises(WrongState, match="the member has had money from it since"):
        make_check_offs.ask_back(office, row)
    make.deposit(office, member, 400)
    make_payments.bank_of(office, 1_000)
    refund = make_payments.requested_payment(
        office, Way.CHEQUE, purpose="receipt_refund", amount_cents=10_000
    )
    make_payments.handed_over(office, refund, "000125")
    with pytest.raises(WrongState, match=r"KES 300\.00 had no owner, and KES 200\.00"):
        make_check_offs.ask_back(office, row)


def test_a_repayment_of_a_list_that_is_reversed_alone_leaves_its_money_with_the_member(
    office: PracticeOffice,
) -> None:
    make_loans.active_loan(office)
    office.clock.advance(days=35)
    codes = ("1020", "1040", "2010.M-0001", "1110.L-0001")
    before = _cents(office, *codes)
    row = make_check_offs.posted(office, (("M-0001", 12_000),))
    (entry,) = office.sql("SELECT entry_number FROM repayment WHERE source = 'check_off'")[0]
    held = office.balance("2010.M-0001")
    asked = ReversalRequest(entry, "The loan is another one.")
    request = office.write(decisions.ask_reversal, asked, office.grace)
    make_savings.agree(office, request, office.lucy)
    # The employer has paid it for the member, so it is the member's, and the list is shared out as before.
    assert office.balance("1040") == 0
    assert office.balance("2010.M-0001") == held + 888_500
    make_check_offs.ask_back(office, make_check_offs.now(office, row))
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_UNDONE, row.list_id)
    make_savings.agree(office, request, office.lucy)
    assert _cents(office, *codes) == before


def test_columns_said_by_hand_are_remembered_for_the_employer(office: PracticeOffice) -> None:
    member = make.member(office)
    heading = ("Nambari", "Makato")
    may = make_check_offs.file_of(((member.number, 100),), heading)
    question = CheckOffQuestion(may, "May", "County of Voi", 100_00)
    with pytest.raises(InvalidInput, match="Say by hand"):
        office.read(check_off_reading.preview, question, office.grace)
    columns = choose(may.sheets[0], 2, {Says.MEMBER_NO: 0, Says.AMOUNT: 1})
    new = make_check_offs.new_list(office, ((member.number, 100),), file=may, columns=columns)
    words = office.write(check_offs.ask, new, office.grace)
    assert office.write(check_offs.ask, new, office.grace) == words
    # The next list of this employer needs nobody; that of another one does.
    june = make_check_offs.file_of(((70, member.number),), ("MAKATO", "nambari"))
    again = replace(question, file=june, employer="county of  VOI")
    seen = office.read(check_off_reading.preview, again, office.grace)
    assert (seen.matched_cents, len(seen.matched)) == (70_00, 1)
    with pytest.raises(InvalidInput, match="Say by hand"):
        office.read(check_off_reading.preview, replace(again, employer="Bank"), office.grace)
