"""The instalments of a loan, row by row, with their totals: as agreed, or as they would be."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sacco_desktop.domain.money import format_amount
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.ui.theme.sizes import S
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.columns import Align, Column, date_column, money_column
from sacco_desktop.ui.widgets.focus_lead import lead_focus
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from sacco_desktop.ui.widgets.list_foot import ListFoot

# Off unless a schedule has fees in its instalments.
_FEES: Column[Instalment] = money_column("Fees KES", lambda row: row.fee_cents, priority=3)
COLUMNS: tuple[Column[Instalment], ...] = (
    Column("No.", lambda row: row.number, align=Align.RIGHT, widest="104"),
    date_column("Due", lambda row: row.due_on),
    money_column("Principal KES", lambda row: row.principal_cents),
    money_column("Interest KES", lambda row: row.interest_cents),
    _FEES,
    money_column("Instalment KES", lambda row: row.total_cents),
    Column(
        "Balance KES",
        lambda row: row.balance_cents,
        format_amount,
        Align.RIGHT,
        widest="999,999.00",
    ),
)


class ScheduleTable(QWidget):
    """Shows `domain.schedule.Instalment` rows. A balance is no sum, so the foot adds up only the
    other columns."""

    def __init__(self, theme: Theme, *, name: str = "schedule") -> None:
        super().__init__()
        self.table = FrozenTable(theme, COLUMNS, lambda row: row.number, name=name)
        self.table.setAccessibleName("Instalments")
        self.foot = ListFoot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        lead_focus(self, self.table)
        self.set_rows(())

    def set_rows(self, rows: Sequence[Instalment]) -> None:
        """Show another schedule."""
        has_fees = any(row.fee_cents for row in rows)
        self.table.set_rows(rows)
        self.table.column_layout.show_column(COLUMNS.index(_FEES), is_on=has_fees)
        word = "instalment" if len(rows) == 1 else "instalments"
        # The heads of the columns say that all of it is KES.
        sums = [
            (title.removesuffix(" KES"), cents)
            for title, cents in self.table.table_model.sums()
            if has_fees or title != _FEES.title
        ]
        self.foot.say(f"{len(rows)} {word}", sums)
        # Neither an instalment nor a total may be cut where people agree to them.
        self.setMinimumWidth(
            max(self.table.needed_width() + S, self.foot.minimumSizeHint().width())
        )
