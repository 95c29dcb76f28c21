"""A whole office moves out and in: the same balances, schedules and guarantors, and the same figures from then on."""

from pathlib import Path

from sacco_desktop.commands import prove_export
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.operations.export_books import export_books
from sacco_desktop.services.books import ledger
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.old_books import drafts
from sacco_desktop.services.old_books.undoing import UndoImport, undo
from tests import make
from tests.guards.office_clock import OfficeClock
from tests.make import PracticeOffice
from tests.services.old_books import dense_office
from tests.services.old_books.moving_in import read_here

_BROUGHT = (
    "member", "member_file", "exit_notice", "loan", "loan_instalment", "loan_instalment_fee", "loan_change",
    "loan_accrual", "loan_write_off", "savings_terms", "guarantee", "old_repayment",
)  # fmt: skip


def test_an_office_moves_out_and_in_and_goes_on_alike(
    office: PracticeOffice, tmp_path: Path, office_clock: OfficeClock
) -> None:
    dense_office.fill(office)
    before = _lists(office, tmp_path, "before")
    (tmp_path / "other").mkdir()
    other = make.office(tmp_path / "other", office_clock)
    try:
        empty = {name: other.count(name) for name in _BROUGHT}
        assert _take_in(other, tmp_path / "before") == []
        # Nothing of it stays when all is undone, the last first; then it comes in once more.
        for row in other.read(drafts.list_imports, None):
            other.write(undo, UndoImport(row.import_id, "Once more."), other.daniel)
        assert empty == {name: other.count(name) for name in _BROUGHT}
        assert not any(_figures(other)[0].values())
        assert _take_in(other, tmp_path / "before") == []
        after = _lists(other, tmp_path, "after")
        assert prove_export.compare(before, after) == 0
        assert prove_export.compare(before, {**after, "loans": after["loans"][:-1]}) == 1
        assert _figures(office) == _figures(other)
        # From here on both go the same way: what falls due, what is paid, and what that leaves.
        for books in (office, other):
            dense_office.later(books, 0)
        office_clock.advance(days=31)
        for books in (office, other):
            dense_office.catch_up(books)
            for number in ("L-0001", "L-0002", "L-0003", "L-0008"):
                dense_office.pay(books, _loan(books, number), 700_000)
            for number in ("L-0003", "L-0005"):
                dense_office.pay(books, _loan(books, number), 3_500_000, Keep.TERM)
            dense_office.recover(books, _loan(books, "L-0004"))
        assert _figures(office) == _figures(other)
        there, here = (
            _lists(one, tmp_path, f"later {at}") for at, one in enumerate((office, other))
        )
        # Each office counts its own receipts.
        del there["past_repayments"], here["past_repayments"]
        assert prove_export.compare(there, here) == 0
    finally:
        other.close()


def _take_in(office: PracticeOffice, folder: Path) -> list[str]:
    return prove_export.take_lists_in(
        office.books,
        folder,
        office.grace,
        office.daniel,
        read=lambda path: read_here(path.name, path.read_bytes()),
    )


def _lists(office: PracticeOffice, folder: Path, name: str) -> prove_export.Lists:
    path = folder / f"{name}.zip"
    export_books(office.books, path, office.grace)
    return prove_export.lists_of(path, folder / name)


def _loan(office: PracticeOffice, number: str) -> int:
    return next(row.loan_id for row in office.read(loans.list_loans, None) if row.number == number)


def _figures(
    office: PracticeOffice,
) -> tuple[dict[str, int], dict[str, tuple[int, int, int]]]:
    """Every balance, and how late each loan is."""
    balances = {row.code: row.balance_cents for row in office.read(ledger.trial_balance, None).rows}
    numbers = {row.loan_id: row.number for row in office.read(loans.list_loans, None)}
    standing = {
        numbers[one.loan_id]: (one.owed_cents, one.arrears_cents, one.class_days)
        for one in office.read(loan_book.loans_on, make.day(office))
    }
    return {code: cents for code, cents in balances.items() if cents}, standing
