"""Builders of closed days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.closing import closed_days, day_checks, day_closings, day_reopenings
from sacco_desktop.services.closing.closed_days import ClosedDay
from sacco_desktop.services.closing.day_checks import Check
from sacco_desktop.services.closing.day_closings import DayToClose
from sacco_desktop.services.closing.day_reopenings import DayToReopen
from sacco_desktop.services.closing.day_signing import Outcome, Signatures
from sacco_desktop.services.proof import books_identity, verify
from sacco_desktop.services.proof.books_identity import CopyMade
from sacco_desktop.services.proof.verify import Proof
from sacco_desktop.services.sending.account_readings import Origin, Reading, note
from tests import make
from tests.make import PracticeOffice

REASON = "Known; it is mended tomorrow."


def checks(office: PracticeOffice) -> dict[str, Check]:
    """Every check but that of the chain, by its key."""
    return {one.key: one for one in office.read(day_checks.checks, None, office.grace)}


def red(office: PracticeOffice) -> set[str]:
    """The keys of the checks that are not in order."""
    return {key for key, one in checks(office).items() if not one.is_green}


def proof(office: PracticeOffice) -> Proof:
    return office.read(verify.verify, None, office.grace)


def signed(office: PracticeOffice, **changes: Any) -> Signatures:
    """The passwords of whoever acts and of Lucy, who signs."""
    return replace(Signatures(office.lucy.user_id, make.PASSWORD, make.PASSWORD), **changes)


def as_shown(office: PracticeOffice, proved: Proof | None = None, **changes: Any) -> DayToClose:
    """Today as the sheet shows it now, with the cash that the books say, a reason for whatever is not in order, and
    Lucy to sign. `counted_cents` and what `signed` takes can be changed.
    """
    proved = proved or proof(office)
    till = office.read(day_checks.till_cents, None, office.grace)
    counted = changes.pop("counted_cents", till)
    cash = () if till is None else (day_checks.uncounted(till),)
    if till is not None and counted is not None:
        cash = (day_checks.cash_check(till, counted),)
    found = (*checks(office).values(), *cash, day_checks.chain_check(proved))
    names = ("signer_id", "password", "signer_password")
    signatures = {name: changes.pop(name) for name in names if name in changes}
    given = DayToClose(
        day=make.day(office),
        shown=day_checks.fingerprint(found),
        proof=proved,
        counted_cents=counted,
        reasons={one.key: REASON for one in found if not one.is_green},
        signed=signed(office, **signatures),
    )
    return replace(given, **changes)


def close(office: PracticeOffice, given: DayToClose, by: Actor | None = None) -> Outcome:
    """Close the day, by Grace unless somebody else is named."""
    return office.write(day_closings.close, given, by or office.grace)


def closed(office: PracticeOffice) -> None:
    """A day that Grace has closed and Lucy has signed."""
    assert close(office, as_shown(office)).refused == ""


def newest(office: PracticeOffice) -> ClosedDay:
    """The closing that was made last."""
    return office.read(closed_days.list_all, None, office.peter)[0]


def reopened(office: PracticeOffice) -> None:
    """The last closed day, opened again by Grace and signed by Lucy."""
    given = DayToReopen(newest(office).closing_id, REASON, signed(office))
    assert office.write(day_reopenings.reopen, given, office.grace).refused == ""


def copied(office: PracticeOffice, name: str = "books.db") -> None:
    """A copy of the books that was made and proven now, as far as the books know of it."""
    proved = proof(office)
    made = CopyMade(name, proved.entries, proved.head_hash)
    office.write(books_identity.note_copied, made, office.grace)


def told(office: PracticeOffice, account: str, cents: int) -> None:
    """M-Pesa says now what one of our accounts holds."""

    def keep(work: Work, available_cents: int) -> None:
        note(work, (Reading(account, available_cents),), Origin("balance query", work.now))

    office.write(keep, cents)
