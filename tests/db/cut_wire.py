"""A wire between the program and PostgreSQL that a test can cut at the worst moment: around a COMMIT."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from tests.postgresql_server import ON_WINDOWS, Server


class Cut(StrEnum):
    """What happens to the next COMMIT that passes."""

    NOT = "nothing"
    BEFORE = "it never reaches the server"
    AFTER = "it is done, and the answer is lost"
    AFTER_AND_AWAY = "it is done, the answer is lost, and the server is away for a while"


class Wire:
    """Listens where the program thinks the server is, and carries bytes both ways until it is told to cut."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self.next_commit = Cut.NOT
        self.is_away = False
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        family = socket.AF_INET if ON_WINDOWS else socket.AF_UNIX
        self._listener = socket.socket(family)
        self._listener.bind(("127.0.0.1", 0) if ON_WINDOWS else str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._start(self._accept)

    def url(self, database: str) -> str:
        """The address of a database by way of this wire."""
        if ON_WINDOWS:
            return f"postgresql://postgres@127.0.0.1:{self._listener.getsockname()[1]}/{database}"
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def close(self) -> None:
        """Cut everything and wait for the threads."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut(*self._ends)
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *given: object) -> None:
        thread = threading.Thread(target=target, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                program, _from = self._listener.accept()
            except OSError:
                return
            self._ends.append(program)
            if self.is_away:
                self._cut(program)
                continue
            server = socket.socket(self._listener.family)
            host, port = self._server.host, self._server.port
            server.connect((host, port) if ON_WINDOWS else f"{host}/.s.PGSQL.{port}")
            self._ends.append(server)
            self._start(self._to_server, program, server)
            self._start(self._to_program, server, program)

    def _to_server(self, program: socket.socket, server: socket.socket) -> None:
        while data := _receive(program):
            if b"COMMIT\0" in data and self.next_commit is not Cut.NOT:
                cut, self.next_commit = self.next_commit, Cut.NOT
                self.is_away = cut is Cut.AFTER_AND_AWAY
                if cut is not Cut.BEFORE:
                    # From here on nothing that the server says comes back.
                    program.shutdown(socket.SHUT_RDWR)
                    server.sendall(data)
                self._cut(program)
                if cut is Cut.BEFORE:
                    self._cut(server)
                return
            with suppress(OSError):
                server.sendall(data)
        self._cut(server)

    def _to_program(self, server: socket.socket, program: socket.socket) -> None:
        while data := _receive(server):
            try:
                program.sendall(data)
            except OSError:
                # The answer to the COMMIT came, so it is done; now this end may go too.
                break
        self._cut(server, program)

    def _cut(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def _receive(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


@contextmanager
def wire_to(server: Server, folder: Path) -> Iterator[Wire]:
    """A wire for as long as the block lasts."""
    wire = Wire(server, folder)
    try:
        yield wire
    finally:
        wire.close()
