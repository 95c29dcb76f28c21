"""The process that reads one file of old books: bytes in, plain cells out as JSON, one row a line.

It opens no file, calculates no formula and runs no macro. It bounds its own memory where the system lets it (Linux, and
macOS in part); Windows has no such limit here, so there the sizes that are checked beforehand and the clock bound it.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from sacco_desktop.gateways.old_books.delimited import read_delimited
from sacco_desktop.gateways.old_books.limits import LIMITS, PDF, Limits, Refused
from sacco_desktop.gateways.old_books.packed import PackedSheet, look_into
from sacco_desktop.gateways.old_books.pdf_pages import read_pdf

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> int:
    """Read a file from standard input and answer on standard output; 0 when it was read, 3 when it was refused."""
    bound_memory(LIMITS)
    answer = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    data = sys.stdin.buffer.read(LIMITS.file_bytes + 1)
    try:
        for item in read(data, LIMITS):
            answer.write(json.dumps(item, ensure_ascii=False, allow_nan=False) + "\n")
    except Refused as refusal:
        answer.write(json.dumps({"refused": str(refusal)}) + "\n")
        return 3
    else:
        answer.write('{"end": true}\n')
    finally:
        answer.flush()
    return 0


def bound_memory(limits: Limits) -> None:
    """Let the system end this process when it takes more memory or time than a register needs, or writes a file."""
    try:
        import resource
    except ImportError:  # Windows has none.
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS knows some of these by name only.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def read(data: bytes, limits: Limits) -> Iterator[Any]:
    """What is answered: what the file is made of, then each sheet with its rows. Raises Refused."""
    if data.startswith(_ZIP):
        yield {"made_of": "Excel workbook (.xlsx)"}
        yield from _workbook(data, look_into(data, limits), limits)
    elif data.startswith(_OLE):
        yield {"made_of": "Excel workbook (.xls)"}
        yield from _workbook(data, {}, limits)
    elif data.startswith(b"%PDF"):
        yield {"made_of": PDF}
        for number, page in enumerate(read_pdf(data, limits), 1):
            yield {"sheet": f"Page {number}", "first_row": 1}
            yield from _cells(page, f"Page {number}", PackedSheet(), limits)
    else:
        made_of, rows = read_delimited(data, limits)
        yield {"made_of": made_of}
        yield {"sheet": "", "first_row": 1}
        yield from _cells(rows, "", PackedSheet(), limits)


def _workbook(data: bytes, looked: dict[str, PackedSheet], limits: Limits) -> Iterator[Any]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        if len(sheets) > limits.sheets:
            raise Refused(f"The file has more than {limits.sheets} sheets.")
        cells = 0
        for one in sheets:
            sheet = book.get_sheet_by_name(one.name)
            height, width = sheet.total_height, sheet.total_width
            cells += height * width
            if height > limits.rows or width > limits.columns or cells > limits.cells:
                raise Refused(
                    f"The sheet {one.name} has {height:,} rows and {width:,} columns. A file may have"
                    f" {limits.rows:,} rows, {limits.columns} columns and {limits.cells:,} cells."
                )
            yield {"sheet": one.name, "first_row": 1}
            rows = sheet.to_python(skip_empty_area=False)
            yield from _cells(rows, one.name, looked.get(one.name, PackedSheet()), limits)
    except PasswordError as error:
        raise Refused(
            "The file has a password. Open it in Excel and save a copy without one."
        ) from error
    except CalamineError as error:
        raise Refused("The file is damaged or is no Excel workbook. Nothing was read.") from error


def _cells(
    rows: Iterable[Iterable[Any]], sheet: str, looked: PackedSheet, limits: Limits
) -> Iterator[list[Any]]:
    for at, row in enumerate(rows):
        cells = [_plain(cell, sheet, at, limits) for cell in row]
        for column, text in looked.formulas.get(at, ()):
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text
        while cells and cells[-1] is None:
            cells.pop()
        yield cells


def _plain(cell: Any, sheet: str, at: int, limits: Limits) -> Any:
    """A cell as JSON can say it: nothing, text, yes or no, a number, or a day as `{"day": "2025-01-01"}`,
    with its time where there is one.
    """
    match cell:
        case None | "":
            return None
        case bool() | int():
            return cell
        case float():
            return cell if math.isfinite(cell) else str(cell)
        case str():
            if len(cell) > limits.cell_letters:
                where = f"of sheet {sheet}" if sheet else "of the file"
                raise Refused(
                    f"A cell in row {at + 1} {where} has more than {limits.cell_letters:,} letters."
                )
            # What cannot be written as UTF-8 is shown as a question mark and refused as a name or figure.
            return cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", "?")
        case datetime():
            day = {"day": cell.date().isoformat()}
            # A register means the day; only what reads statements looks at the time.
            return day if cell.time() == time() else {**day, "time": cell.time().isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case time() | timedelta():
            return str(cell)
    return str(cell)
