"""Records how a general meeting voted on a loan. Somebody else attests to it by approving."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.members_vote import VoteCount
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.committee import vote_records
from sacco_desktop.services.committee.vote_records import NewVote, VoteSheet
from sacco_desktop.services.office.members_votes import VoteRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.count_edit import CountEdit
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import plain_label

_COUNT_SENTENCE = "Write how many, in figures; 0 for nobody."
_LETTERS = 24


def open_vote(desk: Desk, parent: QWidget, request_id: int) -> None:
    """Read what is known of the vote, then show the form."""
    desk.background.read(
        vote_records.look,
        request_id,
        owner=parent,
        done=lambda sheet: VoteDialog(desk, parent, sheet).open(),
    )


class VoteDialog(FormDialog):
    """The meeting, how it voted, and where that is written."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: VoteSheet) -> None:
        plan = FormPlan(
            "vote_dialog",
            f"The members' vote: {sheet.about}, {format_kes(sheet.amount_cents)}",
            "Record the vote",
            "Nothing is approved by it. Somebody else compares it with the minutes and says yes or no.",
        )
        super().__init__(desk, plan, parent)
        self._sheet = sheet
        if sheet.recorded is not None:
            known = f"Recorded before, and replaced by this: {sheet.recorded.words}"
            self.form.add_wide(plain_label(known, name="recorded_before", wraps=True))
        self._meeting, self._minute = _line("meeting"), _line("minute_number")
        self._evidence = _line("evidence")
        self._day = DateEdit("held_on", lambda: business_date(desk.now()))
        self._for, self._against, self._abstained = (
            CountEdit(field, _COUNT_SENTENCE, least=0)
            for field in ("votes_for", "votes_against", "abstained")
        )
        kept = [(one.document_id, f"{one.words}, {one.name}") for one in sheet.documents]
        self._document = ChoiceBox("document", [(None, "No copy in the file"), *kept])
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self._document.setSizeAdjustPolicy(adjust)
        self._document.setMinimumContentsLength(_LETTERS)
        self._add_rows()
        self.submitted.connect(self._record)

    def _add_rows(self) -> None:
        rows = (
            ("meeting", "Meeting", self._meeting, "For example Annual general meeting."),
            ("held_on", "Held on", self._day, "t is today, + and - step a day."),
            ("minute_number", "Minute number", self._minute, ""),
            ("votes_for", "For", self._for, ""),
            ("votes_against", "Against", self._against, ""),
            ("abstained", "Abstained", self._abstained, ""),
            ("evidence", "Signed minutes", self._evidence, "Where they are kept."),
            ("document", "Copy in the file", self._document, "Among the borrower's papers."),
        )
        for field, title, widget, note in rows:
            self.form.add_row(field, title, widget, note)

    def _record(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(vote_records.record, new, self._say)

    def _say(self, row: VoteRow) -> None:
        outcome = "carried it" if row.passed else "refused it"
        self.desk.toast(f"Recorded. The members {outcome}. Somebody else attests to it now.")

    def _collect(self) -> NewVote:
        day = self._day.day()
        if day is None:
            raise InvalidInput("Write the day of the meeting.", "held_on")
        cast = (self._count("votes_for"), self._count("votes_against"), self._count("abstained"))
        return NewVote(
            self._sheet.request_id,
            self._meeting.text(),
            day,
            self._minute.text(),
            VoteCount(*cast),
            self._evidence.text(),
            self._document.value(),
        )

    def _count(self, field: str) -> int:
        edit = {"votes_for": self._for, "votes_against": self._against}.get(field, self._abstained)
        count = edit.count()
        if count is None:
            raise InvalidInput(_COUNT_SENTENCE, field)
        return count


def _line(field: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(field)
    return line
