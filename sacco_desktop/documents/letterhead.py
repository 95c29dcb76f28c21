"""Head and foot of every page: which society, which paper, who printed it, whether it is real."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from sacco_desktop.documents.fonts import Face, Style, text_width
from sacco_desktop.documents.marks import FAINT, WHITE, Filled, Frame, Rectangle, Words
from sacco_desktop.documents.pdf import PAGE_HEIGHT, PAGE_WIDTH, Properties, write_pdf
from sacco_desktop.documents.plain_text import PlainText, cut, plain, wrap
from sacco_desktop.documents.qr_mark import qr_mark, qr_text
from sacco_desktop.documents.sheet import (
    FOOT_TOP,
    LABEL,
    LEFT,
    RIGHT,
    SECTION,
    SMALL,
    VALUE,
    Sheet,
)
from sacco_desktop.documents.wording import moment_words
from sacco_desktop.services.books.papers import Letterhead, PaperStamp

NAMES = tuple(Style(Face.STRONG, size) for size in (14.0, 13.0, 12.0))
NAME_AGAIN = Style(Face.STRONG, 9)
TITLE = Style(Face.STRONG, 16)
COPY = Style(Face.STRONG, 11)
BAND = Style(Face.STRONG, 8.5, WHITE)
BAND_HEIGHT = 15.0
QR_SIDE = 74.0
WATERMARK_ANGLE = 52.0


@dataclass(frozen=True, slots=True)
class Heading:
    """What a paper is called. `note` stands under the number: which half of a receipt this is."""

    letterhead: Letterhead
    stamp: PaperStamp
    title: str
    note: str = ""


def open_sheet(heading: Heading) -> Sheet:
    """A sheet whose first page bears the full head and whose other pages bear a short one."""

    def start_page(sheet: Sheet) -> None:
        draw_practice(sheet, heading, PAGE_WIDTH / 2, PAGE_HEIGHT / 2, 120)
        if len(sheet.pages) == 1:
            draw_head(sheet, heading)
        else:
            _draw_short_head(sheet, heading)

    return Sheet(start_page)


def close_sheet(sheet: Sheet, heading: Heading) -> bytes:
    """Number the pages now that they are known, and write the PDF."""
    for number, page in enumerate(sheet.pages, start=1):
        page.extend(foot_marks(heading, FOOT_TOP, f"Page {number} of {len(sheet.pages)}"))
    return write_pdf(sheet.pages, properties(heading))


def properties(heading: Heading) -> Properties:
    """What the PDF says about itself; no member's name, because any file manager shows this."""
    stamp = heading.stamp
    return Properties(
        title=plain(" ".join(filter(None, [heading.title, stamp.number, _copy_words(stamp)]))),
        author=plain(heading.letterhead.name),
        subject=plain(
            f"PRACTICE – {heading.title}" if heading.letterhead.is_practice else heading.title
        ),
        keywords=plain(qr_text(stamp)),
    )


def draw_head(sheet: Sheet, heading: Heading) -> None:
    """The full head from `sheet.y`: name, register, address, square mark, then title and number."""
    _draw_band(sheet, heading)
    top = sheet.y
    width = RIGHT - LEFT - QR_SIDE - 12
    # The quiet zone reaches into the margin, so that the dark part ends where the text ends.
    quiet = QR_SIDE * 0.09
    sheet.add(qr_mark(qr_text(heading.stamp), RIGHT - QR_SIDE + quiet, top - quiet, QR_SIDE))
    y = top + 14
    name = heading.letterhead.name
    # A name that nearly fits is set smaller rather than leaving "Ltd" alone on a line.
    style = next((each for each in NAMES if text_width(plain(name), each) <= width), NAMES[0])
    for line in wrap(name, style, width, 2):
        sheet.put(LEFT, y, line, style)
        y += 17
    for line in wrap(_address(heading.letterhead), LABEL, width, 2):
        sheet.put(LEFT, y - 2, line, LABEL)
        y += 11.5
    sheet.y = max(y, top + QR_SIDE - 2 * quiet + 7)
    sheet.rule(sheet.y, 1.2)
    _draw_title(sheet, heading)


