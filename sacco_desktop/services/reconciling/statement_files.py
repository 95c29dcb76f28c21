"""Takes a statement in: read and proven as a whole, laid beside what is known, and matched in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import insert, select

from sacco_desktop.db.tables import AccountStatement, StatementLine
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput, NotFound, Problem, WrongState
from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.accounts import MoneyAccount, money_account
from sacco_desktop.domain.reconciling.headings import (
    Columns,
    StatementWords,
    columns_of,
    is_heading,
    read_words,
)
from sacco_desktop.domain.reconciling.joining import new_rows
from sacco_desktop.domain.reconciling.reading import HowToRead, read_statement
from sacco_desktop.domain.reconciling.running_balance import where
from sacco_desktop.domain.reconciling.statement import Source, Statement, StatementRow
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import mpesa_connections, users
from sacco_desktop.services.reconciling import auto_matching, known_lines
from sacco_desktop.settings import resources_dir

_SLICE = 500


@dataclass(frozen=True, slots=True)
class GivenStatement:
    """A file and the account whose statement it is; of a bank also its columns, and the opening and closing in cents
    where the file does not say them.
    """

    file: OldFile
    account: str
    columns: Columns | None = None
    opening_cents: int | None = None
    closing_cents: int | None = None


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What the file would bring: the statement and how many of its rows are new, or why it cannot be taken."""

    statement: Statement | None
    new_rows: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a statement."""

    statement_id: int
    account: str
    new_rows: int
    matched: int
    words: str


@cache
def statement_words() -> StatementWords:
    """What the headings of statements mean."""
    return read_words((resources_dir() / "statement_headings.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class KnownHeading:
    """Where the heading of a bank's statement stands in its first sheet, from 0, and what its columns say."""

    at: int
    columns: Columns


def heading_of(file: OldFile) -> KnownHeading | None:
    """The heading of a bank's statement as the program understands it; None where its words are not known."""
    for at, row in enumerate(file.sheets[0].rows):
        columns = columns_of(row, statement_words())
        if is_heading(columns, Source.BANK):
            return KnownHeading(at, columns)
    return None


def preview(work: Work, given: GivenStatement) -> StatementPreview:
    """Look at a file; nothing is written. Raises InvalidInput under `file`, `account` or `opening`, and WrongState."""
    work.allow(Act.RECONCILE)
    account = money_account(given.account)
    found = read_statement(given.file, statement_words(), _how(work, given, account))
    if found.statement is None:
        return StatementPreview(None, 0, found.problems)
    new = _new_rows(work, given.file, account, found.statement)
    return StatementPreview(found.statement, len(new))


def take_in(work: Work, given: GivenStatement) -> TakenIn:
    """Take a statement in and match what has the same receipt and sum. Raises as `preview`, also for a file that does
    not add up: nothing of it is taken.
    """
    work.allow(Act.RECONCILE)
    account = money_account(given.account)
    found = read_statement(given.file, statement_words(), _how(work, given, account))
    if found.statement is None:
        raise InvalidInput(found.problems[0].message, "file")
    statement = found.statement
    new = _new_rows(work, given.file, account, statement)
    kept = _keep(work, given, statement, len(new))
    _keep_lines(work, kept, new)
    matched = auto_matching.match_by_receipt(work, account.code)
    detail: audit.Detail = {
        "file": given.file.name,
        "fingerprint": given.file.fingerprint,
        "rows": len(statement.rows),
        "new": len(new),
        "matched": matched,
    }
    days = f"{format_date(statement.first_day)} to {format_date(statement.last_day)}"
    audit.record(work, "took a statement in", f"{account.title}, {days}", detail)
    work.changed(Topic.RECONCILING, Topic.PAYOUTS)
    known = len(statement.rows) - len(new)
    rows = "1 row" if len(new) == 1 else f"{len(new):,} rows"
    words = f"{rows} of {account.title} taken in, {matched:,} matched by their receipt."
    return TakenIn(
        kept.id,
        account.code,
        len(new),
        matched,
        f"{words} {known:,} were known." if known else words,
    )


def _how(work: Work, given: GivenStatement, account: MoneyAccount) -> HowToRead:
    return HowToRead(
        account.source, work.today, given.columns, given.opening_cents, given.closing_cents
    )


