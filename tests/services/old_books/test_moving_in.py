"""Old books come into the books by two people, as they were checked, once, and can be undone until they are used."""

from datetime import date

import pytest

from sacco_desktop.domain.approvals import ApprovalStatus, Decision
from sacco_desktop.domain.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotAllowed,
    PeriodClosed,
    SamePerson,
    WrongState,
)
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import RowState
from sacco_desktop.domain.old_books.old_dates import DateOrder
from sacco_desktop.services.books import ledger
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.lending import loans, repayments
from sacco_desktop.services.lending.repayments import NewRepayment
from sacco_desktop.services.membership import late_loans, members
from sacco_desktop.services.membership.members import NewMember
from sacco_desktop.services.old_books import asking, drafts, letters, undoing
from sacco_desktop.services.old_books.drafts import CellChange, DraftChange, NewDraft
from sacco_desktop.services.old_books.undoing import UndoImport
from tests import make
from tests.gateways.old_books.dirty_books import HEAD, JANE, OTIENO, text, xlsx
from tests.make import PracticeOffice
from tests.services.old_books.moving_in import (
    asked,
    imported,
    look,
    planned,
    read_here,
    started,
    totalled,
)

REGISTER = xlsx([HEAD, JANE, OTIENO])
LOANS_HEAD = (
    "Loan No", "Member No", "Name", "Loan Type", "Date Issued", "Loan Amount", "Period", "Loan Balance",
)  # fmt: skip
LOANS = xlsx(
    [
        LOANS_HEAD,
        (412, 1, "JANE KAMAU", "Development", date(2025, 9, 25), 60000, 12, 45000.5),
        ("DL/7", 2, "OKOTH", "emergency", date(2026, 2, 20), 5000, 6, 5000),
    ]
)


def test_members_come_with_their_numbers_and_balances(office: PracticeOffice) -> None:
    done = imported(office, REGISTER)
    assert (done.status, done.taken) == ("imported", 2)
    jane = office.read(members.row_numbered, "M-0001")
    assert jane.full_name == "JANE WANJIKU KAMAU"
    assert (jane.phone, jane.national_id, jane.joined_on) == (
        "254712345678", "23456789", date(2019, 3, 25),
    )  # fmt: skip
    assert (jane.deposits_cents, jane.shares_cents) == (18450000, 2000000)
    assert office.balance("2010") == 18500050
    assert office.balance("3050") == -18500050 - 2000000
    assert done.entry_number is not None
    entry = office.read(ledger.read_entry, done.entry_number)
    assert entry.value_date == make.day(office)
    assert len(entry.postings) == 4


def test_whoever_joins_next_is_counted_on(office: PracticeOffice) -> None:
    imported(office, xlsx([HEAD, (77, *JANE[1:]), ("UM/9", *OTIENO[1:])]))
    new = NewMember("Amina", "", "Hassan", "33445566", "0722000111")
    assert office.write(members.write_down, new, office.peter).number == "M-0078"


def test_loans_come_with_their_schedule_and_are_as_late_as_they_are(office: PracticeOffice) -> None:
    imported(office, REGISTER)
    imported(office, LOANS, "loans.xlsx")
    rows = {row.number: row for row in office.read(loans.list_loans, None)}
    assert {number: row.balance_cents for number, row in rows.items()} == {
        "L-0412": 4500050,
        "L-DL-7": 500000,
    }
    first = office.read(loans.detail, rows["L-0412"].loan_id)
    assert first.is_final
    assert sum(row.principal_cents for row in first.schedule) == 4500050
    assert first.schedule[-1].number == 12
    late = {one.loan_id: one for one in office.read(late_loans.owed_now, None)}
    assert late[rows["L-0412"].loan_id].unpaid_since == date(2026, 1, 25)
    assert late[rows["L-DL-7"].loan_id].unpaid_since is None
    assert office.balance("1110") == 4500050


def test_the_same_file_twice_adds_nothing(office: PracticeOffice) -> None:
    imported(office, REGISTER)
    again = started(office, REGISTER)
    assert [row.checked.state for row in again.rows] == [RowState.ALREADY, RowState.ALREADY]
    with pytest.raises(WrongState, match="Nothing in this file is ready"):
        asked(office, again)
    assert office.count("member") == 2


