"""The tab Notices: who wants savings back, from which day on, and what became of each notice."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.savings import withdrawal_notices
from sacco_desktop.services.savings.withdrawal_notices import WithdrawalNoticeRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.money_out_acts import MoneyOutActs
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The notices could not be read. Nothing is lost; the other pages work."
_CHIPS = {
    "running": Chip("running", "◷", "history", "Runs", "Inaendelea", ChipColour.BLUE),
    "ripe": Chip("ripe", "!", "circle-alert", "Has run", "Imekamilika", ChipColour.AMBER),
    "used": Chip("used", "✓", "check", "Used", "Imetumika", ChipColour.GREEN),
    "taken_back": Chip("taken_back", "↩", "undo-2", "Taken back", "Imerudishwa", ChipColour.GREY),
}
FILTERS: tuple[SavedFilter[WithdrawalNoticeRow], ...] = (
    SavedFilter(
        "ripe", "Has run", lambda row: row.status == "ripe", "No notice waits for payment."
    ),
    SavedFilter("running", "Runs", lambda row: row.status == "running", "No notice runs."),
)


class NoticesTab(PageTab[WithdrawalNoticeRow]):
    """The newest first. A notice is written down on the page of its member."""

    title = "Notices"
    key = "notices"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan())
        self._acts = MoneyOutActs(desk, self.list)
        self.list.opened.connect(lambda row: self.open_member(row.member_number))

    def read(self) -> None:
        """Read the notices again."""
        self.read_by(withdrawal_notices.list_notices, _UNREAD)

    def commands(self) -> Commands:
        if not self._acts.may_ask:
            return {}
        return {"main_action": lambda: self._with_row(self._withdraw)}

    def _withdraw(self, row: WithdrawalNoticeRow) -> None:
        self._acts.withdraw(row.member_id)

    def _plan(self) -> ListPlan[WithdrawalNoticeRow]:
        return ListPlan(
            name="notices",
            one="notice",
            many="notices",
            columns=(
                date_column("Given", lambda row: row.given_on),
                Column("Member", lambda row: row.member_name, longest=28),
                Column("Out of", lambda row: row.product_name, widest="Special savings"),
                money_column("Amount KES", lambda row: row.cents),
                chip_column("Status", lambda row: _CHIPS[row.status], tuple(_CHIPS.values())),
                date_column("Runs until", lambda row: row.ripe_on),
                Column("Payout", lambda row: row.payout_number, priority=2, widest="PO-2026-0001"),
                Column("Member no.", lambda row: row.member_number, priority=2, widest="M-0001"),
                Column("Written by", lambda row: row.recorded_by, priority=3, longest=20),
            ),
            key=lambda row: row.notice_id,
            empty=EmptyList("No member has given notice of a withdrawal."),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: WithdrawalNoticeRow) -> Actions:
        main = None
        others = [self.to_member(row.member_number)]
        if row.status == "ripe" and self._acts.may_ask:
            main = PanelAction("withdraw", "Withdraw…", lambda: self._withdraw(row))
        if row.status in ("ripe", "running") and self._acts.has_any:
            back = PanelAction(
                "notice_back", "Take back…", lambda: self._acts.notice_back(row.member_id)
            )
            others.insert(0, back)
        return main, tuple(others)


def _details(row: WithdrawalNoticeRow, actions: Actions) -> Details:
    main, others = actions
    return Details(
        title=row.member_name,
        subtitle=row.member_number,
        amount_cents=row.cents,
        chip=_CHIPS[row.status],
        facts=(
            ("Out of", row.product_name),
            ("Amount", format_kes(row.cents)),
            ("Given", format_date(row.given_on)),
            ("Runs until", format_date(row.ripe_on)),
            ("Written down by", row.recorded_by),
            ("Payout", row.payout_number or "None"),
        ),
        action=main,
        other_actions=others,
    )
