"""What M-Pesa says our accounts hold beside what the books say, and what to do when Utility is short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.mpesa_accounts import (
    CHARGES,
    LEDGER_CODES,
    UTILITY,
    WORKING,
    top_up_steps,
)
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import mpesa_connections, society
from sacco_desktop.services.sending import account_readings, balance_questions, utility_float
from sacco_desktop.services.sending.utility_float import UtilityFloat

TITLES = {UTILITY: "Utility", WORKING: "Working", CHARGES: "Charges paid"}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account in cents: M-Pesa's last word, what the books said at that moment, and what they say now.

    `told_cents` is the whole of it where M-Pesa told that, else what was available.
    """

    account: str
    title: str
    told_cents: int | None
    available_cents: int | None
    told_at: datetime | None
    books_then_cents: int | None
    books_now_cents: int

    @property
    def difference_cents(self) -> int | None:
        """M-Pesa less the books, at M-Pesa's moment; None before M-Pesa spoke of it."""
        if self.told_cents is None or self.books_then_cents is None:
            return None
        return self.told_cents - self.books_then_cents


@dataclass(frozen=True, slots=True)
class AccountsView:
    """Our accounts, what the last question came to in words, and whether this person may ask and record moves."""

    lines: tuple[AccountLine, ...]
    utility: UtilityFloat
    question_words: str
    may_ask: bool
    may_record: bool


def read_accounts(work: Work, _nothing: None = None) -> AccountsView:
    """The accounts as they are known now."""
    work.allow(Act.LOOK)
    roles = work.actor.roles
    return AccountsView(
        lines=tuple(_line(work, account, code) for account, code in LEDGER_CODES.items()),
        utility=utility_float.current(work),
        question_words=balance_questions.state_words(work),
        may_ask=any(may(roles, act) for act in (Act.SEND_PAYOUT, Act.RECORD_FLOAT)),
        may_record=may(roles, Act.RECORD_FLOAT),
    )


def _line(work: Work, account: str, code: str) -> AccountLine:
    reading = account_readings.last(work, account)
    whole = None
    if reading is not None:
        is_told = reading.current_cents is not None
        whole = reading.current_cents if is_told else reading.available_cents
    return AccountLine(
        account=account,
        title=TITLES[account],
        told_cents=whole,
        available_cents=None if reading is None else reading.available_cents,
        told_at=None if reading is None else reading.at,
        books_then_cents=None if reading is None else reading.books_cents,
        books_now_cents=ledger.balance(work, code),
    )


def steps_when_short(work: Work, missing_cents: int) -> tuple[str, ...]:
    """What to do when Utility is short by so much; nothing when it is not."""
    if missing_cents <= 0:
        return ()
    try:
        shortcode = mpesa_connections.current(work).shortcode
    except NotFound:
        return ()
    known = utility_float.current(work)
    prefix = society.setting(work, "top_up.account_prefix")
    return top_up_steps(missing_cents, known.working_cents, f"{prefix}{shortcode}")
