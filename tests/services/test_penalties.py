"""Penalties and fines in the books: charged once and on their day, owed, paid, taken back, waived and grown."""

from dataclasses import replace
from datetime import date

import pytest

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.penalties.terms import Basis
from sacco_desktop.domain.savings import Every
from sacco_desktop.domain.savings_entries import PaidBy
from sacco_desktop.services.books.work import CLOCK, Work
from sacco_desktop.services.charging import penalty_list, penalty_run
from sacco_desktop.services.charging.penalty_list import PenaltyQuestion
from sacco_desktop.services.charging.penalty_run import Run
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.explanations.explaining import explain
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.lending import loan_standing, loans, payoffs, recoveries, repayments
from sacco_desktop.services.lending.payoffs import NewPayoff, PayoffQuestion
from sacco_desktop.services.lending.repayments import NewRepayment, RepaymentQuestion
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.penalties import penalty_rows, waivers
from sacco_desktop.services.penalties.waivers import SpareWish, WaiverWish
from sacco_desktop.services.proof import verify
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import ReportKind, ReportRequest
from sacco_desktop.services.savings import contributions, members_cheques
from sacco_desktop.services.savings.members_cheques import ClearedCheque, ReturnedCheque
from tests import make, make_endings, make_loans, make_penalties, make_savings, reckoned_again
from tests.make import PracticeOffice

# KES 100,000 at 1 % a month over twelve, rounded up to the shilling; paid out on 16 March.
INSTALMENT = 888_500
PENALTY = 44_425
RECEIVABLE, INCOME, OTHER = "1130", "4030", "4900"


def to(office: PracticeOffice, month: int, day: int, year: int = 2026) -> None:
    office.clock.advance(days=(date(year, month, day) - make.day(office)).days)


def pay(office: PracticeOffice, loan_id: int, cents: int) -> int:
    new = NewRepayment(make.key(), loan_id, cents, Source.CASH, "", make.day(office))
    return office.write(repayments.take, new, office.grace).entry_number


def reverse(office: PracticeOffice, entry: int) -> None:
    request = office.write(decisions.ask_reversal, ReversalRequest(entry, "Wrong"), office.grace)
    make.decide(office, request, office.daniel)


def owed(office: PracticeOffice, loan_id: int) -> tuple[int, int]:
    """What is late of the loan, and what settles it today."""

    def read(work: Work, which: int) -> tuple[int, int]:
        found = loan_standing.standing_of(work, loans.load(work, which))
        assert found is not None
        return found.late_cents, found.payoff_cents or 0

    return office.read(read, loan_id)


