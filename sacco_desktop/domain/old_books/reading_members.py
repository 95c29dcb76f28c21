"""Reads the rows of a register of members: who each is, since when and in which status, and what the file says."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.kyc import KIND_WORDS, MemberKind, clean_texts
from sacco_desktop.domain.member_status import STATUS_WORDS, MemberStatus
from sacco_desktop.domain.old_books import figures
from sacco_desktop.domain.old_books.cells import Cell, is_empty, words_of
from sacco_desktop.domain.old_books.headings import FILE_MEANINGS, Meaning
from sacco_desktop.domain.old_books.lines import Line, MemberLine
from sacco_desktop.domain.old_books.row_reader import Known, RowReader
from sacco_desktop.domain.people import clean_identity, clean_name, clean_registration

Kind = TypeVar("Kind")

_KINDS = {
    **{words.lower(): kind for kind, words in KIND_WORDS.items()},
    "individual": MemberKind.PERSON,
    "chama": MemberKind.GROUP,
    "organization": MemberKind.ORGANISATION,
    "corporate": MemberKind.ORGANISATION,
    "company": MemberKind.ORGANISATION,
}
_STATUSES = {
    **{words.lower(): status for status, words in STATUS_WORDS.items()},
    **{status.value.replace("_", " "): status for status in MemberStatus},
    "inactive": MemberStatus.DORMANT,
    "withdrawn": MemberStatus.EXITED,
    "resigned": MemberStatus.EXITED,
    "closed": MemberStatus.EXITED,
    "dead": MemberStatus.DECEASED,
}
# What clerks write into a cell of the file when they have nothing to write.
_NOT_KNOWN = frozenset(
    {"-", "--", "?", "n/a", "na", "nil", "none", "null", "not known", "unknown", "0", "00/00/0000"}
)
_GONE = frozenset({MemberStatus.EXITED, MemberStatus.EXPELLED})


def member(reader: RowReader, _known: Known) -> Line:
    """A member; a group or an organisation has one name, and the number of its registration."""
    kind = _one_of(reader, Meaning.MEMBER_KIND, _KINDS, MemberKind.PERSON)
    status = _one_of(reader, Meaning.MEMBER_STATUS, _STATUSES, MemberStatus.ACTIVE)
    names = _names(reader) if kind is MemberKind.PERSON else (_one_name(reader), "", "")
    joined_on = reader.day(Meaning.JOINED_ON, reader.plan.joined_on)
    since = _since(reader, status, joined_on)
    line = MemberLine(
        reader.read(Meaning.MEMBER_NO, figures.old_member_number, ""),
        *names,
        _identity(reader, kind),
        reader.read(Meaning.PHONE, figures.phone_of, ""),
        joined_on,
        reader.amount(Meaning.DEPOSITS),
        reader.amount(Meaning.SHARE_CAPITAL),
        kind.value,
        status.value,
        since,
        _file(reader),
    )
    if status in _GONE and (line.deposits_cents or line.shares_cents) and not reader.problems:
        reader.wrong(
            Meaning.MEMBER_STATUS,
            "Who has left owns no deposits and shares. What is still owed comes with the trial balance, account 2180.",
        )
    return line


def _one_of(reader: RowReader, meaning: Meaning, known: dict[str, Kind], otherwise: Kind) -> Kind:
    words = words_of(reader.cell(meaning))
    if not words:
        return otherwise
    found = known.get(" ".join(words.lower().split()))
    if found is None:
        choices = ", ".join(dict.fromkeys(known))
        reader.wrong(meaning, f"{meaning.value} is not known: {words[:40]}. There are: {choices}.")
        return otherwise
    return found


def _since(reader: RowReader, status: MemberStatus, joined_on: date) -> date | None:
    """The day since which the status holds; a notice runs from its day, so that one must be told."""
    if status is MemberStatus.ACTIVE or is_empty(reader.cell(Meaning.STATUS_SINCE)):
        if status is MemberStatus.NOTICE_GIVEN:
            reader.wrong(Meaning.STATUS_SINCE, "Write the day on which the notice was given.")
        return None
    since = reader.day(Meaning.STATUS_SINCE, None)
    if since < joined_on:
        reader.wrong(Meaning.STATUS_SINCE, "This lies before the day of joining.")
    return since


def _identity(reader: RowReader, kind: MemberKind) -> str:
    clean = clean_identity if kind is MemberKind.PERSON else clean_registration
    return reader.read(
        Meaning.NATIONAL_ID, lambda cell, what: clean(figures.figures_of(cell, what), what), ""
    )


def _names(reader: RowReader) -> tuple[str, str, str]:
    """First, other and last name; a full name is taken apart at its spaces."""
    if reader.has(Meaning.NAME):
        parts = reader.read(Meaning.NAME, _name, "").split()
        if len(parts) == 1:
            reader.wrong(Meaning.NAME, "Full name has one word only. Write first and last name.")
        return (parts[0], " ".join(parts[1:-1]), parts[-1]) if len(parts) > 1 else ("", "", "")
    first = reader.read(Meaning.FIRST_NAME, _name, "")
    others = reader.has(Meaning.OTHER_NAMES) and not is_empty(reader.cell(Meaning.OTHER_NAMES))
    other = reader.read(Meaning.OTHER_NAMES, _name, "") if others else ""
    return first, other, reader.read(Meaning.LAST_NAME, _name, "")


def _one_name(reader: RowReader) -> str:
    """The whole name of a group, wherever the register keeps the parts of names."""
    if reader.has(Meaning.NAME):
        return reader.read(Meaning.NAME, _name, "")
    meanings = (Meaning.FIRST_NAME, Meaning.OTHER_NAMES, Meaning.LAST_NAME)
    parts = [
        reader.read(meaning, _name, "")
        for meaning in meanings
        if meaning is Meaning.FIRST_NAME or not is_empty(reader.cell(meaning))
    ]
    return " ".join(part for part in parts if part)


def _name(cell: Cell, what: str) -> str:
    if is_empty(cell):
        raise InvalidInput(f"{what} is missing.", what)
    if not isinstance(cell, str) or cell.lstrip().startswith("="):
        raise InvalidInput(f"{what} is no name: {words_of(cell)[:40]}.", what)
    return clean_name(cell, what)


def _file(reader: RowReader) -> tuple[tuple[str, str], ...]:
    """The lines of the file that the row fills, in the form that files keep."""
    told: dict[str, str] = {}
    for meaning in reader.plan.columns:
        if meaning not in FILE_MEANINGS:
            continue
        if words_of(reader.cell(meaning)).lower() in {"", *_NOT_KNOWN}:
            continue
        name = FILE_MEANINGS[meaning]
        if meaning is Meaning.BORN_ON:
            told[name] = reader.day(meaning, None).isoformat()
        else:
            told[name] = reader.read(meaning, _line_of_file, "")
    if not told:
        return ()
    try:
        kept = clean_texts(told)
    except InvalidInput as wrong:
        meaning = Meaning[wrong.field.upper()]
        reader.wrong(meaning, f"{meaning.value}: {wrong.message}")
        return ()
    return tuple((name, text) for name, text in kept.items() if text)


def _line_of_file(cell: Cell, what: str) -> str:
    if isinstance(cell, str) and not cell.lstrip().startswith("="):
        return cell
    return figures.figures_of(cell, what)
