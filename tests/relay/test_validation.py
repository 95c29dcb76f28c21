"""Payments that a society wants refused while the member pays: by the relay alone, and in any doubt by nobody."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callback_relay.protocol.validation import ACCEPTED, Policy, judged, plain_account
from callback_relay.server import RelayServer
from callback_relay.settings import RelaySettings
from tests.guards.office_clock import OPENING_TIME, OfficeClock
from tests.relay.paired import in_loop, office

KEY = b"k" * 32
UNTIL = OPENING_TIME + timedelta(hours=48)
POLICY = Policy.of(KEY, ("M-0123", "L-0412", "AP-0007", "0722908114"), 50_00, UNTIL)


def _body(account: object = "M-0123", kes: object = "100.00") -> bytes:
    return json.dumps({"BillRefNumber": account, "TransAmount": kes, "TransID": ""}).encode()


def _code(body: bytes, policy: Policy | None = POLICY) -> str:
    return judged(policy, body, OPENING_TIME)["ResultCode"]


def test_known_accounts_and_sums_pass_however_they_are_typed() -> None:
    good = (
        "m123",
        "M 0123-LOAN",
        "member no.123 shares",
        "loan 412",
        "L0412-FEE",
        "ap7",
        "0722 908 114",
        "",
    )
    assert {account: _code(_body(account)) for account in good} == dict.fromkeys(good, "0")
    for account in ("M-0124", "jane", "123", "MM", "0722908115"):
        assert _code(_body(account)) == "C2B00012"
    assert _code(_body(kes="49.99")) == "C2B00013"
    assert _code(_body(kes=50)) == "0"
    assert plain_account("ｍ００１２３") == "M123"


def test_in_any_doubt_everything_is_accepted() -> None:
    for body in (b"", b"[]", b"{", b"\xff", _body(kes="x"), _body(kes=None), _body(kes="NaN")):
        assert _code(body) == "0"
    assert _code(_body("jane"), None) == "0"
    assert judged(POLICY, _body("jane"), UNTIL + timedelta(seconds=1)) == ACCEPTED
    assert _code(_body("jane"), replace(POLICY, marks=b"")) == "0"
    assert Policy.from_message(POLICY.as_message()) == POLICY


@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_body_ends_otherwise_than_in_an_answer(body: bytes, account: str) -> None:
    assert _code(body) in ("0", "C2B00012", "C2B00013")
    assert _code(_body(account)) in ("0", "C2B00012")


@in_loop
async def test_the_relay_refuses_by_the_rules_of_the_society_and_keeps_what_it_refused(
    server: RelayServer, office_clock: OfficeClock
) -> None:
    async with (
        office(server, office_clock.now) as one,
        office(server, office_clock.now, "Jirani") as other,
    ):
        wrong, right = _body("jane"), _body()
        assert (await one.post("c2b-validate", wrong)).json()["ResultCode"] == "0"
        await one.client.set_validation(POLICY)
        refused = await one.post("c2b-validate", wrong)
        assert (refused.status_code, refused.content) == (
            200,
            b'{"ResultCode":"C2B00012","ResultDesc":"Rejected"}',
        )
        assert (await one.post("c2b-validate", right)).json()["ResultCode"] == "0"
        assert (await other.post("c2b-validate", wrong)).json()["ResultCode"] == "0"
        assert await one.bodies("c2b-validate") == [wrong]
        office_clock.advance(hours=49)
        assert (await one.post("c2b-validate", wrong)).json()["ResultCode"] == "0"
        await one.client.set_validation(
            replace(POLICY, valid_until=office_clock.now() + timedelta(1))
        )
        assert (await one.post("c2b-validate", wrong)).json()["ResultCode"] == "C2B00012"
        await one.client.set_validation(None)
        assert (await one.post("c2b-validate", wrong)).json()["ResultCode"] == "0"


@in_loop
async def test_whoever_is_not_safaricom_learns_no_account(
    practice: RelaySettings, office_clock: OfficeClock
) -> None:
    with RelayServer(replace(practice, sources=("203.0.113.0/24",))) as server:
        async with office(server, office_clock.now) as one:
            await one.client.set_validation(POLICY)
            assert (await one.post("c2b-validate", _body("jane"))).json()["ResultCode"] == "0"
            assert await one.bodies("c2b-validate") == []
