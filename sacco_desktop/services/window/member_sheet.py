"""All that the books know of one member: what they have and owe, may borrow, were paid, and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    AuditRow,
    Entry,
    Loan,
    Payout,
    PostingRow,
)
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, SHARE_CAPITAL
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.charging import penalty_list
from sacco_desktop.services.charging.penalty_list import PenaltyQuestion, PenaltyRow
from sacco_desktop.services.guarantors import guarantor_standing
from sacco_desktop.services.guarantors.guarantor_standing import Capacity
from sacco_desktop.services.lending import loan_limits, loans
from sacco_desktop.services.lending.loan_limits import LimitQuestion
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.loan_figures import loan_offers, loan_terms
from sacco_desktop.services.membership import late_loans, member_documents, members
from sacco_desktop.services.membership.fresh_numbers import FreshNumber, fresh_number
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import insiders
from sacco_desktop.services.old_books import past
from sacco_desktop.services.old_books.past import PastLine
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.savings import member_savings, payout_cover
from sacco_desktop.services.savings.member_savings import MemberProduct

# A member with more entries than this reads the rest in Books, which pages through them.
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A posting of a member's account with the balance after it; cents that came in or went out, the other is 0."""

    entry_number: int
    line: int
    on: date
    words: str
    reference: str
    in_cents: int
    out_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Room:
    """What a member may still borrow of one product, with the figures of the rule, in cents; `leaving_cents` of the
    deposits are on their way out, and `words` say how it is reckoned.
    """

    product_code: str
    product: str
    multiple: Decimal
    deposits_cents: int
    others_cents: int
    room_cents: int
    refusal: str
    leaving_cents: int
    words: str


@dataclass(frozen=True, slots=True)
class MemberLoan:
    """A loan with what the ledger says is owed of it, since when it is late, and its schedule once it is paid out."""

    row: LoanRow
    owed_cents: int
    unpaid_since: date | None
    schedule: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """One act about a member, a loan or a payout of theirs, as its audit row says it."""

    act_id: int
    at: datetime
    who: str
    action: str
    subject: str
    pc_name: str


@dataclass(frozen=True, slots=True)
class MemberSheet:
    """The member and every part of the page, of one moment. The lines are the newest first. `free_deposits_cents` is
    what of the deposits may be paid out, `capacity` what the member can still guarantee, `insider` why it is one,
    empty for all others; `penalties` are those that are owed.
    """

    row: MemberRow
    fresh: FreshNumber | None
    rooms: tuple[Room, ...]
    free_deposits_cents: int
    capacity: Capacity
    deposits: tuple[AccountLine, ...]
    shares: tuple[AccountLine, ...]
    savings: tuple[MemberProduct, ...]
    loans: tuple[MemberLoan, ...]
    payouts: tuple[PayoutRow, ...]
    history: tuple[Done, ...]
    past: tuple[PastLine, ...] = ()
    insider: str = ""
    penalties: tuple[PenaltyRow, ...] = ()


def sheet(work: Work, number: str) -> MemberSheet:
    """Everything about the member with this number. Raises NotFound."""
    work.allow(Act.LOOK)
    row = members.row_numbered(work, number)
    of = row.member_id
    taken = _loans(work, of)
    paid = _payouts(work, of)
    deposits = account_lines(work, f"{MEMBER_DEPOSITS}.{number}")
    subjects = {number, *(loan.row.number for loan in taken), *(each.number for each in paid)}
    return MemberSheet(
        row=row,
        fresh=fresh_number(work, of),
        rooms=_rooms(work, of) if row.status == "active" else (),
        free_deposits_cents=payout_cover.free_deposits(work, members.load(work, of)),
        capacity=guarantor_standing.capacity_of(work, of),
        deposits=deposits,
        shares=account_lines(work, f"{SHARE_CAPITAL}.{number}"),
        savings=member_savings.products_of(work, of),
        loans=taken,
        payouts=paid,
        history=_history(work, {*subjects, *(line.reference for line in deposits)}),
        past=past.of_member(work, of),
        insider=insiders.words_of(work, of),
        penalties=penalty_list.list_owed(work, PenaltyQuestion(member_id=of)),
    )