def test_an_open_draft_of_the_same_file_is_taken_up_again(office: PracticeOffice) -> None:
    first = started(office, REGISTER)
    assert started(office, REGISTER).import_id == first.import_id
    change = DraftChange(first.import_id, first.version, first.plan)
    office.write(drafts.drop, change, office.grace)
    assert started(office, REGISTER).import_id != first.import_id
    assert [row.status for row in office.read(drafts.list_imports, None)] == ["draft"]


def test_nobody_agrees_to_the_own_import(office: PracticeOffice) -> None:
    view = totalled(office, started(office, REGISTER))
    request = asked(office, view)
    with pytest.raises(SamePerson):
        make.decide(office, request, office.grace)
    assert office.count("member") == 0


def test_an_officer_imports_nothing(office: PracticeOffice) -> None:
    file = read_here("umoja.xlsx", REGISTER)
    with pytest.raises(NotAllowed, match="import old books"):
        office.write(drafts.start, NewDraft(file, "MEMBERS"), office.peter)


def test_one_bad_row_imports_nothing_until_a_person_decides(office: PracticeOffice) -> None:
    bad = xlsx([HEAD, JANE, (2, "Otieno", 1, "712 34", None, "abc", None)])
    view = totalled(office, started(office, bad))
    with pytest.raises(InvalidInput, match="1 rows have problems") as refused:
        asked(office, view)
    assert refused.value.field == "problems"
    request = asked(office, view, leaves_out=True)
    [row] = office.read(decisions.list_waiting, None, office.daniel)
    assert row.content["left_out"] == 1
    make.decide(office, request, office.daniel)
    assert office.count("member") == 1


def test_a_cell_can_be_typed_over(office: PracticeOffice) -> None:
    view = started(office, xlsx([HEAD, (*JANE[:5], "abc", 0)]))
    assert view.rows[0].checked.state is RowState.PROBLEM
    change = CellChange(view.import_id, view.version, 2, 5, "184,500")
    office.write(drafts.correct_cell, change, office.grace)
    better = look(office, view.import_id)
    assert better.rows[0].checked.state is RowState.READY
    assert better.rows[0].cells[5] == "184,500"
    with pytest.raises(ChangedMeanwhile):
        office.write(drafts.correct_cell, change, office.grace)


def test_sums_that_differ_from_the_old_book_need_a_reason_and_the_other_person_sees_it(
    office: PracticeOffice,
) -> None:
    view = started(office, REGISTER)
    with pytest.raises(InvalidInput, match="Write what the old book says for Deposits") as refused:
        asked(office, view)
    assert refused.value.field == "totals"
    view = totalled(office, view, DEPOSITS=18500000, SHARE_CAPITAL=2000000)
    with pytest.raises(InvalidInput, match="differ from the old book"):
        asked(office, view)
    view = totalled(office, view, "Fifty cents rounded", DEPOSITS=18500000, SHARE_CAPITAL=2000000)
    asked(office, view)
    [row] = office.read(decisions.list_waiting, None, office.daniel)
    assert row.content["totals"] == [
        ["Deposits", 18500050, 18500000, 50],
        ["Share capital", 2000000, 2000000, 0],
    ]
    assert row.content["explanation"] == "Fifty cents rounded"


def test_questions_are_answered_before_anything_is_asked(office: PracticeOffice) -> None:
    head = (*HEAD[:5], "Shares")
    view = started(office, text([head, (1, "Jane Kamau", 23456789, "0712345678", "03/04/2020", 5)]))
    assert len(view.open_questions) == 2
    with pytest.raises(WrongState, match="Answer the questions"):
        asked(office, view)
    columns = (*view.plan.columns[:5], Meaning.DEPOSITS)
    view = planned(office, view, columns=columns, order=DateOrder.MONTH_FIRST)
    assert view.open_questions == ()
    make.decide(office, asked(office, totalled(office, view)), office.daniel)
    jane = office.read(members.row_numbered, "M-0001")
    assert (jane.joined_on, jane.deposits_cents) == (date(2020, 3, 4), 500)


