"""Where an account stands beside its statement on a day: what is left over on both sides, and why both differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, or_, select

from sacco_desktop.db.tables import (
    Entry,
    MatchSide,
    PostingRow,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.reconciling.accounts import MONEY_ACCOUNTS, MoneyAccount, money_account
from sacco_desktop.domain.reconciling.classes import BookLine, Finding, Line
from sacco_desktop.domain.reconciling.difference import Explained, Reason, Why, explained
from sacco_desktop.domain.reconciling.entries import BEGINNING
from sacco_desktop.domain.reconciling.joining import Reach
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reconciling import findings, known_lines


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A row of the statement that is left over, with what it is."""

    line: Line
    finding: Finding


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """An account on a day; all sums in cents. `told` is None while there is no statement.

    `covered_until` is how far statements reach, `signed_until` how far two people have signed.
    """

    account: MoneyAccount
    until: date
    told: Explained | None
    lines: tuple[LeftLine, ...]
    postings: tuple[BookLine, ...]
    matched: int
    first_day: date | None
    covered_until: date | None
    signed_until: date | None
    may_settle: bool
    why_not_sign: str

    @property
    def beginning_cents(self) -> int:
        """By how much the first statement opens higher than the books."""
        reasons = self.told.reasons if self.told else ()
        return sum(one.cents for one in reasons if one.why is Why.BEGINNING)

    @property
    def fingerprint(self) -> str:
        """Stands for what a person was shown."""
        told = self.told
        reasons = [(one.why, one.words, one.cents) for one in told.reasons] if told else []
        sums = (told.statement_cents, told.books_cents) if told else ()
        shown = [self.account.code, self.until.isoformat(), sums, reasons, self.matched]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """Which account, and up to which day; without one, as far as statements reach."""

    account: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in the list of all: how far it is known and signed, how much is left over on both sides, and how many
    days that are over have no statement yet.
    """

    account: MoneyAccount
    covered_until: date | None
    signed_until: date | None
    left_over: int
    days_missing: int


def list_accounts(work: Work, _nothing: None = None) -> tuple[AccountLine, ...]:
    """Every account of which somebody else keeps a statement."""
    work.allow(Act.LOOK)
    return tuple(_account_line(work, account) for account in MONEY_ACCOUNTS)


def _account_line(work: Work, account: MoneyAccount) -> AccountLine:
    account_id = ledger.account_of(work, account.code).id
    reach = known_lines.reach_of(work, account_id)
    if reach is None:
        return AccountLine(account, None, None, 0, 0)
    signed = known_lines.signed_until(work, account_id)
    since = findings.since_of(reach.first_day, signed)
    left = known_lines.count_open(work, account_id, since, reach.last_day)
    missing = max(0, (work.today - reach.last_day).days - 1)
    return AccountLine(account, reach.last_day, signed, left, missing)


def standing(work: Work, question: StandingQuestion) -> AccountStanding:
    """The account as it is now. Raises NotFound for an account without statements."""
    work.allow(Act.LOOK)
    account = money_account(question.account)
    account_id = ledger.account_of(work, account.code).id
    reach = known_lines.reach_of(work, account_id)
    signed = known_lines.signed_until(work, account_id)
    may_settle = may(work.standing(), Act.RECONCILE)
    if reach is None:
        until = question.until or work.today
        why = "Take a statement in first."
        return AccountStanding(account, until, None, (), (), 0, None, None, None, may_settle, why)
    until = min(question.until or reach.last_day, reach.last_day)
    lines = known_lines.open_lines(work, account_id, until)
    since = findings.since_of(reach.first_day, signed)
    postings = known_lines.open_postings(work, account_id, since, until)
    found = findings.findings_of(
        work,
        account,
        known_lines.open_lines(work, account_id),
        known_lines.open_postings(work, account_id, since),
    )
    told = _explained(work, account_id, reach, until, (lines, postings))
    return AccountStanding(
        account=account,
        until=until,
        told=told,
        lines=tuple(LeftLine(one, found[one.line_id]) for one in lines),
        postings=tuple(postings),
        matched=_matched(work, account_id, until, signed),
        first_day=reach.first_day,
        covered_until=reach.last_day,
        signed_until=signed,
        may_settle=may_settle,
        why_not_sign=_why_not_sign(work, told, until, signed),
    )


def _explained(
    work: Work,
    account_id: int,
    reach: Reach,
    until: date,
    left: tuple[Sequence[Line], Sequence[BookLine]],
) -> Explained:
    lines, postings = left
    reasons = [
        Reason(
            Why.BEGINNING,
            f"The first statement opens with {format_amount(reach.opening_cents)}, the books with another sum:",
            beginning_gap(work, account_id, reach),
        ),
        *(
            Reason(
                Why.LINE,
                f"{format_date(one.day)} {one.receipt or one.words[:40]}".strip(),
                one.cents,
            )
            for one in lines
        ),
        *(
            Reason(
                Why.POSTING,
                f"{format_date(one.on)} entry {one.entry} {one.receipt}".strip(),
                -one.cents,
            )
            for one in postings
        ),
        *_other_days(work, account_id, until),
    ]
    statement = known_lines.balance_on(work, account_id, until, reach.opening_cents)
    return explained(statement, _books(work, account_id, until), reasons)


def _books(work: Work, account_id: int, until: date) -> int:
    return _moved(work, account_id, Entry.value_date <= until)


def _moved(work: Work, account_id: int, *conditions: object) -> int:
    found = work.session.scalar(
        select(func.coalesce(func.sum(PostingRow.debit_cents - PostingRow.credit_cents), 0))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .where(PostingRow.account_id == account_id, Entry.posted_at.is_not(None), *conditions)  # type: ignore[arg-type]
    )
    return int(found or 0)


def beginning_gap(work: Work, account_id: int, reach: Reach) -> int:
    """By how much the first statement opens higher than the books were before its first day, in cents.

    What was booked before and stands on the statement later belongs to the statement.
    """
    before = _moved(
        work,
        account_id,
        Entry.value_date < reach.first_day,
        Entry.kind != BEGINNING,
        ~known_lines.posting_is_matched,
    )
    return reach.opening_cents - before - _moved(work, account_id, Entry.kind == BEGINNING)


def _other_days(work: Work, account_id: int, until: date) -> list[Reason]:
    """What both know, the statement on one side of the day and the books on the other."""
    is_in = or_(StatementLine.day <= until, Entry.value_date <= until)
    inside = func.sum(case((is_in, MatchSide.cents), else_=0))
    rows = work.session.execute(
        select(
            func.min(StatementLine.receipt),
            func.min(Entry.number),
            func.min(Entry.value_date),
            func.min(StatementLine.day),
            inside,
        )
        .select_from(StatementMatch)
        .join(MatchSide, MatchSide.match_id == StatementMatch.id)
        .outerjoin(StatementLine, StatementLine.id == MatchSide.line_id)
        .outerjoin(PostingRow, PostingRow.id == MatchSide.posting_id)
        .outerjoin(Entry, Entry.id == PostingRow.entry_id)
        .where(StatementMatch.account_id == account_id, known_lines.stands())
        .group_by(StatementMatch.id)
        .having(inside != 0)
        .order_by(StatementMatch.id)
    )
    found = []
    for receipt, entry, on, day, cents in rows:
        when = f", on the statement {format_date(day)}" if day else ""
        words = f"{receipt or ''} entry {entry} booked {format_date(on)}{when}".strip()
        found.append(Reason(Why.OTHER_DAY, words, cents))
    later = _moved(work, account_id, Entry.kind == BEGINNING, Entry.value_date > until)
    return [*found, Reason(Why.OTHER_DAY, "The beginning, booked later", later)]


def _matched(work: Work, account_id: int, until: date, signed: date | None) -> int:
    wanted = select(func.count(StatementLine.id)).where(
        StatementLine.account_id == account_id,
        StatementLine.day <= until,
        known_lines.line_is_matched,
    )
    if signed is not None:
        wanted = wanted.where(StatementLine.day > signed)
    return work.session.scalar(wanted) or 0


def _why_not_sign(work: Work, told: Explained, until: date, signed: date | None) -> str:
    if signed is not None and signed >= until:
        return f"Signed up to {format_date(signed)}."
    if until >= work.today:
        return f"{format_date(until)} is not over yet. Choose an earlier day, or sign tomorrow."
    if told.is_balanced:
        return ""
    count = len(told.left_over)
    left = "1 thing is" if count == 1 else f"{count} things are"
    return f"{left} left over: {format_amount(told.difference_cents)} apart. Settle what is left first."


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line that is matched, with how, for the list that opens under the page."""

    match_id: int
    at: datetime
    receipt: str
    words: str
    cents: int
    entry_number: int | None
    how: str


def list_matched(work: Work, question: StandingQuestion) -> tuple[MatchedLine, ...]:
    """The newest 500 lines of an account that are matched, newest first."""
    work.allow(Act.LOOK)
    account_id = ledger.account_of(work, money_account(question.account).code).id
    rows = work.session.execute(
        select(
            StatementMatch.id,
            StatementLine.at,
            StatementLine.receipt,
            StatementLine.details,
            StatementLine.cents,
            StatementMatch.entry_number,
            StatementMatch.how,
        )
        .join(MatchSide, MatchSide.line_id == StatementLine.id)
        .join(StatementMatch, StatementMatch.id == MatchSide.match_id)
        .where(StatementLine.account_id == account_id, known_lines.stands())
        .order_by(StatementLine.at.desc(), StatementLine.id.desc())
        .limit(500)
    )
    return tuple(MatchedLine(*row) for row in rows)
