"""The proof of the books compares what left with what is posted: each planted damage is found and named in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sacco_desktop.services.payouts import late_payments, payouts, returned_payments
from sacco_desktop.services.payouts.late_payments import SecondPayment
from sacco_desktop.services.payouts.payouts import PayoutChange
from sacco_desktop.services.payouts.returned_payments import ReturnedPayment
from sacco_desktop.services.proof import verify
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import AnswerKind
from tests import make
from tests.db.full_office import ACCEPTED, FILED, HANDED, PAID, full_office_file
from tests.make import PracticeOffice


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[PracticeOffice]:
    office = make.office_from(full_office_file(), tmp_path)
    yield office
    office.close()


def _found(damaged: PracticeOffice) -> list[tuple[str, str]]:
    proof = damaged.read(verify.verify, None, damaged.grace)
    # What is changed in an entry or in a guard is found by its own hash; here only what leaves is looked at.
    rows = ("Payout", "Bank file", "Batch", "Loan", "Entry")
    return [
        (fault.where, fault.what)
        for fault in proof.faults
        if fault.where.startswith(rows) and "what was posted" not in fault.what
    ]


def _entry(payout: int) -> str:
    return f"(SELECT entry_number FROM payout WHERE id = {payout})"


BATCH = (
    "INSERT INTO payout_batch (id, number, status, made_by, made_at, payouts, sum_cents, pc_name, words,"
    " moved_at) SELECT 1, 'B-1', 'done', 5, requested_at, {count}, mpesa_cents, '', '', requested_at"
    f" FROM payout WHERE id = {PAID}"
)
LINE = (
    "INSERT INTO batch_line (batch_id, place, payout_id, amount_cents, fingerprint, status, words)"
    f" SELECT 1, 1, id, {{cents}}, '', 'gone', '' FROM payout WHERE id = {PAID}"
)
PLANTED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "entry gone": (
        (f"UPDATE payout SET entry_number = 9999 WHERE id = {PAID}",),
        "Payout PO-2026-0001",
        "its entry 9999 is not in the journal",
    ),
    "unpaid with entry": (
        (f"UPDATE payout SET entry_number = 1 WHERE id = {ACCEPTED}",),
        "Payout PO-2026-0004",
        "is in_flight and not paid, and yet entry 1",
    ),
    "other purpose": (
        (f"UPDATE journal_entry SET kind = 'honorarium' WHERE number = {_entry(PAID)}",),
        "Payout PO-2026-0001",
        "is for another purpose than its entry",
    ),
    "other sum": (
        (
            f"UPDATE payout SET mpesa_cents = 100, deposits_cents = net_cents - 100 WHERE id = {PAID}",
        ),
        "Payout PO-2026-0001",
        "paid 100 cents, but its entry",
    ),
    "other receiver": (
        (
            "UPDATE posting SET account_id = (SELECT id FROM account WHERE code = '1210')"
            f" WHERE debit_cents > 0 AND entry_id = (SELECT id FROM journal_entry WHERE number = {_entry(PAID)})",
        ),
        "Payout PO-2026-0001",
        "is not booked on the account of its receiver",
    ),
    "other receipt": (
        (f"UPDATE payout SET receipt = 'OTHER00001' WHERE id = {PAID}",),
        "Payout PO-2026-0001",
        "has receipt OTHER00001, but its entry",
    ),
    "other charge": (
        (f"UPDATE payout SET charge_cents = 700 WHERE id = {PAID}",),
        "Payout PO-2026-0001",
        "should have 700 cents of M-Pesa's charge",
    ),
    "no paid request": (
        (f"UPDATE payout_attempt SET status = 'failed' WHERE payout_id = {PAID}",),
        "Payout PO-2026-0001",
        "0 of its requests are booked as paid",
    ),
    "paid request": (
        (f"UPDATE payout_attempt SET status = 'paid' WHERE payout_id = {ACCEPTED}",),
        "Payout PO-2026-0004",
        "yet a request of it is booked as paid",
    ),
    "entry without payout": (
        (f"UPDATE journal_entry SET kind = 'welfare_claim' WHERE number = {_entry(PAID)} - 1",),
        "Entry",
        "pays money out, but no payout names it",
    ),
    "no hand-over": (
        (f"UPDATE hand_over SET paid_entry = 1 WHERE payout_id = {HANDED}",),
        "Payout PO-2026-0009",
        "no hand-over of it is booked by its entry",
    ),
    "paid hand-over": (
        (
            f"UPDATE hand_over SET outcome = 'paid', closed_by = 5, paid_entry = 1 WHERE payout_id = {FILED}",
        ),
        "Payout PO-2026-0008",
        "is in_flight, and yet hand-over 1 of it is booked as paid",
    ),
    "never undone": (
        (
            "UPDATE hand_over SET outcome = 'returned', return_entry = 1, returned_on = '2026-03-16',"
            f" return_paper = '' WHERE payout_id = {HANDED}",
        ),
        "Payout PO-2026-0009",
        "is not undone by entry 1",
    ),
    "other paper": (
        (f"UPDATE hand_over SET reference = '000999' WHERE payout_id = {HANDED}",),
        "Payout PO-2026-0009",
        "is known as 000999 on paper",
    ),
    "other count in the file": (
        ("UPDATE bank_file SET payments = 2",),
        "Bank file BF-2026-0001",
        "says 2 payments of",
    ),
    "other file": (
        ("UPDATE bank_file SET sha256 = 'other'",),
        "Bank file BF-2026-0001",
        "is not the file that was made",
    ),
    "other count in the batch": (
        (BATCH.format(count=2), LINE.format(cents="mpesa_cents")),
        "Batch B-1",
        "says 2 payouts of",
    ),
    "other sum in the batch": (
        (BATCH.format(count=1), LINE.format(cents="mpesa_cents + 1")),
        "Batch B-1",
        "holds PO-2026-0001 with",
    ),
    "loan half paid": (
        (
            f"UPDATE loan SET net_cents = net_cents + 1 WHERE id = (SELECT loan_id FROM payout WHERE id = {PAID})",
        ),
        "Loan L-0001",
        "is active, but",
    ),
}


def test_nothing_is_found_in_sound_books(damaged: PracticeOffice) -> None:
    assert damaged.read(verify.verify, None, damaged.grace).faults == ()


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_damage_is_named(damaged: PracticeOffice, name: str) -> None:
    statements, where, what = PLANTED[name]
    damaged.without_guards(*statements)
    found = _found(damaged)
    assert any(one.startswith(where) and what in words for one, words in found), found


def test_a_return_leaves_nothing_to_find(damaged: PracticeOffice) -> None:
    row = damaged.read(payouts.row_of, HANDED)
    back = ReturnedPayment(HANDED, row.version, "RTN 7", make.day(damaged), "No funds.")
    make.decide(damaged, damaged.write(returned_payments.ask, back, damaged.grace), damaged.lucy)
    assert damaged.read(verify.verify, None, damaged.grace).faults == ()


def test_what_is_owed_is_booked_once_and_by_two_people(damaged: PracticeOffice) -> None:
    order = make.begin(damaged, make.approved_payout(damaged), make.route(damaged, 1))
    refused = make.answer(order, AnswerKind.REFUSED)
    damaged.write(payout_sending.record_answer, refused, damaged.grace)
    row = make.payout_now(damaged, order)
    row = damaged.write(payouts.ask_again, PayoutChange(row.payout_id, row.version), damaged.grace)
    make.approve_payout(damaged, row, damaged.lucy)
    make.accepted(damaged, make.payout_now(damaged, order), make.route(damaged, 1))
    (version,) = damaged.sql("SELECT version FROM payout_attempt WHERE id = ?", order.attempt_id)[0]
    seen = SecondPayment(
        order.attempt_id or 0, version, "TWICE00001", damaged.clock.now(), "Statement."
    )
    make.decide(
        damaged, damaged.write(late_payments.ask_paid_twice, seen, damaged.grace), damaged.lucy
    )
    assert damaged.read(verify.verify, None, damaged.grace).faults == ()
    damaged.without_guards("UPDATE approval_request SET status = 'void' WHERE kind = 'paid_twice'")
    [(where, what)] = _found(damaged)
    assert where.startswith("Entry")
    assert "no two people agreed on" in what
    damaged.without_guards(
        "UPDATE approval_request SET status = 'approved' WHERE kind = 'paid_twice'",
        "UPDATE journal_entry SET reference = 'OTHER' WHERE kind = 'paid_twice'",
    )
    assert any(
        "was found to be paid twice by TWICE00001" in what for _where, what in _found(damaged)
    )
