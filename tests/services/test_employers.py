"""Employers are offered as the files name them; a name of another case is the same one, and two are made one."""

import pytest

from sacco_desktop.demo.sample_photo import sample_photo
from sacco_desktop.domain.employers import looks_like
from sacco_desktop.domain.errors import InvalidInput, NotAllowed
from sacco_desktop.services.membership import employers, member_documents, member_files, members
from sacco_desktop.services.membership.employers import EmployerRow, MergedEmployers
from sacco_desktop.services.membership.member_documents import NewDocument
from sacco_desktop.services.membership.member_files import FileChange, Holder
from sacco_desktop.services.window import member_sheet
from tests import make
from tests.make import PracticeOffice


def _works_at(office: PracticeOffice, employer: str) -> int:
    member_id = make.member(office).member_id
    texts = (("employer", employer), ("payroll_number", "0455"))
    office.write(member_files.change, FileChange(Holder(member_id), 0, texts, 0), office.peter)
    return member_id


def test_two_spellings_of_an_employer_are_made_one(office: PracticeOffice) -> None:
    one = _works_at(office, "Voi Primary School")
    _works_at(office, "VOI  primary school.")
    other = _works_at(office, "Voi Primary Sch")
    _works_at(office, "Taita Taveta County")
    assert office.read(employers.list_employers, None, office.peter) == (
        EmployerRow("Taita Taveta County", 1, ()),
        EmployerRow("Voi Primary Sch", 1, ("Voi Primary School",)),
        EmployerRow("Voi Primary School", 2, ("Voi Primary Sch",)),
    )
    wrong = MergedEmployers("Voi Primary Sch", "Voi Primary School")
    with pytest.raises(NotAllowed):
        office.write(employers.merge, wrong, office.daniel)
    for field, name, into in (
        ("name", "Nobody", "Voi Primary School"),
        ("into", "Voi Primary Sch", " "),
        ("into", "Voi Primary Sch", "Voi Primary Sch"),
        ("into", "Voi Primary Sch", "x" * 201),
        ("into", "Voi Primary Sch", "Voi\x00 Primary"),
    ):
        with pytest.raises(InvalidInput) as refused:
            office.write(employers.merge, MergedEmployers(name, into), office.peter)
        assert refused.value.field == field
    assert office.write(employers.merge, wrong, office.peter) == 1
    assert office.read(employers.names, None) == ("Taita Taveta County", "Voi Primary School")
    sheets = [
        office.read(member_files.read_sheet, Holder(member_id), office.peter)
        for member_id in (one, other)
    ]
    assert {sheet.texts["employer"] for sheet in sheets} == {"Voi Primary School"}
    # Whoever has the file open is told that it has changed meanwhile.
    assert [sheet.version for sheet in sheets] == [1, 2]


def test_what_may_be_the_same_employer_is_named_and_what_may_not_is_left_alone() -> None:
    names = (
        "Voi Primary",
        "Wundanyi Primary",
        "Teachers Service Commission",
        "TEACHERS SERVICE COM.",
    )
    assert looks_like("Voi Primary", names) == ()
    assert looks_like("Teachers Service Commission", names) == ("TEACHERS SERVICE COM.",)


def test_only_who_reads_files_sees_where_members_work_and_their_photos(
    office: PracticeOffice,
) -> None:
    member_id = _works_at(office, "Voi Primary School")
    new = NewDocument(Holder(member_id), "photo", "jane.png", sample_photo())
    office.write(member_documents.add, new, office.peter)
    for who, works, photo in (
        (office.peter, ("Voi Primary School", "0455"), sample_photo()),
        (office.admin, ("", ""), b""),
    ):
        rows = (
            *office.read(members.list_members, None, who),
            *office.read(members.find, "M-0001", who),
        )
        assert [(row.employer, row.payroll_number) for row in rows] == [works, works]
        assert office.read(member_sheet.glance, member_id, who).photo == photo
