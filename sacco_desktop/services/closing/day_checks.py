"""What is looked at before a day is closed: each check is in order, or says what is wrong and where that is mended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    AuditRow,
    DamagedEntry,
    HandOver,
    Payout,
    PayoutAttempt,
    PayoutHold,
    RelayEntry,
)
from sacco_desktop.domain.cash_count import CashCount
from sacco_desktop.domain.chart import CASH_IN_HAND, UNALLOCATED_RECEIPTS
from sacco_desktop.domain.dates import business_date, format_date, format_time, moment_of
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.mpesa_accounts import UTILITY, WORKING
from sacco_desktop.domain.payout_ways import WAY_WORDS, Way
from sacco_desktop.domain.payouts import OPEN_ATTEMPTS, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.proof import books_identity
from sacco_desktop.services.proof.verify import Proof
from sacco_desktop.services.sending import account_view, mpesa_differences

LONGEST_DOUBT = timedelta(days=1)
CHAIN = "chain"
CASH = "cash"
_CASH_TITLE = "The cash in the till is what the books say"
# So many of a kind are named; of more it is said how many there are.
_NAMED = 3
# Beyond so many payments in flight any difference would be the sum of some of them.
_MOST_SUMMED = 12


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was found in words, and the place in the window and the button where it is mended.

    `age` says how old the news is on which it rests; it changes by itself and so is not part of what is signed.
    """

    key: str
    title: str
    is_green: bool
    finding: str
    button: str = ""
    place: str = ""
    age: str = ""


def checks(work: Work, _nothing: None = None) -> tuple[Check, ...]:
    """Every check but those of the chain, which adds up all books, and of the till, which people count; see chain_check
    and cash_check.
    """
    work.allow(Act.LOOK)
    return tuple(look(work) for look in _CHECKS)


def chain_check(proof: Proof) -> Check:
    """What a proof of the whole books found."""
    title = "Every entry is as it was posted"
    if proof.is_sound:
        words = (
            f"{proof.entries:,} entries and {proof.audit_rows:,} audit rows were added up again and follow each"
            " other without a gap."
        )
        return Check(CHAIN, title, True, words)
    first = proof.faults[0]
    more = f" and {len(proof.faults) - 1:,} more" if len(proof.faults) > 1 else ""
    words = f"{first.where} {first.what.rstrip('.')}{more}. Stop working and call whoever looks after the books."
    return Check(CHAIN, title, False, words, "Open Books", "books")


def till_cents(work: Work, _nothing: None = None) -> int | None:
    """What the books say is in the till, in cents; None where there is no till because no cash was ever booked."""
    work.allow(Act.LOOK)
    moved = work.session.execute(
        select(AccountBalance.debit_cents, AccountBalance.credit_cents)
        .join(Account, Account.id == AccountBalance.account_id)
        .where(Account.code == CASH_IN_HAND)
    ).one_or_none()
    return moved.debit_cents - moved.credit_cents if moved is not None and any(moved) else None


def cash_check(books_cents: int, counted_cents: int, count: CashCount | None = None) -> Check:
    """What was counted in the till beside what the books say of it, in cents; `count` tells its notes and coins."""
    gap = counted_cents - books_cents
    words = f"Counted {format_kes(counted_cents)}, the books say {format_kes(books_cents)}."
    if gap:
        words += f" {'Too much' if gap > 0 else 'Missing'}: {format_amount(abs(gap))}. Count again, then look for it."
    if count is not None and count.words:
        words += f" In the till: {count.words}."
    return Check(CASH, _CASH_TITLE, not gap, words, "Open Books", "books")


def uncounted(books_cents: int) -> Check:
    """The till before anybody has counted it."""
    words = f"The books say {format_kes(books_cents)}. Count the notes and coins and write the sum."
    return Check(CASH, _CASH_TITLE, False, words, "Open Books", "books")


def fingerprint(found: Iterable[Check]) -> str:
    """Stands for what a person was shown: SHA-256 of every finding."""
    told = [(one.key, one.is_green, one.finding) for one in found]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _sub_ledgers(work: Work) -> Check:
    kept = AccountBalance.debit_cents - AccountBalance.credit_cents
    sums = work.session.execute(
        select(Account.control_id, func.sum(kept))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.control_id.is_not(None))
        .group_by(Account.control_id)
    )
    below = {control: int(cents) for control, cents in sums}
    controls = work.session.execute(
        select(Account.id, Account.code, Account.name, func.coalesce(kept, 0))
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.is_control)
        .order_by(Account.code)
    ).all()
    wrong = [
        f"{code} {name} is {format_amount(abs(cents))}, its accounts {format_amount(abs(below.get(key, 0)))}"
        for key, code, name, cents in controls
        if cents != below.get(key, 0)
    ]
    words = f"{len(controls)} control accounts equal the accounts of members and loans under them."
    title = "Sub-ledgers equal their control accounts"
    found = f"{_some(wrong, '; ')}." if wrong else words
    return Check("sub_ledgers", title, not wrong, found, "Open Books", "books")


