"""Reads a PDF as another program would: text, places of letters, fonts and properties."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn string: its letters, and the box of their ink in points from the lower left."""

    page: int
    text: str
    left: float
    bottom: float
    right: float
    top: float
    font: str
    is_embedded: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with the right edge of its advance, which is what aligns in a column."""

    text: str
    baseline_box: tuple[float, float, float, float]

    @property
    def right(self) -> float:
        return round(self.baseline_box[2], 2)


@contextmanager
def _document(pdf: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def text_by_line(pdf: bytes) -> str:
    """All text, one line of print a line, the pages divided by a line that numbers them."""
    parts: list[str] = []
    with _document(pdf) as document:
        for number, page in enumerate(document, start=1):
            lines = page.get_textpage().get_text_range().splitlines()
            parts += [f"=== page {number}", *(line.rstrip() for line in lines)]
    return "\n".join(parts) + "\n"


def flat_text(pdf: bytes) -> str:
    """All text with the ends of lines as spaces."""
    return " ".join(text_by_line(pdf).split())


def properties(pdf: bytes) -> dict[str, str]:
    """Title, author and the other properties of the file."""
    with _document(pdf) as document:
        return dict(document.get_metadata_dict())


def pieces(pdf: bytes) -> list[Piece]:
    """Every drawn string of every page."""
    found: list[Piece] = []
    with _document(pdf) as document:
        for number, page in enumerate(document):
            text_page = page.get_textpage()
            for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(each.raw)
                name = (ctypes.c_char * 128)()
                raw.FPDFFont_GetBaseFontName(font, name, 128)
                embedded = raw.FPDFFont_GetIsEmbedded(font) == 1
                text = _text_of(each, text_page)
                left, bottom, right, top = each.get_bounds()
                box = (left, bottom, right, top)
                found.append(Piece(number, text, *box, name.value.decode(), embedded))
    return found


def _text_of(text_object: Any, text_page: Any) -> str:
    length = raw.FPDFTextObj_GetText(text_object.raw, text_page.raw, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    raw.FPDFTextObj_GetText(text_object.raw, text_page.raw, buffer, length)
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0")


def letters(pdf: bytes, page: int = 0) -> list[Letter]:
    """The letters of a page in reading order; the boxes have the width of the advance."""
    with _document(pdf) as document:
        text_page = document[page].get_textpage()
        return [
            Letter(text_page.get_text_range(i, 1), text_page.get_charbox(i, loose=True))
            for i in range(text_page.count_chars())
        ]
