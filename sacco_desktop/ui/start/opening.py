"""Asks for what opens the books: a passphrase for new ones, theirs for old ones, or the key from the printed sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QLineEdit

from sacco_desktop.operations import books_door
from sacco_desktop.operations.books_door import Door
from sacco_desktop.operations.open_office import needs_passphrase
from sacco_desktop.settings import Settings
from sacco_desktop.ui.start.start_dialog import StartDialog, StartPlan, run_dialog
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.password_box import PasswordBox

_NEW = StartPlan(
    "new_passphrase_dialog",
    "A passphrase for new books",
    "This computer has no keyring, so a passphrase locks the key of the books and the secrets of M-Pesa. You type it"
    " each time Sacco Desktop starts; without it and without the printed recovery key nobody can open the books.",
    "Begin new books",
)
_SEALED = StartPlan(
    "passphrase_dialog",
    "The passphrase of these books",
    "It locks the key of the books on this computer. It is asked once, before anybody signs in.",
    "Open the books",
    other="I have the recovery key",
)
_KEYLESS_TEXT = (
    "The key of these books is not on this computer, or cannot be opened. Type it from the recovery sheet that was"
    " printed when the books began."
)
_AFTERWARDS = "The secrets of M-Pesa and of the relays are then entered anew in Settings."


def settings_that_open(
    theme: Theme, settings: Settings, now: Callable[[], datetime]
) -> Settings | None:
    """Ask whatever has to be asked; None when the person closes the dialog instead.

    Raises OutsideUnavailable when the keyring is locked.
    """
    wanted = books_door.door(settings)
    if wanted is Door.OPEN:
        return settings
    if wanted is Door.NEW:
        return _asked(NewPassphrase(theme, settings))
    if wanted is Door.SEALED:
        dialog = Passphrase(theme, settings)
        found = _asked(dialog)
        if not dialog.wants_recovery_key:
            return found
    return _asked(RecoveryKey(theme, settings, now))


class _Opening(StartDialog):
    """A dialog that ends with settings that open the books."""

    def __init__(self, theme: Theme, plan: StartPlan, settings: Settings) -> None:
        super().__init__(theme, plan)
        self._theme = theme
        self._before = settings
        self.settings: Settings | None = None
        self.submitted.connect(lambda: self.attempt(self._open))

    def _open(self) -> None:
        self.settings = self._found()
        self.accept()

    def _found(self) -> Settings:
        """The settings for what was typed. Raises SaccoError."""
        raise NotImplementedError

    def _add_password(self, field: str, title: str, note: str = "") -> QLineEdit:
        box = PasswordBox(self._theme, field, title)
        self.form.add_row(field, title, box, note)
        return box.line

    def _add_new_passphrase(self) -> None:
        least = books_door.SHORTEST_PASSPHRASE
        note = f"At least {least} characters. Four or five words that belong to nobody are good."
        self._first = self._add_password("passphrase", "New passphrase", note)
        self._again = self._add_password("again", "Once more")

    def _with_new_passphrase(self) -> Settings:
        typed, again = self._first.text(), self._again.text()
        return books_door.with_new_passphrase(self._before, typed, again)


class NewPassphrase(_Opening):
    """For new books on a PC without a keyring."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, _NEW, settings)
        self._add_new_passphrase()

    def _found(self) -> Settings:
        return self._with_new_passphrase()


class Passphrase(_Opening):
    """For the books of a PC without a keyring, at each start."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, _SEALED, settings)
        self.wants_recovery_key = False
        self._typed = self._add_password("passphrase", "Passphrase")
        self.other_asked.connect(self._turn_to_recovery_key)

    def _found(self) -> Settings:
        return books_door.with_passphrase(self._before, self._typed.text())

    def _turn_to_recovery_key(self) -> None:
        self.wants_recovery_key = True
        self.reject()


class RecoveryKey(_Opening):
    """For books whose key is not on this PC. Without a keyring it asks for a new passphrase too."""

    def __init__(self, theme: Theme, settings: Settings, now: Callable[[], datetime]) -> None:
        plan = StartPlan(
            "recovery_key_dialog",
            "The recovery key of these books",
            f"{_KEYLESS_TEXT} {_AFTERWARDS}",
            "Open the books",
        )
        super().__init__(theme, plan, settings)
        self._now = now
        self._needs_passphrase = needs_passphrase(settings)
        self._words = QLineEdit()
        self._words.setObjectName("words")
        note = "16 groups of four letters and figures, row by row. Gaps do not matter."
        self.form.add_row("words", "Recovery key", self._words, note)
        if self._needs_passphrase:
            self._add_new_passphrase()

    def _found(self) -> Settings:
        before = self._with_new_passphrase() if self._needs_passphrase else self._before
        return books_door.enter_recovery_key(before, self._words.text(), self._now)


def _asked(dialog: _Opening) -> Settings | None:
    return dialog.settings if run_dialog(dialog) else None
