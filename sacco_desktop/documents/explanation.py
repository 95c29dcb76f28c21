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
# How many things that were given the page may have, in two columns; the first number that leaves all on one page is
# taken. Steps and entries follow from them, so they have less.
_MOST_GIVEN = (120, 80, 60, 48, 40, 32, 24, 16, 10, 6)
_LEAST_SHOWN = 4
CUT = "What did not fit on this page stands on the screen under Explain."
_RULE_LINES = 7
_IN_ONE_COLUMN = 8

_Line = tuple[str, str]


def draw_explanation(paper: ExplanationPaper) -> bytes:
    """The PDF of the explanation. What does not fit on its one page is told by the number of its lines."""
    heading = Heading(paper.letterhead, paper.stamp, "Why this figure")
    for most in _MOST_GIVEN:
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
    fewer = max(_LEAST_SHOWN, most // 6)
    given = [(each.label, each.words) for each in found.given]
    _draw_lines(sheet, "Reckoned from", given[:most])
    steps = [(each.label, format_amount(each.cents)) for each in found.steps]
    _draw_lines(sheet, "Steps", steps[:fewer])
    _draw_entries(sheet, found, fewer)
    for note in found.frame.notes:
        draw_note(sheet, note)
    is_cut = len(given) > most or len(steps) > fewer or len(found.frame.entries) > fewer
    draw_note(sheet, CUT if is_cut else ANYBODY)


def _draw_lines(sheet: Sheet, title: str, lines: list[_Line]) -> None:
    """Few lines under each other, many in two columns."""
    if not lines:
        return
    draw_section(sheet, title, keep=40)
    half = len(lines) if len(lines) <= _IN_ONE_COLUMN else -(-len(lines) // 2)
    sides = [lines[:half], lines[half:]] if half < len(lines) else [lines]
    columns = (Column("What", stretches=True), Column("KES, or as it says", is_figures=True))
    rows = tuple(
        Row(
            tuple(
                cell for side in sides for cell in (side[place] if place < len(side) else ("", ""))
            )
        )
        for place in range(half)
    )
    draw_table(sheet, Table(columns * len(sides), rows))
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
