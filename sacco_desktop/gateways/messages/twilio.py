"""Twilio: sends one text message at a call, says what became of it, what it cost and what is left of the credit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import httpx

from sacco_desktop.domain.messages.answers import Became, Told
from sacco_desktop.gateways.daraja.outside_json import Unreadable, clean_text, read_object
from sacco_desktop.gateways.messages import calls
from sacco_desktop.gateways.messages.addresses import checked_host
from sacco_desktop.gateways.messages.calls import (
    PATIENT,
    CallTimes,
    GatewayAnswer,
    Heard,
    ReportTold,
    Request,
)

WHO = "Twilio"
HOSTS = {"production": "https://api.twilio.com", "sandbox": "https://api.twilio.com"}
_SID = re.compile(r"SM[0-9a-f]{32}|MM[0-9a-f]{32}")

_OPEN = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
_DELIVERED = frozenset({"delivered", "read", "partially_delivered"})
_FAILED = frozenset({"failed", "undelivered", "canceled"})
_ABOUT_THE_NUMBER = {
    "21211": "It is not a phone number.",
    "21610": "The member has answered STOP to our messages.",
    "21614": "It is not a mobile number.",
    "21635": "It is a landline.",
}
_ABOUT_US = {
    "20003": "It does not accept our account and token. Check them in Settings.",
    "20404": "It does not know our account. Check it in Settings.",
    "21603": "No sender is set. Write it in Settings.",
    "21606": "Our sender cannot send text messages. Correct it in Settings.",
    "21408": "Messages to Kenya are not switched on. Switch them on in Twilio's console.",
    "30002": "Our account is suspended.",
}
_LATER = frozenset({"20429", "21611"})


@dataclass(frozen=True, slots=True)
class TwilioAccess:
    """Who we are there: the account's SID and its token; `sender` is a number or a messaging service (`MG…`)."""

    environment: str
    address: str
    account: str
    sender: str
    secret: str = field(repr=False)
    times: CallTimes = PATIENT

    @property
    def account_url(self) -> str:
        """Under which all of the account lies."""
        host = checked_host(self.environment, self.address, HOSTS)
        return f"{host}/2010-04-01/Accounts/{self.account}"

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> Request:
        """A call with our account and token."""
        return Request(
            method, f"{self.account_url}{path}", form or {}, {}, (self.account, self.secret)
        )


async def send(
    http: httpx.AsyncClient, access: TwilioAccess, phone: str, text: str
) -> GatewayAnswer:
    """Send one text to a stored number (`2547…`). The call must be committed before."""
    by = "MessagingServiceSid" if access.sender.startswith("MG") else "From"
    form = {"To": f"+{phone}", by: access.sender, "Body": text}
    heard = await calls.call(http, access.request("POST", "/Messages.json", form), access.times)
    if not isinstance(heard, Heard):
        return calls.unheard(WHO, heard)
    kept = heard.text(access.secret)
    told, words, code, sid, cost = _read(heard)
    return GatewayAnswer(told, words, code, sid, cost, heard.status, kept)


def _read(heard: Heard) -> tuple[Told, str, str, str, str]:
    """What is proven, in words, with the code, the id and the cost."""
    try:
        said = read_object(heard.raw)
    except Unreadable:
        said = {}
    if heard.status in (200, 201):
        sid, status = clean_text(said.get("sid")), clean_text(said.get("status"))
        if _SID.fullmatch(sid) is None:
            return Told.DOUBTFUL, f"{WHO} answered what nobody can read.", "", "", ""
        if status in _FAILED:
            code = clean_text(said.get("error_code"))
            return Told.NUMBER_REFUSED, f"{WHO} could not send it.", code, sid, ""
        return Told.TAKEN, f"{WHO} took it.", "", sid, _cost(said)
    code = clean_text(said.get("code")) or str(heard.status)
    if heard.status in (401, 403) and code not in _ABOUT_US:
        code = "20003"
    if heard.status == 429 or code in _LATER:
        return Told.NOT_SENT, f"{WHO} is too busy.", code, "", ""
    if code in _ABOUT_US:
        return Told.GATEWAY_REFUSES_US, f"{WHO}: {_ABOUT_US[code]}", code, "", ""
    if code in _ABOUT_THE_NUMBER:
        return Told.NUMBER_REFUSED, f"{WHO}: {_ABOUT_THE_NUMBER[code]}", code, "", ""
    if 400 <= heard.status < 500:
        return (
            Told.REFUSED,
            f"{WHO} did not take it: {clean_text(said.get('message'))[:120]}",
            code,
            "",
            "",
        )
    return Told.DOUBTFUL, f"{WHO} does not know what became of it.", code, "", ""


async def report(http: httpx.AsyncClient, access: TwilioAccess, sid: str) -> ReportTold | None:
    """What became of a message, and what it cost; None when it was not told."""
    if _SID.fullmatch(sid) is None:
        return None
    heard = await calls.call(http, access.request("GET", f"/Messages/{sid}.json"), access.times)
    if not isinstance(heard, Heard) or heard.status != 200:
        return None
    try:
        said = read_object(heard.raw)
    except Unreadable:
        return None
    if clean_text(said.get("sid")) != sid:
        return None
    code = clean_text(said.get("error_code"))
    return _report(sid, clean_text(said.get("status")), code, _cost(said))


def read_report(form: dict[str, str]) -> ReportTold | None:
    """What a status callback says, or None for one that names no message. Check its signature first."""
    sid = form.get("MessageSid", "")
    if _SID.fullmatch(sid) is None:
        return None
    return _report(sid, form.get("MessageStatus", ""), form.get("ErrorCode", ""), "")


def _report(sid: str, status: str, code: str, cost: str) -> ReportTold:
    if status in _DELIVERED:
        return ReportTold(sid, Became.DELIVERED, "The phone has it.", cost)
    if status in _FAILED:
        why = f" ({code})" if code else ""
        return ReportTold(sid, Became.FAILED, f"The phone did not get it{why}.", cost)
    return ReportTold(sid, Became.OPEN, "It is on its way.", cost)


def _cost(said: dict[str, object]) -> str:
    """`USD 0.05`; Twilio writes costs below zero, and none before it knows."""
    price, unit = clean_text(said.get("price")), clean_text(said.get("price_unit"))
    try:
        figure = abs(Decimal(price))
    except InvalidOperation:
        return ""
    return f"{unit.upper()[:3]} {figure.normalize():f}" if figure.is_finite() else ""


async def balance(http: httpx.AsyncClient, access: TwilioAccess) -> str:
    """What is left of the credit, `USD 12.34`; empty when it was not told."""
    heard = await calls.call(http, access.request("GET", "/Balance.json"), access.times)
    if not isinstance(heard, Heard) or heard.status != 200:
        return ""
    try:
        said = read_object(heard.raw)
    except Unreadable:
        return ""
    left, currency = clean_text(said.get("balance")), clean_text(said.get("currency"))
    return f"{currency} {left}"[:40] if left and currency else ""
