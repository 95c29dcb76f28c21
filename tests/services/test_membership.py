"""Joining: an application, its fee, what is known of the applicant, and the second person who agrees."""

from dataclasses import replace
from typing import Any

import pytest

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, WrongState
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from sacco_desktop.services.membership import (
    joining_fees,
    member_files,
    members,
    membership_applications,
    nominees,
)
from sacco_desktop.services.membership.joining_fees import NewFee
from sacco_desktop.services.membership.member_files import FileChange, Holder, KinEnd, NewKin
from sacco_desktop.services.membership.nominees import NewNominee, NomineeForm
from tests import make, make_members
from tests.make import PracticeOffice


def _form(office: PracticeOffice, holder: Holder, *shares: int) -> NomineeForm:
    version = office.read(member_files.sheet_of, holder).version
    lines = tuple(
        NewNominee(f"Child {number}", "Child", "", "", "1990-01-01", "", share)
        for number, share in enumerate(shares, ord("A"))
    )
    return NomineeForm(holder, version, make.day(office), lines)


def test_an_applicant_becomes_a_member_when_another_person_agrees(office: PracticeOffice) -> None:
    row = make_members.sent(office)
    assert row.waits
    assert row.member_number == ""
    assert office.count("member") == 0
    request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id)
    make.decide(office, request, office.daniel)
    found = office.read(membership_applications.row_of, row.application_id)
    assert (found.status, found.member_number) == ("approved", "M-0001")
    member = office.read(members.row_numbered, "M-0001")
    assert (member.full_name, member.joined_on) == ("Amina Hassan", make.day(office))
    assert member.phone == "254733345001"
    sheet = office.read(member_files.sheet_of, Holder(member.member_id))
    before = office.read(member_files.sheet_of, Holder(application_id=row.application_id))
    assert sheet.version == before.version


def test_a_no_closes_the_application_and_nobody_joins(office: PracticeOffice) -> None:
    row = make_members.sent(office)
    request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id)
    make.decide(office, request, office.daniel, Decision.REJECT)
    assert office.read(membership_applications.row_of, row.application_id).status == "rejected"
    assert office.count("member") == 0
    closed = office.read(membership_applications.row_of, row.application_id)
    with pytest.raises(WrongState, match="rejected already"):
        office.write(membership_applications.send, make_members.act(closed), office.peter)


def test_what_changes_in_the_file_voids_the_request(office: PracticeOffice) -> None:
    row = make_members.sent(office)
    request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id)
    holder = Holder(application_id=row.application_id)
    office.write(member_files.change, FileChange(holder, 1, (("town", "Voi"),), 0), office.peter)
    assert make.decide(office, request, office.daniel).status is ApprovalStatus.VOID
    assert office.count("member") == 0


def test_the_fee_comes_before_the_approval_and_is_income(office: PracticeOffice) -> None:
    make.setting(office, "membership.fee_cents", "100000")
    row = make_members.applied(office)
    assert row.fee_cents == 100_000
    assert row.fee_is_open
    with pytest.raises(WrongState, match=r"KES 1,000\.00 was not taken"):
        office.write(membership_applications.send, make_members.act(row), office.peter)
    new = NewFee(make.key(), row.application_id, "", make.day(office))
    taken = office.write(joining_fees.take, new, office.grace)
    assert office.write(joining_fees.take, new, office.grace) == taken
    assert (office.balance("1010"), office.balance("4040")) == (100_000, 100_000)
    with pytest.raises(WrongState, match="taken already"):
        make_members.fee(office, row)
    paper = office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.grace)
    assert (paper.title, paper.member_name) == ("Registration fee receipt", "Amina Hassan")
    paid = office.read(membership_applications.row_of, row.application_id)
    assert paid.receipt == taken.receipt
    office.write(membership_applications.send, make_members.act(paid), office.peter)


def test_a_fee_that_was_reversed_is_owed_again_and_a_slip_goes_to_the_bank(
    office: PracticeOffice,
) -> None:
    make.setting(office, "membership.fee_cents", "50000")
    row = make_members.applied(office)
    taken = make_members.fee(office, row)
    wrong = ReversalRequest(taken.entry_number, "Taken from somebody else.")
    make.decide(office, office.write(decisions.ask_reversal, wrong, office.grace), office.daniel)
    assert office.read(membership_applications.row_of, row.application_id).fee_is_open
    make_members.fee(office, row, slip="BS-1")
    assert (office.balance("1010"), office.balance("1020")) == (0, 50_000)
    assert not office.read(membership_applications.row_of, row.application_id).fee_is_open
    assert office.balance("4040") == 50_000
    assert office.read(ledger.read_entry, taken.entry_number).kind == "registration_fee"


def test_the_fee_of_the_day_of_the_application_counts(office: PracticeOffice) -> None:
    row = make_members.applied(office)
    make.setting(office, "membership.fee_cents", "50000")
    with pytest.raises(WrongState, match="costs no fee"):
        make_members.fee(office, row)


