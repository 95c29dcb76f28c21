"""Makes and undoes matches: lines and postings that are the same money. The database checks each sum again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from sacco_desktop.db.tables import (
    Account,
    Entry,
    MatchSide,
    MatchUndoing,
    PostingRow,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.classes import LineClass
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.reconciling import known_lines

BY_RECEIPT, BY_PERSON, BY_ENTRY = "receipt", "person", "entry"
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class NewMatch:
    """What belongs together: ids of lines and of postings of one account, with cents as each of them moved it."""

    account_id: int
    kind: LineClass
    how: str
    lines: tuple[tuple[int, int], ...] = ()
    postings: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    entry_number: int | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person has ticked on both sides, which must come to the same."""

    account: str
    lines: tuple[int, ...]
    postings: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """A match that was wrong, and why."""

    match_id: int
    reason: str


def make(work: Work, new: Sequence[NewMatch]) -> None:
    """Write the matches and let them stand. The callers have checked that each comes to zero."""
    if not new:
        return
    session = work.session
    ids = session.scalars(
        insert(StatementMatch).returning(StatementMatch.id, sort_by_parameter_order=True),
        [
            {
                "account_id": one.account_id,
                "line_class": one.kind.value,
                "how": one.how,
                "reason": one.reason,
                "entry_number": one.entry_number,
                "made_by": work.actor.user_id,
                "sealed_at": None,
            }
            for one in new
        ],
    ).all()
    sides = [
        {"match_id": match_id, "line_id": line_id, "posting_id": posting_id, "cents": cents}
        for match_id, one in zip(ids, new, strict=True)
        for line_id, posting_id, cents in (
            *((line, None, cents) for line, cents in one.lines),
            *((None, posting, -cents) for posting, cents in one.postings),
        )
    ]
    session.execute(insert(MatchSide), sides)
    session.execute(
        update(StatementMatch)
        .where(StatementMatch.sealed_at.is_(None), StatementMatch.id >= min(ids))
        .values(sealed_at=work.now)
        .execution_options(synchronize_session=False)
    )
    work.changed(Topic.RECONCILING)


def by_hand(work: Work, given: ByHand) -> str:
    """Match what a person has ticked. Raises InvalidInput when both sides do not come to the same."""
    work.allow(Act.RECONCILE)
    account = ledger.account_of(work, given.account)
    lines = [
        (row.id, row.cents)
        for row in work.session.scalars(
            select(StatementLine).where(StatementLine.id.in_(given.lines))
        )
    ]
    postings = [
        (key, debit - credit)
        for key, debit, credit in work.session.execute(
            select(PostingRow.id, PostingRow.debit_cents, PostingRow.credit_cents).where(
                PostingRow.id.in_(given.postings), PostingRow.account_id == account.id
            )
        )
    ]
    if len(lines) + len(postings) < 2:
        raise InvalidInput("Tick at least two rows that belong together.", "ticked")
    gap = sum(cents for _key, cents in lines) - sum(cents for _key, cents in postings)
    if gap:
        raise InvalidInput(
            f"The statement and the books you ticked are {format_amount(abs(gap))} apart. Tick what comes to the same.",
            "ticked",
        )
    reason = in_words(given.reason)
    make(
        work,
        [NewMatch(account.id, LineClass.MATCHED, BY_PERSON, tuple(lines), tuple(postings), reason)],
    )
    detail: audit.Detail = {"lines": len(lines), "postings": len(postings), "why": reason}
    audit.record(work, "matched by hand", account.code, detail)
    return "Matched."


def undo(work: Work, given: Undo) -> str:
    """Undo a match; what was posted with it stays posted and is left over again. Raises WrongState."""
    work.allow(Act.RECONCILE)
    match = work.session.get(StatementMatch, given.match_id)
    if match is None or match.sealed_at is None:
        raise NotFound("That match is not in the books.")
    if work.session.scalar(select(MatchUndoing.id).where(MatchUndoing.match_id == match.id)):
        raise WrongState("This match was undone already.")
    work.session.add(
        MatchUndoing(
            match_id=match.id,
            undone_by=work.actor.user_id,
            undone_at=work.now,
            reason=in_words(given.reason),
        )
    )
    work.session.flush()
    account = work.session.get_one(Account, match.account_id)
    audit.record(work, "undid a match", account.code, {"match": match.id, "why": given.reason})
    work.changed(Topic.RECONCILING)
    if match.entry_number is None:
        return "The match is undone."
    return (
        f"The match is undone. Its entry {match.entry_number} stays posted; ask for its reversal on the Books page"
        " where it was wrong, too."
    )


def in_words(reason: str) -> str:
    """A reason on one line. Raises InvalidInput under `reason`."""
    words = " ".join(reason.split())
    if not words:
        raise InvalidInput("Write why, in a few words.", "reason")
    return words[:LONGEST_REASON]


def postings_of(work: Work, entry_number: int, code: str) -> list[tuple[int, int]]:
    """The postings of an entry on an account, with what each put there."""
    rows = work.session.execute(
        select(PostingRow.id, PostingRow.debit_cents - PostingRow.credit_cents)
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Entry.number == entry_number, Account.code == code, ~known_lines.posting_is_matched)
    )
    return [(key, cents) for key, cents in rows]
