"""Reports on paper: words by golden files, sums carried, proofs, long reports refused, whole figures."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sacco_desktop.documents.report_pdf import MOST_ROWS, draw_report
from sacco_desktop.domain.errors import BooksDamaged, InvalidInput
from sacco_desktop.domain.money import LARGEST_AMOUNT_CENTS
from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    Report,
    ReportColumn,
    ReportRow,
    RowKind,
)
from tests.documents.read_back import flat_text, pieces, text_by_line
from tests.documents.sample_papers import PRACTICE
from tests.documents.sample_reports import account_ledger, paper, position, trial_balance

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
REPORTS: dict[str, Callable[[], bytes]] = {
    "trial_balance": lambda: draw_report(paper(trial_balance())),
    "trial_balance_copy_practice": lambda: draw_report(
        paper(replace(trial_balance(), letterhead=PRACTICE), copy_number=2)
    ),
    "account_ledger_of_three_pages": lambda: draw_report(paper(account_ledger())),
    "position": lambda: draw_report(paper(position())),
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_says_what_a_person_has_read_and_accepted(name: str) -> None:
    text = text_by_line(REPORTS[name]())
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_report() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(REPORTS)


def test_sums_are_carried_without_the_balance_brought_forward() -> None:
    pages = text_by_line(draw_report(paper(account_ledger()))).split("=== page ")[1:]
    assert len(pages) == 3
    carried = [re.findall(r"^Carried forward (.*)$", page, re.MULTILINE) for page in pages]
    brought = [re.findall(r"^Brought forward (.*)$", page, re.MULTILINE) for page in pages]
    assert carried[:-1] == brought[1:]
    assert carried[-1] == brought[0] == []
    last = int(re.findall(r"Posting ([0-9]+) of", pages[0])[-1])
    debits = sum(n * 111_11 for n in range(1, last + 1) if n % 3)
    assert carried[0][0].split()[0] == f"{debits // 100:,}.{debits % 100:02d}"


def test_a_sum_on_the_way_is_not_carried_a_second_time() -> None:
    report = trial_balance(70)
    middle = ReportRow("middle", ("", "So far", 77_777_77, 0), RowKind.SUBTOTAL)
    longer = replace(report, rows=(report.rows[0], middle, *report.rows[1:]))
    with_sum, without = (
        re.findall(r"^Brought forward (.*)$", text_by_line(draw_report(paper(each))), re.MULTILINE)
        for each in (longer, report)
    )
    first = int(with_sum[0].split()[0].replace(",", "").replace(".", ""))
    assert first < int(without[0].split()[0].replace(",", "").replace(".", ""))


def test_a_heading_never_ends_a_page() -> None:
    report = position()
    heading = report.rows[0]
    for lines in range(24, 44):
        rows = [replace(report.rows[1], key=str(n)) for n in range(lines)]
        longer = replace(report, rows=(*rows, heading, *report.rows[1:]))
        for page in text_by_line(draw_report(paper(longer))).split("=== page ")[1:]:
            body = page.split("Printed by")[0].strip().splitlines()
            assert body[-1] != "Cash and bank", lines


def test_a_report_that_contradicts_itself_is_not_drawn() -> None:
    wrong = replace(trial_balance(), checks=(Check("all debits", 1, "all credits", 2),))
    with pytest.raises(BooksDamaged, match="all debits"):
        draw_report(paper(wrong))


def test_what_is_too_long_for_paper_says_what_to_do() -> None:
    report = trial_balance()
    longest = replace(report, rows=report.rows[:1] * (MOST_ROWS + 1))
    with pytest.raises(InvalidInput, match="Choose fewer, or save a spreadsheet"):
        draw_report(paper(longest))


@pytest.mark.parametrize("make", [trial_balance, account_ledger, position])
def test_the_largest_figures_are_whole_and_inside_the_page(make: Callable[[], Report]) -> None:
    report = make()
    rows = tuple(
        replace(
            row,
            cells=tuple(
                -LARGEST_AMOUNT_CENTS if type(c) is int and c > 999 else c for c in row.cells
            ),
        )
        for row in report.rows
    )
    pdf = draw_report(paper(replace(report, rows=rows)))
    assert "−9,999,999,999,999.99" in flat_text(pdf)
    assert all(piece.left >= 56 and piece.right <= 553 for piece in pieces(pdf))


def test_a_report_with_many_columns_of_text_stays_readable() -> None:
    """Four of them left each the width of a letter, since no size gave all the room that two have."""
    columns = (
        *(ReportColumn(title, is_wide=True) for title in ("Borrower", "Insider as", "Terms", "By")),
        *(ReportColumn(f"Sum {n} KES", ColumnKind.MONEY, is_added=True) for n in range(3)),
    )
    texts = ("Mary Njeri Otieno", "Member of the board", "1 % a month", "Daniel Omondi")
    row = ReportRow("L-0001", (*texts, 100_000_00, 100_000_00, 0))
    report = replace(trial_balance(), columns=columns, rows=(row,))
    said = flat_text(draw_report(paper(report)))
    for text in texts:
        assert text in said
