"""Rules of money in: the account that a payer types, the life of a prompt, the words for its codes, the entry."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.demo.safaricom.stk_codes import STK_TEXTS
from sacco_desktop.domain import prompts
from sacco_desktop.domain.account_references import (
    AccountReference,
    read_reference,
    write_reference,
)
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.money_in import received
from sacco_desktop.domain.people import member_number
from sacco_desktop.domain.prompt_codes import PROMPT_CODES, prompt_code
from sacco_desktop.domain.prompts import PROMPT_MOVES, PromptStatus
from sacco_desktop.domain.receipt_purposes import LOAN
from tests.guards.office_clock import OPENING_TIME

M1 = "M-0001"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("M-0001", AccountReference(M1)),
        (" m 1 ", AccountReference(M1)),
        ("mem/0001", AccountReference(M1)),
        ("M0001-LOAN", AccountReference(M1, purpose=LOAN)),
        ("m1 mkopo", AccountReference(M1, purpose=LOAN)),
        ("M0001 shares", AccountReference(M1, purpose="share_capital")),
        ("M-12345 Welfare", AccountReference("M-12345", purpose="welfare")),
        ("M0001.bus fund", AccountReference(M1, purpose="bus_fund")),
        ("L-0412", AccountReference(loan_number="L-0412")),
        ("loan 412", AccountReference(loan_number="L-0412")),
        ("0722908114", None),
        ("1234", None),
        ("Jane Doe", None),
        ("M0001 rent", None),
        ("M-0", None),
        ("", None),
        ("M-0001 M-0002", None),
        ("\uff2d\uff10\uff10\uff11", AccountReference(M1)),
    ],
)
def test_what_was_typed_names_somebody_for_sure_or_nobody(
    typed: str, meant: AccountReference | None
) -> None:
    assert read_reference(typed, ["deposits", "bus_fund"]) == meant


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_without_a_crash(typed: str) -> None:
    found = read_reference(typed)
    assert found is None or bool(found.member_number) != bool(found.loan_number)


@given(
    st.integers(1, 9_999_999),
    st.sampled_from(["deposits", "share_capital", "welfare", "special_savings", "bus_fund"]),
)
def test_what_a_prompt_shows_is_read_back(number: int, purpose: str) -> None:
    shown = write_reference(member_number(number), purpose)
    assert len(shown) <= prompts.LONGEST_REFERENCE
    found = read_reference(shown, ["bus_fund"])
    assert found is not None
    assert (found.member_number, found.purpose or purpose) == (member_number(number), purpose)


def test_questions_come_often_at_first_and_then_end() -> None:
    at = [prompts.next_question_at(OPENING_TIME, asked, OPENING_TIME) for asked in range(15)]
    waits = [(moment - OPENING_TIME).total_seconds() for moment in at if moment is not None]
    assert waits == [*range(20, 121, 10), 300, 900, 3600]
    assert at[-1] is None
    late = OPENING_TIME + timedelta(hours=2)
    assert prompts.next_question_at(OPENING_TIME, 0, late) == late


def test_the_same_sum_waits_longer_for_the_same_phone() -> None:
    assert prompts.free_at(OPENING_TIME, 100, 200) == OPENING_TIME + timedelta(minutes=1)
    assert prompts.free_at(OPENING_TIME, 100, 100) == OPENING_TIME + timedelta(minutes=2)


@pytest.mark.parametrize("cents", [150, 0, -100, 25_000_100])
def test_a_sum_that_mpesa_does_not_ask_for(cents: int) -> None:
    with pytest.raises(InvalidInput):
        prompts.check_amount(cents, 100, 25_000_000)


def test_paid_is_never_left_and_late_payments_are_believed() -> None:
    assert not [move for move in PROMPT_MOVES if move[0] is PromptStatus.PAID]
    for ended in (PromptStatus.FAILED, PromptStatus.LAPSED):
        prompts.check_prompt_move(ended, PromptStatus.PAID)
    with pytest.raises(WrongState):
        prompts.check_prompt_move(PromptStatus.PAID, PromptStatus.FAILED)


def test_every_code_that_the_practice_mpesa_knows_has_words_in_both_languages() -> None:
    for code in set(STK_TEXTS) - {"E3008"}:
        words = PROMPT_CODES[code]
        assert words.english.endswith(".")
        assert words.swahili.endswith(".")
    unknown = prompt_code("4711")
    assert not unknown.is_sure
    assert "4711" in unknown.english


def test_a_payment_lies_in_the_unallocated_receipts_first() -> None:
    entry = received("SGA1ABCD2E", "600310", 150_00, date(2026, 3, 16))
    lines = [(p.account_code, p.debit_cents, p.credit_cents) for p in entry.postings]
    assert lines == [("1030", 150_00, 0), ("2150", 0, 150_00)]
    assert (entry.kind, entry.reference) == ("mpesa_received", "SGA1ABCD2E")
