"""Letters of opening balances: one page each, with a strip for the member to sign or to object."""

from __future__ import annotations

from sacco_desktop.documents.blocks import (
    Fact,
    PenLine,
    draw_facts,
    draw_note,
    draw_pen_lines,
    draw_section,
)
from sacco_desktop.documents.letterhead import (
    Heading,
    draw_head,
    draw_practice,
    foot_marks,
    properties,
)
from sacco_desktop.documents.pdf import PAGE_HEIGHT, PAGE_WIDTH, write_pdf
from sacco_desktop.documents.sheet import FOOT_TOP, Sheet
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.old_books.letters import OpeningLetter, OpeningLetters

TITLE = "Opening balances"
# A member with more loans than fit a page is told their sum instead of getting a second page that could be lost.
MOST_LOANS = 20


def draw_letters(paper: OpeningLetters) -> bytes:
    """The PDF of all letters, a page each, in the order of the member numbers."""
    heading = Heading(paper.letterhead, paper.stamp, TITLE)

    def start_page(sheet: Sheet) -> None:
        draw_practice(sheet, heading, PAGE_WIDTH / 2, PAGE_HEIGHT / 2, 120)
        draw_head(sheet, heading)

    sheet = Sheet(start_page)
    for number, letter in enumerate(paper.letters):
        if number:
            sheet.new_page()
        _draw(sheet, paper, letter)
        words = f"Letter {number + 1} of {len(paper.letters)}"
        sheet.pages[-1].extend(foot_marks(heading, FOOT_TOP, words))
    return write_pdf(sheet.pages, properties(heading))


def _draw(sheet: Sheet, paper: OpeningLetters, letter: OpeningLetter) -> None:
    sheet.y += 4
    draw_facts(
        sheet,
        (
            Fact("Member", letter.member_name, is_wide=True, is_strong=True, max_lines=2),
            Fact("Member no.", letter.member_number, max_lines=1),
            Fact("Balances of", format_date(paper.as_of)),
            Fact("Journal entry", f"no. {paper.entry_number}"),
            Fact("Agreed to by", paper.approved_by, max_lines=1),
        ),
    )
    draw_note(
        sheet,
        "The society keeps its books in a new program. These are your balances as they were brought forward from the"
        " old books. Compare them with your own papers.",
    )
    draw_section(sheet, "What you own")
    draw_facts(
        sheet,
        [Fact(line.name, format_kes(line.amount_cents), True) for line in letter.owned]
        or [_NOTHING],
    )
    draw_section(sheet, "What you owe")
    owed = [
        Fact(line.name, format_kes(line.amount_cents), True) for line in letter.owed[:MOST_LOANS]
    ]
    rest = letter.owed[MOST_LOANS:]
    if rest:
        cents = sum(line.amount_cents for line in rest)
        owed.append(Fact(f"{len(rest)} more loans", format_kes(cents), True))
    draw_facts(sheet, owed or [_NOTHING])
    sheet.y += 8
    draw_note(
        sheet,
        "If a figure is wrong, write the right one beside it and bring this letter with your papers to the office."
        " If all is right, sign it and give it back.",
    )
    sheet.y += 10
    draw_pen_lines(
        sheet, [PenLine("Signature of the member", letter.member_name), PenLine("Date", "")], 2
    )


_NOTHING = Fact("Nothing", "was brought forward", True)
