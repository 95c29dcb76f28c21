"""Every pair of states of a payout and of an attempt, tried in the database: exactly the table of moves passes."""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sacco_desktop.db.guard_laying import lay_guards, remove_guards
from sacco_desktop.db.refusals import code_of
from sacco_desktop.domain.payouts import (
    ATTEMPT_MOVES,
    PAYOUT_MOVES,
    AttemptStatus,
    PayoutStatus,
)
from tests import make
from tests.db.full_office import APPROVED, UNSENT, full_office_file
from tests.engines import EngineKind


@pytest.fixture(scope="module")
def connection(
    engine: EngineKind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    office = make.office_from(full_office_file(), tmp_path_factory.mktemp("moves"))
    # What a payout must have when it is paid; only its moves are looked at here. No payout has the first entry.
    office.sql("UPDATE payout SET entry_number = 1 WHERE id = ?", APPROVED)
    with office.database.writer.connect() as connection:
        yield connection
    office.close()


def _move(connection: Connection, table: str, where: str, old: str, new: str) -> str | None:
    """Put a row into `old` with the guards off, try to move it with all on; the refusal's code."""
    remove_guards(connection)
    connection.exec_driver_sql(f"UPDATE {table} SET status = '{old}' WHERE {where}")
    if (table, new) == ("payout", "paid"):
        connection.exec_driver_sql(
            f"UPDATE payout_attempt SET status = 'paid', payout_id = {APPROVED}"
            f" WHERE payout_id = {UNSENT}"
        )
    lay_guards(connection)
    try:
        connection.exec_driver_sql(f"UPDATE {table} SET status = '{new}' WHERE {where}")
    except IntegrityError as error:
        return code_of(error)
    finally:
        connection.rollback()
    return None


@pytest.mark.parametrize(("old", "new"), list(product(PayoutStatus, PayoutStatus)))
def test_a_payout_moves_only_as_the_table_says(
    connection: Connection, old: PayoutStatus, new: PayoutStatus
) -> None:
    refused = _move(connection, "payout", f"id = {APPROVED}", old.value, new.value)
    if (old, new) == (PayoutStatus.PAID, PayoutStatus.DRAFT):
        # Allowed only for a payment by hand that came back; test_guards.py has that.
        assert refused == "paid_payout_edited"
    elif old is new or (old, new) in PAYOUT_MOVES:
        assert refused is None
    else:
        assert refused in ("payout_move_unknown", "paid_payout_edited")


@pytest.mark.parametrize(("old", "new"), list(product(AttemptStatus, AttemptStatus)))
def test_an_attempt_moves_only_as_the_table_says(
    connection: Connection, old: AttemptStatus, new: AttemptStatus
) -> None:
    refused = _move(connection, "payout_attempt", f"payout_id = {UNSENT}", old.value, new.value)
    expected = None if old is new or (old, new) in ATTEMPT_MOVES else "attempt_move_unknown"
    if (old, new) == (AttemptStatus.FAILED, AttemptStatus.UNKNOWN):
        # The table knows this move, and it needs two people who have agreed to it.
        expected = "failure_taken_back_by_nobody"
    assert refused == expected
