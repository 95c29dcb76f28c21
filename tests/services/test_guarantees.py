"""Guarantors: who may promise how much, what binds of a promise, and how promises end."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput, KeyReused, NotAllowed, SamePerson, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.guarantors import (
    guarantees,
    guarantor_pledges,
    guarantor_register,
    guarantor_standing,
)
from sacco_desktop.services.guarantors.guarantees import (
    Consent,
    ConsentWay,
    LettingGo,
    NewGuarantee,
    Substitution,
)
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import loans, repayment_undoing, repayments
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import payout_terms
from sacco_desktop.services.savings import payout_cover
from tests import make, make_guarantors, make_loans
from tests.make import PracticeOffice
from tests.statement_count import statements_of


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    """A loan of KES 200,000 that nobody has appraised."""
    of = make.member(office, deposits_kes=100_000)
    return office.write(loans.apply, make.application(of, 200_000), office.peter).loan_id


def free(office: PracticeOffice, member_id: int) -> int | None:
    return office.read(guarantor_standing.capacity_of, member_id).free_cents


def live(office: PracticeOffice, pledge: Pledge) -> int:
    found = office.read(guarantor_pledges.one, pledge.guarantee_id)
    assert found is not None
    return found.live_cents


def repay(office: PracticeOffice, loan_id: int, kes: int) -> int:
    new = NewRepayment(make.key(), loan_id, kes * 100, Source.CASH, "", make.day(office))
    return office.write(repayments.take, new, office.grace).entry_number


def test_the_worked_capacity_of_a_guarantor(office: PracticeOffice, loan_id: int) -> None:
    """Deposits 150,000, promises of 60,000 and 25,000, an own loan of 40,000: 25,000 by the first rule, 365,000 by the
    second.
    """
    mary = make_guarantors.guarantor(office, 150_000)
    other = make_guarantors.guarantor(office, 100_000)
    second = office.write(loans.apply, make.application(other, 50_000), office.peter).loan_id
    office.write(loans.apply, make.application(mary, 40_000), office.peter)
    make_guarantors.agreed(office, loan_id, mary, 60_000)
    make_guarantors.agreed(office, second, mary, 25_000)
    assert free(office, mary.member_id) == 25_000_00
    make_loans.set_rule(office, "guarantor.capacity", "multiple_less_pledges")
    assert free(office, mary.member_id) == 365_000_00
    make_loans.set_rule(office, "guarantor.capacity", "count_only")
    assert free(office, mary.member_id) is None
    make_loans.set_rule(office, "guarantor.most_loans", "2")
    assert free(office, mary.member_id) == 0


def test_more_than_the_free_capacity_is_refused_with_its_figures(
    office: PracticeOffice, loan_id: int
) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    new = NewGuarantee(make.key(), loan_id, mary.member_id, 50_000_01)
    with pytest.raises(InvalidInput, match=r"KES 50,000\.01.*Free: KES 50,000\.00") as refused:
        office.write(guarantees.ask, new, office.peter)
    assert refused.value.field == "pledge"


def test_two_promises_that_fit_alone_do_not_both_become_binding(
    office: PracticeOffice, loan_id: int
) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    of = make_guarantors.guarantor(office, 50_000)
    second = office.write(loans.apply, make.application(of, 50_000), office.peter).loan_id
    first = make_guarantors.asked(office, loan_id, mary, 40_000)
    other = make_guarantors.asked(office, second, mary, 40_000)
    make_guarantors.says(office, first)
    with pytest.raises(InvalidInput, match=r"Free: KES 10,000\.00"):
        make_guarantors.says(office, other)


def test_nobody_guarantees_the_own_loan(office: PracticeOffice, loan_id: int) -> None:
    borrower = office.read(loans.row_of, loan_id).member_id
    new = NewGuarantee(make.key(), loan_id, borrower, 100)
    with pytest.raises(InvalidInput, match="own loan"):
        office.write(guarantees.ask, new, office.peter)


def test_nobody_is_asked_twice_for_one_loan(office: PracticeOffice, loan_id: int) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    make_guarantors.asked(office, loan_id, mary, 1_000)
    with pytest.raises(InvalidInput, match="already: requested"):
        make_guarantors.asked(office, loan_id, mary, 1_000)


def test_the_same_click_asks_once(office: PracticeOffice, loan_id: int) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    new = NewGuarantee(make.key(), loan_id, mary.member_id, 100_000)
    first = office.write(guarantees.ask, new, office.peter)
    assert office.write(guarantees.ask, new, office.peter).guarantee_id == first.guarantee_id
    with pytest.raises(KeyReused):
        office.write(guarantees.ask, replace(new, pledge_cents=1), office.peter)


def test_a_member_whose_own_loan_is_late_cannot_guarantee(office: PracticeOffice) -> None:
    late = make_loans.active_loan(office)
    office.clock.advance(days=40)
    of = make_guarantors.guarantor(office, 50_000)
    other = office.write(loans.apply, make.application(of, 50_000), office.peter)
    new = NewGuarantee(make.key(), other.loan_id, late.member_id, 100)
    with pytest.raises(InvalidInput, match="9 days late, and 0 are allowed"):
        office.write(guarantees.ask, new, office.peter)


def test_who_declined_does_not_agree_on_the_same_paper(
    office: PracticeOffice, loan_id: int
) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    pledge = make_guarantors.asked(office, loan_id, mary, 10_000)
    assert make_guarantors.says(office, pledge, agrees=False).status == "declined"
    with pytest.raises(WrongState, match="declined already"):
        make_guarantors.says(office, pledge)
    # Asked anew, the member may agree.
    assert make_guarantors.agreed(office, loan_id, mary, 10_000).status == "accepted"


def test_a_consent_needs_its_evidence(office: PracticeOffice, loan_id: int) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    pledge = make_guarantors.asked(office, loan_id, mary, 10_000)
    word = Consent(pledge.guarantee_id, True, ConsentWay.PHONE_CALL, "  ", make.day(office))
    with pytest.raises(InvalidInput) as refused:
        office.write(guarantees.record_consent, word, office.peter)
    assert refused.value.field == "evidence"
    with pytest.raises(NotAllowed):
        office.write(guarantees.record_consent, replace(word, evidence="0712"), office.daniel)


def test_the_borrower_records_no_consent_for_the_own_loan(
    office: PracticeOffice, loan_id: int
) -> None:
    mary = make_guarantors.guarantor(office, 50_000)
    pledge = make_guarantors.asked(office, loan_id, mary, 10_000)
    borrower = office.read(loans.row_of, loan_id).member_id
    office.without_guards(
        f"INSERT INTO user_member VALUES ({office.peter.user_id}, {borrower}, 2,"
        " '2026-03-16T06:00:00.000000+00:00')"
    )
    with pytest.raises(SamePerson, match="You are the borrower"):
        make_guarantors.says(office, pledge)


def test_a_consent_after_the_appraisal_makes_the_request_void(office: PracticeOffice) -> None:
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    mary = make_guarantors.guarantor(office, 50_000)
    make_guarantors.agreed(office, row.loan_id, mary, 10_000)
    asked = office.read(decisions.list_requests, None, office.daniel)
    assert [one.status for one in asked if one.kind is ApprovalKind.LOAN] == [ApprovalStatus.VOID]
    content = office.read(loans.approval_content, row.loan_id)
    assert content["guarantors"] == [[mary.number, mary.full_name, 10_000_00]]


def test_a_guarantor_is_let_go_only_when_another_has_agreed_to_as_much(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    mary, john, faith = (make_guarantors.guarantor(office, 50_000) for _ in range(3))
    first = make_guarantors.agreed(office, loan.loan_id, mary, 30_000)
    small = make_guarantors.agreed(office, loan.loan_id, faith, 20_000)
    other = make_guarantors.asked(office, loan.loan_id, john, 30_000)
    swap = Substitution(first.guarantee_id, other.guarantee_id, "Mary moves abroad.")
    with pytest.raises(InvalidInput, match="must have agreed"):
        office.write(guarantees.substitute, swap, office.peter)
    too_small = replace(swap, by_guarantee_id=small.guarantee_id)
    with pytest.raises(InvalidInput, match=r"KES 30,000\.00 is to be replaced"):
        office.write(guarantees.substitute, too_small, office.peter)
    with pytest.raises(WrongState, match="stay bound until it is repaid"):
        office.write(guarantees.let_go, LettingGo(first.guarantee_id, "Asks so."), office.peter)
    make_guarantors.says(office, other)
    done = office.write(guarantees.substitute, swap, office.peter)
    assert (done.status, done.replaced_by, done.live_cents) == (
        "substituted",
        other.guarantee_id,
        0,
    )
    assert free(office, mary.member_id) == 50_000_00


def test_one_promise_stands_in_for_one_other(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    pledges = [
        make_guarantors.agreed(office, loan.loan_id, make_guarantors.guarantor(office, 50_000), 100)
        for _ in range(3)
    ]
    swap = Substitution(pledges[0].guarantee_id, pledges[2].guarantee_id, "Asks so.")
    office.write(guarantees.substitute, swap, office.peter)
    again = replace(swap, guarantee_id=pledges[1].guarantee_id)
    with pytest.raises(InvalidInput, match="already"):
        office.write(guarantees.substitute, again, office.peter)


def test_a_promise_binds_whole_or_shrinks_with_the_loan_by_the_rule(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    mary = make_guarantors.guarantor(office, 60_000)
    pledge = make_guarantors.agreed(office, loan.loan_id, mary, 60_000)
    office.clock.advance(days=31)
    # The first instalment repays 7,885 of the 100,000.
    repay(office, loan.loan_id, 8_885)
    assert live(office, pledge) == 60_000_00
    make_loans.set_rule(office, "guarantor.release", "pro_rata")
    assert live(office, pledge) == 5_526_900
    assert office.sql("SELECT pledge_cents FROM guarantee") == [(60_000_00,)]


def test_a_promise_of_a_repaid_loan_is_free_and_binds_again_when_that_is_taken_back(
    office: PracticeOffice,
) -> None:
    loan = make_loans.active_loan(office)
    mary = make_guarantors.guarantor(office, 60_000)
    pledge = make_guarantors.agreed(office, loan.loan_id, mary, 60_000)
    office.clock.advance(days=400)
    last = repay(office, loan.loan_id, 106_620)
    assert office.read(loans.row_of, loan.loan_id).status == "closed"
    assert (live(office, pledge), free(office, mary.member_id)) == (0, 60_000_00)
    office.write(
        lambda work, number: repayment_undoing.reverse_entry(work, number, "Not ours."), last
    )
    assert (live(office, pledge), free(office, mary.member_id)) == (60_000_00, 0)


def test_promised_deposits_are_not_refunded(office: PracticeOffice) -> None:
    loan = make_loans.active_loan(office)
    mary = make_guarantors.guarantor(office, 60_000)
    make_guarantors.agreed(office, loan.loan_id, mary, 45_000)

    def cover(work: Work, member_id: int) -> int:
        purpose = payout_terms.purpose_of("deposit_refund")
        return payout_cover.cover(work, purpose, "2010", members.load(work, member_id)).free_cents

    assert office.read(cover, mary.member_id) == 15_000_00


def test_the_list_names_who_guarantees_whom_and_every_ring(office: PracticeOffice) -> None:
    people = [make_guarantors.guarantor(office, 50_000) for _ in range(3)]
    ids = [
        office.write(loans.apply, make.application(one, 10_000), office.peter).loan_id
        for one in people
    ]
    make_guarantors.agreed(office, ids[1], people[0], 1_000)
    make_guarantors.agreed(office, ids[2], people[1], 2_000)
    rows = office.read(guarantor_register.register, None, office.daniel)
    assert [(row.pledge.guarantor_number, row.pledge.live_cents, row.ring) for row in rows] == [
        (people[1].number, 2_000_00, ()),
        (people[0].number, 1_000_00, ()),
    ]
    few = statements_of(
        office, lambda: office.read(guarantor_register.register, None, office.daniel)
    )
    make_guarantors.agreed(office, ids[0], people[2], 3_000)
    make_guarantors.asked(office, ids[0], people[1], 500)
    first, *rest, waits = office.read(guarantor_register.register, None, office.daniel)
    assert {row.ring for row in (first, *rest) if row.binds} == {
        tuple(one.full_name for one in people)
    }
    assert (first.pledge.borrower_name, first.pledge.live_cents) == (
        people[0].full_name,
        3_000_00,
    )
    assert first.said == "16 Mar 2026, signed form F-12"
    assert (first.capacity.bound_cents, first.capacity.free_words) == (3_000_00, "39,000.00")
    assert (waits.waits, waits.binds, waits.said) == (False, True, first.said)
    asked = next(row for row in (first, *rest) if row.waits)
    assert (asked.pledge.guarantor_number, asked.said, asked.ring) == (people[1].number, "", ())
    assert few == statements_of(
        office, lambda: office.read(guarantor_register.register, None, office.daniel)
    )


@pytest.fixture(params=["on_clearance", "pro_rata"])
def running(office: PracticeOffice, request: pytest.FixtureRequest) -> PracticeOffice:
    """A loan with a guarantor, all of whose instalments have fallen due."""
    make_guarantors.late_loan(office, (60_000,))
    if request.param != "on_clearance":
        make_loans.set_rule(office, "guarantor.release", request.param)
    office.clock.advance(days=300)
    return office


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kes=st.integers(1, 40_000))
def test_locks_never_exceed_what_is_outstanding(running: PracticeOffice, kes: int) -> None:
    """Whatever is repaid, one after the other: no deposits are bound for more than the loan still owes."""
    if running.read(loans.row_of, 1).status == "active":
        repay(running, 1, kes)
    owed = running.read(loans.row_of, 1).balance_cents
    (pledge,) = running.read(guarantor_pledges.of_loan, 1)
    assert pledge.locks_cents <= owed
    assert pledge.live_cents <= pledge.pledge_cents
    assert (pledge.live_cents == 0) == (owed == 0)
