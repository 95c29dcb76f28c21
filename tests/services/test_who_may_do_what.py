"""Every service that writes is refused to everybody who must not use it, before it looks at anything else."""

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy.exc import SAWarning

from sacco_desktop import services
from sacco_desktop.domain.approvals import ApprovalKind, Decision
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SaccoError
from sacco_desktop.domain.permissions import PERMISSIONS, Act, Role
from sacco_desktop.services.books.work import CLOCK, Actor
from sacco_desktop.services.office import users
from sacco_desktop.services.office.users import AccessChange, NewUser, RoleChange
from sacco_desktop.services.people import people_changes
from tests import make
from tests.make import PracticeOffice

OFFICER, COMMITTEE, TREASURER = Role.OFFICER, Role.COMMITTEE, Role.TREASURER
ADMINISTRATOR, THE_CLOCK, AUDITOR = Role.ADMINISTRATOR, Role.CLOCK, Role.AUDITOR
SECRETARY, CHAIRPERSON = Role.SECRETARY, Role.CHAIRPERSON
ACCOUNTANT, CASHIER = Role.ACCOUNTANT, Role.CASHIER

# Written down apart from the table in the program, so that a slip there shows here.
WHO: dict[str, set[Role]] = {
    "members.register": {OFFICER},
    "membership_applications.apply": {OFFICER},
    "membership_applications.send": {OFFICER},
    "membership_applications.withdraw": {OFFICER},
    "joining_fees.take": {OFFICER, TREASURER, CASHIER},
    "member_files.change": {OFFICER},
    "member_files.add_kin": {OFFICER},
    "member_files.end_kin": {OFFICER},
    "nominees.name": {OFFICER},
    "member_documents.add": {OFFICER},
    "member_documents.remove": {OFFICER},
    "member_statuses.ask": {OFFICER},
    "exit_notices.give": {OFFICER},
    "exit_notices.take_back": {OFFICER},
    "exits.ask": {OFFICER},
    "exits.take_back": {OFFICER},
    "nominee_claims.ask": {TREASURER, ACCOUNTANT},
    "share_transfers.ask": {OFFICER},
    "dormancy.catch_up_slice": {THE_CLOCK},
    "phone_changes.change_phone": {OFFICER},
    "deposits.take_cash": {OFFICER, TREASURER, CASHIER},
    "contributions.take": {OFFICER, TREASURER, CASHIER},
    "withdrawal_notices.give": {OFFICER, TREASURER, CASHIER, ACCOUNTANT},
    "withdrawal_notices.take_back": {OFFICER, TREASURER, CASHIER, ACCOUNTANT},
    "withdrawals.request": {TREASURER, ACCOUNTANT},
    "fund_claims.ask": {TREASURER, ACCOUNTANT},
    "check_offs.ask": {TREASURER, ACCOUNTANT},
    "check_offs.ask_back": {TREASURER, ACCOUNTANT},
    "check_offs.take_request_back": {TREASURER, ACCOUNTANT},
    "members_cheques.clear": {TREASURER, ACCOUNTANT},
    "members_cheques.came_back": {TREASURER, ACCOUNTANT},
    "savings_products.ask_terms": {ADMINISTRATOR, SECRETARY, CHAIRPERSON},
    "penalty_rules.ask_terms": {ADMINISTRATOR, SECRETARY, CHAIRPERSON},
    "wishes.record": {OFFICER},
    "message_gateways.save": {ADMINISTRATOR},
    "message_gateways.note_balance": {OFFICER, TREASURER, SECRETARY, THE_CLOCK},
    "message_stops.stop_all": {OFFICER, TREASURER, SECRETARY},
    "message_stops.go_on": {OFFICER, TREASURER, SECRETARY, ADMINISTRATOR},
    "message_sending.recover": {THE_CLOCK},
    "message_sending.begin_next": {THE_CLOCK},
    "message_sending.record_answer": {THE_CLOCK},
    "instalment_reminders.remind_slice": {THE_CLOCK},
    "message_reports.asked": {THE_CLOCK},
    "message_reports.take_in": {THE_CLOCK},
    "message_decisions.send_again": {OFFICER, TREASURER, SECRETARY},
    "message_decisions.leave": {OFFICER, TREASURER, SECRETARY},
    "job_keeping.pause": {TREASURER, ADMINISTRATOR},
    "job_keeping.resume": {TREASURER, ADMINISTRATOR},
    "job_keeping.asked_to_run": {TREASURER, ADMINISTRATOR},
    "penalty_run.charge_slice": {TREASURER, ACCOUNTANT, THE_CLOCK},
    "meetings.record": {OFFICER, SECRETARY, CHAIRPERSON},
    "waivers.ask": {OFFICER, TREASURER, ACCOUNTANT, SECRETARY, CHAIRPERSON},
    "waivers.ask_spare": {OFFICER, TREASURER, ACCOUNTANT, SECRETARY, CHAIRPERSON},
    "repayments.take": {OFFICER, TREASURER, CASHIER},
    "payoffs.settle": {OFFICER, TREASURER, CASHIER},
    "recoveries.take": {OFFICER, TREASURER, CASHIER},
    "guarantees.ask": {OFFICER},
    "application_papers.record_pay_slip": {OFFICER},
    "loan_forms.record": {OFFICER},
    "insider_ties.record": {OFFICER, COMMITTEE, SECRETARY, CHAIRPERSON},
    "insider_ties.end": {OFFICER, COMMITTEE, SECRETARY, CHAIRPERSON},
    "loan_fees.take": {OFFICER, TREASURER, CASHIER},
    "loan_papers.tick": {OFFICER, TREASURER, ACCOUNTANT},
    "application_papers.record_credit_report": {OFFICER},
    "guarantor_recoveries.take": {OFFICER, TREASURER, CASHIER},
    "due_instalments.catch_up_slice": {THE_CLOCK},
    "loans.apply": {OFFICER},
    "loans.appraise": {OFFICER},
    "payouts.request": {TREASURER, ACCOUNTANT},
    "payouts.ask_again": {TREASURER, ACCOUNTANT},
    "payouts.take_back": {TREASURER, ACCOUNTANT},
    "payments.request": {TREASURER, ACCOUNTANT},
    "hand_overs.write_cheque": {TREASURER},
    "hand_overs.pay_cash": {OFFICER, TREASURER, CASHIER},
    "hand_overs.confirm": {TREASURER},
    "hand_overs.came_back": {TREASURER},
    "bank_files.make": {TREASURER},
    "payout_sending.begin": {TREASURER},
    "payout_sending.begin_resend": {TREASURER},
    "payout_sending.record_answer": {TREASURER, THE_CLOCK},
    "crash_recovery.recover": {THE_CLOCK},
    "crash_recovery.recover_of_this_pc": {THE_CLOCK},
    "crash_recovery.recover_stale": {THE_CLOCK},
    "payout_questions.begin": {TREASURER, THE_CLOCK},
    "payout_questions.record_answer": {TREASURER, THE_CLOCK},
    "payout_decisions.confirm_failure": {TREASURER},
    "payout_decisions.confirm_paid": {TREASURER},
    "payout_decisions.ask_not_paid": {TREASURER},
    "payout_holds.hold": {
        OFFICER,
        COMMITTEE,
        SECRETARY,
        CHAIRPERSON,
        TREASURER,
        ACCOUNTANT,
        CASHIER,
    },
    "payout_holds.release": {TREASURER},
    "day_closings.close": {TREASURER, ACCOUNTANT},
    "day_reopenings.reopen": {TREASURER, CHAIRPERSON},
    "statement_files.take_in": {TREASURER, ACCOUNTANT},
    "statement_matches.by_hand": {TREASURER, ACCOUNTANT},
    "statement_matches.undo": {TREASURER, ACCOUNTANT},
    "line_settling.settle": {TREASURER, ACCOUNTANT},
    "line_settling.book_beginning": {TREASURER, ACCOUNTANT},
    "reconciliation_signing.sign": {TREASURER, ACCOUNTANT},
    "reconciliation_signing.reopen": {TREASURER, CHAIRPERSON},
    "relay_feed.take_in": {THE_CLOCK},
    "relay_feed.retry": {TREASURER, THE_CLOCK},
    "relay_feed.dismiss": {TREASURER},
    "queue_stops.clear": {TREASURER},
    "utility_float.ask_top_up": {TREASURER, ACCOUNTANT},
    "decisions.ask_reversal": {TREASURER, ACCOUNTANT},
    "approval_notes.discuss": set(Role) - {AUDITOR, THE_CLOCK},
    "approval_rules.ask_levels": {ADMINISTRATOR, SECRETARY, CHAIRPERSON},
    "approval_rules.ask_limit": {ADMINISTRATOR, SECRETARY, CHAIRPERSON},
    "balance_questions.begin": {TREASURER, ACCOUNTANT, ADMINISTRATOR, THE_CLOCK},
    "balance_questions.record_answer": {TREASURER, ACCOUNTANT, ADMINISTRATOR, THE_CLOCK},
    "balance_questions.give_up": {TREASURER, ACCOUNTANT, ADMINISTRATOR, THE_CLOCK},
    "prompts.begin": {OFFICER, TREASURER, CASHIER},
    "prompts.record_answer": {OFFICER, TREASURER, CASHIER, THE_CLOCK},
    "prompt_news.record_question": {OFFICER, TREASURER, CASHIER, THE_CLOCK},
    "prompt_news.end_old": {THE_CLOCK},
    "mpesa_receipts.hear": {TREASURER, ACCOUNTANT, THE_CLOCK},
    "mpesa_receipts.take_up_undone": {OFFICER, TREASURER, CASHIER, THE_CLOCK},
    "allocations.allocate": {OFFICER, TREASURER, CASHIER},
    "giving_many.give": {OFFICER, TREASURER, CASHIER},
    "owner_requests.give": {OFFICER, TREASURER, CASHIER},
    "allocations.settle_waiting": {THE_CLOCK},
    "allocations.settle_some": {THE_CLOCK},
    "aliases.forget": {OFFICER, TREASURER, CASHIER},
    "receipt_pulls.take_in": {THE_CLOCK},
    "receipt_reversals.ask": {TREASURER, ACCOUNTANT},
    "receipt_reversals.begin": {TREASURER},
    "receipt_reversals.record_answer": {TREASURER, THE_CLOCK},
    "receipt_reversals.give_up": {TREASURER, ACCOUNTANT},
    "receipt_reversals.doubt_cut_off": {THE_CLOCK},
    "receipt_questions.begin": {OFFICER, TREASURER, CASHIER, THE_CLOCK},
    "receipt_questions.record_answer": {OFFICER, TREASURER, CASHIER, THE_CLOCK},
    "receipt_claims.claim": {OFFICER, TREASURER, CASHIER},
    "receipt_claims.drop": {OFFICER, TREASURER, CASHIER},
    "receipt_refunds.request": {TREASURER, ACCOUNTANT},
    "payout_batches.open_batch": {TREASURER},
    "payout_batches.start": {TREASURER},
    "payout_batches.end_run": {TREASURER},
    "payout_batches.end_batch": {TREASURER},
    "payout_batches.recover": {THE_CLOCK},
    "payout_batches.recover_stale": {THE_CLOCK},
    "relay_rests.let_rest": {TREASURER},
    "relay_rests.wake": {TREASURER},
    "mpesa_connections.save": {ADMINISTRATOR},
    "shortcodes.add": {ADMINISTRATOR},
    "shortcodes.note_registered": {ADMINISTRATOR},
    "relays.add": {ADMINISTRATOR},
    "setting_changes.change_setting": {ADMINISTRATOR},
    "people_changes.add_user": {ADMINISTRATOR},
    "people_changes.ask_password": {ADMINISTRATOR},
    "people_changes.let_in": {THE_CLOCK},
    "damaged_entries.keep": {THE_CLOCK},
    "damaged_entries.ask_skip": {TREASURER},
    "people_changes.change_roles": {ADMINISTRATOR},
    "people_changes.change_access": {ADMINISTRATOR},
    "deputies.name_deputy": {ADMINISTRATOR},
    "deputies.end_deputy": {ADMINISTRATOR},
    "member_links.link": {ADMINISTRATOR},
    "vote_records.record": {COMMITTEE, SECRETARY, CHAIRPERSON},
    "sittings.open_sitting": {COMMITTEE, SECRETARY, CHAIRPERSON},
    "sittings.vote": {COMMITTEE, SECRETARY, CHAIRPERSON},
    "sittings.close_sitting": {COMMITTEE, SECRETARY, CHAIRPERSON},
    "people_changes.reset_password": {ADMINISTRATOR},
    "found_owners.ask": {TREASURER, ACCOUNTANT},
    "found_owners.ask_back": {TREASURER, ACCOUNTANT},
    "drafts.start": {TREASURER, ACCOUNTANT},
    "verify.verify": set(Role),
}

