"""The table of payments that wait for an owner, as the Collections page shows it, with few rows and with many."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from bench._callbacks import SHORTCODE, Relay
from bench._measuring import ROUNDS, Row, milliseconds, on_both_clocks
from sacco_desktop.domain.money_in import Road
from sacco_desktop.services.collecting import payment_list, plain_payments
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.payment_list import PaymentRow
from sacco_desktop.settings import resources_dir
from sacco_desktop.ui.pages.collections.columns import inbox_columns
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests import make

FEW, MANY = 50, 50_000
_AT_ONCE = 1_000
_STEPS = 60


def scrolling(folder: Path) -> list[Row]:
    """One step and one jump in the shown list of 50,000, each painted, beside the same in a list of 50."""
    app = QApplication(["bench"])
    rows = _waiting(folder)
    theme = Theme(app, resources_dir())
    many, few = _table(theme, rows), _table(theme, rows[:FEW])
    found = []
    for words, far in (("step", False), ("jump", True)):
        own, beside = [], []
        for _ in range(ROUNDS):
            own.append(milliseconds(partial(_scroll, many, far=far)))
            beside.append(milliseconds(partial(_scroll, few, far=far)))
        case = f"{_STEPS} {words}s in an inbox of {MANY:,}, against one of {FEW}"
        found += on_both_clocks(case, own, beside, goal=1.5)
    for table in (many, few):
        table.close()
        table.deleteLater()
    app.processEvents()
    return found


def _waiting(folder: Path) -> tuple[PaymentRow, ...]:
    office = make.office(folder)
    Relay(office)
    now = office.clock.now()
    for start in range(0, MANY, _AT_ONCE):
        told = [
            Heard(
                f"U{at:09d}",
                SHORTCODE,
                now - timedelta(seconds=MANY - at),
                (100 + at % 900) * 100,
                Road.C2B,
                f"otieno {at}",
                PayerTold(masked="2547 ***** 126", name="OTIENO"),
            )
            for at in range(start, start + _AT_ONCE)
        ]
        office.write(plain_payments.book, told)
    found = office.read(payment_list.list_waiting, True, office.peter)
    assert len(found.rows) == found.count == MANY
    office.close()
    return found.rows


def _table(theme: Theme, rows: tuple[PaymentRow, ...]) -> FrozenTable:
    table = FrozenTable(theme, inbox_columns(), lambda row: row.receipt_id, name="inbox")
    table.resize(1_000, 500)
    table.set_rows(rows)
    table.show()
    QApplication.processEvents()
    while table._idle.isActive():
        QApplication.processEvents()
    return table


def _scroll(table: FrozenTable, *, far: bool) -> None:
    bar = table.verticalScrollBar()
    # The same number of pictures in both; in a short list a step may lie beyond its end and begins anew.
    size = max(bar.maximum(), 1)
    for at in range(_STEPS):
        bar.setValue((at * size * 7 // 11 if far else at) % (size + 1))
        table.viewport().repaint()
