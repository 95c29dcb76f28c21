"""A list of members that leaves the books: the ledger's figures, whole numbers only for those who need them, a note."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from sacco_desktop.db.tables import AuditRow
from sacco_desktop.documents.report_csv import write_csv
from sacco_desktop.documents.report_pdf import draw_report
from sacco_desktop.documents.report_xlsx import write_xlsx
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import Role
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports import member_list
from sacco_desktop.services.reports.member_list import WantedMembers
from sacco_desktop.services.reports.printing import stamp_report
from sacco_desktop.services.reports.report import RowKind
from sacco_desktop.services.reports.taken_lists import TakenList, note_taken
from tests import make
from tests.documents.read_back import flat_text
from tests.make import PracticeOffice


def _both(office: PracticeOffice, *, is_paper: bool) -> WantedMembers:
    jane = make.member(office, first_name="Jane", last_name="Wanjiku", deposits_kes=60_000)
    amina = make.member(office, first_name="Amina", last_name="Hassan", deposits_kes=45_000)
    return WantedMembers((amina.member_id, jane.member_id), "2 of 2, ticked by hand", is_paper)


def _exports(work: Work, _nothing: None) -> list[tuple[str, str, object]]:
    rows = work.session.scalars(
        select(AuditRow).where(AuditRow.action == "exported a list of members")
    )
    return [(row.full_name, row.subject, json.loads(row.detail)) for row in rows]


def test_it_keeps_the_order_and_adds_up_on_paper(office: PracticeOffice) -> None:
    report = office.read(member_list.member_list, _both(office, is_paper=True), office.peter)
    assert [row.key for row in report.rows] == ["M-0002", "M-0001", "total"]
    assert report.rows[-1].kind is RowKind.TOTAL
    assert report.rows[-1].cells[4:7] == (0, 10_500_000, 0)
    assert "ID number" not in [column.title for column in report.columns]
    paper = office.write(stamp_report, report, office.peter)
    words = flat_text(draw_report(paper))
    for said in ("List of members", "ticked by hand", "Amina", "0712 345 002", "105,000.00"):
        assert said in words
    again = office.write(stamp_report, report, office.peter)
    assert (paper.stamp.copy_number, again.stamp.copy_number) == (1, 2)
    other = WantedMembers((1,), "1 of 2, ticked by hand", is_paper=True)
    alone = office.read(member_list.member_list, other, office.peter)
    assert office.write(stamp_report, alone, office.peter).stamp.copy_number == 1


def test_a_file_has_all_columns_and_no_sums(office: PracticeOffice) -> None:
    report = office.read(member_list.member_list, _both(office, is_paper=False), office.peter)
    assert [row.kind for row in report.rows] == [RowKind.LINE] * 2
    head, first, *_rest = write_csv(report).decode("utf-8-sig").splitlines()
    assert head.endswith('"ID number","Joined"')
    assert first == (
        '"M-0002","Amina Njeri Hassan","Active","0712 345 002","0.00","45000.00","0.00","0",'
        '"23450002","2026-03-16"'
    )
    sheet = load_workbook(BytesIO(write_xlsx(report))).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "M-0001"]
    assert rows[0][5] == 60_000


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMMITTEE, Role.ADMINISTRATOR])
def test_whoever_needs_no_numbers_gets_their_ends_alone(office: PracticeOffice, role: Role) -> None:
    who = make.person(office, "Some Body", role)
    report = office.read(member_list.member_list, _both(office, is_paper=False), who)
    said = write_csv(report).decode("utf-8-sig")
    assert "0712 345" not in said
    assert "2345000" not in said
    assert '"0712 •••002"' in said
    assert '"••••002"' in said


def test_what_leaves_the_books_is_noted_first(office: PracticeOffice) -> None:
    report = office.read(member_list.member_list, _both(office, is_paper=False), office.peter)
    office.write(note_taken, TakenList(report, "CSV"), office.peter)
    noted = office.read(_exports, None)
    assert noted == [(office.peter.full_name, "2 members", {"n": 2, "form": "CSV"})]


def test_an_empty_list_is_refused(office: PracticeOffice) -> None:
    with pytest.raises(InvalidInput, match="There is nobody on this list"):
        office.read(member_list.member_list, WantedMembers((), "All 0", True), office.peter)
