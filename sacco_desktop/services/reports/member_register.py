"""The register of members that the rules for co-operative societies ask for: who belonged, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Member,
    MemberFile,
    MembershipApplication,
    Nominee,
    NomineeList,
)
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import age_on
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.reports.frame import Content, as_of, framed
from sacco_desktop.services.reports.report import (
    Cell,
    ColumnKind,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
)

_COLUMNS = (
    ReportColumn("No."),
    ReportColumn("Name", is_wide=True),
    ReportColumn("Age", ColumnKind.NUMBER),
    ReportColumn("Applied", ColumnKind.DATE),
    ReportColumn("Postal address", is_wide=True),
    ReportColumn("Occupation"),
    ReportColumn("Admitted", ColumnKind.DATE),
    ReportColumn("Ceased", ColumnKind.DATE),
    ReportColumn("Nominees", is_wide=True),
)
# A sheet is too narrow for nine columns, so each member has up to three lines there.
_ON_PAPER = (
    ReportColumn("No."),
    ReportColumn("Name, then address and occupation, then nominees", is_wide=True),
    ReportColumn("Age", ColumnKind.NUMBER),
    ReportColumn("Applied", ColumnKind.DATE),
    ReportColumn("Admitted", ColumnKind.DATE),
    ReportColumn("Ceased", ColumnKind.DATE),
)


@dataclass(frozen=True, slots=True)
class WantedRegister:
    """The whole register, for paper or for a file; who has left stands in it for ever."""

    is_paper: bool


def member_register(work: Work, wanted: WantedRegister) -> Report:
    """The register as it stands now, with everybody who ever was a member. Raises InvalidInput when nobody was."""
    work.allow(Act.READ_FILES)
    nominees = _nominees(work)
    found = work.session.execute(
        select(Member, MemberFile, MembershipApplication.applied_on)
        .outerjoin(MemberFile, MemberFile.id == Member.file_id)
        .outerjoin(MembershipApplication, MembershipApplication.id == Member.application_id)
        .order_by(Member.number)
    ).all()
    if not found:
        raise InvalidInput("There is nobody on the register yet.", "")
    rows = tuple(
        ReportRow(
            member.number,
            (
                member.number,
                member.full_name,
                age_on(sheet.born_on, work.today) if sheet else None,
                applied_on,
                _address(sheet),
                sheet.occupation if sheet else "",
                member.joined_on,
                member.left_on,
                nominees.get(member.file_id or 0, ""),
            ),
        )
        for member, sheet, applied_on in found
    )
    now = sum(belongs(member.status) for member, *_rest in found)
    content = Content(
        title="Register of members",
        when=as_of(work.today),
        columns=_ON_PAPER if wanted.is_paper else _COLUMNS,
        rows=tuple(line for row in rows for line in _paper_lines(row)) if wanted.is_paper else rows,
        facts=(("Members now", f"{now:,}"), ("Have ceased", f"{len(found) - now:,}")),
    )
    request = ReportRequest(ReportKind.MEMBERS, work.today, work.today, "register")
    return framed(work, request, content)


def _paper_lines(row: ReportRow) -> list[ReportRow]:
    """The same of one member for a sheet: what is not known has no line."""
    number, name, age, applied, address, occupation, admitted, ceased, nominees = row.cells
    lines = [ReportRow(row.key, (number, name, age, applied, admitted, ceased))]
    known = ", ".join(str(part) for part in (address, occupation) if part)
    named = f"Nominees: {nominees}" if nominees else ""
    for place, words in enumerate((known, named)):
        if words:
            cells: tuple[Cell, ...] = ("", words, "", "", "", "")
            lines.append(ReportRow(f"{row.key}/{place}", cells))
    return lines


def _address(sheet: MemberFile | None) -> Cell:
    if sheet is None:
        return ""
    code_and_town = " ".join(part for part in (sheet.postal_code, sheet.town) if part)
    return ", ".join(part for part in (sheet.postal_address, code_and_town) if part)


def _nominees(work: Work) -> dict[int, str]:
    """The nominees of each file in one line: `Ann Moraa 50 %, Ben Moraa 50 %`."""
    found = work.session.execute(
        select(NomineeList.file_id, Nominee.full_name, Nominee.share)
        .join(Nominee, Nominee.list_id == NomineeList.id)
        .where(NomineeList.in_force_at.is_not(None), NomineeList.ended_at.is_(None))
        .order_by(Nominee.id)
    )
    lines: dict[int, list[str]] = {}
    for file_id, name, share in found:
        lines.setdefault(file_id, []).append(f"{name} {percent_words(share)} %")
    return {file_id: ", ".join(words) for file_id, words in lines.items()}


def percent_words(share: int) -> str:
    """`50` or `33.33` for a share in hundredths of a percent."""
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02}" if rest else f"{whole}"
