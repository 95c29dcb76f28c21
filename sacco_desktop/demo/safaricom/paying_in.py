"""How the simulated M-Pesa core takes a payment to the paybill: who can pay, and the money moved."""

from __future__ import annotations

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.incoming import Incoming
from sacco_desktop.demo.safaricom.ledger import Movement
from sacco_desktop.demo.safaricom.world import World

LARGEST_CENTS = 250_000_00


def pay_in(world: World, phone: str, cents: int, reference: str, road: str) -> Incoming:
    """Move the money from the wallet to the paybill and give it a receipt. The caller holds the lock.

    A wallet that nobody has given a balance is topped up as by an agent; one that was given some holds no more.
    """
    book = world.ledger
    short = cents - book.wallet_cents(phone)
    if short > 0:
        book.move(Movement(ledger.OUTSIDE, ledger.wallet(phone), short, "cash at an agent"))
    receipt = world.new_receipt()
    book.move(Movement(ledger.wallet(phone), ledger.WORKING, cents, f"paid in {receipt}"))
    paid = Incoming(receipt, phone, cents, reference, world.profile.shortcode, world.now(), road)
    world.incoming.append(paid)
    world.changed.notify_all()
    return paid


def payer_problem(world: World, phone: str, cents: int) -> str:
    """The code of the first thing that keeps this wallet from paying so much; empty when it can."""
    if cents > LARGEST_CENTS:
        return "3"
    is_short = phone in world.counted_wallets and world.ledger.wallet_cents(phone) < cents
    return "1" if is_short else ""
