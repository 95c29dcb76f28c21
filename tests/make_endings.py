"""Builders of what becomes of running loans: agreed anew, written off, set aside for."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.lending import (
    loans,
    provisioning,
    reschedule_undoing,
    reschedules,
    write_offs,
)
from sacco_desktop.services.lending.provisioning import ProvisioningWish
from sacco_desktop.services.lending.reschedule_undoing import AgreementBack
from sacco_desktop.services.lending.reschedules import RescheduleWish
from sacco_desktop.services.lending.write_offs import WriteOffWish
from tests import make
from tests.make import PracticeOffice


def ask_reschedule(office: PracticeOffice, loan_id: int, instalments: int = 24) -> int:
    version = office.read(loans.row_of, loan_id).version
    wish = RescheduleWish(loan_id, version, instalments, "The harvest failed.")
    office.write(reschedules.ask, wish, office.peter)
    return make.waiting_request(office, ApprovalKind.LOAN_RESCHEDULE, loan_id)


def ask_agreement_back(office: PracticeOffice, loan_id: int) -> int:
    back = AgreementBack(
        loan_id, office.read(loans.row_of, loan_id).version, "He can pay after all."
    )
    office.write(reschedule_undoing.ask, back, office.peter)
    return make.waiting_request(office, ApprovalKind.RESCHEDULE_UNDONE, loan_id)


def ask_write_off(office: PracticeOffice, loan_id: int) -> int:
    version = office.read(loans.row_of, loan_id).version
    office.write(write_offs.ask, WriteOffWish(loan_id, version, "Board 7/2026"), office.grace)
    return make.waiting_request(office, ApprovalKind.LOAN_WRITE_OFF, loan_id)


def ask_provisioning(office: PracticeOffice) -> int:
    office.write(provisioning.ask, ProvisioningWish(make.day(office)), office.grace)
    return make.waiting_request(office, ApprovalKind.PROVISIONING, 1)


def agree(office: PracticeOffice, request: int, by: Actor | None = None) -> str:
    return make.decide(office, request, by or office.daniel).words
