"""The payout that is made only when the line is registered to the identity paper named in it."""

import asyncio
from typing import Any

import httpx
import pytest

from sacco_desktop.gateways.daraja.answers import parse_result
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.exchange import Accepted, B2CAnswer, B2CRequest
from tests.demo.caller import ID_CHECKED, PHONE, Caller
from tests.guards.office_clock import OfficeClock


@pytest.fixture
def allowed(caller: Caller) -> Caller:
    """Safaricom has switched the service on for this shortcode."""
    answer = caller.http.post("/control/products", json={"product": "b2cvalidate/v2"})
    assert "b2cvalidate/v2" in answer.json()["products"]
    return caller


def pay(
    caller: Caller, number: object = "22334455", kind: object = "01", **rest: Any
) -> httpx.Response:
    return caller.pay(ID_CHECKED, IDNumber=number, IDType=kind, **rest)


def last_code(caller: Caller) -> str:
    return caller.safaricom.transactions[-1].result_code


def test_it_has_to_be_switched_on(caller: Caller) -> None:
    answer = pay(caller)
    assert (answer.status_code, answer.json()["errorCode"]) == (401, "401.003.01")
    caller.safaricom.switch_product("b2cvalidate/v2")
    assert pay(caller).status_code == 200
    caller.http.post("/control/products", json={"product": "b2cvalidate/v2", "is_enabled": False})
    assert pay(caller).status_code == 401
    assert caller.http.post("/control/products", json={"product": "stk"}).status_code == 400


def test_the_owner_of_the_line_is_paid(allowed: Caller) -> None:
    allowed.safaricom.register_line(PHONE, "22334455")
    answer = pay(allowed)
    assert answer.json()["OriginatorConversationID"] == "LN-1"
    result = allowed.result("r")
    assert (result["ResultCode"], result["OriginatorConversationID"]) == (0, "LN-1")
    assert allowed.safaricom.wallet_cents(PHONE) == 100_00


@pytest.mark.parametrize(
    ("kind", "number", "code"), [("01", "99887766", "R003"), ("05", "22334455", "R002")]
)
def test_nobody_else_is(allowed: Caller, kind: str, number: str, code: str) -> None:
    allowed.http.post("/control/wallets", json={"phone": PHONE, "id_number": "22334455"})
    assert pay(allowed, number, kind).status_code == 200
    result = allowed.result("r")
    assert result["ResultCode"] == code
    assert result["ResultDesc"]
    assert allowed.safaricom.wallet_cents(PHONE) == 0
    assert allowed.safaricom.is_conserved


def test_another_kind_of_paper(allowed: Caller) -> None:
    passport = {"phone": PHONE, "id_number": "AK0123456", "id_type": "05"}
    allowed.http.post("/control/wallets", json=passport)
    pay(allowed, "AK0123456", "05")
    assert last_code(allowed) == "0"
    wrong = allowed.http.post("/control/wallets", json={**passport, "id_type": "06"})
    assert wrong.status_code == 400


def test_a_line_of_nobody_takes_the_first_paper(allowed: Caller) -> None:
    codes = []
    for number in ("22334455", "99887766", "22334455"):
        pay(allowed, number)
        codes.append(last_code(allowed))
    assert codes == ["0", "R003", "0"]
    allowed.safaricom.register_line(PHONE, "")
    pay(allowed, "99887766")
    assert last_code(allowed) == "0"


def test_a_payout_that_is_not_checked_asks_for_no_paper(allowed: Caller) -> None:
    allowed.safaricom.register_line(PHONE, "22334455")
    allowed.pay(IDNumber="99887766", IDType="01")
    assert last_code(allowed) == "0"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "1"}, "IDType"),
        ({"kind": "06"}, "IDType"),
        ({"kind": ...}, "IDType"),
        ({"number": ""}, "IDNumber"),
        ({"number": "22 33"}, "IDNumber"),
        ({"number": ...}, "IDNumber"),
        ({"OriginatorConversationID": ...}, "OriginatorConversationID"),
        ({"PartyB": "0708374149"}, "PartyB"),
    ],
)
def test_the_field_is_named(allowed: Caller, changes: dict[str, Any], field: str) -> None:
    answer = pay(allowed, **changes)
    assert answer.status_code == 400
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
    assert allowed.safaricom.transactions == ()


def test_an_id_is_taken_once_for_both_ways_of_paying(allowed: Caller) -> None:
    assert allowed.pay(OriginatorConversationID="LN-9").status_code == 200
    again = pay(allowed, OriginatorConversationID="LN-9")
    assert (again.status_code, again.json()["errorCode"]) == (500, "500.002.1001")
    assert allowed.safaricom.wallet_cents(PHONE) == 100_00


def test_faults_strike_here_too(allowed: Caller) -> None:
    allowed.safaricom.arm("result_lost")
    pay(allowed)
    assert allowed.posted("r") == []
    assert allowed.safaricom.wallet_cents(PHONE) == 100_00


@pytest.mark.parametrize(("number", "code"), [("22334455", "0"), ("99887766", "R003")])
def test_our_client_names_the_paper(
    allowed: Caller, practice_clock: OfficeClock, number: str, code: str
) -> None:
    async def run() -> B2CAnswer:
        doors = (allowed.address("r"), allowed.address("t"))
        request = B2CRequest("LN-1", PHONE, 100, "Loan", "", *doors, id_number=number)
        async with DarajaClient(allowed.safaricom.connection(), practice_clock.now) as client:
            return await client.pay_out(request)

    allowed.safaricom.register_line(PHONE, "22334455", name="JANE WANJIKU")
    assert isinstance(asyncio.run(run()), Accepted)
    allowed.posted("r")
    notice = parse_result(allowed.bodies("r")[0])
    assert notice.result_code == code
    assert notice.receiver_name == ("JANE WANJIKU" if code == "0" else "")
