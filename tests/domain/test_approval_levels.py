"""Levels by amount: which band a sum belongs to, what a society can work by, and the data that ships."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.amount_limits import LIMITED, act_code, act_of_code, first_limits
from sacco_desktop.domain.approval_levels import (
    NEEDED,
    Band,
    Bands,
    Step,
    band_for,
    bands_as_text,
    bands_in_words,
    bands_of_text,
    check_bands,
    read_levels,
)
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.permissions import PERMISSIONS, Role, roles_for
from sacco_desktop.settings import resources_dir

COMMITTEE = Step(frozenset({Role.COMMITTEE}), 1)
SHIPPED = (resources_dir() / "approval_levels.toml").read_text(encoding="utf-8")


def test_every_kind_ships_with_levels_that_end_without_a_ceiling() -> None:
    levels = read_levels(SHIPPED)
    assert levels.keys() == set(ApprovalKind) == NEEDED.keys()
    for kind, bands in levels.items():
        assert bands[-1].ceiling_cents is None
        assert check_bands(kind, bands) == bands


def test_shipped_limits_belong_to_roles_that_have_the_act() -> None:
    for limit in first_limits(SHIPPED):
        assert limit.act in PERMISSIONS[limit.role]
        assert limit.act in LIMITED
        assert act_of_code(act_code(limit.act)) is limit.act


@pytest.mark.parametrize(
    ("cents", "people"), [(1, 1), (250_000_00, 1), (250_000_01, 2), (10**14, 2)]
)
def test_a_large_payout_ships_with_two_approvers(cents: int, people: int) -> None:
    (step,) = band_for(read_levels(SHIPPED)[ApprovalKind.PAYOUT], cents).steps
    assert step.quorum == people


@given(st.lists(st.integers(1, 10**12), unique=True, max_size=8), st.integers(0, 10**13))
def test_every_amount_has_the_first_band_that_holds_it(ceilings: list[int], cents: int) -> None:
    bands = tuple(Band(one, (COMMITTEE,)) for one in (*sorted(ceilings), None))
    check_bands(ApprovalKind.LOAN, bands)
    found = band_for(bands, cents)
    assert found.ceiling_cents is None or cents <= found.ceiling_cents
    lower = [one for one in ceilings if found.ceiling_cents is None or one < found.ceiling_cents]
    assert all(one < cents for one in lower)


def _bands(*bands: tuple[int | None, *tuple[Step, ...]]) -> Bands:
    return tuple(Band(ceiling, steps) for ceiling, *steps_ in bands for steps in [tuple(steps_)])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: (), "Write 1 to"),
        (lambda: _bands((5, COMMITTEE)), "no sum is left out"),
        (lambda: _bands((None, COMMITTEE), (None, COMMITTEE)), "Only the last level"),
        (lambda: _bands((0, COMMITTEE), (None, COMMITTEE)), "above zero"),
        (lambda: _bands((9, COMMITTEE), (9, COMMITTEE), (None, COMMITTEE)), "above the one before"),
        (lambda: _bands((9, COMMITTEE), (8, COMMITTEE), (None, COMMITTEE)), "above the one before"),
        (lambda: _bands((None,)), "1 to 5 steps"),
        (lambda: _bands((None, Step(frozenset(), 1))), "Choose who decides"),
        (lambda: _bands((None, Step(frozenset({Role.COMMITTEE}), 0))), "1 to 9 people"),
        (lambda: _bands((None, Step(frozenset({Role.AUDITOR}), 1))), "auditor may not approve"),
        (lambda: _bands((None, Step(frozenset({Role.TREASURER}), 1))), "treasurer may not approve"),
    ],
)
def test_levels_that_no_society_can_work_by_are_refused(
    make: Callable[[], Bands], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        check_bands(ApprovalKind.LOAN, make())
    assert refused.value.field == "bands"


def test_kept_bands_are_read_as_they_were_written() -> None:
    for bands in read_levels(SHIPPED).values():
        assert bands_of_text(bands_as_text(bands)) == bands


def test_bands_in_words_say_everything() -> None:
    assert bands_in_words(read_levels(SHIPPED)[ApprovalKind.LOAN]) == (
        "up to KES 500,000.00: 1 of committee; up to KES 1,000,000.00: 2 of committee;"
        " without a ceiling: 2 of committee, then 1 of chairperson or secretary"
    )


def test_a_file_that_leaves_a_kind_out_is_refused() -> None:
    with pytest.raises(ValueError, match="no level for"):
        read_levels('[[level]]\nkind = "loan"\nsteps = [{ roles = ["committee"], quorum = 1 }]')


def test_an_auditor_can_stand_in_no_level() -> None:
    for act in NEEDED.values():
        assert Role.AUDITOR not in roles_for(act)
