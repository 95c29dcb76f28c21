"""The dry run of an import: what every row would become, what is wrong, and the sums; it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sacco_desktop.db.tables import BookImport
from sacco_desktop.domain.old_books.cells import Sheet, words_of
from sacco_desktop.domain.old_books.checking import check, corrected
from sacco_desktop.domain.old_books.headings import Heading
from sacco_desktop.domain.old_books.lines import Checked, CheckedRow
from sacco_desktop.domain.old_books.old_dates import OrderFound
from sacco_desktop.domain.old_books.plan import (
    Plan,
    Questions,
    StillNeeded,
    questions_of,
    still_needed,
)
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users
from sacco_desktop.services.old_books import packing
from sacco_desktop.services.old_books.drafts import heading_of, load
from sacco_desktop.services.old_books.known import known_for, vocabulary
from sacco_desktop.services.old_books.undoing import why_not


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its cells as a person reads them."""

    checked: CheckedRow
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """Everything that the page of an import shows."""

    import_id: int
    version: int
    status: str
    file_name: str
    made_of: str
    sheet: str
    started_by: str
    headings: tuple[str, ...]
    heading_row: int
    plan: Plan
    questions: Questions
    needed: tuple[StillNeeded, ...]
    checked: Checked
    rows: tuple[ShownRow, ...]
    explanation: str
    taken: int
    entry_number: int | None
    can_be_undone: bool

    @property
    def open_questions(self) -> tuple[str, ...]:
        """What a person must answer before this can be asked for, in sentences."""
        found = []
        if self.plan.order is None and self.questions.order.is_question:
            found.append(ORDER_WORDS[self.questions.order])
        for column in self.questions.shares_columns:
            name = self.headings[column]
            found.append(
                f"“{name}” may be deposits or share capital. Old registers use it for both."
            )
        found += [f"{one.words} is still needed." for one in self.needed if not one.is_there]
        return tuple(found)


ORDER_WORDS = {
    OrderFound.OPEN: "The dates can be read in two ways, such as 03/04. Which comes first?",
    OrderFound.MIXED: "Some dates have the day first and some the month. Which counts where both could be?",
    OrderFound.PERHAPS_SWAPPED: (
        "Excel may have swapped day and month: no real date has a day above 12, and every other one does."
    ),
}


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft as the books keep it, unpacked."""

    sheet: Sheet
    plan: Plan
    heading: Heading
    checked: Checked


def run(work: Work, row: BookImport) -> ReadDraft:
    """Check every row of a draft against the books as they are now."""
    plan = packing.plan_of_text(row.plan)
    as_read = Sheet(row.sheet, packing.unpack_rows(row.cells), row.first_row)
    sheet = corrected(as_read, packing.corrections_of_text(row.corrections))
    totals = packing.totals_of_text(row.old_totals)
    checked = check(sheet, plan, known_for(work, plan.kind), work.today, totals)
    return ReadDraft(sheet, plan, heading_of(as_read.rows), checked)


def look(work: Work, import_id: int) -> DraftView:
    """A draft, or an import that is asked for or done, as its page shows it. Raises NotFound."""
    work.allow(Act.LOOK)
    row = load(work, import_id)
    found = run(work, row)
    return DraftView(
        row.id,
        row.version,
        row.status,
        row.file_name,
        row.made_of,
        row.sheet,
        users.full_name_of(work, row.started_by),
        found.heading.texts,
        row.first_row + found.heading.at,
        found.plan,
        questions(found),
        still_needed(found.plan),
        found.checked,
        _shown(found),
        row.explanation,
        row.taken,
        row.entry_number,
        row.status == "imported" and not why_not(work, row),
    )


def questions(found: ReadDraft) -> Questions:
    """What only a person can say about a draft."""
    below = found.sheet.rows[found.plan.data_at :]
    return questions_of(found.heading, below, found.plan.columns, vocabulary())


def _shown(found: ReadDraft) -> tuple[ShownRow, ...]:
    first = found.sheet.first_row
    return tuple(
        ShownRow(row, tuple(words_of(cell) for cell in found.sheet.rows[row.row - first]))
        for row in found.checked.rows
    )