def test_a_late_instalment_from_the_charge_to_the_waiver(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    to(office, 5, 30)
    # Every rule is off, so two months late cost nothing, and what is late already stays free of the new rule.
    assert make_penalties.charge(office).charges == 0
    make_penalties.switch_on(office, "late_instalment")
    assert make_penalties.charge(office).charges == 0
    to(office, 6, 30)
    late, payoff = owed(office, loan.loan_id)
    run = make_penalties.charge(office)
    assert (run.charges, run.cents) == (1, PENALTY)
    assert make_penalties.charges(office) == [("L-0001/3", PENALTY, "2026-06-22")]
    assert make_penalties.charge(office).charges == 0
    assert office.balance(RECEIVABLE) == office.balance(INCOME) == PENALTY
    assert owed(office, loan.loan_id) == (late + PENALTY, payoff)
    on = office.read(loan_book.loans_on, make.day(office))[0]
    assert (on.arrears_cents, on.days_late) == (late + PENALTY, 75)
    before = office.read(loan_book.loans_on, date(2026, 6, 21))[0]
    assert before.arrears_cents == late

    question = RepaymentQuestion(loan.loan_id, 100_000, make.day(office))
    offer = office.read(repayments.offer, question, office.grace)
    assert offer.parts[0].component == "penalty"
    entry = pay(office, loan.loan_id, 100_000)
    assert office.balance(RECEIVABLE) == 0
    assert owed(office, loan.loan_id)[0] == late + PENALTY - 100_000
    office.clock.advance(days=1)
    reverse(office, entry)
    # The statutory register says of any day what was owed then: charged, paid, and owed again.
    days = (date(2026, 6, 21), date(2026, 6, 22), date(2026, 6, 30), make.day(office))
    assert [in_register(office, day) for day in days] == [0, PENALTY, 0, PENALTY]
    assert office.balance(RECEIVABLE) == office.balance(INCOME) == PENALTY
    assert owed(office, loan.loan_id)[0] == late + PENALTY
    assert office.read(verify.verify, None, office.grace).is_sound
    office.without_guards("UPDATE penalty_charge SET cents = cents - 1")
    faults = office.read(verify.verify, None, office.grace).faults
    assert any("charges another sum" in fault.what for fault in faults)
    office.without_guards("UPDATE penalty_charge SET cents = cents + 1")
    charge_entry = office.sql("SELECT entry_number FROM penalty_charge")[0][0]
    with pytest.raises(WrongState, match="Waive it under"):
        reverse(office, charge_entry)

    found = office.read(explain, Question(Figure.ARREARS, loan.loan_id))
    assert reckoned_again.arrears(found.given) == found.result_cents == late + PENALTY
    (charge_id,) = office.sql("SELECT id FROM penalty_charge")[0]
    with pytest.raises(InvalidInput, match=r"444\.25 are left"):
        office.write(waivers.ask, WaiverWish(((charge_id, PENALTY + 1),), "x"), office.peter)
    with pytest.raises(NotAllowed):
        office.write(waivers.ask, WaiverWish(((charge_id, 1),), "x"), office.daniel)
    make_penalties.waive(office, loan.member_id, (charge_id, PENALTY))
    assert office.balance(RECEIVABLE) == office.balance(INCOME) == 0
    assert owed(office, loan.loan_id) == (late, payoff - PENALTY)
    assert make_penalties.charge(office).charges == 0
    with pytest.raises(InvalidInput, match="up to today"):
        make_penalties.charge(office, date(2026, 7, 2))


def in_register(office: PracticeOffice, on: date) -> int:
    """What the register of loans says of penalties at the end of a day, in cents."""
    found = office.read(read_report, ReportRequest(ReportKind.LOAN_REGISTER, on, on), office.grace)
    return sum(int(str(row.cells[7])) for row in found.lines)


def explained(office: PracticeOffice) -> None:
    """Each charge in the books is reckoned again from what is said beside it."""
    for charge_id, cents in office.sql("SELECT id, cents FROM penalty_charge"):
        found = office.read(explain, Question(Figure.PENALTY, charge_id))
        assert reckoned_again.penalty(found.given) == cents == found.result_cents


def test_a_payoff_pays_the_penalty_and_a_loan_with_a_penalty_is_not_closed(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    make_loans.set_rule(office, "loan.basis", "cash")
    make_penalties.switch_on(
        office, "late_interest", basis=Basis.PERCENT_BY_DAYS, percent=1200, grace_days=0
    )
    to(office, 5, 11)
    # 25 days of 12 % a year on 8,885.00 are 74.04, and are part of the payoff before they are charged.
    question = PayoffQuestion(loan.loan_id, make.day(office))
    shown = office.read(payoffs.look, question, office.grace)
    assert (shown.settlement.penalty_cents, shown.holds_until) == (7_404, make.day(office))
    assert office.count("penalty_charge") == 0
    said = office.read(explain, Question(Figure.PAYOFF, loan.loan_id))
    assert reckoned_again.payoff(said.given) == shown.settlement.to_bring_cents
    cents = shown.settlement.to_bring_cents
    new = NewPayoff(make.key(), loan.loan_id, cents, Source.CASH, "", make.day(office))
    paid = office.write(payoffs.settle, new, office.grace)
    assert make_penalties.charges(office) == [("L-0001", 7_404, "2026-05-11")]
    assert office.read(loans.row_of, loan.loan_id).status == "closed"
    # On the cash basis it was a memo until it was paid.
    assert (office.balance(RECEIVABLE), office.balance(INCOME)) == (0, 7_404)
    paper = office.write(receipts.receipt_paper, ReceiptRequest(paid.receipt), office.grace)
    assert paper.shares[0] == ("Penalty", 7_404)
    reverse(office, paid.entry_number)
    assert office.read(loans.row_of, loan.loan_id).status == "active"
    assert office.balance(INCOME) == 0
    to(office, 5, 16)
    assert make_penalties.charge(office).charges == 1
    assert make_penalties.charges(office)[-1] == ("L-0001", 1_481, "2026-05-16")
    explained(office)


def test_who_is_spared_is_charged_by_nobody(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    make_penalties.switch_on(office, "late_instalment", grace_days=0)
    wish = SpareWish(loan.member_id, "", make.day(office), date(2026, 4, 30), "Agreed by the board")
    office.write(waivers.ask_spare, wish, office.peter)
    request = make.waiting_request(office, ApprovalKind.PENALTY_WAIVER, loan.member_id)
    make.decide(office, request, office.daniel)
    to(office, 5, 30)
    run = office.write(penalty_run.charge_slice, Run(), CLOCK)
    while not run.is_done:
        run = office.write(penalty_run.charge_slice, run, CLOCK)
    assert make_penalties.charges(office) == [("L-0001/2", PENALTY, "2026-05-17")]


def test_missed_contributions_are_fined_weekly_and_fines_are_paid_at_the_counter(
    office: PracticeOffice,
) -> None:
    make_savings.other_terms(
        office, "deposits", every=Every.WEEK, expected_cents=25_000, due_day=1, preset_cents=0
    )
    make_penalties.switch_on(office, "missed_contribution")
    paid_up, behind = make.member(office), make.member(office, phone="0722000002")
    make_savings.contribution(office, paid_up, deposits=1_000)
    make_savings.contribution(office, behind, deposits=250)
    to(office, 3, 31)
    day = make.day(office)
    seen = office.read(penalty_run.preview, day, office.grace)
    assert [row.why for row in seen] == ["Deposits due 23 Mar 2026", "Deposits due 30 Mar 2026"]
    run = make_penalties.charge(office)
    assert (run.charges, run.cents) == (2, 10_000)
    subject = f"{behind.number}/deposits"
    assert make_penalties.charges(office) == [
        (subject, 5_000, "2026-03-24"),
        (subject, 5_000, "2026-03-31"),
    ]
    assert make_penalties.charge(office, date(2026, 3, 25)).charges == 0
    assert office.balance(OTHER) == office.balance(RECEIVABLE) == 10_000

    new = make_savings.new_contribution(office, behind, deposits=500)
    with pytest.raises(InvalidInput, match=r"100\.00 are owed"):
        office.write(contributions.take, replace(new, fines_cents=10_001), office.peter)
    taken = office.write(contributions.take, replace(new, fines_cents=6_000), office.peter)
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
    assert paper.shares == (("Deposits", 50_000), ("Fines", 6_000))
    assert office.balance(RECEIVABLE) == 4_000
    # The oldest fine was paid first, so only the second one grows.
    to(office, 4, 30)
    make_savings.contribution(office, behind, deposits=2_000)
    make_savings.contribution(office, paid_up, deposits=2_000)
    grown = [row for row in _run_and_read(office) if row[3] == 1]
    assert grown == [(subject, 1_000, "2026-04-30", 1)]
    reverse(office, taken.entry_number)
    # Unpaid again, the first fine has grown as well.
    charged = [row for row in _run_and_read(office) if row[0] == subject]
    assert charged[-1] == (subject, 1_000, "2026-04-23", 1)
    assert office.read(penalty_rows.fines_of, behind.member_id) == sum(row[1] for row in charged)


def _run_and_read(office: PracticeOffice) -> list[tuple[str, int, str, int]]:
    make_penalties.charge(office)
    return office.sql("SELECT subject, cents, charged_on, stage FROM penalty_charge ORDER BY id")


def test_fines_of_a_meeting_are_noted_once(office: PracticeOffice) -> None:
    late = make.member(office)
    with pytest.raises(InvalidInput, match="not switched on"):
        make_penalties.meeting(office, (late.member_id, "absent"))
    make_penalties.switch_on(office, "absent")
    words = make_penalties.meeting(office, (late.member_id, "absent"))
    assert words == "Recorded. 1 fine of 16 Mar 2026, KES 200.00 in all."
    assert make_penalties.meeting(office, (late.member_id, "absent")).startswith("Recorded. 0")
    assert office.read(penalty_rows.fines_of, late.member_id) == 20_000
    to(office, 4, 15)
    make_penalties.charge(office)
    to(office, 4, 15, 2027)
    make_penalties.charge(office)
    cents = [row[1] for row in make_penalties.charges(office)]
    # 200, a fifth of it after 30 days, and a year later half of what is unpaid.
    assert cents == [20_000, 4_000, 12_000]
    explained(office)
    rows = office.read(penalty_list.list_penalties, PenaltyQuestion(member_id=late.member_id))
    assert [(row.why, row.state) for row in rows] == [("Meeting of 16 Mar 2026", "unpaid")] * 3
    only_fines = make_savings.new_contribution(office, late)
    office.write(contributions.take, replace(only_fines, fines_cents=36_000), office.peter)
    assert office.read(penalty_rows.fines_of, late.member_id) == 0


def test_a_cheque_pays_fines_when_it_is_cleared_and_owes_them_again_when_it_is_not(
    office: PracticeOffice,
) -> None:
    late = make.member(office)
    make_penalties.switch_on(office, "absent")
    make_penalties.meeting(office, (late.member_id, "absent"))

    def owed() -> int:
        return office.read(penalty_rows.fines_of, late.member_id)

    def cheque(number: str, fines_cents: int) -> str:
        new = make_savings.new_contribution(office, late, deposits=50)
        new = replace(new, source=PaidBy.CHEQUE, reference=number, fines_cents=fines_cents)
        return office.write(contributions.take, new, office.peter).receipt

    def clear(receipt: str) -> int:
        cleared = ClearedCheque(make.key(), receipt, make.day(office))
        return office.write(members_cheques.clear, cleared, office.grace).entry_number

    first = cheque("1", 20_000)
    assert owed() == 20_000
    entry = clear(first)
    assert (owed(), office.balance("2150")) == (0, 0)
    reverse(office, entry)
    back = ReturnedCheque(make.key(), first, make.day(office), 0, "No funds.")
    office.write(members_cheques.came_back, back, office.grace)
    assert owed() == 20_000
    # What was paid in cash before the cheque is cleared waits for another purpose.
    second = cheque("2", 20_000)
    cash = make_savings.new_contribution(office, late)
    office.write(contributions.take, replace(cash, fines_cents=15_000), office.peter)
    clear(second)
    assert (owed(), office.balance("2150")) == (0, 15_000)


def test_a_loan_written_off_is_owed_with_its_penalty(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    make_penalties.switch_on(office, "late_instalment", grace_days=0)
    to(office, 5, 12)
    # A payment that is dated back before the penalty does not change it; the penalty is owed beside the rest.
    back = NewRepayment(make.key(), loan.loan_id, 100, Source.CASH, "", date(2026, 4, 16))
    office.write(repayments.take, back, office.grace)
    assert make_penalties.charges(office) == [("L-0001/1", 44_420, "2026-04-17")]
    make_endings.agree(office, make_endings.ask_write_off(office, loan.loan_id))
    assert office.balance(RECEIVABLE) == office.balance(INCOME) == 0
    facts = office.read(recoveries.look, loan.loan_id, office.grace)
    assert facts.written_off_cents == 10_000_000 + 100_000 - 100 + 44_420
    (row,) = office.read(penalty_list.list_penalties, PenaltyQuestion(loan_id=loan.loan_id))
    assert (row.state, row.left_cents) == ("written off", 0)
    (number,) = office.sql("SELECT entry_number FROM loan_write_off")[0]
    reverse(office, number)
    assert office.balance(RECEIVABLE) == 44_420
    assert owed(office, loan.loan_id)[0] == INSTALMENT - 100 + 44_420
