"""Settles a line that is left over, each class in its one way; what it posts is matched with the line at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import Account, Payout, PostingRow, StatementLine
from sacco_desktop.domain.chart import UNALLOCATED_RECEIPTS
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import AttemptStatus, Evidence
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.accounts import MoneyAccount, money_account
from sacco_desktop.domain.reconciling.classes import Finding, LineClass
from sacco_desktop.domain.reconciling.entries import Begun, Settled, beginning, settling_entry
from sacco_desktop.domain.reconciling.statement import RowKind
from sacco_desktop.services.books import audit, commands, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.collecting import reversal_news
from sacco_desktop.services.payouts.payout_moves import load_attempt, load_payout
from sacco_desktop.services.payouts.payout_settling import ProvenPayment
from sacco_desktop.services.reconciling import (
    account_standing,
    findings,
    known_lines,
    paid_in_lines,
    statement_matches,
)
from sacco_desktop.services.reconciling.statement_matches import BY_ENTRY, BY_PERSON, NewMatch
from sacco_desktop.services.sending.payout_news import book_paid

# What nobody here knows of, or what contradicts the books, is settled with a word about it.
NEEDS_WORDS = frozenset({LineClass.NOT_OURS, LineClass.AMOUNT_DIFFERS, LineClass.REVERSAL})


@dataclass(frozen=True, slots=True)
class Settle:
    """A line and what it was shown to be; `attempt_id` chooses among payments that it may be."""

    key: str
    line_id: int
    kind: LineClass
    reason: str = ""
    attempt_id: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """The books begin with another sum than the first statement, in cents, which a person has seen."""

    key: str
    account: str
    cents: int
    reason: str


def settle(work: Work, given: Settle) -> str:
    """Settle one line; says in words what it did.

    Raises ChangedMeanwhile when the line is something else by now, WrongState, and InvalidInput under `reason`.
    """
    work.allow(Act.RECONCILE)
    done = commands.once(work, given.key, "settle line", given, lambda: _settle(work, given))
    return str(done["words"])


def _settle(work: Work, given: Settle) -> dict[str, str]:
    row = work.session.get(StatementLine, given.line_id)
    if row is None:
        raise NotFound("That line is on no statement here.")
    account = money_account(work.session.get_one(Account, row.account_id).code)
    found = _finding(work, account, row)
    if found.kind is not given.kind:
        raise ChangedMeanwhile("This line is something else by now. Look at it again.")
    if given.kind in NEEDS_WORDS:
        statement_matches.in_words(given.reason)
    words = _HOW[_way(found)](work, account, found, given)
    detail: audit.Detail = {"line": row.id, "class": given.kind.value, "cents": row.cents}
    audit.record(work, "settled a line", f"{account.title} {row.receipt}".strip(), detail)
    work.changed(Topic.RECONCILING, Topic.LEDGER, Topic.PAYOUTS)
    return {"words": words}


def _finding(work: Work, account: MoneyAccount, row: StatementLine) -> Finding:
    reach = known_lines.reach_of(work, row.account_id)
    assert reach is not None, "a line came by a statement"
    signed = known_lines.signed_until(work, row.account_id)
    lines = known_lines.open_lines(work, row.account_id)
    here = known_lines.open_postings(
        work, row.account_id, findings.since_of(reach.first_day, signed)
    )
    if all(line.line_id != row.id for line in lines):
        raise WrongState("This line is settled already.")
    return findings.findings_of(work, account, lines, here)[row.id]


def _way(found: Finding) -> str:
    if found.attempts:
        return "payout"
    if found.twin is not None:
        return "twin"
    return "match" if not found.counter else "post"


def _match(work: Work, account: MoneyAccount, found: Finding, given: Settle) -> str:
    """The posting is there, under another reference or day."""
    account_id = ledger.account_of(work, account.code).id
    line = ((found.line.line_id, found.line.cents),)
    postings = tuple((key, found.line.cents) for key in found.postings)
    new = NewMatch(account_id, found.kind, BY_PERSON, line, postings, given.reason)
    statement_matches.make(work, [new])
    if found.line.kind is RowKind.REVERSAL:
        reversal_news.by_statement(work, found.line.linked)
    return "Matched with the books."


def _cancel(work: Work, account: MoneyAccount, found: Finding, given: Settle) -> str:
    """A row and the one that takes it back: neither of them is in the books."""
    account_id = ledger.account_of(work, account.code).id
    twin = work.session.get_one(StatementLine, found.twin)
    lines = ((found.line.line_id, found.line.cents), (twin.id, twin.cents))
    reason = statement_matches.in_words(given.reason)
    statement_matches.make(work, [NewMatch(account_id, found.kind, BY_PERSON, lines, (), reason)])
    return "Both rows cancel each other; nothing was posted."


def _book_payout(work: Work, account: MoneyAccount, found: Finding, given: Settle) -> str:
    """A payment whose notice never came: the statement proves it, and it is booked like every other."""
    fitting = [one for one in found.attempts if given.attempt_id in (None, one.attempt_id)]
    if len(fitting) != 1:
        raise InvalidInput("More than one payment fits. Choose which one it is.", "attempt")
    attempt = load_attempt(work, fitting[0].attempt_id)
    payout = load_payout(work, attempt.payout_id)
    if attempt.status == AttemptStatus.FAILED.value:
        raise WrongState(
            f"{payout.number} is booked as failed, and M-Pesa paid it. Two people take the failure back under Payouts,"
            " Problems; then settle this line again."
        )
    line = found.line
    why = f"It stands on M-Pesa's statement; {work.actor.full_name} has settled it."
    proof = ProvenPayment(line.receipt, line.at, Evidence.VERIFIED, why)
    words = book_paid(work, attempt, proof)
    number = work.session.scalar(select(Payout.entry_number).where(Payout.id == payout.id))
    assert number is not None, "a paid payout has its entry"
    _match_entry(work, account, found, number, given)
    return f"{payout.number}: {words}"


def _post(work: Work, account: MoneyAccount, found: Finding, given: Settle) -> str:
    """Post what is missing between the account and the other one, and match it with the line."""
    line = found.line
    if found.kind is LineClass.REVERSAL and line.cents < 0:
        number = reversal_news.by_statement(work, line.linked)
        if number is not None:
            _match_entry(work, account, found, number, given)
            return f"Entry {number}: M-Pesa took {line.linked} back, as was asked for."
    is_paid_in = found.kind is LineClass.MISSED_NOTICE
    if is_paid_in and paid_in_lines.goes_through_the_door(work, account.code, line):
        number = paid_in_lines.book(work, line)
        _match_entry(work, account, found, number, given)
        return f"Entry {number}: {format_kes(line.cents)} waits for its owner under unallocated receipts."
    booked = dict(_booked(work, found.postings))
    settled = Settled(
        found.kind,
        account.code,
        found.counter,
        line.cents - sum(booked.values()),
        line.receipt,
        _plain_words(work, line.line_id, given.reason),
        open_days.open_day(work, line.day),
    )
    posted = ledger.post(work, settling_entry(settled))
    _match_entry(work, account, found, posted.number, given, tuple(booked.items()))
    if found.away is not None:
        _match_away(work, found, posted.number)
    if (
        found.kind is LineClass.REVERSAL
        and found.counter == UNALLOCATED_RECEIPTS
        and line.cents < 0
    ):
        paid_in_lines.refute(work, line.linked)
    return f"Entry {posted.number}: {format_kes(abs(settled.cents))} booked and matched."


def _plain_words(work: Work, line_id: int, reason: str) -> str:
    """What the entry says of the line. The details name people and phones, which a journal on a server must not."""
    row = work.session.get_one(StatementLine, line_id)
    return " ".join((reason or row.reason).split())


def _booked(work: Work, postings: tuple[int, ...]) -> list[tuple[int, int]]:
    rows = work.session.execute(
        select(PostingRow.id, PostingRow.debit_cents - PostingRow.credit_cents).where(
            PostingRow.id.in_(postings)
        )
    )
    return [(key, cents) for key, cents in rows]


def _match_entry(
    work: Work,
    account: MoneyAccount,
    found: Finding,
    entry_number: int,
    given: Settle,
    also: tuple[tuple[int, int], ...] = (),
) -> None:
    account_id = ledger.account_of(work, account.code).id
    postings = (*also, *statement_matches.postings_of(work, entry_number, account.code))
    line = ((found.line.line_id, found.line.cents),)
    statement_matches.make(
        work,
        [NewMatch(account_id, found.kind, BY_ENTRY, line, postings, given.reason, entry_number)],
    )


def _match_away(work: Work, found: Finding, entry_number: int) -> None:
    """What stood in the wrong account and what took it away from there leave no trace on its statement."""
    assert found.away is not None, "only what stood elsewhere is taken away from there"
    code = found.away.account
    gone = statement_matches.postings_of(work, entry_number, code)
    both = ((found.away.posting_id, found.away.cents), *gone)
    account_id = ledger.account_of(work, code).id
    statement_matches.make(
        work,
        [NewMatch(account_id, found.kind, BY_ENTRY, (), both, "", entry_number)],
    )


_HOW: dict[str, Callable[[Work, MoneyAccount, Finding, Settle], str]] = {
    "payout": _book_payout,
    "twin": _cancel,
    "match": _match,
    "post": _post,
}


def book_beginning(work: Work, given: Beginning) -> str:
    """Bring the books to what the first statement opens with, against retained earnings, as an opening balance is.

    Raises ChangedMeanwhile when the gap is another one, and InvalidInput under `reason`.
    """
    work.allow(Act.RECONCILE)
    done = commands.once(work, given.key, "beginning", given, lambda: _begin(work, given))
    return str(done["words"])


def _begin(work: Work, given: Beginning) -> dict[str, str]:
    account = money_account(given.account)
    account_id = ledger.account_of(work, account.code).id
    reach = known_lines.reach_of(work, account_id)
    if (
        reach is None
        or given.cents != account_standing.beginning_gap(work, account_id, reach)
        or not given.cents
    ):
        raise ChangedMeanwhile("The books begin with another sum by now. Look at it again.")
    reason = statement_matches.in_words(given.reason)
    begun = Begun(
        account.code,
        account.title,
        given.cents,
        reason,
        reach.first_day,
        open_days.open_day(work, reach.first_day),
    )
    posted = ledger.post(work, beginning(begun))
    audit.record(work, "booked a beginning", account.title, {"cents": given.cents, "why": reason})
    work.changed(Topic.RECONCILING, Topic.LEDGER)
    return {"words": f"Entry {posted.number}: the books begin as the statement does."}
