"""M-Pesa's own list of payments to the paybill, and taking one of them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.responses import JSONResponse, Response

from sacco_desktop.demo.safaricom import incoming, ledger, results, rules
from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.faults import ArmedFault
from sacco_desktop.demo.safaricom.incoming import Incoming
from sacco_desktop.demo.safaricom.ledger import Movement
from sacco_desktop.demo.safaricom.replies import accept, refuse
from sacco_desktop.demo.safaricom.world import NAIROBI, World

PAGE = 100
REACH = timedelta(hours=48)
NO_ROWS = rules.Refusal(500, "500", "Failed to retrieve transactions")
WRONG_SHORTCODE = rules.Refusal(400, "400.001", "Invalid ShortCode")

Body = Mapping[str, object]


class PullDesk:
    """Lists the payments of the last 48 hours to whoever has registered for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def register(self, body: Body) -> Response:
        world = self._world
        with world.changed:
            if str(body["ShortCode"]) != world.profile.shortcode:
                return refuse(world, WRONG_SHORTCODE)
            status = "1001" if world.pulls else "1000"
            world.pulls = True
        name = "Response Status" if world.oddities.pull_spacing else "ResponseStatus"
        return JSONResponse(
            {
                "ResponseRefID": world.new_gateway_id(),
                name: status,
                "ShortCode": str(body["ShortCode"]),
                "ResponseDescription": "already registered" if status == "1001" else "Success",
            }
        )

    def query(self, body: Body) -> Response:
        """One page from a row on; nothing older than 48 hours."""
        world = self._world
        since, until = _moment(body["StartDate"]), _moment(body["EndDate"])
        if since is None or until is None:
            return refuse(world, rules.invalid("StartDate"))
        with world.changed:
            if str(body["ShortCode"]) != world.profile.shortcode or not world.pulls:
                return refuse(world, WRONG_SHORTCODE)
            oldest = world.now() - REACH
            found = [p for p in world.incoming if max(since, oldest) <= p.paid_at <= until]
            start = int(str(body["OffSetValue"]))
            rows = [self._row(p) for p in found[start : start + PAGE]]
        if not rows and world.oddities.pull_empty == "error":
            return refuse(world, NO_ROWS)
        if not rows and world.oddities.pull_empty == "1001":
            empty = {
                "ResponseCode": "1001",
                "ResponseMessage": "No transactions",
                "Transaction": "[[]]",
            }
            return JSONResponse({"ResponseRefID": world.new_gateway_id(), **empty})
        return JSONResponse(
            {
                "ResponseRefID": world.new_gateway_id(),
                "ResponseCode": "1000",
                "ResponseMessage": "Success",
                "Response": [rows],
            }
        )

    def _row(self, paid: Incoming) -> dict[str, object]:
        shown = {"whole": paid.phone, "masked": incoming.masked(paid.phone)}
        return {
            "transactionId": paid.receipt,
            # Written as if it were UTC; nobody says whether it is.
            "trxDate": f"{paid.paid_at.astimezone(NAIROBI):%Y-%m-%dT%H:%M:%SZ}",
            "msisdn": shown.get(self._world.oddities.pull_number, incoming.hashed(paid.phone)),
            "sender": "MPESA",
            "transactiontype": "c2b-pay-bill-debit",
            "billreference": paid.reference,
            "amount": f"{paid.amount_cents // 100}.{paid.amount_cents % 100:02d}",
            "organizationname": self._world.profile.organisation,
        }


class ReversalDesk:
    """Takes a payment to the paybill back, once, and posts how that went."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery

    async def take_back(self, body: Body) -> Response:
        world = self._world
        with world.changed:
            ids = (world.new_gateway_id(), world.new_conversation_id())
            receipt = str(body["TransactionID"])
            settle = world.faults.take("settle", "reversal", "", receipt)
            callback = world.faults.take("callback", "reversal", "", receipt)
            code, items = self._carry_out(body, receipt, settle)
            paid = next((p for p in world.incoming if p.receipt == receipt), None)
            if paid is not None and code == "0":
                paid.reversal_id, paid.reversal_receipt = ids[0], world.new_receipt()
            result = results.query_result(world, ids, code, items)
        url = str(body["ResultURL"])

        async def post() -> None:
            await self._delivery.post_or_lose("Reversal result", url, result, callback)

        self._delivery.schedule(post, callback, f"Reversal result for {receipt}")
        return accept(*ids)

    def _carry_out(
        self, body: Body, receipt: str, settle: ArmedFault | None
    ) -> tuple[str, list[results.Item]]:
        world = self._world
        refused = world.initiator.problem(
            str(body["Initiator"]), str(body["SecurityCredential"]), "reversal"
        )
        paid = next((p for p in world.incoming if p.receipt == receipt), None)
        if refused or (settle and settle.name == "outcome"):
            return refused or (settle.text("code") if settle else ""), []
        if paid is None or str(int(str(body["Amount"])) * 100) != str(paid.amount_cents):
            return "R000002", []
        if paid.is_reversed:
            return "R000001", []
        if world.ledger.balances[ledger.WORKING] < paid.amount_cents:
            return "1", []
        paid.is_reversed = True
        wallet = ledger.wallet(paid.phone)
        world.ledger.move(
            Movement(ledger.WORKING, wallet, paid.amount_cents, f"reversal of {receipt}")
        )
        shown = results.Shown(world)
        return "0", [
            ("Amount", shown.sum(paid.amount_cents)),
            ("TransCompletedTime", shown.number(f"{world.local_now():%Y%m%d%H%M%S}")),
            ("OriginalTransactionID", receipt),
            ("Charge", shown.sum(0)),
            ("CreditPartyPublicName", f"{paid.phone} - {world.name_of(paid.phone)}"),
            ("DebitPartyPublicName", f"{paid.shortcode} - {world.profile.organisation}"),
        ]


def _moment(value: object) -> datetime | None:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=NAIROBI)
    except ValueError:
        return None
