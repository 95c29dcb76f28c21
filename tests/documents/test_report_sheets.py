"""Spreadsheets and CSV: figures exact to the cent, and no text, however hostile, ever becomes a formula."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sacco_desktop.documents.report_cells import clean_text, exact
from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_xlsx import PRACTICE, write_xlsx
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS
from sacco_desktop.services.reports.report import Report, ReportRow
from tests.documents.sample_reports import account_ledger, trial_balance

ATTACKS = [
    '=HYPERLINK("http://127.0.0.1:9/x","pay here")',
    "+254722908114",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r\n=1+1",
    "  =1+1",
    "＝1+1",
    "＠SUM(A1)",
    '";=1+1;"',
    "=1\x00+1",
    "#REF!",
    "\ud800=1",
    "\ufffe",
    "x" * 40_000,
    "TRUE",
    "1e5",
]
# Written out here once more, so that a sign that is lost in the program is missed.
DANGEROUS = "=+-@\t\r\n＝＋－＠"
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(), max_size=12),
    st.builds(lambda start, rest: start + rest, st.sampled_from(DANGEROUS), st.text()),
    st.sampled_from(ATTACKS),
)
CENTS = st.integers(-LARGEST_AMOUNT_CENTS, LARGEST_AMOUNT_CENTS)


def _with_row(text: str, cents: int) -> Report:
    report = trial_balance()
    row = ReportRow("hostile", (text, text, cents, None))
    return replace(report, rows=(row,), subject=text, facts=((text, text),), notes=(text,))


def _cells(report: Report) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(write_xlsx(report))).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=TEXTS, cents=CENTS)
@example(text=ATTACKS[0], cents=105)
@example(text=ATTACKS[10], cents=-1)
def test_no_cell_of_a_spreadsheet_is_a_formula_and_amounts_are_exact(text: str, cents: int) -> None:
    rows = _cells(_with_row(text, cents))
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    (amount,) = (
        cell for row in rows for cell in row if cell.data_type == "n" and cell.value is not None
    )
    assert Decimal(repr(amount.value)) == exact(cents)
    assert amount.number_format == "#,##0.00"


@settings(max_examples=120, deadline=None)
@given(text=TEXTS, cents=CENTS)
@example(text=ATTACKS[5], cents=-5)
@example(text="\x0c", cents=0)
def test_no_cell_of_a_csv_starts_like_a_formula(text: str, cents: int) -> None:
    written = write_csv(_with_row(text, cents))
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    code, name, debit, credit = rows[1]
    for said in (code, name):
        begins = said.lstrip()[:1]
        assert not begins or begins not in DANGEROUS
    assert (Decimal(debit), credit) == (exact(cents), "")
    assert "\u2212" not in debit


@pytest.mark.parametrize("text", ATTACKS)
def test_a_hostile_text_is_still_readable_in_the_sheet(text: str) -> None:
    rows = _cells(_with_row(text, 1))
    assert clean_text(text) in [cell.value for row in rows for cell in row]


def test_a_text_that_could_run_is_marked_as_text_also_for_whoever_edits_it() -> None:
    book = load_workbook(BytesIO(write_xlsx(_with_row("=1+1", 1))))
    sheet = book.active
    assert sheet is not None
    (cell, *_) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_the_sheet_has_dates_numbers_and_a_head_that_stays() -> None:
    report = account_ledger(3)
    rows = _cells(report)
    texts = [row[0].value for row in rows]
    assert texts[:2] == [PRACTICE, "Practice Sacco"]
    assert "General ledger, 1 Jan 2026 – 30 Jun 2026" in texts
    head = texts.index("Date")
    first = rows[head + 2]
    assert first[0].value.date() == date(2026, 1, 2)
    assert first[0].is_date
    assert first[1].value == 201
    assert first[4].value == 111.11
    sheet = load_workbook(BytesIO(write_xlsx(report))).active
    assert sheet is not None
    assert sheet.freeze_panes == f"A{head + 2}"


def test_the_figures_of_a_sheet_add_up_to_its_total() -> None:
    rows = _cells(account_ledger(90))
    head = next(n for n, row in enumerate(rows) if row[0].value == "Date")
    body = [row for row in rows[head + 2 :] if isinstance(row[1].value, int)]
    total = next(row for row in rows if row[3].value == "Total and balance")
    for place in (4, 5):
        added = sum(Decimal(repr(row[place].value or 0)) for row in body)
        assert added == Decimal(repr(total[place].value))


def test_a_csv_has_iso_dates_an_ascii_minus_and_every_cell_quoted() -> None:
    text = write_csv(account_ledger(6)).decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[0].startswith('"Date","Entry","Reference","Narration","Debit KES"')
    assert lines[2].startswith('"2026-01-02","201","R-1","Posting 1 of Wanjikũ","111.11","",')
    assert '"-' in text
    assert lines[-1] == ""


def test_the_workbook_holds_no_link_to_the_outside() -> None:
    with zipfile.ZipFile(BytesIO(write_xlsx(_with_row(ATTACKS[0], 1)))) as parts:
        names = parts.namelist()
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert not any("externalLink" in name for name in names)
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_cents_become_shillings_without_a_float() -> None:
    assert str(exact(105)) == "1.05"
    assert str(exact(-1)) == "-0.01"
    assert f"{exact(100):.2f}" == "1.00"
