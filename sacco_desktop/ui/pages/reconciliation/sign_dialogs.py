"""Two people sign that an account is at zero, or open it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from sacco_desktop.domain.dates import format_date, format_long_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.reconciling.difference import Why
from sacco_desktop.services.closing.day_signing import Outcome, Signer
from sacco_desktop.services.reconciling import reconciliation_signing
from sacco_desktop.services.reconciling.account_standing import AccountStanding
from sacco_desktop.services.reconciling.reconciliation_signing import ToReopen, ToSign
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.signing_rows import NOBODY, SigningRows
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.amount_lines import AmountLines, NamedAmount
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan

_MOST = 6


class SignDialog(FormDialog):
    """Called `sign_reconciliation_dialog`; `signed` is called when both have signed."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        view: AccountStanding,
        signers: Sequence[Signer],
        signed: Callable[[], None],
    ) -> None:
        plan = FormPlan(
            "sign_reconciliation_dialog",
            f"Sign {view.account.title} up to {format_long_date(view.until)}",
            "Sign",
            "Both type their own password. From then on nothing of those days changes on this account.",
        )
        super().__init__(desk, plan, parent)
        self._view, self._signed = view, signed
        sums = AmountLines(desk.theme, "sign_sums")
        sums.show_lines(_sums(view))
        self.form.add_wide(sums)
        self._signing = SigningRows(desk, self.form)
        self._signing.offer(signers)
        if not signers:
            self.form.add_wide(Callout(desk.theme, NOBODY, ChipColour.RED))
            self.lock()
        self.submitted.connect(self._give)

    def _give(self) -> None:
        given = self.form.read(
            lambda: ToSign(
                self._view.account.code,
                self._view.until,
                self._view.fingerprint,
                self._signing.collect(),
            )
        )
        if given is None:
            return
        self._say_busy(True)
        self.desk.background.write(
            reconciliation_signing.sign, given, owner=self, done=self._answered, failed=self.refuse
        )

    def _answered(self, outcome: Outcome) -> None:
        if outcome.refused:
            self.refuse(self._signing.refused(outcome))
            return
        self.desk.toast(outcome.words)
        self.accept()
        self._signed()


def _sums(view: AccountStanding) -> list[NamedAmount]:
    assert view.told is not None, "only what is balanced is signed"
    other = [one for one in view.told.reasons if one.why is Why.OTHER_DAY]
    lines = [NamedAmount("The books have, KES", view.told.books_cents)]
    lines += [NamedAmount(one.words, one.cents) for one in other[:_MOST]]
    if len(other) > _MOST:
        rest = sum(one.cents for one in other[_MOST:])
        lines.append(NamedAmount(f"{len(other) - _MOST} more booked on other days", rest))
    return [*lines, NamedAmount("The statement closes", view.told.statement_cents, is_total=True)]


class ReopenDialog(FormDialog):
    """Called `reopen_reconciliation_dialog`."""

    def __init__(
        self, desk: Desk, parent: QWidget, view: AccountStanding, signers: Sequence[Signer]
    ) -> None:
        until = view.signed_until
        assert until is not None, "only what is signed is reopened"
        plan = FormPlan(
            "reopen_reconciliation_dialog",
            f"Reopen {view.account.title} up to {format_date(until)}",
            "Reopen",
            "What was signed stays kept; those days can be settled and signed anew.",
        )
        super().__init__(desk, plan, parent)
        self._view = view
        self._reason = QLineEdit()
        self._reason.setObjectName("reason")
        self.form.add_row("reason", "Reason", self._reason)
        self._signing = SigningRows(desk, self.form)
        self._signing.offer(signers)
        if not signers:
            self.form.add_wide(Callout(desk.theme, NOBODY, ChipColour.RED))
            self.lock()
        self.submitted.connect(self._give)

    def _give(self) -> None:
        given = self.form.read(self._collect)
        if given is None:
            return
        self._say_busy(True)
        self.desk.background.write(
            reconciliation_signing.reopen,
            given,
            owner=self,
            done=self._answered,
            failed=self.refuse,
        )

    def _collect(self) -> ToReopen:
        if not self._reason.text().strip():
            raise InvalidInput("Write why it is reopened.", "reason")
        return ToReopen(self._view.account.code, self._reason.text(), self._signing.collect())

    def _answered(self, outcome: Outcome) -> None:
        if outcome.refused:
            self.refuse(self._signing.refused(outcome))
            return
        self.desk.toast(outcome.words)
        self.accept()
