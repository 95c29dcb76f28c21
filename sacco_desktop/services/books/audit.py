"""Appends the audit row of an act; every money command leaves one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.guards import GENESIS
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import AuditRow
from sacco_desktop.db.witness import LAST_AUDIT
from sacco_desktop.services.books.work import Work

Detail = dict[str, str | int | None]

_LAST_HASH = Lookup(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1))
_APPEND = Change.new_numbered_row(AuditRow)


@dataclass(frozen=True, slots=True)
class Act:
    """What an audit row says: when (as the books store it), who, on which PC, did what to what; `detail` is JSON."""

    at: str
    user_id: int
    full_name: str
    pc_name: str
    action: str
    subject: str
    detail: str


def record(work: Work, action: str, subject: str, detail: Detail | None = None) -> None:
    """Append who did `action` to `subject` now, on which PC. `detail` must hold no secret."""
    previous = _LAST_HASH.value(work.session) or GENESIS
    act = Act(
        at=work.now.isoformat(timespec="microseconds"),
        user_id=work.actor.user_id,
        full_name=work.actor.full_name,
        pc_name=work.pc_name,
        action=action,
        subject=subject,
        detail=json.dumps(detail or {}, sort_keys=True, ensure_ascii=False),
    )
    digest = row_hash(previous, act)
    row_id = _APPEND.make_numbered(
        work.session,
        at=work.now,
        user_id=act.user_id,
        full_name=act.full_name,
        pc_name=act.pc_name,
        action=action,
        subject=subject,
        detail=act.detail,
        previous_hash=previous,
        hash=digest,
    )
    work.session.info[LAST_AUDIT] = (row_id, digest)
    work.acts.append((action, subject))


def row_hash(previous_hash: str, act: Act) -> str:
    """The SHA-256 over everything an audit row says and the hash of the row before it."""
    parts = [
        previous_hash,
        act.at,
        str(act.user_id),
        act.full_name,
        act.pc_name,
        act.action,
        act.subject,
        act.detail,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
