"""The life of a payout: which moves there are, which id an attempt has, when to ask and when to send once more."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.payouts import (
    ATTEMPT_MOVES,
    OPEN_ATTEMPTS,
    PAYOUT_MOVES,
    AttemptStatus,
    PayoutStatus,
    check_attempt_move,
    check_payout_move,
    may_resend,
    next_question_at,
    originator_conversation_id,
)
from tests.guards.office_clock import OPENING_TIME

P, A = PayoutStatus, AttemptStatus

# Written down apart from the program, from the design: "old → new".
PAYOUTS = {
    (P.DRAFT, P.APPROVED), (P.DRAFT, P.CANCELLED), (P.APPROVED, P.DRAFT), (P.APPROVED, P.IN_FLIGHT),
    (P.APPROVED, P.CANCELLED), (P.IN_FLIGHT, P.APPROVED), (P.IN_FLIGHT, P.PAID), (P.IN_FLIGHT, P.DRAFT),
    # Only when two people say that a payment by hand came back.
    (P.PAID, P.DRAFT),
    # Only when two people take a failure back.
    (P.DRAFT, P.IN_FLIGHT), (P.CANCELLED, P.IN_FLIGHT),
}  # fmt: skip
ATTEMPTS = {
    (A.UNSENT, A.SENDING), (A.UNSENT, A.UNKNOWN), (A.SENDING, A.UNSENT), (A.SENDING, A.ACCEPTED),
    (A.SENDING, A.UNKNOWN), (A.SENDING, A.PAID), (A.SENDING, A.FAILED), (A.ACCEPTED, A.UNKNOWN),
    (A.ACCEPTED, A.PAID), (A.ACCEPTED, A.FAILED), (A.UNKNOWN, A.SENDING), (A.UNKNOWN, A.ACCEPTED),
    (A.UNKNOWN, A.PAID), (A.UNKNOWN, A.FAILED),
    (A.FAILED, A.UNKNOWN),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), list(product(P, P)))
def test_a_payout_moves_as_the_design_says(old: PayoutStatus, new: PayoutStatus) -> None:
    if (old, new) in PAYOUTS:
        check_payout_move(old, new)
    else:
        with pytest.raises(WrongState, match=f"is {old.value} cannot become {new.value}"):
            check_payout_move(old, new)


@pytest.mark.parametrize(("old", "new"), list(product(A, A)))
def test_an_attempt_moves_as_the_design_says(old: AttemptStatus, new: AttemptStatus) -> None:
    if (old, new) in ATTEMPTS:
        check_attempt_move(old, new)
    else:
        with pytest.raises(WrongState):
            check_attempt_move(old, new)


def test_from_paid_and_from_failed_there_is_one_way_back_each() -> None:
    """Two people may say that a payment came back: it is a draft, which two people approve anew. They may take a
    failure back; then it is a doubt like every other, never at once a payment.
    """
    assert [move for move in PAYOUT_MOVES if move[0] is P.PAID] == [(P.PAID, P.DRAFT)]
    left = [move for move in ATTEMPT_MOVES if move[0] in (A.PAID, A.FAILED)]
    assert left == [(A.FAILED, A.UNKNOWN)]
    assert not OPEN_ATTEMPTS & {A.PAID, A.FAILED, A.UNSENT}


@given(
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.integers(1, 99_999),
    st.integers(0, 999),
)
def test_an_id_fits_m_pesa_and_stays_the_same(books: str, number: int, failures: int) -> None:
    payout = f"PO-2026-{number:04d}"
    made = originator_conversation_id(books, payout, failures)
    assert len(made) <= 36
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
    assert made == originator_conversation_id(books, payout, failures)


def test_ids_differ_by_books_payout_and_definite_failures() -> None:
    ids = {
        originator_conversation_id(books, payout, failures)
        for books in ("a" * 16, "b" * 16)
        for payout in ("PO-2026-0001", "PO-2026-0011", "PO-2026-0010")
        for failures in (0, 1, 11)
    }
    assert len(ids) == 18


def test_the_id_of_a_payment_is_the_same_in_every_release() -> None:
    """Another id for the same payment would pay it twice after an update."""
    assert (
        originator_conversation_id("00112233445566ff", "PO-2026-0117", 1)
        == "PO-2026-0117-dcbf1ca8150283b4d3e6"
    )


@pytest.mark.parametrize(
    ("asked", "minutes"), [(0, 1), (1, 2), (2, 5), (3, 15), (4, 60), (5, 60), (500, 60)]
)
def test_questions_grow_rarer_and_never_end(asked: int, minutes: int) -> None:
    due = next_question_at(OPENING_TIME, asked, OPENING_TIME)
    assert due == OPENING_TIME + timedelta(minutes=minutes)


@given(st.integers(0, 50), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_next_question_never_lies_in_the_past(asked: int, later: timedelta) -> None:
    now = OPENING_TIME + later
    assert next_question_at(OPENING_TIME, asked, now) >= now


@pytest.mark.parametrize(
    ("answers", "minutes", "may"),
    [(0, 1, False), (1, 1, False), (2, 1, True), (2, 120, True), (2, 121, False), (9, 121, False)],
)
def test_sending_once_more_needs_two_not_founds_inside_the_window(
    answers: int, minutes: int, may: bool
) -> None:
    now = OPENING_TIME + timedelta(minutes=minutes)
    assert may_resend(answers, OPENING_TIME, now, timedelta(hours=2)) is may
