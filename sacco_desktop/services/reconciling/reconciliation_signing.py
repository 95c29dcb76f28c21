"""Two people sign that an account is at zero up to a day; from then on nothing of those days changes until two people
open them again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Account, Reconciliation, ReconciliationReopening
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import ChangedMeanwhile, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.accounts import MoneyAccount, money_account
from sacco_desktop.domain.reconciling.difference import Explained, Why
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.closing import day_signing
from sacco_desktop.services.closing.day_signing import Outcome, Signatures, Signer
from sacco_desktop.services.office import users
from sacco_desktop.services.reconciling import account_standing, statement_matches
from sacco_desktop.services.reconciling.account_standing import AccountStanding, StandingQuestion


@dataclass(frozen=True, slots=True)
class ToSign:
    """An account and a day with the fingerprint of what was shown."""

    account: str
    until: date
    shown: str
    signed: Signatures


@dataclass(frozen=True, slots=True)
class ToReopen:
    """The last signed reconciliation of an account, and why it is opened again."""

    account: str
    reason: str
    signed: Signatures


@dataclass(frozen=True, slots=True)
class SignedReconciliation:
    """An account at zero as it was signed, in cents; `told` are the lines that explain what is on another day."""

    reconciliation_id: int
    account: MoneyAccount
    until: date
    since: date | None
    statement_cents: int
    books_cents: int
    other_day_cents: int
    told: tuple[tuple[str, int], ...]
    matched: int
    made_by: str
    signed_by: str
    signed_at: datetime
    reopened: str


def who_can_sign(work: Work, _nothing: None = None) -> tuple[Signer, ...]:
    """Everybody who can sign what the actor has reconciled."""
    work.allow(Act.RECONCILE)
    return day_signing.who_can_sign(work)


def who_can_reopen(work: Work, _nothing: None = None) -> tuple[Signer, ...]:
    """Everybody who can sign a reopening by the actor."""
    work.allow(Act.REOPEN_DAY)
    return day_signing.who_can_sign(work)


def sign(work: Work, given: ToSign) -> Outcome:
    """Sign an account that is at zero up to a day; the actor and another person, each with the own password.

    Raises NotAllowed, SamePerson, WrongState while something is left over, ChangedMeanwhile.
    """
    work.allow(Act.RECONCILE)
    view = account_standing.standing(work, StandingQuestion(given.account, given.until))
    if view.told is None or view.why_not_sign:
        raise WrongState(view.why_not_sign)
    if view.until != given.until or view.fingerprint != given.shown:
        raise ChangedMeanwhile(
            "What you were shown has changed since. Nothing was signed. Look at it again."
        )
    theirs = day_signing.signed(work, given.signed, Act.RECONCILE)
    if isinstance(theirs, Outcome):
        return theirs
    _keep(work, theirs, view, view.told)
    return Outcome(
        f"{view.account.title} is balanced up to {format_date(given.until)}, signed by"
        f" {work.actor.full_name} and {theirs.actor.full_name}."
    )


def _keep(work: Work, theirs: Work, view: AccountStanding, told: Explained) -> None:
    since = view.signed_until
    words = {
        "since": None if since is None else since.isoformat(),
        "matched": view.matched,
        "other_days": [[one.words, one.cents] for one in told.reasons if one.why is Why.OTHER_DAY],
    }
    work.session.add(
        Reconciliation(
            account_id=ledger.account_of(work, view.account.code).id,
            until=view.until,
            statement_cents=told.statement_cents,
            books_cents=told.books_cents,
            other_day_cents=told.other_day_cents,
            told=json.dumps(words, ensure_ascii=False),
            made_by=work.actor.user_id,
            signed_by=theirs.actor.user_id,
            signed_at=work.now,
        )
    )
    work.session.flush()
    about = f"{view.account.title} up to {format_date(view.until)}"
    detail: audit.Detail = {"cents": told.statement_cents, "other_days": told.other_day_cents}
    audit.record(work, "reconciled", about, detail)
    audit.record(theirs, "signed the reconciliation of", about, detail)
    work.changed(Topic.RECONCILING)


def reopen(work: Work, given: ToReopen) -> Outcome:
    """Open the last signed days of an account again, by two people. Raises as `sign` does."""
    work.allow(Act.REOPEN_DAY)
    account = money_account(given.account)
    row = work.session.scalar(
        _STANDING.where(
            Reconciliation.account_id == ledger.account_of(work, account.code).id
        ).limit(1)
    )
    if row is None:
        raise NotFound(f"Nothing of {account.title} is signed.")
    reason = statement_matches.in_words(given.reason)
    theirs = day_signing.signed(work, given.signed, Act.REOPEN_DAY)
    if isinstance(theirs, Outcome):
        return theirs
    work.session.add(
        ReconciliationReopening(
            reconciliation_id=row.id,
            reopened_by=work.actor.user_id,
            signed_by=theirs.actor.user_id,
            reopened_at=work.now,
            reason=reason,
        )
    )
    work.session.flush()
    about = f"{account.title} up to {format_date(row.until)}"
    audit.record(work, "reopened the reconciliation of", about, {"why": reason})
    audit.record(theirs, "signed the reopening of the reconciliation of", about)
    work.changed(Topic.RECONCILING)
    return Outcome(f"{about} is open again.")


_STANDING = (
    select(Reconciliation)
    .outerjoin(
        ReconciliationReopening, ReconciliationReopening.reconciliation_id == Reconciliation.id
    )
    .where(ReconciliationReopening.id.is_(None))
    .order_by(Reconciliation.until.desc())
)


def read(work: Work, reconciliation_id: int) -> SignedReconciliation:
    """One signed reconciliation, also one that was opened again. Raises NotFound."""
    work.allow(Act.LOOK)
    row = work.session.get(Reconciliation, reconciliation_id)
    if row is None:
        raise NotFound("That reconciliation is not in the books.")
    told = json.loads(row.told)
    back = work.session.scalar(
        select(ReconciliationReopening).where(ReconciliationReopening.reconciliation_id == row.id)
    )
    code = work.session.get_one(Account, row.account_id).code
    since = told["since"]
    return SignedReconciliation(
        reconciliation_id=row.id,
        account=money_account(code),
        until=row.until,
        since=None if since is None else date.fromisoformat(since),
        statement_cents=row.statement_cents,
        books_cents=row.books_cents,
        other_day_cents=row.other_day_cents,
        told=tuple((words, cents) for words, cents in told["other_days"]),
        matched=told["matched"],
        made_by=users.full_name_of(work, row.made_by),
        signed_by=users.full_name_of(work, row.signed_by),
        signed_at=row.signed_at,
        reopened=""
        if back is None
        else f"By {users.full_name_of(work, back.reopened_by)}: {back.reason}",
    )
