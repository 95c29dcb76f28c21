"""All books go out in open forms, and come in again with the same trial balance."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.commands.export import export
from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.services import ledger
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, xlsx
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import imported
from tests.services.old_books.test_moving_in import LOANS


def _rows(office: PracticeOffice) -> dict[str, int]:
    found = office.read(ledger.trial_balance, None)
    return {row.code: row.balance_cents for row in found.rows}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _in_use(office: PracticeOffice) -> None:
    imported(office, xlsx([HEAD, JANE, OTIENO]))
    imported(office, LOANS, "loans.xlsx")
    make.member(office, deposits_kes=700)
    make.post(office, opening_bank_balance(90_000_00, "opening", make.day(office)))


def test_what_goes_out_comes_in_again_with_the_same_trial_balance(
    office: PracticeOffice, tmp_path: Path, office_clock: OfficeClock
) -> None:
    _in_use(office)
    folder = tmp_path / "export"
    export(office.books, folder, office.grace)
    (tmp_path / "other").mkdir()
    other = make.office(tmp_path / "other", office_clock)
    try:
        for name in ("members", "loans", "trial_balance"):
            imported(other, (folder / "lists" / f"{name}.csv").read_bytes(), f"{name}.csv")
        assert _rows(other) == _rows(office)
        for name in ("member", "loan"):
            assert other.count(name) == office.count(name)
    finally:
        other.close()


def test_every_table_goes_out_whole_and_without_passwords(
    office: PracticeOffice, tmp_path: Path
) -> None:
    _in_use(office)
    counts = export(office.books, tmp_path / "export", office.grace)
    tables = tmp_path / "export" / "tables"
    for name, count in counts.items():
        place, _, table = name.partition("/")
        if place == "tables":
            assert count == office.count(table)
    members = _lines(tables / "member.jsonl")
    assert members[0]["phone"] == "254712345678"
    assert members[0]["number"] == "M-0001"
    people = csv.DictReader(io.StringIO((tables / "member.csv").read_text("utf-8-sig")))
    assert [row["national_id"] for row in people] == [one["national_id"] for one in members]
    assert "password" not in (tables / "user_account.csv").read_text("utf-8-sig")
    assert "not encrypted" in (tmp_path / "export" / "README.txt").read_text("utf-8")
    acts = [one["action"] for one in _lines(tables / "audit_row.jsonl")]
    assert acts[-1] == "exported all books"


def test_a_folder_that_holds_something_is_left_alone(
    office: PracticeOffice, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="is not empty"):
        export(office.books, tmp_path, office.grace)


def test_an_officer_takes_nothing_out(office: PracticeOffice, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="take all books out as files"):
        export(office.books, tmp_path / "export", office.peter)
    assert not (tmp_path / "export").exists()
