"""The minutes of a sitting of the committee: who was there, each loan with every vote, and lines to sign on."""

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
from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.papers import MinuteItem, SittingMinutes

NOTHING = "No loan was decided on."
VOTES = "Each vote was given with the person's own password in the program, one after the other."


def draw_minutes(paper: SittingMinutes) -> bytes:
    """The PDF of the minutes."""
    heading = Heading(paper.letterhead, paper.stamp, "Minutes of the credit committee")
    sheet = open_sheet(heading)
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Minute no.", paper.minute_number, is_strong=True),
            Fact("Held on", format_date(paper.held_on), is_strong=True),
            Fact("Place", paper.place, is_wide=True),
            Fact("In the chair", paper.chair),
            Fact("Opened", f"{format_time(paper.opened_at)} by {paper.opened_by}"),
            Fact("Closed", f"{format_time(paper.closed_at)} by {paper.closed_by}"),
        ),
    )
    draw_section(sheet, "Present")
    # A name is never cut as a label would be: minutes must say in full who was there.
    draw_facts(
        sheet,
        tuple(
            Fact(f"{place}.", f"{name}, {roles}" if roles else name, is_wide=True)
            for place, (name, roles) in enumerate(paper.present, 1)
        ),
    )
    draw_section(sheet, "Decisions")
    draw_note(sheet, VOTES if paper.items else NOTHING)
    for number, item in enumerate(paper.items, 1):
        _draw_item(sheet, number, item)
    pens = tuple(PenLine("Present", name, "Signature and date:") for name, _ in paper.present)
    sheet.need(pen_lines_height(len(pens)) + 12)
    sheet.y += 8
    draw_pen_lines(sheet, pens)
    return close_sheet(sheet, heading)


def _draw_item(sheet: Sheet, number: int, item: MinuteItem) -> None:
    draw_section(sheet, f"{number}. Loan {item.loan_number}", keep=110)
    votes = (
        ("In favour", item.in_favour),
        ("Against", item.against),
        ("Abstained", item.abstained),
        ("Did not vote", item.silent),
    )
    draw_facts(
        sheet,
        (
            Fact("Member", item.member, is_wide=True),
            *((Fact("Asked for", item.wanted, is_wide=True),) if item.wanted else ()),
            Fact("Amount", format_kes(item.amount_cents), is_strong=True),
            Fact("Outcome", item.outcome, is_strong=True),
            *(Fact(title, "; ".join(names) or "nobody", is_wide=True) for title, names in votes),
        ),
    )
