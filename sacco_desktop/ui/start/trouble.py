"""What a person reads when the books cannot be opened: one sentence, and the next step. Never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from sacco_desktop.domain.errors import BooksDamaged, BooksInUse, InvalidInput, SaccoError
from sacco_desktop.operations.restore import restore_books, restored_words
from sacco_desktop.settings import Settings
from sacco_desktop.ui.messages import reference_of
from sacco_desktop.ui.start.start_dialog import StartDialog, StartPlan, run_dialog
from sacco_desktop.ui.theme.theme import Theme

_log = logging.getLogger(__name__)


def tell_trouble(
    theme: Theme, settings: Settings, error: BaseException, now: Callable[[], datetime]
) -> bool:
    """Show why the books stay shut, until the person closes it; whether to try again."""
    dialog = trouble_dialog(theme, settings, error, now)
    return run_dialog(dialog)


def trouble_dialog(
    theme: Theme, settings: Settings, error: BaseException, now: Callable[[], datetime]
) -> StartDialog:
    """The dialog for an error of the start. Damaged books can be replaced by a copy from here."""
    title, text = _words(settings, error)
    can_restore = isinstance(error, BooksDamaged) and settings.database_url is None
    other = "Restore a copy…" if can_restore else ""
    dialog = StartDialog(theme, StartPlan("start_trouble", title, text, "Try again", other=other))
    dialog.form.hide()
    dialog.submitted.connect(dialog.accept)
    dialog.other_asked.connect(lambda: _ask_copy(dialog, settings, now))
    return dialog


def _ask_copy(dialog: StartDialog, settings: Settings, now: Callable[[], datetime]) -> None:
    place = settings.backup_dir if settings.backup_dir.is_dir() else Path.home()
    kind = "Copies of the books (*.db)"
    chooser = QFileDialog(dialog, "Choose a copy of the books", str(place), kind)
    chooser.setObjectName("restore_chooser")
    chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    chooser.fileSelected.connect(lambda name: restore_from(dialog, settings, Path(name), now))
    chooser.open()


def restore_from(
    dialog: StartDialog, settings: Settings, copy: Path, now: Callable[[], datetime]
) -> None:
    """Bring this copy back and say what was done; the person then opens the books with the button."""

    def restore() -> None:
        dialog.say(restored_words(restore_books(settings, copy, now)))

    dialog.attempt(restore)


def _words(settings: Settings, error: BaseException) -> tuple[str, str]:
    shut = "The books cannot be opened"
    if isinstance(error, BooksInUse):
        return "Only one program at a time", error.message
    if isinstance(error, BooksDamaged):
        return shut, (
            f"{error.message} Keep the folder {settings.data_dir} as it is and ask support when you are not sure;"
            f" copies from before lie in {settings.backup_dir}."
        )
    if isinstance(error, InvalidInput) and error.field == "passphrase":
        given = "It was given by this computer's environment and not by you; whoever set this computer up knows it."
        return shut, f"{error.message} {given}"
    if isinstance(error, SaccoError):
        return shut, error.message
    if isinstance(error, OSError):
        place = error.filename or settings.data_dir
        return shut, (
            f"This computer does not let Sacco Desktop use {place} ({error.strerror or 'no reason given'})."
            " Look whether the disk is there, has room and may be written to, then try again."
        )
    reference = reference_of(error)
    _log.error("Reference %s", reference, exc_info=error)
    return "Something went wrong in the program", (
        f"Reference {reference}. Nothing was saved. Tell support the reference; the details are in {settings.log_path}."
    )
