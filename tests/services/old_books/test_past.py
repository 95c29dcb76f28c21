"""What old books tell of the past comes in with an import: it binds guarantors and explains, and is never posted."""

from datetime import date

import pytest

from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.old_books.lines import RowState
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.guarantors.guarantees import LettingGo, let_go
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import loan_book
from sacco_desktop.services.old_books import past, undoing
from sacco_desktop.services.old_books.past import PastLine, PastMonth, PastRepayment
from sacco_desktop.services.old_books.undoing import UndoImport
from sacco_desktop.services.window import member_sheet
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, xlsx
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import imported, look, started
from tests.services.old_books.test_moving_in import LOANS

GUARANTORS = xlsx(
    [("Loan No", "Guarantor No", "Amount guaranteed"), (412, 2, 20000), ("DL/7", "23456789", 5000)]
)
REPAYMENTS = xlsx(
    [
        ("Loan No", "Date", "Receipt No", "Amount", "Principal", "Interest"),
        (412, date(2025, 10, 25), "R1", 5600, 5000, 600),
        (412, date(2025, 12, 1), "R2", 10499.5, 9999.5, 500),
    ]
)


def _loan(office: PracticeOffice, number: str) -> int:
    return next(row.loan_id for row in office.read(loans.list_loans, None) if row.number == number)


def test_guarantors_come_bound_and_go_with_their_import(office: PracticeOffice) -> None:
    imported(office, xlsx([HEAD, JANE, OTIENO]))
    of_loans = imported(office, LOANS, "loans.xlsx")
    done = imported(office, GUARANTORS, "guarantors.xlsx")
    assert (done.taken, done.entry_number) == (2, None)
    [pledge] = office.read(
        lambda work, loan: guarantor_pledges.of_loan(work, loan), _loan(office, "L-0412")
    )
    assert (pledge.status, pledge.guarantor_number, pledge.live_cents) == (
        "accepted", "M-0002", 20_000_00,
    )  # fmt: skip
    again = started(office, GUARANTORS, "guarantors.xlsx")
    assert {row.checked.state for row in again.rows} == {RowState.ALREADY}
    with pytest.raises(WrongState, match="A guarantor belongs to this import"):
        office.write(undoing.undo, UndoImport(of_loans.import_id, "wrong"), office.daniel)
    with pytest.raises(WrongState, match="stay bound until it is repaid"):
        office.write(let_go, LettingGo(pledge.guarantee_id, "asked for it"), office.peter)
    office.write(undoing.undo, UndoImport(done.import_id, "wrong"), office.daniel)
    assert office.count("guarantee") == office.count("guarantee_word") == 0
    assert look(office, of_loans.import_id).can_be_undone


def test_repayments_of_the_past_explain_the_balance_and_move_nothing(
    office: PracticeOffice,
) -> None:
    imported(office, xlsx([HEAD, JANE, OTIENO]))
    of_loans = imported(office, LOANS, "loans.xlsx")
    entries = office.count("journal_entry")
    done = imported(office, REPAYMENTS, "repayments.xlsx")
    assert office.count("journal_entry") == entries
    loan_id = _loan(office, "L-0412")
    assert office.read(past.repayments_of, loan_id) == (
        PastRepayment(date(2025, 10, 25), "R1", 5600_00, 5000_00, 600_00, 55_000_00),
        PastRepayment(date(2025, 12, 1), "R2", 10499_50, 9999_50, 500_00, 45_000_50),
    )
    # Three whole instalments were repaid and five have fallen due, so two and a part are late on the opening day.
    shown = office.read(loans.detail, loan_id)
    due = sum(row.principal_cents for row in shown.schedule if row.due_on < make.day(office))
    [standing] = [
        one for one in office.read(loan_book.loans_on, make.day(office)) if one.loan_id == loan_id
    ]
    assert standing.arrears_cents == due > 0
    assert standing.days_late == (make.day(office) - shown.schedule[0].due_on).days
    assert not look(office, of_loans.import_id).can_be_undone
    office.write(undoing.undo, UndoImport(done.import_id, "wrong"), office.daniel)
    assert office.read(past.repayments_of, loan_id) == ()


def test_months_of_deposits_bring_the_balance_forward(office: PracticeOffice) -> None:
    imported(office, xlsx([HEAD, (*JANE[:5], 0, 0), OTIENO]))
    matrix = xlsx(
        [
            ("M/No", "Names", "B/F", "Jan-25", "Feb-25", "Total"),
            (1, "Jane Kamau", 1000, 500, None, 1500),
            (2, "Otieno Okoth", 0, 400, 100.5, 500.5),
        ]
    )
    done = imported(office, matrix, "deposits.xlsx")
    assert done.entry_number is not None
    assert office.balance("2010.M-0001") == 1500_00
    assert office.balance("2010.M-0002") == 500_50
    jane, otieno = (
        office.read(
            past.months_of, office.sql(f"SELECT id FROM member WHERE number = '{number}'")[0][0]
        )
        for number in ("M-0001", "M-0002")
    )
    assert jane == (PastMonth("b/f", 1000_00, 1000_00), PastMonth("2025-01", 500_00, 1500_00))
    assert otieno[-1] == PastMonth("2025-02", 100_50, 500_50)
    assert office.read(member_sheet.sheet, "M-0001", office.peter).past == (
        PastLine("Before that", "Deposits", 1000_00, 1000_00),
        PastLine("Jan 2025", "Deposits", 500_00, 1500_00),
    )
    assert [row.checked.state for row in started(office, matrix, "deposits.xlsx").rows] == [
        RowState.ALREADY, RowState.ALREADY,
    ]  # fmt: skip
    office.write(undoing.undo, UndoImport(done.import_id, "wrong"), office.daniel)
    assert office.count("old_deposit") == 0
    assert office.balance("2010.M-0001") == 0
