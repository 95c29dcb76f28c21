"""Statements as M-Pesa's portal and banks export them, made for tests: text in, the file "
"as it is read out."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.domain.reconciling.headings import read_words
from sacco_desktop.domain.reconciling.reading import HowToRead, ReadStatement, read_statement
from sacco_desktop.domain.reconciling.statement import Source, Statement

WORDS = read_words(Path("resources/statement_headings.toml").read_text("utf-8"))
TODAY = date(2026, 4, 1)
HEAD = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,"
    "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
ABOVE = """Account Holder:,EXAMPLE SACCO SOCIETY LTD
Short Code:,600100
Time Period:,From 01-03-2026 00:00:00 To 31-03-2026 23:59:59
Opening Balance:,"120,000.00"
"""
CHARGE_OUT = (
    "UCK4A1B2C3,16-03-2026 10:15:22,16-03-2026 10:15:22,Business Payment "
    'Charge,Completed,,-13.00,"48,014.00",TRUE,Business Payment Charge,,,'
)
OUT = (
    "UCK4A1B2C3,16-03-2026 10:15:22,16-03-2026 10:15:20,Business Payment to 254712***678 - "
    'JANE WANJIKU,Completed,,"-76,955.00","48,027.00",TRUE,Business Payment to Customer,254712***678 - JANE WANJIKU,,'
)
CHARGE_IN = (
    "UCF1D4E5F6,15-03-2026 09:02:11,15-03-2026 09:02:10,Pay Bill "
    'Charge,Completed,,-18.00,"124,982.00",TRUE,Pay Bill Charge,,,'
)
IN = (
    "UCF1D4E5F6,15-03-2026 09:02:11,15-03-2026 09:02:10,Pay Bill Online from 254722***111 - "
    'PETER OTIENO Acc. M0123,Completed,"5,000.00",,"125,000.00",TRUE,Pay Bill Online,254722***111 - PETER OTIENO,,'
)
ROWS = (CHARGE_OUT, OUT, CHARGE_IN, IN)


def exported(*rows: str, above: str = ABOVE, head: str = HEAD, below: str = "") -> str:
    """The text of an export; the newest row comes first, as the portal writes it."""
    return f"{above}{head}\n" + "".join(f"{row}\n" for row in rows) + below


def file_of(*texts: str, name: str = "statement.csv") -> OldFile:
    """The file as it is read; several texts are several sheets."""
    sheets = []
    for number, text in enumerate(texts, 1):
        rows: list[Row] = [
            tuple(cell or None for cell in row) for row in csv.reader(io.StringIO(text))
        ]
        sheets.append(Sheet(f"page {number}", tuple(rows)))
    return OldFile(name, "f" * 64, "Text, UTF-8, separated by comma", tuple(sheets))


def read(*texts: str, how: HowToRead | None = None) -> ReadStatement:
    """What is read of it."""
    return read_statement(file_of(*texts), WORDS, how or HowToRead(Source.MPESA, TODAY))


def proven(*texts: str, how: HowToRead | None = None) -> Statement:
    """The statement that was read; it must add up."""
    found = read(*texts, how=how)
    assert found.statement is not None, found.problems
    return found.statement


def problem(*texts: str, how: HowToRead | None = None) -> str:
    """The one sentence that says why it is not taken."""
    found = read(*texts, how=how)
    assert found.statement is None
    [one] = found.problems
    return f"{one.row}: {one.message}"


def receipts(statement: Statement) -> Sequence[str]:
    """Receipt and sum of each row, oldest first."""
    return [f"{row.receipt} {row.cents // 100}" for row in statement.rows]
