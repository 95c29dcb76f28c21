"""A form whose answer comes from an operation: something outside is asked, or the password is proven first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import shiboken6

from sacco_desktop.ui.widgets.form_dialog import FormDialog

R = TypeVar("R")


class OperationDialog(FormDialog):
    """Like its form, it stays with everything typed until the answer is there."""

    def operate(
        self, make_coroutine: Callable[[], Awaitable[R]], done: Callable[[R], None]
    ) -> None:
        """Run the operation, then close and call `done`; an error goes to its field.

        The page waits for the answer and not this dialog, so that closing it early loses no news.
        """
        page = self._page
        self._say_busy(True)

        def worked(answer: R) -> None:
            if shiboken6.isValid(self):
                self.accept()
            done(answer)

        def refused(error: BaseException) -> None:
            if shiboken6.isValid(self):
                self.refuse(error)
            else:
                self.desk.show(error, page)

        self.desk.background.operate(make_coroutine, owner=page, done=worked, failed=refused)
