"""Photo and papers of a member or an applicant, kept inside the books and so encrypted with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import MemberDocument
from sacco_desktop.domain.document_files import DOCUMENT_KINDS, media_of
from sacco_desktop.domain.errors import BooksDamaged, NotFound, WrongState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_files
from sacco_desktop.services.membership.member_files import Holder
from sacco_desktop.services.office import users


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file that was chosen: what it is meant to be, its name on the disk, and its bytes."""

    holder: Holder
    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A paper as its list shows one, without its content; `size` in bytes."""

    document_id: int
    kind: str
    name: str
    media: str
    size: int
    added_by: str
    added_at: datetime

    @property
    def words(self) -> str:
        """What it is, in words."""
        return DOCUMENT_KINDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """The file itself."""

    name: str
    media: str
    content: bytes


def add(work: Work, new: NewDocument) -> DocumentRow:
    """Keep a file. Raises InvalidInput under `kind` or `file`, and WrongState when the same file is there already."""
    work.allow(Act.REGISTER_MEMBER)
    media = media_of(new.kind, new.content)
    sheet = member_files.open_file(work, new.holder)
    digest = hashlib.sha256(new.content).hexdigest()
    there = work.session.scalar(
        select(MemberDocument.id).where(
            MemberDocument.file_id == sheet.id,
            MemberDocument.sha256 == digest,
            MemberDocument.kind == new.kind,
            MemberDocument.removed_at.is_(None),
        )
    )
    if there is not None:
        raise WrongState("This file is among the papers already. Nothing was added.")
    row = MemberDocument(
        file_id=sheet.id,
        kind=new.kind,
        name=" ".join(new.name.split())[-120:],
        media=media,
        size=len(new.content),
        sha256=digest,
        content=new.content,
        added_by=work.actor.user_id,
        added_at=work.now,
    )
    work.session.add(row)
    member_files.touch(work, sheet)
    number = member_files.number_of(work, new.holder)
    audit.record(work, "added a paper to the file of", number, {"paper": DOCUMENT_KINDS[new.kind]})
    work.changed(Topic.MEMBERS)
    return _row(work, row)


@dataclass(frozen=True, slots=True)
class DocumentOf:
    """One paper of a file."""

    holder: Holder
    document_id: int


def remove(work: Work, which: DocumentOf) -> None:
    """Take a paper out of the file. The books keep it, so that it is known what was decided on. Raises NotFound."""
    work.allow(Act.REGISTER_MEMBER)
    row = _load(work, which)
    row.removed_by, row.removed_at = work.actor.user_id, work.now
    member_files.touch(work, member_files.open_file(work, which.holder))
    number = member_files.number_of(work, which.holder)
    audit.record(
        work, "took a paper out of the file of", number, {"paper": DOCUMENT_KINDS[row.kind]}
    )
    work.changed(Topic.MEMBERS)


def list_documents(work: Work, holder: Holder) -> tuple[DocumentRow, ...]:
    """The papers of a file, the newest first; the contents stay where they are. Raises NotFound."""
    work.allow(Act.READ_FILES)
    found = work.session.scalars(
        select(MemberDocument)
        .where(
            MemberDocument.file_id == member_files.file_id_of(work, holder),
            MemberDocument.removed_at.is_(None),
        )
        .order_by(MemberDocument.id.desc())
    )
    return tuple(_row(work, row) for row in found)


def read(work: Work, which: DocumentOf) -> DocumentContent:
    """A file as it was added. Raises NotFound, and BooksDamaged when it is not what was added."""
    work.allow(Act.READ_FILES)
    row = _load(work, which)
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise BooksDamaged("This paper is not what was added. Stop working and verify the books.")
    return DocumentContent(row.name, row.media, row.content)


def photo(work: Work, holder: Holder) -> bytes | None:
    """The newest photo of a file; None when there is none."""
    work.allow(Act.READ_FILES)
    return work.session.scalar(
        select(MemberDocument.content)
        .where(
            MemberDocument.file_id == member_files.file_id_of(work, holder),
            MemberDocument.kind == "photo",
            MemberDocument.removed_at.is_(None),
        )
        .order_by(MemberDocument.id.desc())
        .limit(1)
    )


def _load(work: Work, which: DocumentOf) -> MemberDocument:
    row = work.session.get(MemberDocument, which.document_id)
    file_id = member_files.file_id_of(work, which.holder)
    if row is None or row.file_id != file_id or row.removed_at is not None:
        raise NotFound("This paper is not in the file any more.")
    return row


def _row(work: Work, row: MemberDocument) -> DocumentRow:
    who = users.full_name_of(work, row.added_by)
    return DocumentRow(row.id, row.kind, row.name, row.media, row.size, who, row.added_at)
