"""Reads tables of text: which encoding and which separator they have is found and told."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sacco_desktop.gateways.old_books.limits import Limits, Refused

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "upright stroke"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_MARKUP = ("<html", "<!doctype", "<table", "<?xml", "{\\rtf", "%pdf")
_SAMPLE_LINES = 50


def read_delimited(data: bytes, limits: Limits) -> tuple[str, list[list[str]]]:
    """What the text is made of, in words, and its rows. Raises Refused."""
    text, encoding = _decoded(data)
    if text[:200].lstrip().lower().startswith(_MARKUP):
        raise Refused(
            "This is a page or a document with the name of a table. Open it in Excel and save it as .xlsx or .csv."
        )
    if any(letter < " " and letter not in "\t\r\n\f" for letter in text[:10_000]):
        raise Refused(
            "This is neither a workbook nor a table of text. Save it as .xlsx, .xls or .csv."
        )
    separator = _separator(text)
    return f"Text, {encoding}, separated by {_SEPARATORS[separator]}", _rows(
        text, separator, limits
    )


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, codec, words in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(codec), words
            except UnicodeDecodeError as error:
                raise Refused(f"The file says that it is {words}, and is not.") from error
    zeros = data[:1000].count(0)
    if zeros > len(data[:1000]) // 4:
        codec = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
        return data.decode(codec, "replace"), "UTF-16 (guessed)"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252 (guessed: check the names)"
    except UnicodeDecodeError as error:
        raise Refused(
            "The letters of this file cannot be read. Save it as .xlsx, or as .csv in UTF-8."
        ) from error


def _separator(text: str) -> str:
    """The separator that gives the most lines the same number of columns, above one."""
    sample = text.splitlines()[:_SAMPLE_LINES]
    best, best_score = ",", 0
    for separator in _SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if row)
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows(text: str, separator: str, limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        with _cells_of_at_most(limits.cell_letters):
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                rows.append(row)
                if len(rows) > limits.rows:
                    raise Refused(f"The file has more than {limits.rows:,} rows.")
                if len(row) > limits.columns:
                    raise Refused(f"Row {len(rows)} has more than {limits.columns} columns.")
    except csv.Error as error:
        raise Refused(
            f"Row {len(rows) + 1} cannot be read: a cell has more than {limits.cell_letters:,} letters,"
            " or a quotation mark is missing."
        ) from error
    return rows


@contextmanager
def _cells_of_at_most(letters: int) -> Iterator[None]:
    """The library holds this limit for the whole process; whoever reads after us finds it as it was."""
    before = csv.field_size_limit(letters)
    try:
        yield
    finally:
        csv.field_size_limit(before)