def _trial_balance(work: Work) -> Check:
    found = ledger.trial_balance(work)
    debit, credit = format_kes(found.debit_cents), format_kes(found.credit_cents)
    words = f"Debits {debit}, credits {credit}."
    title = "The trial balance is square"
    return Check("trial_balance", title, found.is_square, words, "Open Books", "books")


def _mpesa(account: str) -> Callable[[Work], Check]:
    def look(work: Work) -> Check:
        line = next(
            each for each in account_view.read_accounts(work).lines if each.account == account
        )
        title = f"M-Pesa {line.title} in the books is what M-Pesa told"
        key, ask = f"mpesa_{account}", ("Ask balance", "payouts/to_send")
        if line.told_cents is None or line.told_at is None:
            if line.books_now_cents == 0:
                return Check(key, title, True, "The books hold nothing on it.", *ask)
            books = format_kes(line.books_now_cents)
            words = f"M-Pesa has not told this account yet. The books say {books}."
            return Check(key, title, False, words, *ask)
        gap = line.told_cents - line.books_now_cents
        told, books = format_amount(line.told_cents), format_amount(line.books_now_cents)
        words = f"M-Pesa told {told} on {_moment(line.told_at)}, the books say {books}."
        is_explained, why = _explained(work, account, gap)
        if not is_explained:
            is_explained, why = _line_by_line(work, account, why)
        is_today = business_date(line.told_at) == work.today
        old = "" if is_today else " That is not of today, so ask for the balance."
        age = f"M-Pesa's word is {_age(work.now - line.told_at)} old."
        return Check(key, title, is_explained and is_today, f"{words}{why}{old}", *ask, age)

    return look


def _explained(work: Work, account: str, gap: int) -> tuple[bool, str]:
    """Whether M-Pesa less the books is nothing, or is payments that left before the books know their end."""
    if gap == 0:
        return True, ""
    said = f" Difference {format_amount(gap)}"
    flying: list[tuple[str, int]] = []
    if account == UTILITY:
        flying = [
            (number, cents)
            for number, cents in work.session.execute(
                select(Payout.number, Payout.mpesa_cents)
                .where(Payout.status == PayoutStatus.IN_FLIGHT.value, Payout.mpesa_cents > 0)
                .order_by(Payout.id)
            )
        ]
    if _is_sum_of_some(-gap, [cents for _number, cents in flying]):
        names = _some([number for number, _cents in flying])
        whole = sum(cents for _number, cents in flying)
        part = "" if whole == -gap else "some of what is "
        return True, f"{said}: {part}in flight, {format_amount(whole)} ({names})."
    more = " also with what is in flight" if flying else ""
    return False, f"{said}, not explained{more}. Ask for the balance again, then look for it."


def _line_by_line(work: Work, account: str, why: str) -> tuple[bool, str]:
    """The causes that explain every cent; `why` as it was where they do not."""
    found = mpesa_differences.difference(work, account)
    if found is None or not found.explained.causes or found.explained.unexplained_cents:
        return False, why
    named = [f"{one.words} ({format_amount(one.cents)})" for one in found.explained.causes]
    return (
        True,
        f" Difference {format_amount(found.explained.difference_cents)}: {_some(named, '; ')}.",
    )


def _is_sum_of_some(wanted: int, parts: list[int]) -> bool:
    if wanted == sum(parts):
        return bool(parts)
    if len(parts) > _MOST_SUMMED:
        return False
    sums = {0}
    for part in parts:
        sums |= {each + part for each in sums}
    return wanted > 0 and wanted in sums


def _unsure(work: Work) -> Check:
    rows = work.session.execute(
        select(Payout.number, PayoutAttempt.first_sent_at)
        .join(PayoutAttempt, PayoutAttempt.payout_id == Payout.id)
        .where(
            Payout.status == PayoutStatus.IN_FLIGHT.value,
            PayoutAttempt.status.in_([each.value for each in OPEN_ATTEMPTS]),
        )
        .order_by(PayoutAttempt.first_sent_at)
    ).all()
    old = [f"{number} since {_moment(at)}" for number, at in rows if at <= work.now - LONGEST_DOUBT]
    title = "No payment is unsure for more than a day"
    if old:
        words = f"Not sure for more than a day: {_some(old)}."
    elif rows:
        words = f"{_count(len(rows), 'payment is', 'payments are')} in flight, since {_moment(rows[0][1])}."
    else:
        words = "No payment is in flight."
    return Check("unsure", title, not old, words, "Look", "payouts/in_flight")


