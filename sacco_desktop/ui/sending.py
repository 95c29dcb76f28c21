"""Payouts being sent: what has gone out, what not yet, and the wish to stop. It goes on when its dialog is closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QObject, Signal

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.office import Office
from sacco_desktop.operations.send_batches import send_batch, send_new_batch
from sacco_desktop.operations.send_payouts import Sent
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.sending.payout_batches import NewBatch, ShownPayout
from sacco_desktop.ui.background import Background
from sacco_desktop.ui.messages import Question


class Sending(QObject):
    """One list at a time. `moved` tells that a payout went out, `ended` that nothing more goes out.

    `trouble` is the sentence why the whole list was refused, and empty otherwise.
    """

    moved = Signal()
    ended = Signal()

    def __init__(self, background: Background, office: Office) -> None:
        super().__init__()
        self._background = background
        self._office = office
        self._is_stop_wanted = False
        self.rows: tuple[PayoutRow, ...] = ()
        self.sent: dict[int, Sent] = {}
        self.trouble = ""
        self.is_under_way = False

    @property
    def is_stop_wanted(self) -> bool:
        """A person has asked to stop after the payout that is going out."""
        return self._is_stop_wanted

    def start(self, rows: Sequence[PayoutRow], actor: Actor, batch_id: int | None = None) -> None:
        """Send these one after the other as `actor`, who has just proved who that is: as a new batch, or as what
        remains of one that stands.
        """
        assert not self.is_under_way, "one list at a time"
        self.rows, self.sent, self.trouble = tuple(rows), {}, ""
        self._is_stop_wanted, self.is_under_way = False, True
        progress = self._background.for_gui(self._note, self)
        self._background.operate(
            lambda: self._send(batch_id, actor, progress),
            owner=self,
            done=lambda _sent: self._end(),
            failed=self._break_off,
        )
        self._say()

    def _send(
        self, batch_id: int | None, actor: Actor, progress: Callable[[Sent], None]
    ) -> Awaitable[tuple[Sent, ...]]:
        def may_go_on() -> bool:
            return not self._is_stop_wanted

        office = self._office
        if batch_id is not None:
            return send_batch(office, batch_id, actor, progress=progress, may_go_on=may_go_on)
        new = _list_of(self.rows)
        return send_new_batch(office, new, actor, progress=progress, may_go_on=may_go_on)

    def stop_after_this(self) -> None:
        """Let the payout that is going out end, and send no other."""
        self._is_stop_wanted = True
        self.moved.emit()

    def question_before_closing(self) -> Question | None:
        """What the window asks when it is closed while something is being sent."""
        if not self.is_under_way:
            return None
        self.stop_after_this()
        return Question(
            "Close while payments are being sent",
            f"{len(self.sent)} of {len(self.rows)} payments have been sent. The one that is going out now is written"
            " down; M-Pesa is asked about it at the next start. No other is sent; the batch can be continued then.",
            "Close now",
            "Stay here",
        )

    def _note(self, sent: Sent) -> None:
        self.sent[sent.payout_id] = sent
        self._say()
        self.moved.emit()

    def _say(self) -> None:
        self._background.tell_progress(f"Sending payments, {len(self.sent)} of {len(self.rows)}")

    def _end(self) -> None:
        self.is_under_way = False
        self._background.tell_progress("")
        self.ended.emit()

    def _break_off(self, error: BaseException) -> None:
        is_known = isinstance(error, SaccoError)
        self.trouble = error.message if isinstance(error, SaccoError) else ""
        self._end()
        if not is_known:
            raise error


def _list_of(rows: Sequence[PayoutRow]) -> NewBatch:
    """What the person saw and agreed to: these payouts as they were shown, and their sum."""
    shown = tuple(ShownPayout(row.payout_id, row.version, row.mpesa_cents) for row in rows)
    return NewBatch(shown, sum(line.amount_cents for line in shown))