def test_how_a_file_was_understood_is_remembered_for_its_shape(office: PracticeOffice) -> None:
    head = (*HEAD[:5], "Shares")
    row = (1, "Jane Kamau", 23456789, "0712345678", "25/04/2020", 5)
    view = started(office, text([head, row]))
    view = planned(office, view, columns=(*view.plan.columns[:5], Meaning.SHARE_CAPITAL))
    asked(office, totalled(office, view))
    next_one = started(office, text([head, (2, *row[1:])]), "next.csv")
    assert next_one.plan.columns[5] is Meaning.SHARE_CAPITAL
    assert next_one.questions.shares_columns == ()


def test_two_columns_cannot_mean_the_same(office: PracticeOffice) -> None:
    view = started(office, REGISTER)
    columns = (*view.plan.columns[:6], Meaning.DEPOSITS)
    with pytest.raises(InvalidInput, match="Two columns are Deposits"):
        planned(office, view, columns=columns)


def test_a_no_makes_it_a_draft_again(office: PracticeOffice) -> None:
    view = totalled(office, started(office, REGISTER))
    make.decide(office, asked(office, view), office.daniel, Decision.REJECT, "Totals look odd")
    assert look(office, view.import_id).status == "draft"
    assert office.count("member") == 0


def test_a_request_that_was_taken_back_carries_nothing(office: PracticeOffice) -> None:
    view = totalled(office, started(office, REGISTER))
    request = asked(office, view)
    office.write(asking.take_back, view.import_id, office.grace)
    assert office.sql("SELECT status FROM approval_request WHERE id = ?", request) == [("void",)]
    assert look(office, view.import_id).status == "draft"


def test_what_would_be_taken_otherwise_than_it_was_checked_is_not_taken(
    office: PracticeOffice,
) -> None:
    request = asked(office, totalled(office, started(office, REGISTER)))
    office.write(
        members.write_down, NewMember("Ann", "", "Moraa", "23456789", "0722999888"), office.peter
    )
    with pytest.raises(ChangedMeanwhile, match="Nothing was imported"):
        make.decide(office, request, office.daniel)
    assert office.count("member") == 1
    make.decide(office, request, office.daniel, Decision.REJECT, "Check it anew")


def test_nothing_is_imported_into_a_closed_month(office: PracticeOffice) -> None:
    view = totalled(office, started(office, REGISTER))
    view = planned(office, view, as_of=date(2025, 12, 31))
    request = asked(office, view)
    office.sql("INSERT INTO closed_month VALUES ('2025-12', 2, '2026-01-02T00:00:00.000000+00:00')")
    with pytest.raises(PeriodClosed):
        make.decide(office, request, office.daniel)
    assert office.count("member") == 0


def test_balances_of_members_who_are_here_come_once(office: PracticeOffice) -> None:
    make.member(office)
    data = text(
        [("M/No", "Name", "Deposits", "Share Capital"), ("1", "Mary Otieno", "1,500", "200")]
    )
    imported(office, data, "balances.csv")
    row = office.read(members.row_numbered, "M-0001")
    assert (row.deposits_cents, row.shares_cents) == (150000, 20000)
    other = text([("M/No", "Name", "Deposits"), ("1", "Mary Otieno", "9")])
    [again] = started(office, other, "again.csv").rows
    assert again.checked.words == "M-0001 has its opening balances."
    stranger = text([("M/No", "Name", "Deposits"), ("1", "Ann Moraa", "9"), ("5", "X Y", "1")])
    told = started(office, stranger, "stranger.csv").checked.problems
    assert [one.message for one in told] == [
        "M-0001 is Mary Njeri Otieno in the books.",
        "There is no member M-0005. Import the members first.",
    ]


