"""Money that comes in at the simulated Safaricom: prompts, the paybill, its list, and what can go wrong with them."""

import base64
import json
from typing import Any

import httpx
import pytest

from sacco_desktop.demo.safaricom.incoming import hashed
from sacco_desktop.demo.safaricom.stk_codes import STK_BY_PHONE
from tests.demo.caller import PHONE, Caller

PUSH = "/mpesa/stkpush/v1/processrequest"
QUERY = "/mpesa/stkpushquery/v1/query"
REVERSAL = "/mpesa/reversal/v1/request"
STAMP = "20260316090000"


def _signed(caller: Caller, passkey: str = "") -> dict[str, str]:
    profile = caller.safaricom.profile
    text = f"{profile.shortcode}{passkey or profile.passkey}{STAMP}"
    password = base64.b64encode(text.encode()).decode()
    return {"BusinessShortCode": profile.shortcode, "Password": password, "Timestamp": STAMP}


def _push(caller: Caller, phone: str = PHONE, **changes: Any) -> httpx.Response:
    body = {
        **_signed(caller),
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 1500,
        "PartyA": phone,
        "PartyB": caller.safaricom.profile.shortcode,
        "PhoneNumber": phone,
        "CallBackURL": caller.address("s"),
        "AccountReference": "M-0001",
        "TransactionDesc": "Deposits",
    }
    return caller.post(PUSH, {**body, **changes})


def _query(caller: Caller, checkout: str) -> httpx.Response:
    return caller.post(QUERY, {**_signed(caller), "CheckoutRequestID": checkout})


def _told(caller: Caller) -> list[dict[str, Any]]:
    return [body["Body"]["stkCallback"] for body in caller.posted("s")]


def _items(told: dict[str, Any]) -> dict[str, Any]:
    return {item["Name"]: item.get("Value") for item in told["CallbackMetadata"]["Item"]}


def _register(caller: Caller, version: str = "v2", **changes: Any) -> httpx.Response:
    body = {
        "ShortCode": caller.safaricom.profile.shortcode,
        "ResponseType": "Completed",
        "ConfirmationURL": caller.address("c"),
        "ValidationURL": caller.address("v"),
    }
    return caller.post(f"/mpesa/c2b/{version}/registerurl", {**body, **changes})


def test_a_paid_prompt_moves_the_money_and_is_told_with_its_receipt(caller: Caller) -> None:
    safaricom = caller.safaricom
    safaricom.set_oddities(stk_balance="no_value")
    before = safaricom.balance_cents("working")
    answer = _push(caller).json()
    told = _told(caller)[0]
    paid = safaricom.members.payments[0]
    assert answer["ResponseCode"] == "0"
    assert told["CheckoutRequestID"] == answer["CheckoutRequestID"]
    assert (told["ResultCode"], _items(told)["Amount"]) == (0, 1500.00)
    assert (_items(told)["MpesaReceiptNumber"], _items(told)["Balance"]) == (paid.receipt, None)
    assert safaricom.balance_cents("working") == before + 1_500_00
    asked = _query(caller, answer["CheckoutRequestID"]).json()
    assert (asked["ResponseCode"], asked["ResultCode"]) == ("0", "0")
    assert paid.receipt not in json.dumps(asked)
    assert safaricom.is_conserved


def test_codes_come_by_practice_numbers(caller: Caller) -> None:
    some = {"1", "1032", "1037", "2001", "SFC_IC0003"}
    for phone, code in STK_BY_PHONE.items():
        if code not in some:
            continue
        assert _push(caller, phone).status_code == 200, code
        told = _told(caller)[-1]
        assert (str(told["ResultCode"]), "CallbackMetadata" in told) == (code, False)
    assert not caller.safaricom.members.payments
    caller.safaricom.set_wallet(PHONE, cents=1_499_00)
    _push(caller)
    assert _told(caller)[-1]["ResultCode"] == 1


