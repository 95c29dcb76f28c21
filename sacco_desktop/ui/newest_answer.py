"""Of questions that are answered side by side, the one asked last decides what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


class NewestAnswer:
    """Lets an answer go that is older than one that was shown. Nobody waits for ever while questions follow each other:
    each answer is shown unless a newer one was.
    """

    def __init__(self) -> None:
        self._asked = self._shown = 0

    def ask(
        self, done: Callable[[R], None], failed: Callable[[BaseException], None]
    ) -> tuple[Callable[[R], None], Callable[[BaseException], None]]:
        """The two functions that the answer of the question asked now may call."""
        self._asked += 1
        number = self._asked

        def is_newest() -> bool:
            if number < self._shown:
                return False
            self._shown = number
            return True

        def show(answer: R) -> None:
            if is_newest():
                done(answer)

        def tell(error: BaseException) -> None:
            if is_newest():
                failed(error)

        return show, tell
