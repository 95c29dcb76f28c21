"""Loans agreed anew, written off and recovered, and the allowance: what is posted, and that reversal restores it."""

from datetime import date

import pytest

from sacco_desktop.documents.loan_letter import draw_loan_letter
from sacco_desktop.domain.approvals import ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.lending import (
    due_instalments,
    eligibility,
    loans,
    payoffs,
    provisioning,
    recoveries,
    repayments,
    reschedule_undoing,
    schedule_history,
    schedule_papers,
    write_offs,
)
from sacco_desktop.services.lending.agreement_papers import agreement_letter
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.lending.payoffs import PayoffQuestion
from sacco_desktop.services.lending.recoveries import NewRecovery
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.lending.reschedule_undoing import AgreementBack
from sacco_desktop.services.lending.schedule_history import VersionQuestion
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.reports.allowance_report import allowance_report
from sacco_desktop.services.reports.reading import read_report
from sacco_desktop.services.reports.report import ReportKind, ReportRequest
from tests import make, make_endings, make_loans
from tests.make import PracticeOffice

# KES 100,000 at 1 % a month over twelve, rounded up to the shilling; paid out on 16 March.
INSTALMENT = 888_500
LOAN = "1110.L-0001"


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    return make_loans.active_loan(office).loan_id


def until(office: PracticeOffice, month: int, day: int) -> None:
    office.clock.advance(days=(date(2026, month, day) - make.day(office)).days)
    office.write(due_instalments.catch_up_slice, Slice(None))


def pay(office: PracticeOffice, loan_id: int, cents: int) -> None:
    new = NewRepayment(make.key(), loan_id, cents, Source.CASH, "", make.day(office))
    office.write(repayments.take, new, office.grace)


def reverse(office: PracticeOffice, entry: int) -> None:
    request = office.write(
        decisions.ask_reversal, ReversalRequest(entry, "Decided wrongly"), office.grace
    )
    make.decide(office, request, office.daniel)


def status(office: PracticeOffice, loan_id: int) -> str:
    return office.read(loans.row_of, loan_id).status


def last_entry(office: PracticeOffice, kind: str) -> int:
    rows = office.sql("SELECT max(number) FROM journal_entry WHERE kind = ?", kind)
    return int(rows[0][0])


def days(office: PracticeOffice, on: date) -> list[tuple[int, int]]:
    return [(one.days_late, one.class_days) for one in office.read(loan_book.loans_on, on)]


def test_a_late_loan_is_agreed_anew_and_its_class_remembers(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 4, 16)
    pay(office, loan_id, INSTALMENT)
    until(office, 6, 26)
    first = office.read(loans.detail, loan_id).schedule
    # A repayment after it was asked for makes it another loan to decide on.
    stale = make_endings.ask_reschedule(office, loan_id)
    pay(office, loan_id, 100)
    assert make.decide(office, stale, office.daniel).status is ApprovalStatus.VOID
    make_endings.agree(office, make_endings.ask_reschedule(office, loan_id))
    row = office.read(loans.row_of, loan_id)
    assert (row.status, row.balance_cents) == ("active", 9_211_500)
    now = office.read(loans.detail, loan_id).schedule
    assert sum(one.principal_cents for one in now) == 10_000_000
    letter = office.write(agreement_letter, loan_id, office.peter)
    assert letter.facts[0] == ("Agreed on", "26 Jun 2026")
    assert letter.amounts[0].amount_cents == 9_211_500
    assert office.write(agreement_letter, loan_id, office.peter).stamp.copy_number == 2
    assert draw_loan_letter(letter).startswith(b"%PDF")
    # Interest of May and June is receivable as before, and nothing of it is booked again when it falls due.
    assert office.balance("1120") == 92_115 + 84_151 - 100
    assert days(office, make.day(office)) == [(0, 41)]
    assert days(office, date(2026, 6, 25)) == [(40, 40)]
    until(office, 7, 26)
    used = 76_108 * 10 // 30
    assert office.balance("1120") == 92_115 + 84_151 - 100 + used + 92_115
    figure = office.read(payoffs.look, PayoffQuestion(loan_id, make.day(office)), office.grace)
    assert figure.settlement.total_cents == 9_211_500 + office.balance("1120")
    # The first schedule stays readable.
    versions = office.read(schedule_history.versions, loan_id, office.peter)
    assert [(one.why, one.holds) for one in versions] == [
        ("As paid out", False),
        ("Agreed anew", True),
    ]
    paper = office.write(schedule_papers.version_paper, VersionQuestion(loan_id, 1), office.peter)
    assert [one.due_on for one in paper.rows] == [one.due_on for one in first]
    # After half a year of the rule the new schedule alone counts, and by the rule of zero at once.
    until(office, 12, 27)
    assert days(office, make.day(office)) == [(154, 154)]
    make_loans.set_rule(office, "loan.rescheduled_months", "0")
    assert days(office, date(2026, 12, 27))[0][1] == 154


