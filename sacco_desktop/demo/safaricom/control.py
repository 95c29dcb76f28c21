"""The addresses under /control: looking into the simulated Safaricom, and making things go wrong.

They have no password. Whoever reaches the port may use them, so it belongs on loopback.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom import ledger
from sacco_desktop.demo.safaricom.errands import Errands
from sacco_desktop.demo.safaricom.faults import APIS, FAULTS, Api
from sacco_desktop.demo.safaricom.payments import OUTCOME_BY_PHONE
from sacco_desktop.demo.safaricom.world import NATIONAL_ID, World

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

ADDRESSES = {
    "GET /control/certificate": "the certificate for SecurityCredentials, as a PEM file",
    "GET /control/keys": "shortcode, consumer key and secret, initiator name and password",
    "GET /control/ledger": "all accounts, each payout, and whether every cent is still somewhere",
    "GET /control/messages": "requests and callbacks; ?after=N leaves out the first N",
    "GET /control/faults": "what can go wrong, and what is armed",
    "POST /control/faults": "arm one: fault, times, phone, id, api, and its own options",
    "DELETE /control/faults": "disarm all",
    "POST /control/oddities": "switch spellings",
    "POST /control/outcomes": "phone and code: how payouts to this phone end",
    "POST /control/wallets": "phone, balance_cents, is_registered, id_number, id_type",
    "POST /control/fund": "account (utility, working, charges_paid) and cents, from the bank",
    "POST /control/move": "cents from source to target, between those accounts",
    "POST /control/products": "product and is_enabled: what the app may use",
    "POST /control/initiator": "password, is_locked, roles",
    "POST /control/callbacks/release": "do now whatever was put off",
    "POST /control/reset": "begin again",
}


class Control:
    """Reads and changes the world on behalf of a person or a test."""

    def __init__(self, world: World, errands: Errands) -> None:
        self._world = world
        self._errands = errands

    def routes(self) -> list[Route]:
        """Every address of `ADDRESSES`."""
        without_input: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("GET", "", lambda: ADDRESSES),
            ("GET", "/keys", self._keys),
            ("GET", "/ledger", self._ledger),
            ("GET", "/faults", self._list_faults),
            ("DELETE", "/faults", self._disarm),
            ("POST", "/callbacks/release", self._errands.release),
        )
        with_input: tuple[tuple[str, str, Callable[[dict[str, object]], object]], ...] = (
            ("GET", "/messages", self._messages),
            ("POST", "/faults", self._arm),
            ("POST", "/oddities", self._set_oddities),
            ("POST", "/outcomes", self._set_outcome),
            ("POST", "/wallets", self._set_wallet),
            ("POST", "/fund", self._fund),
            ("POST", "/move", self._move),
            ("POST", "/products", self._set_product),
            ("POST", "/initiator", self._set_initiator),
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
        return routes

    def _endpoint(self, do: Callable[[dict[str, object]], object]) -> Endpoint:
        """JSON in, JSON out; what cannot be used is answered with HTTP 400 and a sentence."""

        async def endpoint(request: Request) -> Response:
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
            except (TypeError, ValueError) as error:
                return JSONResponse({"error": str(error)}, 400)
            return JSONResponse(answer if answer is not None else {"ok": True})

        return endpoint

    async def _certificate(self, _: Request) -> Response:
        return PlainTextResponse(
            self._world.key.certificate_pem, media_type="application/x-pem-file"
        )

    async def _reset(self, _: Request) -> Response:
        # First what is under way, lest an errand of the old world reports into the new one.
        await self._errands.forget()
        self._world.reset()
        return JSONResponse({"ok": True})

    def _keys(self) -> object:
        profile = self._world.profile
        return {
            "shortcode": profile.shortcode,
            "consumer_key": profile.consumer_key,
            "consumer_secret": profile.consumer_secret,
            "initiator_name": profile.initiator_name,
            "initiator_password": self._world.initiator.password,
            "certificate": "/control/certificate",
        }

    def _ledger(self) -> object:
        book = self._world.ledger
        return {
            "accounts_cents": dict(sorted(book.balances.items())),
            "transactions": [t.as_row() for t in self._world.transactions],
            "is_conserved": book.is_conserved(),
        }

    def _messages(self, asked: dict[str, object]) -> object:
        after = int(str(asked.get("after", 0)))
        return {"messages": [m.as_row() for m in self._world.messages if m.number > after]}

    def _list_faults(self) -> object:
        return {
            "faults": {
                name: {
                    "stage": kind.stage,
                    "api": kind.api,
                    "meaning": kind.meaning,
                    "options": kind.options,
                }
                for name, kind in FAULTS.items()
            },
            "outcome_by_phone": OUTCOME_BY_PHONE,
            "armed": [asdict(fault) for fault in self._world.faults.armed],
        }

    def _arm(self, asked: dict[str, object]) -> object:
        named = ("fault", "times", "phone", "id", "api")
        api = asked.get("api")
        if api is not None and api not in APIS:
            raise ValueError(f"api is one of {', '.join(APIS)}.")
        known: dict[str, Api] = {name: name for name in APIS}
        fault = self._world.faults.arm(
            str(asked["fault"]),
            times=int(str(asked.get("times", 1))),
            match_phone=str(asked.get("phone", "")),
            match_id=str(asked.get("id", "")),
            api=known.get(str(api)),
            options={name: value for name, value in asked.items() if name not in named},
        )
        return asdict(fault)

    def _disarm(self) -> None:
        self._world.faults.clear()

    def _set_oddities(self, asked: dict[str, object]) -> object:
        self._world.switch_oddities(asked)
        return asdict(self._world.oddities)

    def _set_outcome(self, asked: dict[str, object]) -> object:
        self._world.outcomes[str(asked["phone"])] = str(asked["code"])
        return None

    def _set_wallet(self, asked: dict[str, object]) -> object:
        phone = str(asked["phone"])
        if "balance_cents" in asked:
            self._world.ledger.set_wallet(phone, int(str(asked["balance_cents"])))
        if asked.get("is_registered", True):
            self._world.unregistered.discard(phone)
        else:
            self._world.unregistered.add(phone)
        if "id_number" in asked:
            self._world.register_line(
                phone, str(asked["id_number"]), str(asked.get("id_type", NATIONAL_ID))
            )
        return {"phone": phone, "balance_cents": self._world.ledger.wallet_cents(phone)}

    def _fund(self, asked: dict[str, object]) -> object:
        account = str(asked.get("account", ledger.UTILITY))
        if account not in ledger.FUNDABLE:
            raise ValueError(f"account is one of {', '.join(ledger.FUNDABLE)}.")
        cents = int(str(asked["cents"]))
        self._world.ledger.move(ledger.Movement(ledger.OUTSIDE, account, cents, "funded"))
        return {"account": account, "cents": self._world.ledger.balances[account]}

    def _move(self, asked: dict[str, object]) -> object:
        book, cents = self._world.ledger, int(str(asked["cents"]))
        book.transfer(str(asked["source"]), str(asked["target"]), cents)
        return {account: book.balances[account] for account in ledger.FUNDABLE}

    def _set_product(self, asked: dict[str, object]) -> object:
        self._world.switch_product(
            str(asked["product"]), is_enabled=bool(asked.get("is_enabled", True))
        )
        return {"products": sorted(self._world.products)}

    def _set_initiator(self, asked: dict[str, object]) -> object:
        initiator = self._world.initiator
        if "password" in asked:
            initiator.password = str(asked["password"])
        if "roles" in asked:
            roles = asked["roles"]
            if not isinstance(roles, list):
                raise ValueError("roles is a list of b2c, status, balance.")
            initiator.roles = {str(role) for role in roles}
        initiator.is_locked = bool(asked.get("is_locked", False))
        initiator.wrong_passwords = 0
        return None


def _without_input(do: Callable[[], object]) -> Callable[[dict[str, object]], object]:
    return lambda _: do()
