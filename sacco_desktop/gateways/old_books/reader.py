"""Has a file of old books read by a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import Cell, OldFile, Sheet
from sacco_desktop.gateways.old_books.limits import LIMITS, PDF, Limits, megabytes

_NO_TABLE = "This is a page or a document, no table. Open it in Excel and save it as .xlsx or .csv."
READ_COMMAND = "read-workbook"
_NO_WINDOW = 0x0800_0000  # CREATE_NO_WINDOW of Windows; a console would flash otherwise.


def read_file(
    path: Path,
    limits: Limits = LIMITS,
    command: Callable[[], list[str]] | None = None,
    *,
    is_statement: bool = False,
) -> OldFile:
    """The file as plain cells. Raises InvalidInput under `file` that names the limit or says what the file is not.

    `command` starts the reading process; it is another one only where that is being tested. A
    statement may be a PDF with text, and its dates come with their times, as datetimes without a zone.
    """
    data = _bytes_of(path, limits)
    answer, ended = _answer(data, limits, (command or reading_command)())
    if ended:
        raise InvalidInput(f"{path.name} was not read. {ended}. Nothing was imported.", "file")
    fingerprint = hashlib.sha256(data).hexdigest()
    return file_of(path.name, fingerprint, answer.splitlines(), is_statement=is_statement)


def reading_command() -> list[str]:
    """How the reading process is started: our own program, whether it is installed or built."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-I", "-m", "sacco_desktop", READ_COMMAND]
    # A windowed program of Windows has no pipes to answer on; its console twin beside it has.
    own = Path(sys.executable)
    twin = own.with_name("sacco-desktop-console.exe")
    return [str(twin if twin.exists() else own), READ_COMMAND]


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be opened: {error.strerror}.", "file") from error
    if not data:
        raise InvalidInput(f"{path.name} is empty.", "file")
    if len(data) > limits.file_bytes:
        raise InvalidInput(
            f"{path.name} is larger than {megabytes(limits.file_bytes)}. Save its sheets as files of their own.",
            "file",
        )
    return data


def _answer(data: bytes, limits: Limits, command: list[str]) -> tuple[bytes, str]:
    """What the process said, and why it did not end well; empty words when it did."""
    process = subprocess.Popen(  # noqa: S603  (our own program, and no word of the file is in the command)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
    )
    too_late = threading.Event()

    def end() -> None:
        too_late.set()
        process.kill()

    clock = threading.Timer(limits.seconds, end)
    clock.start()
    try:
        answer = _talk(process, data, limits)
    finally:
        clock.cancel()
        clock.join()
        process.kill()
        process.wait()
    if too_late.is_set():
        return b"", f"Reading took longer than {limits.seconds} seconds"
    if len(answer) > limits.answer_bytes:
        return b"", f"It holds more than {megabytes(limits.answer_bytes)} of text"
    if not answer.endswith(b"\n"):
        return b"", f"Reading took more than {megabytes(limits.memory_bytes)} of memory, or failed"
    return answer, ""


def _talk(process: subprocess.Popen[bytes], data: bytes, limits: Limits) -> bytes:
    assert process.stdin is not None, "it was started with pipes"
    assert process.stdout is not None, "it was started with pipes"
    with process.stdout:
        try:
            with process.stdin:
                process.stdin.write(data)
        except OSError:
            # It ended before it had read everything; what it said, if anything, says why.
            pass
        return process.stdout.read(limits.answer_bytes + 1)


def file_of(
    name: str, fingerprint: str, answer: Iterable[str | bytes], *, is_statement: bool = False
) -> OldFile:
    """The file of which the reading process told line by line. Raises InvalidInput under `file`."""
    made_of, complete = "", False
    sheets: list[tuple[str, int, list[tuple[Cell, ...]]]] = []
    for line in answer:
        item: Any = json.loads(line)
        if isinstance(item, list):
            sheets[-1][2].append(tuple(_cell(one, is_statement=is_statement) for one in item))
        elif "refused" in item:
            raise InvalidInput(f"{name} was not read. {item['refused']}", "file")
        elif "sheet" in item:
            sheets.append((str(item["sheet"]), int(item["first_row"]), []))
        elif "made_of" in item:
            made_of = str(item["made_of"])
            if made_of == PDF and not is_statement:
                raise InvalidInput(f"{name} was not read. {_NO_TABLE}", "file")
        else:
            complete = "end" in item
    if not complete:
        raise InvalidInput(f"{name} was read in part only. Nothing was imported.", "file")
    found = tuple(Sheet(title, tuple(rows), first) for title, first, rows in sheets if rows)
    if not found:
        raise InvalidInput(f"{name} has no rows.", "file")
    return OldFile(name, fingerprint, made_of, found)


def _cell(one: Any, *, is_statement: bool) -> Cell:
    if isinstance(one, dict):
        if is_statement and "time" in one:
            return datetime.fromisoformat(f"{one['day']}T{one['time']}")
        return date.fromisoformat(one["day"])
    if one is None or isinstance(one, str | bool | int | float):
        return one
    raise TypeError("The reading process answered what is no cell.")
