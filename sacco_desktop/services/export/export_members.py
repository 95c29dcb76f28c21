"""The register of an export: every member with status, balances and what the personal file says."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from sacco_desktop.db.tables import ExitNotice, Member, MemberFile
from sacco_desktop.domain.kyc import FIELD_NAMES, KIND_WORDS, MemberKind
from sacco_desktop.domain.member_status import words_of
from sacco_desktop.domain.old_books.headings import FILE_MEANINGS
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export.export_lists import Value, shillings
from sacco_desktop.services.membership import members

COLUMNS = (
    "Member number",
    "Person, group or organisation",
    "First name",
    "Other names",
    "Last name",
    "ID number",
    "Phone",
    "Date joined",
    "Deposits",
    "Share capital",
    "Status of the member",
    "Status since",
    *(meaning.value for meaning in FILE_MEANINGS),
)


def rows(work: Work) -> Iterator[tuple[Value, ...]]:
    """Everybody who is or was a member, by number."""
    known = {one.number: one for one in work.session.scalars(select(Member))}
    files = {one.id: one for one in work.session.scalars(select(MemberFile))}
    running = select(ExitNotice.member_id, ExitNotice.given_on).where(ExitNotice.ended_at.is_(None))
    notices = dict(work.session.execute(running).all())
    for row in members.list_members(work):
        one = known[row.number]
        file = files.get(one.file_id or 0)
        since = notices.get(one.id) or one.left_on
        yield (
            row.number,
            KIND_WORDS[MemberKind(one.kind)],
            one.first_name,
            one.other_names,
            one.last_name,
            row.national_id,
            row.phone,
            row.joined_on.isoformat(),
            shillings(row.deposits_cents),
            shillings(row.shares_cents),
            words_of(one.status),
            since.isoformat() if since else "",
            *(getattr(file, name) if file else "" for name in FIELD_NAMES),
        )
