"""The open sitting on the shared PC: one waiting loan after the other, each officer with the own password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import sittings, smaller_sums
from sacco_desktop.services.committee.sittings import SittingRow, SittingVote, Vote, Voted
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.approvals.columns import facts, moment, notes, subject_of
from sacco_desktop.ui.pages.approvals.less_fields import LessFields
from sacco_desktop.ui.pages.approvals.needs import history, needs_cell, needs_facts
from sacco_desktop.ui.pages.approvals.requests import Request, read_waiting
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.details import Details
from sacco_desktop.ui.widgets.details_panel import DetailsPanel
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import push_button
from sacco_desktop.ui.widgets.password_box import PasswordBox

_VOTES = (
    (Vote.APPROVE, "Approve"),
    (Vote.LESS, "Approve less"),
    (Vote.REJECT, "Reject, with a reason"),
    (Vote.ABSTAIN, "Abstain"),
)


@dataclass(frozen=True, slots=True)
class SittingView:
    """The sitting with the loans that wait."""

    sitting: SittingRow
    loans: tuple[Request, ...]


def read_sitting(work: Work, sitting_id: int) -> SittingView:
    """The sitting as it stands now, and every loan that waits, the oldest first."""
    sitting = sittings.row_of(work, sittings.load(work, sitting_id))
    waiting = tuple(
        request for request in read_waiting(work) if request.row.kind is ApprovalKind.LOAN
    )
    return SittingView(sitting, waiting)


class SittingDialog(FormDialog):
    """`closed` is called with the id when the sitting was closed; the dialog itself may be closed and opened again."""

    def __init__(
        self, desk: Desk, parent: QWidget, view: SittingView, closed: Callable[[int], None]
    ) -> None:
        sitting = view.sitting
        plan = FormPlan(
            "sitting_dialog",
            f"Sitting {sitting.minute_number}, {sitting.place}",
            "Give vote",
            "The vote counts for the person whose password it is, not for who is signed in.",
        )
        super().__init__(desk, plan, parent)
        self._close.setText("Leave it open")
        self._closed = closed
        self._view = view
        self._is_giving = False
        self._loan = ChoiceBox("loan")
        self._officer = ChoiceBox(
            "officer", [(one.user_id, one.full_name) for one in sitting.present]
        )
        self._vote = ChoiceBox("vote", _VOTES)
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self._reason.setMaxLength(300)
        self._password = PasswordBox(desk.theme, "password", "Own password")
        self._panel = DetailsPanel(desk.theme, "No loan waits for a decision.")
        self._lay_out_form()
        self._show(view)
        self._loan.currentIndexChanged.connect(lambda _place: self._show_loan())
        self._officer.currentIndexChanged.connect(lambda _place: self._password.clear())
        self._vote.currentIndexChanged.connect(lambda _place: self._show_reason())
        self.submitted.connect(self._give)

    def _lay_out_form(self) -> None:
        self.form.add_row("loan", "Loan", self._loan)
        self.form.add_row("officer", "Who votes", self._officer)
        self.form.add_row("vote", "Vote", self._vote)
        self._less = LessFields(self.desk, self.form, self)
        self._less.show_rows(is_shown=False)
        self.form.add_row("reason", "Reason", self._reason, "The person who asked will read it.")
        self.form.add_row("password", "Own password", self._password)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        following = push_button("Next loan", name="next_loan")
        following.clicked.connect(lambda: self._next())
        ending = push_button("Close sitting, print minutes", name="close_sitting")
        ending.clicked.connect(lambda: self._end())
        row.addWidget(following)
        row.addWidget(ending)
        row.addStretch(1)
        self.form.add_wide(buttons)
        self.set_side(self._panel)
        self._show_reason()

    def _show(self, view: SittingView) -> None:
        self._view = view
        self._loan.set_choices(
            [
                (one.row.request_id, f"{subject_of(one)} · {needs_cell(one.row)}")
                for one in view.loans
            ]
        )
        self._show_loan()

    def _show_loan(self) -> None:
        request = self._request()
        self._panel.show_details(None if request is None else _details(request, self._view.sitting))
        self._read_less()

    def _show_reason(self) -> None:
        self.form.show_row("reason", self._vote.value() in (Vote.REJECT, Vote.LESS))
        self._less.show_rows(is_shown=self._vote.value() is Vote.LESS)
        self._read_less()

    def _read_less(self) -> None:
        """What was asked for the loan that is shown, where somebody votes for less."""
        request = self._request()
        if request is None or self._vote.value() is not Vote.LESS:
            return
        self.desk.background.read(
            smaller_sums.look, request.row.request_id, owner=self, done=self._less.show_sheet
        )

    def _request(self) -> Request | None:
        wanted = self._loan.value()
        return next((one for one in self._view.loans if one.row.request_id == wanted), None)

    def _next(self) -> None:
        if self._loan.count():
            self._loan.setCurrentIndex((self._loan.currentIndex() + 1) % self._loan.count())

    def _give(self) -> None:
        if self._is_giving:
            return
        given = self.form.read(self._read_vote)
        if given is None:
            return
        self._password.clear()
        self._is_giving = True
        self.desk.background.write(
            sittings.vote, given, owner=self, done=self._given, failed=self._not_given
        )

    def _read_vote(self) -> SittingVote:
        request = self._request()
        if request is None:
            raise InvalidInput("No loan waits for a decision.", "loan")
        if self._password.is_empty():
            raise InvalidInput("The person who votes types the own password.", "password")
        return SittingVote(
            self._view.sitting.sitting_id,
            request.row.request_id,
            request.row.fingerprint,
            self._officer.value() or 0,
            self._vote.value(),
            self._reason.text(),
            self._password.line.text(),
            self._less.wanted() if self._vote.value() is Vote.LESS else None,
        )

    def _given(self, voted: Voted) -> None:
        self._is_giving = False
        if voted.refused:
            self.form.show_error(InvalidInput(voted.refused, "password"))
            return
        self.desk.toast(voted.words)
        self._reason.clear()
        self._vote.choose(Vote.APPROVE)
        self._next_officer(voted)
        self._read_again()

    def _next_officer(self, voted: Voted) -> None:
        """The next person of those present, or the first again when the loan is decided."""
        place = self._officer.currentIndex() + 1
        is_done = voted.status is not ApprovalStatus.WAITING
        self._officer.setCurrentIndex(0 if is_done else place % max(1, self._officer.count()))

    def _not_given(self, error: BaseException) -> None:
        self._is_giving = False
        self.refuse(error)
        self._read_again()

    def _read_again(self) -> None:
        self.desk.background.read(
            read_sitting, self._view.sitting.sitting_id, owner=self, done=self._show
        )

    def _end(self) -> None:
        sitting_id = self._view.sitting.sitting_id

        def ended(_nothing: None) -> None:
            self.accept()
            self._closed(sitting_id)

        self.desk.background.write(
            sittings.close_sitting, sitting_id, owner=self, done=ended, failed=self.refuse
        )


def _details(request: Request, sitting: SittingRow) -> Details:
    row = request.row
    warnings = tuple(note for note in notes(request) if note.title != "Not yours to decide")
    abstained = [
        one.full_name
        for one in sitting.present
        if (row.request_id, one.user_id) in sitting.abstained
    ]
    more = (("Abstained", " and ".join(abstained)),) if abstained else ()
    return Details(
        title=subject_of(request),
        subtitle="Loan",
        amount_cents=row.amount_cents,
        note=warnings[0] if warnings else None,
        more_notes=warnings[1:],
        facts=(*needs_facts(row), *more, *facts(request)),
        timeline=history(row, moment),
    )
