"""The register of members on paper and as files: its columns, who has left, and who may have it."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.services.membership import member_files, nominees
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.membership.nominees import NewNominee, NomineeForm
from sacco_desktop.services.reports.member_register import WantedRegister, member_register
from sacco_desktop.services.reports.printing import stamp_report
from tests import make, make_members
from tests.documents.read_back import flat_text
from tests.make import PracticeOffice

WANTED = WantedRegister(is_paper=True)


def test_the_register_says_what_the_rules_ask_for(office: PracticeOffice) -> None:
    row = make_members.joined(office)
    holder = Holder(row.member_id)
    texts = (
        ("born_on", "1988-03-17"),
        ("postal_address", "P.O. Box 12"),
        ("postal_code", "80300"),
        ("town", "Voi"),
        ("occupation", "Teacher"),
    )
    office.write(member_files.change, FileChange(holder, 1, texts, 0), office.peter)
    lines = tuple(NewNominee(name, "Child", "", "", "", "", 5_000) for name in ("Ann", "Ben"))
    form = NomineeForm(holder, 2, make.day(office), lines)
    office.write(nominees.name, form, office.peter)
    gone = make.member(office)
    make_members.settled(office, make_members.asked_to_leave(office, gone))
    report = office.read(member_register, WantedRegister(is_paper=False), office.daniel)
    first, second = report.rows
    joined = row.joined_on
    assert first.cells == (
        "M-0001", "Amina Hassan", 38, joined, "P.O. Box 12, 80300 Voi", "Teacher", joined, None,
        "Ann 50 %, Ben 50 %",
    )  # fmt: skip
    assert second.cells[7] == make.day(office)
    assert report.facts == (("Members now", "1"), ("Have ceased", "1"))
    sheet_of_paper = office.read(member_register, WANTED, office.daniel)
    paper = flat_text(draw_report(office.write(stamp_report, sheet_of_paper, office.daniel)))
    for said in (
        "Register of members",
        "Amina Hassan",
        "P.O. Box 12, 80300 Voi, Teacher",
        "Nominees: Ann 50 %, Ben 50 %",
        "Ceased",
    ):
        assert said in paper
    assert "P.O. Box 12, 80300 Voi" in write_csv(report).decode("utf-8-sig")
    sheet = load_workbook(BytesIO(write_xlsx(report))).worksheets[0]
    cells = {cell for line in sheet.iter_rows(values_only=True) for cell in line}
    assert {"Amina Hassan", "Ann 50 %, Ben 50 %"} <= cells


def test_nobody_reads_it_who_may_not_read_files_and_an_empty_one_says_so(
    office: PracticeOffice,
) -> None:
    with pytest.raises(NotAllowed):
        office.read(member_register, WANTED, office.admin)
    with pytest.raises(InvalidInput, match="nobody on the register"):
        office.read(member_register, WANTED, office.peter)
