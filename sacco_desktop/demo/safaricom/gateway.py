"""The addresses that an M-Pesa program calls: token, payouts, questions, prompts, the paybill and its list."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom import payments, rules
from sacco_desktop.demo.safaricom.delivery import Delivery
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import Api, ArmedFault
from sacco_desktop.demo.safaricom.money_in_doors import MoneyInDoors
from sacco_desktop.demo.safaricom.profile import ID_CHECKED
from sacco_desktop.demo.safaricom.questions import Question, Questions
from sacco_desktop.demo.safaricom.replies import (
    HTML,
    Unanswered,
    accept,
    basic_keys,
    bearer,
    broken,
    cut,
    hang,
    refuse,
)
from sacco_desktop.demo.safaricom.world import World

Drop: TypeAlias = Callable[[tuple[str, int]], None]
_COMING_IN = ("stk", "stk_query", "c2b_register", "pull", "reversal")
ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]

_ID_FIELDS: dict[Api, str] = {
    "b2c": "OriginatorConversationID",
    "stk_query": "CheckoutRequestID",
    "reversal": "TransactionID",
}
_PATHS: tuple[tuple[str, Api, str], ...] = (
    ("/mpesa/b2c/v1/paymentrequest", "b2c", "b2c/v1"),
    ("/mpesa/b2c/v3/paymentrequest", "b2c", "b2c/v3"),
    ("/mpesa/b2cvalidate/v2/paymentrequest", "b2c", ID_CHECKED),
    ("/mpesa/transactionstatus/v1/query", "status", "status"),
    ("/mpesa/accountbalance/v1/query", "balance", "balance"),
    ("/mpesa/stkpush/v1/processrequest", "stk", "stk/v1"),
    ("/mpesa/stkpushquery/v1/query", "stk_query", "stkquery/v1"),
    ("/mpesa/c2b/v1/registerurl", "c2b_register", "c2b/v1"),
    ("/mpesa/c2b/v2/registerurl", "c2b_register", "c2b/v2"),
    ("/pulltransactions/v1/register", "pull", "pull/register"),
    ("/pulltransactions/v1/query", "pull", "pull/list"),
    ("/mpesa/reversal/v1/request", "reversal", "reversal"),
)

_GATE_REFUSALS = {
    "duplicate_error": rules.DUPLICATE,
    "spike_arrest": rules.SPIKE_ARREST,
    "system_busy": rules.SYSTEM_BUSY,
    "quota": rules.QUOTA,
    "no_api_product": rules.NO_PRODUCT,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request after its body was read; `body` is None when that was no JSON object."""

    api: Api
    product: str
    body: dict[str, object] | None

    @property
    def own_id(self) -> str:
        """The id of the payout itself or of the one asked about.

        A question under the name `OriginatorConversationID` finds nothing: sources disagree on
        the name, and this one is the documented one.
        """
        return self._text(_ID_FIELDS.get(self.api, "OriginalConversationID"))

    @property
    def phone(self) -> str:
        return self._text("PhoneNumber" if self.api == "stk" else "PartyB")

    def _text(self, name: str) -> str:
        return str((self.body or {}).get(name) or "")


