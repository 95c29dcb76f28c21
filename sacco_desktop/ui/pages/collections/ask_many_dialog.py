"""Asks a list of members to pay on their phones: who is on it and why, then what became of each, with a pause."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sacco_desktop.domain.dates import business_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.collecting import many_prompts
from sacco_desktop.services.collecting.many_prompts import ManyKind, ManyQuestion, ToAsk
from sacco_desktop.ui.asking import Asking
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.collections.asking_view import AskingView
from sacco_desktop.ui.theme.sizes import L, M, S
from sacco_desktop.ui.widgets.choice_box import ChoiceBox
from sacco_desktop.ui.widgets.columns import Column, money_column
from sacco_desktop.ui.widgets.day_field import DayField
from sacco_desktop.ui.widgets.labels import ButtonKind, TextRole, plain_label, push_button
from sacco_desktop.ui.widgets.list_page import ListPage
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The list could not be read. Nobody was asked."
_KINDS = (
    (ManyKind.INSTALMENTS, "Instalments due"),
    (ManyKind.CONTRIBUTIONS, "Contributions overdue"),
)
_WIDTH, _HEIGHT = 1040, 600


class AskManyDialog(QDialog):
    """Called `ask_many_dialog`. Whoever can be asked is ticked at first. While a list is being asked it shows that."""

    def __init__(self, desk: Desk, parent: QWidget, asking: Asking) -> None:
        super().__init__(parent)
        self._desk, self._asking = desk, asking
        self.setObjectName("ask_many_dialog")
        self.setWindowTitle("Ask a list of members to pay")
        self.setModal(True)
        self.list = ListPage(desk.theme, _plan())
        self._kind = ChoiceBox("many_kind", _KINDS)
        self._until = DayField("until", lambda: business_date(desk.now()))
        self.list.filter_bar.add_field("Whom", self._kind)
        self.list.filter_bar.add_field("Up to", self._until)
        self._says = plain_label("", TextRole.SECONDARY, name="many_says", wraps=True)
        self._ask = push_button("Ask", name="ask_ticked", kind=ButtonKind.PRIMARY)
        self._close = push_button("Close", name="close_ask_many")
        self._stack = QStackedWidget()
        self._lay_out()
        self._kind.activated.connect(self._read)
        self._until.settled.connect(self._read)
        self._until.refused.connect(lambda error: desk.show(error, self))
        self.list.table.table_model.ticks_changed.connect(self._say_ticked)
        self._ask.clicked.connect(self._start)
        self._close.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        room = parent.window().size()
        self.resize(min(_WIDTH, room.width() - 2 * L), min(_HEIGHT, room.height() - 2 * L))
        if asking.is_under_way or (asking.rows and not asking.is_done):
            self._show_asking()
        else:
            self._read()
            self.list.setFocus()

    def _read(self) -> None:
        try:
            day = self._until.day() or business_date(self._desk.now())
        except InvalidInput as error:
            self._desk.show(error, self)
            return
        self.list.show_loading()
        self._desk.background.read_anew(
            many_prompts.to_ask,
            ManyQuestion(self._kind.value(), day),
            owner=self.list,
            done=self._show,
            failed=self._failed,
        )

    def _show(self, rows: Sequence[ToAsk]) -> None:
        self.list.set_rows(rows)
        model = self.list.table.table_model
        model.tick_shown(is_ticked=False)
        for line in range(model.rowCount()):
            row = model.row_at(line)
            if row is not None and not row.why_not:
                model.tick(line, is_ticked=True)
        self._say_ticked()

    def _failed(self, error: BaseException) -> None:
        self.list.show_failed(_UNREAD, self._read)
        self._desk.show(error, self)

    def _chosen(self) -> list[ToAsk]:
        """Who is ticked and can be asked."""
        return [row for row in self.list.table.table_model.ticked_rows() if not row.why_not]

    def _say_ticked(self) -> None:
        rows, every = self._chosen(), self.list.table.table_model.rows
        cents = sum(row.amount_cents for row in rows)
        many = "1 phone" if len(rows) == 1 else f"{len(rows):,} phones"
        self._ask.setText(f"Ask {many} for {format_kes(cents)}" if rows else "Ask")
        self._ask.setEnabled(bool(rows) and not self._asking.is_under_way)
        not_now = sum(bool(row.why_not) for row in every)
        are = "1 of the list is" if not_now == 1 else f"{not_now:,} of the list are"
        words = f"{are} not asked now; the list says why." if not_now else ""
        self._says.setText(words)

    def _start(self) -> None:
        rows = self._chosen()
        if rows and not self._asking.is_under_way:
            self._asking.start(rows, self._desk.actor)
            self._show_asking()

    def _show_asking(self) -> None:
        view = AskingView(self._desk, self._asking)
        view.closed.connect(self.accept)
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        view.setFocus()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(S)
        foot.addWidget(self._says, 1)
        foot.addWidget(self._close)
        foot.addWidget(self._ask)
        listed = QWidget()
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(M)
        inside.addWidget(plain_label("Ask a list of members to pay", TextRole.TITLE, wraps=True))
        inside.addWidget(self.list, 1)
        inside.addLayout(foot)
        self._stack.addWidget(listed)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.addWidget(self._stack)


def _plan() -> ListPlan[ToAsk]:
    return ListPlan(
        name="to_ask",
        one="member",
        many="members",
        columns=(
            Column("Member", lambda row: row.member_name, longest=22),
            Column("For", lambda row: row.what, longest=16, widest="Share capital"),
            money_column("Ask for KES", lambda row: row.amount_cents),
            Column("Why", lambda row: row.why, priority=2, longest=40),
            Column("Not now, because", lambda row: row.why_not or None, longest=30),
            Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
        ),
        key=lambda row: row.key,
        empty=EmptyList("Nobody owes anything of this up to this day."),
        filters=(
            SavedFilter(
                "not_now", "Not now", lambda row: bool(row.why_not), "Everybody can be asked."
            ),
        ),
        has_ticks=True,
    )
