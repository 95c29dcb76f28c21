"""The words of each paper, line by line, against golden files that a person has read.

To write them anew: `REWRITE_GOLDEN=1 pytest tests/documents`, then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sacco_desktop.documents.application_sheet import draw_application_sheet
from sacco_desktop.documents.batch_list import draw_batch_list
from sacco_desktop.documents.day_sheet import draw_day_sheet
from sacco_desktop.documents.explanation import draw_explanation
from sacco_desktop.documents.loan_letter import draw_loan_letter
from sacco_desktop.documents.minutes import draw_minutes
from sacco_desktop.documents.opening_letters import draw_letters
from sacco_desktop.documents.payment_file import draw_payment_file
from sacco_desktop.documents.receipt import draw_receipt
from sacco_desktop.documents.reconciliation import draw_reconciliation
from sacco_desktop.documents.schedule import draw_schedule
from sacco_desktop.documents.voucher import draw_voucher
from tests.documents.read_back import text_by_line
from tests.documents.sample_application import application_sheet
from tests.documents.sample_papers import (
    PRACTICE,
    batch_list,
    day_sheet,
    explanation,
    loan_letter,
    minutes,
    opening_letters,
    payment_file,
    receipt,
    reconciliation,
    schedule,
    stamp,
    voucher,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "papers"


def _in_doubt() -> bytes:
    copy = stamp("PV-2026-0117", copy_number=2)
    return draw_voucher(replace(voucher(), stamp=copy, receipt="", status_words="Paid, checking"))


def _not_posted() -> bytes:
    return draw_voucher(
        replace(
            voucher(),
            letterhead=PRACTICE,
            receipt="",
            status_words="Not sure yet",
            paid_at=None,
            entry_number=None,
            journal=(),
            signatures=(*voucher().signatures[:2], replace(voucher().signatures[2], at=None)),
        )
    )


def _offer_with_fees() -> bytes:
    """Nothing is written yet, nobody is chosen, and part of the loan is a fee that is lent with it."""
    paper = schedule(6, fee=20_00)
    return draw_schedule(
        replace(
            paper,
            loan_number="",
            member_name="",
            member_number="",
            asked_cents=paper.amount_cents - 500_00,
        )
    )


def _day_in_order() -> bytes:
    first = day_sheet().checks[:2]
    return draw_day_sheet(replace(day_sheet(), checks=first, reopened="", entries_since=0))


def _not_sent_yet() -> bytes:
    return draw_payment_file(
        replace(
            payment_file(),
            status="Waits for approval",
            evidence="It waits for a second person. Nothing has been sent.",
            fingerprint="",
            people=payment_file().people[:1],
            requests=(),
            notices=(),
            questions=(),
            moves=(),
            entries=(),
        )
    )


PAPERS: dict[str, Callable[[], bytes]] = {
    "voucher_paid": lambda: draw_voucher(voucher()),
    "voucher_in_doubt_copy": _in_doubt,
    "voucher_not_posted_practice": _not_posted,
    "payment_file": lambda: draw_payment_file(payment_file()),
    "payment_file_before_it_is_sent": _not_sent_yet,
    "application_sheet": lambda: draw_application_sheet(application_sheet()),
    "batch_list": lambda: draw_batch_list(batch_list()),
    "day_sheet": lambda: draw_day_sheet(day_sheet()),
    "day_sheet_in_order": _day_in_order,
    "reconciliation": lambda: draw_reconciliation(reconciliation()),
    "explanation": lambda: draw_explanation(explanation()),
    "minutes": lambda: draw_minutes(minutes()),
    "minutes_of_a_sitting_without_a_decision": lambda: draw_minutes(replace(minutes(), items=())),
    "opening_letters": lambda: draw_letters(opening_letters()),
    "receipt": lambda: draw_receipt(receipt()),
    "loan_letter": lambda: draw_loan_letter(loan_letter()),
    "schedule_proposed": lambda: draw_schedule(schedule(12)),
    "schedule_of_an_offer_with_fees": _offer_with_fees,
    "schedule_of_104_weeks": lambda: draw_schedule(replace(schedule(104), is_final=True)),
}


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_says_what_a_person_has_read_and_accepted(name: str) -> None:
    text = text_by_line(PAPERS[name]())
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_paper() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(PAPERS)