# Parts of a verb above, or called before anybody can have signed in, or with a check of their own elsewhere.
INSIDE_ANOTHER = {
    "check_off_keeping.keep",
    "outbox.tell",
    "savings_products.bring",
    "aliases.learn",
    "drafts.remember_mapping",
    "check_off_posting.post",
    "account_readings.note",
    "approvals.ask",
    "members.let_in",
    "members.write_down",
    "member_files.open_file",
    "member_moves.move",
    "exits.void",
    "forgotten_doubts.doubt_unsent",
    "approvals.record",
    "damaged_entries.carry_out",
    "approval_needs.copy_onto",
    "decisions.decide",  # needs the act of the request's kind: test_approvals.py
    "job_list.begin",
    "ledger.post",
    "many_entries.post",
    "plain_payments.book",
    "numbering.next_in",
    "payout_contents.void_if_changed",
    "utility_float.carry_out_top_up",
    "ledger.open_chart",
    "payout_drafts.write",
    "payout_settling.settle_without_mpesa",
    "society.set_up",
    "users.change_own_password",  # everybody's own
}


def _people(office: PracticeOffice) -> dict[Role, Actor]:
    """Somebody for each role who has no other."""
    there = {
        Role.OFFICER: office.peter,
        Role.COMMITTEE: office.daniel,
        Role.TREASURER: office.grace,
        Role.ADMINISTRATOR: office.admin,
        Role.CLOCK: CLOCK,
    }
    new = [role for role in Role if role not in there]
    return there | {role: make.person(office, f"{role.value.title()} Otieno", role) for role in new}