@dataclass(frozen=True, slots=True)
class Glance:
    """What the panel of the list shows beside the row: a number changed lately, the last entries of the deposits, and
    the photo for whoever may read files; empty without one.
    """

    fresh: FreshNumber | None
    lines: tuple[AccountLine, ...]
    photo: bytes = b""


def glance(work: Work, member_id: int) -> Glance:
    """The few things worth reading for a row under the cursor. Raises NotFound."""
    work.allow(Act.LOOK)
    number = members.load(work, member_id).number
    code = members.deposits_account(number)
    photo = member_documents.photo(work, Holder(member_id)) if work.may(Act.READ_FILES) else None
    return Glance(fresh_number(work, member_id), account_lines(work, code, most=5), photo or b"")


def account_lines(work: Work, code: str, most: int = MOST_LINES) -> tuple[AccountLine, ...]:
    """The newest postings of a member's account, each with the balance after it, reckoned back from the running one."""
    found = work.session.execute(
        select(Account.id, AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.code == code)
    ).one_or_none()
    if found is None:
        return ()
    account_id, balance = found
    postings = work.session.execute(
        select(Entry, PostingRow)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .where(PostingRow.account_id == account_id, Entry.posted_at.is_not(None))
        .order_by(PostingRow.entry_id.desc(), PostingRow.line.desc())
        .limit(most)
    )
    lines = []
    for entry, posting in postings:
        words = f"{entry.narration} – {posting.memo}" if posting.memo else entry.narration
        lines.append(
            AccountLine(
                entry.number,
                posting.line,
                entry.value_date,
                words,
                entry.reference,
                posting.credit_cents,
                posting.debit_cents,
                balance,
            )
        )
        balance -= posting.credit_cents - posting.debit_cents
    return tuple(lines)


def _rooms(work: Work, member_id: int) -> tuple[Room, ...]:
    rooms = []
    for product in loan_offers.list_products(work):
        found = loan_limits.limit(work, LimitQuestion(member_id, product.code))
        rooms.append(
            Room(
                product.code,
                product.name,
                found.multiple,
                found.deposits_cents,
                found.others_cents,
                found.room_cents,
                found.refusal,
                found.leaving_cents,
                found.words,
            )
        )
    return tuple(rooms)


def _loans(work: Work, member_id: int) -> tuple[MemberLoan, ...]:
    owed = {each.loan_id: each for each in late_loans.owed_now(work, [member_id])}
    ids = work.session.scalars(
        select(Loan.id).where(Loan.member_id == member_id).order_by(Loan.id.desc())
    ).all()
    return tuple(
        MemberLoan(
            loans.row_of(work, loan_id),
            owed[loan_id].owed_cents if loan_id in owed else 0,
            owed[loan_id].unpaid_since if loan_id in owed else None,
            loan_terms.kept_schedule(work, loan_id),
        )
        for loan_id in ids
    )


def _payouts(work: Work, member_id: int) -> tuple[PayoutRow, ...]:
    ids = work.session.scalars(
        select(Payout.id).where(Payout.member_id == member_id).order_by(Payout.id.desc())
    ).all()
    return tuple(payouts.row_of(work, payout_id) for payout_id in ids)


def _history(work: Work, subjects: Iterable[str]) -> tuple[Done, ...]:
    """Each subject is compared by itself, because on a server the column is sealed."""
    named = [AuditRow.subject == subject for subject in sorted(filter(None, subjects))]
    found = work.session.scalars(
        select(AuditRow).where(or_(*named)).order_by(AuditRow.id.desc()).limit(MOST_LINES)
    )
    return tuple(
        Done(row.id, row.at, row.full_name, row.action, row.subject, row.pc_name) for row in found
    )
