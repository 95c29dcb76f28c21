"""An explanation on one page: the figure, the rule, what it was reckoned from, the steps and the entries."""

from __future__ import annotations

from sacco_desktop.documents.blocks import Fact, draw_facts, draw_note, draw_section
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.table import Column, Row, Table, draw_table
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.explanations.explanation import Explanation
from sacco_desktop.domain.money import format_amount
from sacco_desktop.services.explanations.explaining import ExplanationPaper

ANYBODY = (
    "Whoever has these figures and the rule can reckon the result again without this program. The entries stand in the"
    " journal of the society under their numbers."
)
# How many lines each list may have; the first number that leaves all on one page is taken.
_LINES = (60, 40, 30, 24, 20, 16, 12, 9, 6, 4, 2)
_RULE_LINES = 7

_Line = tuple[str, str]


def draw_explanation(paper: ExplanationPaper) -> bytes:
    """The PDF of the explanation. What does not fit on its one page is told by the number of its lines."""
    heading = Heading(paper.letterhead, paper.stamp, "Why this figure")
    for most in _LINES:
        sheet = open_sheet(heading)
        _draw(sheet, paper.explanation, most)
        if len(sheet.pages) == 1:
            break
    return close_sheet(sheet, heading)


def _draw(sheet: Sheet, found: Explanation, most: int) -> None:
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact(found.title, found.result, is_wide=True, is_strong=True),
            Fact("Of", found.frame.about, is_wide=True),
            Fact("As of", format_date(found.frame.as_of)),
            Fact("Rule", found.rule, is_wide=True, max_lines=_RULE_LINES),
            *(Fact("From", source.line, is_wide=True) for source in found.frame.sources),
        ),
    )
    given = [(each.label, each.words) for each in found.given]
    _draw_lines(sheet, "Reckoned from", _joined(given, most))
    steps = [(each.label, format_amount(each.cents)) for each in found.steps]
    _draw_lines(sheet, "Steps", _joined(steps, most))
    _draw_entries(sheet, found, most)
    for note in found.frame.notes:
        draw_note(sheet, note)
    draw_note(sheet, ANYBODY)


def _joined(lines: list[_Line], most: int) -> list[_Line]:
    """The lines, of which those beyond `most` are told by their number alone; the screen shows every one."""
    if len(lines) <= most:
        return lines
    more = len(lines) - most + 1
    return [*lines[: most - 1], (f"and {more} more lines, on the screen", "")]


def _draw_lines(sheet: Sheet, title: str, lines: list[_Line]) -> None:
    if not lines:
        return
    draw_section(sheet, title, keep=40)
    columns = (Column("What", stretches=True), Column("KES, or as it says", is_figures=True))
    rows = tuple(Row((label, words)) for label, words in lines)
    draw_table(sheet, Table(columns, rows))
    sheet.y += 4


def _draw_entries(sheet: Sheet, found: Explanation, most: int) -> None:
    entries = found.frame.entries[-most:]
    if not entries:
        return
    draw_section(sheet, "Entries it rests on", keep=40)
    columns = (
        Column("No.", is_figures=True),
        Column("Date"),
        Column("What", stretches=True),
        Column("KES", is_figures=True),
    )
    rows = tuple(
        Row((f"{each.number:,}", format_date(each.on), each.words, format_amount(each.cents)))
        for each in entries
    )
    draw_table(sheet, Table(columns, rows))
    sheet.y += 4
