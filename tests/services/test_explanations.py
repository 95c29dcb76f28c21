"""What the office shows is what the explanation says, and what can be reckoned again from it alone."""

from functools import partial

import pytest

from sacco_desktop.domain.errors import NotFound, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.savings import Withdrawal
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.explanations.explaining import explain, explanation_paper
from sacco_desktop.services.explanations.question import Figure, Question
from sacco_desktop.services.guarantors import guarantor_standing
from sacco_desktop.services.lending import loan_limits, loan_standing, loans, payoffs, repayments
from sacco_desktop.services.lending.loan_limits import LimitQuestion
from sacco_desktop.services.lending.payoffs import PayoffQuestion
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.savings import payout_cover
from tests import (
    make,
    make_endings,
    make_guarantors,
    make_loans,
    make_savings,
    reckoned_again,
)
from tests.make import PracticeOffice


def _standing(work: Work, loan_id: int) -> dict[Figure, int | None]:
    """The figures of the loan's panel."""
    standing = loan_standing.standing_of(work, loans.load(work, loan_id))
    assert standing is not None
    return {
        Figure.ARREARS: standing.late_cents,
        Figure.PAYOFF: standing.payoff_cents,
        Figure.ALLOWANCE: standing.allowance_cents,
    }


def _shown(work: Work, loan_id: int) -> dict[Figure, int | None]:
    """The figures as the pages show them."""
    loan = loans.load(work, loan_id)
    member = members.load(work, loan.member_id)
    standing = loan_standing.standing_of(work, loan)
    assert standing is not None
    refund = payout_terms.purpose_of("deposit_refund")
    asked = LimitQuestion(member.id, "development")
    return {
        Figure.LIMIT: loan_limits.limit(work, asked).room_cents,
        Figure.CAPACITY: guarantor_standing.capacity_of(work, member.id).free_cents,
        Figure.FREE_DEPOSITS: payout_cover.cover(work, refund, "2010", member).free_cents,
        Figure.ARREARS: standing.late_cents,
        Figure.PAYOFF: standing.payoff_cents,
    }


_AGAIN = {
    Figure.LIMIT: reckoned_again.limit,
    Figure.CAPACITY: reckoned_again.capacity,
    Figure.FREE_DEPOSITS: reckoned_again.free_deposits,
    Figure.ARREARS: reckoned_again.arrears,
    Figure.PAYOFF: reckoned_again.payoff,
    Figure.ALLOWANCE: reckoned_again.allowance,
}


