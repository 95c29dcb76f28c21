"""A payment divided by steps: in their order, never more than came in, and a fee whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.likeness import fits_mask, like_numbers, name_words
from sacco_desktop.domain.receipt_steps import Due, Step, read_steps, route, steps_in_words

# Owed: a fee of 200, a loan of 2,500 and overdue deposits of 300.
OWED = (
    Due(Step.CONTRIBUTIONS, "deposits", 300_00),
    Due(Step.LOANS, "loan", 2_500_00, loan_id=7),
    Due(Step.FEES, "loan-fees", 200_00, loan_id=9, is_whole=True),
)


def _parts(kes: int, steps: str) -> list[tuple[str, int]]:
    everything = (*OWED, Due(Step.DEPOSITS, "deposits", kes * 100))
    return [
        (due.purpose, cents) for due, cents in route(kes * 100, everything, read_steps(steps)).paid
    ]


def test_the_steps_are_paid_in_their_order_and_the_rest_goes_where_the_last_one_says() -> None:
    all_steps = "fees, fines, loans, contributions, deposits"
    # The worked case of a payment of 4,000: what is due first, and the rest to the deposits.
    assert _parts(4_000, all_steps) == [
        ("loan-fees", 200_00),
        ("loan", 2_500_00),
        ("deposits", 1_300_00),
    ]
    assert _parts(100, all_steps) == [("loan", 100_00)]
    assert _parts(400, "contributions, loans") == [("deposits", 300_00), ("loan", 100_00)]
    assert _parts(400, "fees") == [("loan-fees", 200_00)]


@given(
    st.integers(1, 10_000),
    st.lists(
        st.builds(
            Due,
            st.sampled_from(Step),
            st.sampled_from(("a", "b")),
            st.integers(0, 5_000),
            is_whole=st.booleans(),
        )
    ),
    st.permutations(list(Step)),
)
def test_the_parts_and_what_is_left_are_the_payment(
    cents: int, dues: list[Due], steps: list[Step]
) -> None:
    found = route(cents, dues, steps)
    assert sum(share for _due, share in found.paid) + found.left_cents == cents
    assert all(share > 0 for _due, share in found.paid)
    assert found.left_cents >= 0


def test_steps_are_read_once_each_with_the_deposits_last() -> None:
    assert read_steps(" Fines,LOANS ") == (Step.FINES, Step.LOANS)
    assert steps_in_words(read_steps("fees, deposits")) == "Fees, then the rest to the deposits"
    assert steps_in_words(read_steps("fees")) == "Fees; the rest waits for a person"
    for wrong in ("", "fees, fees", "deposits, fees", "rent"):
        with pytest.raises(InvalidInput):
            read_steps(wrong)


def test_numbers_that_are_like_what_was_typed() -> None:
    likes = {like.number: like.is_exact for like in like_numbers("0132")}
    assert likes["M-0132"]
    assert likes["M-0123"] is False
    assert "M-0012" in likes
    assert [like.number for like in like_numbers("loan 7")] == ["L-0007"]
    assert like_numbers("0712 345 678") == like_numbers("jane") == like_numbers("1 and 2") == ()
    assert name_words("Malipo ya Jane-Wanjiku loan, no 12") == ("Jane", "Wanjiku")
    assert fits_mask("254712345126", "2547 ***** 126")
    assert not fits_mask("254712345127", "2547 ***** 126")
    assert not fits_mask("254712345126", "")
