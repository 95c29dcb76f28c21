"""The addresses that a program calls: Africa's Talking's and Twilio's, as their own hosts answer them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sacco_desktop.demo.safaricom.replies import cut
from sacco_desktop.demo.text_gateways.world import Taken, World

Drop: TypeAlias = Callable[[tuple[str, int]], None]
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_AFRICA, _TWILIO = "africas_talking", "twilio"


@dataclass(frozen=True, slots=True)
class _Refusal:
    """How each gateway says one thing: Twilio's HTTP status, code and words, and Africa's Talking's code and words."""

    status: int
    code: int
    words: str
    at_code: int
    at_words: str


_REFUSALS = {
    "no_credit": _Refusal(403, 30002, "Account suspended", 405, "InsufficientBalance"),
    "bad_number": _Refusal(400, 21211, "The 'To' number is not valid.", 403, "InvalidPhoneNumber"),
    "no_route": _Refusal(400, 21612, "No route for this 'To' and 'From'.", 407, "CouldNotRoute"),
}


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of a field that comes twice the last."""
    return dict(parse_qsl((await request.body()).decode("utf-8", errors="replace")))


class Doors:
    """Both gateways over one world. `drop` cuts a caller's connection."""

    def __init__(self, world: World, drop: Drop) -> None:
        self._world = world
        self._drop = drop

    def routes(self) -> list[Route]:
        """Where they answer."""
        account = "/2010-04-01/Accounts/{account}"
        return [
            Route("/version1/messaging", self.send_at, methods=["POST"]),
            Route("/version1/user", self.user_at, methods=["GET"]),
            Route(f"{account}/Messages.json", self.send_twilio, methods=["POST"]),
            Route(f"{account}/Messages/{{sid}}.json", self.fetch_twilio, methods=["GET"]),
            Route(f"{account}/Balance.json", self.balance_twilio, methods=["GET"]),
        ]

    async def send_at(self, request: Request) -> Response:
        """Africa's Talking takes a message."""
        form = await read_form(request)
        to, profile = form.get("to", ""), self._world.profile
        fault = self._world.fault_for(_AFRICA, to)
        key = request.headers.get("apiKey")
        known = (key, form.get("username")) == (profile.api_key, profile.username)
        if fault == "wrong_key" or not known:
            return PlainTextResponse("The supplied authentication is invalid", 401)
        if "message" not in form or not to:
            return PlainTextResponse("Request is missing required form field 'to'", 400)
        if form.get("from", profile.sender) != profile.sender:
            return _at_answer("InvalidSenderId", [])
        if fault in _REFUSALS or _NUMBER.fullmatch(to) is None:
            refusal = _REFUSALS.get(fault, _REFUSALS["bad_number"])
            row = {"statusCode": refusal.at_code, "number": to, "status": refusal.at_words}
            return _at_answer(
                "Sent to 0/1 Total Cost: 0", [{**row, "cost": "0", "messageId": "None"}]
            )
        return await self._finish(request, fault, _AFRICA, (to, form["message"]))

    async def user_at(self, request: Request) -> Response:
        """Africa's Talking tells what is left."""
        profile = self._world.profile
        if request.headers.get("apiKey") != profile.api_key:
            return PlainTextResponse("The supplied authentication is invalid", 401)
        return JSONResponse({"UserData": {"balance": "KES 785.5000"}})

    async def send_twilio(self, request: Request) -> Response:
        """Twilio takes a message."""
        form = await read_form(request)
        to = form.get("To", "")
        fault = self._world.fault_for(_TWILIO, to)
        if fault == "wrong_key" or not self._knows(request):
            return _twilio_error(401, 20003, "Authenticate")
        if fault in _REFUSALS or _NUMBER.fullmatch(to) is None:
            refusal = _REFUSALS.get(fault, _REFUSALS["bad_number"])
            return _twilio_error(refusal.status, refusal.code, refusal.words)
        if form.get("From") != self._world.profile.number:
            return _twilio_error(400, 21606, "The 'From' number cannot send messages.")
        if not form.get("Body") or len(form["Body"]) > 1600:
            return _twilio_error(400, 21617, "The message body exceeds the 1600 character limit.")
        return await self._finish(request, fault, _TWILIO, (to, form["Body"]))

    async def fetch_twilio(self, request: Request) -> Response:
        """Twilio says what became of a message."""
        if not self._knows(request):
            return _twilio_error(401, 20003, "Authenticate")
        taken = self._world.end(request.path_params["sid"])
        if taken is None:
            return _twilio_error(404, 20404, "The requested resource was not found")
        return JSONResponse(_twilio_row(taken, price="-0.0500"))

    async def balance_twilio(self, request: Request) -> Response:
        """Twilio tells what is left."""
        if not self._knows(request):
            return _twilio_error(401, 20003, "Authenticate")
        profile = self._world.profile
        return JSONResponse(
            {"account_sid": profile.account_sid, "balance": "12.34", "currency": "USD"}
        )

    def _knows(self, request: Request) -> bool:
        profile = self._world.profile
        scheme, _space, given = request.headers.get("authorization", "").partition(" ")
        try:
            pair = base64.b64decode(given, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        own = f"{profile.account_sid}:{profile.auth_token}"
        return (scheme, pair, request.path_params["account"]) == ("Basic", own, profile.account_sid)

    async def _finish(
        self, request: Request, fault: str, gateway: str, what: tuple[str, str]
    ) -> Response:
        if fault == "busy":
            if gateway == _TWILIO:
                return _twilio_error(429, 20429, "Too many requests")
            return PlainTextResponse("Too many requests", 429)
        if fault == "drop_before":
            return await cut(request, self._drop)
        if fault == "error_before":
            return PlainTextResponse("Internal Server Error", 500)
        taken = self._world.take(gateway, *what)
        if fault == "drop_after":
            return await cut(request, self._drop)
        if fault == "error_after":
            return PlainTextResponse("Bad Gateway", 502)
        if fault == "garbage_after":
            return PlainTextResponse("<html>oops", 201)
        if gateway == _TWILIO:
            return JSONResponse(_twilio_row(taken, price=None), 201)
        row = {"statusCode": 101, "number": taken.to, "status": "Success", "cost": "KES 0.8000"}
        return _at_answer(
            "Sent to 1/1 Total Cost: KES 0.8000", [{**row, "messageId": taken.own_id}]
        )


def _at_answer(words: str, rows: list[dict[str, object]]) -> Response:
    return JSONResponse({"SMSMessageData": {"Message": words, "Recipients": rows}}, 201)


def _twilio_error(status: int, code: int, words: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse(
        {"code": code, "message": words, "more_info": more, "status": status}, status
    )


def _twilio_row(taken: Taken, price: str | None) -> dict[str, object]:
    return {
        "sid": taken.own_id,
        "status": taken.status,
        "to": taken.to,
        "body": taken.text,
        "num_segments": "1",
        "price": price,
        "price_unit": "USD",
        "error_code": 30003 if taken.status == "undelivered" else None,
        "error_message": None,
        "direction": "outbound-api",
        "api_version": "2010-04-01",
    }
