"""Builders for people who join: what an officer types, and applications in each state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import Member
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.chart import BANK_CURRENT, SHARE_CAPITAL
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.member_payouts import exits
from sacco_desktop.services.member_payouts.exits import ExitWish
from sacco_desktop.services.membership import (
    exit_notices,
    joining_fees,
    member_search,
    member_statuses,
    members,
    membership_applications,
    nominees,
)
from sacco_desktop.services.membership.exit_notices import NewNotice
from sacco_desktop.services.membership.joining_fees import NewFee, TakenFee
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.membership.member_statuses import StatusWish
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.membership.membership_applications import (
    ApplicationAct,
    ApplicationRow,
    NewMembership,
)
from sacco_desktop.services.membership.nominees import NewNominee, NomineeForm
from sacco_desktop.services.savings import share_transfers
from sacco_desktop.services.savings.share_transfers import TransferWish
from tests import make, make_payments
from tests.make import PracticeOffice


def typed(office: PracticeOffice, number: int = 1, **changes: Any) -> NewMembership:
    """What Peter types when applicant `number` comes."""
    new = NewMembership(
        MemberKind.PERSON,
        "Amina",
        "",
        "Hassan",
        f"3345{number:04d}",
        f"0733 345 {number:03d}",
        make.day(office),
    )
    return replace(new, **changes)


def applied(office: PracticeOffice, number: int = 1, **changes: Any) -> ApplicationRow:
    """An application that Peter has written."""
    return office.write(
        membership_applications.apply, typed(office, number, **changes), office.peter
    )


def act(row: ApplicationRow) -> ApplicationAct:
    """An act on the application as it was read."""
    return ApplicationAct(row.application_id, row.version)


def fee(office: PracticeOffice, row: ApplicationRow, slip: str = "") -> TakenFee:
    """The fee of an application, which Grace takes today."""
    new = NewFee(make.key(), row.application_id, slip, make.day(office))
    return office.write(joining_fees.take, new, office.grace)


def sent(office: PracticeOffice, number: int = 1) -> ApplicationRow:
    """An application that waits for a second person."""
    row = applied(office, number)
    office.write(membership_applications.send, act(row), office.peter)
    return office.read(membership_applications.row_of, row.application_id)


def joined(office: PracticeOffice, number: int = 1) -> MemberRow:
    """A member who came by an application."""
    row = sent(office, number)
    request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id)
    make.decide(office, request, office.daniel)
    found = office.read(membership_applications.row_of, row.application_id)
    return office.read(members.row_numbered, found.member_number)


def status(office: PracticeOffice, row: MemberRow, new: MemberStatus) -> str:
    """Peter asks for another status of a member."""
    version = office.read(members.row_of, row.member_id).version
    wish = StatusWish(row.member_id, version, new, "Letter of today.")
    return office.write(member_statuses.ask, wish, office.peter)


def became(office: PracticeOffice, row: MemberRow, new: MemberStatus) -> None:
    """The same, and Daniel has agreed."""
    status(office, row, new)
    request = make.waiting_request(office, ApprovalKind.MEMBER_STATUS, row.member_id)
    make.decide(office, request, office.daniel)


def noticed(office: PracticeOffice, row: MemberRow) -> None:
    """A member who has given notice today."""
    version = office.read(members.row_of, row.member_id).version
    new = NewNotice(row.member_id, version, make.day(office), "Moves away.")
    office.write(exit_notices.give, new, office.peter)


def asked_to_leave(office: PracticeOffice, row: MemberRow) -> int:
    """A member whose notice has run and whose settlement waits; the id of the settlement."""
    noticed(office, row)
    office.clock.advance(days=60)
    return ask_exit(office, row)


def ask_exit(office: PracticeOffice, row: MemberRow) -> int:
    """Peter asks to settle; the id of the settlement."""
    version = office.read(members.row_of, row.member_id).version
    office.write(exits.ask, ExitWish(make.key(), row.member_id, version), office.peter)
    return office.read(exits.look, row.member_id).settlement_id or 0


def settled(office: PracticeOffice, settlement: int) -> None:
    """Daniel agrees to a settlement."""
    request = make.waiting_request(office, ApprovalKind.MEMBER_EXIT, settlement)
    make.decide(office, request, office.daniel)


def shares(office: PracticeOffice, row: MemberRow, kes: int) -> None:
    """Share capital that a member bought by bank."""

    def buy(work: Work, _nothing: None) -> None:
        code = members.shares_account(row.number)
        if not ledger.is_open(work, code):
            ledger.open_sub_account(work, SHARE_CAPITAL, row.number, "Share capital")
        lines = (debit(BANK_CURRENT, kes * 100), credit(code, kes * 100))
        ledger.post(work, JournalEntry(work.today, "share_purchase", "Shares", "S-1", lines))

    office.write(buy, None, office.grace)


def transfer(office: PracticeOffice, kes: int = 1_000) -> tuple[MemberRow, MemberRow]:
    """A transfer of shares that waits: of the first of seven members to the second, who holds none."""
    rows = [make.member(office, deposits_kes=100) for _number in range(7)]
    for row in (rows[0], *rows[2:]):
        shares(office, row, 20_000)
    wish = TransferWish(make.key(), rows[0].member_id, rows[1].member_id, kes * 100)
    office.write(share_transfers.ask, wish, office.peter)
    return rows[0], rows[1]


def dead(office: PracticeOffice) -> MemberRow:
    """A dead member with KES 1,000 and three nominees, settled."""
    make_payments.bank_of(office, 300_000)
    row = make.member(office, deposits_kes=1_000)
    lines = tuple(
        NewNominee(name, "Child", "", "", "", "", share)
        for name, share in (("Ann Moraa", 3_333), ("Ben Moraa", 3_333), ("Cate Moraa", 3_334))
    )
    form = NomineeForm(Holder(row.member_id), 0, make.day(office), lines)
    office.write(nominees.name, form, office.peter)
    became(office, row, MemberStatus.DECEASED)
    settled(office, ask_exit(office, row))
    return row


def renamed(office: PracticeOffice, last_name: str) -> None:
    """Every member has another last name, as a repair script would write it, and is found by it."""

    def rename(work: Work, _nothing: None) -> None:
        for member in work.session.scalars(select(Member)):
            member.last_name = last_name
            member_search.keep(work, member)

    office.write(rename, None)


def found_anew(office: PracticeOffice) -> None:
    """Members are found by what their rows say now, after something was written past the program."""

    def keep(work: Work, _nothing: None) -> None:
        for member in work.session.scalars(select(Member)):
            member_search.keep(work, member)

    office.write(keep, None)
