"""The menu of what can become of a member; only what the status allows is offered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from sacco_desktop.domain.member_status import MOVES, MemberStatus
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.member_payouts import exits, nominee_claims
from sacco_desktop.services.member_payouts.exits import ExitFacts
from sacco_desktop.services.member_payouts.nominee_claims import ClaimRow
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.members.claim_dialog import ClaimDialog
from sacco_desktop.ui.pages.members.exit_dialog import ExitDialog
from sacco_desktop.ui.pages.members.insider_dialog import open_insider
from sacco_desktop.ui.pages.members.status_dialogs import (
    NoticeBackDialog,
    NoticeDialog,
    ReasonDialog,
    TransferDialog,
)

_WORDS = {
    MemberStatus.ACTIVE: "Make active again…",
    MemberStatus.SUSPENDED: "Suspend…",
    MemberStatus.EXPELLED: "Expel…",
    MemberStatus.DECEASED: "Record the death…",
}
_SETTLES = ("notice_given", "deceased", "expelled", "exited")


class StatusActs:
    """Opens the dialogs of one member at a time on its page."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self._desk, self._page = desk, page
        self._may_write = may(desk.actor.roles, Act.REGISTER_MEMBER)
        self._may_pay = may(desk.actor.roles, Act.REQUEST_PAYOUT)
        self._keeps_insiders = may(desk.actor.roles, Act.KEEP_INSIDERS)
        self.has_any = self._may_write or self._may_pay or self._keeps_insiders
        self._menu = QMenu(page)
        self._menu.setObjectName("member_status_menu")

    def open_menu(self, row: MemberRow, button: QPushButton) -> None:
        """Below the button."""
        self._menu.clear()
        offered = self.offered(row)
        if not offered:
            self._desk.toast("Nothing can be changed about this status now.")
            return
        for key, words, act in offered:
            action = self._menu.addAction(words)
            action.setObjectName(f"status_{key}")
            action.triggered.connect(lambda _on=False, do=act: do())
        self._menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def offered(self, row: MemberRow) -> list[tuple[str, str, Callable[[], None]]]:
        """Name, words and act of everything that the status allows."""
        found: list[tuple[str, str, Callable[[], None]]] = []
        if self._may_pay and row.status == "deceased":
            found.append(("claims", "Pay nominees…", lambda: self._claims(row)))
        if self._keeps_insiders:
            found.append(("insider", "Insider…", lambda: self._insider(row)))
        if not self._may_write:
            return found
        if (row.status, "notice_given") in MOVES:
            found.append(("notice", "Notice of leaving…", lambda: self._notice(row)))
        if row.status == "notice_given":
            found.append(("notice_back", "Take notice back…", lambda: self._notice_back(row)))
        if row.status in _SETTLES:
            found.append(("settle", "Settle and leave…", lambda: self.settle(row)))
        for new, words in _WORDS.items():
            is_notice = row.status == "notice_given" and new is MemberStatus.ACTIVE
            if (row.status, new.value) in MOVES and not is_notice:
                found.append((new.value, words, partial(self._ask, row, new)))
        if row.shares_cents:
            found.append(("transfer", "Transfer shares…", lambda: self._transfer(row)))
        return found

    def _insider(self, row: MemberRow) -> None:
        open_insider(self._desk, self._page, row.member_id)

    def settle(self, row: MemberRow) -> None:
        """Read how leaving stands, then show it."""

        def show(facts: ExitFacts) -> None:
            ExitDialog(self._desk, self._page, facts, self._desk.toast).open()

        self._desk.background.read(exits.look, row.member_id, owner=self._page, done=show)

    def _claims(self, row: MemberRow) -> None:
        background = self._desk.background

        def with_rows(facts: ExitFacts, rows: tuple[ClaimRow, ...]) -> None:
            ClaimDialog(self._desk, self._page, facts, rows, self._desk.toast).open()

        def with_facts(facts: ExitFacts) -> None:
            background.read(
                nominee_claims.claims_of,
                row.member_id,
                owner=self._page,
                done=lambda rows: with_rows(facts, rows),
            )

        background.read(exits.look, row.member_id, owner=self._page, done=with_facts)

    def _notice(self, row: MemberRow) -> None:
        NoticeDialog(self._desk, self._page, row, self._desk.toast).open()

    def _notice_back(self, row: MemberRow) -> None:
        NoticeBackDialog(self._desk, self._page, row, self._desk.toast).open()

    def _ask(self, row: MemberRow, new: MemberStatus) -> None:
        ReasonDialog(self._desk, self._page, row, new, self._desk.toast).open()

    def _transfer(self, row: MemberRow) -> None:
        TransferDialog(self._desk, self._page, row, self._desk.toast).open()
