"""The sheet of a loan that waits for the committee, as a service would hand it over."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sacco_desktop.domain.application_form import StatedForm
from sacco_desktop.domain.eligibility import Check
from sacco_desktop.services.books.papers import Signature
from sacco_desktop.services.lending.application_sheets import (
    ApplicationSheet,
    Decided,
    SheetGuarantor,
)
from tests.documents.sample_papers import UMOJA, stamp


def application_sheet() -> ApplicationSheet:
    """A teacher asks for 300,000 with one guarantor; two of the committee said yes at a sitting."""
    at = datetime(2026, 7, 2, 8, 12, tzinfo=UTC)
    later = datetime(2026, 7, 3, 7, 40, tzinfo=UTC)
    return ApplicationSheet(
        letterhead=UMOJA,
        stamp=stamp("P-000420"),
        loan_number="L-0412",
        product="Development loan",
        applied_on=date(2026, 7, 1),
        member_name="Wanjikũ Mũthoni Ngĩrĩ",
        member_number="M-0001",
        national_id="23456789",
        phone="254722908114",
        asked_cents=300_000_00,
        amount_cents=300_000_00,
        net_cents=295_500_00,
        terms="36 instalments: 1 % per month, reducing balance, equal instalments, monthly",
        purpose="A second classroom block for the nursery school in Githunguri",
        form=StatedForm(
            "448120",
            "County Government of Kiambu",
            "Permanent",
            "P.O. Box 44 – 00900 Kiambu",
            62_500_00,
            "Bank salary loan, about KES 80,000 left",
            "",
            date(2026, 7, 1),
        ),
        other_loans=("L-0388, KES 12,400.00",),
        guarantors=(
            SheetGuarantor(
                "Amina Hassan Abdi", "M-0002", "34567890", 120_000_00, 90_000_00, "Agreed"
            ),
        ),
        checks=(
            Check("status", "Status", True, "The member is active."),
            Check("pay", "A third of the pay", False, "KES 1,200.00 too little is left."),
        ),
        judged_at=at,
        appraisal="Saves every month. The nursery has 84 children. I recommend it.",
        decided=Decided("Approved", later, "CM-2026-14", 300_000_00),
        disbursed_on=None,
        signatures=(
            Signature("Appraised by", "Peter Kamau", at),
            Signature("Approved, committee", "Daniel Omondi", later),
            Signature("Approved, committee", "Lucy Chebet", later),
        ),
    )
