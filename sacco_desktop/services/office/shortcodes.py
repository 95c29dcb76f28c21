"""The paybills and tills on which payments reach the society, each with its account in the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Account, CollectingShortcode, ShortcodeRegistration
from sacco_desktop.domain.chart import MPESA_PAYBILL, OWN_SHORTCODES
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import mpesa_connections

KIND_WORDS = {"paybill": "Paybill", "till": "Till"}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class NewShortcode:
    """A further paybill or till, as the portal names it; `version` is v1 or v2, as its app on the portal has it."""

    shortcode: str
    kind: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class ShortcodeRow:
    """A shortcode that takes payments. `told` is what M-Pesa answered when it was last registered, at `told_at`; as far
    as that says it `is_registered`.
    """

    shortcode: str
    kind: str
    name: str
    version: str
    account_code: str
    is_registered: bool
    told: str
    told_at: datetime | None

    @property
    def words(self) -> str:
        """As people call it."""
        return f"{KIND_WORDS[self.kind]} {self.shortcode}, {self.name}"


@dataclass(frozen=True, slots=True)
class Registration:
    """M-Pesa's answer to a registration, in words."""

    shortcode: str
    version: str
    is_done: bool
    words: str


_ACCOUNT = Lookup(
    select(CollectingShortcode.account_code).where(
        CollectingShortcode.shortcode == bindparam("shortcode")
    )
)


def account_of(work: Work, shortcode: str) -> str | None:
    """The account of the ledger on which payments to this shortcode lie; None for one that is not ours."""
    if shortcode == mpesa_connections.current(work).shortcode:
        return MPESA_PAYBILL
    return _ACCOUNT.value(work.session, shortcode=shortcode)


def add(work: Work, new: NewShortcode) -> ShortcodeRow:
    """Take payments on a further shortcode, and open its account. Raises InvalidInput under the field, WrongState when
    there are too many.
    """
    work.allow(Act.MANAGE_CONNECTIONS)
    number, name = new.shortcode.strip(), " ".join(new.name.split())
    if not re.fullmatch(r"[0-9]{5,9}", number, re.ASCII):
        raise InvalidInput("A paybill or till has 5 to 9 digits.", "shortcode")
    if new.kind not in KIND_WORDS:
        raise InvalidInput("Choose paybill or till.", "kind")
    if not name or len(name) > _LONGEST_NAME:
        raise InvalidInput("Write what it is for, in a few words.", "name")
    if new.version not in ("v1", "v2"):
        raise InvalidInput("Choose v1 or v2.", "version")
    if account_of(work, number) is not None:
        raise InvalidInput(f"Payments to {number} are taken already.", "shortcode")
    used = set(work.session.scalars(select(CollectingShortcode.account_code)))
    account = next((code for code in OWN_SHORTCODES if code not in used), None)
    if account is None:
        raise WrongState(
            f"The chart has room for {len(OWN_SHORTCODES)} further shortcodes, and all are used."
        )
    like = ledger.account_of(work, MPESA_PAYBILL)
    title = f"M-Pesa {KIND_WORDS[new.kind].lower()} {number}, {name}"
    work.session.add(Account(code=account, name=title, type=like.type, is_control=False))
    work.session.add(
        CollectingShortcode(
            shortcode=number,
            kind=new.kind,
            name=name,
            account_code=account,
            c2b_version=new.version,
            added_by=work.actor.user_id,
            added_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "took up a shortcode", number, {"account": account, "kind": new.kind})
    work.changed(Topic.SETTINGS, Topic.LEDGER)
    return row_of(work, number)


def note_registered(work: Work, told: Registration) -> None:
    """Keep what M-Pesa answered when it was told where payments to a shortcode are reported."""
    work.allow(Act.MANAGE_CONNECTIONS)
    work.session.add(
        ShortcodeRegistration(
            shortcode=told.shortcode,
            version=told.version,
            is_done=told.is_done,
            words=told.words,
            asked_by=work.actor.user_id,
            asked_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "registered a shortcode", told.shortcode, {"done": told.is_done})
    work.changed(Topic.SETTINGS)


def list_shortcodes(work: Work, _nothing: None = None) -> tuple[ShortcodeRow, ...]:
    """Every shortcode that takes payments, that of the connection first. Raises NotFound before it is set up."""
    work.allow(Act.LOOK)
    facts = mpesa_connections.current(work)
    told = _told(work)
    first = ("paybill", "the main one", facts.c2b_version, MPESA_PAYBILL)
    rows = [_row(facts.shortcode, first, told)]
    others = select(CollectingShortcode).order_by(CollectingShortcode.id)
    for one in work.session.scalars(others):
        rows.append(
            _row(one.shortcode, (one.kind, one.name, one.c2b_version, one.account_code), told)
        )
    return tuple(rows)


def row_of(work: Work, shortcode: str) -> ShortcodeRow:
    """One of them; without a number that of the connection. Raises NotFound."""
    rows = list_shortcodes(work)
    for row in rows:
        if row.shortcode == (shortcode or rows[0].shortcode):
            return row
    raise NotFound(f"{shortcode} is no shortcode of this society. Add it in Settings first.")


def check_may_register(work: Work, shortcode: str) -> ShortcodeRow:
    """The shortcode that somebody wants to register. Raises NotAllowed, NotFound."""
    work.allow(Act.MANAGE_CONNECTIONS)
    return row_of(work, shortcode)


def _told(work: Work) -> dict[str, ShortcodeRegistration]:
    newest = select(func.max(ShortcodeRegistration.id)).group_by(ShortcodeRegistration.shortcode)
    rows = select(ShortcodeRegistration).where(ShortcodeRegistration.id.in_(newest))
    return {row.shortcode: row for row in work.session.scalars(rows)}


def _row(
    shortcode: str, facts: tuple[str, str, str, str], told: dict[str, ShortcodeRegistration]
) -> ShortcodeRow:
    kind, name, version, account = facts
    last = told.get(shortcode)
    if last is None:
        return ShortcodeRow(shortcode, kind, name, version, account, False, "", None)
    return ShortcodeRow(
        shortcode, kind, name, version, account, last.is_done, last.words, last.asked_at
    )
