"""Why a member is an insider: what is written down, another reason to write down, and that one is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.insiders import KIN_WORDS, TIE_WORDS, Kin, TieDays, TieKind
from sacco_desktop.services.membership import insider_ties
from sacco_desktop.services.membership.insider_ties import InsiderSheet, NewTie, TieEnd, TieRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.find_members import finder
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.date_edit import DateEdit
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.member_picker import MemberPicker

_BEFORE = (
    "Loans of an insider need what the levels for insiders say. Neither the member nor a near relation ever decides on"
    " them. That it is over is said by somebody else than who wrote it down."
)
_YOURS = "You wrote it down or it is about you, so somebody else ends it."


def open_insider(desk: Desk, parent: QWidget, member_id: int) -> None:
    """Read what is written down, then show it."""
    desk.background.read(
        insider_ties.look,
        member_id,
        owner=parent,
        done=lambda sheet: InsiderDialog(desk, parent, sheet).open(),
    )


class InsiderDialog(FormDialog):
    """What is known on top, a new line below it."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: InsiderSheet) -> None:
        plan = FormPlan(
            "insider_dialog",
            f"Insider: {sheet.full_name}, {sheet.number}",
            "Write down",
            _BEFORE,
            letters=84,
        )
        super().__init__(desk, plan, parent)
        self._sheet, self._parent = sheet, parent
        now = f"{sheet.words}." if sheet.words else "Not an insider today."
        self.form.add_wide(plain_label(now, TextRole.STRONG, name="insider_now", wraps=True))
        if sheet.ties:
            self.form.add_wide(self._known())
        self._kind = ChoiceBox("kind", [(None, "Choose…"), *TIE_WORDS.items()])
        self._of = MemberPicker("of_member", finder(desk, self))
        self._kin = ChoiceBox("kin", list(KIN_WORDS.items()))
        self._from, self._until = self._day("from_on"), self._day("until_on")
        self._from.set_day(business_date(desk.now()))
        self._note = QLineEdit()
        self._note.setObjectName("note")
        self.form.add_row("kind", "The member is", self._kind)
        self.form.add_row("of_member", "Related to", self._of, "The insider, a member too.")
        self.form.add_row("kin", "How", self._kin)
        self.form.add_row("from_on", "Since", self._from, "t is today, + and - step a day.")
        self.form.add_row("until_on", "Until", self._until, "Empty while no end is known.")
        self.form.add_row("note", "Note", self._note, "For example the minute of the election.")
        self._kind.currentIndexChanged.connect(lambda _place: self._show_kind())
        self._show_kind()
        self.submitted.connect(self._write)

    def _day(self, field: str) -> DateEdit:
        return DateEdit(field, lambda: business_date(self.desk.now()))

    def _known(self) -> QWidget:
        box = QWidget()
        box.setObjectName("known_ties")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        for tie in self._sheet.ties:
            row = QHBoxLayout()
            row.addWidget(plain_label(_tie_words(tie), wraps=True), 1)
            if not tie.ended_by:
                over = push_button("It is over…", name=f"end_tie_{tie.tie_id}")
                over.setEnabled(not tie.is_mine)
                over.setToolTip(_YOURS if tie.is_mine else "")
                over.clicked.connect(lambda _on=False, of=tie: self._open_end(of))
                row.addWidget(over)
            column.addLayout(row)
        return box

    def _open_end(self, tie: TieRow) -> None:
        self.reject()
        EndTieDialog(self.desk, self._parent, self._sheet, tie).open()

    def _show_kind(self) -> None:
        is_relation = self._kind.value() is TieKind.RELATION
        self.form.show_row("of_member", is_relation)
        self.form.show_row("kin", is_relation)

    def _write(self) -> None:
        new = self.form.read(self._collect)
        if new is not None:
            self.carry_out(insider_ties.record, new, _said(self.desk))

    def _collect(self) -> NewTie:
        kind: TieKind | None = self._kind.value()
        if kind is None:
            raise InvalidInput("Choose why the member is an insider.", "kind")
        since = self._from.day()
        if since is None:
            raise InvalidInput("Write since when.", "from_on")
        of, kin = self._of.member, self._kin.value()
        is_relation = kind is TieKind.RELATION
        tie = TieDays(
            kind,
            since,
            self._until.day(),
            of.member_id if is_relation and of is not None else None,
            Kin(kin) if is_relation else None,
        )
        return NewTie(self._sheet.member_id, tie, self._note.text())


class EndTieDialog(FormDialog):
    """The last day of one reason, and why it is over."""

    def __init__(self, desk: Desk, parent: QWidget, sheet: InsiderSheet, tie: TieRow) -> None:
        plan = FormPlan(
            "end_tie_dialog",
            f"It is over: {sheet.full_name}, {sheet.number}",
            "Say that it is over",
            "From the day after, it makes no loan of the member one of an insider.",
        )
        super().__init__(desk, plan, parent)
        self._tie = tie
        self.form.add_wide(plain_label(_tie_words(tie), wraps=True))
        today = business_date(desk.now())
        self._until = DateEdit("until_on", lambda: today)
        self._until.set_day(today)
        self._why = QLineEdit()
        self._why.setObjectName("why")
        self.form.add_row("until_on", "Last day", self._until, "t is today, + and - step a day.")
        self.form.add_row("why", "Why", self._why, "For example the minute of the election.")
        self.submitted.connect(self._end)

    def _end(self) -> None:
        over = self.form.read(self._collect)
        if over is not None:
            self.carry_out(insider_ties.end, over, _said(self.desk))

    def _collect(self) -> TieEnd:
        day: date | None = self._until.day()
        if day is None:
            raise InvalidInput("Write the last day.", "until_on")
        return TieEnd(self._tie.tie_id, day, self._why.text())


def _said(desk: Desk) -> Callable[[InsiderSheet], None]:
    return lambda sheet: desk.toast(
        f"Written down. {sheet.full_name}: {sheet.words or 'not an insider today'}."
    )


def _tie_words(tie: TieRow) -> str:
    note = f" ({tie.note})" if tie.note else ""
    ended = f" Ended by {tie.ended_by}: {tie.ended_why}." if tie.ended_by else ""
    return f"{tie.words}{note}. Written by {tie.written_by}.{ended}"
