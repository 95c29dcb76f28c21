"""A small office in which everything is there once that moving out and in could lose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.kyc import MemberKind
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.domain.savings import ProductKind
from sacco_desktop.services.lending import due_instalments, loans, recoveries, repayments
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.lending.recoveries import NewRecovery
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.membership import member_files, members, membership_applications
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from tests import (
    make,
    make_endings,
    make_guarantors,
    make_loans,
    make_members,
    make_payments,
    make_savings,
)
from tests.make import PracticeOffice


def fill(office: PracticeOffice) -> None:
    """Members of every kind and status, products of the society's own, and loans in every state that owes something."""
    make_loans.set_rule(office, "top_up.least_instalments", "1")
    make_loans.set_rule(office, "evidence.pay_again_cents", "25000000")
    make_payments.bank_of(office, 900_000)
    _members(office)
    _savings(office)
    _loans(office)


def _members(office: PracticeOffice) -> None:
    left = make.member(office, deposits_kes=4_000, first_name="Left")
    make_members.settled(office, make_members.asked_to_leave(office, left))
    dormant, stopped, gone, dead = (
        make.member(office, deposits_kes=kes, first_name=name)
        for kes, name in ((500, "Dormant"), (600, "Stopped"), (0, "Gone"), (800, "Dead"))
    )
    office.sql(
        "INSERT INTO member_move (member_id, old, new, reason, moved_by, moved_at)"
        " VALUES (?, 'active', 'dormant', ?, 1, '2026-05-15T06:00:00.000000+00:00')",
        dormant.member_id,
        office.as_kept("member_move.reason", "No entry for a year."),
    )
    office.sql("UPDATE member SET status = 'dormant' WHERE id = ?", dormant.member_id)
    make_members.became(office, stopped, MemberStatus.SUSPENDED)
    make_members.became(office, gone, MemberStatus.EXPELLED)
    make_members.became(office, dead, MemberStatus.DECEASED)
    make_members.noticed(office, make.member(office, deposits_kes=700, first_name="Leaving"))
    for number, kind in ((8, MemberKind.GROUP), (9, MemberKind.ORGANISATION)):
        row = make_members.applied(
            office,
            number,
            kind=kind,
            first_name=f"Umoja Women {number}",
            last_name="",
            national_id=f"GP/2019/{number}",
        )
        office.write(membership_applications.send, make_members.act(row), office.peter)
        request = make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id)
        make.decide(office, request, office.daniel)
    texts = (("employer", "Voi Primary School"), ("payroll_number", "TSC 0455"), ("town", "Voi"))
    change = FileChange(Holder(stopped.member_id), 0, texts, 0)
    office.write(member_files.change, change, office.peter)


def _savings(office: PracticeOffice) -> None:
    # A spreadsheet would run this name.
    of = make.member(office, deposits_kes=2_000, other_names="=HYPERLINK(1)")
    make_members.shares(office, of, 5_000)
    make_savings.own_category(office, name="School uniform")
    make_savings.own_category(office, ProductKind.FUND, name="Bereavement")
    make_savings.other_terms(office, "deposits", notice_days=0, preset_cents=1_500_00)
    to_come = make.day(office) + timedelta(days=200)
    make_savings.other_terms(office, "welfare", on=to_come, preset_cents=500_00)
    make_savings.contribution(office, of, school_uniform=900, bereavement=300, deposits=250)


def _loans(office: PracticeOffice) -> None:
    """Late with booked interest; agreed anew; written off and partly recovered; repaid early; paid ahead; with fees in
    each instalment; and one that cleared another.
    """
    weekly = make_loans.active_loan(
        office, joined_days=100, product_code="group", amount_cents=20_000_00, instalments=26
    ).loan_id
    late, anew, lost, early, ahead, cleared = (
        make_loans.active_loan(office).loan_id for _number in range(6)
    )
    make_guarantors.agreed(office, late, make_guarantors.guarantor(office, 30_000), 25_000)
    make_guarantors.agreed(office, lost, make_guarantors.guarantor(office, 30_000), 20_000)
    later(office, 32)
    for loan_id, cents in ((late, 500_000), (early, 888_500), (cleared, 888_500), (weekly, 3_000)):
        pay(office, loan_id, cents)
    pay(office, early, 2_000_000, Keep.INSTALMENT)
    pay(office, ahead, 888_500 * 6)
    _clear(office, cleared)
    later(office, 30)
    make_endings.agree(office, make_endings.ask_reschedule(office, anew))
    make_endings.agree(office, make_endings.ask_write_off(office, lost))
    recover(office, lost)
    later(office, 9)


def _clear(office: PracticeOffice, old_id: int) -> None:
    make.float_of(office, 300_000)
    old = office.read(loans.row_of, old_id)
    new = make.application(
        office.read(members.row_of, old.member_id), 150_000, clears_loan_id=old_id
    )
    row = office.write(loans.apply, new, office.peter)
    row = office.write(
        loans.appraise, Appraisal(row.loan_id, row.version, "A second cow."), office.peter
    )
    make.decide(office, make.waiting_request(office, ApprovalKind.LOAN, row.loan_id), office.daniel)
    payout = office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)
    make.approve_payout(office, payout, office.daniel)
    via = make.route(office, office.sql("SELECT min(id) FROM relay")[0][0])
    order = make.accepted(office, make.payout_now(office, payout), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))


def later(office: PracticeOffice, days: int) -> None:
    """So many days go by, and what falls due by itself happens."""
    office.clock.advance(days=days)
    catch_up(office)


def catch_up(office: PracticeOffice) -> None:
    """What has fallen due by today is booked."""
    part = Slice(None)
    while part.last_id is not None or part.done == 0:
        part = office.write(due_instalments.catch_up_slice, replace(part))
        if part.last_id is None:
            break


def pay(office: PracticeOffice, loan_id: int, cents: int, early: Keep | None = None) -> None:
    """Cash of today on a loan."""
    new = NewRepayment(make.key(), loan_id, cents, Source.CASH, "", make.day(office), early)
    office.write(repayments.take, new, office.grace)


def recover(office: PracticeOffice, loan_id: int) -> None:
    """Cash of today on a loan that was written off."""
    new = NewRecovery(make.key(), loan_id, 1_000_00, Source.CASH, "", make.day(office))
    office.write(recoveries.take, new, office.grace)