def _modules() -> dict[str, str]:
    """The file of each subject by its short name; the folders part the office's work, and no two files share a name."""
    found = [
        one.name
        for one in pkgutil.walk_packages(services.__path__, f"{services.__name__}.")
        if not one.ispkg
    ]
    short = {name.rpartition(".")[2]: name for name in found}
    assert len(short) == len(found)
    return short


MODULES = _modules()


def _service(name: str) -> Any:
    module, function = name.split(".")
    return getattr(import_module(MODULES[module]), function)


def _may_call(office: PracticeOffice, name: str, actor: Actor) -> bool:
    """Call with nothing as input: whoever may not is refused first, whoever may gets as far as the input."""
    try:
        office.write(_service(name), None, actor)
    except NotAllowed:
        return False
    except (AttributeError, SaccoError, SAWarning):
        return True
    return True


# Making a person of every role takes longer than asking for all of them, so many services share an office.
A_TEST = 30


@pytest.mark.parametrize("first", range(0, len(WHO), A_TEST))
def test_a_service_is_refused_to_every_other_role(office: PracticeOffice, first: int) -> None:
    people, names = _people(office), list(WHO)[first : first + A_TEST]
    able = {
        name: {role for role, person in people.items() if _may_call(office, name, person)}
        for name in names
    }
    assert able == {name: WHO[name] for name in names}


