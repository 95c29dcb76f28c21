"""Africa's Talking and Twilio over real HTTP: what each answer proves, and that nothing in doubt is called sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from sacco_desktop.demo.text_gateways.simulator import SimulatedGateways
from sacco_desktop.demo.text_gateways.world import FAULTS, ArmedFault
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.messages.answers import Became, Told
from sacco_desktop.gateways.messages import africas_talking, calls, twilio
from sacco_desktop.gateways.messages.africas_talking import AfricasTalkingAccess
from sacco_desktop.gateways.messages.calls import CallTimes, GatewayAnswer, ReportTold
from sacco_desktop.gateways.messages.twilio import TwilioAccess
from sacco_desktop.gateways.messages.twilio_signature import is_body_signed, is_signed, sign

PHONE = "254712345001"
TIMES = CallTimes(2, 2)
PROVES = {
    "": Told.TAKEN,
    "wrong_key": Told.GATEWAY_REFUSES_US,
    "no_credit": Told.GATEWAY_REFUSES_US,
    "bad_number": Told.NUMBER_REFUSED,
    "no_route": Told.REFUSED,
    "busy": Told.NOT_SENT,
    "drop_before": Told.DOUBTFUL,
    "drop_after": Told.DOUBTFUL,
    "error_before": Told.DOUBTFUL,
    "error_after": Told.DOUBTFUL,
    "garbage_after": Told.DOUBTFUL,
}


@pytest.fixture(scope="module")
def gateways() -> Iterator[SimulatedGateways]:
    with SimulatedGateways() as simulated:
        yield simulated


def at(gateways: SimulatedGateways, **changes: str) -> AfricasTalkingAccess:
    own = gateways.world.profile
    given = {
        "address": gateways.base_url, "account": own.username, "sender": own.sender, "secret": own.api_key,
    } | changes  # fmt: skip
    return AfricasTalkingAccess("practice", **given, times=TIMES)


def tw(gateways: SimulatedGateways, **changes: str) -> TwilioAccess:
    own = gateways.world.profile
    given = {
        "address": gateways.base_url, "account": own.account_sid, "sender": own.number, "secret": own.auth_token,
    } | changes  # fmt: skip
    return TwilioAccess("practice", **given, times=TIMES)


def send(access: AfricasTalkingAccess | TwilioAccess, text: str = "Hello") -> GatewayAnswer:
    async def once() -> GatewayAnswer:
        async with calls.client(TIMES) as http:
            if isinstance(access, TwilioAccess):
                return await twilio.send(http, access, PHONE, text)
            return await africas_talking.send(http, access, PHONE, text)

    return asyncio.run(once())


def test_what_each_answer_proves(gateways: SimulatedGateways) -> None:
    assert PROVES.keys() == {"", *FAULTS}
    world = gateways.world
    for access in (at(gateways), tw(gateways)):
        for fault, told in PROVES.items():
            if fault:
                world.arm(ArmedFault(fault))
            before = len(world.taken)
            answer = send(access, f"{fault} & ĩ +1%")
            assert answer.told is told, (fault, answer)
            is_there = len(world.taken) > before
            # What surely was not sent is not there, and what is there was never called unsent.
            assert is_there == (fault.endswith("_after") or not fault)
            assert not is_there or told in (Told.TAKEN, Told.DOUBTFUL)
            assert (answer.gateway_id == world.taken[-1].own_id) == (told is Told.TAKEN)
            assert not world.faults
            assert access.secret not in repr((access, answer)) + answer.text
        assert world.taken[-1].text.startswith("garbage_after & ĩ +1%")
        assert world.taken[-1].to == f"+{PHONE}"


@pytest.mark.parametrize(
    ("gateway", "changes", "told", "words"),
    [
        ("at", {"secret": "another"}, Told.GATEWAY_REFUSES_US, "does not accept our key"),
        ("at", {"sender": "STRANGER"}, Told.GATEWAY_REFUSES_US, "does not know our sender name"),
        ("at", {"address": "http://127.0.0.1:1"}, Told.NOT_SENT, "cannot be reached"),
        ("tw", {"secret": "another"}, Told.GATEWAY_REFUSES_US, "does not accept our account"),
        ("tw", {"sender": "+15005550001"}, Told.GATEWAY_REFUSES_US, "Our sender cannot send"),
        ("tw", {"address": "http://127.0.0.1:1"}, Told.NOT_SENT, "cannot be reached"),
    ],
)
def test_what_is_wrong_with_us_is_said(
    gateways: SimulatedGateways, gateway: str, changes: dict[str, str], told: Told, words: str
) -> None:
    access = at(gateways, **changes) if gateway == "at" else tw(gateways, **changes)
    answer = send(access)
    assert (answer.told, words in answer.words) == (told, True), answer.words


def test_reports_and_balances_are_fetched(gateways: SimulatedGateways) -> None:
    sid = send(tw(gateways)).gateway_id

    async def ask() -> tuple[object, ...]:
        async with calls.client(TIMES) as http:
            gateways.world.outcome = "delivered"
            good = await twilio.report(http, tw(gateways), sid)
            gateways.world.outcome = "undelivered"
            bad = await twilio.report(http, tw(gateways), sid)
            gateways.world.outcome = "delivered"
            strange = await twilio.report(http, tw(gateways), "SM" + "0" * 32)
            left = await africas_talking.balance(http, at(gateways))
            other = await twilio.balance(http, tw(gateways))
            none = await twilio.balance(http, tw(gateways, secret="another"))
            return good, bad, strange, left, other, none

    good, bad, strange, left, other, none = asyncio.run(ask())
    assert good == ReportTold(sid, Became.DELIVERED, "The phone has it.", "USD 0.05")
    assert bad == ReportTold(sid, Became.FAILED, "The phone did not get it (30003).", "USD 0.05")
    assert (strange, left, other, none) == (None, "KES 785.5000", "USD 12.34", "")


def test_reports_that_are_posted_are_read() -> None:
    sid = "SM" + "a" * 32
    read = twilio.read_report(
        {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    )
    assert read == ReportTold(sid, Became.FAILED, "The phone did not get it (30005).")
    assert twilio.read_report({"MessageSid": "x", "MessageStatus": "delivered"}) is None
    read = africas_talking.read_report(
        {"id": "ATXid_1", "status": "Success", "phoneNumber": "+254"}
    )
    assert read == ReportTold("ATXid_1", Became.DELIVERED, "The phone has it.")
    read = africas_talking.read_report(
        {"id": "ATXid_1", "status": "Rejected", "failureReason": "UserInBlackList"}
    )
    assert read is not None
    assert (read.became, read.words) == (
        Became.FAILED, "The phone did not get it: UserInBlackList",
    )  # fmt: skip
    open_still = africas_talking.read_report({"id": "ATXid_1", "status": "Buffered"})
    assert open_still is not None
    assert open_still.became is Became.OPEN
    assert africas_talking.read_report({"status": "Success"}) is None


def test_twilios_own_example_is_signed_and_nothing_else_is() -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    given = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert sign(url, form, "12345") == given
    assert is_signed(url, form, "12345", given)
    with_port = url.replace(".com/", ".com:443/")
    assert is_signed(url, form, "12345", sign(with_port, form, "12345"))
    assert is_signed(with_port, form, "12345", given)
    for changed in (form | {"Digits": "1235"}, form | {"More": ""}, {}):
        assert not is_signed(url, changed, "12345", given)
    assert not is_signed(url + "3", form, "12345", given)
    assert not is_signed(url, form, "12346", given)
    body = b'{"a":1}'
    hashed = "https://a.example/x?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    signed = sign(hashed, {}, "12345")
    assert is_body_signed(hashed, body, "12345", signed)
    assert not is_body_signed(hashed, body + b" ", "12345", signed)
    assert not is_body_signed(url, body, "12345", sign(url, {}, "12345"))


def test_real_hosts_are_fixed_and_practice_never_uses_them() -> None:
    for environment, address in (
        ("production", "http://127.0.0.1:1"),
        ("sandbox", "https://api.africastalking.com"),
        ("practice", ""),
        ("practice", "https://api.africastalking.com"),
        ("practice", "ftp://127.0.0.1"),
    ):
        with pytest.raises(InvalidInput):
            _ = AfricasTalkingAccess(environment, address, "u", "", "key").host
    real = AfricasTalkingAccess("production", "", "u", "", "key")
    assert real.host == "https://api.africastalking.com"
    assert AfricasTalkingAccess("sandbox", "", "u", "", "key").host.startswith(
        "https://api.sandbox."
    )
    with pytest.raises(InvalidInput):
        _ = TwilioAccess("practice", "https://api.twilio.com", "AC", "", "key").account_url


def test_the_page_shows_what_phones_got_and_arms_what_goes_wrong(
    gateways: SimulatedGateways,
) -> None:
    send(tw(gateways), "<b>KES 10</b>")
    with httpx.Client(base_url=gateways.base_url, trust_env=False) as browser:
        page = browser.get("/").text
        assert "&lt;b&gt;KES 10&lt;/b&gt;" in page
        assert "<b>KES" not in page
        assert browser.get("/control/messages").json()[-1]["text"] == "<b>KES 10</b>"
        assert browser.post("/faults", data={"fault": "busy", "times": "2"}).status_code == 303
        assert "Too many requests; nothing is taken. 2 ×" in browser.get("/").text
        assert browser.post("/faults", data={"fault": "flood"}).status_code == 400
        strange = {"origin": "http://elsewhere.example"}
        assert browser.post("/faults", data={"fault": "busy"}, headers=strange).status_code == 403
    assert [send(tw(gateways)).told for _ in range(3)] == [
        Told.NOT_SENT, Told.NOT_SENT, Told.TAKEN,
    ]  # fmt: skip
