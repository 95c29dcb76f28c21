"""Tampering with the books behind the program's back: `verify` names what was touched, the first entry first."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sacco_desktop.db.engine import open_database
from sacco_desktop.domain.errors import BooksDamaged, NotAllowed
from sacco_desktop.services.books.work import CLOCK, Actor, Books
from sacco_desktop.services.membership import members
from sacco_desktop.services.proof import verify
from sacco_desktop.services.proof.verify import Fault, Proof
from tests import make
from tests.engines import EngineKind
from tests.make import PracticeOffice


@pytest.fixture
def books(tmp_path: Path) -> Iterator[PracticeOffice]:
    """Books with four deposits, entries 1 to 4, and no watch on them: these tests break things on purpose."""
    office = make.office(tmp_path)
    member = make.member(office)
    for kes in (100, 200, 300, 400):
        make.deposit(office, member, kes)
    yield office
    office.close()


def _verify(office: PracticeOffice) -> Proof:
    return office.read(verify.verify, None)


def _tamper(office: PracticeOffice, statement: str) -> None:
    """What somebody with the key could do: take the guards off, change something, lay the guards again."""
    office.without_guards(statement)


def _first(office: PracticeOffice) -> Fault:
    proof = _verify(office)
    assert not proof.is_sound
    return proof.faults[0]


def test_sound_books_prove_themselves_and_say_how_much_was_looked_at(books: PracticeOffice) -> None:
    proof = _verify(books)
    assert proof.is_sound
    assert (proof.entries, proof.postings) == (4, 8)
    assert proof.head_hash == books.sql("SELECT hash FROM journal_entry WHERE number = 4")[0][0]


def test_empty_books_are_sound(tmp_path: Path) -> None:
    office = make.office(tmp_path)
    assert _verify(office).faults == ()
    office.close()


OTHER_TEXT = "replace(substr({0}, 1, 1), substr({0}, 1, 1), 'ß') || substr({0}, 2)"
ENTRY_COLUMNS = {
    "value_date": "'2026-03-15'",
    "kind": OTHER_TEXT,
    "narration": OTHER_TEXT,
    "reference": OTHER_TEXT,
    "reverses_number": "1",
    "posted_by": "4",
    "posted_at": "'2026-03-16T06:00:00.000001+00:00'",
    "previous_hash": OTHER_TEXT,
    "hash": OTHER_TEXT,
}


@pytest.mark.parametrize("column", ENTRY_COLUMNS)
def test_a_changed_column_of_an_entry_names_that_entry(books: PracticeOffice, column: str) -> None:
    value = ENTRY_COLUMNS[column].format(column)
    _tamper(books, f"UPDATE journal_entry SET {column} = {value} WHERE number = 2")
    assert _first(books).where == "Entry 2"


@pytest.mark.parametrize("column", ["value_date", "posted_at"])
@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "20260316", "2026-03-16 06:00:00"])
def test_a_date_that_is_no_date_is_named_and_breaks_nothing(
    books: PracticeOffice, column: str, text: str
) -> None:
    _tamper(books, f"UPDATE journal_entry SET {column} = '{text}' WHERE number = 3")
    assert _first(books).where == "Entry 3"


def test_the_same_moment_written_in_another_way_is_a_change_too(books: PracticeOffice) -> None:
    _tamper(
        books, "UPDATE journal_entry SET posted_at = replace(posted_at, 'T', ' ') WHERE number = 1"
    )
    assert _first(books).where == "Entry 1"


POSTING_CHANGES = (
    "entry_id = 3, line = 9",
    "line = 9",
    "account_id = (SELECT id FROM account WHERE code = '1020')",
    "debit_cents = debit_cents + 1",
    "memo = 'ß'",
)


@pytest.mark.parametrize("change", POSTING_CHANGES)
@pytest.mark.parametrize("line", [1, 2])
def test_a_changed_column_of_a_posting_names_its_entry(
    books: PracticeOffice, change: str, line: int
) -> None:
    change = change if line == 1 else change.replace("debit", "credit")
    _tamper(books, f"UPDATE posting SET {change} WHERE entry_id = 2 AND line = {line}")
    assert _first(books).where == "Entry 2"


def test_equal_lines_on_both_sides_do_not_hide_a_changed_amount(books: PracticeOffice) -> None:
    _tamper(
        books,
        "UPDATE posting SET debit_cents = debit_cents * 2, credit_cents = credit_cents * 2"
        " WHERE entry_id = 2",
    )
    assert _first(books) == Fault(
        "Entry 2", "is not what was posted: its text, date or amounts were changed."
    )


@pytest.mark.only_on("sqlite", "PostgreSQL takes no such bytes into a text")
def test_bytes_that_are_no_text_are_a_fault_and_no_error(books: PracticeOffice) -> None:
    _tamper(books, "UPDATE journal_entry SET narration = CAST(x'ff41' AS TEXT) WHERE number = 2")
    assert _first(books).where == "The journal"


def test_a_missing_entry_is_named(books: PracticeOffice) -> None:
    _tamper(books, "DELETE FROM posting WHERE entry_id = 2")
    _tamper(books, "DELETE FROM journal_entry WHERE number = 2")
    assert _first(books) == Fault("Entry 2", "is missing from the journal.")


def test_a_missing_line_names_its_entry(books: PracticeOffice) -> None:
    _tamper(books, "DELETE FROM posting WHERE entry_id = 3 AND line = 1")
    assert _first(books) == Fault("Entry 3", "does not balance.")


def test_the_last_entry_cut_off_shows_in_the_balances(books: PracticeOffice) -> None:
    _tamper(books, "DELETE FROM posting WHERE entry_id = 4")
    _tamper(books, "DELETE FROM journal_entry WHERE number = 4")
    assert _first(books).where.startswith("Account 1010")


def test_a_rewritten_entry_breaks_the_chain_behind_it(books: PracticeOffice) -> None:
    """Whoever can compute the hash anew still has to rewrite every entry after it, and the head outside."""
    _tamper(books, f"UPDATE journal_entry SET hash = '{'1' * 64}' WHERE number = 2")
    wheres = [fault.where for fault in _verify(books).faults]
    assert wheres[:2] == ["Entry 2", "Entry 3"]


def test_an_entry_left_unposted_is_named(books: PracticeOffice) -> None:
    _tamper(books, "UPDATE journal_entry SET posted_at = NULL, hash = NULL WHERE number = 4")
    assert _first(books) == Fault("Entry 4", "was written but never posted.")


def test_a_balance_that_was_tampered_with_names_its_account(books: PracticeOffice) -> None:
    books.sql(
        "UPDATE account_balance SET credit_cents = credit_cents + 1 WHERE account_id ="
        " (SELECT id FROM account WHERE code = '2010.M-0001')"
    )
    assert _first(books).where == "Account 2010.M-0001"


AUDIT_COLUMNS = {
    "at": "'2026-03-16T06:00:00.000001+00:00'",
    "user_id": "99",
    "full_name": OTHER_TEXT,
    "pc_name": OTHER_TEXT,
    "action": OTHER_TEXT,
    "subject": OTHER_TEXT,
    "detail": OTHER_TEXT,
    "previous_hash": OTHER_TEXT,
    "hash": OTHER_TEXT,
}


@pytest.mark.parametrize("column", AUDIT_COLUMNS)
def test_a_changed_column_of_an_audit_row_names_that_row(
    books: PracticeOffice, column: str
) -> None:
    value = AUDIT_COLUMNS[column].format(column)
    _tamper(books, f"UPDATE audit_row SET {column} = {value} WHERE id = 3")
    assert _first(books).where == "Audit row 3"


def test_a_missing_audit_row_shows_at_the_next_one(books: PracticeOffice) -> None:
    _tamper(books, "DELETE FROM audit_row WHERE id = 3")
    assert _first(books) == Fault("Audit row 4", "does not follow the row before it.")


def test_a_guard_that_was_taken_off_is_named(books: PracticeOffice) -> None:
    books.take_off_guard("posted_entry_edited")
    assert _first(books) == Fault("Guard posted_entry_edited", "is missing or was changed.")


def test_a_guard_that_was_made_toothless_is_named(
    books: PracticeOffice, engine: EngineKind
) -> None:
    if engine is EngineKind.SQLITE:
        books.take_off_guard("maker_is_checker")
        books.sql(
            "CREATE TRIGGER guard_maker_is_checker BEFORE INSERT ON approval_decision WHEN 1 = 0"
            " BEGIN SELECT RAISE(ABORT, 'refused:maker_is_checker'); END"
        )
    else:
        books.sql(
            "CREATE OR REPLACE FUNCTION guard_maker_is_checker() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NEW; END'"
        )
    assert _first(books).where == "Guard maker_is_checker"


@pytest.mark.only_on("postgresql", "SQLite knows no switched-off triggers")
@pytest.mark.parametrize("which", ["guard_posted_entry_edited", "ALL"])
def test_a_guard_that_was_switched_off_is_named(books: PracticeOffice, which: str) -> None:
    books.sql(f"ALTER TABLE journal_entry DISABLE TRIGGER {which}")
    assert Fault("Guard posted_entry_edited", "is missing or was changed.") in _verify(books).faults


def test_a_trigger_of_a_stranger_is_named(books: PracticeOffice, engine: EngineKind) -> None:
    if engine is EngineKind.POSTGRESQL:
        books.sql(
            "CREATE TRIGGER gift AFTER INSERT ON posting FOR EACH ROW"
            " EXECUTE FUNCTION guard_posted_entry_added_to()"
        )
        assert _first(books).where == "Trigger gift"
        return
    books.sql(
        "CREATE TRIGGER gift AFTER INSERT ON posting BEGIN"
        " UPDATE member SET status = 'active' WHERE id = 0; END"
    )
    assert _first(books).where == "Trigger gift"


@pytest.mark.only_on("sqlite", "the file of a server is its own")
@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_bit_anywhere_in_the_file_is_noticed(
    books: PracticeOffice, tmp_path: Path, seed: int
) -> None:
    """Each page of the file carries its own seal, so no flip goes unseen, whatever the page holds."""
    damaged = bytearray(books.snapshot().file)
    bit = Random(seed).randrange(len(damaged) * 8)
    damaged[bit // 8] ^= 1 << bit % 8
    path = tmp_path / "damaged.db"
    path.write_bytes(damaged)
    assert _notices(path, books)


def _notices(path: Path, books: PracticeOffice) -> bool:
    try:
        database = open_database(path, make.KEY)
    except BooksDamaged:
        return True
    damaged = Books(database, now=books.clock.now, pc_name=make.PC)
    try:
        return not damaged.read(verify.verify, None, actor=CLOCK).is_sound
    finally:
        database.close()


@pytest.mark.only_on("sqlite", "the file of a server is its own")
def test_whoever_works_on_a_damaged_file_is_told_so(books: PracticeOffice, tmp_path: Path) -> None:
    page = 4096
    number = books.sql("SELECT rootpage FROM sqlite_master WHERE name = 'member'")[0][0] - 1
    damaged = bytearray(books.snapshot().file)
    damaged[number * page + 100] ^= 1
    path = tmp_path / "damaged.db"
    path.write_bytes(damaged)
    database = open_database(path, make.KEY)
    at_work = Books(database, now=books.clock.now, pc_name=make.PC)
    with pytest.raises(BooksDamaged, match="restore the last backup"):
        at_work.read(members.list_members, None, actor=books.peter)
    with pytest.raises(BooksDamaged, match="Nothing was changed"):
        at_work.write(members.write_down, make.new_member(7), actor=books.peter)
    database.close()


def test_everybody_of_the_office_may_verify_and_nobody_else(books: PracticeOffice) -> None:
    for person in (books.peter, books.daniel, books.grace, books.admin):
        assert books.read(verify.verify, None, person).is_sound
    with pytest.raises(NotAllowed):
        books.read(verify.verify, None, Actor(99, "A stranger", frozenset()))
