"""Entries: balanced, taken back only by a reversal, chained by hashes of every field."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.chart import AccountType
from sacco_desktop.domain.errors import InvalidInput, UnbalancedEntry
from sacco_desktop.domain.ledger import (
    GENESIS_HASH,
    JournalEntry,
    Posting,
    assert_balanced,
    balance_cents,
    credit,
    debit,
    entry_hash,
    reversal_of,
)

DAY = date(2026, 7, 3)
ENTRY = JournalEntry(
    DAY,
    "cash_deposit",
    "Cash deposit by M-0001",
    "RC-2026-0001",
    (debit("1010", 500_000), credit("2010.M-0001", 500_000, "July")),
)
MOMENT = "2026-07-03T06:00:00+00:00"


def hash_of(entry: JournalEntry, previous: str = GENESIS_HASH) -> str:
    return entry_hash(previous, 1, MOMENT, 7, entry)


def test_a_balanced_entry_passes() -> None:
    assert_balanced(ENTRY)


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (debit("1010", 1),),
        (debit("1010", 2), credit("2010.M-0001", 1)),
        (debit("1010", 1), credit("2010.M-0001", 1), debit("1010", 0)),
        (Posting("1010", 5, 5), Posting("1020", 5, 5)),
        (debit("1010", -5), credit("2010.M-0001", -5)),
        (Posting("1010", 5, -5), Posting("1020", -5, 5)),
    ],
)
def test_refuses_what_is_not_an_entry(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(UnbalancedEntry, match="nothing was posted"):
        assert_balanced(replace(ENTRY, postings=postings))


def test_a_reversal_swaps_the_sides_and_points_to_the_entry() -> None:
    back = reversal_of(ENTRY, 41, date(2026, 7, 4), "  wrong   member ")
    assert back == JournalEntry(
        date(2026, 7, 4),
        "reversal",
        "Reversal of entry 41: wrong member",
        "RC-2026-0001",
        (credit("1010", 500_000), debit("2010.M-0001", 500_000, "July")),
        41,
    )
    assert_balanced(back)


def test_a_reversal_needs_a_reason() -> None:
    with pytest.raises(InvalidInput, match="why") as refused:
        reversal_of(ENTRY, 41, DAY, "  ")
    assert refused.value.field == "reason"


def test_the_hash_of_a_known_entry_never_changes() -> None:
    """Books hashed by an earlier version must still prove themselves in a later one."""
    assert hash_of(ENTRY) == "0cfb8da44088a4a1480c23e1777b6db9c9609134768b24158b5eaf2d1175cc95"


def test_the_hash_covers_every_field() -> None:
    variants = [
        ENTRY,
        replace(ENTRY, value_date=date(2026, 7, 4)),
        replace(ENTRY, kind="cash_deposit2"),
        replace(ENTRY, narration="Cash deposit by M-0002"),
        replace(ENTRY, reference="RC-2026-0002"),
        replace(ENTRY, reverses=1),
        replace(ENTRY, reverses=0),
        replace(ENTRY, postings=ENTRY.postings[::-1]),
        replace(ENTRY, postings=(*ENTRY.postings, debit("1010", 0))),
        replace(ENTRY, postings=(debit("1010", 500_001), ENTRY.postings[1])),
        replace(ENTRY, postings=(credit("1010", 500_000), ENTRY.postings[1])),
        replace(ENTRY, postings=(debit("1011", 500_000), ENTRY.postings[1])),
        replace(ENTRY, postings=(debit("1010", 500_000, "x"), ENTRY.postings[1])),
    ]
    hashes = {hash_of(entry) for entry in variants}
    hashes |= {
        entry_hash("1" * 64, 1, MOMENT, 7, ENTRY),
        entry_hash(GENESIS_HASH, 2, MOMENT, 7, ENTRY),
        entry_hash(GENESIS_HASH, 1, "2026-07-03T06:00:01+00:00", 7, ENTRY),
        entry_hash(GENESIS_HASH, 1, MOMENT, 8, ENTRY),
    }
    assert len(hashes) == len(variants) + 4


TEXTS = st.text(max_size=8)
ENTRIES = st.builds(
    JournalEntry,
    value_date=st.dates(),
    kind=TEXTS,
    narration=TEXTS,
    reference=TEXTS,
    postings=st.lists(
        st.builds(Posting, TEXTS, st.integers(0, 9), st.integers(0, 9), TEXTS), max_size=3
    ).map(tuple),
    reverses=st.none() | st.integers(0, 3),
)


@given(ENTRIES, ENTRIES)
def test_two_entries_share_a_hash_only_when_they_are_the_same(
    one: JournalEntry, other: JournalEntry
) -> None:
    assert (hash_of(one) == hash_of(other)) == (one == other)


def test_text_cannot_move_from_one_field_into_the_next() -> None:
    moved = replace(ENTRY, kind='cash_deposit","Cash', narration=" deposit by M-0001")
    assert hash_of(moved) != hash_of(ENTRY)
    assert hash_of(replace(ENTRY, kind="ab", narration="c")) != hash_of(
        replace(ENTRY, kind="a", narration="bc")
    )


@given(ENTRIES, st.integers(1, 10**6))
def test_reversing_twice_gives_the_first_postings(entry: JournalEntry, number: int) -> None:
    back = reversal_of(entry, number, DAY, "typing error")
    assert reversal_of(back, number + 1, DAY, "it was right").postings == entry.postings


def test_balances_stand_on_the_side_where_the_account_grows() -> None:
    assert balance_cents(AccountType.ASSET, 700, 200) == 500
    assert balance_cents(AccountType.EXPENSE, 200, 700) == -500
    assert balance_cents(AccountType.LIABILITY, 200, 700) == 500
    assert balance_cents(AccountType.CONTRA_ASSET, 0, 300) == 300
