"""Closing a day: one person closes it, another one signs it in the same act, and what they saw is kept for good.

A closed day takes no more entries, nor does any day before it, until two people open it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import DayClosing
from sacco_desktop.domain.cash_count import CashCount
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import ChangedMeanwhile, InvalidInput, WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.closing import closed_days, day_checks, day_signing
from sacco_desktop.services.closing.day_checks import Check
from sacco_desktop.services.closing.day_signing import Outcome, Signatures, Signer
from sacco_desktop.services.proof import verify
from sacco_desktop.services.proof.verify import Proof

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class DayToClose:
    """The day with what was shown of it: the fingerprint of its checks, the proof of the books, the cash that was
    counted in cents (None where there is no till), and a reason for each check that is not in order. `count` tells the
    notes and coins of that sum, if they were counted one by one.
    """

    day: date
    shown: str
    proof: Proof
    counted_cents: int | None
    reasons: Mapping[str, str]
    signed: Signatures
    count: CashCount | None = None


@dataclass(frozen=True, slots=True)
class DaySheetView:
    """What is shown before a day is closed; the proof of the whole books is read apart, and the cash is counted by
    people. `till_cents` is what the books say of it, None where there is no till.
    """

    day: date
    checks: tuple[Check, ...]
    till_cents: int | None
    entries: int
    signers: tuple[Signer, ...]


def before_closing(work: Work, _nothing: None = None) -> DaySheetView:
    """The checks of today and who can sign them. Raises NotAllowed, WrongState when today is closed."""
    work.allow(Act.CLOSE_DAY)
    _check_open(work)
    return DaySheetView(
        work.today,
        day_checks.checks(work),
        day_checks.till_cents(work),
        ledger.head(work)[0],
        day_signing.who_can_sign(work),
    )


def close(work: Work, given: DayToClose) -> Outcome:
    """Close today, by the actor, signed by another person with the own password.

    Everything but the whole proof is looked at again in this transaction. Raises NotAllowed, SamePerson, WrongState,
    ChangedMeanwhile when the checks are not those that were shown, and InvalidInput under `reason_…`, `counted` or
    `signer`.
    """
    work.allow(Act.CLOSE_DAY)
    if given.day != work.today:
        raise WrongState(f"{format_date(given.day)} is over. Close this window and look at today.")
    _check_open(work)
    found = _as_shown(work, given)
    kept = tuple(_with_reason(one, given.reasons) for one in found)
    theirs = day_signing.signed(work, given.signed, Act.CLOSE_DAY)
    if isinstance(theirs, Outcome):
        return theirs
    _keep(work, theirs, kept)
    return Outcome(f"{format_date(work.today)} is closed and signed by {theirs.actor.full_name}.")


def _check_open(work: Work) -> None:
    last = open_days.closed_until(work)
    if last is not None and last >= work.today:
        who = closed_days.newest_of(work, last).closed_by
        raise WrongState(f"{format_date(last)} was closed by {who} already. Print its sheet.")


def _as_shown(work: Work, given: DayToClose) -> tuple[Check, ...]:
    """The checks of this moment. What was posted since the proof is proven here; one with faults is kept as it is."""
    proof = verify.carry_on(work, given.proof) if given.proof.is_sound else given.proof
    found = (*day_checks.checks(work), *_counted(work, given))
    is_same = day_checks.fingerprint((*found, day_checks.chain_check(given.proof))) == given.shown
    if not is_same or proof.is_sound != given.proof.is_sound:
        raise ChangedMeanwhile(
            "What you were shown has changed since. Nothing was closed. Look at the checks again, then close the day."
        )
    if given.counted_cents is None and any(one.key == day_checks.CASH for one in found):
        raise InvalidInput(
            "Count the cash and write how much it is, 0 when the till is empty.", "counted"
        )
    return (*found, day_checks.chain_check(proof))


def _counted(work: Work, given: DayToClose) -> tuple[Check, ...]:
    """The check of the till; none where there is no till. Raises InvalidInput under `counted`."""
    counted_cents, count = given.counted_cents, given.count
    if count is not None and count.cents != counted_cents:
        raise InvalidInput(
            f"The notes and coins come to {format_kes(count.cents)}. Write the same sum.", "counted"
        )
    books = day_checks.till_cents(work)
    if books is None:
        return ()
    if counted_cents is None:
        return (day_checks.uncounted(books),)
    return (day_checks.cash_check(books, counted_cents, count),)


def _with_reason(check: Check, reasons: Mapping[str, str]) -> tuple[Check, str]:
    """Raises InvalidInput under `reason_KEY` for a check that is not in order and has no reason."""
    if check.is_green:
        return check, ""
    field = f"reason_{check.key}"
    return check, in_words(
        reasons.get(check.key, ""), field, "Write why the day is closed with this."
    )


def in_words(reason: str, field: str, missing: str) -> str:
    """A reason on one line. Raises InvalidInput with the sentence `missing` when there is none."""
    words = " ".join(reason.split())
    if not words:
        raise InvalidInput(missing, field)
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"Write at most {LONGEST_REASON} letters.", field)
    return words


def _keep(work: Work, theirs: Work, kept: tuple[tuple[Check, str], ...]) -> None:
    number, digest = ledger.head(work)
    words = [
        {
            "key": one.key,
            "title": one.title,
            "is_green": one.is_green,
            "finding": " ".join(filter(None, [one.finding, one.age])),
            "reason": reason,
        }
        for one, reason in kept
    ]
    work.session.add(
        DayClosing(
            business_date=work.today,
            closed_by=work.actor.user_id,
            signed_by=theirs.actor.user_id,
            closed_at=work.now,
            head_number=number,
            head_hash=digest,
            checks=json.dumps(words, ensure_ascii=False),
        )
    )
    work.session.flush()
    day = format_date(work.today)
    explained = ", ".join(one.key for one, reason in kept if reason)
    detail: audit.Detail = {"head": number, "head_hash": digest, "explained": explained}
    audit.record(work, "closed the day", day, detail)
    audit.record(theirs, "signed the closing of", day, detail)
    work.changed(Topic.LEDGER)
