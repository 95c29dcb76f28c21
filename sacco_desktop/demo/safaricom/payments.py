"""How the simulated M-Pesa core carries a payout out: who may, how much, to whom."""

from __future__ import annotations

from collections.abc import Mapping

from sacco_desktop.demo.safaricom.codes import OUTCOME_BY_PHONE, text_of
from sacco_desktop.demo.safaricom.tariff import fee_cents
from sacco_desktop.demo.safaricom.world import Transaction, World


def take(world: World, body: Mapping[str, object], version: str) -> Transaction:
    """Write the payout down; from now on its id counts as seen. No money moves yet.

    `version` is v1, v3, or v2 for the payout with an identity check.
    """
    gateway_id = world.new_gateway_id()
    own_id = gateway_id if version == "v1" else str(body["OriginatorConversationID"])
    transaction = Transaction(
        originator_id=own_id,
        gateway_originator_id=gateway_id,
        conversation_id=world.new_conversation_id(),
        version=version,
        phone=str(body["PartyB"]),
        amount_cents=int(str(body["Amount"]).partition(".")[0]) * 100,
        command=str(body["CommandID"]),
        initiated_at=world.now(),
        result_url=str(body["ResultURL"]),
        timeout_url=str(body["QueueTimeOutURL"]),
        request=dict(body),
    )
    world.own_ids.add(own_id)
    world.transactions.append(transaction)
    world.changed.notify_all()
    return transaction


def settle(world: World, transaction: Transaction, forced_code: str = "") -> None:
    """Carry it out, once: Completed with the money moved, or Declined with nothing moved."""
    with world.changed:
        if transaction.state in ("Completed", "Declined"):
            return
        code = _problem(world, transaction, forced_code)
        transaction.finalised_at = world.now()
        transaction.result_code = code or "0"
        transaction.result_text = text_of(code or "0")
        transaction.state = "Declined" if code else "Completed"
        if not code:
            transaction.receipt = world.new_receipt()
            today = world.local_now().date()
            transaction.fee_cents = fee_cents(
                world.tariffs,
                transaction.amount_cents,
                today,
                bears_withdrawal=world.bears_withdrawal,
            )
            world.ledger.pay_out(
                transaction.phone,
                transaction.amount_cents,
                transaction.fee_cents,
                today,
                transaction.receipt,
            )
        world.changed.notify_all()


def _problem(world: World, transaction: Transaction, forced_code: str) -> str:
    """The code of the first thing that says no, in the core's order; empty when all agree."""
    if forced_code not in ("", "0"):
        return forced_code
    request = transaction.request
    refused = world.initiator.problem(
        str(request["InitiatorName"]), str(request["SecurityCredential"]), "b2c"
    )
    if refused:
        return refused
    if str(request["PartyA"]) != world.profile.shortcode:
        return "2028"
    wanted = (
        forced_code
        or world.outcomes.get(transaction.phone)
        or OUTCOME_BY_PHONE.get(transaction.phone, "")
    )
    if wanted not in ("", "0"):
        return wanted
    problem = "" if wanted else _receiver_problem(world, transaction)
    return problem or _float_problem(world, transaction)


def _receiver_problem(world: World, transaction: Transaction) -> str:
    """The sum by itself, the line, whose it is, and what it may hold and receive in one day."""
    limits, phone, cents = world.limits, transaction.phone, transaction.amount_cents
    if cents < limits.smallest_payout_cents:
        return "2"
    if cents > limits.largest_payout_cents:
        return "3"
    if phone in world.unregistered:
        return "2040"
    if paper := _paper_problem(world, transaction):
        return paper
    received = world.ledger.received_on(phone, world.local_now().date())
    if received + cents > limits.daily_cap_cents:
        return "4"
    return "8" if world.ledger.wallet_cents(phone) + cents > limits.wallet_cap_cents else ""


def _float_problem(world: World, transaction: Transaction) -> str:
    """The utility account pays; money in the working account does not count."""
    # What this payout itself has reserved is there for it.
    own_cents = transaction.amount_cents if transaction.state == "Authorized" else 0
    return "1" if world.utility_available_cents() + own_cents < transaction.amount_cents else ""


def _paper_problem(world: World, transaction: Transaction) -> str:
    """Whether the line belongs to somebody else than the identity paper says.

    As wallets come into being when they are paid, a line that nobody has registered takes the
    paper of the first payout that names one.
    """
    if not transaction.checks_identity:
        return ""
    kind, number = str(transaction.request["IDType"]), str(transaction.request["IDNumber"])
    registered = world.papers.setdefault(transaction.phone, (kind, number))
    if registered[0] != kind:
        return "R002"
    return "" if registered[1] == number else "R003"
