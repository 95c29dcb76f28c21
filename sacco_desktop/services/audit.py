"""Appends the audit row of an act; every money command leaves one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Row, select

from sacco_desktop.db.guards import GENESIS
from sacco_desktop.db.tables import AuditRow
from sacco_desktop.services.work import Work

Detail = dict[str, str | int | None]


def record(work: Work, action: str, subject: str, detail: Detail | None = None) -> None:
    """Append who did `action` to `subject` now, on which PC. `detail` must hold no secret."""
    work.session.flush()
    previous = work.session.scalar(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1))
    row = AuditRow(
        at=work.now,
        user_id=work.actor.user_id,
        full_name=work.actor.full_name,
        pc_name=work.pc_name,
        action=action,
        subject=subject,
        detail=json.dumps(detail or {}, sort_keys=True, ensure_ascii=False),
        previous_hash=previous or GENESIS,
    )
    row.hash = row_hash(row, row.at.isoformat(timespec="microseconds"))
    work.session.add(row)
    work.session.flush()


def row_hash(row: AuditRow | Row[*tuple[Any, ...]], at: str) -> str:
    """The SHA-256 over everything an audit row says and the hash of the row before it; `at` as the books store it."""
    parts = [
        row.previous_hash,
        at,
        str(row.user_id),
        row.full_name,
        row.pc_name,
        row.action,
        row.subject,
        row.detail,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
