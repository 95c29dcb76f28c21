"""Members: registering them, changing their phone, finding them, reading what a page shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from sacco_desktop.db.standing import ById, Lookup
from sacco_desktop.db.tables import Account, AccountBalance, Member
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, SHARE_CAPITAL, sub_account_code
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.people import clean_identity, clean_name, member_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.phones import normalise_phone
from sacco_desktop.services.books import audit, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import employers, late_loans, member_search
from sacco_desktop.services.office import society


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is written down when a person joins; texts as typed."""

    first_name: str
    other_names: str
    last_name: str
    national_id: str
    phone: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as lists and pickers show one; deposits, share capital and what the loans owe are the ledger's balances
    in cents. `unpaid_since` is the due date of the oldest unpaid instalment of any loan, None when all are on time.
    Employer and payroll number are of the personal file, and empty for whoever may not read those.
    """

    member_id: int
    number: str
    full_name: str
    national_id: str
    phone: str
    phone_changed_at: datetime | None
    status: str
    joined_on: date
    deposits_cents: int
    loans: int
    version: int
    shares_cents: int
    owed_cents: int
    unpaid_since: date | None
    employer: str = ""
    payroll_number: str = ""


@dataclass(frozen=True, slots=True)
class FirstMembers:
    """The first rows of a list, and whether there are so many members that a list of all is not wanted unasked."""

    rows: tuple[MemberRow, ...]
    are_many: bool


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who becomes a member, with names and numbers in their kept form; both ids are None without an application."""

    first_name: str
    other_names: str
    last_name: str
    national_id: str
    phone: str
    kind: str = "person"
    file_id: int | None = None
    application_id: int | None = None


BY_APPLICATION = "membership.by_application"
# As many rows as any window shows at once.
AT_FIRST = 100
# More members than this nobody looks through; they are searched.
MANY = 2_000


def register(work: Work, new: NewMember) -> MemberRow:
    """Register a member without an application, where the society does without. Raises WrongState, InvalidInput."""
    work.allow(Act.REGISTER_MEMBER)
    if society.yes_setting(work, BY_APPLICATION):
        raise WrongState(
            "Members join by an application that a second person approves. Write an application instead."
        )
    return write_down(work, new)


def write_down(work: Work, new: NewMember) -> MemberRow:
    """Read what was typed and let the person in: for those who were members before these books began."""
    other = new.other_names.strip()
    entrant = Entrant(
        first_name=clean_name(new.first_name, "first_name"),
        other_names=clean_name(other, "other_names") if other else "",
        last_name=clean_name(new.last_name, "last_name"),
        national_id=unused_identity(work, clean_identity(new.national_id, "national_id")),
        phone=unused_phone(work, new.phone),
    )
    return let_in(work, entrant)


def let_in(work: Work, entrant: Entrant) -> MemberRow:
    """Make a member and open the deposits account. The number is given here, once and in order."""
    member = Member(
        first_name=entrant.first_name,
        other_names=entrant.other_names,
        last_name=entrant.last_name,
        national_id=entrant.national_id,
        phone=entrant.phone,
        number=member_number(numbering.next_in(work, "member")),
        joined_on=work.today,
        registered_by=work.actor.user_id,
        kind=entrant.kind,
        file_id=entrant.file_id,
        application_id=entrant.application_id,
    )
    work.session.add(member)
    work.session.flush()
    member_search.keep(work, member)
    ledger.open_sub_account(work, MEMBER_DEPOSITS, member.number, f"Deposits of {member.full_name}")
    audit.record(work, "registered a member", member.number)
    work.changed(Topic.MEMBERS)
    return row_of(work, member.id)


def unused_phone(work: Work, typed: str) -> str:
    """The number in its stored form. Raises InvalidInput under `phone` that says who has it already."""
    phone = normalise_phone(typed, "phone")
    _refuse_second(work, Member.phone == phone, "phone number", "phone")
    return phone


def unused_identity(work: Work, national_id: str) -> str:
    """The number itself. Raises InvalidInput under `national_id` that says who has it already."""
    _refuse_second(work, Member.national_id == national_id, "ID number", "national_id")
    return national_id


def _refuse_second(work: Work, condition: ColumnElement[bool], what: str, field: str) -> None:
    """The database refuses it too, but only here it is known who the other one is."""
    other = work.session.scalar(select(Member).where(condition))
    if other is not None:
        raise InvalidInput(
            f"A member with this {what} exists already: {other.full_name}, {other.number}."
            " Is it the same person?",
            field,
        )


_MEMBERS = ById(Member)
_NAMED = Lookup(
    select(
        Member.number, Member.first_name, Member.other_names, Member.last_name, Member.phone
    ).where(Member.id == bindparam("member_id"))
)


@dataclass(frozen=True, slots=True)
class NamedMember:
    """Who a member is, as papers and approvals name one, and the phone in its stored form."""

    number: str
    full_name: str
    phone: str


def named(work: Work, member_id: int) -> NamedMember:
    """Who a member is. Raises NotFound."""
    found = _NAMED.row(work.session, member_id=member_id)
    if found is None:
        raise NotFound("There is no such member.")
    number, first, other, last, phone = found
    return NamedMember(number, " ".join(name for name in (first, other, last) if name), phone)


