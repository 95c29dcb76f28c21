"""Builders for people who join: what an officer types, and applications in each state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.services import joining_fees, members, membership_applications
from sacco_desktop.services.joining_fees import NewFee, TakenFee
from sacco_desktop.services.members import MemberRow
from sacco_desktop.services.membership_applications import (
    ApplicationAct,
    ApplicationRow,
    NewMembership,
)
from tests import make
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
