"""A connection that is not durable, guarded and encrypted as it must be is refused: each way planted once, for real."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from sacco_desktop.db import engine, pragmas
from sacco_desktop.db.engine import open_database
from sacco_desktop.domain.errors import WrongState
from tests.make import KEY

pytestmark = pytest.mark.only_on("sqlite", "a server has no such pragmas")

WRONG_PRAGMAS = {
    "journal_mode": "DELETE",
    "synchronous": "NORMAL",
    "fullfsync": "OFF",
    "foreign_keys": "OFF",
    "busy_timeout": "1",
    "trusted_schema": "ON",
    "secure_delete": "OFF",
    "temp_store": "FILE",
}
# Defaults of the library, which new files take on: another build of it may have others.
WRONG_DEFAULTS = {
    "cipher_default_page_size": ("8192", "4096"),
    "cipher_default_use_hmac": ("OFF", "ON"),
    "cipher_default_hmac_algorithm": ("HMAC_SHA1", "HMAC_SHA512"),
    "cipher_default_kdf_algorithm": ("PBKDF2_HMAC_SHA1", "PBKDF2_HMAC_SHA512"),
    "cipher_default_kdf_iter": ("4000", "256000"),
    "cipher_default_plaintext_header_size": ("32", "0"),
}


def test_every_pragma_that_we_set_has_a_wrong_value_here() -> None:
    assert WRONG_PRAGMAS.keys() == pragmas.PRAGMAS.keys() == pragmas.ANSWERS.keys()
    planted = {name.replace("_default", "") for name in WRONG_DEFAULTS}
    named_otherwise = {"cipher_kdf_iter": "kdf_iter"}
    elsewhere = {"cipher_status", "cipher_memory_security"}
    assert {named_otherwise.get(n, n) for n in planted} | elsewhere == pragmas.SEAL.keys()


@pytest.mark.parametrize("name", WRONG_PRAGMAS)
def test_a_pragma_that_did_not_take_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(pragmas.PRAGMAS, name, WRONG_PRAGMAS[name])
    with pytest.raises(WrongState, match="cannot be kept safely in this folder"):
        open_database(tmp_path / "books.db", KEY)


@pytest.fixture
def defaults(request: pytest.FixtureRequest) -> Iterator[None]:
    name: str = request.param
    wrong, right = WRONG_DEFAULTS[name]
    connection = sqlcipher.connect(":memory:")
    connection.execute(f"PRAGMA {name}={wrong}")
    yield
    connection.execute(f"PRAGMA {name}={right}")
    connection.close()


@pytest.mark.parametrize("defaults", WRONG_DEFAULTS, indirect=True)
@pytest.mark.usefixtures("defaults")
def test_a_library_that_seals_otherwise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongState, match="would not be encrypted here as they must be"):
        open_database(tmp_path / "books.db", KEY)


def test_a_driver_that_encrypts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own driver takes the key without a word, and writes in clear."""
    monkeypatch.setattr(engine, "sqlcipher", sqlite3)
    with pytest.raises(WrongState, match="would not be encrypted"):
        open_database(tmp_path / "books.db", KEY)
    written = tmp_path / "books.db"
    assert not written.exists() or written.stat().st_size == 0


def test_a_key_that_was_not_taken_is_refused() -> None:
    """The last thing that the driver is asked before anything is read."""
    connection = _Deaf(":memory:")
    with pytest.raises(WrongState, match="would not be encrypted"):
        pragmas.set_up(connection, KEY, read_only=False)
    connection.close()


class _Deaf(sqlcipher.Connection):  # type: ignore[misc]
    """A real connection to which the key does not get through."""

    def execute(self, statement: str, *values: object) -> object:
        if statement.startswith("PRAGMA key"):
            statement = "SELECT 1"
        return super().execute(statement, *values)
