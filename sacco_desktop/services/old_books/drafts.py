"""Drafts of imports: a file that was read is kept with how it is to be understood, until it is asked for or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import BookImport, ImportMapping
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.domain.old_books.headings import Heading, Meaning, find_heading, suggest
from sacco_desktop.domain.old_books.plan import (
    Plan,
    kind_of,
    order_taken,
    questions_of,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import users
from sacco_desktop.services.old_books import packing
from sacco_desktop.services.old_books.known import vocabulary


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A file as it was read, and which of its sheets is meant."""

    file: OldFile
    sheet: str


@dataclass(frozen=True, slots=True)
class DraftChange:
    """How a draft is to be understood from now on; `version` is that of the draft looked at."""

    import_id: int
    version: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a person types over one cell, by its row as the workbook counts and its column from 0."""

    import_id: int
    version: int
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class TotalsChange:
    """Control totals in cents that a person took from the old book, and why ours may differ from them."""

    import_id: int
    version: int
    totals: Mapping[Meaning, int]
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import as a list shows one; `taken` is how many rows it brought into the books."""

    import_id: int
    status: str
    kind: str
    file_name: str
    sheet: str
    started_by: str
    started_on: date
    taken: int
    version: int


def start(work: Work, new: NewDraft) -> int:
    """Keep a file as a draft and return its id; a draft of the same sheet of the same file is taken up again.

    Raises InvalidInput under `file` for a sheet without a heading.
    """
    work.allow(Act.IMPORT_BOOKS)
    sheet = next((one for one in new.file.sheets if one.name == new.sheet), None)
    if sheet is None:
        raise NotFound(f"There is no sheet {new.sheet} in {new.file.name}.")
    before = _open_draft(work, new)
    if before is not None:
        return before.id
    heading = heading_of(sheet.rows)
    plan, is_known = _first_plan(work, sheet, heading)
    row = BookImport(
        status="draft",
        kind=plan.kind.value,
        file_name=new.file.name,
        made_of=new.file.made_of,
        fingerprint=new.file.fingerprint,
        sheet=sheet.name,
        first_row=sheet.first_row,
        shape=heading.shape,
        cells=packing.pack_rows(sheet),
        plan=packing.plan_as_text(plan),
        corrections=packing.corrections_as_text({}),
        old_totals=packing.totals_as_text({}),
        started_by=work.actor.user_id,
        started_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, "began an import", f"import {row.id}", {"known_file": int(is_known)})
    work.changed(Topic.IMPORTS)
    return row.id


def heading_of(rows: Sequence[Row]) -> Heading:
    """The heading of a sheet. Raises InvalidInput under `file`."""
    heading = find_heading(rows, vocabulary())
    if heading is None:
        raise InvalidInput(
            "This sheet has no heading that names its columns, such as Member no and Name. Write one above the rows.",
            "file",
        )
    return heading


def _open_draft(work: Work, new: NewDraft) -> BookImport | None:
    return work.session.scalar(
        select(BookImport).where(
            BookImport.fingerprint == new.file.fingerprint,
            BookImport.sheet == new.sheet,
            BookImport.status.in_(["draft", "asked"]),
        )
    )


def _first_plan(work: Work, sheet: Sheet, heading: Heading) -> tuple[Plan, bool]:
    """How a file is understood at first: as the last one of its shape was, or by its words alone."""
    columns = suggest(heading, vocabulary())
    kept = work.session.get(ImportMapping, heading.shape)
    if kept is not None:
        before = packing.plan_of_text(kept.plan)
        if len(before.columns) == len(heading.texts):
            columns = before.columns
    below = sheet.rows[heading.at + heading.depth :]
    found = questions_of(heading, below, columns, vocabulary())
    plan = Plan(
        kind_of(columns), heading.at, heading.depth, columns, work.today, order_taken(found.order)
    )
    return plan, kept is not None


def load(work: Work, import_id: int) -> BookImport:
    """The import's row. Raises NotFound."""
    row = work.session.get(BookImport, import_id)
    if row is None:
        raise NotFound("There is no such import.")
    return row


def draft(work: Work, import_id: int, version: int) -> BookImport:
    """A draft that may be changed. Raises NotAllowed, ChangedMeanwhile, WrongState."""
    work.allow(Act.IMPORT_BOOKS)
    row = load(work, import_id)
    if row.status != "draft":
        raise WrongState("This import is no draft any more. Take the request back to change it.")
    if row.version != version:
        raise changed_meanwhile(work, f"import {row.id}")
    return row


def set_plan(work: Work, change: DraftChange) -> int:
    """Say how the columns are to be understood; returns the draft's new version.

    Raises InvalidInput under `columns` when two columns have one meaning.
    """
    row = draft(work, change.import_id, change.version)
    plan = change.plan
    meanings = [meaning for meaning in plan.columns if meaning is not None]
    twice = next((one for one in meanings if meanings.count(one) > 1), None)
    if twice is not None:
        raise InvalidInput(f"Two columns are {twice.value}. Choose one of them.", "columns")
    if plan.as_of > work.today:
        raise InvalidInput("Balances cannot be brought forward from the future.", "as_of")
    plan = replace(plan, kind=kind_of(plan.columns))
    row.plan, row.kind = packing.plan_as_text(plan), plan.kind.value
    return _saved(work, row)


def correct_cell(work: Work, change: CellChange) -> int:
    """Type over a cell; the file itself stays as it was read. Returns the draft's new version."""
    row = draft(work, change.import_id, change.version)
    at = change.row - row.first_row
    if not 0 <= at < len(packing.unpack_rows(row.cells)) or not 0 <= change.column < 1_000:
        raise NotFound("There is no such cell.")
    corrections = packing.corrections_of_text(row.corrections)
    corrections[at, change.column] = " ".join(change.text.split())
    row.corrections = packing.corrections_as_text(corrections)
    return _saved(work, row)


def set_totals(work: Work, change: TotalsChange) -> int:
    """Keep the control totals of the old book; returns the draft's new version."""
    row = draft(work, change.import_id, change.version)
    row.old_totals = packing.totals_as_text(change.totals)
    row.explanation = " ".join(change.explanation.split())
    return _saved(work, row)


def drop(work: Work, change: DraftChange) -> None:
    """Put a draft away for good."""
    row = draft(work, change.import_id, change.version)
    row.status = "dropped"
    _saved(work, row)
    audit.record(work, "dropped an import", f"import {row.id}")


def _saved(work: Work, row: BookImport) -> int:
    row.version += 1
    work.session.flush()
    work.changed(Topic.IMPORTS)
    return row.version


def list_imports(work: Work, _nothing: None = None) -> tuple[ImportRow, ...]:
    """All imports but those that were dropped, the newest first."""
    work.allow(Act.LOOK)
    rows = work.session.scalars(
        select(BookImport).where(BookImport.status != "dropped").order_by(BookImport.id.desc())
    )
    return tuple(
        ImportRow(
            row.id,
            row.status,
            row.kind,
            row.file_name,
            row.sheet,
            users.full_name_of(work, row.started_by),
            row.started_at.date(),
            row.taken,
            row.version,
        )
        for row in rows
    )


def remember_mapping(work: Work, row: BookImport) -> None:
    """Keep how this file was understood for the next one of its shape."""
    kept = work.session.get(ImportMapping, row.shape)
    if kept is None:
        kept = ImportMapping(shape=row.shape)
        work.session.add(kept)
    kept.plan, kept.used_by, kept.used_at = row.plan, work.actor.user_id, work.now
    work.session.flush()
