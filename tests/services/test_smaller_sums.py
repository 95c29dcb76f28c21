"""The committee lends less than was asked for: bound to the smaller sum, with everything that follows from it."""

from dataclasses import replace

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    SaccoError,
    SamePerson,
)
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.smaller_sum import Wanted
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.committee import decisions, minutes, sittings, smaller_sums
from sacco_desktop.services.committee.decisions import Decided
from sacco_desktop.services.committee.sittings import NewSitting, SittingVote, Vote
from sacco_desktop.services.committee.smaller_sums import LessQuestion, LessVerdict
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.lending import application_sheets, loan_sums, loans
from sacco_desktop.services.office.users import RoleChange
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from sacco_desktop.services.people import people_changes
from tests import make, make_guarantors
from tests.make import PASSWORD, PracticeOffice

BOTH = frozenset({Role.OFFICER, Role.COMMITTEE})


def less(
    office: PracticeOffice, request_id: int, by: Actor, kes: int, instalments: int = 12
) -> Decided:
    ((shown,),) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request_id)
    given = LessVerdict(request_id, shown, kes * 100, instalments, "The shop earns too little.")
    return office.write(smaller_sums.approve_less, given, by)


def test_the_yes_to_less_binds_to_it_and_money_follows(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=100_000)
    row = make.appraised_loan(office, of, amount_cents=600_000_00 // 2)
    ruth = make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    first = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    assert (row.asked_cents, row.net_cents) == (300_000_00, 295_500_00)

    [(version,)] = office.sql("SELECT version FROM user_account WHERE id = ?", office.peter.user_id)
    change = RoleChange(office.peter.user_id, version, BOTH)
    make.agreed(office, people_changes.change_roles, change)
    with pytest.raises(SamePerson, match="so someone else must approve it"):
        less(office, first, replace(office.peter, roles=BOTH), 80_000)
    for kes, words in ((300_000, "This is what was asked for"), (300_001, "approve less")):
        with pytest.raises(InvalidInput, match=words):
            less(office, first, office.daniel, kes)
    with pytest.raises(InvalidInput, match=r"from KES 5,000\.00"):
        less(office, first, office.daniel, 4_000)
    with pytest.raises(NotAllowed, match="lower the sum only"):
        less(office, first, office.daniel, 80_000, 10)
    stale = LessVerdict(first, "other", 80_000_00, 12, "Why")
    with pytest.raises(ChangedMeanwhile):
        office.write(smaller_sums.approve_less, stale, office.daniel)

    seen = office.read(smaller_sums.preview, LessQuestion(first, 80_000_00, 12), office.daniel)
    # 1 % processing and 0.5 % insurance are of the smaller sum.
    assert (seen.net_cents, seen.largest_cents) == (78_800_00, 7_108_00)
    decided = less(office, first, office.daniel, 80_000)
    assert decided.status is ApprovalStatus.APPROVED
    now = office.read(loans.detail, row.loan_id, office.peter)
    assert (now.row.amount_cents, now.row.net_cents) == (80_000_00, 78_800_00)
    assert now.lowered is not None
    assert now.lowered.wanted == Wanted(300_000_00, 12)
    assert now.schedule[0].total_cents == seen.largest_cents
    asked = office.read(decisions.list_requests, None, ruth)
    [given, void] = [one for one in asked if one.kind is ApprovalKind.LOAN]
    assert (void.status, given.status) == (ApprovalStatus.VOID, ApprovalStatus.APPROVED)
    assert (
        void.closing_words
        == "The committee decides on KES 80,000.00 in 12 instalments in its place."
    )
    assert (given.asked_by, given.amount_cents) == ("Peter Kamau", 80_000_00)
    assert given.content["wanted"] == "KES 300,000.00 in 12 instalments"
    sheet = office.write(application_sheets.application_sheet, row.loan_id, office.peter)
    assert sheet.lowered == now.lowered
    assert sheet.decided.approved_cents == 80_000_00
    payout = office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)
    assert payout.net_cents == 78_800_00


