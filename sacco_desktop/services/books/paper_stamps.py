"""Numbers each printed paper and remembers its fingerprint, so that the program knows its own paper again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import func, select

from sacco_desktop.db.tables import PaperPrint
from sacco_desktop.services.books import numbering
from sacco_desktop.services.books.papers import PaperStamp
from sacco_desktop.services.books.work import Work


def stamp(work: Work, subject: str, content: Mapping[str, str | int]) -> PaperStamp:
    """Record one more print of `subject`. `content` is what the paper states; its SHA-256 goes into the QR code."""
    text = json.dumps([subject, dict(content)], sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    copies = work.session.scalar(
        select(func.count()).select_from(PaperPrint).where(PaperPrint.subject == subject)
    )
    number = f"P-{numbering.next_in(work, 'paper'):06d}"
    work.session.add(
        PaperPrint(
            number=number,
            subject=subject,
            fingerprint=fingerprint,
            copy_number=(copies or 0) + 1,
            printed_by=work.actor.user_id,
            printed_at=work.now,
        )
    )
    work.session.flush()
    return PaperStamp(number, work.actor.full_name, work.now, (copies or 0) + 1, fingerprint)
