"""`prove-export` takes a file into books of its own and says in words and by its answer whether those stand alike."""

import zipfile
from pathlib import Path

import pytest

from sacco_desktop.commands import prove_export
from sacco_desktop.operations.export_books import export_books
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, xlsx
from tests.guards.office_clock import OfficeClock
from tests.services.old_books.moving_in import imported
from tests.services.old_books.test_moving_in import LOANS


def test_a_row_that_cannot_come_in_is_named_and_the_rest_is_proven(
    tmp_path: Path, office_clock: OfficeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "books").mkdir()
    office = make.office(tmp_path / "books", office_clock)
    try:
        imported(office, xlsx([HEAD, JANE, OTIENO]))
        imported(office, LOANS, "loans.xlsx")
        export_books(office.books, tmp_path / "whole.zip", office.grace)
    finally:
        office.close()
    _with_stranger(tmp_path / "whole.zip", tmp_path / "changed.zip")
    assert prove_export.run(tmp_path / "changed.zip", office_clock.now) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "guarantors, row 2, Guarantor: No member has M-0999 as member number or ID number."
    )
    assert [line.split("rows")[1].strip() for line in said if " rows " in line] == [
        "the same", "the same", "the same", "the same", "DIFFERENT", "the same", "the same",
    ]  # fmt: skip
    assert "  - L-0412, M-0999, NOBODY, 500.00" in said
    assert said[1] == "Only as tables, and not taken in: nominee forms (1)."
    assert said[-1].startswith("The lines above went in (-)")


def _with_stranger(whole: Path, changed: Path) -> None:
    """The same export, in which somebody guarantees who is no member, and there is one more nominee form."""
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "lists/guarantors.csv":
                data += b"L-0412,M-0999,NOBODY,500.00\r\n"
            if name == "tables/nominee_list.jsonl":
                data += b"{}\n"
            new.writestr(name, data)
