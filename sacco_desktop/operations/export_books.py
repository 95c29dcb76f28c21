"""Writes all books into one packed file in open forms, with a manifest that says what is in it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TextIO

from sacco_desktop.documents.open_files import Value, write_csv_rows, write_json_rows
from sacco_desktop.documents.saving import whole_file
from sacco_desktop.services.books.work import Actor, Books
from sacco_desktop.services.export import full_export
from sacco_desktop.services.export.full_export import ExportedTable, ExportHead
from sacco_desktop.settings import resources_dir

MANIFEST = "manifest.json"
_LOAN_PRODUCTS = "loan_products.toml"
WARNING = (
    "This file is not encrypted, and names, ID numbers and phone numbers stand in it in clear. Keep it as you keep the"
    " books, and delete it when it is not needed any more."
)
_READ_ME = f"""All books of the society, in open forms.

lists/         what people read: members, loans, guarantors, accounts, entries, schedules, payouts and so on (.csv)
tables/        every table of the books: .csv for spreadsheets, .jsonl for programs (one JSON object a line)
loan_products  what loans are granted by (.toml)
manifest.json  every file with its rows and its SHA-256, and where the journal stood

products, members, loans, past_repayments, guarantors, other_balances and trial_balance, in this order, are taken in by
an import of old books; with them other books stand as these do. What a loan runs by stands in two cells of its row as
JSON: its terms, and what is left of its schedule, an instalment being its number, day, principal, interest, fee, and
what of the interest was booked as income, in cents. loan_products.toml holds the products that loans are granted by.

Amounts of lists are Kenya shillings with two decimals; amounts that end in _cents are whole cents. Days and moments are
ISO 8601, moments in UTC. Passwords are left out. In .csv an apostrophe stands before text that a spreadsheet would run
as a formula; .jsonl holds every text as it is.

{WARNING}
"""

_Write = Callable[[TextIO, Sequence[str], Iterable[Sequence[Value]]], int]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an export: its name, its rows, its columns and the SHA-256 of its bytes."""

    name: str
    rows: int
    columns: tuple[str, ...]
    sha256: str


def export_books(books: Books, path: Path, actor: Actor) -> tuple[WrittenFile, ...]:
    """Write all books into the packed file `path`, which only this person may read; returns what is in it.

    Raises NotAllowed, and SaccoError when the file cannot be written; then there is none.
    """
    books.write(full_export.note_export, str(path), actor=actor)
    return write_export(books, path, actor)


def write_export(books: Books, path: Path, actor: Actor) -> tuple[WrittenFile, ...]:
    """The same, when the audit row is there already. Raises like export_books."""
    with (
        whole_file(path, "The export", is_private=True) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        taker = _Taker(packed, books.now())
        head = books.read(full_export.read_all, taker.take, actor=actor)
        taker.put(MANIFEST, _manifest(head, taker.written))
        taker.put(_LOAN_PRODUCTS, (resources_dir() / _LOAN_PRODUCTS).read_text("utf-8"))
        taker.put("README.txt", _READ_ME)
        return tuple(taker.written)


class _Taker:
    """Writes each table that it is handed into the packed file, row by row."""

    def __init__(self, packed: zipfile.ZipFile, now: datetime) -> None:
        self._packed = packed
        self._stamp = now.timetuple()[:6]
        self.written: list[WrittenFile] = []

    def take(self, table: ExportedTable) -> None:
        self._write(table, "csv", write_csv_rows)
        if table.folder == "tables":
            self._write(table, "jsonl", write_json_rows)

    def put(self, name: str, text: str) -> None:
        self._packed.writestr(self._info(name), text)

    def _write(self, table: ExportedTable, ending: str, write: _Write) -> None:
        name = f"{table.folder}/{table.name}.{ending}"
        with self._packed.open(self._info(name), "w") as out:
            hashing = _Hashing(out)
            text = io.TextIOWrapper(
                io.BufferedWriter(hashing), "utf-8", newline="", write_through=False
            )
            rows = write(text, table.columns, table.rows())
            text.flush()
            text.detach().detach()
        self.written.append(WrittenFile(name, rows, table.columns, hashing.sha256))

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info


class _Hashing(io.RawIOBase):
    """Passes bytes on and keeps their SHA-256."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self._out, self._sum = out, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        taken = bytes(data)  # type: ignore[call-overload]
        self._sum.update(taken)
        self._out.write(taken)
        return len(taken)

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


def _manifest(head: ExportHead, written: Sequence[WrittenFile]) -> str:
    files = [asdict(file) for file in written]
    return json.dumps({"form": 1, **asdict(head), "files": files}, ensure_ascii=False, indent=1)


def written_words(written: Sequence[WrittenFile]) -> str:
    """`1,204 rows in 96 files`."""
    rows = sum(file.rows for file in written)
    return f"{rows:,} rows in {len(written)} files"
