"""What makes one list different from another, as data. All lists work the same way."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sacco_desktop.ui.widgets.columns import Column
from sacco_desktop.ui.widgets.details import Details

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SavedFilter(Generic[Row]):
    """A filter with a name and a count, switched on by one click. `empty` stands there when no row
    fits it."""

    key: str
    title: str
    fits: Callable[[Row], bool]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class EmptyList:
    """What stands there while nothing exists: one sentence why, and the one thing to do about
    it."""

    text: str
    action: str = ""
    act: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class ListPlan(Generic[Row]):
    """A list page. `one` and `many` are the words of the foot: 1 member, 412 members."""

    name: str
    one: str
    many: str
    columns: tuple[Column[Row], ...]
    key: Callable[[Row], Hashable]
    empty: EmptyList
    details: Callable[[Row], Details] | None = None
    filters: tuple[SavedFilter[Row], ...] = ()
    has_ticks: bool = False

    def counted(self, count: int) -> str:
        """`1 member`, `1,204 members`."""
        return f"{count:,} {self.one if count == 1 else self.many}"
