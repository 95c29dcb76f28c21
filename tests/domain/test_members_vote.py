"""The members' vote: what carries it, and that it can be counted at all; and a step of the levels that asks for it."""

import pytest

from sacco_desktop.domain.approval_levels import (
    Band,
    Step,
    band_in_words,
    bands_as_text,
    bands_of_text,
    check_bands,
)
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.members_vote import Majority, VoteCount
from sacco_desktop.domain.permissions import Role

VOTED = Band(None, (Step(frozenset({Role.SECRETARY}), 1, members_vote=True),))


@pytest.mark.parametrize(
    ("cast", "more", "two_thirds"),
    [((2, 1), True, True), ((5, 3), True, False), ((4, 4), False, False), ((1, 0), True, True)],
)
def test_who_abstains_is_not_counted(cast: tuple[int, int], more: bool, two_thirds: bool) -> None:
    count = VoteCount(*cast, 99)
    assert count.carries(Majority.MORE_FOR) is more
    assert count.carries(Majority.TWO_THIRDS) is two_thirds


@pytest.mark.parametrize("cast", [(0, 0, 9), (-1, 2, 0), (1, 1, 10**7)])
def test_what_is_no_vote_is_refused(cast: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidInput):
        VoteCount(*cast).check()


def test_a_level_asks_for_one_vote_and_only_on_loans() -> None:
    assert bands_of_text(bands_as_text((VOTED,))) == (VOTED,)
    assert "members_vote" not in bands_as_text(
        (Band(None, (Step(frozenset({Role.SECRETARY}), 1),)),)
    )
    words = "without a ceiling: the members' vote, attested by 1 of secretary"
    assert band_in_words(VOTED) == words
    check_bands(ApprovalKind.INSIDER_LOAN, (VOTED,))
    with pytest.raises(InvalidInput, match="Only loans are put to the members' vote"):
        check_bands(ApprovalKind.LOAN_WRITE_OFF, (VOTED,))
    with pytest.raises(InvalidInput, match="The members vote once"):
        check_bands(ApprovalKind.LOAN, (Band(None, VOTED.steps * 2),))
