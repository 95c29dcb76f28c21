"""The paper of a reconciliation: both balances, every cent between them, the statements it rests on, and who signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    AccountStatement,
    MatchSide,
    Reconciliation,
    ReconciliationReopening,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.classes import LineClass
from sacco_desktop.services.books import ledger, paper_stamps
from sacco_desktop.services.books.papers import AmountLine, Letterhead, PaperStamp
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society
from sacco_desktop.services.reconciling import (
    account_standing,
    known_lines,
    reconciliation_signing,
)
from sacco_desktop.services.reconciling.account_standing import StandingQuestion

CLASS_WORDS = {
    LineClass.MATCHED: "Matched",
    LineClass.MISSED_NOTICE: "Missed notices",
    LineClass.WRONG_ACCOUNT: "Booked in the wrong account",
    LineClass.CHARGE: "Charges",
    LineClass.REVERSAL: "Reversals",
    LineClass.SETTLEMENT: "Transfers between own accounts",
    LineClass.NOT_OURS: "Not ours",
    LineClass.AMOUNT_DIFFERS: "With another amount",
}


@dataclass(frozen=True, slots=True)
class ClassSum:
    """How many lines of a kind there were, and what they come to in cents."""

    words: str
    lines: int
    cents: int


@dataclass(frozen=True, slots=True)
class ReconciliationPaper:
    """An account beside its statement up to a day, in cents. `signed` is empty while nobody has signed; `state` is the
    word for it.
    """

    letterhead: Letterhead
    stamp: PaperStamp
    title: str
    since: date | None
    until: date
    state: str
    statement_cents: int
    books_cents: int
    reasons: tuple[AmountLine, ...]
    difference_cents: int
    sums: tuple[ClassSum, ...]
    statements: tuple[str, ...]
    made_by: str
    signed_by: str
    signed_at: datetime | None


def paper(work: Work, question: StandingQuestion) -> ReconciliationPaper:
    """The paper of an account up to a day. Each call is a print of its own. Raises WrongState without a statement."""
    work.allow(Act.LOOK)
    view = account_standing.standing(work, question)
    told = view.told
    if told is None:
        raise WrongState("There is no statement of this account yet. Take one in first.")
    account_id = ledger.account_of(work, view.account.code).id
    signed = _signed(work, account_id, view.until)
    since = view.signed_until if signed is None else signed.since
    state = "Balanced" if told.is_balanced else "Open"
    said: dict[str, str | int] = {
        "account": view.account.code,
        "until": view.until.isoformat(),
        "statement_cents": told.statement_cents,
        "books_cents": told.books_cents,
        "state": state,
        "signed_by": "" if signed is None else signed.signed_by,
        "reasons": "; ".join(f"{one.words} {one.cents}" for one in told.reasons),
    }
    return ReconciliationPaper(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(
            work, f"reconciliation {view.account.code} {view.until.isoformat()}", said
        ),
        title=view.account.title,
        since=since,
        until=view.until,
        state=state if signed is None else "Balanced and signed",
        statement_cents=told.statement_cents,
        books_cents=told.books_cents,
        reasons=tuple(AmountLine(one.words, one.cents) for one in told.reasons),
        difference_cents=told.difference_cents,
        sums=_sums(work, account_id, since, view.until),
        statements=_statements(work, account_id, since, view.until),
        made_by="" if signed is None else signed.made_by,
        signed_by="" if signed is None else signed.signed_by,
        signed_at=None if signed is None else signed.signed_at,
    )


def _signed(
    work: Work, account_id: int, until: date
) -> reconciliation_signing.SignedReconciliation | None:
    found = work.session.scalar(
        select(Reconciliation.id)
        .outerjoin(
            ReconciliationReopening,
            ReconciliationReopening.reconciliation_id == Reconciliation.id,
        )
        .where(
            Reconciliation.account_id == account_id,
            Reconciliation.until == until,
            ReconciliationReopening.id.is_(None),
        )
    )
    return None if found is None else reconciliation_signing.read(work, found)


def _sums(work: Work, account_id: int, since: date | None, until: date) -> tuple[ClassSum, ...]:
    """Of the lines of these days, what was matched and settled how."""
    wanted = (
        select(
            StatementMatch.line_class, func.count(StatementLine.id), func.sum(StatementLine.cents)
        )
        .join(MatchSide, MatchSide.match_id == StatementMatch.id)
        .join(StatementLine, StatementLine.id == MatchSide.line_id)
        .where(
            StatementLine.account_id == account_id,
            StatementLine.day <= until,
            known_lines.stands(),
        )
        .group_by(StatementMatch.line_class)
    )
    if since is not None:
        wanted = wanted.where(StatementLine.day > since)
    found = {kind: (count, cents) for kind, count, cents in work.session.execute(wanted)}
    return tuple(
        ClassSum(words, int(found[kind.value][0]), int(found[kind.value][1]))
        for kind, words in CLASS_WORDS.items()
        if kind.value in found
    )


def _statements(work: Work, account_id: int, since: date | None, until: date) -> tuple[str, ...]:
    wanted = (
        select(AccountStatement)
        .where(AccountStatement.account_id == account_id, AccountStatement.first_day <= until)
        .order_by(AccountStatement.first_day, AccountStatement.id)
    )
    if since is not None:
        wanted = wanted.where(AccountStatement.last_day > since)
    return tuple(
        f"{row.file_name}: {format_date(row.first_day)} to {format_date(row.last_day)}, {row.row_count:,} rows,"
        f" fingerprint {row.fingerprint[:16]}"
        for row in work.session.scalars(wanted)
    )
