"""The tab No owner: check-off money that belongs to nobody yet, who waits since when, and giving it to its member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.counter import found_owners, unowned_money
from sacco_desktop.services.counter.unowned_money import (
    ASKED,
    DROPPED,
    GIVEN,
    FoundOwner,
    UnownedRow,
)
from sacco_desktop.services.reports.savings_more_papers import WantedUnowned, unowned_report
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.pages.savings.owner_dialogs import OwnerBackDialog, OwnerDialog
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import (
    Align,
    Column,
    chip_column,
    date_column,
    money_column,
)
from sacco_desktop.ui.widgets.details import Details, PanelAction, Step
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The money without owner could not be read. Nothing is lost; the other pages work."
_WAITS = Chip("waits", "!", "circle-alert", "No owner yet", "Hana mwenyewe", ChipColour.AMBER)
_ASKED = Chip("asked", "◷", "history", "To approve", "Inasubiri idhini", ChipColour.VIOLET)
_GIVEN = Chip("given", "✓", "check", "Given", "Imetolewa", ChipColour.GREEN)
FILTERS: tuple[SavedFilter[UnownedRow], ...] = (
    SavedFilter(
        "waits", "No owner yet", lambda row: bool(row.left_cents), "Everything has an owner."
    ),
    SavedFilter(
        "asked", "To approve", lambda row: bool(row.asked_cents), "Nobody was named for approval."
    ),
)
_WORDS = {
    ASKED: "waits for another person",
    GIVEN: "given",
    "undone": "taken back",
    DROPPED: "not agreed to",
}


def _wanted(rows: Sequence[UnownedRow], which: str, is_paper: bool) -> WantedUnowned:
    return WantedUnowned(tuple(row.key for row in rows), which, is_paper)


_PAPERS = PaperPlan("no_owner", "No-owner", "lines", unowned_report, _wanted)


class NoOwnerTab(PageTab[UnownedRow]):
    """What has waited longest stands first."""

    title = "No owner"
    key = "no_owner"

    def __init__(self, desk: Desk) -> None:
        self._may_give = may(desk.actor.roles, Act.IMPORT_BOOKS)
        self._may_undo = may(desk.actor.roles, Act.REVERSE_ENTRY)
        super().__init__(desk, self._plan())
        self._papers = ListPapers(desk, self.list, _PAPERS)
        if self._may_give:
            self.list.opened.connect(self._give)

    def read(self) -> None:
        """Read what has no owner again."""
        self.read_by(unowned_money.list_unowned, _UNREAD)

    def commands(self) -> Commands:
        found: Commands = self._papers.commands()
        if self._may_give:
            found["main_action"] = lambda: self._with_row(self._give)
        if self._may_undo:
            found["reverse"] = lambda: self._with_row(self._take_back)
        return found

    def _today(self) -> date:
        return business_date(self.desk.now())

    def _give(self, row: UnownedRow) -> None:
        if row.left_cents:
            OwnerDialog(self.desk, self.list, row).open()

    def _take_back(self, row: UnownedRow) -> None:
        given = _last(row, GIVEN)
        if given is not None:
            OwnerBackDialog(self.desk, self.list, given).open()

    def _take_request_back(self, owner: FoundOwner) -> None:
        self.desk.background.write(
            found_owners.take_request_back,
            owner.owner_id,
            owner=self.list,
            done=self.desk.toast,
        )

    def _plan(self) -> ListPlan[UnownedRow]:
        return ListPlan(
            name="no_owner",
            one="line",
            many="lines",
            columns=(
                Column("The list names", named_words, longest=30, widest="4490 Samuel Mwakio"),
                Column("Employer", lambda row: row.employer, longest=28),
                money_column("Waits KES", lambda row: row.left_cents or None),
                chip_column("Status", _chip, (_WAITS, _ASKED, _GIVEN)),
                Column(
                    "Days waited",
                    lambda row: (self._today() - row.since).days if row.left_cents else None,
                    align=Align.RIGHT,
                    widest="1,000",
                ),
                date_column("Since", lambda row: row.since, priority=2),
                Column("List", lambda row: row.list_number, priority=2, widest="CO-2026-0001"),
                Column("Month", lambda row: row.month, priority=2, widest="2026-03"),
                money_column("In all KES", lambda row: row.cents, priority=3),
            ),
            key=lambda row: row.key,
            empty=EmptyList("Every line of every list that was posted has its member."),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: UnownedRow) -> Actions:
        main, others = None, []
        if row.left_cents and self._may_give:
            main = PanelAction("give_to_owner", "Give to member…", lambda: self._give(row))
        asked, given = _last(row, ASKED), _last(row, GIVEN)
        if asked is not None and self._may_give:
            others.append(
                PanelAction(
                    "owner_request_back",
                    "Take request back",
                    lambda: self._take_request_back(asked),
                )
            )
        if given is not None and self._may_undo:
            others.append(PanelAction("owner_back", "Take back…", lambda: self._take_back(row)))
        last = given or asked
        if last is not None:
            others.append(self.to_member(last.member_number))
        return main, tuple(others)


def named_words(row: UnownedRow) -> str:
    """Whom the employer named, or that nobody was."""
    words = " ".join(part for part in (row.named, row.name) if part)
    return words or ("Beyond the lines" if row.line_id is None else "Nobody")


def _last(row: UnownedRow, status: str) -> FoundOwner | None:
    return next((one for one in reversed(row.owners) if one.status == status), None)


def _chip(row: UnownedRow) -> Chip:
    if row.left_cents:
        return _WAITS
    return _ASKED if row.asked_cents else _GIVEN


def _details(row: UnownedRow, actions: Actions) -> Details:
    main, others = actions
    where = f"row {row.row} of {row.list_number}" if row.row else row.list_number
    return Details(
        title=named_words(row),
        subtitle=f"{row.employer}, {where}",
        amount_cents=row.left_cents or row.cents,
        chip=_chip(row),
        facts=(
            ("Why it has no owner", row.problem),
            ("Month", row.month),
            ("Waits since", format_date(row.since)),
            ("In all", format_kes(row.cents)),
            ("Has no owner", format_kes(row.left_cents)),
        ),
        timeline=tuple(_step(one) for one in reversed(row.owners)),
        action=main,
        other_actions=others,
    )


def _step(owner: FoundOwner) -> Step:
    when = format_date(owner.given_on) if owner.given_on else owner.number
    words = (
        f"{owner.member_name}, {owner.member_number}: {format_kes(owner.cents)}, {_WORDS[owner.status]}."
        f" {owner.known_by} Named by {owner.asked_by}."
    )
    return Step(when, words, owner.status == GIVEN)
