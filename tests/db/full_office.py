"""An office in which something of everything has happened, which each test copies."""

import tempfile
from pathlib import Path

from sacco_desktop.domain.application_form import StatedForm
from sacco_desktop.domain.payout_ways import Way
from sacco_desktop.services.counter import receipts
from sacco_desktop.services.counter.receipts import ReceiptRequest
from tests import make, make_payments
from tests.engines import Copy, once_per_engine

# The payouts of the full office by their ids.
PAID, APPROVED, DRAFT, ACCEPTED, UNSENT, BANK, CASH, FILED, HANDED = range(1, 10)


@once_per_engine
def full_office_file() -> Copy:
    """Nine payouts, each in another state; a loan that waits for the committee; a printed receipt."""
    with tempfile.TemporaryDirectory() as folder:
        office = make.office(Path(folder))
        make.float_of(office, 900_000)
        via = make.route(office, make.relay(office))
        paid = make.accepted(office, make.approved_payout(office, float_kes=0), via)
        make.arrive(office, via.relay_id, (paid.tag, make.paid_news(paid)))
        make.approved_payout(office, float_kes=0)
        make.requested_payout(office)
        make.accepted(office, make.approved_payout(office, float_kes=0), via)
        make.unsent(office, make.approved_payout(office, float_kes=0), via)
        member = make.member(office, deposits_kes=50_000)
        make.appraised_loan(office, member, form=StatedForm(employer="County school"))
        taken = make.deposit(office, member, 100)
        office.write(receipts.receipt_paper, ReceiptRequest(taken.receipt), office.peter)
        make_payments.bank_of(office, 500_000)
        make_payments.approved_payment(office, Way.BANK)
        make_payments.approved_payment(office, Way.CASH)
        make_payments.bank_file(office, make_payments.approved_payment(office, Way.BANK))
        make_payments.handed_over_loan(office)
        return office.snapshot()
