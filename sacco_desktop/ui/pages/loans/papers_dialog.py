"""The checklist of a loan's papers: each ticked by whoever saw it, and named where it is kept in the member's file."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from sacco_desktop.domain.checklist import PaperStep
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.services.lending import loan_papers
from sacco_desktop.services.lending.loan_papers import Checklist, PaperLine, Tick, Ticks
from sacco_desktop.services.membership.member_documents import DocumentRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

# What a choice means: not there, seen on paper, or a document of the file by its id.
_MISSING, _SEEN = "missing", "seen"
_LETTERS = 24


def open_papers(desk: Desk, parent: QWidget, loan_id: int) -> None:
    """Read the checklist, then show it."""
    desk.background.read(
        loan_papers.look, loan_id, owner=parent, done=lambda found: _show(desk, parent, found)
    )


def _show(desk: Desk, parent: QWidget, found: Checklist) -> None:
    plan = FormPlan(
        "loan_papers_dialog",
        f"Papers: {found.member_name}, {found.loan_number}",
        "Record",
        "Papers that are scanned are kept in the member's file; choose them here.",
        letters=84,
    )
    dialog = FormDialog(desk, plan, parent)
    boxes: list[tuple[PaperLine, ChoiceBox]] = []
    for line in found.lines:
        box = ChoiceBox(line.code, _choices(line, found.documents))
        # The name of a file may be long; the dialog is not wider for it.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_LETTERS)
        box.choose(line.document_id or (_SEEN if line.is_there else _MISSING))
        dialog.form.add_row(line.code, line.name, box, _note(line))
        boxes.append((line, box))

    def submit() -> None:
        dialog.form.clear_errors()
        ticks = tuple(_tick(line.code, box.value()) for line, box in boxes)
        dialog.carry_out(
            loan_papers.tick,
            Ticks(found.loan_id, ticks),
            lambda _none: desk.toast("Recorded. The rules are reckoned anew."),
        )

    dialog.submitted.connect(submit)
    dialog.open()


def _choices(line: PaperLine, documents: tuple[DocumentRow, ...]) -> list[tuple[object, str]]:
    kept = [(one.document_id, f"In the file: {one.words}, {one.name}") for one in documents]
    if line.document_id is not None and line.document_id not in {each for each, _words in kept}:
        kept.append((line.document_id, "Was in the file, and was taken out since"))
    return [(_MISSING, "Not there"), (_SEEN, "Seen on paper"), *kept]


def _note(line: PaperLine) -> str:
    before = "Before the appraisal." if line.before is PaperStep.APPRAISAL else "Before the payout."
    if line.seen_at is None:
        return before
    what = "Seen" if line.is_there else "Missed"
    return f"{before} {what} by {line.seen_by}, {format_date(business_date(line.seen_at))}."


def _tick(code: str, value: object) -> Tick:
    if isinstance(value, int):
        return Tick(code, is_there=True, document_id=value)
    return Tick(code, is_there=value == _SEEN)
