"""Posts entries to the ledger and reads balances from it. Nothing else writes entries or postings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from sacco_desktop.db.guards import GENESIS
from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import Account, AccountBalance, Entry, PostingRow
from sacco_desktop.domain import ledger
from sacco_desktop.domain.chart import AccountType, ChartAccount, sub_account_code
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.exits import EXIT_SETTLED
from sacco_desktop.domain.ledger import JournalEntry, Posting
from sacco_desktop.domain.loan_entries import INTEREST_ACCRUED
from sacco_desktop.domain.money_in import MPESA_RECEIVED
from sacco_desktop.domain.opening_entries import OPENING_BALANCES
from sacco_desktop.domain.posting_rules import (
    B2C_CHARGE,
    BANK_RETURN_CHARGE,
    PAID_TWICE,
    PAYOUT_KINDS,
)
from sacco_desktop.domain.savings_entries import (
    CHECK_OFF_KEPT,
    CHECK_OFF_OWNER_FOUND,
    CHECK_OFF_RECEIVED,
    CHECK_OFF_SHARED,
    CHEQUE_RECEIVED,
)
from sacco_desktop.services.books import open_days
from sacco_desktop.services.books.work import Topic, Work


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """A posted entry as its caller needs it: its number in the journal and when it was posted."""

    number: int
    posted_at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account of the chart with the sum of its debits and credits in cents, control accounts with their members."""

    code: str
    name: str
    type: AccountType
    debit_cents: int
    credit_cents: int

    @property
    def balance_cents(self) -> int:
        """Positive on the account's normal side."""
        return ledger.balance_cents(self.type, self.debit_cents, self.credit_cents)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of the chart at one moment, those without movement too."""

    at: datetime
    rows: tuple[TrialBalanceRow, ...]

    @property
    def debit_cents(self) -> int:
        """The sum of the accounts that stand on the debit side."""
        return sum(max(row.debit_cents - row.credit_cents, 0) for row in self.rows)

    @property
    def credit_cents(self) -> int:
        """The sum of the accounts that stand on the credit side."""
        return sum(max(row.credit_cents - row.debit_cents, 0) for row in self.rows)

    @property
    def is_square(self) -> bool:
        """Whether both sides are equal, as they must be."""
        return self.debit_cents == self.credit_cents


# Made once, since each posting says all of them and putting a statement together costs more than running it.
_LAST_ENTRY = Lookup(
    select(Entry.number, Entry.hash)
    .where(Entry.posted_at.is_not(None))
    .order_by(Entry.number.desc())
    .limit(1)
)
_WRITE_ENTRY = Change(
    insert(Entry)
    .values(
        {
            name: bindparam(name)
            for name in (
                "number",
                "value_date",
                "kind",
                "narration",
                "reference",
                "reverses_number",
                "posted_by",
                "previous_hash",
            )
        }
    )
    .returning(Entry.id)
)
_POSTINGS = ManyRows(
    PostingRow,
    ("line", "account_id", "debit_cents", "credit_cents", "memo"),
    same=("entry_id",),
)
_POST_ENTRY = Change(
    update(Entry)
    .where(Entry.id == bindparam("entry"))
    .values(posted_at=bindparam("moment"), hash=bindparam("digest"))
)
# Most entries have few lines; a statement holds so many values and no more, and an opening entry has a line for every
# member.
_FEW_CODES, _MANY_CODES = 8, 1_000
_BALANCE = Lookup(
    select(Account.type, AccountBalance.debit_cents, AccountBalance.credit_cents)
    .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
    .where(Account.code == bindparam("code"))
)
# Entries are numbered in the order of their posting, so the newest one answers for all before it.
_NEWEST_ON = Lookup(
    select(
        Account.id,
        select(Entry.posted_at)
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .where(PostingRow.account_id == Account.id, Entry.posted_at.is_not(None))
        .order_by(PostingRow.entry_id.desc())
        .limit(1)
        .correlate(Account)
        .scalar_subquery(),
    ).where(Account.code == bindparam("code"))
)
_OPEN_ACCOUNT = Change.new_row(Account)
_CONTROL = Lookup(
    select(Account.id, Account.type, Account.is_control).where(Account.code == bindparam("code"))
)
_ACCOUNT_ID = Lookup(select(Account.id).where(Account.code == bindparam("code")))


def open_chart(work: Work, accounts: Iterable[ChartAccount]) -> None:
    """Write the accounts of the chart into new books."""
    for account in accounts:
        work.session.add(
            Account(
                code=account.code,
                name=account.name,
                type=account.type.value,
                is_control=account.is_control,
            )
        )
    work.session.flush()


def open_sub_account(work: Work, control_code: str, owner_number: str, name: str) -> str:
    """Open a member's or a loan's own account under a control account and return its code."""
    control = _CONTROL.row(work.session, code=control_code)
    if control is None:
        raise _no_account(control_code)
    control_id, kind, is_control = control
    if not is_control:
        raise WrongState(f"Account {control_code} has no accounts under it.")
    code = sub_account_code(control_code, owner_number)
    _OPEN_ACCOUNT.make(
        work.session, code=code, name=name, type=kind, is_control=False, control_id=control_id
    )
    return code


def is_open(work: Work, code: str) -> bool:
    """Whether there is an account with this code."""
    return _ACCOUNT_ID.value(work.session, code=code) is not None


def account_of(work: Work, code: str) -> Account:
    """The account with this code. Raises NotFound."""
    account = work.session.scalar(select(Account).where(Account.code == code))
    if account is None:
        raise _no_account(code)
    return account


def _no_account(code: str) -> NotFound:
    return NotFound(f"There is no account {code} in the chart.")


def post(work: Work, entry: JournalEntry, opened: Mapping[str, int] | None = None) -> PostedEntry:
    """Post a balanced entry: number, chain, postings and balances in this transaction. `opened` are the ids of accounts
    that the caller has opened just now, by their codes.

    Raises UnbalancedEntry, NotFound for an unknown account, and PeriodClosed through the database's own guard.
    """
    ledger.assert_balanced(entry)
    session = work.session
    last_number, last_hash = _LAST_ENTRY.row(session) or (0, None)
    number, previous_hash = last_number + 1, last_hash or GENESIS
    moment = work.now
    text = moment.isoformat(timespec="microseconds")
    digest = ledger.entry_hash(previous_hash, number, text, work.actor.user_id, entry)
    entry_id = _WRITE_ENTRY.make_numbered(
        session,
        number=number,
        value_date=entry.value_date,
        kind=entry.kind,
        narration=entry.narration,
        reference=entry.reference,
        reverses_number=entry.reverses,
        posted_by=work.actor.user_id,
        previous_hash=previous_hash,
    )
    _POSTINGS.write(session, _rows(work, entry.postings, opened or {}), (entry_id,))
    _POST_ENTRY.make(session, entry=entry_id, moment=moment, digest=digest)
    work.changed(Topic.LEDGER)
    return PostedEntry(number, moment, digest)


def _rows(
    work: Work, postings: Sequence[Posting], opened: Mapping[str, int]
) -> Iterator[tuple[int, int, int, int, str]]:
    wanted = {line.account_code for line in postings}.difference(opened)
    ids = {**opened, **account_ids(work, sorted(wanted))}
    missing = sorted(wanted.difference(ids))
    if missing:
        raise NotFound(f"There is no account {missing[0]} in the chart. Nothing was posted.")
    for number, (code, debit_cents, credit_cents, memo) in enumerate(postings, 1):
        yield number, ids[code], debit_cents, credit_cents, memo


def account_ids(work: Work, codes: list[str]) -> dict[str, int]:
    """The ids of these accounts by their codes; one that is not there is left out."""
    step = _FEW_CODES if len(codes) <= _FEW_CODES else _MANY_CODES
    ids: dict[str, int] = {}
    for start in range(0, len(codes), step):
        some = codes[start : start + step]
        # The text has a fixed number of places; the last code fills those that are left.
        filled = some + some[-1:] * (step - len(some))
        given = {f"code_{place}": code for place, code in enumerate(filled)}
        ids |= dict(_accounts_by(step).rows(work.session, **given))
    return ids


@cache
def _accounts_by(count: int) -> Lookup[str, int]:
    codes: list[BindParameter[str]] = [bindparam(f"code_{place}") for place in range(count)]
    return Lookup(select(Account.code, Account.id).where(Account.code.in_(codes)))


def read_entry(work: Work, number: int) -> JournalEntry:
    """A posted entry as it was written. Raises NotFound."""
    row = work.session.scalar(
        select(Entry).where(Entry.number == number, Entry.posted_at.is_not(None))
    )
    if row is None:
        raise NotFound(f"There is no entry {number} in the journal.")
    lines = work.session.execute(
        select(Account.code, PostingRow.debit_cents, PostingRow.credit_cents, PostingRow.memo)
        .join(Account, Account.id == PostingRow.account_id)
        .where(PostingRow.entry_id == row.id)
        .order_by(PostingRow.line)
    )
    return JournalEntry(
        value_date=row.value_date,
        kind=row.kind,
        narration=row.narration,
        reference=row.reference,
        postings=tuple(Posting(code, debit, credit, memo) for code, debit, credit, memo in lines),
        reverses=row.reverses_number,
    )


def reverse(work: Work, number: int, why: str, on: date | None = None) -> PostedEntry:
    """Post the mirror of entry `number`, linked to it, dated `on` or in the first open day from today on. An entry is
    reversed once at most.
    """
    before = work.session.scalar(select(Entry.number).where(Entry.reverses_number == number))
    if before is not None:
        raise WrongState(f"Entry {number} was reversed already, by entry {before}.")
    original = read_entry(work, number)
    if original.reverses is not None:
        raise WrongState("A reversal is not reversed. Post the right entry instead.")
    return post(
        work, ledger.reversal_of(original, number, on or open_days.open_day(work, work.today), why)
    )


# What has been paid cannot be called back by an entry, and each of these has its own way back.
_NEVER_REVERSED_BY_HAND = PAYOUT_KINDS | {
    B2C_CHARGE,
    PAID_TWICE,
    BANK_RETURN_CHARGE,
    MPESA_RECEIVED,
}


def check_reversible(entry: JournalEntry, why: str) -> None:
    """Raise WrongState or InvalidInput unless a person may ask to reverse this entry."""
    if not why.strip():
        raise InvalidInput("Write why the entry is wrong.", "reason")
    if entry.reverses is not None:
        raise WrongState("A reversal is not reversed. Post the right entry instead.")
    if entry.kind == INTEREST_ACCRUED:
        raise WrongState(
            "The member owes this interest since the instalment fell due. Waive it instead of taking the entry back."
        )
    if entry.kind == OPENING_BALANCES:
        raise WrongState(
            "Balances from old books are taken back with their import, on the Members page."
        )
    if entry.kind == CHEQUE_RECEIVED:
        raise WrongState("Say on the Savings page that the cheque came back; that takes it back.")
    if entry.kind in (CHECK_OFF_RECEIVED, CHECK_OFF_SHARED, CHECK_OFF_KEPT):
        raise WrongState("A check-off list is taken back as a whole, on the Savings page.")
    if entry.kind == CHECK_OFF_OWNER_FOUND:
        raise WrongState(
            "What found its owner is taken back as a whole, on the Savings page under No owner."
        )
    if entry.kind == EXIT_SETTLED:
        raise WrongState(
            "This settled the leaving of a member, so it is not reversed. What was left out of it is paid by itself."
        )
    if entry.kind in _NEVER_REVERSED_BY_HAND:
        raise WrongState(
            "This has been paid, so an entry alone cannot take it back. If a payment by bank, cheque or cash came back,"
            " say so on the Payouts page, under Done; otherwise ask the member to pay it back."
        )


def balance(work: Work, code: str) -> int:
    """The balance of an account in cents, positive on its normal side; one row is read, no history."""
    row = _BALANCE.row(work.session, code=code)
    if row is None:
        raise _no_account(code)
    kind, debit_cents, credit_cents = row
    return ledger.balance_cents(AccountType(kind), debit_cents or 0, credit_cents or 0)


def balance_after(work: Work, code: str, entry_number: int) -> int:
    """The balance of an account in cents as it stood after entry `entry_number`."""
    account = account_of(work, code)
    debit, credit = work.session.execute(
        select(
            func.coalesce(func.sum(PostingRow.debit_cents), 0),
            func.coalesce(func.sum(PostingRow.credit_cents), 0),
        )
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(
            PostingRow.account_id == account.id,
            Entry.number <= entry_number,
            Entry.posted_at.is_not(None),
        )
    ).one()
    return ledger.balance_cents(AccountType(account.type), debit, credit)


def head(work: Work) -> tuple[int, str]:
    """The number and the hash of the last posted entry; 0 and the hash before the first one without any."""
    number, digest = _LAST_ENTRY.row(work.session) or (0, None)
    return number, digest or GENESIS


def moved_since(work: Work, code: str, moment: datetime) -> bool:
    """Whether an entry posted after `moment` touches the account."""
    found = _NEWEST_ON.row(work.session, code=code)
    if found is None:
        raise _no_account(code)
    newest = found[1]
    return newest is not None and newest > moment


def trial_balance(work: Work, _nothing: None = None) -> TrialBalance:
    """Every account of the chart with its running balance; sub-accounts are inside their control accounts."""
    found = work.session.execute(
        select(
            Account.code,
            Account.name,
            Account.type,
            AccountBalance.debit_cents,
            AccountBalance.credit_cents,
        )
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.control_id.is_(None))
        .order_by(Account.code)
    )
    rows = tuple(
        TrialBalanceRow(code, name, AccountType(kind), debit or 0, credit or 0)
        for code, name, kind, debit, credit in found
    )
    return TrialBalance(work.now, rows)
