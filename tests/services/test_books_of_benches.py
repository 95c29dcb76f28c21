"""The large books that are measured prove themselves, so that what is measured is work on real books."""

import pytest

from bench._books_of_payouts import furnish
from sacco_desktop.services.proof import verify
from tests.make import PracticeOffice


@pytest.mark.only_on("sqlite", "the rows are copied by SQLite's own means")
def test_books_with_many_payouts_are_sound(office: PracticeOffice) -> None:
    furnish(office, paid=4, approved=3)
    proof = office.read(verify.verify, None)
    assert proof.is_sound, proof.faults
    assert office.count("payout") == 7