def test_a_prompt_that_waits_is_pending_in_both_forms_and_blocks_its_phone(caller: Caller) -> None:
    caller.safaricom.arm("prompt_waits")
    checkout = _push(caller).json()["CheckoutRequestID"]
    asked = _query(caller, checkout)
    assert (asked.status_code, asked.json()["errorCode"]) == (500, "500.001.1001")
    caller.safaricom.set_oddities(stk_pending="code")
    assert _query(caller, checkout).json()["ResultCode"] == "4999"
    busy = _push(caller)
    assert busy.status_code == 500
    assert "Unable to lock subscriber" in busy.json()["errorMessage"]
    caller.safaricom.release_callbacks()
    assert caller.safaricom.wait_for(lambda: len(caller.safaricom.members.payments) == 1)
    assert _told(caller)[0]["ResultCode"] == 0


def test_who_asks_wrongly_is_refused(caller: Caller) -> None:
    wrong = [
        (_push(caller, **_signed(caller, "other passkey")), "Wrong credentials"),
        (_push(caller, BusinessShortCode="600999"), "Merchant does not exist"),
        (_push(caller, Amount="10.50"), "Invalid Amount"),
        (_push(caller, TransactionDesc=...), "Invalid TransactionDesc"),
        (_query(caller, "ws_CO_nothing"), "Invalid CheckoutRequestID"),
        (_register(caller, "v1"), "no apiproduct match"),
    ]
    for answer, words in wrong:
        assert words in answer.json()["errorMessage"]
    assert not caller.safaricom.members.prompts


def test_a_member_may_pay_after_the_time_ran_out(caller: Caller) -> None:
    caller.safaricom.arm("paid_after_timeout")
    checkout = _push(caller).json()["CheckoutRequestID"]
    assert _told(caller)[0]["ResultCode"] == 1037
    assert _query(caller, checkout).json()["ResultCode"] == "1037"
    caller.safaricom.release_callbacks()
    assert caller.safaricom.wait_for(lambda: len(caller.safaricom.members.payments) == 1)
    assert _told(caller)[1]["ResultCode"] == 0
    assert _query(caller, checkout).json()["ResultCode"] == "0"


def test_a_question_may_contradict_and_answers_may_be_lost_or_forged(caller: Caller) -> None:
    safaricom = caller.safaricom
    safaricom.arm("query_contradicts")
    checkout = _push(caller).json()["CheckoutRequestID"]
    assert _told(caller)[0]["ResultCode"] == 0
    assert _query(caller, checkout).json()["ResultCode"] == "1032"
    for fault in ("result_lost", "result_doubled"):
        safaricom.arm(fault, api="stk")
        _push(caller)
        _told(caller)
    assert len(_told(caller)) == 3
    safaricom.arm("result_forged_payment", api="stk")
    _push(caller, "254700001032")
    forged = _items(_told(caller)[-1])["MpesaReceiptNumber"]
    safaricom.arm("result_other_amount", api="stk")
    _push(caller)
    assert _items(_told(caller)[-1])["Amount"] == 1
    assert forged not in {paid.receipt for paid in safaricom.members.payments}


@pytest.mark.parametrize(("version", "number"), [("v1", hashed(PHONE)), ("v2", "2547 ***** 149")])
def test_a_payment_to_the_paybill_is_confirmed(caller: Caller, version: str, number: str) -> None:
    safaricom = caller.safaricom
    safaricom.switch_product("c2b/v1")
    answer = _register(caller, version).json()
    assert (answer["ResponseCode"], "OriginatorCoversationID" in answer) == ("0", True)
    paid = safaricom.members.pay(PHONE, 250_00, " m-0001 loan")
    (told,) = caller.posted("c")
    assert (told["TransID"], told["TransAmount"]) == (paid.receipt, "250.00")
    assert (told["MSISDN"], told["BillRefNumber"]) == (number, " m-0001 loan")
    assert not caller.posted("v")
    safaricom.set_oddities(urls_once=True)
    assert "already registered" in _register(caller, version).json()["errorMessage"]
    safaricom.arm("result_lost", api="c2b")
    safaricom.members.pay(PHONE, 100_00)
    safaricom.members.forge(PHONE, 900_00, "M-0001")
    assert safaricom.wait_for(lambda: len(caller.bodies("c")) == 2)
    assert len(safaricom.members.payments) == 2


