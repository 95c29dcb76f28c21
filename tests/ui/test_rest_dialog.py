"""The rest of a loan that nobody wants: what it becomes is seen before a second person is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.lending import loans
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.amount_lines import AmountLines
from sacco_desktop.ui.widgets.note_edit import NoteEdit
from tests import make, make_payments
from tests.make import PracticeOffice
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless

Seat = Callable[[Actor], AbstractContextManager[Counter]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PracticeOffice]:
    made = make.office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, office: PracticeOffice) -> Seat:
    return lambda who: counter(tmp_path, qtbot, theme, office, who)


def test_the_treasurer_sees_what_the_loan_becomes_and_a_second_person_agrees(
    office: PracticeOffice, seat: Seat
) -> None:
    loan_id = make_payments.loan_with_one_part_paid(office).loan_id or 0
    with seat(office.grace) as at:
        at.window.open_page("loans")
        at.choose(loan_id)
        at.wait(lambda: at.sees("rest_not_wanted"))
        at.click("rest_not_wanted")
        dialog = at.dialog("rest_dialog")
        assert at.find("rest_amounts", AmountLines).texts() == [
            "Loan as agreed, KES 400,000.00",
            "Not paid and not wanted −144,000.00",
            "The loan becomes 256,000.00",
            "of it paid to the member 250,000.00",
            "of it fees, which stay as they were 6,000.00",
        ]
        assert "Nothing changes until Daniel Omondi or Lucy Chebet agrees." in said(dialog)
        assert (cut_texts(dialog), nameless(dialog)) == ([], [])
        at.click("ok")
        at.wait(lambda: "Write why the rest is not wanted." in said(dialog))
        at.find("reason", NoteEdit).setPlainText("A smaller plot.")
        at.click("ok")
        at.wait_closed("rest_dialog")
        assert at.toasts == ["Sent for approval. Nothing has changed yet."]
    request = make.waiting_request(office, ApprovalKind.REST_NOT_WANTED, loan_id)
    make.decide(office, request, office.lucy)
    row = office.read(loans.row_of, loan_id)
    assert (row.status, row.amount_cents) == ("active", 25_600_000)


def test_who_asks_for_no_payouts_is_not_offered_it(office: PracticeOffice, seat: Seat) -> None:
    loan_id = make_payments.loan_with_one_part_paid(office).loan_id or 0
    with seat(office.peter) as at:
        at.window.open_page("loans")
        at.choose(loan_id)
        at.panel_says("1 of 2 parts paid")
        assert not at.sees("rest_not_wanted")
