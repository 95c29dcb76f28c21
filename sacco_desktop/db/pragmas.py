"""What every connection to the file of the books must be: durable, guarded and encrypted. SQLite says nothing when a
pragma does not take, so each one is read back, and a connection that answers otherwise is refused.
"""

from __future__ import annotations

from typing import Any

from sacco_desktop.domain.errors import WrongState

# `fullfsync` is what makes a sync reach the drive on macOS; nothing is freed or sorted in clear on a disk.
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "fullfsync": "ON",
    "foreign_keys": "ON",
    "busy_timeout": "15000",
    "trusted_schema": "OFF",
    "secure_delete": "ON",
    "temp_store": "MEMORY",
}

# What SQLite answers when it is asked how they stand.
ANSWERS: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "fullfsync": 1,
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "trusted_schema": 0,
    "secure_delete": 1,
    "temp_store": 2,
}

# How SQLCipher 4 seals each page. It is never set: other values could not open books that are there, and a library
# with other defaults would begin books that no other computer opens.
SEAL: dict[str, object] = {
    "cipher_status": "1",
    "cipher_page_size": "4096",
    "cipher_use_hmac": "1",
    "cipher_hmac_algorithm": "HMAC_SHA512",
    "cipher_kdf_algorithm": "PBKDF2_HMAC_SHA512",
    "kdf_iter": "256000",
    "cipher_plaintext_header_size": "0",
    # Wiping all memory costs a fifth of the speed, and the key is in the memory of this program anyway.
    "cipher_memory_security": "0",
}
_OLDEST_SQLCIPHER = 4


def set_up(connection: Any, key: bytes, *, read_only: bool) -> None:
    """Unlock a new connection of the driver and make it what it must be. Raises WrongState, or the driver's error for
    a key that does not fit.
    """
    # We say BEGIN ourselves; the driver's own way lost updates.
    connection.isolation_level = None
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    _check_seal(connection)
    # A wrong key shows here and not at the first query of a person.
    connection.execute("SELECT count(*) FROM sqlite_master")
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    _check_pragmas(connection)
    if read_only:
        connection.execute("PRAGMA query_only=ON")


def _check_seal(connection: Any) -> None:
    version = _answer(connection, "cipher_version")
    is_cipher = isinstance(version, str) and int(version.split(".")[0]) >= _OLDEST_SQLCIPHER
    if not is_cipher or any(_answer(connection, name) != value for name, value in SEAL.items()):
        raise WrongState(
            "The books would not be encrypted here as they must be, because a part of Sacco Desktop is not the one it"
            " was made with. Nothing was changed. Install Sacco Desktop again."
        )


def _check_pragmas(connection: Any) -> None:
    for name, value in ANSWERS.items():
        if _answer(connection, name) != value:
            raise WrongState(
                "The books cannot be kept safely in this folder: it does not let them survive a power cut. Nothing was"
                " changed. Put them on this computer's own disk; several computers share books through PostgreSQL."
            )


def _answer(connection: Any, name: str) -> object:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return None if row is None else row[0]