def test_nobody_registers_a_member_alone_where_members_apply(office: PracticeOffice) -> None:
    make.setting(office, members.BY_APPLICATION, "yes")
    with pytest.raises(WrongState, match="by an application"):
        office.write(members.register, make.new_member(), office.peter)
    assert office.count("member") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"national_id": "12"}, "national_id"),
        ({"phone": "12"}, "phone"),
        ({"last_name": " "}, "last_name"),
        ({"kind": MemberKind.GROUP, "national_id": "none"}, "national_id"),
    ],
)
def test_what_cannot_be_is_refused_under_its_field(
    office: PracticeOffice, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_members.applied(office, **changes)
    assert refusal.value.field == field


def test_one_person_applies_once_and_a_member_not_again(office: PracticeOffice) -> None:
    row = make_members.applied(office)
    with pytest.raises(InvalidInput, match="AP-0001"):
        make_members.applied(office)
    office.write(membership_applications.withdraw, make_members.act(row), office.peter)
    make_members.joined(office)
    with pytest.raises(InvalidInput, match="M-0001"):
        make_members.applied(office, 2, national_id="33450001")


def test_a_group_joins_with_its_certificate_and_who_signs(office: PracticeOffice) -> None:
    row = make_members.applied(
        office, kind=MemberKind.GROUP, first_name="Umoja Women", last_name="", national_id="grp/12"
    )
    assert (row.full_name, row.national_id) == ("Umoja Women", "GRP/12")
    holder = Holder(application_id=row.application_id)
    words = {one.words for one in office.read(member_files.sheet_of, holder).warnings}
    assert "Nobody is written down who signs for it." in words
    new = NewKin(holder, member_files.REPRESENTATIVE, "Ann Moraa", "Chair", "22334455", "")
    sheet = office.write(member_files.add_kin, new, office.peter)
    assert "Nobody is written down who signs for it." not in {one.words for one in sheet.warnings}
    with pytest.raises(InvalidInput, match="no nominees"):
        office.write(nominees.name, _form(office, holder, 10_000), office.peter)


def test_the_sheet_warns_and_refuses_nothing_that_was_read_off_a_paper(
    office: PracticeOffice,
) -> None:
    member = make.member(office)
    holder = Holder(member.member_id)
    assert office.read(member_files.read_sheet, holder, office.daniel).version == 0
    texts = (
        ("kra_pin", "a00123"),
        ("born_on", "2015-03-17"),
        ("employer", "County"),
        ("email", "no"),
    )
    change = FileChange(holder, 0, texts, 300_000)
    sheet = office.write(member_files.change, change, office.peter)
    odd = {one.field: one.words for one in sheet.warnings if one.field}
    assert odd["kra_pin"] == "A KRA PIN is a letter, 9 figures and a letter."
    assert odd["born_on"] == "A member must be 18 years old by law."
    assert {"email", "payroll_number", "gender"} <= odd.keys()
    assert (sheet.texts["kra_pin"], sheet.monthly_cents) == ("A00123", 300_000)
    with pytest.raises(ChangedMeanwhile):
        office.write(member_files.change, change, office.peter)
    with pytest.raises(InvalidInput):
        office.write(
            member_files.change,
            replace(change, version=1, texts=(("born_on", "soon"),)),
            office.peter,
        )


def test_next_of_kin_come_and_go(office: PracticeOffice) -> None:
    holder = Holder(make.member(office).member_id)
    new = NewKin(holder, member_files.NEXT_OF_KIN, "Ann Moraa", "Wife", "", "0722 000 111")
    (kin,) = office.write(member_files.add_kin, new, office.peter).kin
    assert (kin.full_name, kin.relationship) == ("Ann Moraa", "Wife")
    assert office.write(member_files.end_kin, KinEnd(holder, kin.person_id), office.peter).kin == ()
    assert office.count("related_person") == 1


@pytest.mark.parametrize("shares", [(), (9_999,), (5_000, 5_001), (10_000, 0)])
def test_shares_that_are_not_the_whole_are_refused(
    office: PracticeOffice, shares: tuple[int, ...]
) -> None:
    holder = Holder(make.member(office).member_id)
    with pytest.raises(InvalidInput) as refusal:
        office.write(nominees.name, _form(office, holder, *shares), office.peter)
    assert refusal.value.field == "nominees"


def test_a_new_form_takes_the_place_of_the_one_before(office: PracticeOffice) -> None:
    holder = Holder(make.member(office).member_id)
    office.write(nominees.name, _form(office, holder, 6_667, 3_333), office.peter)
    sheet = office.write(nominees.name, _form(office, holder, 10_000), office.peter)
    assert [one.share for one in sheet.nominees] == [10_000]
    assert office.count("nominee") == 3
    minor = replace(_form(office, holder, 10_000).nominees[0], born_on="2020-01-01")
    form = replace(_form(office, holder, 10_000), nominees=(minor,))
    with pytest.raises(InvalidInput, match="guardian"):
        office.write(nominees.name, form, office.peter)