def test_roles_that_were_taken_away_count_no_more_for_who_is_signed_in(
    office: PracticeOffice,
) -> None:
    """Grace approved in the morning, lost her role at noon, and her window is still open."""
    people = _people(office)
    for role in (Role.OFFICER, Role.TREASURER):
        actor = people[role]
        row = next(r for r in office.read(users.list_users, None) if r.user_id == actor.user_id)
        change = RoleChange(row.user_id, row.version, frozenset({Role.COMMITTEE}))
        make.agreed(office, people_changes.change_roles, change)
        # The new role counts from the next sign-in on, so nothing is left to do until then.
        assert [name for name in WHO if _may_call(office, name, actor)] == []


def test_an_auditor_reads_everything_and_is_refused_every_act(office: PracticeOffice) -> None:
    """Every act of the table, every service that writes, and every decision on a request that waits."""
    auditor = make.person(office, "Naomi Wafula", AUDITOR)
    assert PERMISSIONS[AUDITOR] == {Act.LOOK, Act.VERIFY_BOOKS, Act.READ_FILES}
    writing = set(WHO) - {"verify.verify"}
    assert [name for name in writing if _may_call(office, name, auditor)] == []
    payout = make.requested_payout(office)
    asked = make.waiting_request(office, ApprovalKind.PAYOUT, payout.payout_id)
    for decision in Decision:
        with pytest.raises(NotAllowed):
            make.decide(office, asked, auditor, decision)
    for name in ("payouts.list_payouts", "decisions.list_requests", "verify.verify"):
        office.read(_service(name), None, auditor)