def load(work: Work, member_id: int) -> Member:
    """The member's row. Raises NotFound."""
    member = _MEMBERS.find(work.session, member_id)
    if member is None:
        raise NotFound("There is no such member.")
    return member


def row_of(work: Work, member_id: int) -> MemberRow:
    """One member as a page shows one. Raises NotFound."""
    rows = _rows(work, Member.id == member_id, most=1)
    if not rows:
        raise NotFound("There is no such member.")
    return rows[0]


def row_numbered(work: Work, number: str) -> MemberRow:
    """The member with this number, as on their card. Raises NotFound."""
    rows = _rows(work, Member.number == number, most=1)
    if not rows:
        raise NotFound(f"There is no member {number}.")
    return rows[0]


def list_members(work: Work, _nothing: None = None) -> tuple[MemberRow, ...]:
    """All members by number."""
    work.allow(Act.LOOK)
    return _all_rows(work)


def first_members(work: Work, _nothing: None = None) -> FirstMembers:
    """The first members by number: as many as a window shows at once, however many there are."""
    work.allow(Act.LOOK)
    some = select(Member.id).limit(MANY + 1).subquery()
    count = work.session.scalar(select(func.count()).select_from(some)) or 0
    return FirstMembers(_rows(work, Member.id > 0, most=AT_FIRST), are_many=count > MANY)


def find(work: Work, words: str) -> tuple[MemberRow, ...]:
    """Whom member_search.find finds, with what a page shows of them."""
    return _rows(work, Member.id.in_(member_search.ids(work, words)), most=member_search.AT_MOST)


def find_more(work: Work, words: str) -> tuple[MemberRow, ...]:
    """The same, as many as a window shows at once."""
    return _rows(work, Member.id.in_(member_search.ids(work, words, AT_FIRST)), most=AT_FIRST)


def _rows(work: Work, condition: ColumnElement[bool], most: int) -> tuple[MemberRow, ...]:
    """Every figure is a running balance: nothing here adds up postings."""
    found = work.session.execute(_WITH_BALANCES.where(condition).limit(most)).all()
    owed = late_loans.by_member(work, [row[0] for row in found])
    works = employers.works_of(work, [row[0] for row in found])
    return tuple(
        _row(row[:-2], row[-2], row[-1], owed.get(row[0], _NOTHING), works.get(row[0], _NOWHERE))
        for row in found
    )


def _all_rows(work: Work) -> tuple[MemberRow, ...]:
    """The same of everybody: each figure is read at once for all, since asking for each by its account takes
    longer than all the rest.
    """
    owed = late_loans.by_member(work)
    deposits, shares = _balances(work, MEMBER_DEPOSITS), _balances(work, SHARE_CAPITAL)
    works = employers.works_of(work)
    return tuple(
        _row(
            row,
            deposits.get(row[1], 0),
            shares.get(row[1], 0),
            owed.get(row[0], _NOTHING),
            works.get(row[0], _NOWHERE),
        )
        for row in work.session.execute(_COLUMNS.order_by(Member.number))
    )


_NOWHERE = ("", "")
_NOTHING = late_loans.MemberOwes(0, 0, None)
_COLUMNS = select(
    Member.id,
    Member.number,
    Member.first_name,
    Member.other_names,
    Member.last_name,
    Member.national_id,
    Member.phone,
    Member.phone_changed_at,
    Member.status,
    Member.joined_on,
    Member.version,
)


def _balances(work: Work, control: str) -> dict[str, int]:
    """The credit balance of each member's own account under a control account, by the member's number."""
    begin = f"{control}."
    rows = work.session.execute(
        select(Account.code, AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        # All that begins so, and nothing but the index is read for it; the stroke comes after the dot.
        .where(Account.code > begin, Account.code < f"{control}/")
    )
    return {code.removeprefix(begin): cents for code, cents in rows}


def _balance(control: str) -> ColumnElement[int]:
    """The credit balance of the member's own account under a control account, 0 when there is none."""
    balance = (
        select(AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(Account, Account.id == AccountBalance.account_id)
        .where(Account.code == func.concat(f"{control}.", Member.number))
    )
    return func.coalesce(balance.correlate(Member).scalar_subquery(), 0)


_WITH_BALANCES = _COLUMNS.add_columns(_balance(MEMBER_DEPOSITS), _balance(SHARE_CAPITAL)).order_by(
    Member.number
)


def _row(
    row: Sequence[Any],
    deposits_cents: int,
    shares_cents: int,
    owes: late_loans.MemberOwes,
    works: tuple[str, str],
) -> MemberRow:
    member_id, number, first, other, last, card, phone, changed, status, joined, version = row
    return MemberRow(
        member_id,
        number,
        " ".join([name for name in (first, other, last) if name]),
        card,
        phone,
        changed,
        status,
        joined,
        deposits_cents,
        owes.loans,
        version,
        shares_cents,
        owes.owed_cents,
        owes.unpaid_since,
        *works,
    )


def deposits_account(number: str) -> str:
    """The code of a member's deposits account."""
    return sub_account_code(MEMBER_DEPOSITS, number)


def shares_account(number: str) -> str:
    """The code of a member's share capital account."""
    return sub_account_code(SHARE_CAPITAL, number)
