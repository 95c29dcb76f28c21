"""Looks into an .xlsx file before it is opened: how large it would become, how far its cells reach, and which formulas
have no figure. Nothing is calculated.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring

from sacco_desktop.gateways.old_books.limits import Limits, Refused, megabytes

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 16
_SMALL = 100_000
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,300}?\br="([A-Z]{1,4})([0-9]{1,9})"[^>]{0,300}?(/?)>')
_UNSTORED = re.compile(
    rb'<(?:\w+:)?c\b[^>]{0,300}?\br="([A-Z]{1,4})([0-9]{1,9})"[^>]{0,300}?>\s*'
    rb"<(?:\w+:)?f\b[^>]{0,300}?(?:/>|>([^<]{0,8000})</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)"
)
_TYPES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(slots=True)
class PackedSheet:
    """What a look into one sheet found: its formulas without a figure by row, each with its column; both from 0."""

    formulas: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def look_into(data: bytes, limits: Limits) -> dict[str, PackedSheet]:
    """Each sheet by name. Raises Refused, naming the limit, before anything large is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _refuse_bomb(packed, limits)
            return {name: _scan(packed, part, name, limits) for name, part in _sheets(packed)}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ParseError) as error:
        raise Refused("The file is damaged or is no Excel workbook. Nothing was read.") from error


def _refuse_bomb(packed: zipfile.ZipFile, limits: Limits) -> None:
    parts = packed.infolist()
    if len(parts) > limits.parts:
        raise Refused(f"The file holds more than {limits.parts:,} parts, so it was not opened.")
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise Refused(
            f"The file would unpack to more than {megabytes(limits.unpacked_bytes)}, so it was not opened."
        )
    for part in parts:
        if part.file_size > _SMALL and part.file_size > limits.ratio * max(part.compress_size, 1):
            raise Refused(
                f"A part of the file would unpack to more than {limits.ratio} times its size,"
                " as no register does. It was not opened."
            )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise Refused(
            "This is no .xlsx workbook. Open it where it was made and save it as .xlsx or .csv."
        )


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part that holds it."""
    targets = {}
    for link in _tree(packed, "xl/_rels/workbook.xml.rels"):
        targets[link.get("Id", "")] = link.get("Target", "").lstrip("/").removeprefix("xl/")
    known = set(packed.namelist())
    for element in _tree(packed, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        target = next((text for name, text in element.items() if name.endswith("}id")), "")
        part = f"xl/{targets.get(target, '')}"
        if part in known and "worksheets/" in part:
            yield element.get("name", ""), part


def _tree(packed: zipfile.ZipFile, part: str) -> Element:
    if part not in packed.namelist() or packed.getinfo(part).file_size > _CHUNK:
        raise Refused("The file is damaged or is no Excel workbook. Nothing was read.")
    text = packed.read(part)
    _refuse_types(text)
    return fromstring(text)  # noqa: S314  (its size is bounded, and what declares entities was refused)


def _refuse_types(text: bytes) -> None:
    if _TYPES.search(text):
        raise Refused(
            "The file declares a document type of its own, as no workbook does. It was not opened."
        )


def _scan(packed: zipfile.ZipFile, part: str, name: str, limits: Limits) -> PackedSheet:
    found, unpacked, tail = PackedSheet(), 0, b""
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > limits.unpacked_bytes:
                raise Refused(
                    f"The sheet {name} unpacks to more than {megabytes(limits.unpacked_bytes)}."
                )
            text = tail + chunk
            # A cell that the chunk cuts in two is looked at again as a whole with the next one.
            cut = text.rfind(b"<", 0, max(len(text) - _LONGEST_CELL, 0))
            tail = text[cut:] if cut > 0 else text[-_LONGEST_CELL:]
            _look_at(text, name, limits, found)
    return found


def _look_at(text: bytes, name: str, limits: Limits, found: PackedSheet) -> None:
    _refuse_types(text)
    for cell in _CELL.finditer(text):
        row, column = int(cell[2]), _column(cell[1])
        if not cell[3] and (row > limits.rows or column >= limits.columns):
            where = f"{cell[1].decode()}{row}"
            raise Refused(
                f"The sheet {name} has something in cell {where}. A sheet may have {limits.rows:,} rows"
                f" and {limits.columns} columns; clear what is beyond that."
            )
    for cell in _UNSTORED.finditer(text):
        formula = (cell[3] or b"").decode("utf-8", "replace")[:200]
        in_row = found.formulas.setdefault(int(cell[2]) - 1, [])
        in_row.append((_column(cell[1]), f"={formula}"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