def _parked(work: Work) -> Check:
    parked = _count_of(work, RelayEntry.id, RelayEntry.state == "parked")
    damaged = _count_of(work, DamagedEntry.id, DamagedEntry.skipped_at.is_(None))
    title = "Nothing from a relay waits for a decision"
    if not parked and not damaged:
        return Check("parked", title, True, "Every notice from M-Pesa was booked or let rest.")
    parts = [
        _count(parked, "notice fits nothing", "notices fit nothing") if parked else "",
        _count(damaged, "entry is damaged", "entries are damaged") if damaged else "",
    ]
    words = f"{' and '.join(filter(None, parts))}. Somebody must decide on that."
    place = "payouts/problems" if parked else "settings"
    return Check("parked", title, False, words, "Decide", place)


def _unallocated(work: Work) -> Check:
    cents = ledger.balance(work, UNALLOCATED_RECEIPTS)
    title = "All money that came in belongs to somebody"
    if not cents:
        return Check("unallocated", title, True, "No receipt is without a member.")
    words = f"{format_kes(cents)} came in and belongs to no member yet."
    return Check("unallocated", title, False, words, "Open Books", "books")


def _hand_overs(work: Work) -> Check:
    rows = work.session.execute(
        select(Payout.number, HandOver.way, HandOver.made_at)
        .join(HandOver, HandOver.payout_id == Payout.id)
        .where(HandOver.outcome == "open")
        .order_by(HandOver.made_at, HandOver.id)
    ).all()
    # A bank needs its time; what was handed over on an earlier day needs a word.
    old = [
        f"{number} ({WAY_WORDS[Way(way)].lower()}) since {format_date(business_date(at))}"
        for number, way, at in rows
        if business_date(at) < work.today or way == Way.CASH.value
    ]
    title = "No payment by bank or cash is left open"
    if old:
        words = f"Handed over, and nobody has said what became of it: {_some(old)}."
    elif rows:
        words = f"{_count(len(rows), 'payment', 'payments')} handed over today; the bank's word comes later."
    else:
        words = "Every payment by bank, cheque or cash is closed."
    return Check("hand_overs", title, not old, words, "Look", "payouts/in_flight")


def _backup(work: Work) -> Check:
    title, mend = "A copy of the books was made and proven today", ("Back up now", "back_up")
    row = work.session.execute(
        select(AuditRow.at, AuditRow.subject, AuditRow.detail)
        .where(AuditRow.action == books_identity.COPIED, AuditRow.at >= moment_of(work.today))
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None and work.session.get_bind().dialect.name != "sqlite":
        words = "These books lie on a server, whose administrator copies them. Ask when that was done last."
        return Check("backup", title, False, words)
    if row is None:
        return Check("backup", title, False, "No copy was made today.", *mend)
    upto = json.loads(row.detail)["entries"]
    since = ledger.head(work)[0] - int(upto)
    more = f"; {_count(since, 'entry was', 'entries were')} posted after it" if since else ""
    words = f"Made and proven at {format_time(row.at)}, {row.subject}, up to entry {upto}{more}."
    return Check("backup", title, True, words, *mend)


def _holds(work: Work) -> Check:
    rows = work.session.execute(
        select(Payout.number, PayoutHold.why)
        .join(PayoutHold, PayoutHold.payout_id == Payout.id)
        .where(PayoutHold.released_at.is_(None))
        .order_by(PayoutHold.id)
    ).all()
    silent = [number for number, why in rows if not why.strip()]
    title = "Every payout on hold has its reason"
    if silent:
        words = f"On hold without a reason: {_some(silent)}."
    elif rows:
        words = "; ".join(f"{number}: {why.rstrip('.')}" for number, why in rows[:_NAMED])
        words = f"{words}{_rest(len(rows))}."
    else:
        words = "No payout is on hold."
    return Check("holds", title, not silent, words, "Look", "payouts/to_send")


_CHECKS: tuple[Callable[[Work], Check], ...] = (
    _sub_ledgers,
    _trial_balance,
    _mpesa(UTILITY),
    _mpesa(WORKING),
    _unsure,
    _parked,
    _unallocated,
    _hand_overs,
    _holds,
    _backup,
)


def _count_of(work: Work, column: object, condition: object) -> int:
    return work.session.scalar(select(func.count(column)).where(condition)) or 0  # type: ignore[arg-type]


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _some(names: list[str], between: str = ", ") -> str:
    return f"{between.join(names[:_NAMED])}{_rest(len(names))}"


def _rest(count: int) -> str:
    return f" and {count - _NAMED:,} more" if count > _NAMED else ""


def _moment(at: datetime) -> str:
    return f"{format_date(business_date(at))} {format_time(at)}"


def _age(since: timedelta) -> str:
    minutes = max(0, int(since.total_seconds())) // 60
    if minutes < 120:
        return _count(minutes, "minute", "minutes")
    return _count(minutes // 60, "hour", "hours") if minutes < 2880 else f"{minutes // 1440} days"
