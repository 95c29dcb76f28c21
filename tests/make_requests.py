"""Builders of requests that wait for another person, each with who asked: found money, taken back, from deposits."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.counter import found_owners, unowned_money
from sacco_desktop.services.counter.found_owners import NewOwner, OwnerBack
from sacco_desktop.services.lending import from_deposits, loans
from sacco_desktop.services.lending.from_deposits import DepositsWish
from sacco_desktop.services.membership import members
from tests import make, make_check_offs, make_endings, make_loans, make_savings
from tests.make import PracticeOffice


def _unowned(office: PracticeOffice) -> int:
    """Money of a list that is given to a member, asked for and not decided."""
    member = make.member(office)
    make_check_offs.posted(office, ((member.number, 500), ("M-0999", 100)))
    (row,) = office.read(unowned_money.list_unowned, None)
    new = NewOwner(
        make.key(), row.list_id, row.line_id, member.member_id, row.left_cents, "He rang."
    )
    office.write(found_owners.ask, new, office.grace)
    (row,) = office.read(unowned_money.list_unowned, None)
    return row.owners[-1].owner_id


def owner_of_found_money(office: PracticeOffice) -> tuple[int, Actor]:
    owner = _unowned(office)
    return make.waiting_request(office, ApprovalKind.CHECK_OFF_OWNER, owner), office.grace


def owner_taken_back(office: PracticeOffice) -> tuple[int, Actor]:
    owner = _unowned(office)
    request = make.waiting_request(office, ApprovalKind.CHECK_OFF_OWNER, owner)
    make_savings.agree(office, request, office.lucy)
    (row,) = office.read(unowned_money.list_unowned, None)
    back = OwnerBack(owner, row.owners[-1].version, "It was her sister's.")
    office.write(found_owners.ask_back, back, office.grace)
    return make.waiting_request(office, ApprovalKind.CHECK_OFF_OWNER_UNDONE, owner), office.grace


def agreement_back(office: PracticeOffice) -> tuple[int, Actor]:
    loan_id = make_loans.active_loan(office).loan_id
    make_endings.agree(office, make_endings.ask_reschedule(office, loan_id))
    return make_endings.ask_agreement_back(office, loan_id), office.peter


def paid_from_deposits(office: PracticeOffice) -> tuple[int, Actor]:
    make.setting(office, "loan.from_deposits", "yes")
    loan = make_loans.active_loan(office)
    (member,) = office.read(members.find, loan.member_number)
    make.deposit(office, member, 200_000)
    wish = DepositsWish(
        loan.loan_id, office.read(loans.row_of, loan.loan_id).version, "Letter of today."
    )
    office.write(from_deposits.ask, wish, office.grace)
    request = make.waiting_request(office, ApprovalKind.LOAN_FROM_DEPOSITS, loan.loan_id)
    return request, office.grace
