"""Photo and papers: only what its content proves to be a picture or a PDF is kept, and it comes back as it was."""

import pytest

from sacco_desktop.domain.document_files import JPEG, MOST_BYTES, PDF, PNG
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.services.membership import member_documents, member_files
from sacco_desktop.services.membership.member_documents import DocumentOf, NewDocument
from sacco_desktop.services.membership.member_files import Holder
from tests import make
from tests.make import PracticeOffice

A_JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 9 + b"\xff\xd9"
A_PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9 + b"IEND\xaeB`\x82"
A_PDF = b"%PDF-1.7\n" + b"paper" * 9 + b"\n%%EOF\n"


@pytest.mark.parametrize(
    ("kind", "content", "media"),
    [("photo", A_JPEG, JPEG), ("photo", A_PNG, PNG), ("id_copy", A_PDF, PDF)],
)
def test_a_paper_is_what_its_content_says_and_comes_back_whole(
    office: PracticeOffice, kind: str, content: bytes, media: str
) -> None:
    holder = Holder(make.member(office).member_id)
    new = NewDocument(holder, kind, "wrong-name.exe", content)
    row = office.write(member_documents.add, new, office.peter)
    assert (row.media, row.size) == (media, len(content))
    which = DocumentOf(holder, row.document_id)
    assert office.read(member_documents.read, which, office.daniel).content == content
    assert office.read(member_documents.list_documents, holder, office.daniel) == (row,)


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("photo", b"", "file"),
        ("photo", b"MZ program", "file"),
        ("photo", A_PDF, "file"),
        ("photo", A_JPEG[:-2], "file"),
        ("id_copy", A_PDF[:20], "file"),
        ("id_copy", A_PNG[:12], "file"),
        ("id_copy", A_PDF + b" " * MOST_BYTES, "file"),
        ("passport of a cat", A_JPEG, "kind"),
    ],
)
def test_what_is_no_whole_picture_or_pdf_is_refused(
    office: PracticeOffice, kind: str, content: bytes, field: str
) -> None:
    holder = Holder(make.member(office).member_id)
    with pytest.raises(InvalidInput) as refusal:
        office.write(member_documents.add, NewDocument(holder, kind, "a", content), office.peter)
    assert refusal.value.field == field
    assert office.count("member_document") == 0


def test_the_same_paper_is_kept_once_and_one_taken_out_stays_in_the_books(
    office: PracticeOffice,
) -> None:
    holder = Holder(make.member(office).member_id)
    new = NewDocument(holder, "photo", "a.jpg", A_JPEG)
    row = office.write(member_documents.add, new, office.peter)
    with pytest.raises(WrongState):
        office.write(member_documents.add, new, office.peter)
    assert office.read(member_documents.photo, holder, office.peter) == A_JPEG
    which = DocumentOf(holder, row.document_id)
    office.write(member_documents.remove, which, office.peter)
    assert office.read(member_documents.list_documents, holder, office.peter) == ()
    assert office.read(member_documents.photo, holder, office.peter) is None
    with pytest.raises(NotFound):
        office.read(member_documents.read, which, office.peter)
    assert office.count("member_document") == 1


def test_a_paper_of_one_member_is_not_read_through_another(office: PracticeOffice) -> None:
    one, other = (Holder(make.member(office).member_id) for _number in range(2))
    row = office.write(member_documents.add, NewDocument(one, "photo", "a", A_JPEG), office.peter)
    with pytest.raises(NotFound):
        office.read(member_documents.read, DocumentOf(other, row.document_id), office.peter)


def test_a_photo_and_an_id_are_missed_until_they_are_there(office: PracticeOffice) -> None:
    holder = Holder(make.member(office).member_id)
    words = "There is no photo."
    assert words in {one.words for one in office.read(member_files.sheet_of, holder).warnings}
    office.write(member_documents.add, NewDocument(holder, "photo", "a", A_JPEG), office.peter)
    assert words not in {one.words for one in office.read(member_files.sheet_of, holder).warnings}


@pytest.mark.only_on("postgresql", "the file is encrypted as a whole")
def test_a_server_keeps_the_picture_sealed(office: PracticeOffice) -> None:
    holder = Holder(make.member(office).member_id)
    office.write(member_documents.add, NewDocument(holder, "photo", "a", A_JPEG), office.peter)
    ((kept,),) = office.sql("SELECT content FROM member_document")
    assert b"picture" not in bytes(kept)
