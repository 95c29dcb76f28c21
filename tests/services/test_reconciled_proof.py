"""What two people have signed is added up again: whoever changes a row, a posting or the signed sums is found."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.chart import MPESA_UTILITY
from sacco_desktop.services.proof import verify
from sacco_desktop.services.reconciling import reconciliation_signing
from sacco_desktop.services.reconciling.reconciliation_signing import ToSign
from tests.make import PracticeOffice
from tests.make_statements import DAY, Moved, settle_all, signatures, take_in, view

pytestmark = pytest.mark.paying_office


def _faults(office: PracticeOffice) -> list[str]:
    return [f"{one.where} {one.what}" for one in office.read(verify.verify, None).faults]


def test_a_signed_account_is_added_up_again(office: PracticeOffice) -> None:
    take_in(
        office,
        (Moved("UCG0000TOP", 500_000, "Deposit of Funds"), Moved("UCG0000002", -700, "Something")),
    )
    settle_all(office)
    office.clock.advance(days=1)
    given = ToSign(MPESA_UTILITY, DAY, view(office).fingerprint, signatures(office))
    office.write(reconciliation_signing.sign, given, office.grace)
    assert _faults(office) == []
    cases = (
        ("statement_line", "cents", "cents = -70000", "and the statement comes to"),
        ("reconciliation", "books_cents", "id = 1", "and the books come to"),
        ("match_side", "cents", "cents = -70000", "Match "),
    )
    for table, column, where, words in cases:
        # The table itself holds both sums of what is signed against each other.
        columns = (
            "books_cents = books_cents {0} 5, other_day_cents = other_day_cents {1} 5"
            if column == "books_cents"
            else f"{column} = {column} {{0}} 5"
        )
        [(row_id,)] = office.sql(f"SELECT min(id) FROM {table} WHERE {where}")
        office.without_guards(f"UPDATE {table} SET {columns.format('+', '-')} WHERE id = {row_id}")
        assert any(words in fault for fault in _faults(office)), table
        office.without_guards(f"UPDATE {table} SET {columns.format('-', '+')} WHERE id = {row_id}")
    assert _faults(office) == []
