"""Two people for every step of money: who may decide, on what, once, and what a yes leads to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sacco_desktop.domain.approval_levels import NEEDED, Band, Step
from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    NotFound,
    SaccoError,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.member_status import MemberStatus
from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.domain.permissions import Role
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.feed import damaged_entries
from sacco_desktop.services.feed.damaged_entries import FoundDamaged, SkipRequest
from sacco_desktop.services.lending import guarantor_calls, loans
from sacco_desktop.services.lending.guarantor_calls import CallWish
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.office import approval_rules, setting_changes, users
from sacco_desktop.services.office.approval_rules import LevelsChange
from sacco_desktop.services.office.approvals import Verdict
from sacco_desktop.services.office.setting_changes import SettingChange
from sacco_desktop.services.office.users import NewUser, RoleChange
from sacco_desktop.services.payouts import (
    hand_overs,
    late_payments,
    loan_rest,
    payments,
    payouts,
    returned_payments,
)
from sacco_desktop.services.payouts.hand_overs import NewCheque
from sacco_desktop.services.payouts.late_payments import FailureDoubted, SecondPayment
from sacco_desktop.services.payouts.loan_rest import RestNotWanted
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.payouts.returned_payments import ReturnedPayment
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.relays.relays import Place
from sacco_desktop.services.sending import payout_decisions, payout_sending, utility_float
from sacco_desktop.services.sending.payout_decisions import NotOnStatement
from sacco_desktop.services.sending.payout_sending import AnswerKind, SendOrder
from sacco_desktop.services.sending.utility_float import NewTopUp
from tests import (
    make,
    make_check_offs,
    make_endings,
    make_guarantors,
    make_loans,
    make_members,
    make_money_in,
    make_payments,
    make_payments_in,
    make_penalties,
    make_requests,
    make_savings,
)
from tests.gateways.old_books import dirty_books
from tests.make import PracticeOffice
from tests.services.old_books import moving_in


def _loan(office: PracticeOffice) -> tuple[int, Actor]:
    row = make.appraised_loan(office, make.member(office, deposits_kes=100_000))
    return make.waiting_request(office, ApprovalKind.LOAN, row.loan_id), office.peter


def _payout(office: PracticeOffice) -> tuple[int, Actor]:
    row = make.requested_payout(office)
    return make.waiting_request(office, ApprovalKind.PAYOUT, row.payout_id), office.grace


def _top_up(office: PracticeOffice) -> tuple[int, Actor]:
    make.float_of(office, 1_000)
    make.post(office, opening_bank_balance(500_00, "more", make.day(office)))
    return office.write(
        utility_float.ask_top_up, NewTopUp(500_00, "slip"), office.grace
    ), office.grace


def _reversal(office: PracticeOffice) -> tuple[int, Actor]:
    taken = make.deposit(office, make.member(office), 100)
    asked = ReversalRequest(taken.entry_number, "Wrong member.")
    return office.write(decisions.ask_reversal, asked, office.grace), office.grace


def _not_paid(office: PracticeOffice) -> tuple[int, Actor]:
    via = make.route(office, make.relay(office))
    order = make.doubtful(office, make.approved_payout(office), via)
    for hours in (1, 25):
        office.clock.advance(hours=hours)
        question = make.ask(office, order, via)
        make.arrive(
            office, via.relay_id, (question.tag, make.status_news(question, order, "not_found"))
        )
    (version,) = office.sql("SELECT version FROM payout_attempt")[0]
    given = NotOnStatement(order.attempt_id or 0, version, "Statement to today.")
    return office.write(payout_decisions.ask_not_paid, given, office.grace), office.grace


def _failed_once(office: PracticeOffice) -> SendOrder:
    """An attempt that M-Pesa refused, which is booked as failed."""
    order = make.begin(office, make.approved_payout(office), make.route(office, make.relay(office)))
    refused = make.answer(order, AnswerKind.REFUSED)
    office.write(payout_sending.record_answer, refused, office.grace)
    return order


def _taken_back(office: PracticeOffice) -> tuple[int, Actor]:
    order = _failed_once(office)
    (version,) = office.sql("SELECT version FROM payout_attempt")[0]
    given = FailureDoubted(order.attempt_id or 0, version, "A notice says paid.")
    return office.write(late_payments.ask_take_back_failure, given, office.grace), office.grace


def _paid_twice(office: PracticeOffice) -> tuple[int, Actor]:
    order = _failed_once(office)
    row = office.read(payouts.row_of, order.payout_id)
    row = office.write(payouts.ask_again, PayoutChange(row.payout_id, row.version), office.grace)
    make.approve_payout(office, row, office.lucy)
    make.accepted(office, row, make.route(office, 1))
    (version,) = office.sql("SELECT version FROM payout_attempt WHERE status = 'failed'")[0]
    seen = SecondPayment(
        order.attempt_id or 0, version, "TWICE00001", office.clock.now(), "Statement."
    )
    return office.write(late_payments.ask_paid_twice, seen, office.grace), office.grace


def _rule(office: PracticeOffice) -> tuple[int, Actor]:
    bands = (Band(None, (Step(frozenset({Role.COMMITTEE, Role.TREASURER}), 2),)),)
    change = LevelsChange(ApprovalKind.PAYOUT, bands, make.day(office))
    return office.write(approval_rules.ask_levels, change, office.admin), office.admin


def _returned(office: PracticeOffice) -> tuple[int, Actor]:
    make_payments.bank_of(office, 300_000)
    row = make_payments.handed_over_loan(office)
    back = ReturnedPayment(row.payout_id, row.version, "RTN 1", make.day(office), "No funds.")
    return office.write(returned_payments.ask, back, office.grace), office.grace


def _rest(office: PracticeOffice) -> tuple[int, Actor]:
    loan_id = make_payments.loan_with_one_part_paid(office).loan_id or 0
    version = office.read(loans.row_of, loan_id).version
    office.write(loan_rest.ask, RestNotWanted(loan_id, version, "It is enough."), office.grace)
    return make.waiting_request(office, ApprovalKind.REST_NOT_WANTED, loan_id), office.grace


def _called(office: PracticeOffice) -> tuple[int, Actor]:
    loan_id = make_guarantors.late_loan(office).loan_id
    version = office.read(loans.row_of, loan_id).version
    office.write(guarantor_calls.ask, CallWish(loan_id, version, "Letters of today."), office.grace)
    return make.waiting_request(office, ApprovalKind.GUARANTORS_CALLED, loan_id), office.grace


def _agreed_anew(office: PracticeOffice) -> tuple[int, Actor]:
    return make_endings.ask_reschedule(office, make_loans.active_loan(office).loan_id), office.peter


def _written_off(office: PracticeOffice) -> tuple[int, Actor]:
    return make_endings.ask_write_off(office, make_loans.active_loan(office).loan_id), office.grace


def _set_aside(office: PracticeOffice) -> tuple[int, Actor]:
    make_loans.active_loan(office)
    return make_endings.ask_provisioning(office), office.grace


def _setting(office: PracticeOffice) -> tuple[int, Actor]:
    change = SettingChange("payout.not_found_hours", "1", make.day(office))
    put = office.write(setting_changes.change_setting, change, office.admin)
    return put.request_id or 0, office.admin


def _people(office: PracticeOffice) -> tuple[int, Actor]:
    change = _other_roles(office, office.peter, Role.CASHIER)
    put = office.write(people_changes.change_roles, change, office.admin)
    return put.request_id or 0, office.admin


def _other_roles(office: PracticeOffice, person: Actor, *roles: Role) -> RoleChange:
    rows = office.read(users.list_users, None)
    row = next(each for each in rows if each.user_id == person.user_id)
    return RoleChange(row.user_id, row.version, frozenset(roles))


def _skip(office: PracticeOffice) -> tuple[int, Actor]:
    relay_id = make.relay(office)
    found = FoundDamaged(relay_id, Place(1, 1, b"h" * 32), "The box is broken.", b"{}", b"box")
    office.write(damaged_entries.keep, found)
    (row,) = office.read(damaged_entries.list_damaged, None)
    asked = SkipRequest(row.entry_id, "The operator knows of a broken disk.")
    return office.write(damaged_entries.ask_skip, asked, office.grace), office.grace


def _import(office: PracticeOffice) -> tuple[int, Actor]:
    view = moving_in.started(office, dirty_books.xlsx([dirty_books.HEAD, dirty_books.JANE]))
    return moving_in.asked(office, moving_in.totalled(office, view)), office.grace


def _joining(office: PracticeOffice) -> tuple[int, Actor]:
    row = make_members.sent(office)
    return make.waiting_request(office, ApprovalKind.MEMBERSHIP, row.application_id), office.peter


def _savings_terms(office: PracticeOffice) -> tuple[int, Actor]:
    request = make_savings.terms_request(office, "deposits", preset_cents=500_00)
    return request, office.admin


def _suspended(office: PracticeOffice) -> tuple[int, Actor]:
    row = make.member(office)
    make_members.status(office, row, MemberStatus.SUSPENDED)
    return make.waiting_request(office, ApprovalKind.MEMBER_STATUS, row.member_id), office.peter


def _leaving(office: PracticeOffice) -> tuple[int, Actor]:
    settlement = make_members.asked_to_leave(office, make.member(office, deposits_kes=900))
    return make.waiting_request(office, ApprovalKind.MEMBER_EXIT, settlement), office.peter


def _transfer(office: PracticeOffice) -> tuple[int, Actor]:
    make_members.transfer(office)
    return make.waiting_request(office, ApprovalKind.SHARE_TRANSFER, 1), office.peter


def _check_off(office: PracticeOffice) -> tuple[int, Actor]:
    member = make.member(office)
    row = make_check_offs.asked(office, ((member.number, 500),))
    return make.waiting_request(office, ApprovalKind.CHECK_OFF, row.list_id), office.grace


def _check_off_back(office: PracticeOffice) -> tuple[int, Actor]:
    member = make.member(office)
    row = make_check_offs.posted(office, ((member.number, 500),))
    make_check_offs.ask_back(office, row)
    return make.waiting_request(office, ApprovalKind.CHECK_OFF_UNDONE, row.list_id), office.grace


def _penalty_rule(office: PracticeOffice) -> tuple[int, Actor]:
    return make_penalties.rule_request(office, "absent"), office.admin


def _waiver(office: PracticeOffice) -> tuple[int, Actor]:
    make_penalties.switch_on(office, "absent")
    member = make.member(office)
    make_penalties.meeting(office, (member.member_id, "absent"))
    request = make_penalties.waiver_request(office, member.member_id, (1, 20_000))
    return request, office.peter


ASK: dict[ApprovalKind, Callable[[PracticeOffice], tuple[int, Actor]]] = {
    ApprovalKind.LOAN: _loan,
    ApprovalKind.PAYOUT: _payout,
    ApprovalKind.PAYOUT_NOT_PAID: _not_paid,
    ApprovalKind.FAILURE_TAKEN_BACK: _taken_back,
    ApprovalKind.PAID_TWICE: _paid_twice,
    ApprovalKind.PAYMENT_RETURNED: _returned,
    ApprovalKind.REST_NOT_WANTED: _rest,
    ApprovalKind.GUARANTORS_CALLED: _called,
    ApprovalKind.LOAN_RESCHEDULE: _agreed_anew,
    ApprovalKind.LOAN_WRITE_OFF: _written_off,
    ApprovalKind.PROVISIONING: _set_aside,
    ApprovalKind.FLOAT_TOP_UP: _top_up,
    ApprovalKind.REVERSAL: _reversal,
    ApprovalKind.APPROVAL_RULES: _rule,
    ApprovalKind.SETTING: _setting,
    ApprovalKind.PEOPLE: _people,
    ApprovalKind.RELAY_SKIP: _skip,
    ApprovalKind.BOOK_IMPORT: _import,
    ApprovalKind.MEMBERSHIP: _joining,
    ApprovalKind.SAVINGS_TERMS: _savings_terms,
    ApprovalKind.PENALTY_TERMS: _penalty_rule,
    ApprovalKind.PENALTY_WAIVER: _waiver,
    ApprovalKind.MEMBER_STATUS: _suspended,
    ApprovalKind.MEMBER_EXIT: _leaving,
    ApprovalKind.SHARE_TRANSFER: _transfer,
    ApprovalKind.CHECK_OFF: _check_off,
    ApprovalKind.CHECK_OFF_UNDONE: _check_off_back,
    ApprovalKind.CHECK_OFF_OWNER: make_requests.owner_of_found_money,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: make_requests.owner_taken_back,
    ApprovalKind.RECEIPT_ALLOCATION: make_payments_in.owner_of_a_payment,
    ApprovalKind.RESCHEDULE_UNDONE: make_requests.agreement_back,
    ApprovalKind.LOAN_FROM_DEPOSITS: make_requests.paid_from_deposits,
    ApprovalKind.RECEIPT_REVERSAL: make_money_in.reversal_request,
}
# Loans of insiders are asked for as loans; only their levels are kept apart.
ASKED = [kind for kind in ApprovalKind if kind is not ApprovalKind.INSIDER_LOAN]
MAY_DECIDE = {
    ApprovalKind.LOAN: {"Daniel Omondi"},
    ApprovalKind.PAYOUT: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.PAYOUT_NOT_PAID: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.FAILURE_TAKEN_BACK: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.PAID_TWICE: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.PAYMENT_RETURNED: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.GUARANTORS_CALLED: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.REST_NOT_WANTED: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.LOAN_RESCHEDULE: {"Daniel Omondi"},
    ApprovalKind.LOAN_WRITE_OFF: {"Daniel Omondi"},
    ApprovalKind.PROVISIONING: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.FLOAT_TOP_UP: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.REVERSAL: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.APPROVAL_RULES: {"Daniel Omondi"},
    ApprovalKind.SETTING: {"Daniel Omondi"},
    ApprovalKind.PEOPLE: {"Daniel Omondi"},
    ApprovalKind.RELAY_SKIP: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.BOOK_IMPORT: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.MEMBERSHIP: {"Daniel Omondi"},
    ApprovalKind.SAVINGS_TERMS: {"Daniel Omondi"},
    ApprovalKind.PENALTY_TERMS: {"Daniel Omondi"},
    ApprovalKind.PENALTY_WAIVER: {"Daniel Omondi"},
    ApprovalKind.MEMBER_STATUS: {"Daniel Omondi"},
    ApprovalKind.MEMBER_EXIT: {"Daniel Omondi"},
    ApprovalKind.SHARE_TRANSFER: {"Daniel Omondi"},
    ApprovalKind.CHECK_OFF: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.CHECK_OFF_UNDONE: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.CHECK_OFF_OWNER: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.RECEIPT_ALLOCATION: {"Daniel Omondi", "Grace Wanjiru", "Lucy Chebet"},
    ApprovalKind.RESCHEDULE_UNDONE: {"Daniel Omondi"},
    ApprovalKind.LOAN_FROM_DEPOSITS: {"Daniel Omondi", "Lucy Chebet"},
    ApprovalKind.RECEIPT_REVERSAL: {"Daniel Omondi", "Lucy Chebet"},
}


def test_every_kind_is_tried_here() -> None:
    assert ASK.keys() == MAY_DECIDE.keys() == set(ASKED)


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("decision", Decision)
def test_exactly_the_right_people_may_decide_and_never_who_asked(
    office: PracticeOffice, kind: ApprovalKind, decision: Decision
) -> None:
    """The list says so too, and who asked may not decide with every role there is."""
    request_id, asker = ASK[kind](office)
    people = (office.peter, office.daniel, office.grace, office.lucy, office.admin)
    for person in people:
        _is_offered_to_the_right_people(office, request_id, person, MAY_DECIDE[kind])
    for person in (*people, CLOCK):
        if person.full_name in MAY_DECIDE[kind]:
            continue
        expected: tuple[type[SaccoError], ...] = (
            (SamePerson, NotAllowed) if person is asker else (NotAllowed,)
        )
        with pytest.raises(expected):
            make.decide(office, request_id, person, decision)
    every_role = replace(asker, roles=frozenset(Role) - {Role.CLOCK, Role.AUDITOR})
    more = _other_roles(office, asker, *every_role.roles)
    make.agreed(office, people_changes.change_roles, more)
    with pytest.raises(SamePerson, match="someone else must approve it"):
        make.decide(office, request_id, every_role, decision)
    decided = make.decide(office, request_id, office.daniel, decision)
    yes = decision is Decision.APPROVE
    assert decided.status is (ApprovalStatus.APPROVED if yes else ApprovalStatus.REJECTED)


def _is_offered_to_the_right_people(
    office: PracticeOffice, request_id: int, person: Actor, deciders: set[str]
) -> None:
    rows = office.read(decisions.list_requests, None, person)
    row = next(row for row in rows if row.request_id == request_id)
    assert row.can_decide == (person.full_name in deciders)
    if not row.can_decide:
        assert all(name in row.locked_why for name in deciders)


def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(office: PracticeOffice) -> None:
    request_id, _asker = _payout(office)
    (shown,) = office.sql("SELECT fingerprint FROM approval_request WHERE id = ?", request_id)[0]
    verdict = Verdict(request_id, shown, Decision.APPROVE, "")

    def decide(person: Actor) -> str:
        try:
            return office.write(decisions.decide, verdict, person).words
        except AlreadyDecided as late:
            return late.message

    with ThreadPoolExecutor(2) as pool:
        words = sorted(pool.map(decide, (office.daniel, office.lucy)))
    assert words[0].startswith("Approved.")
    assert words[1].endswith("has approved this already. The first decision stands.")
    assert office.count("approval_decision", f"request_id = {request_id}") == 1


def test_a_second_no_comes_too_late(office: PracticeOffice) -> None:
    request_id, _asker = _payout(office)
    make.decide(office, request_id, office.daniel)
    with pytest.raises(AlreadyDecided, match="Daniel Omondi has approved this already"):
        make.decide(office, request_id, office.lucy, Decision.REJECT)


def test_a_no_needs_a_reason_and_a_yes_does_not(office: PracticeOffice) -> None:
    request_id, _asker = _payout(office)
    with pytest.raises(InvalidInput) as refused:
        make.decide(office, request_id, office.lucy, Decision.REJECT, " ")
    assert refused.value.field == "reason"
    make.decide(office, request_id, office.lucy, Decision.APPROVE, "")


def test_a_decision_on_something_else_than_what_stands_there_is_refused(
    office: PracticeOffice,
) -> None:
    request_id, _asker = _payout(office)
    verdict = Verdict(request_id, "f" * 64, Decision.APPROVE)
    with pytest.raises(ChangedMeanwhile):
        office.write(decisions.decide, verdict, office.lucy)
    with pytest.raises(NotFound):
        office.write(decisions.decide, Verdict(99, "f", Decision.APPROVE), office.lucy)


def test_people_without_the_role_cannot_even_void_what_has_changed(
    office: PracticeOffice,
) -> None:
    request_id, _asker = _payout(office)
    make_members.renamed(office, "Another")
    for person in (office.peter, office.admin):
        with pytest.raises(NotAllowed):
            make.decide(office, request_id, person)
    with pytest.raises(SamePerson):
        make.decide(office, request_id, office.grace)
    assert make.decide(office, request_id, office.lucy).status is ApprovalStatus.VOID


# What a yes leads to.


def test_whoever_applied_for_a_loan_cannot_approve_it(office: PracticeOffice) -> None:
    """An officer who also sits on the committee writes an application; another officer appraises it."""
    both = frozenset({Role.OFFICER, Role.COMMITTEE})
    new = NewUser("james", "James Mutua", both, make.PASSWORD)
    james = Actor(make.agreed(office, people_changes.add_user, new).user_id, new.full_name, both)
    member = make.member(office, deposits_kes=100_000)
    row = office.write(loans.apply, make.application(member), james)
    appraisal = Appraisal(row.loan_id, row.version, "Good.")
    office.write(loans.appraise, appraisal, office.peter)
    asked = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    for decision in Decision:
        with pytest.raises(SamePerson, match="Daniel Omondi can"):
            make.decide(office, asked, james, decision)
    assert office.read(loans.row_of, row.loan_id).status == "appraised"
    make.decide(office, asked, office.daniel)
    assert office.read(loans.row_of, row.loan_id).status == "approved"


def test_a_loan_that_is_rejected_stays_rejected(office: PracticeOffice) -> None:
    request_id, _asker = _loan(office)
    make.decide(office, request_id, office.daniel, Decision.REJECT, "Too many loans.")
    (row,) = office.read(loans.list_loans, None)
    assert row.status == "rejected"
    new = payouts.NewPayout(make.key(), row.loan_id)
    with pytest.raises(WrongState, match="rejected"):
        office.write(payouts.request, new, office.grace)


def test_what_the_committee_was_shown_must_still_be_so(office: PracticeOffice) -> None:
    request_id, _asker = _loan(office)
    office.sql("UPDATE loan_deduction SET amount_cents = amount_cents + 1 WHERE line = 1")
    assert make.decide(office, request_id, office.daniel).status is ApprovalStatus.VOID
    (row,) = office.read(loans.list_loans, None)
    assert row.status == "appraised"


def test_a_top_up_moves_money_only_after_the_second_yes(office: PracticeOffice) -> None:
    request_id, _asker = _top_up(office)
    before = office.balance("1031")
    make.decide(office, request_id, office.lucy)
    assert office.balance("1031") == before + 500_00


def test_a_reversal_is_posted_only_after_the_second_yes_and_once(office: PracticeOffice) -> None:
    request_id, _asker = _reversal(office)
    assert office.balance("1010") == 100_00
    make.decide(office, request_id, office.lucy)
    assert office.balance("1010") == 0
    again = ReversalRequest(1, "Once more.")
    second = office.write(decisions.ask_reversal, again, office.grace)
    with pytest.raises(WrongState, match="reversed already"):
        make.decide(office, second, office.lucy)


def test_a_deposit_that_was_paid_out_since_is_not_reversed(office: PracticeOffice) -> None:
    member = make.member(office)
    taken = make.deposit(office, member, 50_000)
    wrong = ReversalRequest(taken.entry_number, "Wrong member.")
    request_id = office.write(decisions.ask_reversal, wrong, office.grace)
    make_payments.bank_of(office, 300_000)
    new = make_payments.new_payment(
        Way.CHEQUE,
        purpose="deposit_refund",
        amount_cents=100_000,
        member_id=member.member_id,
        destination=Destination(),
    )
    row = office.write(payments.request, new, office.grace)
    make.approve_payout(office, row, office.lucy)
    cheque = NewCheque(row.payout_id, make.payout_now(office, row).version, "000123")
    office.write(hand_overs.write_cheque, cheque, office.grace)
    # Still in the drawer: the money is promised all the same.
    with pytest.raises(WrongState, match=r"of which KES 49,000\.00 is left"):
        make.decide(office, request_id, office.lucy)
    make_payments.confirmed(office, row)
    with pytest.raises(WrongState, match=r"The member must pay the difference in first"):
        office.write(decisions.ask_reversal, wrong, office.grace)
    with pytest.raises(WrongState, match="cannot be taken out again"):
        office.write(
            lambda work, number: ledger.reverse(work, number, "Past the service."),
            taken.entry_number,
        )
    assert office.balance(f"2010.{member.number}") == 4_900_000


def test_what_m_pesa_has_paid_is_not_taken_back_by_an_entry(office: PracticeOffice) -> None:
    via = make.route(office, make.relay(office))
    order = make.accepted(office, via=via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    entry = make.payout_now(office, order).entry_number or 0
    for number in (entry, entry + 1):
        with pytest.raises(WrongState, match="This has been paid"):
            office.write(decisions.ask_reversal, ReversalRequest(number, "Oops."), office.grace)
    with pytest.raises(InvalidInput):
        office.write(decisions.ask_reversal, ReversalRequest(1, " "), office.grace)


def test_each_decision_is_kept_with_name_role_and_what_was_seen(office: PracticeOffice) -> None:
    request_id, _asker = _payout(office)
    make.decide(office, request_id, office.daniel)
    found = office.sql(
        "SELECT d.decided_by, d.roles, d.decision, d.fingerprint = r.fingerprint"
        " FROM approval_decision d JOIN approval_request r ON r.id = d.request_id"
        " WHERE r.id = ?",
        request_id,
    )
    assert found == [(office.daniel.user_id, "committee", "approve", 1)]


def test_the_waiting_requests_come_first_and_the_oldest_on_top(office: PracticeOffice) -> None:
    first, _ = _payout(office)
    office.clock.advance(minutes=1)
    second, _ = _payout(office)
    office.clock.advance(minutes=1)
    third, _ = _payout(office)
    make.decide(office, first, office.daniel)
    rows = office.read(decisions.list_requests, None, office.daniel)
    assert [row.request_id for row in rows][:2] == [second, third]
    assert NEEDED.keys() == set(ApprovalKind)