def _new_rows(
    work: Work, file: OldFile, account: MoneyAccount, statement: Statement
) -> Sequence[StatementRow]:
    """The rows that are not known yet. Raises when the file cannot follow or precede what is known."""
    _check_is_ours(work, account, statement)
    _check_new_file(work, file)
    account_id = ledger.account_of(work, account.code).id
    reach = known_lines.reach_of(work, account_id)
    if reach is None:
        return statement.rows
    known = _known(work, account_id, statement.rows)
    new = new_rows(statement, reach, known, identity_hash)
    signed = known_lines.signed_until(work, account_id)
    late = next((row for row in new if signed is not None and row.day <= signed), None)
    if late is not None and signed is not None:
        raise WrongState(
            f"{where(late)} lies on {format_date(late.day)}, and {account.title} is signed up to {format_date(signed)}."
            " Two people can reopen that under Reconciliation. Nothing was taken in."
        )
    if not new and statement.last_day <= reach.last_day and statement.first_day >= reach.first_day:
        raise InvalidInput(f"Every row of {file.name} is known already.", "file")
    return new


def _check_is_ours(work: Work, account: MoneyAccount, statement: Statement) -> None:
    if account.source is not Source.MPESA:
        return
    if statement.account and statement.account != account.mpesa:
        raise InvalidInput(
            f"The file says that it is of the {statement.account} account, and you chose {account.title}.",
            "account",
        )
    try:
        own = mpesa_connections.current(work).shortcode
    except NotFound:
        return
    if statement.shortcode and statement.shortcode != own:
        raise InvalidInput(
            f"This is the statement of shortcode {statement.shortcode}, and ours is {own}. Export our own.",
            "file",
        )


def _check_new_file(work: Work, file: OldFile) -> None:
    before = work.session.scalar(
        select(AccountStatement).where(AccountStatement.fingerprint == file.fingerprint)
    )
    if before is not None:
        who = users.full_name_of(work, before.taken_by)
        on = format_date(business_date(before.taken_at))
        raise InvalidInput(f"{who} took this very file in on {on}, as {before.file_name}.", "file")


def identity_hash(row: StatementRow) -> str:
    """What makes a row this row, as it is kept: names and phones in it are nobody's to read."""
    return hashlib.sha256(row.identity.encode()).hexdigest()


def _known(work: Work, account_id: int, rows: Sequence[StatementRow]) -> Mapping[str, int]:
    """The rows that are known, with the balance that was kept of each."""
    hashes = [identity_hash(row) for row in rows]
    found: dict[str, int] = {}
    for at in range(0, len(hashes), _SLICE):
        wanted = select(StatementLine.identity, StatementLine.balance_cents).where(
            StatementLine.account_id == account_id,
            StatementLine.identity.in_(hashes[at : at + _SLICE]),
        )
        found.update((row.identity, row.balance_cents) for row in work.session.execute(wanted))
    return found


def _keep(
    work: Work, given: GivenStatement, statement: Statement, new_rows: int
) -> AccountStatement:
    kept = AccountStatement(
        account_id=ledger.account_of(work, given.account).id,
        source=statement.source.value,
        shortcode=statement.shortcode,
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        row_count=len(statement.rows),
        new_rows=new_rows,
        file_name=given.file.name,
        made_of=given.file.made_of,
        fingerprint=given.file.fingerprint,
        taken_by=work.actor.user_id,
        taken_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def _keep_lines(work: Work, kept: AccountStatement, rows: Sequence[StatementRow]) -> None:
    values = [
        {
            "statement_id": kept.id,
            "account_id": kept.account_id,
            "file_page": row.page,
            "file_row": row.row,
            "identity": identity_hash(row),
            "receipt": row.receipt,
            "at": row.at,
            "day": row.day,
            "cents": row.cents,
            "balance_cents": row.balance_cents,
            "kind": row.kind.value,
            "reason": row.reason,
            "linked": row.linked,
            "details": row.details,
            "party": row.party,
            "typed": row.typed,
        }
        for row in rows
    ]
    if values:
        work.session.execute(insert(StatementLine), values)
