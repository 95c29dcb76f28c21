"""Pictures of pages: size, dots, refusals, and two threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone

import pytest

from sacco_desktop.documents import preview
from sacco_desktop.documents.preview import GREATEST_DPI, page_count, render_page
from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.documents.voucher import draw_voucher
from sacco_desktop.domain.errors import InvalidInput
from tests.documents.sample_papers import schedule, voucher


@pytest.mark.parametrize("dpi", [48, 72, 96, 97, 150])
def test_a_picture_has_the_size_of_the_paper(dpi: int) -> None:
    picture = render_page(draw_voucher(voucher()), 0, dpi)
    assert abs(picture.width - 595.28 * dpi / 72) <= 1
    assert abs(picture.height - 841.89 * dpi / 72) <= 1
    assert len(picture.rgba) == picture.width * picture.height * 4
    assert picture.rgba[:4] == b"\xff\xff\xff\xff"
    assert min(picture.rgba[0::4]) < 40
    assert set(picture.rgba[3::4]) == {255}


def test_each_page_has_its_own_picture() -> None:
    pdf = draw_schedule(schedule(104))
    assert page_count(pdf) == 3
    assert len({render_page(pdf, page, 36).rgba for page in range(3)}) == 3


@pytest.mark.parametrize("page", [-1, 1, 99])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(InvalidInput, match="has 1 page"):
        render_page(draw_voucher(voucher()), page, 96)


@pytest.mark.parametrize("wrong", [b"", b"not a PDF", b"%PDF-1.4\n%%EOF"])
def test_bytes_that_are_no_pdf_are_refused(wrong: bytes) -> None:
    with pytest.raises(InvalidInput):
        page_count(wrong)
    with pytest.raises(InvalidInput):
        render_page(wrong, 0, 96)


def test_a_foolish_resolution_is_kept_in_bounds() -> None:
    pdf = draw_voucher(voucher())
    assert render_page(pdf, 0, 0).width > 100
    assert render_page(pdf, 0, 100_000).width == render_page(pdf, 0, GREATEST_DPI).width


def test_several_threads_get_the_same_pictures() -> None:
    pdf = draw_schedule(schedule(104))
    alone = [render_page(pdf, page, 60) for page in range(3)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda n: render_page(pdf, n % 3, 60), range(24)))
    assert together == alone * 8


def test_pdfium_is_left_alone_while_another_thread_uses_it() -> None:
    # A crash inside PDFium comes too rarely to test for, so the lock itself is held here.
    pdf = draw_voucher(voucher())
    with ThreadPoolExecutor(2) as threads:
        with preview._PDFIUM:
            picture = threads.submit(render_page, pdf, 0, 36)
            count = threads.submit(page_count, pdf)
            with pytest.raises(NotDone):
                picture.result(timeout=0.15)
            with pytest.raises(NotDone):
                count.result(timeout=0.15)
        assert count.result(timeout=20) == 1
        assert picture.result(timeout=20).width > 0
