"""Pictures of PDF pages for preview and printer. PDFium must never work in two threads at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pypdfium2

from sacco_desktop.domain.errors import InvalidInput

LEAST_DPI = 18
GREATEST_DPI = 600  # an A4 page in four bytes a dot is then 140 MB; more would starve an office PC
_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as dots: `rgba` holds four bytes a dot, row by row from the top, without padding."""

    width: int
    height: int
    rgba: bytes


def page_count(pdf: bytes) -> int:
    """How many pages the PDF has. Raises `InvalidInput` when the bytes are no PDF."""
    with _opened(pdf) as document:
        return len(document)


def render_page(pdf: bytes, page: int, dpi: int) -> PagePicture:
    """The picture of a page, counted from 0, at `dpi` dots per inch (kept within 18 to 600).

    Raises `InvalidInput` when the bytes are no PDF or have no such page.
    """
    scale = min(max(dpi, LEAST_DPI), GREATEST_DPI) / 72
    with _opened(pdf) as document:
        if not 0 <= page < len(document):
            raise InvalidInput(
                f"This paper has {len(document)} pages; there is no page {page + 1}.", "page"
            )
        opened = document[page]
        bitmap = opened.render(scale=scale, rev_byteorder=True, force_bitmap_format=_FOUR_BYTES)
        try:
            return _picture(bitmap)
        finally:
            bitmap.close()
            opened.close()


_FOUR_BYTES = pypdfium2.raw.FPDFBitmap_BGRA


def _picture(bitmap: Any) -> PagePicture:
    """The bitmap's bytes without the padding that PDFium may leave at the end of each row."""
    line = bitmap.width * 4
    raw = bytes(bitmap.buffer)
    if bitmap.stride != line:
        starts = range(0, bitmap.stride * bitmap.height, bitmap.stride)
        raw = b"".join(raw[start : start + line] for start in starts)
    return PagePicture(bitmap.width, bitmap.height, raw)


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    """The document, with PDFium for ourselves until it is closed again."""
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise InvalidInput("This file is not a PDF that can be shown.", "pdf") from error
        try:
            yield document
        finally:
            document.close()
