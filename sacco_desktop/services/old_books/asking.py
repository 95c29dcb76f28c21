"""Asks another person to take an import in; what is asked is bound to exactly the rows that were checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import BookImport
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.old_books.lines import LoanLine, RowState
from sacco_desktop.domain.old_books.plan import still_needed
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.office import approvals
from sacco_desktop.services.old_books import dry_run, packing
from sacco_desktop.services.old_books.drafts import draft, load, remember_mapping
from sacco_desktop.services.old_books.loan_lines import brought


@dataclass(frozen=True, slots=True)
class AskImport:
    """Ask for an import; `leaves_out` says that the person has decided to leave out the rows with problems."""

    import_id: int
    version: int
    leaves_out: bool = False


def ask(work: Work, asked: AskImport) -> int:
    """Ask another person to take in what is ready; returns the request's id. Nothing is imported by it.

    Raises InvalidInput under `problems` or `totals`, and WrongState for a draft with open questions or nothing ready.
    """
    row = draft(work, asked.import_id, asked.version)
    found = dry_run.run(work, row)
    _check_can_be_asked(row, found, asked.leaves_out)
    for line in found.checked.lines:
        if isinstance(line, LoanLine):
            _check_schedule(work, line, found.plan.as_of)
    row.lines = packing.pack_lines(found.checked.lines)
    content = content_of(row, found, row.lines)
    request = approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.BOOK_IMPORT,
            row.id,
            f"{row.file_name} · {len(found.checked.lines):,} rows",
            sum(total.ready_cents for total in found.checked.totals),
            content,
        ),
    )
    row.status = "asked"
    row.version += 1
    remember_mapping(work, row)
    work.changed(Topic.IMPORTS)
    return request


def _check_can_be_asked(row: BookImport, found: dry_run.ReadDraft, leaves_out: bool) -> None:
    plan, checked = found.plan, found.checked
    missing = [one.words for one in still_needed(plan) if not one.is_there]
    if missing:
        raise WrongState(f"Still needed: {', '.join(missing)}. Choose their columns first.")
    open_ones = dry_run.questions(found)
    if open_ones.shares_columns or (plan.order is None and open_ones.order.is_question):
        raise WrongState("Answer the questions about this file first. Nothing was asked for.")
    if not checked.lines:
        raise WrongState("Nothing in this file is ready to be imported.")
    bad = len(checked.in_state(RowState.PROBLEM))
    if bad and not leaves_out:
        raise InvalidInput(
            f"{bad} rows have problems. Correct them, or say that they are left out.", "problems"
        )
    open_totals = [one.name for one in checked.totals if one.old_cents is None]
    if open_totals:
        raise InvalidInput(
            f"Write what the old book says for {', '.join(open_totals)}, so that the sums can be compared.",
            "totals",
        )
    if any(one.difference_cents for one in checked.totals) and not row.explanation:
        raise InvalidInput(
            "The sums differ from the old book. Write why; the other person must agree to it.",
            "explanation",
        )


def _check_schedule(work: Work, line: LoanLine, as_of: date) -> None:
    """A schedule that cannot be made is better found now than when the other person agrees."""
    try:
        brought(work, line, as_of)
    except InvalidInput as wrong:
        raise InvalidInput(f"{line.number}: {wrong.message}", "problems") from wrong


def content_of(row: BookImport, found: dry_run.ReadDraft, lines: bytes) -> Content:
    """What the approval is bound to."""
    checked = found.checked
    totals: list[list[str | int]] = [
        [one.name, one.ready_cents, one.old_cents or 0, one.difference_cents or 0]
        for one in checked.totals
    ]
    return {
        "import": row.id,
        "file": row.file_name,
        "file_fingerprint": row.fingerprint,
        "sheet": row.sheet,
        "kind": found.plan.kind.value,
        "as_of": found.plan.as_of.isoformat(),
        "ready": len(checked.lines),
        "left_out": len(checked.in_state(RowState.PROBLEM)),
        "already": len(checked.in_state(RowState.ALREADY)),
        "totals": totals,
        "explanation": row.explanation,
        "rows": hashlib.sha256(lines).hexdigest(),
    }


def take_back(work: Work, import_id: int) -> None:
    """Take the request back, so that the draft can be changed. Raises WrongState."""
    work.allow(Act.IMPORT_BOOKS)
    row = load(work, import_id)
    if row.status != "asked":
        raise WrongState("This import waits for nobody.")
    approvals.void_open(work, ApprovalKind.BOOK_IMPORT, row.id, "The request was taken back.")
    back_to_draft(work, row)
    audit.record(work, "took an import back", f"import {row.id}")


def back_to_draft(work: Work, row: BookImport) -> None:
    """Let a draft be changed again."""
    row.status = "draft"
    row.version += 1
    work.session.flush()
    work.changed(Topic.IMPORTS)


def content_now(work: Work, import_id: int, asked: Content) -> Content:
    """The content as it stands: a draft that was asked for cannot change, so only its status is looked at."""
    row = load(work, import_id)
    return asked if row.status == "asked" else {**asked, "status": row.status}
