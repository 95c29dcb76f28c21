"""The most that a file of old books may be, and the sentences that name the limit it broke."""

from __future__ import annotations

from dataclasses import dataclass

_MEGABYTE = 1_000_000
# What the reading process calls a PDF, which only a statement may be.
PDF = "PDF with text"


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, time in seconds. `ratio` is how many times its size a packed part may become when unpacked."""

    file_bytes: int = 30 * _MEGABYTE
    unpacked_bytes: int = 300 * _MEGABYTE
    ratio: int = 200
    parts: int = 2_000
    sheets: int = 60
    rows: int = 200_000
    columns: int = 300
    cells: int = 4_000_000
    # A schedule in one cell: as many letters as Excel lets stand there.
    cell_letters: int = 32_767
    answer_bytes: int = 200 * _MEGABYTE
    memory_bytes: int = 2_000 * _MEGABYTE
    seconds: int = 60


LIMITS = Limits()


class Refused(Exception):
    """A file that is not read further; the message is the sentence for the person."""


def megabytes(size: int) -> str:
    """`30 MB`."""
    return f"{size // _MEGABYTE:,} MB"
