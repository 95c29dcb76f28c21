"""Africa's Talking: sends one text message at a call, and says what is left of the credit.

It knows no id of ours, so what may have arrived is never sent again from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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

WHO = "Africa's Talking"
HOSTS = {
    "production": "https://api.africastalking.com",
    "sandbox": "https://api.sandbox.africastalking.com",
}
SEND_PATH = "/version1/messaging"
BALANCE_PATH = "/version1/user"

_TAKEN = frozenset({"100", "101", "102"})
_ABOUT_THE_NUMBER = {
    "403": "says that this is not a phone number.",
    "404": "says that numbers of this kind get no text messages.",
    "406": "says that the member has blocked messages.",
    "409": "says that the network delivers no such messages to the number.",
}
_ABOUT_US = {
    "402": "does not know our sender name. Register the name, or correct it in Settings.",
    "405": "says that our credit is used up. Pay some in.",
}
_ANOTHER_MAY = {
    "407": "has no way to this network.",
    "502": "says that the network did not take it.",
}
# What is proven, in words, with the code, the gateway's id and the cost.
_Read = tuple[Told, str, str, str, str]


@dataclass(frozen=True, slots=True)
class AfricasTalkingAccess:
    """Who we are there. Raises InvalidInput under `address`, `account` or `secret`."""

    environment: str
    address: str
    account: str
    sender: str
    secret: str = field(repr=False)
    times: CallTimes = PATIENT

    @property
    def host(self) -> str:
        """Where it is."""
        return checked_host(self.environment, self.address, HOSTS)

    @property
    def headers(self) -> dict[str, str]:
        """What each call carries; without Accept it would answer in XML."""
        return {"apiKey": self.secret, "Accept": "application/json"}


async def send(
    http: httpx.AsyncClient, access: AfricasTalkingAccess, phone: str, text: str
) -> GatewayAnswer:
    """Send one text to a stored number (`2547…`). The call must be committed before."""
    form = {"username": access.account, "to": f"+{phone}", "message": text, "bulkSMSMode": "1"}
    if access.sender:
        form["from"] = access.sender
    request = Request("POST", access.host + SEND_PATH, form, access.headers)
    heard = await calls.call(http, request, access.times)
    if not isinstance(heard, Heard):
        return calls.unheard(WHO, heard)
    return _read(heard, access, phone)


def _read(heard: Heard, access: AfricasTalkingAccess, phone: str) -> GatewayAnswer:
    told, words, code, gateway_id, cost = _by_status(heard) or _by_recipient(heard, phone)
    text = heard.text(access.secret)
    return GatewayAnswer(told, f"{WHO} {words}", code, gateway_id, cost, heard.status, text)


def _by_status(heard: Heard) -> _Read | None:
    """What the HTTP status alone proves."""
    if heard.status in (401, 403):
        return (
            Told.GATEWAY_REFUSES_US,
            "does not accept our key. Check it in Settings.",
            "401",
            "",
            "",
        )
    if heard.status == 429:
        return Told.NOT_SENT, "is too busy.", "429", "", ""
    if 400 <= heard.status < 500:
        said = " ".join(heard.text().split())[:120]
        return Told.REFUSED, f"did not take it: {said}", str(heard.status), "", ""
    if heard.status not in (200, 201):
        return Told.DOUBTFUL, "does not know what became of it.", str(heard.status), "", ""
    return None


def _by_recipient(heard: Heard, phone: str) -> _Read:
    row = _recipient(heard)
    if row is None:
        return Told.DOUBTFUL, "answered what nobody can read.", str(heard.status), "", ""
    if isinstance(row, str):
        if "senderid" in row.lower().replace(" ", ""):
            return Told.GATEWAY_REFUSES_US, _ABOUT_US["402"], row[:40], "", ""
        return Told.REFUSED, f"did not take it: {row[:120]}", row[:40], "", ""
    code = clean_text(row.get("statusCode"))
    if clean_text(row.get("number")) not in (f"+{phone}", ""):
        return Told.DOUBTFUL, "answered about another number.", code, "", ""
    if code in _TAKEN:
        gateway_id = clean_text(row.get("messageId"))[:100].replace("None", "")
        return Told.TAKEN, "took it.", code, gateway_id, clean_text(row.get("cost"))[:40]
    for table, told in (
        (_ABOUT_THE_NUMBER, Told.NUMBER_REFUSED),
        (_ABOUT_US, Told.GATEWAY_REFUSES_US),
        (_ANOTHER_MAY, Told.REFUSED),
    ):
        if code in table:
            return told, table[code], code, "", ""
    # Held back, or broken inside: it may still go out.
    held = (
        "holds it back and may still send it."
        if code == "401"
        else "does not know what became of it."
    )
    return Told.DOUBTFUL, held, code, "", ""


def _recipient(heard: Heard) -> dict[str, object] | str | None:
    """What is said of the one number; the words beside an empty list, which say why nothing was sent; or None."""
    try:
        data = read_object(heard.raw).get("SMSMessageData")
    except Unreadable:
        return None
    if not isinstance(data, dict):
        return None
    rows = data.get("Recipients")
    if isinstance(rows, list) and not rows:
        return clean_text(data.get("Message")) or "Nothing was sent."
    if isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict):
        return rows[0]
    return None


async def balance(http: httpx.AsyncClient, access: AfricasTalkingAccess) -> str:
    """What is left of the credit, `KES 785.50`; empty when it was not told."""
    url = f"{access.host}{BALANCE_PATH}?{httpx.QueryParams({'username': access.account})}"
    heard = await calls.call(http, Request("GET", url, headers=access.headers), access.times)
    if not isinstance(heard, Heard) or heard.status != 200:
        return ""
    try:
        data = read_object(heard.raw).get("UserData")
    except Unreadable:
        return ""
    return clean_text(data.get("balance"))[:40] if isinstance(data, dict) else ""


_ENDED = {"Success": Became.DELIVERED, "Failed": Became.FAILED, "Rejected": Became.FAILED}


def read_report(form: dict[str, str]) -> ReportTold | None:
    """What a delivery report says, or None for one that names no message. It carries no signature, so its secret
    address is all that vouches for it.
    """
    gateway_id, status = form.get("id", "").strip(), form.get("status", "").strip()
    if not gateway_id or not status:
        return None
    became = _ENDED.get(status, Became.OPEN)
    words = {
        Became.DELIVERED: "The phone has it.",
        Became.FAILED: f"The phone did not get it: {form.get('failureReason', '') or status}"[:120],
        Became.OPEN: f"It is on its way: {status}"[:60],
    }[became]
    return ReportTold(gateway_id[:100], became, words)