class Gateway:
    """Answers as the Daraja gateway does. `drop` cuts a client's connection."""

    def __init__(self, world: World, errands: Errands, doors: MoneyInDoors, drop: Drop) -> None:
        self._world = world
        self._delivery = Delivery(world, errands)
        self._questions = Questions(world, errands, self._delivery)
        self._doors = doors
        self._drop = drop

    def routes(self) -> list[Route]:
        """The paths, each open to any method so that a wrong one gets M-Pesa's own answer."""
        return [
            Route("/oauth/v1/generate", self.give_token, methods=ANY_METHOD),
            *(
                Route(path, self._serve(api, product), methods=ANY_METHOD)
                for path, api, product in _PATHS
            ),
            Route("/{rest:path}", self.no_such_path, methods=ANY_METHOD),
        ]

    async def no_such_path(self, _: Request) -> Response:
        """A path that the gateway does not have."""
        return refuse(self._world, rules.Refusal(404, "404.001.01", "Resource not found"))

    async def give_token(self, request: Request) -> Response:
        """A new token for the right keys; the one before dies with it."""
        world = self._world
        with world.changed:
            fault = world.faults.take("oauth", "oauth")
        if fault and fault.name == "oauth_hang":
            world.log("request", "oauth", request.url.path, None, fault.name)
            return await hang(request)
        with world.changed:
            answer = self._broken_token(fault) if fault else self._token(request)
        world.log("request", "oauth", request.url.path, None, f"HTTP {answer.status_code}")
        return answer

    def _broken_token(self, fault: ArmedFault) -> Response:
        if fault.name == "oauth_unavailable":
            return Response("Service Unavailable", 503)
        if fault.name == "oauth_garbage":
            return Response(HTML, 200, media_type="text/html")
        return Response(b"", 400)

    def _token(self, request: Request) -> Response:
        world, profile = self._world, self._world.profile
        keys = basic_keys(request)
        if keys is None:
            text = "Invalid authentication type passed"
            return refuse(world, rules.Refusal(400, "400.008.01", text))
        if request.query_params.get("grant_type") != "client_credentials":
            return refuse(world, rules.Refusal(400, "400.008.02", "Invalid grant type passed"))
        if keys != (profile.consumer_key, profile.consumer_secret):
            return Response(b"", 400)
        seconds = profile.token_seconds - 1
        shown = str(seconds) if world.oddities.expires_in == "string" else seconds
        token = world.tokens.issue(world.chance, old_lives=world.oddities.old_token_lives)
        return JSONResponse({"access_token": token, "expires_in": shown})

    def _serve(self, api: Api, product: str) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            call = Call(api, product, _json_object(await request.body()))
            answer = await self._answer(request, call)
            if not isinstance(answer, Unanswered):
                outcome = f"HTTP {answer.status_code}"
                self._world.log("request", product, request.url.path, call.body, outcome)
            return answer

        return serve

    async def _answer(self, request: Request, call: Call) -> Response:
        world = self._world
        with world.changed:
            gate = world.faults.take("gate", call.api, call.phone, call.own_id)
        if gate and gate.name == "token_death":
            world.tokens.kill()
        elif gate and gate.name in _GATE_REFUSALS:
            return refuse(world, _GATE_REFUSALS[gate.name])
        elif gate and gate.name == "refused_with":
            return refuse(world, rules.ENVELOPES[gate.text("code")])
        elif gate:
            return await self._break(request, call, gate)
        with world.changed:
            refusal = self._refusal(request, call)
        if refusal is not None or call.body is None:
            return refuse(world, refusal or rules.INVALID_PAYLOAD)
        answer = await self._take(call, call.body)
        with world.changed:
            fault = world.faults.take("answer", call.api, call.phone, call.own_id)
        return await self._break(request, call, fault) if fault else answer

    async def _take(self, call: Call, body: dict[str, object]) -> Response:
        """Carry out a request that is well formed, and say what its caller hears at once."""
        if call.api in _COMING_IN:
            return await self._doors.take(call.api, call.product, body)
        if call.api == "b2c":
            return accept(*await self._pay_out(call, body))
        return accept(*await self._questions.ask(Question(call.api, body, call.own_id)))

    async def _break(self, request: Request, call: Call, fault: ArmedFault) -> Response:
        """Hang, cut or answer nonsense; the log tells of it before the caller gives up."""
        if not fault.name.startswith(("hang_", "drop_")):
            return broken(self._world, fault)
        self._world.log("request", call.product, request.url.path, call.body, fault.name)
        if fault.name.startswith("hang_"):
            return await hang(request)
        return await cut(request, self._drop)

    def _refusal(self, request: Request, call: Call) -> rules.Refusal | None:
        """The first reason to refuse, in the order in which the gateway looks."""
        world = self._world
        if request.method == "GET":
            return rules.INVALID_HEADER
        if request.method != "POST":
            return rules.Refusal(405, "405.001", f"{request.method} Method Not Allowed")
        token = bearer(request)
        if not token:
            return rules.INVALID_HEADER
        if not world.tokens.accepts(token):
            return rules.bad_token(call.api, token)
        if call.product not in world.products:
            return rules.NO_PRODUCT
        if "application/json" not in request.headers.get("content-type", "").lower():
            # Misleading, but this is what the real one says.
            return rules.invalid(rules.first_field(call.product))
        if call.body is None:
            return rules.INVALID_PAYLOAD
        refusal = rules.check(
            call.product, call.body, allows_local=world.profile.allows_local_callbacks
        )
        if refusal is None and call.product in rules.WITH_OWN_ID and call.own_id in world.own_ids:
            return rules.DUPLICATE
        if refusal is None and call.api == "stk":
            return self._doors.prompts.push_problem(call.body)
        return refusal

    async def _pay_out(self, call: Call, body: dict[str, object]) -> tuple[str, str]:
        world = self._world
        with world.changed:
            transaction = payments.take(world, body, call.product.partition("/")[2])
            own_id = transaction.originator_id
            settle = world.faults.take("settle", "b2c", call.phone, own_id)
            callback = world.faults.take("callback", "b2c", call.phone, own_id)
        await self._delivery.carry_out(transaction, settle, callback)
        return own_id, transaction.conversation_id


def _json_object(raw: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
