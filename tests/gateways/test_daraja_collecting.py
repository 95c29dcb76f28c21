"""Requests about money that comes in, against the simulated Safaricom: what each answer proves."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.incoming import hashed
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.collecting import (
    CollectingClient,
    PhoneBusy,
    PromptAccepted,
    PromptEnded,
    PromptPending,
    PromptRequest,
    Pulled,
    Registered,
    ReversalRequest,
)
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.gateways.daraja.exchange import Accepted, Doubtful, NotSent, Refused
from sacco_desktop.gateways.daraja.outside_json import Unreadable
from sacco_desktop.gateways.daraja.payers import Payer, to_payer
from sacco_desktop.gateways.daraja.payment_notices import (
    parse_confirmation,
    parse_prompt,
    parse_reversal,
)
from tests.guards.office_clock import OfficeClock

CLOCK = OfficeClock()
PHONE = "254708374149"
Answer = TypeVar("Answer")
Mpesa = tuple[SimulatedSafaricom, CallbackInbox]


@pytest.fixture(scope="module")
def running() -> Iterator[Mpesa]:
    with CallbackInbox() as inbox, SimulatedSafaricom(CLOCK.now) as safaricom:
        yield safaricom, inbox


@pytest.fixture
def mpesa(running: Mpesa) -> Mpesa:
    running[0].reset(Profile())
    running[1].clear()
    return running


def ask(
    mpesa: Mpesa, act: Callable[[CollectingClient], Awaitable[Answer]], read_seconds: float = 10.0
) -> Answer:
    async def run() -> Answer:
        connection = mpesa[0].connection(timeouts=Timeouts(5.0, read_seconds))
        async with DarajaClient(connection, CLOCK.now) as client:
            return await act(CollectingClient(client))

    return asyncio.run(run())


def push(mpesa: Mpesa, read_seconds: float = 10.0) -> object:
    request = PromptRequest(PHONE, 1500, "M-0001", "Deposits", mpesa[1].address("s"))
    return ask(mpesa, lambda client: client.stk_push(request), read_seconds)


def test_a_prompt_is_taken_once_and_its_end_is_read(mpesa: Mpesa) -> None:
    safaricom, inbox = mpesa
    safaricom.set_oddities(stk_balance="decimal", backwards=True)
    taken = push(mpesa)
    assert isinstance(taken, PromptAccepted)
    assert safaricom.profile.passkey not in taken.exchange.request_json
    assert safaricom.wait_until_quiet()
    notice = parse_prompt(inbox.bodies("s")[0])
    (paid,) = safaricom.members.payments
    assert (notice.code, notice.receipt, notice.amount_cents) == ("0", paid.receipt, 1_500_00)
    assert (notice.checkout_request_id, notice.payer) == (taken.checkout_request_id, Payer(PHONE))
    ended = ask(mpesa, lambda client: client.stk_query(taken.checkout_request_id))
    assert isinstance(ended, PromptEnded)
    assert ended.code == "0"


@pytest.mark.parametrize("form", ["error", "code"])
def test_a_prompt_on_the_phone_is_pending_and_blocks_the_next(mpesa: Mpesa, form: str) -> None:
    mpesa[0].set_oddities(stk_pending=form)
    mpesa[0].arm("prompt_waits")
    taken = push(mpesa)
    assert isinstance(taken, PromptAccepted)
    pending = ask(mpesa, lambda client: client.stk_query(taken.checkout_request_id))
    assert isinstance(pending, PromptPending)
    assert isinstance(push(mpesa), PhoneBusy)


@pytest.mark.parametrize(
    ("fault", "kind", "prompts"),
    [
        ("hang_before_taking", Doubtful, 0),
        ("hang_after_taking", Doubtful, 1),
        ("html_after_taking", Doubtful, 1),
        ("drop_after_taking", Doubtful, 1),
        ("system_busy", Doubtful, 0),
        ("spike_arrest", NotSent, 0),
        ("quota", NotSent, 0),
        ("refused_with", Refused, 0),
        ("no_api_product", NotSent, 0),
        ("token_death", PromptAccepted, 1),
    ],
)
def test_what_is_not_surely_refused_is_in_doubt(
    mpesa: Mpesa, fault: str, kind: type, prompts: int
) -> None:
    mpesa[0].arm(fault, api="stk")
    assert isinstance(push(mpesa, 0.3 if fault.startswith("hang") else 10.0), kind)
    assert len(mpesa[0].members.prompts) == prompts


def test_a_wrong_passkey_or_shortcode_stops_and_none_is_asked_for(mpesa: Mpesa) -> None:
    connection = mpesa[0].connection()

    async def run(passkey: str) -> object:
        async with DarajaClient(replace(connection, passkey=passkey), CLOCK.now) as client:
            request = PromptRequest(PHONE, 1, "M-0001", "", mpesa[1].address("s"))
            return await CollectingClient(client).stk_push(request)

    refused = asyncio.run(run("another"))
    assert isinstance(refused, Refused)
    assert refused.stop_queue
    with pytest.raises(InvalidInput, match="passkey"):
        asyncio.run(run(""))


def test_the_paybill_is_registered_listed_and_paid_back(mpesa: Mpesa) -> None:
    safaricom, inbox = mpesa
    urls = inbox.address("c"), inbox.address("v")
    first = ask(mpesa, lambda client: client.register_urls(*urls))
    assert isinstance(first, Registered)
    assert not first.was_before
    safaricom.set_oddities(urls_once=True, pull_spacing=True, pull_number="hashed")
    again = ask(mpesa, lambda client: client.register_urls(*urls))
    assert isinstance(again, Registered)
    assert again.was_before
    safaricom.arm("on_old_platform")
    assert isinstance(ask(mpesa, lambda client: client.register_urls(*urls)), Refused)
    paid = safaricom.members.pay(PHONE, 250_00, "m0001 loan")
    assert safaricom.wait_until_quiet()
    told = parse_confirmation(inbox.bodies("c")[0])
    assert (told.receipt, told.amount_cents, told.reference) == (paid.receipt, 250_00, "m0001 loan")
    assert (told.payer.masked, told.paid_at) == ("2547 ***** 149", paid.paid_at)
    for was_before in (False, True):
        answer = ask(mpesa, lambda client: client.register_pull(PHONE, inbox.address("p")))
        assert isinstance(answer, Registered)
        assert answer.was_before is was_before
    now = CLOCK.now()
    window = now - timedelta(days=1), now + timedelta(minutes=1)
    page = ask(mpesa, lambda client: client.pull(*window))
    assert isinstance(page, Pulled)
    (row,) = page.payments
    assert (row.receipt, row.amount_cents, row.paid_at) == (paid.receipt, 250_00, paid.paid_at)
    assert row.payer == Payer(hash=hashed(PHONE))
    for empty, kind in (("list", Pulled), ("1001", Pulled), ("error", Doubtful)):
        safaricom.set_oddities(pull_empty=empty)
        assert isinstance(ask(mpesa, lambda client: client.pull(*window, 1)), kind)
    back = ReversalRequest(paid.receipt, 250, inbox.address("r"), inbox.address("t"))
    assert isinstance(ask(mpesa, lambda client: client.reverse(back)), Accepted)
    assert safaricom.wait_until_quiet()
    assert parse_reversal(inbox.bodies("r")[0]).receipt == paid.receipt


@pytest.mark.parametrize(
    ("written", "payer"),
    [
        ("254708374149", Payer(phone=PHONE)),
        (hashed(PHONE).upper(), Payer(hash=hashed(PHONE))),
        ("2547 ***** 149", Payer(masked="2547 ***** 149")),
        ("2547XXXXX149", Payer(masked="2547XXXXX149")),
        ("Jane", Payer()),
        (None, Payer()),
    ],
)
def test_payers_in_every_spelling(written: object, payer: Payer) -> None:
    assert to_payer(written) == payer


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'{"Body": {}}',
        b'{"Body": {"stkCallback": {"ResultDesc": "no code"}}}',
        b'{"TransID": "SGA1ABCD2E", "TransAmount": "NaN"}',
        b'{"TransID": "SGA0000000", "TransAmount": "1", "TransTime": "20240710091545", "BusinessShortCode": "1"}',
    ],
)
def test_what_cannot_be_understood_is_not_guessed(raw: bytes) -> None:
    for parse in (parse_prompt, parse_confirmation, parse_reversal):
        with pytest.raises(Unreadable):
            parse(raw)
