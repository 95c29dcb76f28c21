"""Tables as files in open forms: CSV for people and spreadsheets, JSON lines for programs, which lose nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sacco_desktop.documents.report_cells import clean_text, starts_like_formula

Value = str | int | bool | None
# The mark by which spreadsheets know UTF-8.
_MARK = "\ufeff"


def write_table(
    folder: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]
) -> int:
    """Write NAME.csv and NAME.jsonl into the folder, row by row; returns how many rows there were."""
    count = 0
    with (
        (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as table,
        (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as lines,
    ):
        table.write(_MARK)
        writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            plain = dict(zip(columns, row, strict=True))
            lines.write(json.dumps(plain, ensure_ascii=False) + "\n")
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
