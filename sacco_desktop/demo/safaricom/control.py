"""The addresses under /control: looking into the simulated Safaricom, and making things go wrong.

They have no password. Whoever reaches the port may use them, so it belongs on loopback.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom import portal_statement
from sacco_desktop.demo.safaricom.desk import Desk
from sacco_desktop.demo.safaricom.visitors import is_from_another_site
from sacco_desktop.demo.safaricom.world import World

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

ADDRESSES = {
    "GET /control/certificate": "the certificate for SecurityCredentials, as a PEM file",
    "GET /control/keys": "shortcode, consumer key and secret, initiator name and password",
    "GET /control/ledger": "all accounts, payouts, payments in and prompts; whether every cent is there",
    "GET /control/statement": "the portal's statement: account, form (csv, xlsx, pdf), from, to (2026-03-16)",
    "GET /control/messages": "requests and callbacks; ?after=N leaves out the first N",
    "GET /control/faults": "what can go wrong, and what is armed",
    "POST /control/faults": "arm one: fault, times, phone, id, api, and its own options",
    "DELETE /control/faults": "disarm all",
    "GET /control/codes": "M-Pesa's result codes, each with the phone number that ends in it",
    "POST /control/next": "code of the next payout: code, way (result, answer), times, phone, id",
    "POST /control/oddities": "switch spellings",
    "POST /control/outcomes": "phone and code: how payouts to this phone end",
    "POST /control/wallets": "phone, balance_cents, is_registered, name, id_number, id_type",
    "POST /control/pay": "phone, cents, reference: a member pays to the paybill; forged: only said",
    "POST /control/fund": "account (utility, working, charges_paid) and cents, from the bank",
    "POST /control/move": "cents from source to target, between those accounts",
    "POST /control/products": "product and is_enabled: what the app may use",
    "POST /control/limits": "smallest_payout, largest_payout, wallet_cap, daily_cap (…_cents)",
    "POST /control/tariff": "bears_withdrawal; effective_on and bands",
    "POST /control/initiator": "password, is_locked, roles, wrong_passwords_before_lock",
    "POST /control/callbacks/release": "do now whatever was put off",
    "POST /control/reset": "begin again",
}


class Control:
    """Reads and changes the world on behalf of a person or a test."""

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every address of `ADDRESSES`."""
        desk = self._desk
        without_input: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("GET", "", lambda: ADDRESSES),
            ("GET", "/keys", desk.keys),
            ("GET", "/ledger", desk.accounts),
            ("GET", "/codes", desk.codes),
            ("GET", "/faults", desk.list_faults),
            ("DELETE", "/faults", desk.disarm),
            ("POST", "/callbacks/release", desk.release),
        )
        with_input: tuple[tuple[str, str, Callable[[dict[str, object]], object]], ...] = (
            ("GET", "/messages", desk.messages),
            ("POST", "/faults", desk.arm),
            ("POST", "/next", desk.set_next_code),
            ("POST", "/oddities", desk.set_oddities),
            ("POST", "/outcomes", desk.set_outcome),
            ("POST", "/wallets", desk.set_wallet),
            ("POST", "/pay", desk.pay),
            ("POST", "/fund", desk.fund),
            ("POST", "/move", desk.move),
            ("POST", "/products", desk.set_product),
            ("POST", "/limits", desk.set_limits),
            ("POST", "/tariff", desk.set_tariff),
            ("POST", "/initiator", desk.set_initiator),
        )
        routes = [
            Route(f"/control{path}", self._endpoint(_without_input(do)), methods=[method])
            for method, path, do in without_input
        ]
        routes += [
            Route(f"/control{path}", self._endpoint(do), methods=[method])
            for method, path, do in with_input
        ]
        routes.append(Route("/control/certificate", self._certificate, methods=["GET"]))
        routes.append(Route("/control/reset", self._reset, methods=["POST"]))
        routes.append(Route("/control/statement", self._statement, methods=["GET"]))
        return routes

    def _endpoint(self, do: Callable[[dict[str, object]], object]) -> Endpoint:
        """JSON in, JSON out; what cannot be used is answered with HTTP 400 and a sentence."""

        async def endpoint(request: Request) -> Response:
            if is_from_another_site(request):
                return JSONResponse({"error": "Another site has no business here."}, 403)
            try:
                raw = await request.body()
                asked = json.loads(raw) if raw.strip() else dict(request.query_params)
                if not isinstance(asked, dict):
                    raise ValueError("Send a JSON object.")
                with self._world.changed:
                    answer = do(asked)
                    self._world.changed.notify_all()
            except KeyError as missing:
                return JSONResponse({"error": f"{missing.args[0]} is missing."}, 400)
            except (TypeError, ValueError, RecursionError) as error:
                return JSONResponse({"error": str(error)}, 400)
            return JSONResponse(answer if answer is not None else {"ok": True})

        return endpoint

    async def _certificate(self, _: Request) -> Response:
        return PlainTextResponse(
            self._world.key.certificate_pem, media_type="application/x-pem-file"
        )

    async def _statement(self, request: Request) -> Response:
        asked = dict(request.query_params)
        try:
            with self._world.changed:
                file = portal_statement.export(self._world, asked)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        kept = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.data, media_type=file.media_type, headers=kept)

    async def _reset(self, request: Request) -> Response:
        if is_from_another_site(request):
            return JSONResponse({"error": "Another site has no business here."}, 403)
        await self._desk.begin_again()
        return JSONResponse({"ok": True})


def _without_input(do: Callable[[], object]) -> Callable[[dict[str, object]], object]:
    return lambda _: do()
