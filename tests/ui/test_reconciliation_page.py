"""Reconciliation by keyboard: a statement in, one key for each line, both sides matched by hand, signed by two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.ui.desk import Desk
from sacco_desktop.ui.page import PageEntry
from sacco_desktop.ui.pages.reconciliation.page import reconciliation_page
from sacco_desktop.ui.pages.reconciliation.take_in_dialog import TakeInDialog
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.frozen_table import FrozenTable
from tests import make
from tests.documents.read_back import flat_text
from tests.make_statements import DAY, Moved, portal_file, take_in
from tests.ui.counter import Counter, counter, said
from tests.ui.test_fit import cut_texts, nameless

FIRST = (
    Moved("UCG0000TOP", 300_000, "Deposit of Funds"),
    Moved("UCG000TOP2", 200_000, "Deposit of Funds"),
)
SECOND = (
    Moved("UCG0000001", 2_350, "Pay Bill Online"),
    Moved("UCG0000002", -13, "Business Payment Charge"),
    Moved("UCG0000003", -700, "Something new"),
)


def _pages(desk: Desk) -> Sequence[PageEntry]:
    return (
        PageEntry(
            "reconciliation", "Reconciliation", "scale", "Ctrl+0", lambda: reconciliation_page(desk)
        ),
    )


def _left(at: Counter) -> int:
    return len(at.find("statement_lines", FrozenTable).table_model.shown_rows())


def test_a_statement_is_brought_to_zero_by_keys_and_signed(
    tmp_path: Path, qtbot: QtBot, theme: Theme
) -> None:
    office = make.office(tmp_path)
    make.float_of(office, 500_000)
    office.clock.advance(days=1)
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        at.wait(lambda: "No statement of M-Pesa Utility" in said(at.find("why")))
        at.command("new")
        dialog = at.find("take_in_dialog", TakeInDialog)
        dialog.take(portal_file((*FIRST, *SECOND)))
        at.wait(lambda: at.find("ok", QPushButton).isEnabled())
        assert "16 Mar 2026 to 16 Mar 2026: 5 rows" in said(dialog)
        at.wait(lambda: cut_texts(dialog) == [])
        assert nameless(dialog) == []
        at.go()
        at.wait(lambda: _left(at) == 5)
        _match_by_hand(at)
        lines = at.find("statement_lines", FrozenTable)
        lines.setFocus()
        at.key(Qt.Key.Key_Home)
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: _left(at) == 2)
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: _left(at) == 1)
        at.command("next_problem")
        at.key(Qt.Key.Key_Return)
        assert "asked back from M-Pesa" in said(at.find("settle_dialog"))
        at.go()
        assert at.says("reason_error") == "Write why, in a few words."
        at.type("reason", "Nobody knows. M-Pesa is asked.")
        at.go()
        at.wait(lambda: "Balanced up to 16 Mar 2026" in said(at.find("why")))
        at.wait(lambda: cut_texts(at.window) == [])
        assert nameless(at.window) == []
        at.command("main_action")
        at.find("sign_reconciliation_dialog")
        at.type("password", make.PASSWORD)
        at.type("signer_password", make.PASSWORD)
        at.go()
        at.wait(lambda: len(at.papers) == 1)
        paper = flat_text(at.papers[0].pdf)
        assert "Balanced and signed" in paper
        assert "The statement closes with 501,637.00" in paper
        at.wait(lambda: "Balanced and signed" in said(at.find("why")))
    office.close()


def _match_by_hand(at: Counter) -> None:
    """Two transfers of the bank are one entry of the books."""
    lines, books = at.find("statement_lines", FrozenTable), at.find("book_lines", FrozenTable)
    lines.table_model.tick(0, is_ticked=True)
    at.command("match")
    assert "Tick the rows that belong together" in at.toasts[-1]
    lines.table_model.tick(1, is_ticked=True)
    books.table_model.tick(0, is_ticked=True)
    at.command("match")
    at.find("match_dialog")
    at.type("reason", "The bank sent it in two.")
    at.go()
    at.wait(lambda: _left(at) == 3)


def test_a_matched_line_is_undone_from_its_list(tmp_path: Path, qtbot: QtBot, theme: Theme) -> None:
    office = make.office(tmp_path)
    make.float_of(office, 500_000)
    [(reference,)] = office.sql("SELECT reference FROM journal_entry WHERE kind = 'float_top_up'")
    assert reference
    take_in(office, (Moved("UCG0000TOP", 500_000, "Deposit of Funds"),), MPESA_UTILITY)
    with counter(tmp_path, qtbot, theme, office, office.grace, _pages) as at:
        at.wait(lambda: _left(at) == 1)
        at.find("statement_lines", FrozenTable).setFocus()
        at.key(Qt.Key.Key_Return)
        at.wait(lambda: _left(at) == 0)
        at.click("show_matched")
        at.click("undo_match")
        at.find("undo_match_dialog")
        at.type("reason", "It was another one.")
        at.go()
        at.wait(lambda: _left(at) == 1)
    assert make.day(office) == DAY
    office.close()
