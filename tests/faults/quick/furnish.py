"""What the office of the quick town has beside the four loans of the slow one: a loan in two parts, payments by hand, a
second relay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sacco_desktop.domain.payout_ways import Destination, Way
from sacco_desktop.operations.enrol import PairingCode, enrol_at_relay
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal, NewApplication
from sacco_desktop.services.payouts import payments, payouts
from sacco_desktop.services.payouts.payments import NewPayment
from sacco_desktop.services.payouts.payouts import NewPayout

if TYPE_CHECKING:
    from tests.faults.quick.desk import QuickDesk
    from tests.faults.quick.relay import QuickRelay

# The payouts by number: four loans, the two parts of a fifth one, and bills by bank, cheque and cash.
BY_MPESA, BY_HAND = (1, 2, 3, 4, 5, 6), (7, 8, 9)

_MEMBER, _LOAN_CENTS = 5, 70_000_00
# So low for a moment that this loan goes out in two parts.
_MOST_CENTS = 40_000_00


def widen(desk: QuickDesk) -> None:
    """Add the payouts 5 to 9, approved by two people like the others."""
    new = NewApplication("loan/5", _MEMBER, "development", _LOAN_CENTS, 12, "Posho mill")
    loan = desk.write(loans.apply, new, "peter")
    desk.write(loans.appraise, Appraisal(loan.loan_id, loan.version, "Pays on time."), "peter")
    _approve_all(desk, "daniel")
    usual = desk.setting("payout.maximum_cents")
    if desk.setting("payout.above_limit") != "split":
        desk.set("payout.above_limit", "split")
    desk.set("payout.maximum_cents", str(_MOST_CENTS))
    desk.write(payouts.request, NewPayout("payout/5", loan.loan_id), "grace")
    desk.set("payout.maximum_cents", usual)
    bank = Destination("Mjengo Supplies", "Umoja Bank", "68", "123", "0123456789")
    for way, cents, to in (
        (Way.BANK, 12_000_00, bank),
        (Way.CHEQUE, 8_500_00, Destination("Mjengo Supplies")),
        (Way.CASH, 3_000_00, Destination("Mary Otieno")),
    ):
        bill = NewPayment(
            f"bill/{way}", "office_expense", cents, way, destination=to, narration="Repairs"
        )
        desk.write(payments.request, bill, "grace")
    _approve_all(desk, "lucy")


def enrol_at(relay: QuickRelay, address: str, desk: QuickDesk) -> None:
    """Enrol the office at another relay, run by somebody else."""
    relay.relay.public_url = address
    code = str(relay.desk.add_tenant("Umoja SACCO")["code"])
    pairing = PairingCode("Relay two", address, code, "OFFICE-PC")
    desk.run(lambda: enrol_at_relay(desk.office, pairing, desk.people["ruth"]))


def _approve_all(desk: QuickDesk, username: str) -> None:
    for row in desk.read(decisions.list_waiting, None, username):
        if row.can_decide:
            desk.decide(row.request_id, username)
