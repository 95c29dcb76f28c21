"""Proves the rows of a statement: each once, each page by itself, the pages with each other, and the whole with the
opening and closing that the statement itself gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.reconciling.row_reading import PlainRow
from sacco_desktop.domain.reconciling.running_balance import (
    AS_WRITTEN,
    DoesNotAddUp,
    ProvenPage,
    chain_pages,
    prove_page,
    where,
)
from sacco_desktop.domain.reconciling.statement import Source, StatementRow


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement says of itself, in cents; None where it says nothing."""

    opening_cents: int | None = None
    closing_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What the statement says of the whole, and of each of its pages where it does so."""

    whole: Stated
    by_page: Mapping[int, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvenRows:
    """Every row once, the oldest first, with what was before the first and after the last of them."""

    rows: tuple[StatementRow, ...]
    pages: int
    doubled: int
    order_words: str

    @property
    def opening_cents(self) -> int:
        """What the account held before the first row."""
        return self.rows[0].balance_cents - self.rows[0].cents

    @property
    def closing_cents(self) -> int:
        """What it held after the last one."""
        return self.rows[-1].balance_cents


def prove(plain: Sequence[PlainRow], source: Source, claims: Claims) -> ProvenRows:
    """The rows, proven. Raises DoesNotAddUp, and InvalidInput where nothing is there that could be proven."""
    if not plain:
        raise InvalidInput("The statement has no completed transaction.", "file")
    is_bank = source is Source.BANK
    rows = _bank_rows(plain, claims.whole.opening_cents) if is_bank else _each_once(plain)
    pages: dict[int, list[StatementRow]] = {}
    for row in rows:
        pages.setdefault(row.page, []).append(row)
    proven = [prove_page(page, found) for page, found in pages.items()]
    for page in proven:
        _check_stated(page.rows, claims.by_page.get(page.page, Stated()))
    ordered = chain_pages(proven)
    if is_bank:
        ordered = _numbered(ordered)
    _check_repeats(ordered)
    _check_stated(ordered, claims.whole)
    return ProvenRows(ordered, len(proven), len(plain) - len(rows), _order_words(proven))


def _each_once(plain: Sequence[PlainRow]) -> list[StatementRow]:
    """Each row once: the same receipt with the same balance is a row that was exported twice."""
    found: dict[tuple[str, int, object], StatementRow] = {}
    for one in plain:
        row = one.with_balance(one.balance_cents or 0, 0)
        found.setdefault((row.identity, row.balance_cents, row.at), row)
    return list(found.values())


def _bank_rows(plain: Sequence[PlainRow], opening: int | None) -> list[StatementRow]:
    """The rows of a bank; where it gives no balance, they are added up from the opening."""
    if all(one.balance_cents is not None for one in plain):
        return [one.with_balance(one.balance_cents or 0, 1) for one in plain]
    if opening is None:
        raise InvalidInput(
            "This statement has no balance column. Write what the account held before its first row.",
            "opening",
        )
    ordered = plain if plain[0].at <= plain[-1].at else plain[::-1]
    balance, found = opening, []
    for one in ordered:
        balance += one.cents
        found.append(one.with_balance(balance, 1))
    return found


def _numbered(rows: Sequence[StatementRow]) -> tuple[StatementRow, ...]:
    """Rows of a bank that say the same on one day are told apart by their count, oldest first."""
    count: Counter[str] = Counter()
    found = []
    for row in rows:
        count[row.identity] += 1
        found.append(replace(row, nth=count[row.identity]))
    return tuple(found)


def _check_repeats(rows: Sequence[StatementRow]) -> None:
    seen: dict[str, StatementRow] = {}
    for row in rows:
        before = seen.setdefault(row.identity, row)
        if before is not row:
            raise DoesNotAddUp(
                f"Receipt {row.receipt} stands in {where(before).lower()} and in {where(row).lower()} with the same sum"
                " and another balance. One of them was changed. Export the statement anew.",
                row.page,
                row.row,
            )


def _check_stated(rows: Sequence[StatementRow], stated: Stated) -> None:
    first, last = rows[0], rows[-1]
    opening = first.balance_cents - first.cents
    for row, verb, said, found in (
        (first, "opens", stated.opening_cents, opening),
        (last, "closes", stated.closing_cents, last.balance_cents),
    ):
        if said is not None and said != found:
            raise DoesNotAddUp(
                f"The statement says that it {verb} with {format_amount(said)}, its rows say {format_amount(found)}:"
                f" {format_amount(abs(said - found))} apart. Rows are missing. Export it anew, with all its pages.",
                row.page,
                row.row,
            )


def _order_words(pages: Sequence[ProvenPage]) -> str:
    orders = {page.order for page in pages}
    return "" if orders == {AS_WRITTEN} else " and ".join(sorted(orders))
