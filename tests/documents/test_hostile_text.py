"""Names that attack or break a paper are printed as they are, quickly, and open nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.documents.fonts import Face, Style, text_width
from sacco_desktop.documents.minutes import draw_minutes
from sacco_desktop.documents.opening_letters import draw_letters
from sacco_desktop.documents.plain_text import LONGEST, UNKNOWN_SIGN, cut, plain, wrap
from sacco_desktop.documents.receipt import draw_receipt
from sacco_desktop.documents.reconciliation import draw_reconciliation
from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.services.books.papers import (
    AmountLine,
    DaySheet,
    JournalLine,
    Letterhead,
    PaperStamp,
    Signature,
)
from sacco_desktop.services.old_books.letters import OpeningLetter, OpeningLetters
from sacco_desktop.services.reconciling.reconciliation_papers import ReconciliationPaper
from tests.documents.read_back import Piece, flat_text, pieces
from tests.documents.sample_papers import (
    day_sheet,
    minutes,
    opening_letters,
    receipt,
    reconciliation,
    schedule,
    voucher,
)

STYLE = Style(Face.REGULAR, 9.5)
EVIL = '<img src="file:///etc/passwd">'
ATTACKS = [
    EVIL,
    '<img src="http://127.0.0.1:9/x.png"/>',
    "<b>unclosed & <para>",
    "</para><a href='file:///'>x</a>",
    "%s %(name)s {0} \\n (( )) \\",
    "BT /F1 12 Tf (x) Tj ET endstream endobj",
]

_touched: list[str] = []
_watching = [False]


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching[0] and event in {"open", "socket.connect", "socket.getaddrinfo", "os.listdir"}:
        _touched.append(f"{event} {arguments[0]!r}")


# An audit hook sees what C code opens too, and cannot be taken away again: hence the switch.
sys.addaudithook(_watch)


@contextmanager
def nothing_opened() -> Iterator[None]:
    """Fails when a file or an address is opened inside."""
    _touched.clear()
    _watching[0] = True
    try:
        yield
    finally:
        _watching[0] = False
    assert _touched == []


def _hostile_letters(text: str, head: Letterhead, stamp: PaperStamp) -> OpeningLetters:
    line = AmountLine(text, 777_777_777_777_777)
    return replace(
        opening_letters(),
        letterhead=head,
        stamp=stamp,
        approved_by=text,
        letters=(OpeningLetter(text, text, (line, line), (line,) * 40),),
    )


def _hostile_day(text: str, head: Letterhead, stamp: PaperStamp) -> DaySheet:
    check = replace(day_sheet().checks[2], title=text, finding=text, reason=text)
    return replace(
        day_sheet(),
        letterhead=head,
        stamp=stamp,
        closed_by=text,
        signed_by=text,
        head_hash=text,
        reopened=text,
        reopened_why=text,
        checks=(check,) * 4,
    )


def _hostile_reconciliation(text: str, head: Letterhead, stamp: PaperStamp) -> ReconciliationPaper:
    return replace(
        reconciliation(),
        letterhead=head,
        stamp=stamp,
        title=text,
        made_by=text,
        signed_by=text,
        statements=(text,) * 3,
        reasons=(AmountLine(text, -42_000_00),),
    )


def _draw_everything_with(text: str) -> list[bytes]:
    """All papers with the text wherever text can come from a person or from outside."""
    head = Letterhead(text, text, text, text, True)
    stamp = PaperStamp(text, text, voucher().stamp.printed_at, 2, text)
    hostile_voucher = replace(
        voucher(),
        letterhead=head,
        stamp=stamp,
        voucher_number="PV-1",
        payee=text,
        member_number=text,
        national_id=text,
        loan_number=text,
        product=text,
        deductions=(AmountLine(text, 1_000_00), AmountLine(text, 562_50)),
        phone=text,
        receipt=text,
        status_words=text,
        originator_conversation_id=text,
        journal=(JournalLine(text, text, 5, 0), JournalLine(text, text, 0, 5)),
        signatures=(Signature(text, text, None), *voucher().signatures),
    )
    hostile_receipt = replace(
        receipt(),
        letterhead=head,
        stamp=stamp,
        receipt_number="R-1",
        member_name=text,
        member_number=text,
        mode=text,
        amount_cents=777_777_777_777_777,  # its words need the most lines
        balance_after_cents=777_777_777_777_777,
        cashier=text,
    )
    hostile_schedule = replace(
        schedule(40),
        letterhead=head,
        stamp=stamp,
        loan_number=text,
        member_name=text,
        member_number=text,
        product=text,
        terms=((text, text), (text, text)),
        deductions=(AmountLine(text, 500_00), AmountLine(text, 120_00)),
    )
    one = minutes().items[0]
    item = replace(
        one,
        loan_number=text,
        member=text,
        amount_cents=777_777_777_777_777,
        outcome=text,
        in_favour=(text, text),
        against=(text,),
        abstained=(text, text),
        silent=(text,),
    )
    hostile_minutes = replace(
        minutes(),
        letterhead=head,
        stamp=stamp,
        minute_number=text,
        place=text,
        chair=text,
        opened_by=text,
        closed_by=text,
        present=((text, text),) * 7,
        items=(item, item),
    )
    return [
        draw_voucher(hostile_voucher),
        draw_receipt(hostile_receipt),
        draw_letters(_hostile_letters(text, head, stamp)),
        draw_schedule(hostile_schedule),
        draw_minutes(hostile_minutes),
        draw_day_sheet(_hostile_day(text, head, stamp)),
        draw_reconciliation(_hostile_reconciliation(text, head, stamp)),
    ]


def _overlaps(first: Piece, second: Piece) -> bool:
    """Common ink of more than half a point both ways; the word across the page lies below all."""
    if first.page != second.page or "PRACTICE" in (first.text, second.text):
        return False
    wide = min(first.right, second.right) - max(first.left, second.left)
    high = min(first.top, second.top) - max(first.bottom, second.bottom)
    return wide > 0.5 and high > 0.5


def _assert_tidy(pdf: bytes) -> None:
    """Nothing beyond the margins, no two strings on each other."""
    drawn = pieces(pdf)
    for piece in drawn:
        assert 55 <= piece.left <= piece.right <= 554, piece
        # Printers cannot reach the outermost 12 to 17 points of a sheet.
        assert 18 <= piece.bottom <= piece.top <= 842 - 20, piece
    by_height = sorted(drawn, key=lambda piece: (piece.page, piece.bottom))
    for place, first in enumerate(by_height):
        for second in by_height[place + 1 : place + 60]:
            assert not _overlaps(first, second), (first, second)


@pytest.mark.parametrize("text", ATTACKS)
def test_markup_in_a_name_is_printed_and_opens_nothing(text: str) -> None:
    _draw_everything_with("warm")  # fonts and time zones are read once, which is no attack
    with nothing_opened():
        drawn = _draw_everything_with(text)
    for pdf in drawn:
        assert " ".join(text.split()) in flat_text(pdf)
        _assert_tidy(pdf)


@pytest.mark.parametrize(
    "name", ["\u05d9\u05e2\u05dc \u05db\u05d4\u05df", "Jane \u202eeoD\u202c Doe"]
)
def test_a_name_written_from_the_right_leaves_the_minutes_in_order(name: str) -> None:
    item = replace(minutes().items[0], member=name, in_favour=(name, "Amina Hassan"))
    pdf = draw_minutes(replace(minutes(), items=(item,), present=((name, ""), ("Amina", ""))))
    assert "\u202e" not in flat_text(pdf)
    assert "Amina Hassan" in flat_text(pdf)
    _assert_tidy(pdf)


def test_the_watch_itself_sees_a_file_being_opened() -> None:
    with pytest.raises(AssertionError), nothing_opened(), open(__file__, encoding="utf-8"):
        pass


@pytest.mark.parametrize("text", ["W" * 10_000, "word " * 5_000, "\u0301" * 10_000, "😀" * 10_000])
def test_ten_thousand_letters_are_cut_quickly(text: str) -> None:
    _draw_everything_with("warm")
    started = time.monotonic()
    drawn = _draw_everything_with(text)
    assert time.monotonic() - started < 3
    for pdf in drawn:
        _assert_tidy(pdf)


def test_the_fullest_receipt_keeps_its_frame_clear_of_the_signatures() -> None:
    drawn = pieces(_draw_everything_with("Nyokabi Wanjirũ " * 40)[1])
    last_words = [piece.bottom for piece in drawn if piece.text.endswith("cents only")]
    signatures = [piece.top for piece in drawn if piece.text in ("Cashier", "Paid in by")]
    assert len(last_words) == 2
    assert len(signatures) == 4
    # The frame runs some six points below the last line of words.
    assert min(words - label for words, label in zip(last_words, signatures[::2], strict=True)) > 7


def test_a_long_name_wraps_before_it_is_cut() -> None:
    name = "Wanjikũ Mũthoni Ngĩrĩ wa Kĩnũthia Nyambura Gathoni Wangarĩ Njeri Wambũi Mwangi Kamau"
    paper = draw_voucher(replace(voucher(), payee=name))
    assert name in flat_text(paper)
    _assert_tidy(paper)


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("Ngi\u0303ri\u0303 Mu\u0303thoni", "Ngĩrĩ Mũthoni"),
        ("pay \u202ee011\u202c", f"pay {UNKNOWN_SIGN}e011{UNKNOWN_SIGN}"),
        ("Jane\u200bDoe", f"Jane{UNKNOWN_SIGN}Doe"),
        ("a\ufe0fb", f"a{UNKNOWN_SIGN}b"),
        ("Jane\n\tDoe\u00a0X\u2003Y", "Jane  Doe X Y"),
        ("🙂", UNKNOWN_SIGN),
        ("\ud800", UNKNOWN_SIGN),
        ("\x00\x1b[31m", f"{UNKNOWN_SIGN}{UNKNOWN_SIGN}[31m"),
        ("ا አ 中", f"{UNKNOWN_SIGN} {UNKNOWN_SIGN} {UNKNOWN_SIGN}"),
        ("e\u0301\u0301\u0301\u0301", "é\u0301\u0301" + UNKNOWN_SIGN),
        ("", ""),
    ],
)
def test_what_cannot_be_drawn_shows_as_a_sign(raw: str, printed: str) -> None:
    assert plain(raw) == printed


def test_the_sign_is_on_the_paper_too() -> None:
    text = flat_text(draw_voucher(replace(voucher(), payee="Jane \u202e🙂 Doe")))
    assert f"Payee Jane {UNKNOWN_SIGN}{UNKNOWN_SIGN} Doe" in text


@settings(max_examples=40)
@given(st.text(max_size=120))
@example("\ud800")
@example(" ")
@example("\u0303")
@example("a" * 119 + " " + "b")
def test_any_text_gives_tidy_papers(text: str) -> None:
    for pdf in _draw_everything_with(text):
        _assert_tidy(pdf)


@given(st.text(max_size=700))
def test_plain_text_is_bounded_drawable_and_settled(text: str) -> None:
    result = plain(text)
    assert len(result) <= LONGEST + 1
    assert result.isprintable()
    assert len(result) > LONGEST or plain(result) == result


@given(st.text(max_size=300), st.floats(20, 400), st.integers(1, 5))
def test_wrapped_lines_fit_and_lose_nothing_silently(text: str, width: float, most: int) -> None:
    lines = wrap(text, STYLE, width, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, STYLE) <= width + 0.001 for line in lines)
    kept = "".join("".join(lines).split())
    wanted = "".join(plain(text).split())
    assert kept == wanted or kept.endswith("…")


@given(st.text(max_size=300), st.floats(12, 400))
def test_a_cut_line_fits_and_says_that_it_was_cut(text: str, width: float) -> None:
    line = cut(text, STYLE, width)
    assert text_width(line, STYLE) <= width + 0.001
    assert line == plain(text) or line.endswith("…")


def test_a_text_that_grows_when_it_is_composed_is_bounded_too() -> None:
    assert len(plain("\N{HEBREW LETTER SHIN WITH DAGESH AND SHIN DOT}" * LONGEST)) <= LONGEST + 1


def test_more_room_never_shows_less() -> None:
    name = "Nyokabi Wanjirũ " * 6
    lengths = [len("".join(wrap(name, STYLE, width, 2))) for width in range(40, 400, 10)]
    # Where the lines break shifts by a word; the text as a whole grows.
    assert all(later >= earlier - 10 for earlier, later in pairwise(lengths))
