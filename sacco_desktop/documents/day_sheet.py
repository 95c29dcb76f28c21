"""The sheet of a closed day: each check with what was found, the head of the journal, and two lines to sign on."""

from __future__ import annotations

from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_note,
    draw_pen_lines,
    draw_section,
    pen_lines_height,
)
from sacco_desktop.documents.letterhead import Heading, close_sheet, open_sheet
from sacco_desktop.documents.sheet import Sheet
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.domain.dates import format_long_date
from sacco_desktop.services.books.papers import DayCheck, DaySheet

CLOSED = (
    "A closed day takes no more entries, nor does any day before it. What happens later is dated in the next open day;"
    " two people can reopen the last closed day, and its sheet then says so."
)
# A finding names at most three things of a kind, and a reason has at most 300 letters.
_LINES = 6


def draw_day_sheet(paper: DaySheet) -> bytes:
    """The PDF of the sheet."""
    heading = Heading(paper.letterhead, paper.stamp, "Close of the day")
    sheet = open_sheet(heading)
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Day", format_long_date(paper.day), is_strong=True),
            Fact("Closed", moment_words(paper.closed_at), is_strong=True),
            Fact("Closed by", paper.closed_by),
            Fact("Signed by", paper.signed_by),
            Fact("Last entry", f"{paper.head_number:,}"),
            Fact("Head of journal", paper.head_hash, is_wide=True),
        ),
    )
    if paper.reopened:
        draw_section(sheet, "Not closed any more", keep=48)
        draw_facts(
            sheet,
            (
                Fact("Reopened", paper.reopened, is_wide=True, is_strong=True, max_lines=_LINES),
                Fact("Reason", paper.reopened_why, is_wide=True, max_lines=_LINES),
                Fact("Posted since", _since(paper), is_wide=True),
            ),
        )
    wrong = sum(not one.is_green for one in paper.checks)
    draw_section(sheet, "Checks")
    draw_note(sheet, "All are in order." if not wrong else f"{wrong} not in order; see the reason.")
    for number, one in enumerate(paper.checks, 1):
        _draw_check(sheet, number, one)
    draw_note(sheet, CLOSED)
    pens = tuple(
        PenLine(act, name, "Date:")
        for act, name in (("Closed by", paper.closed_by), ("Signed by", paper.signed_by))
    )
    sheet.need(pen_lines_height(len(pens)) + 12)
    sheet.y += 8
    draw_pen_lines(sheet, pens, in_a_row=2)
    return close_sheet(sheet, heading)


def _draw_check(sheet: Sheet, number: int, one: DayCheck) -> None:
    draw_section(sheet, f"{number}. {one.title}", keep=48)
    mark = "In order" if one.is_green else "NOT in order"
    facts = [Fact(mark, one.finding, is_wide=True, max_lines=_LINES)]
    if not one.is_green:
        facts.append(Fact("Reason", one.reason, is_wide=True, is_strong=True, max_lines=_LINES))
    draw_facts(sheet, facts)


def _since(paper: DaySheet) -> str:
    count = paper.entries_since
    if not count:
        return "nothing, up to this day"
    return f"{count:,} {'entry' if count == 1 else 'entries'}, up to this day"
