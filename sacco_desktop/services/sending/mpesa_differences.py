"""Why M-Pesa's last word on our accounts is not what the books say now, line by line, from the books alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Account,
    Entry,
    MatchSide,
    MatchUndoing,
    Payout,
    PayoutAttempt,
    PostingRow,
    StatementLine,
    StatementMatch,
)
from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.mpesa_accounts import LEDGER_CODES, UTILITY
from sacco_desktop.domain.payouts import OPEN_ATTEMPTS, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reconciling.balance_reasons import (
    BalanceExplained,
    Cause,
    explain_balance,
)
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.sending import account_readings


@dataclass(frozen=True, slots=True)
class MpesaDifference:
    """An account: when M-Pesa spoke of it, and every line between its word and what the books say now."""

    account: str
    told_at: datetime
    explained: BalanceExplained


def differences(work: Work, _nothing: None = None) -> tuple[MpesaDifference, ...]:
    """Of each account of which M-Pesa has spoken, why its word is not what the books say."""
    work.allow(Act.LOOK)
    found = (difference(work, account) for account in LEDGER_CODES)
    return tuple(one for one in found if one is not None)


def difference(work: Work, account: str) -> MpesaDifference | None:
    """The same for one account; None before M-Pesa has spoken of it."""
    word = account_readings.last(work, account)
    if word is None:
        return None
    code = LEDGER_CODES[account]
    whole = word.available_cents if word.current_cents is None else word.current_cents
    gap = whole - ledger.balance(work, code)
    if gap == 0:
        return MpesaDifference(account, word.at, BalanceExplained(0, ()))
    sure, perhaps = _posted_since(work, code, word.at)
    sure += _left_on_statement(work, code, word.at)
    if account == UTILITY:
        perhaps += _in_flight(work, word.at)
    return MpesaDifference(account, word.at, explain_balance(gap, sure, perhaps))


def _posted_since(work: Work, code: str, moment: datetime) -> tuple[list[Cause], list[Cause]]:
    """What the books learned after M-Pesa spoke: sure where M-Pesa paid later too, unsure where nobody knows when
    M-Pesa knew it, and no cause where it had paid before.
    """
    paid_at = (
        select(Payout.paid_at).where(Payout.entry_number == Entry.number).limit(1).scalar_subquery()
    )
    rows = work.session.execute(
        select(
            Entry.number,
            Entry.narration,
            Entry.posted_at,
            PostingRow.debit_cents - PostingRow.credit_cents,
            paid_at,
        )
        .join(PostingRow, PostingRow.entry_id == Entry.id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(Account.code == code, Entry.posted_at > moment)
        .order_by(Entry.number)
    )
    sure, perhaps = [], []
    for number, narration, posted, cents, paid in rows:
        cause = Cause(
            f"Entry {number}, booked at {format_time(posted or moment)}: {narration}", -cents
        )
        if paid is None:
            perhaps.append(cause)
        elif paid > moment:
            sure.append(cause)
    return sure, perhaps


def _left_on_statement(work: Work, code: str, moment: datetime) -> list[Cause]:
    """Rows of the statement, from before M-Pesa spoke, that nothing in the books is matched to."""
    matched = (
        select(MatchSide.id)
        .join(StatementMatch, StatementMatch.id == MatchSide.match_id)
        .outerjoin(MatchUndoing, MatchUndoing.match_id == StatementMatch.id)
        .where(
            MatchSide.line_id == StatementLine.id,
            StatementMatch.sealed_at.is_not(None),
            MatchUndoing.id.is_(None),
        )
    )
    rows = work.session.scalars(
        select(StatementLine)
        .join(Account, Account.id == StatementLine.account_id)
        .where(Account.code == code, StatementLine.at <= moment, ~matched.exists())
        .order_by(StatementLine.at, StatementLine.id)
    )
    return [
        Cause(
            f"On the statement and not in the books: {row.receipt} {row.reason}".strip(), row.cents
        )
        for row in rows
    ]


def _in_flight(work: Work, moment: datetime) -> list[Cause]:
    """Payments that M-Pesa may have made while their result is not booked."""
    rows = work.session.execute(
        select(Payout.number, Payout.mpesa_cents)
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(
            Payout.status == PayoutStatus.IN_FLIGHT.value,
            Payout.mpesa_cents > 0,
            PayoutAttempt.status.in_([each.value for each in OPEN_ATTEMPTS]),
            PayoutAttempt.first_sent_at <= moment,
        )
        .order_by(Payout.id)
    )
    return [
        Cause(f"{number} is in flight and M-Pesa has paid it", -cents) for number, cents in rows
    ]
