"""What is needed to open the books of this PC: nothing, a passphrase, or the key from the printed recovery sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sacco_desktop.db.engine import open_database
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.gateways.secrets import FileSecrets
from sacco_desktop.operations.open_office import (
    KEY_NAME,
    books_key,
    key_from_words,
    needs_passphrase,
    open_books,
    open_secrets,
)
from sacco_desktop.services.books.work import CLOCK
from sacco_desktop.services.people import people_changes
from sacco_desktop.services.people.people_changes import LetIn
from sacco_desktop.settings import Settings

SHORTEST_PASSPHRASE = 12


class Door(StrEnum):
    """What a person has to bring before the books open."""

    OPEN = "nothing"
    NEW = "a passphrase for new books"
    SEALED = "the passphrase of these books"
    KEYLESS = "the key from the recovery sheet"


def door(settings: Settings) -> Door:
    """What has to be asked for. Raises like open_secrets when the keyring is locked."""
    if needs_passphrase(settings):
        if settings.secrets_path.exists():
            return Door.SEALED
        return Door.KEYLESS if settings.books_path.exists() else Door.NEW
    has_key = open_secrets(settings).read(KEY_NAME) is not None
    return Door.KEYLESS if settings.books_path.exists() and not has_key else Door.OPEN


def with_passphrase(settings: Settings, passphrase: str) -> Settings:
    """The settings with the passphrase that opens the secrets. Raises InvalidInput under `passphrase`."""
    FileSecrets(settings.secrets_path, passphrase)
    return replace(settings, passphrase=passphrase)


def with_new_passphrase(settings: Settings, passphrase: str, again: str) -> Settings:
    """The settings with a passphrase for a new sealed file. Raises InvalidInput under `passphrase` or `again`."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput(
            f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters. Four or five words are good.",
            "passphrase",
        )
    if again != passphrase:
        raise InvalidInput("The two passphrases differ. Type them again.", "again")
    return replace(settings, passphrase=passphrase)


def enter_recovery_key(settings: Settings, words: str, now: Callable[[], datetime]) -> Settings:
    """Put the key from the recovery sheet where the start looks for it; `settings` hold the new passphrase, if any.

    The key is tried on the books first. A sealed file whose passphrase is lost is laid aside, never overwritten; the
    secrets of M-Pesa and of the relays in it must be entered anew. Raises InvalidInput under `words`.
    """
    key = key_from_words(words)
    # Books on a server are tried when they are opened; here they would need its password first.
    if settings.database_url is None:
        _try_key(settings, key)
    if settings.passphrase is not None and settings.secrets_path.exists():
        aside = settings.secrets_path.with_name(f"secrets-{now():%Y%m%d-%H%M%S-%f}.sealed")
        settings.secrets_path.rename(aside)
    open_secrets(settings).write(KEY_NAME, key.hex())
    return settings


def let_in_by_sheet(
    settings: Settings, words: str, person: tuple[str, str], now: Callable[[], datetime]
) -> str:
    """Give a person (user name, new password) a way in to whoever brings the printed sheet; says what was done.

    Raises InvalidInput under `words`, NotFound.
    """
    if key_from_words(words) != books_key(settings, open_secrets(settings)):
        raise InvalidInput(
            "This is not the key of these books. Compare it with the sheet, group by group.",
            "words",
        )
    with open_books(settings, now, doing="let-in") as books:
        books.write(people_changes.let_in, LetIn(*person), actor=CLOCK)
    return f"{person[0]} signs in with the new password. Sending is stopped until a treasurer has asked who was there."


def _try_key(settings: Settings, key: bytes) -> None:
    # Opening a file that is not there would make an empty one.
    if not settings.books_path.exists():
        raise InvalidInput(
            f"There are no books in {settings.data_dir}. Copy them there first.", "words"
        )
    try:
        open_database(settings.books_path, key).close()
    except BooksDamaged as error:
        raise InvalidInput(
            "This key does not open these books. Compare it with the sheet, group by group.",
            "words",
        ) from error
