"""Builders of members who guarantee loans, and of a loan that its borrower does not repay."""

from __future__ import annotations

from sacco_desktop.services.guarantors import guarantees
from sacco_desktop.services.guarantors.guarantees import Consent, ConsentWay, NewGuarantee
from sacco_desktop.services.guarantors.guarantor_pledges import Pledge
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import LoanRow
from sacco_desktop.services.membership.members import MemberRow
from tests import make, make_loans
from tests.make import PracticeOffice


def guarantor(office: PracticeOffice, deposits_kes: int) -> MemberRow:
    """A member with so many shillings of deposits."""
    first = ("Jane", "John", "Faith", "Paul", "Ruth", "Mark")[office.count("member") % 6]
    return make.member(office, deposits_kes=deposits_kes, first_name=first)


def asked(office: PracticeOffice, loan_id: int, of: MemberRow, kes: int) -> Pledge:
    """A promise that nobody has said anything to."""
    new = NewGuarantee(make.key(), loan_id, of.member_id, kes * 100)
    return office.write(guarantees.ask, new, office.peter)


def says(office: PracticeOffice, pledge: Pledge, agrees: bool = True) -> Pledge:
    """What the guarantor said, on a signed form of today."""
    word = Consent(pledge.guarantee_id, agrees, ConsentWay.SIGNED_FORM, "F-12", make.day(office))
    return office.write(guarantees.record_consent, word, office.peter)


def agreed(office: PracticeOffice, loan_id: int, of: MemberRow, kes: int) -> Pledge:
    """A promise with its consent."""
    return says(office, asked(office, loan_id, of, kes))


def late_loan(
    office: PracticeOffice, pledges_kes: tuple[int, ...] = (60_000, 40_000, 20_000)
) -> LoanRow:
    """A running loan of KES 100,000 that is sixty days late, with these guarantors; each has as much as promised."""
    row = make_loans.active_loan(office)
    for kes in pledges_kes:
        agreed(office, row.loan_id, guarantor(office, kes), kes)
    office.clock.advance(days=91)
    return office.read(loans.row_of, row.loan_id)
