"""Payments to the paybill, told of by the roads that a test wants."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.money_in import Road
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Actor
from sacco_desktop.services.collecting import (
    allocations,
    mpesa_receipts,
    receipt_pulls,
    receipt_reversals,
)
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold, ReceiptRow
from sacco_desktop.services.collecting.prompt_news import PaymentNews
from sacco_desktop.services.collecting.receipt_pulls import PullTold
from sacco_desktop.services.collecting.receipt_reversals import TakeBack
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from tests import make
from tests.make import PracticeOffice

SHORTCODE = "600999"
RELAY = 1
PHONE = "254712000009"


def connect(office: PracticeOffice) -> None:
    """The connection to M-Pesa with the paybill of the tests."""
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)


def heard(
    office: PracticeOffice, receipt: str, cents: int, road: Road = Road.PULL, **changes: object
) -> Heard:
    """A payment as one road tells of it, in cents; M-Pesa's own list unless another is named."""
    fields: dict[str, object] = {
        "receipt": receipt,
        "shortcode": SHORTCODE,
        "paid_at": office.clock.now(),
        "amount_cents": cents,
        "road": road,
        **changes,
    }
    return Heard(**fields)  # type: ignore[arg-type]


def confirm(office: PracticeOffice, told: Heard) -> str:
    """The paybill's confirmation comes through the relay; what became of it in words."""
    make.arrive(office, RELAY, (None, PaymentNews(told)))
    return str(office.sql("SELECT state FROM relay_entry ORDER BY id DESC LIMIT 1")[0][0])


def listed(office: PracticeOffice, *payments: Heard) -> str:
    """M-Pesa's own list tells of these, which proves them."""
    window = office.read(receipt_pulls.window, None)
    return office.write(receipt_pulls.take_in, PullTold(window, payments))


def waiting(office: PracticeOffice) -> dict[str, ReceiptRow]:
    """The payments that wait for a person, by M-Pesa's receipt."""
    return {row.receipt: row for row in office.read(mpesa_receipts.list_waiting, None)}


def balance(office: PracticeOffice, account: str) -> int:
    """What an account holds, in cents."""
    return office.read(lambda work, _: ledger.balance(work, account), None)


def paid_in(
    office: PracticeOffice, code: str, kes: int, reference: str = "", cents: int = 0
) -> int:
    """A payment that M-Pesa's list proves, given to whom it names; the id of its row."""
    came = from_mary(office, code, kes, reference=reference, cents=cents)
    row = office.write(lambda work, given: mpesa_receipts.hear(work, given).id, came)
    office.write(allocations.settle_waiting, None)
    return row


def from_mary(
    office: PracticeOffice,
    code: str,
    kes: int,
    road: Road = Road.PULL,
    reference: str = "",
    cents: int = 0,
) -> Heard:
    """A payment whose payer M-Pesa told by her whole number and her name."""
    payer = PayerTold(PHONE, name="Mary Wanjiru")
    return heard(office, code, kes * 100 + cents, road, reference=reference, payer=payer)


def asked_reversal(
    office: PracticeOffice, receipt_id: int, reason: str = "Paid to us by mistake."
) -> int:
    """Grace asks that M-Pesa takes it back; the id of that."""
    new = TakeBack(make.key(), receipt_id, reason)
    return office.write(receipt_reversals.ask, new, office.grace)


def agreed_reversal(office: PracticeOffice, receipt_id: int) -> int:
    """Lucy has agreed to it."""
    reversal = asked_reversal(office, receipt_id)
    request = make.waiting_request(office, ApprovalKind.RECEIPT_REVERSAL, reversal)
    make.decide(office, request, office.lucy)
    return reversal


def reversal_request(office: PracticeOffice) -> tuple[int, Actor]:
    """A request that waits, and who asked."""
    connect(office)
    reversal = asked_reversal(office, paid_in(office, "SGA1ABCD2E", 500, "nobody"))
    return make.waiting_request(office, ApprovalKind.RECEIPT_REVERSAL, reversal), office.grace
