"""Prompts on phones: taken, shown, answered by the member or not, posted back, and asked about."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from sacco_desktop.demo.safaricom import paying_in, results, rules
from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import ArmedFault
from sacco_desktop.demo.safaricom.incoming import PhonePrompt
from sacco_desktop.demo.safaricom.paybill import Paybill
from sacco_desktop.demo.safaricom.replies import refuse
from sacco_desktop.demo.safaricom.stk_codes import PENDING, STK_BY_PHONE, UNREACHABLE, stk_text
from sacco_desktop.demo.safaricom.world import NAIROBI, World

Body = Mapping[str, object]
GARBAGE = b'{"Body":{"stkCallback":{'


def _overloaded(text: str) -> rules.Refusal:
    return rules.Refusal(500, "500.001.1001", text)


BUSY_SUBSCRIBER = _overloaded(
    "Unable to lock subscriber, a transaction is already in process for the current subscriber"
)
NO_MERCHANT = _overloaded("Merchant does not exist")
WRONG_PASSWORD = _overloaded("[MerchantValidate] - Wrong credentials")
IN_PROCESS = _overloaded("The transaction is being processed")


class StkDesk:
    """Takes prompts and questions about them."""

    def __init__(
        self, world: World, errands: Errands, delivery: Delivery, paybill: Paybill
    ) -> None:
        self._world = world
        self._errands = errands
        self._delivery = delivery
        self._paybill = paybill

    def push_problem(self, body: Body) -> rules.Refusal | None:
        """The first reason why no prompt is sent; the caller holds the lock."""
        if refusal := self._caller_problem(body):
            return refusal
        phone = str(body["PhoneNumber"])
        is_open = any(p.phone == phone and not p.code for p in self._world.prompts)
        return BUSY_SUBSCRIBER if is_open else None

    async def push(self, body: Body) -> Response:
        """Take a prompt; the member answers it later, or never."""
        world = self._world
        with world.changed:
            number = len(world.prompts) + 1
            stamp = f"{world.local_now():%d%m%Y%H%M%S}"
            prompt = PhonePrompt(
                merchant_request_id=world.new_gateway_id(),
                checkout_request_id=f"ws_CO_{stamp}{world.chance.randrange(10**9):09d}{number}",
                phone=str(body["PhoneNumber"]),
                amount_cents=int(str(body["Amount"]).partition(".")[0]) * 100,
                reference=str(body["AccountReference"]),
                shortcode=str(body["BusinessShortCode"]),
                callback_url=str(body["CallBackURL"]),
                asked_at=world.now(),
            )
            world.prompts.append(prompt)
            settle = world.faults.take("settle", "stk", prompt.phone)
            callback = world.faults.take("callback", "stk", prompt.phone)
            world.changed.notify_all()
        await self._show(prompt, settle, callback)
        text = "Success. Request accepted for processing"
        return JSONResponse(
            {
                "MerchantRequestID": prompt.merchant_request_id,
                "CheckoutRequestID": prompt.checkout_request_id,
                "ResponseCode": "0",
                "ResponseDescription": text,
                "CustomerMessage": text,
            }
        )

    def query(self, body: Body) -> Response:
        """What became of a prompt, at once: a code and never a receipt."""
        world = self._world
        with world.changed:
            asked = str(body["CheckoutRequestID"])
            contradiction = world.faults.take("settle", "stk_query", "", asked)
            problem = self._caller_problem(body)
            found = next((p for p in world.prompts if p.checkout_request_id == asked), None)
        if problem or found is None:
            return refuse(world, problem or rules.invalid("CheckoutRequestID"))
        code = contradiction.text("code") if contradiction else found.code
        if not code and world.oddities.stk_pending == "error":
            return refuse(world, IN_PROCESS)
        return JSONResponse(
            {
                "ResponseCode": "0",
                "ResponseDescription": "The service request has been accepted successfully",
                "MerchantRequestID": found.merchant_request_id,
                "CheckoutRequestID": found.checkout_request_id,
                "ResultCode": code or PENDING,
                "ResultDesc": stk_text(code or PENDING),
            }
        )

    def _caller_problem(self, body: Body) -> rules.Refusal | None:
        profile = self._world.profile
        if str(body["BusinessShortCode"]) != profile.shortcode:
            return NO_MERCHANT
        stamp = str(body["Timestamp"])
        right = base64.b64encode(f"{profile.shortcode}{profile.passkey}{stamp}".encode()).decode()
        return None if str(body["Password"]) == right else WRONG_PASSWORD

    async def _show(
        self, prompt: PhonePrompt, settle: ArmedFault | None, callback: ArmedFault | None
    ) -> None:
        """The prompt is on the phone. Usually the member answers soon."""
        about = f"Prompt on {prompt.phone}"

        async def answer() -> None:
            await self._answer(prompt, settle, callback)

        if settle and settle.name == "prompt_waits":
            self._errands.run(answer, settle.number("seconds"), held=True, about=about)
        elif callback and callback.name == "result_early":
            await answer()
        else:
            self._errands.run(answer, self._world.profile.result_delay_seconds)

    async def _answer(
        self, prompt: PhonePrompt, settle: ArmedFault | None, callback: ArmedFault | None
    ) -> None:
        if settle and settle.name == "paid_after_timeout":
            with self._world.changed:
                prompt.code = UNREACHABLE
            await self._post(prompt, None)
            about = f"Late payment from {prompt.phone}"
            self._errands.run(
                lambda: self._pay(prompt, callback),
                settle.number("seconds"),
                held=True,
                about=about,
            )
            return
        code = settle.text("code") if settle and settle.name == "outcome" else ""
        with self._world.changed:
            code = code or self._usual(prompt)
            if code:
                prompt.code = code
                self._world.changed.notify_all()
        if code:
            await self._later(prompt, callback)
        else:
            await self._pay(prompt, callback)

    def _usual(self, prompt: PhonePrompt) -> str:
        """How the member answers this prompt: the code, or empty text when the member pays."""
        world = self._world
        wanted = world.outcomes.get(prompt.phone) or STK_BY_PHONE.get(prompt.phone, "")
        if wanted not in ("", "0"):
            return wanted
        return "" if wanted else paying_in.payer_problem(world, prompt.phone, prompt.amount_cents)

    async def _pay(self, prompt: PhonePrompt, callback: ArmedFault | None) -> None:
        with self._world.changed:
            paid = paying_in.pay_in(
                self._world, prompt.phone, prompt.amount_cents, prompt.reference, "stk"
            )
            prompt.code, prompt.receipt = "0", paid.receipt
        await self._later(prompt, callback)
        if self._world.oddities.stk_fires_c2b:
            await self._paybill.confirm(paid)

    async def _later(self, prompt: PhonePrompt, callback: ArmedFault | None) -> None:
        if callback and callback.name == "result_late":
            about = f"STK result for {prompt.phone}"
            seconds = callback.number("seconds")
            self._errands.run(lambda: self._post(prompt, callback), seconds, held=True, about=about)
        else:
            await self._post(prompt, callback)

    async def _post(self, prompt: PhonePrompt, callback: ArmedFault | None) -> None:
        with self._world.changed:
            body = stk_result(self._world, prompt, callback)
        await self._delivery.post_or_lose("STK result", prompt.callback_url, body, callback)


def stk_result(world: World, prompt: PhonePrompt, callback: ArmedFault | None) -> dict[str, object]:
    """The body that is posted back, or what a fault makes of it."""
    name = callback.name if callback else ""
    checkout = prompt.checkout_request_id
    if name == "result_unknown_id":
        checkout = f"ws_CO_{world.chance.randrange(10**20):020d}"
    code, cents, receipt = prompt.code, prompt.amount_cents, prompt.receipt
    if callback and name == "result_other_amount":
        cents = int(callback.number("amount_shillings")) * 100
    if name == "result_forged_payment" and code != "0":
        code, receipt = "0", world.new_receipt()
    if callback and name == "result_forged_failure":
        code = callback.text("code")
    inside: dict[str, object] = {
        "MerchantRequestID": prompt.merchant_request_id,
        "CheckoutRequestID": checkout,
        "ResultCode": int(code) if code.isdigit() else code,
        "ResultDesc": stk_text(code),
    }
    if code == "0":
        inside["CallbackMetadata"] = {"Item": _items(world, prompt, cents, receipt)}
    return {"Body": {"stkCallback": inside}}


def _items(world: World, prompt: PhonePrompt, cents: int, receipt: str) -> list[dict[str, object]]:
    shown = results.Shown(world)
    items: list[dict[str, object]] = [
        {"Name": "Amount", "Value": f"#{cents // 100}.{cents % 100:02d}#"},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
        {
            "Name": "TransactionDate",
            "Value": int(f"{world.now().astimezone(NAIROBI):%Y%m%d%H%M%S}"),
        },
        {"Name": "PhoneNumber", "Value": int(prompt.phone)},
    ]
    if world.oddities.stk_balance == "no_value":
        items.insert(2, {"Name": "Balance"})
    elif world.oddities.stk_balance == "decimal":
        balance = shown.balance(world.ledger.balances["working"])
        items.insert(2, {"Name": "Balance", "Value": balance})
    if world.oddities.backwards:
        items.reverse()
    return items
