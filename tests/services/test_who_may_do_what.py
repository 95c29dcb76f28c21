"""Every service that writes is refused to everybody who must not use it, before it looks at anything else."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from sacco_desktop import services
from sacco_desktop.domain.errors import NotAllowed, SaccoError
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services import users
from sacco_desktop.services.users import RoleChange
from sacco_desktop.services.work import CLOCK, Actor
from tests import make
from tests.make import PracticeOffice

OFFICER, COMMITTEE, TREASURER = Role.OFFICER, Role.COMMITTEE, Role.TREASURER
ADMINISTRATOR, THE_CLOCK = Role.ADMINISTRATOR, Role.CLOCK

# Written down apart from the table in the program, so that a slip there shows here.
WHO: dict[str, set[Role]] = {
    "members.register": {OFFICER},
    "phone_changes.change_phone": {OFFICER},
    "deposits.take_cash": {OFFICER, TREASURER},
    "loans.apply": {OFFICER},
    "loans.appraise": {OFFICER},
    "payouts.request": {TREASURER},
    "payouts.ask_again": {TREASURER},
    "payouts.take_back": {TREASURER},
    "payments.request": {TREASURER},
    "hand_overs.write_cheque": {TREASURER},
    "hand_overs.pay_cash": {OFFICER, TREASURER},
    "hand_overs.confirm": {TREASURER},
    "hand_overs.came_back": {TREASURER},
    "bank_files.make": {TREASURER},
    "bank_files.read": {TREASURER},
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
    "relay_feed.take_in": {THE_CLOCK},
    "relay_feed.retry": {TREASURER, THE_CLOCK},
    "relay_feed.dismiss": {TREASURER},
    "queue_stops.clear": {TREASURER},
    "utility_float.ask_top_up": {TREASURER},
    "decisions.ask_reversal": {TREASURER},
    "mpesa_connections.save": {ADMINISTRATOR},
    "relays.add": {ADMINISTRATOR},
    "society.change_setting": {ADMINISTRATOR},
    "users.add_user": {ADMINISTRATOR},
    "users.change_roles": {ADMINISTRATOR},
    "users.change_access": {ADMINISTRATOR},
    "users.reset_password": {ADMINISTRATOR},
    "verify.verify": {OFFICER, COMMITTEE, TREASURER, ADMINISTRATOR, THE_CLOCK},
}

# Parts of a verb above, or called before anybody can have signed in, or with a check of their own elsewhere.
INSIDE_ANOTHER = {
    "approvals.ask",
    "approvals.record",
    "decisions.decide",  # needs the act of the request's kind: test_approvals.py
    "job_list.begin",
    "ledger.post",
    "numbering.next_in",
    "payout_contents.void_if_changed",
    "ledger.open_chart",
    "payout_drafts.write",
    "payout_settling.settle_without_mpesa",
    "society.set_up",
    "users.change_own_password",  # everybody's own
}


def _person(office: PracticeOffice, role: Role) -> Actor:
    return {
        Role.OFFICER: office.peter,
        Role.COMMITTEE: office.daniel,
        Role.TREASURER: office.grace,
        Role.ADMINISTRATOR: office.admin,
        Role.CLOCK: CLOCK,
    }[role]


def _service(name: str) -> Any:
    module, function = name.split(".")
    return getattr(import_module(f"sacco_desktop.services.{module}"), function)


def _may_call(office: PracticeOffice, name: str, actor: Actor) -> bool:
    """Call with nothing as input: whoever may not is refused first, whoever may gets as far as the input."""
    try:
        office.write(_service(name), None, actor)
    except NotAllowed:
        return False
    except (AttributeError, SaccoError):
        return True
    return True


@pytest.mark.parametrize("name", WHO)
def test_a_service_is_refused_to_every_other_role(office: PracticeOffice, name: str) -> None:
    able = {role for role in Role if _may_call(office, name, _person(office, role))}
    assert able == WHO[name]


def test_roles_that_were_taken_away_count_no_more_for_who_is_signed_in(
    office: PracticeOffice,
) -> None:
    """Grace approved in the morning, lost her role at noon, and her window is still open."""
    for role in (Role.OFFICER, Role.TREASURER):
        actor = _person(office, role)
        row = next(r for r in office.read(users.list_users, None) if r.user_id == actor.user_id)
        change = RoleChange(row.user_id, row.version, frozenset({Role.COMMITTEE}))
        office.write(users.change_roles, change, office.admin)
        # The new role counts from the next sign-in on, so nothing is left to do until then.
        assert [name for name in WHO if _may_call(office, name, actor)] == []


def test_a_closed_account_may_do_nothing_more(office: PracticeOffice) -> None:
    office.sql("UPDATE user_account SET is_active = false WHERE username = 'grace'")
    for name in WHO:
        assert not _may_call(office, name, office.grace)


def test_a_refusal_says_who_can(office: PracticeOffice) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.write(_service("payout_sending.begin"), None, office.peter)
    assert refused.value.message == "You may not send payouts. These roles may: treasurer."


WRITES = ("session.add(", "move_attempt(", "move_payout(", "ledger.post(", "commands.once(")


def _writing_services() -> Iterator[str]:
    for found in pkgutil.iter_modules(services.__path__):
        module = import_module(f"sacco_desktop.services.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            mine = function.__module__ == module.__name__ and not name.startswith("_")
            parameters = list(inspect.signature(function).parameters)
            is_service = len(parameters) == 2 and parameters[0] == "work"
            if mine and is_service and any(w in inspect.getsource(function) for w in WRITES):
                yield f"{found.name}.{name}"


def test_somebody_has_thought_about_who_may_use_each_service_that_writes() -> None:
    assert set(_writing_services()) - WHO.keys() - INSIDE_ANOTHER == set()


def test_reading_needs_a_sign_in(office: PracticeOffice) -> None:
    stranger = Actor(99, "A stranger", frozenset({Role.TREASURER}))
    for name in ("payouts.list_payouts", "members.list_members", "loans.list_loans"):
        with pytest.raises(NotAllowed):
            office.read(_service(name), None, stranger)
    make.member(office)
