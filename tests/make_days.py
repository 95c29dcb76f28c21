"""Builders of closed days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sacco_desktop.services import books_identity, day_checks, day_closings, verify
from sacco_desktop.services.account_readings import Origin, Reading, note
from sacco_desktop.services.books_identity import CopyMade
from sacco_desktop.services.day_checks import Check
from sacco_desktop.services.day_closings import Closed, DayToClose
from sacco_desktop.services.verify import Proof
from sacco_desktop.services.work import Actor, Work
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


def as_shown(office: PracticeOffice, proved: Proof | None = None, **changes: Any) -> DayToClose:
    """Today as the sheet shows it now, to be signed by Lucy, with a reason for whatever is not in order."""
    proved = proved or proof(office)
    found = (*checks(office).values(), day_checks.chain_check(proved))
    given = DayToClose(
        day=make.day(office),
        shown=day_checks.fingerprint(found),
        proof=proved,
        reasons={one.key: REASON for one in found if not one.is_green},
        signer_id=office.lucy.user_id,
        password=make.PASSWORD,
        signer_password=make.PASSWORD,
    )
    return replace(given, **changes)


def close(office: PracticeOffice, given: DayToClose, by: Actor | None = None) -> Closed:
    """Close the day, by Grace unless somebody else is named."""
    return office.write(day_closings.close, given, by or office.grace)


def closed(office: PracticeOffice) -> None:
    """A day that Grace has closed and Lucy has signed."""
    assert close(office, as_shown(office)).refused == ""


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
