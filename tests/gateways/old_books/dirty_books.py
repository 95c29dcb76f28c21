"""Workbooks as they come from societies and from people who mean harm, made anew by the tests."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlwt
from openpyxl import Workbook

HEAD = ("M/No.", "Names", "ID No", "Tel", "Date Joined", "Deposits", "Share Capital")
JANE = (1, "JANE WANJIKU KAMAU", 23456789, 712345678, date(2019, 3, 25), 184500, 20000)
OTIENO = (2, "Otieno Okoth", 11223344, 733111222, date(2020, 4, 13), 500.5, 0)
Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, change: Callable[[Any], None] | None = None) -> bytes:
    """An .xlsx workbook with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "MEMBERS"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def large_xlsx(count: int) -> bytes:
    """A register of very many members: five columns of figures and one name below a heading."""
    lines = [
        f'<row r="{at}"><c r="A{at}"><v>{at}</v></c><c r="B{at}" t="inlineStr"><is><t>Jane Kamau</t></is></c>'
        f'<c r="C{at}"><v>{10_000_000 + at}</v></c><c r="D{at}"><v>{700_000_000 + at}</v></c>'
        f'<c r="E{at}"><v>43924</v></c><c r="F{at}"><v>184500.5</v></c></row>'
        for at in range(2, count + 2)
    ]
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>"
    )
    return with_part(xlsx([HEAD]), SHEET_PART, sheet.encode())


def xls(rows: Rows) -> bytes:
    """A workbook of the old kind."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("MEMBERS")
    style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                day = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 (a cell has no zone)
                sheet.write(at, column, day, style)
            else:
                sheet.write(at, column, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A table of text."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def long_text(letters: int) -> bytes:
    """A workbook with a text longer than any that a spreadsheet program would keep in a cell."""
    part, book = "xl/worksheets/sheet1.xml", xlsx([("long",)])
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return with_part(book, part, parts.read(part).replace(b"long", b"x" * letters))


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part of it exchanged."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


SHEET_PART = "xl/worksheets/sheet1.xml"


def quiet_bomb() -> bytes:
    """A part that unpacks to a thousand times its size and stays below the size that is refused."""
    return with_part(xlsx([HEAD, JANE]), SHEET_PART, b"<worksheet>" + b" " * 20_000_000)


def far_cell() -> bytes:
    """One word in the last cell that a sheet can have."""
    return xlsx([HEAD, JANE], lambda sheet: sheet.cell(1_048_576, 16_384, "x"))


def laughs() -> bytes:
    """Entities that grow by the thousand when they are read."""
    lines = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    evil = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{lines}]><worksheet>&a9;</worksheet>'
    )
    return with_part(xlsx([HEAD, JANE]), SHEET_PART, evil.encode())


def entity_in_workbook() -> bytes:
    """An entity that names a file of the computer."""
    evil = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&f;</workbook>'
    return with_part(xlsx([HEAD, JANE]), "xl/workbook.xml", evil)


def written(folder: Path, name: str, data: bytes) -> Path:
    """The bytes as a file."""
    path = folder / name
    path.write_bytes(data)
    return path