def test_whoever_decided_before_decides_anew_and_guarantors_carry_no_more_than_the_loan(
    office: PracticeOffice,
) -> None:
    of, helper = (
        make.member(office, deposits_kes=300_000),
        make.member(office, deposits_kes=700_000),
    )
    row = office.write(loans.apply, make.application(of, 600_000), office.peter)
    pledge = make_guarantors.agreed(office, row.loan_id, helper, 600_000)
    appraisal = loans.Appraisal(row.loan_id, row.version, "I recommend it.")
    office.write(loans.appraise, appraisal, office.peter)
    ruth = make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    first = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    assert make.decide(office, first, ruth).status is ApprovalStatus.WAITING
    # Above KES 500,000 two people decide; what is left needs one, and it is not Ruth's yes to more.
    assert less(office, first, office.daniel, 550_000).status is ApprovalStatus.WAITING
    second = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    assert less(office, second, ruth, 200_000).status is ApprovalStatus.APPROVED
    lowered = office.read(lambda work, key: loan_sums.lowered_of(work, key), row.loan_id)
    assert lowered is not None
    assert (lowered.wanted.cents, lowered.by) == (600_000_00, "Ruth Akinyi")
    [bound] = office.read(
        lambda work, key: guarantor_pledges.of_member(work, key), helper.member_id
    )
    assert (bound.pledge_cents, bound.live_cents) == (pledge.pledge_cents, 200_000_00)


def test_a_rule_that_the_smaller_loan_breaks_leaves_all_as_it_was(office: PracticeOffice) -> None:
    of = make.member(office, deposits_kes=100_000)
    make.setting(office, loan_sums.SETTING, "sum_and_term")
    row = make.appraised_loan(office, of)
    first = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.setting(office, "insider.most_cents", "1000000")
    office.sql(
        "INSERT INTO insider_tie (member_id, kind, kin, from_on, note, written_by, written_at, ended_why)"
        " VALUES (?, 'board', '', '2026-01-01', ?, 3, '2026-01-01T00:00:00.000000+00:00', ?)",
        of.member_id,
        office.as_kept("insider_tie.note", ""),
        office.as_kept("insider_tie.ended_why", ""),
    )
    with pytest.raises(SaccoError, match=r"of at most KES 10,000\.00 for an"):
        less(office, first, office.daniel, 50_000)
    assert office.read(loans.row_of, row.loan_id).amount_cents == 100_000_00
    make.setting(office, "insider.most_cents", "0")
    # An insider's loan asks another office too, so the smaller one waits for it.
    assert less(office, first, office.daniel, 50_000, 6).status is ApprovalStatus.WAITING
    now = office.read(loans.row_of, row.loan_id)
    assert (now.amount_cents, now.instalments) == (50_000_00, 6)
    make.setting(office, loan_sums.SETTING, "nothing")
    second = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    mary = make.person(office, "Mary Wangui", Role.CHAIRPERSON)
    with pytest.raises(NotAllowed, match="as it was asked for, or rejects it"):
        less(office, second, mary, 40_000, 6)


def test_a_sitting_votes_for_less_and_its_minutes_say_so(office: PracticeOffice) -> None:
    ruth = make.person(office, "Ruth Akinyi", Role.COMMITTEE)
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    request_id = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    there = frozenset({office.daniel.user_id, ruth.user_id})
    new = NewSitting("CM/1", make.day(office), "Office", office.daniel.user_id, there)
    sitting_id = office.write(sittings.open_sitting, new, office.daniel)
    ((shown,),) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request_id)
    vote = SittingVote(
        sitting_id,
        request_id,
        shown,
        ruth.user_id,
        Vote.LESS,
        "Begins small.",
        PASSWORD,
        Wanted(60_000_00, 12),
    )
    voted = office.write(sittings.vote, vote, office.daniel)
    assert voted.status is ApprovalStatus.APPROVED
    office.write(sittings.close_sitting, sitting_id, office.daniel)
    [item] = office.write(minutes.minutes, sitting_id, office.daniel).items
    assert (item.amount_cents, item.wanted) == (60_000_00, "KES 100,000.00 in 12 instalments")
    assert item.in_favour == ("Ruth Akinyi",)
