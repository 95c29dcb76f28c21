"""Synchronous HTTP answers: acceptances, error envelopes, and those of overloaded gateways."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sacco_desktop.demo.safaricom import rules
from sacco_desktop.demo.safaricom.codes import text_of
from sacco_desktop.demo.safaricom.faults import ArmedFault
from sacco_desktop.demo.safaricom.world import World

HTML = (
    "<html><head><title>Request unsuccessful</title></head>"
    "<body>Request unsuccessful. Incapsula incident ID: 0-0</body></html>"
)
SOAP_FAULT = {
    "Envelope": {
        "Body": {
            "Fault": {
                "faultcode": "env:Server",
                "faultstring": "Execution of ServiceCallout SC-Core failed. Reason: timeout",
            }
        }
    }
}


class Unanswered(Response):
    """Stands for an answer that never reached anybody: the caller had already gone."""


def refuse(world: World, refusal: rules.Refusal) -> Response:
    """The usual error envelope."""
    return JSONResponse(
        {
            "requestId": world.new_request_id(),
            "errorCode": refusal.code,
            "errorMessage": refusal.text,
        },
        refusal.http_status,
    )


def accept(own_id: str, conversation_id: str) -> Response:
    """Queued, which is not paid."""
    return JSONResponse(
        {
            "ConversationID": conversation_id,
            "OriginatorConversationID": own_id,
            "ResponseCode": "0",
            "ResponseDescription": "Accept the service request successfully.",
        }
    )


def respond(world: World, code: str) -> Response:
    """An answer in the shape of an acceptance whose code says that it is none."""
    return JSONResponse(
        {
            "ConversationID": world.new_conversation_id(),
            "OriginatorConversationID": world.new_gateway_id(),
            "ResponseCode": code,
            "ResponseDescription": text_of(code),
        }
    )


def broken(world: World, fault: ArmedFault) -> Response:
    """The answer of the html_, soap_, empty_, error_ and response_ faults."""
    what = fault.name.partition("_")[0]
    if what == "response":
        return respond(world, fault.text("code"))
    if what == "soap":
        return JSONResponse(SOAP_FAULT, 503)
    status = int(fault.number("http_status"))
    if what == "html":
        return Response(HTML, status, media_type="text/html")
    if what == "empty":
        return Response(b"", status)
    return refuse(world, rules.Refusal(status, fault.text("code"), fault.text("text")))


async def gone(_: Request, __: Exception) -> Response:
    """A caller who left while still sending is no error of ours."""
    return Unanswered()


async def hang(request: Request) -> Response:
    """Say nothing until the caller gives up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Unanswered()


async def cut(request: Request, drop: Callable[[tuple[str, int]], None]) -> Response:
    """Close the connection without a word."""
    host, port = request.scope["client"]
    drop((host, port))
    return await hang(request)


def basic_keys(request: Request) -> tuple[str, str] | None:
    """Key and secret of a Basic header; None for any other kind of header."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        key, colon, secret = base64.b64decode(rest, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (key, secret) if colon else ("", "")


def bearer(request: Request) -> str:
    """The token of a Bearer header, or empty text."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
