"""A real PostgreSQL for the tests: one server a session, started when the first test needs it, one database a test.

A missing PostgreSQL fails the test that needs it. Nothing is durable here, so that a copy of a database costs little.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

ON_WINDOWS = sys.platform == "win32"

# Fast and forgetful: a test server never has to survive anything; the tests of that start one of their own.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}

# PostgreSQL looks ten times a second whether the last one has left a database.
KEPT_A_WHILE = 6


class MissingPostgreSQL(Exception):
    """There are no programs of PostgreSQL here; the text says how to get them."""


def usual_places() -> list[Path]:
    """Where the programs of PostgreSQL may lie, those of the person's own choice first."""
    beside_path = shutil.which("initdb")
    return [
        *([Path(beside_path).resolve().parent] if beside_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *sorted(Path("C:/Program Files/PostgreSQL").glob("*/bin"), reverse=True),
        Path("/opt/homebrew/opt/postgresql@15/bin"),
        Path("/usr/local/opt/postgresql@15/bin"),
    ]


def programs() -> Path:
    """The folder of initdb, postgres and pg_ctl. Raises MissingPostgreSQL."""
    suffix = ".exe" if ON_WINDOWS else ""
    for place in usual_places():
        if all((place / f"{name}{suffix}").exists() for name in ("initdb", "postgres", "pg_ctl")):
            return place
    raise MissingPostgreSQL(
        "These tests need PostgreSQL. On Debian: apt-get install -y --no-install-recommends postgresql-15. On macOS:"
        " brew install postgresql@15. On Windows: winget install PostgreSQL.PostgreSQL.15."
    )


def _as_nobody_special() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so there it runs as a user who may do nothing else."""
    if ON_WINDOWS or os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """A running server. `folder` holds its data, its log and, except on Windows, its socket."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self._identity = _as_nobody_special()
        self._numbers = itertools.count(1)
        self._dropping: list[str] = []
        self._administrator: psycopg.Connection[Any] | None = None
        self.host, self.port = (
            (str(folder), 5432) if not ON_WINDOWS else ("127.0.0.1", _free_port())
        )
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])
        made = ["-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]
        self._run("initdb", *made, "--locale=C")

    def _run(self, program: str, *arguments: str) -> None:
        with (self.folder / "commands.log").open("ab") as log:
            done = subprocess.run(
                [str(programs() / program), *arguments],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")} | _windows_environment(),
                check=False,
                **self._identity,
            )
        if done.returncode:
            said = (self.folder / "commands.log").read_text(errors="replace")
            raise RuntimeError(f"{program} failed: {said[-2000:]}")

    def start(self) -> None:
        """Start and wait until connections are taken."""
        address = {
            "listen_addresses": self.host if ON_WINDOWS else "",
            "port": str(self.port),
            "unix_socket_directories": "" if ON_WINDOWS else str(self.folder),
        }
        options = " ".join(
            f"-c {name}='{value}'" for name, value in {**address, **self._settings}.items()
        )
        self._pg_ctl("-o", options, "-l", str(self.folder / "server.log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop; `immediate` is what a power cut leaves, and needs a recovery at the next start."""
        if self._administrator is not None:
            self._administrator.close()
            self._administrator = None
        self._pg_ctl("-m", mode, "-w", "stop")

    def _pg_ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), *arguments)

    def url(self, database: str) -> str:
        """The address of a database, as it would stand in the settings of a PC."""
        if ON_WINDOWS:
            return f"postgresql://postgres@{self.host}:{self.port}/{database}"
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder))}"

    def administrator(self) -> psycopg.Connection[Any]:
        """The connection of the administrator, who commits each statement by itself."""
        if self._administrator is None:
            self._administrator = psycopg.connect(
                host=self.host, port=self.port, user="postgres", dbname="postgres", autocommit=True
            )
        return self._administrator

    def create(self, template: str = "template0") -> str:
        """A new database, empty or with everything that is in `template`; its name."""
        name = f"books_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        self.administrator().execute(statement)
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, a little later: one whose connections have just been closed is waited for."""
        self._dropping.append(name)
        if len(self._dropping) > KEPT_A_WHILE:
            oldest = sql.Identifier(self._dropping.pop(0))
            self.administrator().execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(oldest)
            )


def _windows_environment() -> dict[str, str]:
    return {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if ON_WINDOWS else {}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _memory() -> Path:
    """Where a server of the tests lives: in memory where the system offers that."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _sweep(where: Path) -> None:
    """Stop the servers of test runs that were killed; each folder is named after its run."""
    for folder in () if ON_WINDOWS else where.glob("sacco-pg-*-*"):
        if not Path("/proc").is_dir() or Path("/proc", folder.name.split("-")[2]).exists():
            continue
        stop = [str(programs() / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
        subprocess.run(stop, cwd=where, capture_output=True, check=False, **_as_nobody_special())
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """A server of one's own for as long as the block lasts."""
    where = _memory()
    _sweep(where)
    folder = Path(tempfile.mkdtemp(prefix=f"sacco-pg-{os.getpid()}-", dir=where))
    try:
        server = Server(folder, **(settings or FORGETFUL))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
