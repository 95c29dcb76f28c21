"""A list of members being asked to pay on their phones: who was asked, who not and why, and the wish to pause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from sacco_desktop.domain.errors import SaccoError
from sacco_desktop.operations.ask_many import AskedOne, ask_many
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.collecting.many_prompts import ToAsk
from sacco_desktop.services.collecting.prompts import NewPrompt
from sacco_desktop.ui.background import Background


class Asking(QObject):
    """One list at a time. It goes on when its dialog is closed; `moved` tells that something of it is different.

    `trouble` is the sentence why it stopped by itself, and empty otherwise. Each line has a key of its own, so that
    whoever was asked before a pause is not asked again after it.
    """

    moved = Signal()

    def __init__(self, background: Background, office: Office) -> None:
        super().__init__()
        self._background, self._office = background, office
        self._key = ""
        self._actor: Actor | None = None
        self.rows: tuple[ToAsk, ...] = ()
        self.asked: dict[int, AskedOne] = {}
        self.trouble = ""
        self.is_under_way = self.is_pause_wanted = False

    @property
    def is_done(self) -> bool:
        """Whether every line has its answer."""
        return len(self.asked) == len(self.rows)

    def start(self, rows: Sequence[ToAsk], actor: Actor) -> None:
        """Ask these one after the other."""
        assert not self.is_under_way, "one list at a time"
        self._key, self._actor = uuid4().hex, actor
        self.rows, self.asked = tuple(rows), {}
        self.go_on()

    def pause(self) -> None:
        """Let the one that is being asked end, and ask no other for now."""
        self.is_pause_wanted = True
        self.moved.emit()

    def go_on(self) -> None:
        """Ask whoever has no answer yet."""
        actor = self._actor
        if self.is_under_way or actor is None:
            return
        self.trouble, self.is_pause_wanted, self.is_under_way = "", False, True
        progress = self._background.for_gui(self._note, self)
        listed = [
            (place, self._prompt(place, row))
            for place, row in enumerate(self.rows)
            if place not in self.asked
        ]
        self._background.operate(
            lambda: self._ask(listed, actor, progress),
            owner=self,
            done=lambda _count: self._end(),
            failed=self._break_off,
        )
        self._say()

    def _ask(
        self,
        listed: Sequence[tuple[int, NewPrompt]],
        actor: Actor,
        progress: Callable[[AskedOne], None],
    ) -> Awaitable[int]:
        return ask_many(
            self._office,
            listed,
            actor,
            progress=progress,
            may_go_on=lambda: not self.is_pause_wanted,
        )

    def _prompt(self, place: int, row: ToAsk) -> NewPrompt:
        return NewPrompt(
            f"{self._key}/{place}",
            row.member_id,
            row.purpose,
            row.loan_id,
            row.phone,
            row.amount_cents,
        )

    def _note(self, one: AskedOne) -> None:
        self.asked[one.place] = one
        self._say()

    def _say(self) -> None:
        self._background.tell_progress(f"Asking on phones, {len(self.asked)} of {len(self.rows)}")
        self.moved.emit()

    def _end(self) -> None:
        self.is_under_way = False
        self._background.tell_progress("")
        self.moved.emit()

    def _break_off(self, error: BaseException) -> None:
        is_known = isinstance(error, SaccoError)
        self.trouble = error.message if isinstance(error, SaccoError) else ""
        self._end()
        if not is_known:
            raise error