def _draw_title(sheet: Sheet, heading: Heading) -> None:
    baseline = sheet.y + 25
    number_width = 190.0
    title = cut(heading.title, TITLE, RIGHT - LEFT - number_width)
    sheet.put(LEFT, baseline, title, TITLE)
    number = cut(f"No. {heading.stamp.number}", SECTION, number_width)
    sheet.put_right(RIGHT, baseline, number, SECTION)
    sheet.y = baseline + 8
    copy = _copy_words(heading.stamp)
    if not copy and not heading.note:
        return
    if copy:
        _draw_copy(sheet, sheet.y, copy)
    sheet.put_right(RIGHT, sheet.y + 8, cut(heading.note, VALUE, number_width), VALUE)
    sheet.y += 18


def _draw_copy(sheet: Sheet, top: float, copy: PlainText) -> None:
    """The word COPY in a frame, like a rubber stamp."""
    width = text_width(copy, COPY) + 14
    sheet.add(Frame(LEFT, top, width, 16.5, 1.2))
    sheet.put(LEFT + 7, top + 12.3, copy, COPY)


def _draw_short_head(sheet: Sheet, heading: Heading) -> None:
    _draw_band(sheet, heading)
    baseline = sheet.y + 10
    copy = _copy_words(heading.stamp)
    title = f"{heading.title} {heading.stamp.number}"
    line = cut(f"{copy} · {title}" if copy else title, NAME_AGAIN, 0.6 * (RIGHT - LEFT))
    sheet.put_right(RIGHT, baseline, line, NAME_AGAIN)
    width = RIGHT - LEFT - text_width(line, NAME_AGAIN) - 16
    sheet.put(LEFT, baseline, cut(heading.letterhead.name, NAME_AGAIN, width), NAME_AGAIN)
    sheet.y = baseline + 7
    sheet.rule(sheet.y, 1.2)
    sheet.y += 14


def foot_marks(heading: Heading, y: float, page_words: str) -> list[Words | Filled]:
    """The foot below `y`: printed by, number and the first half of the fingerprint, page x of y."""
    stamp = heading.stamp
    pages = plain(page_words)
    line_width = RIGHT - LEFT
    first = cut(
        f"Printed by {stamp.printed_by} on {moment_words(stamp.printed_at)}", SMALL, line_width - 80
    )
    second = cut(f"{stamp.number} · fingerprint {_spaced(stamp.fingerprint)}", SMALL, line_width)
    return [
        Filled((Rectangle(LEFT, y, line_width, 0.4),)),
        Words(LEFT, y + 11, first, SMALL),
        Words(RIGHT - text_width(pages, SMALL), y + 11, pages, SMALL),
        Words(LEFT, y + 21, second, SMALL),
    ]


def draw_practice(sheet: Sheet, heading: Heading, x: float, y: float, size: float) -> None:
    """PRACTICE across the page around (x, y), pale and under the text: figures stay clear."""
    if not heading.letterhead.is_practice:
        return
    style = Style(Face.STRONG, size, FAINT)
    word = plain("PRACTICE")
    half = text_width(word, style) / 2
    along, across = radians(WATERMARK_ANGLE), size * 0.36
    start_x = x - half * cos(along) + across * sin(along)
    baseline = y + half * sin(along) + across * cos(along)
    sheet.add(Words(start_x, baseline, word, style, WATERMARK_ANGLE))


def _draw_band(sheet: Sheet, heading: Heading) -> None:
    """White on black over the whole width: the one thing nobody overlooks, also on a photocopy."""
    if not heading.letterhead.is_practice:
        return
    words = plain("PRACTICE – this paper is not real and no money moved")
    sheet.add(Filled((Rectangle(LEFT, sheet.y, RIGHT - LEFT, BAND_HEIGHT),)))
    sheet.put((LEFT + RIGHT - text_width(words, BAND)) / 2, sheet.y + 10.7, words, BAND)
    sheet.y += BAND_HEIGHT + 8


def _address(letterhead: Letterhead) -> str:
    number = letterhead.registration_number
    parts = (
        f"Registered no. {number}" if number else "",
        letterhead.postal_address,
        letterhead.phone,
    )
    return " · ".join(part for part in parts if part)


def _copy_words(stamp: PaperStamp) -> PlainText:
    """Empty for the first print."""
    return plain(f"COPY · print {stamp.copy_number}" if stamp.copy_number > 1 else "")


def _spaced(fingerprint: str) -> str:
    """Half of the fingerprint in groups of four, for a person who has to type it."""
    shown = fingerprint[:32]
    return " ".join(shown[i : i + 4] for i in range(0, len(shown), 4))