def test_every_figure_is_what_it_says_and_can_be_reckoned_again(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    borrower, jane = (
        office.read(members.find, "M-0001")[0],
        make.member(office, deposits_kes=60_000),
    )
    make_guarantors.agreed(office, loan.loan_id, jane, 60_000)
    other = office.write(loans.apply, make.application(jane, 50_000), office.peter)
    make_guarantors.agreed(office, other.loan_id, borrower, 1_000)
    office.clock.advance(days=91)
    make.deposit(office, borrower, 12_345)
    paid = NewRepayment(make.key(), loan.loan_id, 9_000_00, Source.CASH, "", make.day(office))
    office.write(repayments.take, paid, office.peter)
    member_id = office.read(loans.row_of, loan.loan_id).member_id
    shown = office.read(_shown, loan.loan_id)
    for figure, cents in shown.items():
        about = loan.loan_id if figure in (Figure.ARREARS, Figure.PAYOFF) else member_id
        found = office.read(explain, Question(figure, about, "development"), office.daniel)
        assert (found.result_cents, _AGAIN[figure](found.given)) == (cents, cents), figure
        assert found.frame.entries, figure
        assert found.frame.sources, figure
    assert min(cents or 0 for cents in shown.values()) > 0
    refused = office.read(explain, Question(Figure.LIMIT, member_id, "secured"))
    assert "not for this member yet" in refused.frame.notes[0]
    today = PayoffQuestion(loan.loan_id, make.day(office))
    settled = office.read(payoffs.look, today).settlement
    assert settled.to_bring_cents == shown[Figure.PAYOFF]
    late = office.read(explain, Question(Figure.ARREARS, loan.loan_id))
    assert len([each for each in late.given if each.key == "paid"]) == 1


def test_the_provision_is_that_of_the_report_as_of_any_day(office: PracticeOffice) -> None:
    loan = make_guarantors.late_loan(office, ())
    make_loans.set_rule(office, "loan.classes", "0: 1, 1: 5, 31: 25.5, 181: 50, 361: 100")
    today = make.day(office)
    found = office.read(explain, Question(Figure.ALLOWANCE, loan.loan_id))
    assert found.result_cents == 25_500_00 == reckoned_again.allowance(found.given)
    assert found.frame.sources[0].since == today
    before = Question(Figure.ALLOWANCE, loan.loan_id, on=today.replace(month=today.month - 1))
    earlier = office.read(explain, before)
    assert earlier.result_cents == 5_000_00 == reckoned_again.allowance(earlier.given)
    assert earlier.frame.sources[0].since is None
    # One loan is read alone, and is what the whole book says of it.
    for on in (before.on or today, today):
        book = {one.loan_id: one for one in office.read(loan_book.loans_on, on)}
        alone = partial(loan_book.loan_on, on=on)
        assert office.read(alone, loan.loan_id) == book[loan.loan_id]
    # Agreed anew it is late no more, keeps its class for some months, and is paid off by the new schedule.
    make_endings.agree(office, make_endings.ask_reschedule(office, loan.loan_id))
    office.clock.advance(days=20)
    for figure in (Figure.ALLOWANCE, Figure.PAYOFF):
        anew = office.read(explain, Question(figure, loan.loan_id))
        shown = office.read(_standing, loan.loan_id)
        assert anew.result_cents == shown[figure] == _AGAIN[figure](anew.given), figure
    assert shown[Figure.ARREARS] == 0
    assert shown[Figure.ALLOWANCE] == 25_500_00


def test_a_figure_that_is_not_there_yet_is_refused_with_what_to_do(office: PracticeOffice) -> None:
    row = office.write(loans.apply, make.application(make.member(office), 10_000), office.peter)
    for figure in (Figure.ARREARS, Figure.ALLOWANCE):
        with pytest.raises(WrongState, match="L-0001 is not paid out"):
            office.read(explain, Question(figure, row.loan_id))
    with pytest.raises(NotFound):
        office.read(explain, Question(Figure.LIMIT, 77, "development"))
    beside = office.read(explain, Question(Figure.LOAN_LIMIT, row.loan_id))
    assert beside.result_cents == reckoned_again.limit(beside.given) == 0


def test_deposits_that_are_never_paid_out_are_not_free(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=10_000)
    make_savings.other_terms(office, "deposits", withdrawal=Withdrawal.NEVER)
    found = office.read(explain, Question(Figure.FREE_DEPOSITS, row.member_id))
    assert found.result_cents == 0 == reckoned_again.free_deposits(found.given)
    assert "only when a member leaves" in found.rule
    assert found.frame.sources[-1].since == make.day(office)
    assert office.read(_free_on_the_page, row.member_id) == 0


def _free_on_the_page(work: Work, member_id: int) -> int:
    return payout_cover.free_deposits(work, members.load(work, member_id))


def test_a_paper_of_it_is_numbered_and_remembered(office: PracticeOffice) -> None:
    row = make.member(office, deposits_kes=10_000)
    asked = Question(Figure.FREE_DEPOSITS, row.member_id)
    first = office.write(explanation_paper, asked, office.daniel)
    again = office.write(explanation_paper, asked, office.daniel)
    assert (first.stamp.copy_number, again.stamp.copy_number) == (1, 2)
    assert first.stamp.fingerprint == again.stamp.fingerprint
