"""All books go out in open forms, and come in again with the same trial balance."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.commands import export as export_command
from sacco_desktop.commands import prove_export
from sacco_desktop.domain.errors import InvalidInput, NotAllowed, SaccoError
from sacco_desktop.domain.ledger import JournalEntry, credit, debit
from sacco_desktop.domain.posting_rules import opening_bank_balance
from sacco_desktop.operations.export_books import export_books
from sacco_desktop.services.books import ledger
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, xlsx
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import imported
from tests.services.old_books.test_moving_in import LOANS
from tests.services.old_books.test_past import GUARANTORS


def _in_use(office: PracticeOffice) -> None:
    """Members and loans, a member with other savings, a name that a spreadsheet would run, and money in the bank."""
    imported(office, xlsx([HEAD, JANE, OTIENO]))
    imported(office, LOANS, "loans.xlsx")
    imported(office, GUARANTORS, "guarantors.xlsx")
    make.member(office, deposits_kes=700, other_names="=HYPERLINK(1)")
    make.post(office, opening_bank_balance(90_000_00, "opening", make.day(office)))
    office.write(lambda work, _: _open_savings(work), None)
    lines = (debit("1010", 2_500_00, ""), credit("2040.M-0001", 2_500_00, ""))
    make.post(office, JournalEntry(make.day(office), "test", "Holiday savings", "S-1", lines))


def _open_savings(work: Any) -> None:
    ledger.open_sub_account(work, "2040", "M-0001", "Holiday savings of Jane")


def _out(office: PracticeOffice, folder: Path) -> zipfile.ZipFile:
    path = folder / "books.zip"
    export_books(office.books, path, office.grace)
    return zipfile.ZipFile(path)


def test_everything_goes_out_whole_and_without_passwords(
    office: PracticeOffice, tmp_path: Path
) -> None:
    _in_use(office)
    with _out(office, tmp_path) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        for file in manifest["files"]:
            assert hashlib.sha256(packed.read(file["name"])).hexdigest() == file["sha256"]
            place, _, table = file["name"].rpartition(".")[0].partition("/")
            if place == "tables":
                assert file["rows"] == office.count(table)
        assert (manifest["last_entry"], manifest["head_hash"]) == office.read(
            lambda work, _: ledger.head(work), None
        )
        members = [json.loads(line) for line in packed.read("tables/member.jsonl").splitlines()]
        assert (members[0]["phone"], members[0]["number"]) == ("254712345678", "M-0001")
        assert members[2]["other_names"] == "=HYPERLINK(1)"
        people = list(_csv(packed, "lists/members"))
        assert people[2]["Other names"] == "'=HYPERLINK(1)"
        assert (people[0]["ID number"], people[0]["Deposits"]) == ("23456789", "184500.00")
        postings = list(_csv(packed, "lists/postings"))
        assert sum(float(row["Debit (KES)"]) for row in postings) == sum(
            float(row["Credit (KES)"]) for row in postings
        )
        assert len(list(_csv(packed, "lists/schedules"))) == office.count("loan_instalment")
        assert b"password" not in packed.read("tables/user_account.csv")
        assert b"not encrypted" in packed.read("README.txt")
        assert b"[[product]]" in packed.read("loan_products.toml")
        acts = [json.loads(line) for line in packed.read("tables/audit_row.jsonl").splitlines()]
        assert acts[-1]["action"] == "exported all books"


def _csv(packed: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(packed.read(f"{name}.csv").decode("utf-8-sig")))


def test_an_export_is_refused_where_it_would_harm(office: PracticeOffice, tmp_path: Path) -> None:
    path = tmp_path / "books.zip"
    with pytest.raises(NotAllowed, match="take all books out as files"):
        export_books(office.books, path, office.peter)
    assert not path.exists()
    with pytest.raises(SaccoError, match="The export was not saved"):
        export_books(office.books, tmp_path / "nowhere" / "books.zip", office.grace)
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="is there already"):
        export_command.run(office.books, path, office.grace)
    with pytest.raises(InvalidInput, match="not a whole export"):
        prove_export.run(path, office.clock.now)
