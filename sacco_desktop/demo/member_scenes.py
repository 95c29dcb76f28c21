"""People who want to join a practice office, and what the society knows of its first member, for pictures."""

from __future__ import annotations

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.demo.sample_photo import sample_photo
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.member_payouts import exits
from sacco_desktop.services.member_payouts.exits import ExitWish
from sacco_desktop.services.membership import (
    exit_notices,
    member_documents,
    member_files,
    member_statuses,
    members,
    membership_applications,
    nominees,
)
from sacco_desktop.services.membership.exit_notices import NewNotice
from sacco_desktop.services.membership.member_documents import NewDocument
from sacco_desktop.services.membership.member_files import NEXT_OF_KIN, FileChange, Holder, NewKin
from sacco_desktop.services.membership.member_statuses import StatusWish
from sacco_desktop.services.membership.membership_applications import ApplicationAct, NewMembership
from sacco_desktop.services.membership.nominees import NewNominee, NomineeForm
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.savings import deposits
from sacco_desktop.services.savings.deposits import NewDeposit

_KNOWN = (
    ("born_on", "1988-02-14"),
    ("gender", "Female"),
    ("kra_pin", "A001234567X"),
    ("postal_address", "P.O. Box 12"),
    ("postal_code", "80300"),
    ("town", "Voi"),
    ("county", "Taita-Taveta"),
    ("occupation", "Teacher"),
    ("employer", "Voi Primary School"),
)


def people_join(practice: PracticeOffice) -> None:
    """Two applications, and the file of the first member with one thing to look at."""
    books, peter = practice.office.books, practice.person("peter")
    today = business_date(practice.office.now())
    for new in (
        NewMembership(
            MemberKind.PERSON, "Amina", "Wanjiku", "Okoth", "31445566", "0711 222 333", today
        ),
        NewMembership(
            MemberKind.GROUP, "Umoja Women Group", "", "", "TT/SS/2019/14", "0711 222 444", today
        ),
    ):
        books.write(membership_applications.apply, new, actor=peter)
    row = books.read(members.row_numbered, "M-0001", actor=peter)
    holder = Holder(row.member_id)
    books.write(member_files.change, FileChange(holder, 0, _KNOWN, 2_500_00), actor=peter)
    for number, employer in (("M-0002", "VOI PRIMARY SCH"), ("M-0003", "Taita Taveta County")):
        other = Holder(books.read(members.row_numbered, number, actor=peter).member_id)
        texts = (("employer", employer), ("payroll_number", f"TSC 04{number[-2:]}"))
        books.write(member_files.change, FileChange(other, 0, texts, 0), actor=peter)
    photo = NewDocument(holder, "photo", "jane.png", sample_photo())
    books.write(member_documents.add, photo, actor=peter)
    kin = NewKin(holder, NEXT_OF_KIN, "Mercy Wanjiku", "Sister", "", "0712 000 111")
    sheet = books.write(member_files.add_kin, kin, actor=peter)
    lines = (
        NewNominee("Otieno Wanjiku", "Son", "", "", "2015-03-01", "Mercy Wanjiku", 6_000),
        NewNominee("Mercy Wanjiku", "Sister", "", "0712 000 111", "", "", 4_000),
    )
    form = NomineeForm(holder, sheet.version, today, lines)
    books.write(nominees.name, form, actor=peter)


def a_member_died(practice: PracticeOffice) -> None:
    """Who had just joined has died: the death and the settlement were agreed to by two, and the nominee can be paid."""
    books, peter = practice.office.books, practice.person("peter")
    found = books.read(membership_applications.list_applications, None, actor=peter)
    row = next(each for each in found if each.kind is MemberKind.PERSON)
    act = ApplicationAct(row.application_id, row.version)
    books.write(membership_applications.send, act, actor=peter)
    _agreed(practice, ApprovalKind.MEMBERSHIP)
    member = books.read(members.row_numbered, "M-0006", actor=peter)
    today = business_date(practice.office.now())
    saved = NewDeposit("scene/nominee", member.member_id, 45_000_00, today)
    books.write(deposits.take_cash, saved, actor=peter)
    sheet = books.read(member_files.sheet_of, Holder(member.member_id), actor=peter)
    line = NewNominee("Mercy Wanjiku", "Sister", "", "0712 000 111", "", "", 10_000)
    form = NomineeForm(Holder(member.member_id), sheet.version, today, (line,))
    books.write(nominees.name, form, actor=peter)
    version = books.read(members.row_numbered, "M-0006", actor=peter).version
    wish = StatusWish(member.member_id, version, MemberStatus.DECEASED, "Certificate 4471.")
    books.write(member_statuses.ask, wish, actor=peter)
    _agreed(practice, ApprovalKind.MEMBER_STATUS)
    version = books.read(members.row_numbered, "M-0006", actor=peter).version
    books.write(exits.ask, ExitWish("scene/exit", member.member_id, version), actor=peter)
    _agreed(practice, ApprovalKind.MEMBER_EXIT)


def a_member_leaves(practice: PracticeOffice) -> None:
    """The fifth member has given notice, with loans and payouts that are still open."""
    books, peter = practice.office.books, practice.person("peter")
    fifth = books.read(members.row_numbered, "M-0005", actor=peter)
    today = business_date(practice.office.now())
    notice = NewNotice(fifth.member_id, fifth.version, today, "Moves to another county.")
    books.write(exit_notices.give, notice, actor=peter)


def _agreed(practice: PracticeOffice, kind: ApprovalKind) -> None:
    books, daniel = practice.office.books, practice.person("daniel")
    found = books.read(decisions.list_waiting, None, actor=daniel)
    row = next(each for each in found if each.kind is kind)
    verdict = Verdict(row.request_id, row.fingerprint, Decision.APPROVE)
    books.write(decisions.decide, verdict, actor=daniel)
