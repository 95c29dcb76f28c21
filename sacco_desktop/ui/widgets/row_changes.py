"""What has become of the rows of a list between two readings: which are gone, which are new. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# With more pieces than this, showing the whole list anew is less work than moving each piece.
_MOST_PIECES = 60


@dataclass(frozen=True, slots=True)
class RowChanges:
    """`gone` are runs of lines in the old list, the last first; `fresh` are runs of lines in the new list, the first
    first; each from its first line up to and not including its second. A row that has moved is in both.
    """

    gone: tuple[tuple[int, int], ...]
    fresh: tuple[tuple[int, int], ...]


def row_changes(old: Sequence[Hashable], new: Sequence[Hashable]) -> RowChanges | None:
    """How the list with the keys `old` becomes the one with the keys `new`; None when so much has changed that the list
    is better shown anew, or when keys are not unique.
    """
    if not old or not new:
        return None
    places = {key: line for line, key in enumerate(new)}
    if len(places) != len(new) or len(set(old)) != len(old):
        return None
    kept = [(line, places[key]) for line, key in enumerate(old) if key in places]
    still = _longest_in_order([place for _line, place in kept])
    stays_old = {kept[each][0] for each in still}
    stays_new = {kept[each][1] for each in still}
    gone = runs_of([line for line in range(len(old)) if line not in stays_old])
    fresh = runs_of([line for line in range(len(new)) if line not in stays_new])
    if len(gone) + len(fresh) > _MOST_PIECES:
        return None
    return RowChanges(tuple(reversed(gone)), tuple(fresh))


def runs_of(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Lines in ascending order as runs, each from its first line up to and not including its second."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and runs[-1][1] == line:
            runs[-1] = (runs[-1][0], line + 1)
        else:
            runs.append((line, line + 1))
    return runs


def _longest_in_order(places: Sequence[int]) -> list[int]:
    """Where in `places` the longest part stands that ascends, by patience sorting."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for here, place in enumerate(places):
        pile = bisect_left(tails, place)
        before.append(ends[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(place)
            ends.append(here)
        else:
            tails[pile], ends[pile] = place, here
    found: list[int] = []
    here = ends[-1] if ends else -1
    while here >= 0:
        found.append(here)
        here = before[here]
    return found