def test_an_agreement_is_taken_back_while_nothing_followed_it(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 4, 16)
    pay(office, loan_id, INSTALMENT)
    until(office, 6, 26)
    with pytest.raises(WrongState, match="does not run by a new agreement"):
        make_endings.ask_agreement_back(office, loan_id)
    first = office.read(loans.detail, loan_id).schedule
    make_endings.agree(office, make_endings.ask_reschedule(office, loan_id))
    until(office, 7, 26)
    pay(office, loan_id, 100)
    receipt, entry = office.sql("SELECT receipt, entry_number FROM repayment ORDER BY id DESC")[0]
    with pytest.raises(WrongState, match=f"{receipt} paid by the new agreement"):
        make_endings.ask_agreement_back(office, loan_id)
    reverse(office, entry)
    version = office.read(loans.row_of, loan_id).version
    with pytest.raises(InvalidInput, match="Write why"):
        office.write(reschedule_undoing.ask, AgreementBack(loan_id, version, " "), office.peter)
    stale = make_endings.ask_agreement_back(office, loan_id)
    pay(office, loan_id, 100)
    assert make.decide(office, stale, office.daniel).status is ApprovalStatus.VOID
    reverse(office, last_entry(office, "loan_repayment"))
    asked = make_endings.ask_agreement_back(office, loan_id)
    assert "holds again" in make_endings.agree(office, asked)
    # What has fallen due by the first schedule is owed and late, and its interest receivable, each once.
    assert office.read(loans.detail, loan_id).schedule == first
    assert office.balance("1120") == 92_115 + 84_151 + 76_108
    assert days(office, make.day(office)) == [(71, 71)]
    assert [one.why for one in office.read(schedule_history.versions, loan_id, office.peter)][
        1:
    ] == [
        "Agreed anew",
        "As before, after a reversal",
    ]
    # The same may be agreed again, and the books of the days between stay what they were.
    make_endings.agree(office, make_endings.ask_reschedule(office, loan_id))
    assert days(office, date(2026, 7, 1)) == [(0, 41)]


def test_a_loan_is_written_off_from_the_allowance_and_recovered_as_income(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 5, 20)
    # 100,000 of a loan 34 days late wants 25 %.
    make_endings.agree(office, make_endings.ask_provisioning(office))
    assert (office.balance("1190"), office.balance("5410")) == (2_500_000, 2_500_000)
    sheet = office.read(allowance_report, None, office.grace)
    assert sheet.rows[-1].cells == ("Total", 1, 10_000_000, "", 0, 2_500_000)
    assert dict(sheet.facts)["Agreed by"] == office.daniel.full_name
    waiting = make_endings.ask_reschedule(office, loan_id)
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    assert status(office, loan_id) == "written_off"
    assert office.balance(LOAN) == office.balance("1120") == office.balance("4010") == 0
    assert (office.balance("1190"), office.balance("5410")) == (0, 10_000_000)
    # The reschedule that waited is void, interest stops, and the loan takes no ordinary repayment.
    assert office.sql("SELECT status FROM approval_request WHERE id = ?", waiting)[0][0] == "void"
    until(office, 7, 20)
    assert office.balance("1120") == 0
    with pytest.raises(WrongState, match="written off"):
        pay(office, loan_id, 100)
    assert office.read(loan_book.loans_on, make.day(office)) == ()
    assert [one.owed_cents for one in office.read(loan_book.loans_on, date(2026, 5, 19))] == [
        10_000_000
    ]
    facts = office.read(recoveries.look, loan_id, office.grace)
    owed = 10_000_000 + 100_000 + 92_115
    assert (facts.written_off_cents, facts.left_cents) == (owed, owed)
    taken = recover(office, loan_id, 600_000)
    assert office.balance("4200") == 600_000
    paper = office.write(receipts.receipt_paper, receipts.ReceiptRequest(taken.receipt))
    assert (paper.after_words, paper.balance_after_cents) == ("Still owed", owed - 600_000)
    with pytest.raises(InvalidInput, match="still owed"):
        recover(office, loan_id, owed)
    # Who still owes it borrows nothing more.
    member_id = office.read(loans.row_of, loan_id).member_id
    wish = eligibility.LoanWish(member_id, "development", 1_000_000, 6)
    checks = office.read(eligibility.preview, wish, office.peter)
    assert [(one.rule, one.passed) for one in checks][-1] == ("written_off", False)
    rest = recover(office, loan_id, owed - 600_000)
    assert status(office, loan_id) == "closed"
    reverse(office, rest.entry_number)
    assert status(office, loan_id) == "written_off"
    off = last_entry(office, "loan_written_off")
    with pytest.raises(WrongState, match="recovered"):
        reverse(office, off)
    reverse(office, taken.entry_number)
    reverse(office, off)
    # It runs again, and what fell due meanwhile is booked.
    assert (status(office, loan_id), office.balance(LOAN)) == ("active", 10_000_000)
    assert office.balance("1190") == 2_500_000
    assert office.balance("1120") == 100_000 + 92_115 + 84_151 + 76_108


