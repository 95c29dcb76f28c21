"""What holds for every paper: fonts inside, decimals in line, copies marked, same bytes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import segno

from sacco_desktop.documents.explanation import draw_explanation
from sacco_desktop.documents.preview import page_count, render_page
from sacco_desktop.documents.qr_mark import QUIET_ZONE, qr_text
from sacco_desktop.documents.receipt import draw_receipt
from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.domain.errors import BooksDamaged
from sacco_desktop.domain.loan_cost import LoanCost
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS
from sacco_desktop.services.books.papers import AmountLine, PaperStamp, Signature
from tests.documents.read_back import flat_text, letters, pieces, properties, text_by_line
from tests.documents.sample_papers import (
    FINGERPRINT,
    PRACTICE,
    explanation,
    receipt,
    schedule,
    stamp,
    voucher,
)

ALL = {
    "voucher": lambda: draw_voucher(voucher()),
    "receipt": lambda: draw_receipt(receipt()),
    "schedule": lambda: draw_schedule(schedule(104)),
    "explanation": lambda: draw_explanation(
        replace(explanation(late=60), stamp=stamp("R-2026-0412"))
    ),
}
PAGES = {"voucher": 1, "receipt": 1, "schedule": 3, "explanation": 1}


@pytest.fixture(params=ALL)
def paper(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """Name and bytes of each paper in turn."""
    return request.param, ALL[request.param]()


def test_each_paper_has_the_pages_it_counts(paper: tuple[str, bytes]) -> None:
    name, pdf = paper
    assert page_count(pdf) == PAGES[name]
    for number in range(1, PAGES[name] + 1):
        assert f"Page {number} of {PAGES[name]}" in flat_text(pdf)


def test_every_letter_comes_from_a_font_inside_the_file(paper: tuple[str, bytes]) -> None:
    _, pdf = paper
    drawn = pieces(pdf)
    assert {piece.font for piece in drawn} == {"NotoSans-Regular", "NotoSans-SemiBold"}
    assert all(piece.is_embedded for piece in drawn)
    assert b"Helvetica" not in pdf
    assert len(pdf) < 40_000  # the whole fonts would be 1.2 MB


def test_properties_name_the_paper_but_no_member(paper: tuple[str, bytes]) -> None:
    _, pdf = paper
    found = properties(pdf)
    assert found["Author"] == voucher().letterhead.name
    assert found["Keywords"].endswith(FINGERPRINT.upper())
    assert re.search(r" (PV|R|LS)-2026-[0-9]+$", found["Title"])
    assert "Wanjik" not in " ".join(found.values())
    assert "Joseph" not in " ".join(found.values())


def test_the_head_and_foot_stand_on_each_page() -> None:
    pages = text_by_line(draw_schedule(schedule(104))).split("=== page ")[1:]
    for page in pages:
        assert "Umoja wa Walimu" in page
        assert "LS-2026-0412" in page
        assert "No. Due date Principal KES Interest KES Instalment KES Balance KES" in page
        assert "Printed by Grace Achieng Otieno on 3 Jul 2026, 14:20" in page


def test_sums_are_carried_from_page_to_page() -> None:
    pages = text_by_line(draw_schedule(schedule(104))).split("=== page ")[1:]
    carried = [re.findall(r"^Carried forward (.*)$", page, re.MULTILINE) for page in pages]
    brought = [re.findall(r"^Brought forward (.*)$", page, re.MULTILINE) for page in pages]
    assert brought[0] == []
    assert carried[-1] == []
    assert carried[:-1] == brought[1:]
    last_row = re.findall(r"^([0-9]+) \S+ \S+ 20[0-9]{2} ", pages[0], re.MULTILINE)[-1]
    assert carried[0][0].split()[0] == f"{int(last_row) * 1_111.11:,.2f}"


def test_no_page_ends_with_signatures_alone() -> None:
    for weeks in range(18, 34):
        pages = text_by_line(draw_schedule(schedule(weeks))).split("=== page ")[1:]
        rows = re.findall(r"^[0-9]+ [0-9]+ \w+ 20", pages[-1], re.MULTILINE)
        assert "For the society" in pages[-1]
        assert len(rows) >= 4, weeks


def _ends_of_figures(pdf: bytes, page: int) -> Counter[float]:
    """How many amounts end at which place; figures inside a sentence or a frame do not count."""
    found = letters(pdf, page)
    text = "".join(letter.text for letter in found)
    return Counter(
        found[match.end() - 1].right
        for match in re.finditer(r"[0-9],?[0-9]*\.[0-9]{2}(?!\S)", text)
    )


@pytest.mark.parametrize("page", [0, 1, 2])
def test_decimals_of_a_column_stand_exactly_under_each_other(page: int) -> None:
    # Figures of very different shape: with proportional digits their ends or points would drift.
    paper = schedule(104)
    rows = tuple(
        replace(
            row,
            interest_cents=row.number * 111_17,
            instalment_cents=row.principal_cents + row.number * 111_17,
        )
        for row in paper.rows
    )
    total = sum(row.interest_cents for row in rows)
    repaid = replace(paper.cost, to_repay_cents=paper.total_principal_cents + total)
    pdf = draw_schedule(replace(paper, rows=rows, total_interest_cents=total, cost=repaid))
    rows_here = len(
        re.findall(r"^[0-9]+ [0-9]+ \w+ 20", text_by_line(pdf).split("=== page ")[page + 1], re.M)
    )
    columns = [place for place, count in _ends_of_figures(pdf, page).items() if count >= rows_here]
    assert len(columns) == 4


def test_the_point_stands_at_one_place_too() -> None:
    found = letters(draw_voucher(voucher()))
    text = "".join(letter.text for letter in found)
    # Sums are set in the heavier face, whose point differs by a hair; plain rows agree exactly.
    points = {
        found[match.start(1)].right
        for name in ("less processing fee", "less loan insurance", "of which paid by M-Pesa")
        for match in re.finditer(rf"{name} [0-9,]+(\.)[0-9]{{2}}", text)
    }
    assert len(points) == 1


def test_the_first_print_is_no_copy_and_the_second_says_so_on_each_page() -> None:
    assert "COPY" not in flat_text(draw_schedule(schedule(104)))
    second = replace(schedule(104), stamp=stamp("LS-2026-0412", copy_number=2))
    pages = text_by_line(draw_schedule(second)).split("=== page ")[1:]
    assert all("COPY · print 2" in page for page in pages)
    both_halves = draw_receipt(replace(receipt(), stamp=stamp("R-2026-00318", copy_number=3)))
    assert flat_text(both_halves).count("COPY · print 3") == 2


def test_practice_stands_across_and_at_the_head_of_each_page() -> None:
    assert "PRACTICE" not in flat_text(draw_schedule(schedule(104)))
    pdf = draw_schedule(replace(schedule(104), letterhead=PRACTICE))
    for number, page in enumerate(text_by_line(pdf).split("=== page ")[1:]):
        assert "PRACTICE – this paper is not real and no money moved" in page
        across = [p for p in pieces(pdf) if p.page == number and p.text == "PRACTICE"]
        assert len(across) == 1
        assert across[0].top - across[0].bottom > 400
    assert flat_text(draw_receipt(replace(receipt(), letterhead=PRACTICE))).count("PRACTICE –") == 2


@pytest.mark.parametrize(
    "status", ["Paid, checking", "Not sure yet", "Waiting", "Failed", "", "paid"]
)
def test_a_voucher_never_hides_a_doubt(status: str) -> None:
    text = flat_text(draw_voucher(replace(voucher(), status_words=status)))
    assert f"Status {status or 'Not known'}. This voucher does not yet prove" in text
    without = flat_text(draw_voucher(replace(voucher(), status_words=status, receipt="")))
    assert f"M-Pesa receipt none yet ({status or 'Not known'})" in without


def test_a_proven_payment_is_simply_paid() -> None:
    text = flat_text(draw_voucher(voucher()))
    assert "Status Paid Journal entry no. 2381" in text
    assert "does not yet prove" not in text


def test_a_loan_too_small_for_mpesa_shows_that_all_went_to_deposits() -> None:
    small = replace(
        voucher(),
        gross_cents=9_50,
        deductions=(),
        net_cents=9_50,
        paid_by_mpesa_cents=0,
        left_in_deposits_cents=9_50,
    )
    text = flat_text(draw_voucher(small))
    assert "Mode To the member's deposits" in text
    assert "of which paid by M-Pesa 0.00" in text
    assert "Nine shillings and fifty cents only" in text


def test_contradicting_figures_are_refused() -> None:
    with pytest.raises(BooksDamaged, match="gross less deductions"):
        draw_voucher(replace(voucher(), gross_cents=100_000_01))
    with pytest.raises(BooksDamaged, match="parts together"):
        draw_voucher(replace(voucher(), left_in_deposits_cents=51))
    with pytest.raises(BooksDamaged, match="debits"):
        draw_voucher(replace(voucher(), journal=voucher().journal[:-1]))
    with pytest.raises(BooksDamaged, match="principal"):
        draw_schedule(replace(schedule(), total_principal_cents=1))
    with pytest.raises(BooksDamaged, match="interest"):
        draw_schedule(replace(schedule(), total_interest_cents=1))
    with pytest.raises(BooksDamaged, match="net"):
        draw_schedule(replace(schedule(), net_cents=1))
    with pytest.raises(BooksDamaged, match="fees"):
        draw_schedule(replace(schedule(), total_fee_cents=1))
    cost = replace(schedule().cost, to_repay_cents=1)
    with pytest.raises(BooksDamaged, match="what is repaid"):
        draw_schedule(replace(schedule(), cost=cost))


def test_the_largest_amounts_are_printed_whole_and_inside_the_page() -> None:
    largest = LARGEST_AMOUNT_CENTS
    paper = schedule(3)
    rows = tuple(
        replace(r, principal_cents=largest, interest_cents=largest, instalment_cents=2 * largest)
        for r in paper.rows
    )
    pdf = draw_schedule(
        replace(
            paper,
            rows=rows,
            amount_cents=3 * largest,
            total_principal_cents=3 * largest,
            total_interest_cents=3 * largest,
            deductions=(AmountLine("Fee", largest),),
            net_cents=2 * largest,
            cost=LoanCost(3 * largest, largest, 0, 6 * largest),
        )
    )
    assert "59,999,999,999,999.94" in flat_text(pdf)
    assert all(piece.left >= 56 and piece.right <= 553 for piece in pieces(pdf))


def test_many_signatures_go_on_below_each_other() -> None:
    signatures = tuple(Signature(f"Act {n}", f"Person {n}", None) for n in range(14))
    pdf = draw_voucher(replace(voucher(), signatures=signatures))
    assert all(f"Person {n}" in flat_text(pdf) for n in range(14))
    assert flat_text(pdf).count("Not yet done in the program") == 14


def test_the_square_mark_carries_number_and_fingerprint() -> None:
    text = qr_text(voucher().stamp)
    assert text == f"SACCO:1:PV-2026-0117:{FINGERPRINT.upper()}"
    # No decoder is at hand: the printed modules are compared with the code for exactly this text.
    matrix = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    picture = render_page(draw_voucher(voucher()), 0, 432)
    side = 74.0
    left, top = 552.28 - side + side * 0.09, 36.0 - side * 0.09
    module = side / (len(matrix) + 2 * QUIET_ZONE)
    for y, row in enumerate(matrix):
        for x, is_dark in enumerate(row):
            dot_x = int((left + (x + QUIET_ZONE + 0.5) * module) * 6)
            dot_y = int((top + (y + QUIET_ZONE + 0.5) * module) * 6)
            level = picture.rgba[(dot_y * picture.width + dot_x) * 4]
            assert (level < 128) == bool(is_dark), (x, y)


def test_no_colour_is_needed_to_read_a_paper() -> None:
    for pdf in (draw_voucher(voucher()), draw_receipt(replace(receipt(), letterhead=PRACTICE))):
        rgba = render_page(pdf, 0, 40).rgba
        assert rgba[0::4] == rgba[1::4] == rgba[2::4]


def test_the_same_data_gives_the_same_bytes(paper: tuple[str, bytes]) -> None:
    name, pdf = paper
    assert ALL[name]() == pdf


def test_another_process_draws_the_same_bytes() -> None:
    program = (
        "import hashlib;"
        "from tests.documents.test_paper_form import ALL;"
        "print(hashlib.sha256(ALL['voucher']()).hexdigest())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent.parent.parent,
        env={"PYTHONHASHSEED": "77", "TZ": "America/Lima"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == hashlib.sha256(ALL["voucher"]()).hexdigest()


def test_other_data_gives_other_bytes() -> None:
    other = PaperStamp("PV-2026-0117", "Somebody Else", voucher().stamp.printed_at, 1, FINGERPRINT)
    assert draw_voucher(replace(voucher(), stamp=other)) != draw_voucher(voucher())