def test_an_import_is_undone_as_if_it_had_never_been_and_can_be_made_again(
    office: PracticeOffice,
) -> None:
    done = imported(office, REGISTER)
    loan_import = imported(office, LOANS, "loans.xlsx")
    with pytest.raises(WrongState, match="Reverse single entries"):
        office.write(undoing.undo, UndoImport(done.import_id, "wrong file"), office.daniel)
    with pytest.raises(WrongState, match="somebody else"):
        office.write(undoing.undo, UndoImport(loan_import.import_id, "wrong file"), office.grace)
    for one in (loan_import, done):
        assert look(office, one.import_id).can_be_undone or one is done
        office.write(undoing.undo, UndoImport(one.import_id, "wrong file"), office.daniel)
    assert [office.count(table) for table in ("member", "loan", "loan_instalment")] == [0, 0, 0]
    for code in ("1110", "2010", "3010", "3050"):
        assert office.balance(code) == 0
    imported(office, REGISTER)
    assert office.read(members.row_numbered, "M-0001").deposits_cents == 18450000


def test_the_first_entry_that_uses_an_import_ends_its_undoing(office: PracticeOffice) -> None:
    done = imported(office, REGISTER)
    assert done.can_be_undone
    jane = office.read(members.row_numbered, "M-0001")
    make.deposit(office, jane, 100)
    assert not look(office, done.import_id).can_be_undone
    with pytest.raises(WrongState, match="Entry 2 uses balances of this import"):
        office.write(undoing.undo, UndoImport(done.import_id, "wrong"), office.daniel)


def test_the_opening_entry_is_not_reversed_behind_its_import(office: PracticeOffice) -> None:
    done = imported(office, REGISTER)
    assert done.entry_number is not None
    with pytest.raises(WrongState, match="taken back with their import"):
        office.write(
            decisions.ask_reversal, ReversalRequest(done.entry_number, "wrong"), office.grace
        )


def test_what_is_no_register_is_refused(office: PracticeOffice) -> None:
    with pytest.raises(InvalidInput, match="no heading"):
        started(office, text([("a", "b"), ("1", "2")]))


def test_a_decision_says_that_the_books_are_taken_in(office: PracticeOffice) -> None:
    request = asked(office, totalled(office, started(office, REGISTER)))
    decided = make.decide(office, request, office.daniel)
    assert decided.status is ApprovalStatus.APPROVED
    assert "taken in" in decided.words


def test_a_loan_that_came_by_an_import_is_repaid_like_any_other(office: PracticeOffice) -> None:
    imported(office, REGISTER)
    done = imported(office, LOANS, "loans.xlsx")
    loan_id = next(
        row.loan_id for row in office.read(loans.list_loans, None) if row.number == "L-DL-7"
    )
    paid = NewRepayment(make.key(), loan_id, 100000, Source.CASH, "", make.day(office))
    office.write(repayments.take, paid, office.peter)
    assert not look(office, done.import_id).can_be_undone


def test_every_member_gets_a_letter_of_what_was_brought_forward(office: PracticeOffice) -> None:
    done = imported(office, REGISTER)
    paper = office.write(letters.letters, done.import_id, office.grace)
    assert [one.member_number for one in paper.letters] == ["M-0001", "M-0002"]
    assert [(line.name, line.amount_cents) for line in paper.letters[0].owned] == [
        ("Deposits", 18450000),
        ("Share capital", 2000000),
    ]
    assert (paper.approved_by, paper.entry_number) == ("Daniel Omondi", done.entry_number)
    of_loans = imported(office, LOANS, "loans.xlsx")
    owed = office.write(letters.letters, of_loans.import_id, office.grace).letters
    assert [(one.member_number, one.owed[0].amount_cents) for one in owed] == [
        ("M-0001", 4500050),
        ("M-0002", 500000),
    ]
    # One letter tells a member everything, although loans and savings came by files of their own.
    assert [line.amount_cents for line in owed[0].owned] == [18450000, 2000000]
    again = office.write(letters.letters, done.import_id, office.grace).letters[0]
    assert (again.owned, again.owed) == (owed[0].owned, owed[0].owed)
    assert office.write(letters.letters, done.import_id, office.grace).stamp.copy_number == 3
    office.write(undoing.undo, UndoImport(of_loans.import_id, "wrong"), office.daniel)
    with pytest.raises(WrongState, match="there are no letters"):
        office.write(letters.letters, of_loans.import_id, office.grace)
