"""The tab Codes shown: codes of M-Pesa that members show for payments of which nobody has told us."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sacco_desktop.domain.claimed_codes import ClaimStatus
from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.operations.money_back import ask
from sacco_desktop.services.collecting import receipt_claims
from sacco_desktop.services.collecting.receipt_claims import ClaimChange, ClaimRow
from sacco_desktop.services.collecting.receipt_questions import About
from sacco_desktop.ui.claim_code_dialog import open_claim_code
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.tabbed_page import Actions, Commands, PageTab
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Column, chip_column, money_column
from sacco_desktop.ui.widgets.details import Details, Note, PanelAction, Step
from sacco_desktop.ui.widgets.labels import ButtonKind
from sacco_desktop.ui.widgets.list_plan import EmptyList, ListPlan, SavedFilter

_UNREAD = "The codes could not be read. Nothing is lost; the other pages work."
CHIPS = {
    ClaimStatus.OPEN: Chip(
        "not_proven",
        "◌",
        "circle-dashed",
        "Not proven",
        "Haijathibitishwa",
        ChipColour.BLUE,
        is_outline=True,
    ),
    ClaimStatus.PROVEN: Chip("proven", "✓", "check", "Proven", "Imethibitishwa", ChipColour.GREEN),
    ClaimStatus.DIFFERS: Chip(
        "two_sums", "!", "alert-triangle", "Another sum", "Kiasi kingine", ChipColour.AMBER
    ),
    ClaimStatus.NOT_OURS: Chip("not_ours", "✕", "x", "Not ours", "Si yetu", ChipColour.GREY),
    ClaimStatus.NOT_KNOWN: Chip(
        "not_known", "!", "alert-triangle", "Not known", "Haijulikani", ChipColour.RED
    ),
}
_OPEN = (ClaimStatus.OPEN, ClaimStatus.NOT_KNOWN)
_FILTERS: tuple[SavedFilter[ClaimRow], ...] = (
    SavedFilter(
        "unproven",
        "Not proven",
        lambda row: row.status is ClaimStatus.OPEN,
        "Every code is proven or known to be wrong.",
    ),
    SavedFilter(
        "wrong",
        "Wrong or forged",
        lambda row: row.status in (ClaimStatus.NOT_KNOWN, ClaimStatus.NOT_OURS),
        "No code was found to be wrong.",
    ),
)


class CodesTab(PageTab[ClaimRow]):
    """The newest first."""

    title = "Codes shown"
    key = "codes"

    def __init__(self, desk: Desk) -> None:
        roles = desk.actor.roles
        self._may_claim = may(roles, Act.TAKE_DEPOSIT) or may(roles, Act.TAKE_REPAYMENT)
        super().__init__(desk, self._plan())
        if self._may_claim:
            self.list.add_action("claim_code", "Code shown…", self.claim, kind=ButtonKind.PRIMARY)

    def read(self) -> None:
        """Read the codes again."""
        self.read_by(receipt_claims.list_codes, _UNREAD, None)

    def commands(self) -> Commands:
        return {"main_action": self.claim} if self._may_claim else {}

    def claim(self) -> None:
        """Write down a code that a member shows."""
        open_claim_code(self.desk, self.list)

    def _ask(self, row: ClaimRow) -> None:
        office, actor = self.desk.office, self.desk.actor
        owner: QObject = self.list
        self.desk.background.operate(
            lambda: ask(office, About(claim_id=row.claim_id), actor),
            owner=owner,
            done=lambda _question: self.desk.toast(
                f"M-Pesa was asked about {row.code}; the answer comes by itself."
            ),
            failed=lambda error: self.desk.show(error, self.list),
        )

    def _drop(self, row: ClaimRow) -> None:
        self.desk.background.write(
            receipt_claims.drop,
            ClaimChange(row.claim_id, row.version),
            owner=self.list,
            done=lambda _nothing: self.desk.toast(f"{row.code} is withdrawn."),
            failed=lambda error: self.desk.show(error, self.list),
        )

    def _actions(self, row: ClaimRow) -> Actions:
        others = [self.to_member(row.member_number)]
        if not self._may_claim or row.status not in _OPEN:
            return None, tuple(others)
        others.append(PanelAction("drop_code", "Withdraw it", lambda: self._drop(row)))
        return PanelAction("ask_code", "Ask M-Pesa now", lambda: self._ask(row)), tuple(others)

    def _details(self, row: ClaimRow) -> Details:
        main, others = self._actions(row)
        when = f"{format_date(row.claimed_at)} {format_time(row.claimed_at)}"
        return Details(
            title=row.full_name,
            subtitle=f"{row.member_number} · {row.code}",
            amount_cents=row.amount_cents,
            chip=CHIPS[row.status],
            note=Note(row.words, CHIPS[row.status].colour),
            facts=(("For", row.purpose), ("Paid on", format_date(row.paid_on))),
            timeline=(Step(when, f"{row.claimed_by} saw the message."),),
            action=main,
            other_actions=others,
        )

    def _plan(self) -> ListPlan[ClaimRow]:
        empty = EmptyList("No member has shown a code that was not in the books.")
        if self._may_claim:
            empty = EmptyList(empty.text, "Code shown…", self.claim)
        return ListPlan(
            name="codes",
            one="code",
            many="codes",
            columns=(
                Column("Code", lambda row: row.code, widest="SGA1ABCD2E"),
                Column("Member", lambda row: row.full_name, longest=24),
                money_column("Amount KES", lambda row: row.amount_cents),
                Column("Paid on", lambda row: row.paid_on, format_date, widest="30 May 2026"),
                chip_column("State", lambda row: CHIPS[row.status], tuple(CHIPS.values())),
                Column("What is known", lambda row: row.words, priority=2, longest=48),
                Column("For", lambda row: row.purpose, priority=2, longest=18),
                Column("Seen by", lambda row: row.claimed_by, priority=3, widest="Grace Wanjiru"),
            ),
            key=lambda row: row.claim_id,
            empty=empty,
            details=self._details,
            filters=_FILTERS,
        )
