"""The bodies that the simulated Safaricom posts back, in each spelling of the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.codes import text_of
from sacco_desktop.demo.safaricom.incoming import Incoming
from sacco_desktop.demo.safaricom.world import NAIROBI, Transaction, World

Item = tuple[str, object]

# Sums on the wire are numbers with two decimals. Python would need a float to write one, so they
# travel through the encoder as marked text and lose their quotes afterwards.
_MARKED = re.compile(r'"#(-?\d+(?:\.\d\d)?)#"')


def to_bytes(body: object) -> bytes:
    """The JSON text of a body; marked sums become numbers."""
    return _MARKED.sub(r"\1", json.dumps(body)).encode("utf-8")


def b2c_result(world: World, transaction: Transaction) -> dict[str, object]:
    """The outcome of a payout, as the core knows it."""
    if transaction.state != "Completed":
        return failed_result(world, transaction, transaction.result_code)
    shown = Shown(world)
    balances = world.ledger.balances
    items: list[Item] = [
        ("TransactionAmount", shown.sum(transaction.amount_cents)),
        ("TransactionReceipt", transaction.receipt),
        ("ReceiverPartyPublicName", f"{transaction.phone} - {world.name_of(transaction.phone)}"),
        ("TransactionCompletedDateTime", _dotted(transaction.finalised_at or world.now())),
        ("B2CUtilityAccountAvailableFunds", shown.balance(world.utility_available_cents())),
        ("B2CWorkingAccountAvailableFunds", shown.balance(balances[ledger.WORKING])),
        ("B2CRecipientIsRegisteredCustomer", "Y"),
        ("B2CChargesPaidAccountAvailableFunds", shown.balance(balances[ledger.CHARGES_PAID])),
    ]
    return _envelope(
        world,
        transaction,
        "0",
        transaction.receipt,
        shown.parameters(items, world.oddities.success_parameters),
    )


def failed_result(world: World, transaction: Transaction, code: str) -> dict[str, object]:
    """A result that says the payout failed with this code, whatever the core knows."""
    receipts = {
        "placeholder": "OAK0000000",
        "real_looking": world.new_receipt(),
        "missing": None,
    }
    items: list[Item] = [("BOCompletedTime", _digits(world.now()))]
    shape = world.oddities.failure_parameters
    return _envelope(
        world,
        transaction,
        code,
        receipts[world.oddities.failure_receipt],
        Shown(world).parameters(items, shape),
    )


def query_result(
    world: World, ids: tuple[str, str], code: str, items: Sequence[Item]
) -> dict[str, object]:
    """The answer to a question with this originator id and conversation id of its own."""
    shown = Shown(world)
    shape = "list" if code == "0" else world.oddities.failure_parameters
    return {
        "Result": {
            "ResultType": shown.code("0"),
            "ResultCode": shown.code(code),
            "ResultDesc": text_of(code),
            "OriginatorConversationID": ids[0],
            "ConversationID": ids[1],
            "TransactionID": "OAK0000000",
            **shown.parameters(items, shape),
            "ReferenceData": _reference(world),
        }
    }


def status_items(world: World, transaction: Transaction, state: str) -> list[Item]:
    """What a status answer tells about a payout; `state` may differ from what the core knows."""
    shown, is_done = Shown(world), state == "Completed"
    receiver = f"{transaction.phone} - {world.name_of(transaction.phone)}"
    debit = f"{world.profile.shortcode} - {world.profile.organisation}"
    fee = f"Fee For B2C Payment|KES|{_decimals(transaction.fee_cents)}"
    items: list[Item] = [
        ("DebitPartyName", debit),
        ("CreditPartyName", receiver),
        ("OriginatorConversationID", transaction.originator_id),
        ("ConversationID", transaction.conversation_id),
        ("InitiatedTime", shown.number(_digits(transaction.initiated_at))),
        ("DebitAccountType", "Utility Account"),
        ("DebitPartyCharges", fee if is_done and world.oddities.charges == "usual" else ""),
        ("TransactionReason", MISSING),
        ("ReasonType", "Business Payment to Customer via API"),
        ("TransactionStatus", state),
        ("Amount", shown.sum(transaction.amount_cents)),
    ]
    if world.oddities.doubled_debit_party:
        items[1] = ("DebitPartyName", receiver)
    if is_done:
        finalised = transaction.finalised_at or world.now()
        items.append(("FinalisedTime", shown.number(_digits(finalised))))
        items.append(("ReceiptNo", transaction.receipt))
    return items


def incoming_items(world: World, paid: Incoming, is_reversal: bool) -> list[Item]:
    """What a status answer tells about a payment to the paybill, or about the request that took it back."""
    shown = Shown(world)
    payer = f"{paid.phone} - {world.name_of(paid.phone)}"
    ours = f"{paid.shortcode} - {world.profile.organisation}"
    parties = (ours, payer) if is_reversal else (payer, ours)
    second = "DebitPartyName" if world.oddities.doubled_debit_party else "CreditPartyName"
    return [
        ("DebitPartyName", parties[0]),
        (second, parties[1]),
        ("OriginatorConversationID", paid.reversal_id if is_reversal else ""),
        ("InitiatedTime", shown.number(_digits(paid.paid_at))),
        ("FinalisedTime", shown.number(_digits(paid.paid_at))),
        ("ReasonType", "Transaction Reversal" if is_reversal else "Pay Bill Online"),
        ("TransactionStatus", "Completed"),
        ("Amount", shown.sum(paid.amount_cents)),
        ("ReceiptNo", paid.reversal_receipt if is_reversal else paid.receipt),
    ]


def balance_items(world: World) -> list[Item]:
    """The accounts in one line: name, currency, current, available, reserved, uncleared."""
    odd, shown = world.oddities, Shown(world)
    reserved = world.utility_reserved_cents()
    accounts = [
        ("Working Account", world.ledger.balances[ledger.WORKING], 0),
        ("Utility Account", world.ledger.balances[ledger.UTILITY], reserved),
        ("Charges Paid Account", world.ledger.balances[ledger.CHARGES_PAID], 0),
    ]
    if odd.balance_accounts == "no_utility":
        del accounts[1]
    if odd.balance_accounts == "more":
        accounts.insert(0, ("Float Account", 0, 0))
        accounts.append(("Organization Settlement Account", 0, 0))
    if odd.balance_order == "backwards":
        accounts.reverse()
    lines = [_account_line(name, cents, kept, odd.balance_gaps) for name, cents, kept in accounts]
    return [
        ("AccountBalance", ("&amp;" if odd.balance_escaped else "&").join(lines)),
        ("BOCompletedTime", shown.number(_digits(world.now()))),
    ]


def _account_line(name: str, cents: int, reserved_cents: int, gaps: str) -> str:
    available = "" if gaps == "available" else _decimals(cents - reserved_cents)
    reserved, uncleared = ("", "") if gaps == "reserved" else (_decimals(reserved_cents), "0.00")
    return "|".join((name, "KES", _decimals(cents), available, reserved, uncleared))


MISSING = object()


class Shown:
    """Writes values in the spelling that is switched on."""

    def __init__(self, world: World) -> None:
        self._oddities = world.oddities

    def code(self, code: str) -> object:
        return int(code) if code.isdigit() and self._oddities.codes == "number" else code

    def number(self, digits: str) -> object:
        return int(digits) if self._oddities.values == "number" else digits

    def sum(self, cents: int) -> object:
        whole, rest = divmod(cents, 100)
        return self.number(str(whole)) if not rest else self.balance(cents)

    def balance(self, cents: int) -> object:
        text = _decimals(cents)
        return f"#{text}#" if self._oddities.values == "number" else text

    def parameters(self, items: Sequence[Item], shape: str) -> dict[str, object]:
        """`ResultParameters` in this shape, or nothing at all when it is to be missing."""
        if shape == "missing":
            return {}
        if shape == "null":
            return {"ResultParameters": None}
        if shape == "empty":
            return {"ResultParameters": {}}
        rows: list[dict[str, object]] = [
            {"Key": key} if value is MISSING else {"Key": key, "Value": value}
            for key, value in items
        ]
        if self._oddities.item_without_value:
            rows.append({"Key": "Occasion"})
        if self._oddities.backwards:
            rows.reverse()
        return {"ResultParameters": {"ResultParameter": rows[0] if shape == "dict" else rows}}


def _envelope(
    world: World,
    transaction: Transaction,
    code: str,
    receipt: str | None,
    parameters: dict[str, object],
) -> dict[str, object]:
    shown = Shown(world)
    own = world.oddities.result_id == "own"
    result: dict[str, object] = {
        "ResultType": shown.code("0"),
        "ResultCode": shown.code(code),
        "ResultDesc": text_of(code),
        "OriginatorConversationID": (
            transaction.originator_id if own else transaction.gateway_originator_id
        ),
        "ConversationID": transaction.conversation_id,
    }
    if receipt is not None:
        result["TransactionID"] = receipt
    return {"Result": {**result, **parameters, "ReferenceData": _reference(world)}}


def _reference(world: World) -> dict[str, object]:
    item = {"Key": "QueueTimeoutURL", "Value": "https://internal.invalid/b2cresults/v1/submit"}
    return {"ReferenceItem": [item] if world.oddities.reference_item == "list" else item}


def _decimals(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _digits(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%Y%m%d%H%M%S}"


def _dotted(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%d.%m.%Y %H:%M:%S}"


def more_to_come(body: dict[str, object]) -> dict[str, object]:
    """The announcement of a result: the type says that it settles nothing yet."""
    kept = {k: v for k, v in _inside(body).items() if k != "ResultParameters"}
    kind = "1" if isinstance(kept["ResultType"], str) else 1
    return {"Result": {**kept, "ResultType": kind, "ResultDesc": "The request is in progress."}}


def with_ids(body: dict[str, object], own_id: str, conversation_id: str) -> dict[str, object]:
    """The same result, addressed to nobody."""
    return {
        "Result": {
            **_inside(body),
            "OriginatorConversationID": own_id,
            "ConversationID": conversation_id,
        }
    }


def with_parameter(body: dict[str, object], key: str, value: object) -> dict[str, object]:
    """The same result with one parameter changed; a result without parameters stays as it is."""
    result = dict(_inside(body))
    holder = result.get("ResultParameters")
    rows = holder.get("ResultParameter") if isinstance(holder, dict) else None
    if isinstance(rows, list):
        changed = [{**row, "Value": value} if row["Key"] == key else row for row in rows]
        result["ResultParameters"] = {"ResultParameter": changed}
    return {"Result": result}


def forged_payment(world: World, transaction: Transaction) -> dict[str, object]:
    """What a payment would look like that never was."""
    paid = replace(
        transaction, state="Completed", receipt=world.new_receipt(), finalised_at=world.now()
    )
    return b2c_result(world, paid)


def timed_out(world: World, transaction: Transaction) -> dict[str, object]:
    """A queue time-out in the shape of a result."""
    body = failed_result(world, transaction, "26")
    return {"Result": {**_inside(body), "ResultDesc": "The request timed out in the queue."}}


def question_timed_out(world: World, ids: tuple[str, str]) -> dict[str, object]:
    """The same for a question, under the question's own ids."""
    body = query_result(world, ids, "26", [])
    return {"Result": {**_inside(body), "ResultDesc": "The request timed out in the queue."}}


def _inside(body: dict[str, object]) -> dict[str, object]:
    inside = body["Result"]
    assert isinstance(inside, dict)
    return inside
