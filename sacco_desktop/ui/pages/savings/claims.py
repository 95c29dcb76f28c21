"""The tab Claims: what members claimed of welfare and other funds, and what became of each claim."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.member_payouts import fund_claims
from sacco_desktop.services.member_payouts.fund_claims import FundClaimRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.tabbed_page import Actions, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, date_column, money_column
from sacco_desktop.ui.widgets.details import Details, PanelAction
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The claims could not be read. Nothing is lost; the other pages work."
_CHIPS = {
    PayoutStatus.DRAFT: Chip(
        "asked", "◷", "history", "To approve", "Inasubiri idhini", ChipColour.VIOLET
    ),
    PayoutStatus.APPROVED: Chip(
        "approved", "!", "circle-alert", "Approved", "Imeidhinishwa", ChipColour.BLUE
    ),
    PayoutStatus.IN_FLIGHT: Chip(
        "in_flight", "◷", "history", "On its way", "Iko njiani", ChipColour.BLUE
    ),
    PayoutStatus.PAID: Chip("paid", "✓", "check", "Paid", "Imelipwa", ChipColour.GREEN),
    PayoutStatus.CANCELLED: Chip(
        "refused", "↩", "undo-2", "Not granted", "Haikukubaliwa", ChipColour.GREY
    ),
}
FILTERS: tuple[SavedFilter[FundClaimRow], ...] = (
    SavedFilter(
        "asked",
        "To approve",
        lambda row: row.status is PayoutStatus.DRAFT,
        "No claim waits for a decision.",
    ),
    SavedFilter("paid", "Paid", lambda row: row.status is PayoutStatus.PAID, "No claim was paid."),
)


class ClaimsTab(PageTab[FundClaimRow]):
    """The newest first. A claim is written down on the page of its member."""

    title = "Claims"
    key = "claims"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._plan())
        self.list.opened.connect(lambda row: self.open_member(row.member_number))

    def read(self) -> None:
        """Read the claims again."""
        self.read_by(fund_claims.list_claims, _UNREAD)

    def _plan(self) -> ListPlan[FundClaimRow]:
        return ListPlan(
            name="claims",
            one="claim",
            many="claims",
            columns=(
                Column("Claim", lambda row: row.number, widest="CL-2026-0001"),
                Column("Member", lambda row: row.member_name, longest=28),
                Column("What happened", lambda row: row.event, longest=24),
                money_column("Amount KES", lambda row: row.cents),
                chip_column("Status", lambda row: _CHIPS[row.status], tuple(_CHIPS.values())),
                date_column("On", lambda row: row.happened_on),
                Column("It met", lambda row: row.relation, priority=2, widest="brother or sister"),
                Column("Fund", lambda row: row.fund, priority=2, longest=20),
                Column("Payout", lambda row: row.payout_number, priority=2, widest="PO-2026-0001"),
                Column("Member no.", lambda row: row.member_number, priority=3, widest="M-0001"),
            ),
            key=lambda row: row.claim_id,
            empty=EmptyList(
                "No member has claimed of a fund. Claims are written on a member's page."
            ),
            details=lambda row: _details(row, self._actions(row)),
            filters=FILTERS,
        )

    def _actions(self, row: FundClaimRow) -> Actions:
        payout = PanelAction(
            "open_payout",
            "Open payout",
            lambda: self.desk.open_page(f"payouts/{row.payout_number}"),
        )
        return None, (payout, self.to_member(row.member_number))


def _details(row: FundClaimRow, actions: Actions) -> Details:
    main, others = actions
    limit = format_kes(row.most_cents) if row.most_cents else "None; each is judged alone"
    whom = f"{row.relation.capitalize()}: {row.person}" if row.person else row.relation.capitalize()
    return Details(
        title=row.number,
        subtitle=f"{row.member_name}, {row.member_number}",
        amount_cents=row.cents,
        chip=_CHIPS[row.status],
        facts=(
            ("Fund", row.fund),
            ("What happened", row.event),
            ("On", format_date(row.happened_on)),
            ("It met", whom),
            ("Limit", limit),
            ("Payout", row.payout_number),
            ("Written down by", row.recorded_by),
        ),
        action=main,
        other_actions=others,
    )
