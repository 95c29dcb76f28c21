"""Who may do what: one table from role to acts. The services ask it; the window only hides what it would refuse."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sacco_desktop.domain.errors import InvalidInput, NotAllowed


class Role(StrEnum):
    """The offices a person can hold in the society; one person may hold several."""

    OFFICER = "officer"
    COMMITTEE = "committee"
    TREASURER = "treasurer"
    ADMINISTRATOR = "administrator"
    SECRETARY = "secretary"
    CHAIRPERSON = "chairperson"
    ACCOUNTANT = "accountant"
    CASHIER = "cashier"
    AUDITOR = (
        "auditor"  # Reads everything and changes nothing, so whoever is auditor is nothing else.
    )
    CLOCK = "clock"  # The program itself: it may ask and record, never approve or send.


class Act(StrEnum):
    """What can be done in the books, in the words of a refusal: "You may not {act}"."""

    LOOK = "look at the books"
    REGISTER_MEMBER = "register members"
    READ_FILES = "read the personal files of members"
    KEEP_INSIDERS = "keep the list of insiders"
    APPROVE_MEMBER = "approve who joins, who leaves and how"
    TAKE_DEPOSIT = "take deposits"
    TAKE_REPAYMENT = "take repayments of loans"
    CLEAR_CHEQUE = "say what became of members' cheques"
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
    RECORD_ATTENDANCE = "write down who was late or absent at meetings"
    CHARGE_PENALTIES = "charge penalties by the rules"
    ASK_WAIVER = "ask for penalties to be waived"
    APPROVE_WAIVER = "approve waivers of penalties"
    FOLLOW_UP = "record news from M-Pesa"
    DISCUSS = "write notes on requests"
    RUN_SITTING = "hold sittings of the committee"
    RECORD_VOTE = "record votes of general meetings"
    MANAGE_RULES = "ask for other approval rules"
    APPROVE_RULES = "approve other rules of the house"
    IMPORT_BOOKS = "import old books"
    APPROVE_IMPORT = "approve imports of old books"
    EXPORT_BOOKS = "take all books out as files"
    MANAGE_USERS = "manage users"
    APPROVE_PEOPLE = "agree to changes of people and roles"
    MANAGE_CONNECTIONS = "set up M-Pesa and the relay"
    VERIFY_BOOKS = "verify the books"
    BACK_UP_BOOKS = "make copies of the books"
    CLOSE_DAY = "close the day"
    SIGN_DAY = "sign a day that is being closed"
    REOPEN_DAY = "reopen a closed day"
    RECONCILE = "reconcile statements"
    KEEP_MESSAGES = "look after messages to members"
    KEEP_JOBS = "stop and start what the program does by itself"


# What everybody may who belongs to the office, the auditor too.
_READS = frozenset({Act.LOOK, Act.VERIFY_BOOKS})
_DECIDES = frozenset(
    {
        Act.APPROVE_LOAN,
        Act.APPROVE_PAYOUT,
        Act.APPROVE_RULES,
        Act.APPROVE_PEOPLE,
        Act.APPROVE_IMPORT,
        Act.APPROVE_MEMBER,
        Act.APPROVE_WAIVER,
        Act.READ_FILES,
        Act.RUN_SITTING,
        Act.RECORD_VOTE,
        Act.KEEP_INSIDERS,
        Act.DISCUSS,
    }
)

PERMISSIONS: dict[Role, frozenset[Act]] = {
    Role.OFFICER: _READS
    | {
        Act.READ_FILES,
        Act.REGISTER_MEMBER,
        Act.KEEP_INSIDERS,
        Act.TAKE_DEPOSIT,
        Act.TAKE_REPAYMENT,
        Act.PAY_CASH,
        Act.APPLY_FOR_LOAN,
        Act.APPRAISE_LOAN,
        Act.RECORD_ATTENDANCE,
        Act.ASK_WAIVER,
        Act.DISCUSS,
        Act.KEEP_MESSAGES,
    },
    Role.COMMITTEE: _READS | _DECIDES,
    Role.TREASURER: _READS
    | {
        Act.KEEP_JOBS,
        Act.RECONCILE,
        Act.KEEP_MESSAGES,
        Act.READ_FILES,
        Act.TAKE_DEPOSIT,
        Act.TAKE_REPAYMENT,
        Act.CLEAR_CHEQUE,
        Act.REQUEST_PAYOUT,
        Act.APPROVE_PAYOUT,
        Act.SEND_PAYOUT,
        Act.PAY_CASH,
        Act.SETTLE_PAYOUT,
        Act.RECORD_FLOAT,
        Act.REVERSE_ENTRY,
        Act.CHARGE_PENALTIES,
        Act.ASK_WAIVER,
        Act.IMPORT_BOOKS,
        Act.APPROVE_IMPORT,
        Act.EXPORT_BOOKS,
        Act.DISCUSS,
        Act.BACK_UP_BOOKS,
        Act.CLOSE_DAY,
        Act.SIGN_DAY,
        Act.REOPEN_DAY,
    },
    Role.ADMINISTRATOR: _READS
    | {
        Act.KEEP_JOBS,
        Act.MANAGE_USERS,
        Act.APPROVE_PEOPLE,
        Act.MANAGE_CONNECTIONS,
        Act.MANAGE_RULES,
        Act.DISCUSS,
        Act.BACK_UP_BOOKS,
    },
    Role.SECRETARY: _READS
    | _DECIDES
    | {
        Act.MANAGE_RULES,
        Act.EXPORT_BOOKS,
        Act.RECORD_ATTENDANCE,
        Act.ASK_WAIVER,
        Act.KEEP_MESSAGES,
    },
    Role.CHAIRPERSON: _READS
    | _DECIDES
    | {
        Act.MANAGE_RULES,
        Act.EXPORT_BOOKS,
        Act.RECORD_ATTENDANCE,
        Act.ASK_WAIVER,
        Act.SIGN_DAY,
        Act.REOPEN_DAY,
    },
    Role.ACCOUNTANT: _READS
    | {
        Act.RECONCILE,
        Act.REQUEST_PAYOUT,
        Act.RECORD_FLOAT,
        Act.REVERSE_ENTRY,
        Act.CHARGE_PENALTIES,
        Act.ASK_WAIVER,
        Act.IMPORT_BOOKS,
        Act.CLEAR_CHEQUE,
        Act.DISCUSS,
        Act.BACK_UP_BOOKS,
        Act.CLOSE_DAY,
        Act.SIGN_DAY,
    },
    Role.CASHIER: _READS | {Act.TAKE_DEPOSIT, Act.TAKE_REPAYMENT, Act.PAY_CASH, Act.DISCUSS},
    Role.AUDITOR: _READS | {Act.READ_FILES},
    Role.CLOCK: _READS | {Act.FOLLOW_UP, Act.CHARGE_PENALTIES},
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


def roles_for(act: Act) -> frozenset[Role]:
    """Every role that allows the act."""
    return frozenset(role for role in Role if act in PERMISSIONS[role])


def check_together(roles: Iterable[Role]) -> None:
    """Raise InvalidInput under `roles` when one person may not hold all of these together.

    An auditor who also acted would check his or her own work, so the role stands alone.
    """
    others = sorted(set(roles) - {Role.AUDITOR})
    if Role.AUDITOR in set(roles) and others:
        raise InvalidInput(
            f"An auditor reads everything and changes nothing, so an auditor cannot also be {others[0].value}."
            " Choose auditor alone.",
            "roles",
        )
