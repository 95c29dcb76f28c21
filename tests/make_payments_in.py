"""Builders of money in by M-Pesa: a connected paybill, payments that are proven, and one that two people give away."""

from __future__ import annotations

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.money_in import Road
from sacco_desktop.services.books.work import Actor, Work
from sacco_desktop.services.collecting import mpesa_receipts, owner_requests
from sacco_desktop.services.collecting.allocations import Allocation, Purpose
from sacco_desktop.services.collecting.mpesa_receipts import Heard, PayerTold
from sacco_desktop.services.collecting.owner_requests import OwnersGiven, OwnerWish
from sacco_desktop.services.membership.members import MemberRow
from sacco_desktop.services.office import mpesa_connections
from sacco_desktop.services.office.mpesa_connections import ConnectionFacts
from tests import make
from tests.make import PracticeOffice

SHORTCODE = "600999"
_NOBODY = PayerTold()


def connect(office: PracticeOffice) -> None:
    """The paybill that payments come to."""
    facts = ConnectionFacts(
        "practice", "http://127.0.0.1:1", SHORTCODE, "sacco", "-----BEGIN CERTIFICATE-----"
    )
    office.write(mpesa_connections.save, facts, office.admin)


def paid_in(
    office: PracticeOffice,
    receipt: str,
    kes: int,
    reference: str = "",
    *,
    road: Road = Road.PULL,
    payer: PayerTold = _NOBODY,
) -> int:
    """A payment to the paybill, proven unless only a notice tells of it; its id."""
    heard = Heard(receipt, SHORTCODE, office.clock.now(), kes * 100, road, reference, payer)

    def hear(work: Work, given: Heard) -> int:
        return mpesa_receipts.hear(work, given).id

    return office.write(hear, heard)


def give(
    office: PracticeOffice, receipt_id: int, of: MemberRow, *parts: tuple[str, int]
) -> OwnersGiven:
    """Peter gives a payment to a member, each part a product and its cents."""
    shares = tuple(Purpose(purpose, of.member_id, None, cents) for purpose, cents in parts)
    wish = OwnerWish(Allocation(make.key(), receipt_id, shares), "She rang.")
    return office.write(owner_requests.give, wish, office.peter)


def owner_of_a_payment(office: PracticeOffice) -> tuple[int, Actor]:
    """A request that waits, and who asked."""
    connect(office)
    receipt_id = paid_in(office, "SGL1ABCDEF", 150_000, "mama")
    give(office, receipt_id, make.member(office), ("deposits", 150_000_00))
    request = make.waiting_request(office, ApprovalKind.RECEIPT_ALLOCATION, receipt_id)
    return request, office.peter
