"""Opens an office in order (secrets, books, migration, lanes) and closes it in reverse. No window and no clock yet."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sacco_desktop.db.engine import Database, open_database
from sacco_desktop.db.migrate import Migration, migrate, read_revision
from sacco_desktop.db.refusals import in_plain_words
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.gateways.secrets import FileSecrets, KeyringSecrets, SecretStore, has_keyring
from sacco_desktop.operations import books_check
from sacco_desktop.operations.books_lock import HeldBooks, hold_books
from sacco_desktop.operations.lanes import Lanes
from sacco_desktop.operations.office import Office
from sacco_desktop.services.books.work import CLOCK, Books
from sacco_desktop.services.sending import crash_recovery, payout_batches
from sacco_desktop.services.sending.crash_recovery import Recovery
from sacco_desktop.settings import Settings

# The entry of the secrets that holds the key of the books.
KEY_NAME = "books-key"
# The entry that holds the password of the database, when the books are on a server.
PASSWORD_NAME = "database-password"  # noqa: S105 - the name of an entry, no password
_NO_KEY = (
    "The key of these books is not on this computer. Enter it from the printed recovery sheet"
    " with the command recovery-key."
)
_CLOSE_SECONDS = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedOffice:
    """An office that is ready, what its migration did, what a crash had left under way, and the lock on its folder."""

    office: Office
    migration: Migration
    recovery: Recovery
    held: HeldBooks


@contextmanager
def open_office(
    settings: Settings,
    now: Callable[[], datetime],
    *,
    timeouts: Timeouts | None = None,
    doing: str = "the window",
) -> Iterator[OpenedOffice]:
    """Open the books of this PC and everything around them; close all of it when the block ends.

    `doing` is what another start is told that works here. Raises BooksInUse, InvalidInput under `passphrase`,
    BooksDamaged, OutsideUnavailable when the keyring is locked.
    """
    with (
        hold_books(settings, now, doing) as held,
        _database(settings, now, is_alone=True) as (database, store, migration),
        _office(settings, database, store, now, timeouts) as office,
    ):
        # What another PC is sending at this moment is under way and not left behind.
        recover = crash_recovery.recover if database.path else crash_recovery.recover_of_this_pc
        recovery = office.books.write(recover, None, actor=CLOCK)
        office.books.write(payout_batches.recover, None, actor=CLOCK)
        office.books.hear_others()
        yield OpenedOffice(office, migration, recovery, held)


@contextmanager
def open_books(
    settings: Settings, now: Callable[[], datetime], *, doing: str = ""
) -> Iterator[Books]:
    """Open the books alone, for a command that talks to nobody outside. Raises like open_office.

    A command that writes says what it is `doing` and has the books for itself; one that only looks works beside an
    open window.
    """
    alone = hold_books(settings, now, doing) if doing else nullcontext()
    opened = _database(settings, now, is_alone=bool(doing))
    with alone, opened as (database, _store, _migration):
        yield Books(database, now=now, pc_name=settings.pc_name)


@contextmanager
def _database(
    settings: Settings, now: Callable[[], datetime], *, is_alone: bool
) -> Iterator[tuple[Database, SecretStore, Migration]]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = open_secrets(settings)
    was_cut_off = books_check.was_cut_off(settings)
    if was_cut_off and is_alone:
        with in_plain_words():
            books_check.look_through_copy(settings, books_key(settings, store), now())
    database = _open(settings, store)
    try:
        with in_plain_words():
            if is_alone and not was_cut_off:
                books_check.look_through(database, now())
            if database.witness is not None:
                # An upgrade writes a log, too, and may be killed in the middle of it.
                database.witness.begin()
            migration = migrate(database, settings.backup_dir, now())
        yield database, store, migration
    finally:
        database.close()


def _open(settings: Settings, store: SecretStore) -> Database:
    """The file of this PC, or the database that several PCs share when the settings name one."""
    if settings.database_url is None:
        return open_database(settings.books_path, books_key(settings, store))
    return _open_shared(settings.database_url, store)


def _open_shared(url: str, store: SecretStore) -> Database:
    """The first PC draws the key under which the server gets personal columns; every other PC has to be given it."""
    # The driver of a server takes long to load, and most offices have none.
    from sacco_desktop.db.postgresql import open_postgresql

    kept = store.read(KEY_NAME)
    key = secrets.token_bytes(32) if kept is None else bytes.fromhex(kept)
    database = open_postgresql(url, key, store.read(PASSWORD_NAME))
    if kept is None:
        if read_revision(database.reader) is not None:
            database.close()
            raise BooksDamaged(_NO_KEY)
        store.write(KEY_NAME, key.hex())
    return database


@contextmanager
def _office(
    settings: Settings,
    database: Database,
    store: SecretStore,
    now: Callable[[], datetime],
    timeouts: Timeouts | None,
) -> Iterator[Office]:
    lanes = Lanes()
    books = Books(database, now=now, pc_name=settings.pc_name)
    office = Office(books, lanes, store, now=now, timeouts=timeouts)
    try:
        yield office
    finally:
        lanes.submit_async(office.aclose).result(_CLOSE_SECONDS)
        if not lanes.close(_CLOSE_SECONDS):
            log.warning("Something still ran when the program closed; the books are safe.")


def needs_passphrase(settings: Settings) -> bool:
    """Whether a person must be asked: the secrets lie in a sealed file and nobody has said its passphrase."""
    return settings.passphrase is None and uses_sealed_file(settings)


def uses_sealed_file(settings: Settings) -> bool:
    """Whether the secrets lie in a sealed file: there is no keyring here, or the settings say so."""
    return settings.keyring != "system" or not has_keyring()


def open_secrets(settings: Settings) -> SecretStore:
    """The keyring of this PC, or the sealed file where there is none or the settings say so."""
    if not uses_sealed_file(settings):
        return KeyringSecrets(_books_label(settings))
    if settings.passphrase is None:
        raise InvalidInput(
            "This computer has no keyring, so the secrets of these books need a passphrase.",
            "passphrase",
        )
    return FileSecrets(settings.secrets_path, settings.passphrase)


def _books_label(settings: Settings) -> str:
    """The name of these books in the keyring. It moves with the folder, and a second folder gets its own."""
    file = settings.data_dir / "books.id"
    if not file.exists():
        file.write_text(secrets.token_hex(8), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def books_key(settings: Settings, store: SecretStore) -> bytes:
    """The key of the books: drawn once for new books. Raises BooksDamaged when books are there and their key is not."""
    kept = store.read(KEY_NAME)
    if kept is not None:
        return bytes.fromhex(kept)
    if settings.books_path.exists():
        raise BooksDamaged(_NO_KEY)
    key = secrets.token_bytes(32)
    store.write(KEY_NAME, key.hex())
    return key


def recovery_words(key: bytes) -> str:
    """The key of the books for the recovery sheet: 16 groups of four hexadecimal digits."""
    text = key.hex().upper()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def key_from_words(words: str) -> bytes:
    """The key that stands on a recovery sheet, with or without its gaps. Raises InvalidInput under `words`."""
    text = "".join(words.split()).replace("-", "")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise InvalidInput("The recovery key has 16 groups of four letters and digits.", "words")
    return key


def take_recovery_words(store: SecretStore, words: str) -> None:
    """Put the key from a recovery sheet into the keyring of this PC. Raises InvalidInput under `words`."""
    store.write(KEY_NAME, key_from_words(words).hex())