@pytest.mark.parametrize("other", [role for role in Role if role not in (AUDITOR, THE_CLOCK)])
def test_an_auditor_is_nothing_else(office: PracticeOffice, other: Role) -> None:
    new = NewUser("naomi", "Naomi Wafula", frozenset({AUDITOR, other}), make.PASSWORD)
    with pytest.raises(InvalidInput, match="cannot also be") as refused:
        make.agreed(office, people_changes.add_user, new)
    assert refused.value.field == "roles"
    auditor = make.person(office, "Naomi Wafula", AUDITOR)
    row = next(r for r in office.read(users.list_users, None) if r.user_id == auditor.user_id)
    change = RoleChange(row.user_id, row.version, frozenset({AUDITOR, other}))
    with pytest.raises(InvalidInput, match="cannot also be"):
        make.agreed(office, people_changes.change_roles, change)
    make.agreed(office, people_changes.change_roles, replace(change, roles=frozenset({other})))
    back = replace(change, version=row.version + 1, roles=frozenset({AUDITOR}))
    if other is not ADMINISTRATOR:
        make.agreed(office, people_changes.change_roles, back)


def test_a_closed_account_may_do_nothing_more(office: PracticeOffice) -> None:
    row = next(r for r in office.read(users.list_users, None) if r.username == "grace")
    make.agreed(office, people_changes.change_access, AccessChange(row.user_id, row.version, False))
    for name in WHO:
        assert not _may_call(office, name, office.grace)


def test_a_refusal_says_who_can(office: PracticeOffice) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.write(_service("payout_sending.begin"), None, office.peter)
    assert refused.value.message == "You may not send payouts. These roles may: treasurer."


WRITES = ("session.add(", "move_attempt(", "move_payout(", "ledger.post(", "commands.once(")


def _writing_services() -> Iterator[str]:
    for short, name in MODULES.items():
        module = import_module(name)
        for verb, function in inspect.getmembers(module, inspect.isfunction):
            mine = function.__module__ == module.__name__ and not verb.startswith("_")
            parameters = list(inspect.signature(function).parameters)
            is_service = len(parameters) == 2 and parameters[0] == "work"
            if mine and is_service and any(w in inspect.getsource(function) for w in WRITES):
                yield f"{short}.{verb}"


def test_somebody_has_thought_about_who_may_use_each_service_that_writes() -> None:
    assert set(_writing_services()) - WHO.keys() - INSIDE_ANOTHER == set()


def test_reading_needs_a_sign_in(office: PracticeOffice) -> None:
    stranger = Actor(99, "A stranger", frozenset({Role.TREASURER}))
    for name in ("payouts.list_payouts", "members.list_members", "loans.list_loans"):
        with pytest.raises(NotAllowed):
            office.read(_service(name), None, stranger)
    make.member(office)
