"""The tab Prompts: who was asked to pay on the phone and what became of it, asking one member, and asking a list."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.domain.prompts import PromptStatus
from sacco_desktop.services.collecting import prompt_list
from sacco_desktop.services.collecting.prompt_list import Asked, AskedRow
from sacco_desktop.ui.ask_to_pay_dialog import Wanted, follow_prompt, open_ask_to_pay
from sacco_desktop.ui.asking import Asking
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.collections.ask_many_dialog import AskManyDialog
from sacco_desktop.ui.prompt_chips import PROMPT_CHIPS, chip_of_prompt
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.columns import Column, chip_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The prompts could not be read. Nothing is lost; the other pages work."
_FILTERS: tuple[SavedFilter[AskedRow], ...] = (
    SavedFilter("open", "On phones", lambda row: row.is_open, "No prompt is open on a phone."),
    SavedFilter(
        "not_paid",
        "Not paid",
        lambda row: row.status in (PromptStatus.FAILED, PromptStatus.LAPSED),
        "Every prompt was paid, or is open still.",
    ),
)


class PromptsTab(PageTab[AskedRow]):
    """The newest first."""

    title = "Prompts"
    key = "prompts"

    def __init__(self, desk: Desk, asking: Asking) -> None:
        self._asking = asking
        roles = desk.actor.roles
        self._may_ask = may(roles, Act.TAKE_DEPOSIT) or may(roles, Act.TAKE_REPAYMENT)
        super().__init__(desk, self._plan())
        self._wants_every = False
        # The panel offers to ask again as soon as the phone is free.
        self._free = QTimer(self.list)
        self._free.setSingleShot(True)
        self._free.timeout.connect(self.list.refresh_details)
        self.list.current_changed.connect(self._wait_for_free)
        self.list.older.asked.connect(self._want_every)
        self.list.opened.connect(self._follow)
        if self._may_ask:
            self.list.add_action("ask_many", "Ask a list…", self.ask_many)
            self.list.add_action("ask_to_pay", "Ask to pay…", self.ask, kind=ButtonKind.PRIMARY)

    def read(self) -> None:
        """Read the newest prompts again; all of them once somebody asked for that."""
        self.list.show_loading()
        owner: QObject = self.list
        self.desk.background.read_anew(
            prompt_list.list_prompts,
            self._wants_every,
            owner=owner,
            done=self._show,
            failed=self._failed,
        )

    def commands(self) -> Commands:
        if not self._may_ask:
            return {}
        return {"new": self.ask, "main_action": self.ask}

    def ask(self) -> None:
        """Ctrl+N."""
        if self._may_ask:
            open_ask_to_pay(self.desk, self.list, Wanted())

    def ask_many(self) -> None:
        """A list of members; the one that is under way if there is one."""
        AskManyDialog(self.desk, self.list, self._asking).open()

    def go_to(self, place: str) -> None:
        """`new` opens the dialog, `many` the list; else a saved filter or the number of a prompt."""
        if place == "new":
            self.ask()
        elif place == "many" and self._may_ask:
            self.ask_many()
        else:
            super().go_to(place)

    def _show(self, found: Asked) -> None:
        self.list.show_behind("")
        self.list.set_rows(found.rows)
        self.list.older.say(len(found.rows), found.count)
        self._wait_for_free(self.list.table.current_row())

    def _failed(self, error: BaseException) -> None:
        self.list.show_failed(_UNREAD, self.read)
        if not isinstance(error, SaccoError):
            self.desk.show(error, self.list)

    def _want_every(self) -> None:
        self._wants_every = True
        self.read()

    def _follow(self, row: AskedRow) -> None:
        follow_prompt(self.desk, self.list, row.prompt_id)

    def _again(self, row: AskedRow) -> None:
        wanted = Wanted(row.member_number, row.purpose, row.loan_id, row.amount_cents)
        open_ask_to_pay(self.desk, self.list, wanted)

    def _wait_for_free(self, row: AskedRow | None) -> None:
        self._free.stop()
        if row is not None and not row.is_open:
            left = (row.free_at - self.desk.now()).total_seconds()
            if left > 0:
                self._free.start(int(left * 1_000) + 200)

    def _plan(self) -> ListPlan[AskedRow]:
        empty = EmptyList("Nobody was asked to pay on the phone yet.")
        if self._may_ask:
            empty = EmptyList(empty.text, "Ask to pay…", self.ask)
        return ListPlan(
            name="prompts",
            one="prompt",
            many="prompts",
            columns=(
                Column(
                    "Asked",
                    lambda row: row.asked_at,
                    lambda at: f"{format_date(at)} {format_time(at)}",
                    widest="30 May 2026 23:59",
                    is_figures=True,
                ),
                Column("Member", lambda row: row.member_name, longest=24),
                Column("For", lambda row: row.what, longest=18, widest="Share capital"),
                money_column("Amount KES", lambda row: row.amount_cents),
                chip_column("State", chip_of_prompt, PROMPT_CHIPS),
                Column("What is known", lambda row: row.words, priority=2, longest=48),
                Column("Receipt", lambda row: row.receipt or None, priority=2, widest="SGA1ABCDEF"),
                Column("Asked by", lambda row: row.asked_by, priority=3, widest="Grace Wanjiru"),
                Column("Prompt", lambda row: row.number, priority=3, widest="Q-0001"),
            ),
            key=lambda row: row.prompt_id,
            empty=empty,
            details=self._details,
            filters=_FILTERS,
        )

    def _actions(self, row: AskedRow) -> Actions:
        others = [
            PanelAction("follow_prompt", "Follow…", lambda: self._follow(row)),
            self.to_member(row.member_number),
        ]
        if not self._may_ask or row.is_open or row.status is PromptStatus.PAID:
            return None, tuple(others)
        is_free = self.desk.now() >= row.free_at
        again = PanelAction(
            "ask_again",
            "Ask again…",
            (lambda: self._again(row)) if is_free else None,
            f"Locked until {format_time(row.free_at)}: M-Pesa refuses a second prompt so soon.",
        )
        return again, tuple(others)

    def _details(self, row: AskedRow) -> Details:
        main, others = self._actions(row)
        note = Note(row.words, ChipColour.BLUE if row.is_open else ChipColour.GREY)
        if row.is_late:
            note = Note(row.words, ChipColour.GREEN, "Paid after all")
        asked = Step(
            f"{format_date(row.asked_at)} {format_time(row.asked_at)}",
            f"{row.asked_by} asked on {display_phone(row.phone)}.",
        )
        ended = row.ended_at
        steps: tuple[Step, ...] = (asked,)
        if ended is not None:
            steps = (Step(f"{format_date(ended)} {format_time(ended)}", row.words), asked)
        return Details(
            title=row.member_name,
            subtitle=f"{row.member_number} · {row.number}",
            amount_cents=row.amount_cents,
            chip=chip_of_prompt(row),
            note=note,
            facts=(
                ("For", row.what),
                ("Phone", display_phone(row.phone)),
                *((("In Swahili", row.swahili),) if row.swahili else ()),
                *((("Receipt", row.receipt),) if row.receipt else ()),
            ),
            timeline=steps,
            action=main,
            other_actions=others,
        )
