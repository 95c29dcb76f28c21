"""Files of old books are read by a process that runs nothing, and that ends when a limit is broken."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.old_books.cells import OldFile, Row
from sacco_desktop.gateways.old_books.delimited import read_delimited
from sacco_desktop.gateways.old_books.limits import LIMITS, Limits, Refused
from sacco_desktop.gateways.old_books.packed import look_into
from sacco_desktop.gateways.old_books.reader import read_file, reading_command
from tests.gateways.old_books import dirty_books as dirty
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, written


def read(tmp_path: Path, name: str, data: bytes) -> OldFile:
    return read_file(written(tmp_path, name, data))


def refusal(tmp_path: Path, name: str, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_file(written(tmp_path, name, data), limits)
    assert refused.value.field == "file"
    assert name in refused.value.message
    return refused.value.message


def rows_of(found: OldFile) -> tuple[Row, ...]:
    return found.sheets[0].rows


PLAIN: tuple[Row, ...] = (
    HEAD,
    (1.0, "JANE WANJIKU KAMAU", 23456789.0, 712345678.0, date(2019, 3, 25), 184500.0, 20000.0),
    (2.0, "Otieno Okoth", 11223344.0, 733111222.0, date(2020, 4, 13), 500.5, 0.0),
)


@pytest.mark.parametrize("name", ["book.xlsx", "book.xls"])
def test_workbooks_of_both_kinds_are_read_alike(tmp_path: Path, name: str) -> None:
    make = dirty.xlsx if name.endswith("x") else dirty.xls
    found = read(tmp_path, name, make([HEAD, JANE, OTIENO]))
    assert rows_of(found) == PLAIN
    assert found.made_of == f"Excel workbook (.{name.partition('.')[2]})"
    assert found.sheets[0].name == "MEMBERS"


@pytest.mark.parametrize(
    ("separator", "encoding", "made_of"),
    [
        (",", "utf-8", "Text, UTF-8, separated by comma"),
        (";", "utf-8-sig", "Text, UTF-8, separated by semicolon"),
        ("\t", "utf-16", "Text, UTF-16, separated by tab"),
        ("|", "utf-16-le", "Text, UTF-16 (guessed), separated by upright stroke"),
        (";", "cp1252", "Text, Windows-1252 (guessed: check the names), separated by semicolon"),
    ],
)
def test_tables_of_text_are_read_whatever_they_were_saved_as(
    tmp_path: Path, separator: str, encoding: str, made_of: str
) -> None:
    rows = [
        ("M/No", "Names", "Deposits"),
        ("1", "Zoë Njoroge", "184,500.00"),
        ("2", "O'Neill", "(5)"),
    ]
    found = read(tmp_path, "book.csv", dirty.text(rows, separator, encoding))
    assert rows_of(found) == tuple(rows)
    assert found.made_of == made_of


def test_a_formula_is_never_calculated_and_its_text_stands_where_no_figure_is_kept(
    tmp_path: Path,
) -> None:
    row = (1, "Jane", 2, 3, None, "=SUM(A1:A9)", '=HYPERLINK("http://host.invalid/?"&A1)')
    [_, found] = rows_of(read(tmp_path, "book.xlsx", dirty.xlsx([HEAD, row])))
    assert found[5] == "=SUM(A1:A9)"
    assert str(found[6]).startswith("=HYPERLINK(")


def test_the_figure_that_a_file_keeps_of_a_formula_is_read(tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+2</f><v></v></c></row>'
        b"</sheetData></worksheet>"
    )
    data = dirty.with_part(dirty.xlsx([HEAD]), dirty.SHEET_PART, sheet)
    assert rows_of(read(tmp_path, "book.xlsx", data)) == ((2.0, "=1+2"),)


def test_rows_keep_the_numbers_of_the_workbook(tmp_path: Path) -> None:
    found = read(tmp_path, "book.xlsx", dirty.xlsx([(), (), ("", "", "UMOJA"), HEAD]))
    assert found.sheets[0].first_row == 1
    assert rows_of(found)[3] == HEAD


def test_every_sheet_is_read(tmp_path: Path) -> None:
    def second(sheet: object) -> None:
        sheet.parent.create_sheet("LOANS").append(["Loan No"])  # type: ignore[attr-defined]

    found = read(tmp_path, "book.xlsx", dirty.xlsx([HEAD], second))
    assert [sheet.name for sheet in found.sheets] == ["MEMBERS", "LOANS"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (dirty.quiet_bomb, "more than 200 times its size"),
        (dirty.far_cell, "something in cell XFD1048576"),
        (dirty.laughs, "declares a document type"),
        (dirty.entity_in_workbook, "declares a document type"),
    ],
)
def test_hostile_workbooks_are_refused_by_the_limit_they_break(tmp_path, make, words) -> None:  # type: ignore[no-untyped-def]
    assert words in refusal(tmp_path, "book.xlsx", make())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "a page or a document"),
        (b"%PDF-1.7 ...", "a page or a document"),
        (b"\x7fELF\x02\x01\x01\x00\x03\x04" * 50, "neither a workbook nor a table"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "damaged"),
        (b"", "is empty"),
        (b'a,"b\n' + b"c," * 20_000, "a quotation mark is missing"),
        (b"a,b\n" * 200_001, "more than 200,000 rows"),
        (b"a," * 400, "more than 300 columns"),
        (dirty.long_text(32_768), "more than 32,767 letters"),
        (dirty.with_part(dirty.xlsx([HEAD]), "xl/workbook.xml", b"<a/>"), "damaged"),
    ],
)
def test_what_is_no_register_is_refused_in_words(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in refusal(tmp_path, "book.xlsx", data)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert "larger than 30 MB" in refusal(tmp_path, "book.csv", b"a,b\n" * 8_000_000)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be opened"):
        read_file(tmp_path / "gone.xlsx")


def python(words: str) -> list[str]:
    return [sys.executable, "-c", words]


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = written(tmp_path, "book.csv", b"a,b\n")
    hang = python("import sys, threading; sys.stdin.buffer.read(); threading.Event().wait()")
    with pytest.raises(InvalidInput, match="longer than 1 seconds"):
        read_file(path, Limits(seconds=1), lambda: hang)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no memory here")
def test_a_reader_that_takes_too_much_memory_is_ended_by_the_system(tmp_path: Path) -> None:
    greedy = python(
        "from sacco_desktop.gateways.old_books.limits import Limits\n"
        "from sacco_desktop.gateways.old_books.reader_process import bound_memory\n"
        "bound_memory(Limits(memory_bytes=500_000_000)); x = b'x' * 1_000_000_000; print('{}')"
    )
    path = written(tmp_path, "book.csv", b"a,b\n")
    with pytest.raises(InvalidInput, match="of memory, or failed"):
        read_file(path, command=lambda: greedy)


def test_a_reader_that_answers_without_end_or_breaks_off_is_not_believed(tmp_path: Path) -> None:
    path = written(tmp_path, "book.csv", b"a,b\n")
    endless = python("while True: print('[1]' * 1000)")
    with pytest.raises(InvalidInput, match="more than 1 MB of text"):
        read_file(path, Limits(answer_bytes=1_000_000), lambda: endless)
    half = python('print(\'{"made_of": "x"}\\n{"sheet": "S", "first_row": 1}\\n["a"]\')')
    with pytest.raises(InvalidInput, match="in part only"):
        read_file(path, command=lambda: half)


def test_the_reading_process_is_our_own_program(monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert reading_command()[1:] == ["-I", "-m", "sacco_desktop", "read-workbook"]
    built = tmp_path / "sacco-desktop.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(built))
    assert reading_command() == [str(built), "read-workbook"]
    twin = written(tmp_path, "sacco-desktop-console.exe", b"")
    assert reading_command() == [str(twin), "read-workbook"]


def test_a_hundred_thousand_rows_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "book.xlsx", dirty.large_xlsx(100_000))
    assert len(rows_of(found)) == 100_001
    last = (100_001.0, "Jane Kamau", 10_100_001.0, 700_100_001.0, 43924.0, 184500.5)
    assert rows_of(found)[-1] == last


def test_what_would_unpack_beyond_the_limit_is_not_opened() -> None:
    data = dirty.quiet_bomb()
    with pytest.raises(Refused, match="would unpack to more than 10 MB"):
        look_into(data, Limits(unpacked_bytes=10_000_000))
    with pytest.raises(Refused, match="more than 5 parts"):
        look_into(data, Limits(parts=5))


def test_reading_text_leaves_the_limit_of_the_process_as_it_was() -> None:
    """The limit of the csv library is one for the whole process; a report read later was cut off by ours."""
    before = csv.field_size_limit()
    read_delimited(b"number,name\n1,Amina\n", Limits())
    with pytest.raises(Refused):
        read_delimited(b"number,name\n1," + b"x" * 32_768 + b"\n", Limits())
    assert csv.field_size_limit() == before
