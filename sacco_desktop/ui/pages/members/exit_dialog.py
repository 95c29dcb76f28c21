"""Leaving step by step: what is in order and what is not, what is paid back, and asking a second person."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtWidgets import QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.member_payouts import exits
from sacco_desktop.services.member_payouts.exits import ExitFacts, ExitTakenBack, ExitWish
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.members.status_dialogs import Told
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_CAUSES = {"left": "leaves", "died": "has died", "expelled": "was expelled"}


class ExitDialog(FormDialog):
    """Shows the facts as they were read; what is not in order locks the button and says what to do."""

    def __init__(self, desk: Desk, parent: QWidget, facts: ExitFacts, told: Told) -> None:
        waits = facts.settlement == "asked"
        plan = FormPlan(
            "exit_dialog",
            f"{facts.full_name}, {facts.number}, {_CAUSES[facts.cause]}",
            "Take the request back" if waits else "Ask to settle",
            _before(facts),
        )
        super().__init__(desk, plan, parent)
        self._key, self._facts, self._told = uuid4().hex, facts, told
        for check in facts.checks:
            if not check.is_met:
                box = Callout(desk.theme, check.words, ChipColour.RED, check.title)
                self.notes.addWidget(box)
        met = [f"{check.title}: {check.words}" for check in facts.checks if check.is_met]
        if met:
            words = " ".join(met)
            self.notes.addWidget(Callout(desk.theme, words, ChipColour.GREEN, "In order"))
        lines = AmountLines(desk.theme, "exit_sums")
        sums = facts.sums
        lines.show_lines(
            (
                NamedAmount("Deposits and savings, KES", sums.deposits_cents),
                NamedAmount("Share capital paid back", sums.shares_cents),
                NamedAmount("Fee of the society", -sums.fee_cents),
                NamedAmount("Paid to who leaves", sums.refund_cents, is_total=True),
            )
        )
        self.notes.addWidget(lines)
        if facts.settlement == "settled" or not (waits or facts.can_ask):
            self.lock()
        self.submitted.connect(self._take_back if waits else self._ask)

    def _ask(self) -> None:
        wish = ExitWish(self._key, self._facts.member_id, self._facts.version)
        self.carry_out(exits.ask, wish, self._told)

    def _take_back(self) -> None:
        back = ExitTakenBack(self._facts.settlement_id or 0)
        self.carry_out(
            exits.take_back, back, lambda _nothing: self._told("The request is taken back.")
        )


def _before(facts: ExitFacts) -> str:
    if facts.settlement == "settled":
        owed = format_kes(facts.payable_cents)
        return f"This was settled. {owed} is still owed; a treasurer asks for its payment on the Payouts page."
    if facts.settlement == "asked":
        return "This waits for another person. Take it back when the figures have changed."
    who = " or ".join(facts.approvers) or "Nobody in this office yet"
    return f"{who} can agree. The figures are frozen; no money leaves before a payout was approved."
