"""How the simulated M-Pesa core carries a payout out: who may, how much, to whom."""

from __future__ import annotations

from collections.abc import Mapping

from sacco_desktop.demo.safaricom.tariff import b2c_fee_cents
from sacco_desktop.demo.safaricom.world import Transaction, World

TEXTS = {
    "0": "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "Declined due to limit rule: less than the minimum transaction amount.",
    "3": "Declined due to limit rule: greater than the maximum transaction amount.",
    "4": "Declined due to limit rule: would exceed the daily transfer limit.",
    "6": "Unresolved primary party.",
    "8": "Declined due to limit rule: would exceed the maximum balance.",
    "11": "The DebitParty is in an invalid state.",
    "15": "Duplicate request detected.",
    "17": "System internal error.",
    "20": "Unresolved initiator.",
    "21": "The initiator is not allowed to initiate this request.",
    "25": "The request has an invalid parameter.",
    "26": "Traffic blocking condition in place.",
    "2001": "The initiator information is invalid.",
    "2028": "The request is not permitted according to product assignment.",
    "2033": "The transaction receipt is not found.",
    "2040": "Credit Party customer type (Unregistered or Registered Customer) can't be supported.",
    "8006": "The security credential is locked.",
    "R002": "The ID type is not found.",
    "R003": "The ID number does not match.",
    "SFC_IC0003": "The operator does not exist.",
}

# Paying one of these numbers ends in this code, so that a person can try it without any control.
OUTCOME_BY_PHONE = {
    "254700000001": "1",
    "254700000004": "4",
    "254700000008": "8",
    "254700000011": "11",
    "254700000015": "15",
    "254700000017": "17",
    "254700000026": "26",
    "254700000040": "2040",
    "254700000030": "SFC_IC0003",
    "254700002001": "2001",
    "254700008006": "8006",
}

_NAMES = ("JANE DOE", "JOHN OTIENO", "MARY WANJIKU", "PETER KIPROP", "AISHA HASSAN")


def text_of(code: str) -> str:
    """M-Pesa's own sentence for a code."""
    return TEXTS.get(code, f"The request failed with code {code}.")


def name_of(phone: str) -> str:
    """An invented name, always the same for the same phone."""
    return _NAMES[int(phone[-4:]) % len(_NAMES)]


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
        code = forced_code or _problem(world, transaction)
        transaction.finalised_at = world.now()
        transaction.result_code = code or "0"
        transaction.result_text = text_of(code or "0")
        transaction.state = "Declined" if code else "Completed"
        if not code:
            transaction.receipt = world.new_receipt()
            transaction.fee_cents = b2c_fee_cents(transaction.amount_cents)
            world.ledger.pay_out(
                transaction.phone,
                transaction.amount_cents,
                transaction.fee_cents,
                world.local_now().date(),
            )
        world.changed.notify_all()


def _problem(world: World, transaction: Transaction) -> str:
    """The code of the first rule that says no, in the core's order; empty when all agree."""
    request, profile = transaction.request, world.profile
    phone, cents = transaction.phone, transaction.amount_cents
    refused = world.initiator.problem(
        str(request["InitiatorName"]), str(request["SecurityCredential"]), "b2c"
    )
    if refused:
        return refused
    if str(request["PartyA"]) != profile.shortcode:
        return "2028"
    wanted = world.outcomes.get(phone) or OUTCOME_BY_PHONE.get(phone, "")
    if wanted:
        return "" if wanted == "0" else wanted
    received = world.ledger.received_on(phone, world.local_now().date())
    paper = _paper_problem(world, transaction)
    # What this payout itself has reserved is there for it.
    own_cents = cents if transaction.state == "Authorized" else 0
    rules = (
        (cents < profile.smallest_payout_cents, "2"),
        (cents > profile.largest_payout_cents, "3"),
        (phone in world.unregistered, "2040"),
        (bool(paper), paper),
        (received + cents > profile.daily_cap_cents, "4"),
        (world.ledger.wallet_cents(phone) + cents > profile.wallet_cap_cents, "8"),
        (world.utility_available_cents() + own_cents < cents, "1"),
    )
    return next((code for says_no, code in rules if says_no), "")


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
