"""Marks become the bytes of a PDF: the same marks give the same bytes, on every PC and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from sacco_desktop.documents.fonts import Face, font_name
from sacco_desktop.documents.marks import Filled, Frame, Mark, Rule, Words
from sacco_desktop.documents.plain_text import PlainText

PAGE_WIDTH = 595.28  # A4 in points
PAGE_HEIGHT = 841.89


@dataclass(frozen=True, slots=True)
class Properties:
    """What a PDF says about itself."""

    title: PlainText
    author: PlainText
    subject: PlainText
    keywords: PlainText


def write_pdf(pages: Sequence[Sequence[Mark]], properties: Properties) -> bytes:
    """One A4 page for each list of marks, with the used letters of the fonts inside the file."""
    target = BytesIO()
    # ReportLab would name a first font of its own without embedding it; ours takes its place.
    canvas = Canvas(
        target,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        initialFontName=font_name(Face.REGULAR),
        lang="en-KE",
    )
    canvas.setTitle(properties.title)
    canvas.setAuthor(properties.author)
    canvas.setSubject(properties.subject)
    canvas.setKeywords(properties.keywords)
    canvas.setCreator("Sacco Desktop")
    canvas.setProducer("Sacco Desktop")
    # "Fit to page" would shrink the paper; the title, not the file name, belongs in the title bar.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for marks in pages:
        for mark in marks:
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Any, mark: Mark) -> None:
    match mark:
        case Words():
            _draw_words(canvas, mark)
        case Rule():
            canvas.setStrokeGray(mark.grey)
            canvas.setLineWidth(mark.thickness)
            canvas.setDash([3, 3] if mark.dashed else [])
            canvas.line(mark.x, PAGE_HEIGHT - mark.y, mark.to_x, PAGE_HEIGHT - mark.to_y)
        case Frame():
            canvas.setStrokeGray(0)
            canvas.setLineWidth(mark.thickness)
            canvas.setDash([])
            bottom = PAGE_HEIGHT - mark.y - mark.height
            canvas.rect(mark.x, bottom, mark.width, mark.height, stroke=1, fill=0)
        case Filled():
            canvas.setFillGray(mark.grey)
            path = canvas.beginPath()
            for each in mark.rectangles:
                bottom = PAGE_HEIGHT - each.y - each.height
                path.rect(each.x, bottom, each.width, each.height)
            canvas.drawPath(path, stroke=0, fill=1)


def _draw_words(canvas: Any, words: Words) -> None:
    canvas.setFillGray(words.style.grey)
    canvas.setFont(font_name(words.style.face), words.style.size)
    if not words.angle:
        canvas.drawString(words.x, PAGE_HEIGHT - words.baseline, words.text)
        return
    canvas.saveState()
    canvas.translate(words.x, PAGE_HEIGHT - words.baseline)
    canvas.rotate(words.angle)
    canvas.drawString(0, 0, words.text)
    canvas.restoreState()
