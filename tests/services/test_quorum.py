"""Requests that need several people: steps in order, nobody twice, who is barred, and what was right stays right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sacco_desktop.domain.approval_levels import Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    NotAllowed,
    SaccoError,
    SamePerson,
)
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.office import approval_notes, approval_rules, users
from sacco_desktop.services.office.approval_notes import NewNote
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.users import AccessChange, RoleChange
from sacco_desktop.services.payouts import payouts, vouchers
from sacco_desktop.services.people import member_links, people_changes
from sacco_desktop.services.people.member_links import MemberLink
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Sending
from tests import make, make_members
from tests.make import PracticeOffice

PAYERS = frozenset({Role.COMMITTEE, Role.TREASURER, Role.CHAIRPERSON})


def _levels(office: PracticeOffice, kind: ApprovalKind, *steps: Step) -> None:
    """Other levels from today on, asked by the administrator and approved by Daniel."""
    change = LevelsChange(kind, (Band(None, steps),), make.day(office))
    asked = office.write(approval_rules.ask_levels, change, office.admin)
    make.decide(office, asked, office.daniel)


def _row(office: PracticeOffice, request_id: int, by: Actor) -> ApprovalRow:
    rows = office.read(decisions.list_requests, None, by)
    return next(row for row in rows if row.request_id == request_id)


def _two_for_a_payout(office: PracticeOffice) -> int:
    _levels(office, ApprovalKind.PAYOUT, Step(PAYERS, 2))
    payout = make.requested_payout(office)
    return make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)


def test_a_second_yes_is_needed_and_the_first_changes_nothing(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    first = make.decide(office, request_id, office.lucy)
    assert first.status is ApprovalStatus.WAITING
    assert first.words == (
        "Your yes is noted. Still needed: 1 of chairperson, committee or treasurer. Daniel Omondi can."
    )
    (row,) = office.read(payouts.list_payouts, None)
    assert (row.status, row.approved_by) == (PayoutStatus.DRAFT, "")
    shown = _row(office, request_id, office.daniel)
    assert [(need.quorum, need.yeses) for need in shown.needs] == [(2, 1)]
    assert (shown.can_decide, shown.decided_by) == (True, "Lucy Chebet")
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.APPROVED
    (row,) = office.read(payouts.list_payouts, None)
    assert (row.status, row.approved_by) == (
        PayoutStatus.APPROVED,
        "Lucy Chebet and Daniel Omondi",
    )
    assert row.approver_ids == {office.lucy.user_id, office.daniel.user_id}


def test_nobody_decides_twice_and_is_told_who_can(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    make.decide(office, request_id, office.lucy)
    for decision in Decision:
        with pytest.raises(AlreadyDecided, match=r"already\. Daniel Omondi can give"):
            make.decide(office, request_id, office.lucy, decision)
    assert "already. Daniel Omondi can" in _row(office, request_id, office.lucy).locked_why


def test_one_no_ends_it_whatever_was_said_before(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    make.decide(office, request_id, office.lucy)
    said = make.decide(office, request_id, office.daniel, Decision.REJECT, "Too much at once.")
    assert said.status is ApprovalStatus.REJECTED
    with pytest.raises(AlreadyDecided, match="Daniel Omondi has rejected this already"):
        make.decide(office, request_id, office.lucy)
    (row,) = office.read(payouts.list_payouts, None)
    assert row.status is PayoutStatus.CANCELLED


def test_of_the_approvers_nobody_sends(office: PracticeOffice) -> None:
    """Grace asked; with two approvers both are out, and she sends."""
    make.float_of(office, 500_000)
    request_id = _two_for_a_payout(office)
    second = make.person(office, "Moses Kiptoo", Role.TREASURER)
    for by in (office.lucy, second):
        make.decide(office, request_id, by)
    (row,) = office.read(payouts.list_payouts, None)
    via = make.route(office, make.relay(office))
    for by in (office.lucy, second):
        with pytest.raises(SamePerson, match="someone else must send it"):
            office.write(payout_sending.begin, Sending(row.payout_id, via), by)
    order = make.begin(office, row, via, office.grace)
    office.write(payout_sending.record_answer, make.answer(order), office.grace)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    names = [
        one.full_name for one in office.write(vouchers.voucher, row.payout_id, None).signatures
    ]
    assert names == ["Grace Wanjiru", "Daniel Omondi", "Lucy Chebet", "Moses Kiptoo"]


def test_steps_come_one_after_the_other(office: PracticeOffice) -> None:
    chair = make.person(office, "Esther Chebii", Role.CHAIRPERSON)
    _levels(
        office,
        ApprovalKind.LOAN,
        Step(frozenset({Role.COMMITTEE}), 1),
        Step(frozenset({Role.CHAIRPERSON}), 1),
    )
    loan = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request_id = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    with pytest.raises(NotAllowed, match=r"decided by committee\. Daniel Omondi can"):
        make.decide(office, request_id, chair)
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.WAITING
    other = make.person(office, "Moses Kiptoo", Role.COMMITTEE)
    with pytest.raises(NotAllowed, match=r"decided by chairperson\. Esther Chebii can"):
        make.decide(office, request_id, other)
    assert make.decide(office, request_id, chair).status is ApprovalStatus.APPROVED
    assert office.read(loans.row_of, loan.loan_id).status == "approved"
    found = office.sql(
        "SELECT step, role FROM approval_decision WHERE request_id = ? ORDER BY step", request_id
    )
    assert found == [(1, "committee"), (2, "chairperson")]


def test_who_holds_two_offices_is_still_one_person(office: PracticeOffice) -> None:
    both = make.person(office, "Esther Chebii", Role.CHAIRPERSON, Role.COMMITTEE)
    _levels(
        office,
        ApprovalKind.LOAN,
        Step(frozenset({Role.COMMITTEE}), 1),
        Step(frozenset({Role.CHAIRPERSON}), 1),
    )
    loan = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request_id = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    make.decide(office, request_id, both)
    with pytest.raises(AlreadyDecided, match="Another person with the right role can"):
        make.decide(office, request_id, both)


def test_shipped_levels_ask_more_people_for_more_money(office: PracticeOffice) -> None:
    secretary = make.person(office, "Esther Chebii", Role.SECRETARY)
    second = make.person(office, "Moses Kiptoo", Role.COMMITTEE)
    member = make.member(office, deposits_kes=1_000_000)
    loan = make.appraised_loan(office, member, amount_cents=1_200_000_00)
    request_id = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    for by in (office.daniel, second):
        assert make.decide(office, request_id, by).status is ApprovalStatus.WAITING
    assert make.decide(office, request_id, secretary).status is ApprovalStatus.APPROVED


@pytest.mark.parametrize("cents", [500_000_00, 500_000_01])
def test_a_ceiling_belongs_to_its_band(office: PracticeOffice, cents: int) -> None:
    make.person(office, "Moses Kiptoo", Role.COMMITTEE)
    member = make.member(office, deposits_kes=400_000)
    loan = make.appraised_loan(office, member, amount_cents=cents)
    request_id = make.waiting_request(office, ApprovalKind.LOAN, loan.loan_id)
    (need,) = _row(office, request_id, office.daniel).needs
    assert need.quorum == (1 if cents == 500_000_00 else 2)


def test_a_change_of_the_levels_rewrites_no_request(office: PracticeOffice) -> None:
    payout = make.requested_payout(office)
    before = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    after = _two_for_a_payout(office)
    assert [need.quorum for need in _row(office, before, office.lucy).needs] == [1]
    assert make.decide(office, before, office.lucy).status is ApprovalStatus.APPROVED
    assert make.decide(office, after, office.lucy).status is ApprovalStatus.WAITING


# Who is barred, whatever the roles: all pairs of who made something and who decides on it.


def test_of_all_pairs_only_two_different_people_agree_on_a_loan(office: PracticeOffice) -> None:
    """Four people who each hold every office; one applies, one appraises, one is the borrower, one decides."""
    every = frozenset(Role) - {Role.CLOCK, Role.AUDITOR}
    names = ("Ann Atieno", "Ben Barasa", "Cyrus Chege", "Dora Dida")
    people = [make.person(office, name, *every) for name in names]
    borrower = make.member(office, deposits_kes=1_000_000)
    make.agreed(office, member_links.link, MemberLink(people[2].user_id, borrower.member_id))
    for applies in people:
        for appraises in people:
            row = office.write(loans.apply, make.application(borrower), applies)
            checked = Appraisal(row.loan_id, row.version, "Good.")
            office.write(loans.appraise, checked, appraises)
            request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
            barred = {applies.user_id, appraises.user_id, people[2].user_id}
            for decides in people:
                if decides.user_id not in barred:
                    continue
                with pytest.raises(SamePerson, match="so someone else must approve it"):
                    make.decide(office, request_id, decides)
                shown = _row(office, request_id, decides)
                assert not shown.can_decide
                assert decides.full_name not in shown.who_can
                assert shown.insider_words == "Works in this office"
            free = next(one for one in people if one.user_id not in barred)
            make.decide(office, request_id, free, Decision.REJECT, "Enough of this.")


def test_the_borrower_does_not_approve_the_payout_either(office: PracticeOffice) -> None:
    payout = make.requested_payout(office)
    make.agreed(office, member_links.link, MemberLink(office.lucy.user_id, payout.member_id))
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    with pytest.raises(SamePerson, match="You are the member whom this is about"):
        make.decide(office, request_id, office.lucy)
    assert _row(office, request_id, office.daniel).who_can == ("Daniel Omondi",)


def test_a_second_sign_in_of_the_same_person_is_the_same_person(office: PracticeOffice) -> None:
    """The maker signs in again, on another PC and with another role: the books know the person, not the session."""
    payout = make.requested_payout(office)
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    row = next(
        each for each in office.read(users.list_users, None) if each.user_id == office.grace.user_id
    )
    more = RoleChange(row.user_id, row.version, frozenset({Role.TREASURER, Role.COMMITTEE}))
    make.agreed(office, people_changes.change_roles, more)
    again = replace(office.grace, roles=frozenset({Role.COMMITTEE}))
    with pytest.raises(SamePerson, match="You made this request"):
        make.decide(office, request_id, again)


# What was right when it was given.


def _without_roles(office: PracticeOffice, person: Actor, *roles: Role) -> None:
    rows = office.read(users.list_users, None)
    row = next(each for each in rows if each.user_id == person.user_id)
    change = RoleChange(row.user_id, row.version, frozenset(roles))
    make.agreed(office, people_changes.change_roles, change)


def test_a_role_lost_after_the_yes_takes_nothing_back(office: PracticeOffice) -> None:
    """Of two approvers one loses the office and one the account: the approval was right, and the payout goes out."""
    make.float_of(office, 500_000)
    request_id = _two_for_a_payout(office)
    make.decide(office, request_id, office.lucy)
    _without_roles(office, office.lucy, Role.OFFICER)
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.APPROVED
    rows = office.read(users.list_users, None)
    daniel = next(each for each in rows if each.user_id == office.daniel.user_id)
    for number in (1, 2):
        make.person(office, f"{('Naomi', 'Esther')[number - 1]} Wafula", Role.SECRETARY)
    gone = AccessChange(daniel.user_id, daniel.version, False)
    make.agreed(office, people_changes.change_access, gone)
    (row,) = office.read(payouts.list_payouts, None)
    make.begin(office, row)
    assert office.count("payout_attempt") == 1


def test_a_role_lost_before_the_yes_decides_nothing(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    _without_roles(office, office.lucy, Role.OFFICER)
    with pytest.raises(NotAllowed):
        make.decide(office, request_id, office.lucy)
    assert office.count("approval_decision", f"request_id = {request_id}") == 0


def test_a_changed_content_voids_the_yeses_so_far(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    make.decide(office, request_id, office.lucy)
    make_members.renamed(office, "Another")
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.VOID
    (row,) = office.read(payouts.list_payouts, None)
    assert (row.status, row.approved_by) == (PayoutStatus.DRAFT, "")


def test_of_three_at_once_two_are_counted_and_the_third_comes_too_late(
    office: PracticeOffice,
) -> None:
    request_id = _two_for_a_payout(office)
    third = make.person(office, "Esther Chebii", Role.CHAIRPERSON)
    shown = _row(office, request_id, office.lucy).fingerprint
    verdict = Verdict(request_id, shown, Decision.APPROVE)

    def decide(by: Actor) -> str:
        try:
            return office.write(decisions.decide, verdict, by).status
        except SaccoError as late:
            return type(late).__name__

    with ThreadPoolExecutor(3) as pool:
        said = sorted(pool.map(decide, (office.lucy, office.daniel, third)))
    assert said == ["AlreadyDecided", "approved", "waiting"]
    assert office.count("approval_decision", f"request_id = {request_id}") == 2


# Words on a request.


def test_a_note_decides_nothing_and_is_read_by_everybody(office: PracticeOffice) -> None:
    request_id = _two_for_a_payout(office)
    office.write(
        approval_notes.discuss, NewNote(request_id, " Has she paid the last one? "), office.lucy
    )
    office.clock.advance(minutes=5)
    office.write(approval_notes.discuss, NewNote(request_id, "Yes, in May."), office.peter)
    notes = _row(office, request_id, office.daniel).notes
    assert [(note.by, note.words) for note in notes] == [
        ("Lucy Chebet", "Has she paid the last one?"),
        ("Peter Kamau", "Yes, in May."),
    ]
    assert _row(office, request_id, office.daniel).status is ApprovalStatus.WAITING
    for words in (" ", "x" * 501):
        with pytest.raises(SaccoError):
            office.write(approval_notes.discuss, NewNote(request_id, words), office.lucy)


def test_an_office_without_the_right_people_is_told_so(office: PracticeOffice) -> None:
    """Levels ask for a chairperson, and the one there was has left."""
    chair = make.person(office, "Esther Chebii", Role.CHAIRPERSON)
    _levels(office, ApprovalKind.PAYOUT, Step(frozenset({Role.CHAIRPERSON}), 1))
    payout = make.requested_payout(office)
    request_id = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    _without_roles(office, chair, Role.OFFICER)
    with pytest.raises(NotAllowed, match=r"decided by chairperson\. Nobody in this office can"):
        make.decide(office, request_id, office.daniel)