def recover(office: PracticeOffice, loan_id: int, cents: int) -> repayments.TakenRepayment:
    new = NewRecovery(make.key(), loan_id, cents, Source.CASH, "", make.day(office))
    return office.write(recoveries.take, new, office.grace)


def test_what_is_kept_for_later_repays_principal_before_a_write_off(
    office: PracticeOffice, loan_id: int
) -> None:
    pay(office, loan_id, 500_000)
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    assert office.balance("2165.L-0001") == office.balance(LOAN) == 0
    assert office.balance("5410") == 9_500_000

    def owed(work: Work, which: int) -> int:
        return write_offs.left_cents(work, which)

    assert office.read(owed, loan_id) == 9_500_000


def test_the_allowance_is_set_once_for_a_day_and_given_back_when_loans_get_better(
    office: PracticeOffice, loan_id: int
) -> None:
    until(office, 5, 20)
    shown = office.read(provisioning.look, make.day(office), office.grace)
    assert [(one.name, one.closing_cents) for one in shown.lines if one.loans] == [
        ("Substandard", 2_500_000)
    ]
    first, second = make_endings.ask_provisioning(office), make_endings.ask_provisioning(office)
    with pytest.raises(Exception, match="void"):
        make.decide(office, first, office.daniel)
    make_endings.agree(office, second)
    with pytest.raises(InvalidInput, match="already") as refused:
        office.read(provisioning.look, make.day(office), office.grace)
    assert refused.value.field == "as_of"
    entry = last_entry(office, "provision_moved")
    office.clock.advance(days=1)
    pay(office, loan_id, 2 * INSTALMENT)
    better = office.read(provisioning.look, make.day(office), office.grace)
    left = 10_000_000 - 788_500 - 796_385
    assert (better.wanted_cents, better.held_cents) == (left // 100, 2_500_000)
    make_endings.agree(office, make_endings.ask_provisioning(office))
    assert office.balance("1190") == left // 100
    # The later day goes first; then the day can be set anew.
    with pytest.raises(WrongState, match="first"):
        reverse(office, entry)
    reverse(office, last_entry(office, "provision_moved"))
    assert office.balance("1190") == 2_500_000
    make_endings.agree(office, make_endings.ask_provisioning(office))
    assert office.balance("1190") == left // 100


def test_the_register_has_every_loan_with_what_it_owed_that_day_or_how_it_ended(
    office: PracticeOffice, loan_id: int
) -> None:
    def register(on: date) -> list[tuple[object, ...]]:
        request = ReportRequest(ReportKind.LOAN_REGISTER, on, on)
        found = office.read(read_report, request, office.grace)
        return [row.cells for row in found.rows]

    assert len(register(date(2026, 3, 15))) == 1
    until(office, 5, 20)
    paid_out, due = date(2026, 3, 16), date(2027, 3, 16)
    whose = "Mary Njeri Otieno, M-0001"
    line = ("L-0001", whose, "Dairy cow", paid_out, 10_000_000, due, 10_000_000, 0, "")
    assert register(make.day(office))[0] == line
    make_endings.agree(office, make_endings.ask_reschedule(office, loan_id))
    assert register(make.day(office))[0][5] == date(2028, 5, 20)
    assert register(date(2026, 5, 19))[0] == line
    office.clock.advance(days=1)
    make_endings.agree(office, make_endings.ask_write_off(office, loan_id))
    assert register(make.day(office))[0][6:] == (0, 0, "21 May 2026, written off")
