"""Appends the audit row of an act; every money command leaves one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.guards import GENESIS
from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Change, Lookup
from sacco_desktop.db.tables import AuditRow
from sacco_desktop.db.witness import LAST_AUDIT
from sacco_desktop.services.books.work import Work

Detail = dict[str, str | int | None]

_LAST_HASH = Lookup(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1))
_LAST_ID = Lookup(select(AuditRow.id).order_by(AuditRow.id.desc()).limit(1))
_APPEND = Change.new_numbered_row(AuditRow)
_APPEND_MANY = ManyRows(
    AuditRow,
    ("subject", "detail", "previous_hash", "hash"),
    same=("at", "user_id", "full_name", "pc_name", "action"),
)


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
    act = _act(work, action, subject, detail or {})
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


def record_many(work: Work, action: str, done: Sequence[tuple[str, Detail]]) -> None:
    """Append a row for each subject to which the same was done now, with its detail, as `record` does for one."""
    if not done:
        return
    previous, rows = _LAST_HASH.value(work.session) or GENESIS, []
    for subject, detail in done:
        act = _act(work, action, subject, detail)
        digest = row_hash(previous, act)
        rows.append((subject, act.detail, previous, digest))
        previous = digest
    same = (work.now, work.actor.user_id, work.actor.full_name, work.pc_name, action)
    _APPEND_MANY.write(work.session, rows, same)
    work.session.info[LAST_AUDIT] = (_LAST_ID.value(work.session), previous)
    work.acts += [(action, subject) for subject, _detail in done]


def _act(work: Work, action: str, subject: str, detail: Detail) -> Act:
    return Act(
        at=work.now.isoformat(timespec="microseconds"),
        user_id=work.actor.user_id,
        full_name=work.actor.full_name,
        pc_name=work.pc_name,
        action=action,
        subject=subject,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False),
    )


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
