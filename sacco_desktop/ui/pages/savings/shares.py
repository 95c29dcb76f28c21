"""The tab Shares: the share capital of each member beside the least, and who is below it."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.member_status import words_of
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.membership import share_list
from sacco_desktop.services.membership.share_list import ShareRow
from sacco_desktop.services.reports.savings_papers import WantedShares, shares_report
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.list_papers import ListPapers, PaperPlan
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The share capital could not be read. Nothing is lost; the other pages work."
_BELOW = Chip("below", "!", "circle-alert", "Below the least", "Chini ya kima", ChipColour.AMBER)
_ENOUGH = Chip("enough", "✓", "check", "Holds the least", "Inatosha", ChipColour.GREEN)
_LEFT = Chip("left", "○", "circle", "Has left", "Ameondoka", ChipColour.GREY)
FILTERS: tuple[SavedFilter[ShareRow], ...] = (
    SavedFilter("below", "Below the least", lambda row: row.is_below, "Nobody is below the least."),
    SavedFilter(
        "none", "Without shares", lambda row: not row.held_cents, "Everybody holds shares."
    ),
)


class SharesTab(PageTab[ShareRow]):
    """Everybody who belongs to the society, and whoever has left and still holds shares."""

    title = "Shares"
    key = "shares"

    def __init__(self, desk: Desk) -> None:
        self._may_take = may(desk.actor.roles, Act.TAKE_DEPOSIT)
        super().__init__(desk, self._plan())
        self._papers = ListPapers(desk, self.list, _PAPERS)
        self.list.opened.connect(lambda row: self.open_member(row.number))

    def read(self) -> None:
        """Read the share capital again."""
        self.read_by(share_list.list_shares, _UNREAD)

    def commands(self) -> Commands:
        found: Commands = self._papers.commands()
        if self._may_take:
            found["main_action"] = lambda: self._with_row(self._take)
        return found

    def _take(self, row: ShareRow) -> None:
        self.desk.open_page(f"savings/take-{row.number}")

    def _plan(self) -> ListPlan[ShareRow]:
        return ListPlan(
            name="shares",
            one="member",
            many="members",
            columns=columns(),
            key=lambda row: row.member_id,
            empty=EmptyList("No members yet. They are registered on the page Members."),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: ShareRow) -> Actions:
        main = None
        if self._may_take and _chip(row) is not _LEFT:
            main = PanelAction("take_shares", "Take money in…", lambda: self._take(row))
        return main, (self.to_member(row.number),)


def _wanted(rows: Sequence[ShareRow], which: str, is_paper: bool) -> WantedShares:
    return WantedShares(tuple(row.member_id for row in rows), which, is_paper)


_PAPERS = PaperPlan("shares", "Share-capital", "share capital", shares_report, _wanted)


def columns() -> tuple[Column[ShareRow], ...]:
    """Who holds how much of the share capital."""
    return (
        Column("No.", lambda row: row.number, widest="M-0001"),
        Column("Name", lambda row: row.full_name, longest=28),
        money_column("Share capital KES", lambda row: row.held_cents),
        money_column("Missing KES", lambda row: row.missing_cents or None),
        chip_column("Status", _chip, (_BELOW, _ENOUGH, _LEFT)),
        Column("Member is", lambda row: words_of(row.status), priority=2, widest="Notice given"),
        date_column("Joined", lambda row: row.joined_on, priority=2),
    )


def _chip(row: ShareRow) -> Chip:
    if row.is_below:
        return _BELOW
    return _LEFT if row.has_left else _ENOUGH


def _details(row: ShareRow, actions: Actions) -> Details:
    main, others = actions
    note = None
    if row.is_below:
        missing = format_kes(row.missing_cents)
        words = (
            f"{missing} are missing. Unless they are paid before, they are taken off the next loan."
        )
        note = Note(words, ChipColour.AMBER, "Below the least share capital")
    elif row.has_left:
        note = Note("Shares are not paid back; they wait for a buyer.", ChipColour.GREY, "Has left")
    least = format_kes(row.least_cents) if row.least_cents else "None"
    return Details(
        title=row.full_name,
        subtitle=row.number,
        amount_cents=row.held_cents,
        chip=_chip(row),
        note=note,
        facts=(
            ("Least share capital", least),
            ("Member is", words_of(row.status)),
            ("Joined", format_date(row.joined_on)),
        ),
        action=main,
        other_actions=others,
    )
