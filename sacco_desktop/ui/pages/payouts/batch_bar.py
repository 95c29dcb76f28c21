"""The bar of a batch that stands: what of it has not gone out, and the ways to continue or to end it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.sending import payout_batches
from sacco_desktop.services.sending.payout_batches import BatchRow, RunEnd
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.pages.payouts.print_batch import print_batch
from sacco_desktop.ui.pages.payouts.reason_edit import reason_edit
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets.callout import Callout
from sacco_desktop.ui.widgets.form_dialog import FormDialog, FormPlan
from sacco_desktop.ui.widgets.labels import push_button


class BatchBar(Callout):
    """Called `batch_bar`. Shows the oldest batch that stands; `go_on` opens the Pay dialog for what remains of it."""

    def __init__(self, desk: Desk, page: QWidget, go_on: Callable[[BatchRow], None]) -> None:
        super().__init__(desk.theme, "", ChipColour.AMBER)
        self._desk, self._page = desk, page
        self._batch: BatchRow | None = None
        self.setObjectName("batch_bar")
        self._continue = push_button("Continue…", name="batch_continue")
        self._continue.clicked.connect(self._go_on)
        self._when_asked = go_on
        self._end = push_button("End it…", name="batch_end")
        self._end.clicked.connect(self._ask_end)
        self._print = push_button("Print list", name="batch_print")
        self._print.clicked.connect(self._print_list)
        buttons = QHBoxLayout()
        buttons.addWidget(self._continue)
        buttons.addWidget(self._end)
        buttons.addWidget(self._print)
        inner = self.layout()
        assert isinstance(inner, QHBoxLayout)
        inner.addLayout(buttons)
        self.hide()

    def show_batches(
        self, batches: tuple[BatchRow, ...], *, may_send: bool, is_under_way: bool
    ) -> None:
        """The batches that are not finished; nothing is shown while one goes out from this window."""
        standing = [batch for batch in batches if batch.is_standing]
        self._batch = standing[0] if standing and not is_under_way else None
        self.setVisible(self._batch is not None)
        if self._batch is None:
            return
        more = f" {len(standing) - 1} more wait after it." if len(standing) > 1 else ""
        self.say(
            f"{self._batch.words}{more}".strip(),
            ChipColour.AMBER,
            f"{self._batch.number} is stopped: {self._batch.gone} of {self._batch.payouts} sent,"
            f" {format_kes(self._batch.waiting_cents)} waits",
        )
        for button in (self._continue, self._end):
            button.setEnabled(may_send)
            button.setToolTip("" if may_send else "A treasurer does this.")

    def _go_on(self) -> None:
        if self._batch is not None:
            self._when_asked(self._batch)

    def _print_list(self) -> None:
        if self._batch is not None:
            print_batch(self._desk, self._batch.number, self._page)

    def _ask_end(self) -> None:
        if self._batch is not None:
            open_end_batch_dialog(self._desk, self._page, self._batch)


def open_end_batch_dialog(desk: Desk, parent: QWidget, batch: BatchRow) -> None:
    """Ask why the rest of a batch is not sent; its payouts stay ready."""
    plan = FormPlan(
        "end_batch_dialog",
        f"End {batch.number}: {format_kes(batch.waiting_cents)} is not sent",
        "End this batch",
        "What has gone out stays as it is. The other payouts stay ready and can be put into a new list.",
    )
    dialog = FormDialog(desk, plan, parent)
    reason = reason_edit()
    dialog.form.add_row("reason", "Reason", reason)

    def submit() -> None:
        dialog.carry_out(
            payout_batches.end_batch,
            RunEnd(batch.batch_id, reason.text()),
            lambda _row: desk.toast(f"{batch.number} is ended. Its other payouts stay ready."),
        )

    dialog.submitted.connect(submit)
    dialog.open()
    reason.setFocus()
