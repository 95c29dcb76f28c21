"""Who is an insider, on which days, and how it is said."""

from datetime import date

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.insiders import (
    Kin,
    TieDays,
    TieKind,
    check_tie,
    insider_ids,
    tie_in_words,
)

DAY = date(2026, 3, 16)
BOARD = TieDays(TieKind.BOARD, date(2024, 3, 1))


def relation(of: int, **changes: date) -> TieDays:
    days = {"from_on": date(2025, 1, 2), **changes}
    return TieDays(TieKind.RELATION, of_id=of, kin=Kin.SPOUSE, **days)


def test_offices_and_their_near_relations_count_but_no_relation_of_a_relation() -> None:
    ties = [(1, BOARD), (2, relation(1)), (3, relation(2)), (4, relation(9)), (5, relation(8))]
    assert insider_ids(ties, {9}, DAY) == {1, 2, 4, 9}


def test_a_tie_counts_from_its_first_to_its_last_day() -> None:
    over = TieDays(TieKind.OFFICER, date(2026, 3, 1), date(2026, 3, 15))
    assert [insider_ids([(1, over)], (), date(2026, 3, day)) for day in (1, 15, 16)] == [
        {1},
        {1},
        frozenset(),
    ]
    # With the insider the relation ends too.
    assert insider_ids([(1, over), (2, relation(1))], (), DAY) == frozenset()


@pytest.mark.parametrize(
    ("tie", "field"),
    [
        (TieDays(TieKind.BOARD, date(2026, 3, 17)), "from_on"),
        (TieDays(TieKind.BOARD, DAY, date(2026, 3, 15)), "until_on"),
        (TieDays(TieKind.BOARD, DAY, of_id=2), "of_member"),
        (TieDays(TieKind.RELATION, DAY, kin=Kin.CHILD), "of_member"),
        (relation(1), "of_member"),
        (TieDays(TieKind.RELATION, DAY, of_id=2), "kin"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(tie: TieDays, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_tie(1, tie, DAY)
    assert caught.value.field == field


def test_a_tie_is_said_with_its_days() -> None:
    assert tie_in_words(BOARD) == "Member of the board since 1 Mar 2024"
    words = tie_in_words(relation(1, until_on=DAY), "MARY W (M-0001)")
    assert words == "Husband or wife of MARY W (M-0001) since 2 Jan 2025 until 16 Mar 2026"
