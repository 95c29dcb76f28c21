"""Where this installation keeps its things: read once from environment and file, by nobody else."""

from __future__ import annotations

import os
import socket
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

SETTINGS_FILE = "sacco-desktop.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The few facts that differ from one PC to another; what differs between societies is a dated row in the books.

    `data_dir` holds the books, their backups and the log. `keyring` is "system" for the keyring of the operating
    system or "file" for a passphrase-protected file in `data_dir`. `passphrase` opens that file without asking and is
    meant for practice offices and unattended PCs; None means that a person types it. `database_url` is the address of
    a PostgreSQL that several PCs share, without a password, which the keyring keeps; None means a file in `data_dir`.
    """

    data_dir: Path
    pc_name: str
    keyring: str = "system"
    passphrase: str | None = None
    database_url: str | None = None

    @property
    def books_path(self) -> Path:
        """The encrypted database file of the society."""
        return self.data_dir / "books.db"

    @property
    def backup_dir(self) -> Path:
        """Where copies of the books are put, before each migration at the least."""
        return self.data_dir / "backups"

    @property
    def log_path(self) -> Path:
        """The log file that a crash dialog points to."""
        return self.data_dir / "sacco-desktop.log"

    @property
    def habits_path(self) -> Path:
        """How people left the window: columns, filters, sizes."""
        return self.data_dir / "window.json"

    @property
    def secrets_path(self) -> Path:
        """The passphrase-protected file of secrets, used where there is no keyring."""
        return self.data_dir / "secrets.sealed"

    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r}, pc_name={self.pc_name!r}, keyring={self.keyring!r})"


def resources_dir() -> Path:
    """The folder of icons, fonts, charts and tariffs: beside the package, or unpacked by the frozen program."""
    frozen_home = getattr(sys, "_MEIPASS", None)
    home = Path(frozen_home) if frozen_home else Path(__file__).resolve().parent.parent
    return home / "resources"


def read_settings(
    environment: Mapping[str, str] | None = None, *, data_dir: Path | None = None
) -> Settings:
    """The settings of this PC. An argument wins over the environment, the environment over the file in the
    data folder.
    """
    env = os.environ if environment is None else environment
    home = data_dir or Path(env.get("SACCO_DATA_DIR") or user_data_path("Sacco Desktop", False))
    from_file = _read_file(home / SETTINGS_FILE)
    return Settings(
        data_dir=home,
        pc_name=env.get("SACCO_PC_NAME") or from_file.get("pc_name") or socket.gethostname(),
        keyring=env.get("SACCO_KEYRING") or from_file.get("keyring") or "system",
        passphrase=env.get("SACCO_PASSPHRASE"),
        database_url=env.get("SACCO_DATABASE_URL") or from_file.get("database_url") or None,
    )


def system_clock() -> datetime:
    """The time of this computer, in UTC. Everything else is given a clock, and at the program's start it is
    this one.
    """
    return datetime.now(UTC)


def has_display(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a window can be shown to a person: always on Windows and macOS, by DISPLAY or WAYLAND_DISPLAY
    elsewhere.
    """
    env = os.environ if environment is None else environment
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))
