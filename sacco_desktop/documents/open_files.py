"""Tables in open forms: CSV for people and spreadsheets, JSON lines for programs, which lose nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import TextIO

from sacco_desktop.documents.report_cells import clean_text, starts_like_formula

Value = str | int | bool | None
# The mark by which spreadsheets know UTF-8.
_MARK = "\ufeff"


def write_csv_rows(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write a heading and the rows, one after the other; returns how many rows there were."""
    out.write(_MARK)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def write_json_rows(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write each row as one JSON object on its line; returns how many there were."""
    count = 0
    for row in rows:
        plain = dict(zip(columns, row, strict=True))
        out.write(json.dumps(plain, ensure_ascii=False) + "\n")
        count += 1
    return count


def _cell(value: Value) -> str:
    """Texts can never run as formulas; figures stay figures."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    clean = clean_text(value)
    return f"'{clean}" if starts_like_formula(value) or starts_like_formula(clean) else clean
