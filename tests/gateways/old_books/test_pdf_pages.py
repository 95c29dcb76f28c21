"""A PDF with text is read as rows under the columns of its heading; one that is damaged is refused in a sentence."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from sacco_desktop.gateways.old_books.limits import LIMITS, Limits, Refused
from sacco_desktop.gateways.old_books.pdf_pages import read_pdf

Line = tuple[tuple[float, str], ...]
HEAD: Line = ((30, "Receipt No."), (120, "Details"), (300, "Paid In"), (380, "Balance"))


def pdf(*pages: tuple[Line, ...]) -> bytes:
    """Each page's lines, from the top; each piece of text with the place where it begins."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        for number, line in enumerate(page):
            for left, text in line:
                canvas.drawString(left, 780 - 20 * number, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_rows_stand_under_their_columns_and_long_words_go_on_below() -> None:
    first = (
        ((30, "Short Code: 600100"),),
        HEAD,
        ((30, "UCK4A1B2C3"), (120, "Pay Bill Online from"), (300, "5,000.00"), (372, "125,000.00")),
        ((120, "PETER OTIENO Acc. M0123"),),
    )
    second = (HEAD, ((30, "UCK4A1B2C4"), (120, "Charge"), (380, "124,982.00")))
    assert list(read_pdf(pdf(first, second), LIMITS)) == [
        [
            ["Short Code: 600100"],
            ["Receipt No.", "Details", "Paid In", "Balance"],
            [
                "UCK4A1B2C3",
                "Pay Bill Online from PETER OTIENO Acc. M0123",
                "5,000.00",
                "125,000.00",
            ],
        ],
        [
            ["Receipt No.", "Details", "Paid In", "Balance"],
            ["UCK4A1B2C4", "Charge", "", "124,982.00"],
        ],
    ]


def test_what_is_damaged_or_endless_is_refused() -> None:
    with pytest.raises(Refused, match="damaged or has a password"):
        list(read_pdf(b"%PDF-1.7 and nothing more", LIMITS))
    with pytest.raises(Refused, match="more letters than a page can"):
        list(read_pdf(pdf((HEAD,)), Limits(cells=5)))
