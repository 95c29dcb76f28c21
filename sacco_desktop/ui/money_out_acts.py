"""The menu of how a member has money of savings and funds: a withdrawal, a notice, a claim. Opened by a button on any
page that shows a member.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QWidget

from sacco_desktop.domain.member_status import MemberStatus, belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act, may
from sacco_desktop.services.member_payouts import fund_claims, withdrawals
from sacco_desktop.services.member_payouts.fund_claims import ClaimFacts
from sacco_desktop.services.member_payouts.withdrawals import WithdrawalFacts
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.fund_claim_dialog import FundClaimDialog
from sacco_desktop.ui.withdrawal_dialog import WithdrawalDialog
from sacco_desktop.ui.withdrawal_notice_dialogs import (
    WithdrawalNoticeBackDialog,
    WithdrawalNoticeDialog,
)

_DEAD = MemberStatus.DECEASED.value


class MoneyOutActs:
    """Opens the dialogs over its page, for one member at a time."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self._desk, self._page = desk, page
        roles = desk.actor.roles
        self.may_ask = may(roles, Act.REQUEST_PAYOUT)
        self._may_note = self.may_ask or may(roles, Act.TAKE_DEPOSIT)
        self._menu = QMenu(page)
        self._menu.setObjectName("money_out_menu")

    @property
    def has_any(self) -> bool:
        """Whether this person can do anything of it."""
        return self._may_note

    def open_menu(self, member_id: int, status: str, button: QPushButton) -> None:
        """Below the button."""
        self._menu.clear()
        for key, words, act in self.offered(member_id, status):
            action = self._menu.addAction(words)
            action.setObjectName(f"out_{key}")
            action.triggered.connect(lambda _on=False, do=act: do())
        self._menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def offers(self, status: str) -> bool:
        """Whether there is anything to do for a member of this status."""
        return self._may_note and (belongs(status) or (self.may_ask and status == _DEAD))

    def offered(self, member_id: int, status: str) -> list[tuple[str, str, Callable[[], None]]]:
        """Name, words and act of everything that this person may do; the dead have only their own death claimed."""
        claim = ("claim", "Claim of a fund…", lambda: self.claim(member_id))
        if status == _DEAD:
            return [claim] if self.may_ask else []
        found: list[tuple[str, str, Callable[[], None]]] = []
        if self.may_ask:
            found.append(("withdraw", "Withdraw savings…", lambda: self.withdraw(member_id)))
        if self._may_note:
            found.append(("notice", "Notice of withdrawal…", lambda: self.notice(member_id)))
            found.append(("notice_back", "Take notice back…", lambda: self.notice_back(member_id)))
        if self.may_ask:
            found.append(claim)
        return found

    def claim(self, member_id: int) -> None:
        """Write a claim down."""

        def show(facts: ClaimFacts) -> None:
            FundClaimDialog(self._desk, self._page, facts, self._say_asked).open()

        self._desk.background.read(fund_claims.facts, member_id, owner=self._page, done=show)

    def withdraw(self, member_id: int) -> None:
        """Read what the member can have, then ask for it."""
        self._with_facts(
            member_id,
            lambda facts: WithdrawalDialog(self._desk, self._page, facts, self._say_asked),
        )

    def notice(self, member_id: int) -> None:
        """Write a notice down."""
        self._with_facts(
            member_id,
            lambda facts: WithdrawalNoticeDialog(self._desk, self._page, facts, self._desk.toast),
        )

    def notice_back(self, member_id: int) -> None:
        """Take one back."""
        self._with_facts(
            member_id,
            lambda facts: WithdrawalNoticeBackDialog(
                self._desk, self._page, facts, self._desk.toast
            ),
        )

    def _with_facts(self, member_id: int, make: Callable[[WithdrawalFacts], QDialog]) -> None:
        def show(facts: WithdrawalFacts) -> None:
            make(facts).open()

        self._desk.background.read(withdrawals.facts, member_id, owner=self._page, done=show)

    def _say_asked(self, row: PayoutRow) -> None:
        amount = format_kes(row.net_cents)
        self._desk.toast(
            f"Sent for approval. Nothing has left yet. {row.number}, {amount} for {row.member_name}."
        )
