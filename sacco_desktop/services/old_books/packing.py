"""How the books keep a draft: its cells, its plan and what people typed, as JSON that reads the same everywhere."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sacco_desktop.domain.old_books.cells import Cell, Sheet
from sacco_desktop.domain.old_books.checking import Corrections
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    GuarantorLine,
    Line,
    LoanLine,
    MemberLine,
    MonthsLine,
    ProductLine,
    RepaymentLine,
)
from sacco_desktop.domain.old_books.old_dates import DateOrder
from sacco_desktop.domain.old_books.plan import BookKind, Plan


def pack_rows(sheet: Sheet) -> bytes:
    """The rows of a sheet, packed."""
    rows = [[_plain(cell) for cell in row] for row in sheet.rows]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack_rows(packed: bytes) -> tuple[tuple[Cell, ...], ...]:
    """The rows again."""
    rows = json.loads(zlib.decompress(packed))
    return tuple(tuple(_cell(cell) for cell in row) for row in rows)


def _plain(cell: Cell) -> Any:
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def _cell(plain: Any) -> Cell:
    if isinstance(plain, dict):
        return date.fromisoformat(plain["day"])
    found: Cell = plain
    return found


def plan_as_text(plan: Plan) -> str:
    """The text by which the books keep a plan."""
    return json.dumps(
        {
            "kind": plan.kind.value,
            "heading_at": plan.heading_at,
            "depth": plan.depth,
            "columns": [meaning.name if meaning else "" for meaning in plan.columns],
            "as_of": plan.as_of.isoformat(),
            "order": plan.order.value if plan.order else "",
            "joined_on": plan.joined_on.isoformat() if plan.joined_on else "",
        },
        sort_keys=True,
    )


def plan_of_text(text: str) -> Plan:
    """The plan of a kept text."""
    kept = json.loads(text)
    return Plan(
        BookKind(kept["kind"]),
        kept["heading_at"],
        kept["depth"],
        tuple(Meaning[name] if name else None for name in kept["columns"]),
        date.fromisoformat(kept["as_of"]),
        DateOrder(kept["order"]) if kept["order"] else None,
        date.fromisoformat(kept["joined_on"]) if kept["joined_on"] else None,
    )


def corrections_as_text(corrections: Corrections) -> str:
    """What people typed over cells, by row and column from 0."""
    return json.dumps([[*place, text] for place, text in sorted(corrections.items())])


def corrections_of_text(text: str) -> dict[tuple[int, int], str]:
    """The corrections of a kept text."""
    return {(row, column): words for row, column, words in json.loads(text)}


# Each kind of line under a short name that stays what it is when a class is named otherwise.
_KINDS: dict[str, type[Line]] = {
    "member": MemberLine,
    "balance": BalanceLine,
    "loan": LoanLine,
    "account": AccountLine,
    "guarantor": GuarantorLine,
    "repayment": RepaymentLine,
    "months": MonthsLine,
    "product": ProductLine,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
# The places of a line, from 0, at which a day stands.
_DAYS: dict[str, tuple[int, ...]] = {
    "member": (6, 11),
    "loan": (3, 10),
    "repayment": (1,),
    "product": (3,),
}
# And the one at which a member has the lines of the file.
_FILE = MemberLine._fields.index("file")


def pack_lines(lines: Sequence[Line]) -> bytes:
    """What is asked for, packed; the same lines always give the same bytes."""
    rows = [(_NAMES[type(line)], *line) for line in lines]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return zlib.compress(text.encode(), 6)


def unpack_lines(packed: bytes) -> tuple[Line, ...]:
    """The lines again."""
    return tuple([_line(row) for row in json.loads(zlib.decompress(packed))])


def _line(values: list[Any]) -> Line:
    name = values.pop(0)
    for at in _DAYS.get(name, ()):
        # A line of an older program is shorter by what was not asked for then.
        if at < len(values) and values[at] is not None:
            values[at] = date.fromisoformat(values[at])
    if name == "member" and len(values) > _FILE:
        values[_FILE] = tuple(map(tuple, values[_FILE]))
    elif name == "months":
        values[2] = tuple(map(tuple, values[2]))
    return _KINDS[name](*values)


def totals_as_text(totals: Mapping[Meaning, int]) -> str:
    """The control totals in cents that a person typed from the old book."""
    return json.dumps({meaning.name: cents for meaning, cents in totals.items()}, sort_keys=True)


def totals_of_text(text: str) -> dict[Meaning, int]:
    """The totals of a kept text."""
    return {Meaning[name]: cents for name, cents in json.loads(text).items()}