def test_whoever_validates_may_refuse_and_silence_counts_as_was_registered(caller: Caller) -> None:
    safaricom = caller.safaricom
    safaricom.set_oddities(c2b_validation=True)
    _register(caller)
    safaricom.members.pay(PHONE, 250_00, "M-0001")
    (asked,) = caller.posted("v")
    assert (asked["OrgAccountBalance"], asked["BillRefNumber"]) == ("", "M-0001")
    _register(caller, ResponseType="Cancelled", ValidationURL="http://127.0.0.1:9/v")
    with pytest.raises(TimeoutError):
        _pay_soon(caller)
    _register(caller, ValidationURL="http://127.0.0.1:9/v")
    assert safaricom.members.pay(PHONE, 250_00).amount_cents == 250_00


def _pay_soon(caller: Caller) -> None:
    """Pay, and say at once when that was declined."""
    before = len(caller.safaricom.members.payments)
    caller.http.post("/control/pay", json={"phone": PHONE, "cents": 250_00}).raise_for_status()
    assert caller.safaricom.wait_until_quiet()
    if len(caller.safaricom.members.payments) == before:
        raise TimeoutError


def test_the_list_of_payments_is_paged_and_reaches_back_two_days(caller: Caller) -> None:
    safaricom = caller.safaricom
    for number in range(3):
        safaricom.members.pay(PHONE, (number + 1) * 100, f"A{number}")
    body = {
        "ShortCode": safaricom.profile.shortcode,
        "StartDate": "2026-03-15 00:00:00",
        "EndDate": "2026-03-16 23:59:59",
        "OffSetValue": "1",
    }
    assert caller.post("/pulltransactions/v1/query", body).json()["errorCode"] == "400.001"
    register = {
        "ShortCode": safaricom.profile.shortcode,
        "RequestType": "Pull",
        "NominatedNumber": PHONE,
        "CallBackURL": caller.address("p"),
    }
    statuses = [
        caller.post("/pulltransactions/v1/register", register).json()["ResponseStatus"]
        for _ in range(2)
    ]
    assert statuses == ["1000", "1001"]
    rows = caller.post("/pulltransactions/v1/query", body).json()["Response"][0]
    assert [row["billreference"] for row in rows] == ["A1", "A2"]
    assert rows[0]["msisdn"] == "2547 ***** 149"
    old = {**body, "StartDate": "2026-03-01 00:00:00", "EndDate": "2026-03-02 00:00:00"}
    assert caller.post("/pulltransactions/v1/query", old).json()["Response"] == [[]]
    safaricom.set_oddities(pull_empty="error")
    assert caller.post("/pulltransactions/v1/query", old).status_code == 500


def test_a_payment_is_taken_back_once(caller: Caller) -> None:
    safaricom = caller.safaricom
    paid = safaricom.members.pay(PHONE, 250_00)
    body = {
        "Initiator": safaricom.profile.initiator_name,
        "SecurityCredential": caller.credential(),
        "CommandID": "TransactionReversal",
        "TransactionID": paid.receipt,
        "Amount": "250",
        "ReceiverParty": safaricom.profile.shortcode,
        "RecieverIdentifierType": "11",
        "Remarks": "Paid twice",
        "QueueTimeOutURL": caller.address("t"),
        "ResultURL": caller.address("r"),
    }
    codes = []
    for receipt in (paid.receipt, paid.receipt, "SGA9NOTHERE"):
        caller.post(REVERSAL, {**body, "TransactionID": receipt})
        codes.append(caller.result("r")["ResultCode"])
    assert codes == [0, "R000001", "R000002"]
    assert safaricom.wallet_cents(PHONE) == 250_00
    assert safaricom.is_conserved


def test_the_page_shows_payments_and_prompts_and_pays(caller: Caller) -> None:
    _push(caller)
    _told(caller)
    caller.http.post("/control/pay", json={"phone": PHONE, "cents": 700_00, "reference": "M-0002"})
    assert caller.safaricom.wait_for(lambda: len(caller.safaricom.members.payments) == 2)
    page = caller.http.get("/").text
    for paid in caller.safaricom.members.payments:
        assert paid.receipt in page
    assert "Prompts on phones" in page
    assert "No address is registered" in page
    ledger = caller.http.get("/control/ledger").json()
    assert [row["road"] for row in ledger["payments"]] == ["stk", "paybill"]
    assert "Password" not in json.dumps(ledger)
    pushed = [m for m in caller.safaricom.messages if m.name == "stk/v1"]
    assert isinstance(pushed[0].body, dict)
    assert pushed[0].body["Password"] == "[redacted]"
