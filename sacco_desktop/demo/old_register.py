"""The register of another society, as an import that somebody is preparing: good rows, bad ones, and a question."""

from __future__ import annotations

from datetime import date

from sacco_desktop.demo.practice_office import PracticeOffice
from sacco_desktop.domain.old_books.cells import OldFile, Row, Sheet
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.drafts import NewDraft

_HEAD: Row = ("M/No.", "Names", "ID No", "Tel", "Date Joined", "Shares", "Share Capital")
_ROWS: tuple[Row, ...] = (
    (
        (101.0, "BEATRICE NALIAKA WEKESA", 27114390.0, 721445102.0, "25/03/2019", "KES 184,500.00", 20000.0),
        (102.0, "Samuel Kiprotich", 30551207.0, "712 34", "03/04/2020", "abc", 5000.0),
        (103.0, "Halima Abdi", 28990114.0, 733618220.0, date(2021, 1, 19), 46250.5, 5000.0),
        (104.0, "John Mwangi", 28990114.0, 720551904.0, date(2021, 1, 25), 12000.0, 5000.0),
        (105.0, "Rose Atieno Odhiambo", 31872045.0, 110224871.0, "14/08/2022", "7,300-", None),
        (None, "TOTAL", None, None, None, 242750.5, 35000.0),
    )
)  # fmt: skip


def begin_import(practice: PracticeOffice) -> None:
    """Grace has chosen a file, and has not looked at its rows yet."""
    sheet = Sheet("MEMBERS", (("UMOJA WELFARE, REGISTER 2025",), (), _HEAD, *_ROWS))
    file = OldFile("Umoja_2025.xlsx", "5c" * 32, "Excel workbook (.xlsx)", (sheet,))
    practice.office.books.write(
        drafts.start, NewDraft(file, "MEMBERS"), actor=practice.person("grace")
    )
