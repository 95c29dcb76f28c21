"""The paybill: where its payments are reported, members who pay to it, and forgers who only say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from starlette.responses import JSONResponse, Response

from sacco_desktop.demo.safaricom import incoming, paying_in, results, rules
from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.incoming import Incoming, Urls
from sacco_desktop.demo.safaricom.replies import refuse
from sacco_desktop.demo.safaricom.world import NAIROBI, World

REGISTERED = rules.Refusal(500, "500.003.1001", "Urls are already registered")
OLD_PLATFORM = rules.Refusal(
    500, "500.003.1001", "Duplicate notification info: the short code is on another platform"
)


class Paybill:
    """Registers addresses, takes payments and reports them."""

    def __init__(self, world: World, errands: Errands, delivery: Delivery) -> None:
        self._world = world
        self._errands = errands
        self._delivery = delivery

    def register(self, version: str, body: Mapping[str, object]) -> Response:
        """Keep the addresses of a shortcode. Production takes them once; practice and sandbox at will."""
        world = self._world
        with world.changed:
            if str(body["ShortCode"]) != world.profile.shortcode:
                return refuse(world, rules.invalid("ShortCode"))
            fault = world.faults.take("settle", "c2b_register")
            if fault:
                return refuse(world, OLD_PLATFORM)
            if world.urls is not None and world.oddities.urls_once:
                return refuse(world, REGISTERED)
            world.urls = Urls(
                version,
                str(body["ResponseType"]),
                str(body["ConfirmationURL"]),
                str(body.get("ValidationURL") or ""),
            )
            return self._done("Success")

    def pay(self, phone: str, cents: int, reference: str) -> None:
        """A member pays to the paybill; the rest happens by itself. Only for the server's loop."""
        self._errands.run(
            lambda: self._take(phone, cents, reference), self._world.profile.result_delay_seconds
        )

    def forge(self, phone: str, cents: int, reference: str) -> None:
        """Somebody who knows the address says that money came; nothing has."""
        world = self._world
        never = Incoming(
            world.new_receipt(), phone, cents, reference, world.profile.shortcode, world.now(), "no"
        )
        self._errands.run(lambda: self.confirm(never))

    async def confirm(self, paid: Incoming) -> None:
        """Report a payment, where addresses are registered, with at most one fault."""
        world = self._world
        with world.changed:
            if world.urls is None:
                return
            callback = world.faults.take("callback", "c2b", paid.phone, paid.receipt)
            body = self._body(paid, is_confirmation=True)
            if callback and callback.name == "result_other_amount":
                body["TransAmount"] = f"{int(callback.number('amount_shillings'))}.00"
            url = world.urls.confirmation
        about = f"Confirmation of {paid.receipt}"
        if callback and callback.name == "result_late":
            self._errands.run(
                lambda: self._delivery.post_or_lose("C2B confirmation", url, body, callback),
                callback.number("seconds"),
                held=True,
                about=about,
            )
        else:
            await self._delivery.post_or_lose("C2B confirmation", url, body, callback)

    async def _take(self, phone: str, cents: int, reference: str) -> None:
        world = self._world
        with world.changed:
            problem = paying_in.payer_problem(world, phone, cents)
            asks = world.urls if world.oddities.c2b_validation and not problem else None
            asked = Incoming(
                "OAK0000000",
                phone,
                cents,
                reference,
                world.profile.shortcode,
                world.now(),
                "paybill",
            )
            question = self._body(asked, is_confirmation=False)
        if problem:
            world.log("payment", "paybill", phone, None, f"declined: {problem}")
            return
        if asks is not None and not await self._is_allowed(asks, question):
            return
        with world.changed:
            paid = paying_in.pay_in(world, phone, cents, reference, "paybill")
        await self.confirm(paid)

    async def _is_allowed(self, urls: Urls, question: dict[str, object]) -> bool:
        raw = results.to_bytes(question)
        answer = await self._errands.ask("C2B validation", urls.validation, raw)
        if answer is None:
            return urls.response_type == "Completed"
        return str(answer.get("ResultCode")) == "0"

    def _body(self, paid: Incoming, *, is_confirmation: bool) -> dict[str, object]:
        """One payment in the words of the version that is registered: all values are text."""
        world = self._world
        is_v1 = world.urls is not None and world.urls.version == "v1"
        first, _, last = world.name_of(paid.phone).partition(" ")
        cents = world.ledger.balances["working"]
        balance = f"{cents // 100}.{cents % 100:02d}" if is_confirmation else ""
        return {
            "TransactionType": "Pay Bill",
            "TransID": paid.receipt,
            "TransTime": f"{paid.paid_at.astimezone(NAIROBI):%Y%m%d%H%M%S}",
            "TransAmount": f"{paid.amount_cents // 100}.{paid.amount_cents % 100:02d}",
            "BusinessShortCode": paid.shortcode,
            "BillRefNumber": paid.reference,
            "InvoiceNumber": "",
            "OrgAccountBalance": balance,
            "ThirdPartyTransID": "",
            "MSISDN": incoming.hashed(paid.phone) if is_v1 else incoming.masked(paid.phone),
            "FirstName": first,
            "MiddleName": "",
            "LastName": last if is_v1 else "",
        }

    def _done(self, text: str) -> Response:
        # The key is misspelt by the real one, too.
        return JSONResponse(
            {
                "OriginatorCoversationID": self._world.new_gateway_id(),
                "ResponseCode": "0",
                "ResponseDescription": text,
            }
        )

    def as_rows(self) -> dict[str, object]:
        """For the control address: addresses without their secrets, and all payments."""
        urls = self._world.urls
        kept = asdict(urls) if urls else {}
        return {
            "registered": {name: kept[name] for name in ("version", "response_type") if kept},
            "payments": [paid.as_row() for paid in self._world.incoming],
            "prompts": [prompt.as_row() for prompt in self._world.prompts],
        }
