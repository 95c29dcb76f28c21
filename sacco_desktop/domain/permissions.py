"""Who may do what: one table from role to acts. The services ask it; the window only hides what it would refuse."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sacco_desktop.domain.errors import NotAllowed


class Role(StrEnum):
    """The offices a person can hold in the society; one person may hold several."""

    OFFICER = "officer"
    COMMITTEE = "committee"
    TREASURER = "treasurer"
    ADMINISTRATOR = "administrator"
    CLOCK = "clock"  # The program itself: it may ask and record, never approve or send.


class Act(StrEnum):
    """What can be done in the books, in the words of a refusal: "You may not {act}"."""

    LOOK = "look at the books"
    REGISTER_MEMBER = "register members"
    TAKE_DEPOSIT = "take deposits"
    APPLY_FOR_LOAN = "write loan applications"
    APPRAISE_LOAN = "appraise loans"
    APPROVE_LOAN = "approve loans"
    REQUEST_PAYOUT = "ask for payouts"
    APPROVE_PAYOUT = "approve payouts"
    SEND_PAYOUT = "send payouts"
    PAY_CASH = "pay cash out at the till"
    SETTLE_PAYOUT = "settle uncertain payouts"
    RECORD_FLOAT = "record transfers to the M-Pesa utility account"
    REVERSE_ENTRY = "reverse entries"
    FOLLOW_UP = "record news from M-Pesa"
    MANAGE_USERS = "manage users"
    MANAGE_CONNECTIONS = "set up M-Pesa and the relay"
    VERIFY_BOOKS = "verify the books"


PERMISSIONS: dict[Role, frozenset[Act]] = {
    Role.OFFICER: frozenset(
        {
            Act.LOOK,
            Act.REGISTER_MEMBER,
            Act.TAKE_DEPOSIT,
            Act.PAY_CASH,
            Act.APPLY_FOR_LOAN,
            Act.APPRAISE_LOAN,
            Act.VERIFY_BOOKS,
        }
    ),
    Role.COMMITTEE: frozenset({Act.LOOK, Act.APPROVE_LOAN, Act.APPROVE_PAYOUT, Act.VERIFY_BOOKS}),
    Role.TREASURER: frozenset(
        {
            Act.LOOK,
            Act.TAKE_DEPOSIT,
            Act.REQUEST_PAYOUT,
            Act.APPROVE_PAYOUT,
            Act.SEND_PAYOUT,
            Act.PAY_CASH,
            Act.SETTLE_PAYOUT,
            Act.RECORD_FLOAT,
            Act.REVERSE_ENTRY,
            Act.VERIFY_BOOKS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Act.LOOK, Act.MANAGE_USERS, Act.MANAGE_CONNECTIONS, Act.VERIFY_BOOKS}
    ),
    Role.CLOCK: frozenset({Act.LOOK, Act.FOLLOW_UP, Act.VERIFY_BOOKS}),
}


def may(roles: Iterable[Role], act: Act) -> bool:
    """Whether any of the roles allows the act."""
    return any(act in PERMISSIONS[role] for role in roles)


def check(roles: Iterable[Role], act: Act) -> None:
    """Raise NotAllowed, naming who could do it, unless one of the roles allows the act."""
    if may(roles, act):
        return
    able = ", ".join(role.value for role in Role if act in PERMISSIONS[role])
    raise NotAllowed(f"You may not {act.value}. These roles may: {able}.")
