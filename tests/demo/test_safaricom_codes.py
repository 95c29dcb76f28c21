"""Each code that M-Pesa is known to answer with, over HTTP, and what our gateway makes of it."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sacco_desktop.demo.practice_office import MEMBERS
from sacco_desktop.demo.safaricom.codes import CODES, OUTCOME_BY_PHONE
from sacco_desktop.demo.safaricom.rules import ENVELOPES
from sacco_desktop.gateways.daraja.answers import StatusOutcome, parse_result, parse_status_result
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    B2CAnswer,
    B2CRequest,
    Doubtful,
    NotSent,
    Refused,
)
from sacco_desktop.gateways.daraja.result_codes import ResultKind
from tests.demo.caller import ID_CHECKED, PHONE, STATUS, Caller
from tests.guards.office_clock import OfficeClock

FAILED = "1 2 3 4 5 7 8 12 14 1005 2007 2020 2040 2043 2051 2202 SFC_IC0003 R002 R003"
FAILED_AND_STOP = "6 11 13 18 20 21 22 24 25 29 2001 2006 2028 8006"
IN_DOUBT = (
    "15 17 19 26 2029 2033 9999 100000000 100000001 100000002 100000004 100000005 100000007 "
    "100000009 100000010 100000011 100000100"
)
EXPECTED: dict[str, ResultKind] = {
    **dict.fromkeys(FAILED.split(), ResultKind.FAILED),
    **dict.fromkeys(FAILED_AND_STOP.split(), ResultKind.FAILED_STOP_QUEUE),
    **dict.fromkeys(IN_DOUBT.split(), ResultKind.UNKNOWN),
}


def pay_by_client(caller: Caller, clock: OfficeClock, phone: str = PHONE) -> B2CAnswer:
    async def run() -> B2CAnswer:
        async with DarajaClient(caller.safaricom.connection(), clock.now) as client:
            doors = (caller.address("r"), caller.address("t"))
            return await client.pay_out(B2CRequest("LN-1", phone, 100, "Loan", "", *doors))

    return asyncio.run(run())


def test_no_code_was_forgotten() -> None:
    assert set(CODES) == set(EXPECTED)


@pytest.mark.parametrize("code", EXPECTED)
def test_a_number_ends_in_its_code(caller: Caller, practice_clock: OfficeClock, code: str) -> None:
    """The request is accepted; the code comes later, in a final result that tells of no money."""
    phone = CODES[code].phone
    assert isinstance(pay_by_client(caller, practice_clock, phone), Accepted)
    [body] = caller.posted("r")
    result = body["Result"]
    assert result["ResultCode"] == (int(code) if code.isdigit() else code)
    assert result["ResultDesc"] == CODES[code].text
    assert "ResultParameters" not in result
    notice = parse_result(json.dumps(body).encode())
    assert notice.is_final
    assert notice.meaning.kind is EXPECTED[code]
    assert notice.receipt is None
    assert "not described" not in notice.meaning.meaning
    assert caller.safaricom.wallet_cents(phone) == 0
    assert caller.safaricom.is_conserved


def test_each_code_can_be_chosen_for_the_next_payout(caller: Caller) -> None:
    for code in EXPECTED:
        armed = caller.http.post("/control/next", json={"code": code}).json()
        assert armed["name"] == "outcome"
        caller.pay()
    caller.pay()
    ended = [t.result_code for t in caller.safaricom.transactions]
    assert ended == [*EXPECTED, "0"], "each once, and the one after is paid"
    told = {str(body["Result"]["ResultCode"]) for body in caller.posted("r")}
    assert told == {*EXPECTED, "0"}


@pytest.mark.parametrize("code", EXPECTED)
def test_a_code_at_once_leaves_a_doubt(
    caller: Caller, practice_clock: OfficeClock, code: str
) -> None:
    """Where an acceptance belongs, no code proves anything; the queue stops for some all the same."""
    caller.http.post("/control/next", json={"code": code, "way": "answer"})
    answer = pay_by_client(caller, practice_clock)
    assert isinstance(answer, Doubtful)
    assert answer.code == code
    assert answer.stop_queue is (EXPECTED[code] is ResultKind.FAILED_STOP_QUEUE)
    assert answer.duplicate is (code == "15")
    assert caller.posted("r") == []
    assert caller.safaricom.transactions == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("400.002.02", Refused),
        ("400.002.05", Refused),
        ("400.003.01", NotSent),  # another token was refused as well
        ("400.003.02", Refused),
        ("401.002.01", NotSent),
        ("401.003.01", NotSent),
        ("404.001.03", NotSent),
        ("404.001.04", Refused),
        ("404.001.01", Refused),
        ("404.002.01", Refused),
        ("404.003.01", Refused),
        ("405.001", Refused),
        ("500.001.1001", Doubtful),
        ("500.002.1001", Doubtful),
        ("500.003.1001", Doubtful),
        ("500.003.02", NotSent),
        ("500.003.03", NotSent),
    ],
)
def test_an_error_code_can_be_chosen(
    caller: Caller, practice_clock: OfficeClock, code: str, kind: type
) -> None:
    armed = caller.http.post("/control/next", json={"code": code, "times": 2}).json()
    assert armed["name"] == "refused_with"
    assert isinstance(pay_by_client(caller, practice_clock), kind)
    assert caller.safaricom.transactions == ()


def test_no_error_code_was_forgotten() -> None:
    marks = [mark for mark in test_an_error_code_can_be_chosen.pytestmark if mark.args]  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == set(ENVELOPES)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, "code is missing"),
        ({"code": ""}, "1 to 20 characters"),
        ({"code": "1" * 21}, "1 to 20 characters"),
        ({"code": "17", "way": "by pigeon"}, "way is"),
        ({"code": "500.003.03", "way": "result"}, "only comes at once"),
        ({"code": "17", "api": "c2b"}, "api of outcome is one of"),
        ({"code": "17", "times": 0}, "at least 1"),
    ],
)
def test_a_code_that_cannot_be_chosen(caller: Caller, asked: dict[str, Any], why: str) -> None:
    answer = caller.http.post("/control/next", json=asked)
    assert answer.status_code == 400
    assert why in answer.json()["error"]


def test_a_code_nobody_has_described_is_a_doubt(
    caller: Caller, practice_clock: OfficeClock
) -> None:
    caller.http.post("/control/next", json={"code": "NEW_77"})
    assert isinstance(pay_by_client(caller, practice_clock), Accepted)
    caller.posted("r")
    notice = parse_result(caller.bodies("r")[0])
    assert (notice.result_code, notice.meaning.kind) == ("NEW_77", ResultKind.UNKNOWN)


def test_code_0_pays_also_where_a_number_says_otherwise(caller: Caller) -> None:
    phone = CODES["2040"].phone
    caller.http.post("/control/next", json={"code": "0"})
    caller.pay(PartyB=phone)
    assert caller.safaricom.wallet_cents(phone) == 100_00
    caller.safaricom.set_outcome(PHONE, "0")
    caller.safaricom.arm("float_drained")
    caller.pay()
    assert caller.safaricom.transactions[-1].result_code == "1", "not with money that is not there"


@pytest.mark.parametrize("code", ["R002", "R003", "17"])
def test_the_numbers_also_serve_the_checked_payout(caller: Caller, code: str) -> None:
    caller.safaricom.switch_product("b2cvalidate/v2")
    caller.pay(ID_CHECKED, PartyB=CODES[code].phone, IDType="01", IDNumber="22334455")
    assert str(caller.result("r")["ResultCode"]) == code


@pytest.mark.parametrize("code", ["2033", "SFC_IC0003"])
def test_a_payout_nobody_knows_is_told_by_either_code(caller: Caller, code: str) -> None:
    caller.safaricom.set_oddities(not_found_code=code)
    caller.ask(STATUS, OriginalConversationID="LN-404")
    caller.posted("q")
    notice = parse_status_result(caller.bodies("q")[0])
    assert (notice.query_code, notice.outcome) == (code, StatusOutcome.NOT_FOUND)


def test_a_result_that_settles_nothing_yet(caller: Caller) -> None:
    caller.safaricom.arm("result_not_final")
    caller.pay()
    caller.posted("r")
    first, second = [parse_result(body) for body in caller.bodies("r")]
    assert (first.is_final, second.is_final) == (False, True)
    assert second.receipt


def test_after_a_code_at_once_the_money_may_have_moved(
    caller: Caller, practice_clock: OfficeClock
) -> None:
    caller.safaricom.arm("response_after_taking", code="17")
    assert isinstance(pay_by_client(caller, practice_clock), Doubtful)
    assert caller.safaricom.wallet_cents(PHONE) == 100_00


def test_practice_numbers_belong_to_nobody() -> None:
    """Each its own, none of a member of the practice office."""
    members = {"254" + new.phone.replace(" ", "").lstrip("0") for new, _ in MEMBERS}
    assert len(OUTCOME_BY_PHONE) == len(CODES)
    assert not members & set(OUTCOME_BY_PHONE)
    assert all(re.fullmatch(r"254700[0-9]{6}", phone) for phone in OUTCOME_BY_PHONE)


def test_the_manual_lists_each_number_with_its_code() -> None:
    manual = Path("docs/simulated_safaricom.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"\| (254700\d{6}) \| (\w+)[,:]", manual))
    assert rows == OUTCOME_BY_PHONE
