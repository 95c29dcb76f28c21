"""Rows of a statement: sections with their accounts and sums, as both statements need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sacco_desktop.domain.statements import AccountLine, Section, added, statement_cents
from sacco_desktop.services.reports.figures import AccountSums, form_line_of
from sacco_desktop.services.reports.report import (
    Cell,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)

Sections = Sequence[tuple[Section, Sequence[AccountLine]]]
COLUMNS = 2  # the present figures and those to compare them with


def account_lines(
    present: Sequence[AccountSums], compared: Sequence[AccountSums]
) -> tuple[AccountLine, ...]:
    """Each account of the chart with its two figures in cents, as a statement adds them."""
    return tuple(
        AccountLine(
            now.code,
            now.name,
            now.type,
            form_line_of(now.code),
            tuple(statement_cents(s.type, s.debit_cents, s.credit_cents) for s in (now, then)),
        )
        for now, then in zip(present, compared, strict=True)
    )


@dataclass(slots=True)
class StatementRows:
    """Rows while a statement is put together from above to below."""

    request: ReportRequest
    rows: list[ReportRow] = field(default_factory=list)

    def heading(self, words: str) -> None:
        """A line of words alone."""
        self._add(RowKind.HEADING, words, ("",) * COLUMNS)

    def sections(self, sections: Sections) -> tuple[int, ...]:
        """Each section that has accounts: its title, its accounts, and a sum where there is something to add.

        Gives the sums of all together, in cents.
        """
        for section, lines in sections:
            if lines:
                self.heading(section.title)
                self.accounts(section, lines)
        return added([line for _, lines in sections for line in lines], COLUMNS)

    def groups(self, heading: str, sections: Sections) -> tuple[int, ...]:
        """The same under one title: first the accounts that are alone in their group, then the groups with titles."""
        if any(lines for _, lines in sections):
            self.heading(heading)
        alone = [(section, lines) for section, lines in sections if len(lines) == 1]
        for section, lines in sorted(alone, key=lambda each: each[1][0].code):
            self.accounts(section, lines)
        self.sections([each for each in sections if len(each[1]) > 1])
        return added([line for _, lines in sections for line in lines], COLUMNS)

    def accounts(self, section: Section, lines: Sequence[AccountLine]) -> None:
        """The accounts of one section, and their sum if they are more than one."""
        for line in lines:
            opens = replace(self.request, kind=ReportKind.ACCOUNT, about=line.code)
            self.rows.append(ReportRow(line.code, (line.code, line.name, *line.cents), opens=opens))
        if len(lines) > 1:
            self._add(RowKind.SUBTOTAL, section.total, added(lines, COLUMNS))

    def line(
        self, key: str, words: str, cents: Sequence[Cell], opens: ReportRequest | None
    ) -> None:
        """A figure that is no account of the chart."""
        self.rows.append(ReportRow(key, ("", words, *cents), opens=opens))

    def subtotal(self, words: str, cents: Sequence[int]) -> None:
        """A sum on the way."""
        self._add(RowKind.SUBTOTAL, words, cents)

    def total(self, words: str, cents: Sequence[int]) -> None:
        """A sum that ends a part."""
        self._add(RowKind.TOTAL, words, cents)

    def _add(self, kind: RowKind, words: str, cells: Sequence[Cell]) -> None:
        self.rows.append(ReportRow(f"{kind.value} {words}", ("", words, *cells), kind))
