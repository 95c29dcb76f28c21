"""The simulated gateway as any M-Pesa program meets it: tokens, field rules, its words of refusal."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sacco_desktop.demo.safaricom.keys import credential_key
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.credential import security_credential
from tests.guards.office_clock import OfficeClock

CLOCK = OfficeClock()
B2C = "/mpesa/b2c/v3/paymentrequest"
STATUS = "/mpesa/transactionstatus/v1/query"
BALANCE = "/mpesa/accountbalance/v1/query"
# Nobody listens there; what becomes of callbacks is looked at elsewhere.
CLOSED_DOOR = "http://127.0.0.1:9/"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[SimulatedSafaricom, httpx.Client]]:
    with (
        SimulatedSafaricom(CLOCK.now) as safaricom,
        httpx.Client(base_url=safaricom.base_url, trust_env=False, timeout=10) as http,
    ):
        yield safaricom, http


@pytest.fixture
def safaricom(running: tuple[SimulatedSafaricom, httpx.Client]) -> SimulatedSafaricom:
    running[0].reset(Profile())
    return running[0]


@pytest.fixture
def http(running: tuple[SimulatedSafaricom, httpx.Client]) -> httpx.Client:
    return running[1]


def basic(text: str = "practice-consumer-key:practice-consumer-secret") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def ask_token(http: httpx.Client, **headers: str) -> httpx.Response:
    return http.get("/oauth/v1/generate?grant_type=client_credentials", headers=headers or basic())


def token(http: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {ask_token(http).json()['access_token']}"}


def payout(**changes: Any) -> dict[str, Any]:
    body = {
        "OriginatorConversationID": "LN-1",
        "InitiatorName": "practice_api",
        "SecurityCredential": security_credential(
            "Practice#2026", credential_key().certificate_pem
        ),
        "CommandID": "BusinessPayment",
        "Amount": 100,
        "PartyA": "600310",
        "PartyB": "254708374149",
        "Remarks": "Loan",
        "QueueTimeOutURL": CLOSED_DOOR,
        "ResultURL": CLOSED_DOOR,
    }
    body.update(changes)
    return {k: v for k, v in body.items() if v is not ...}


def question(**changes: Any) -> dict[str, Any]:
    body = payout(
        Initiator="practice_api", CommandID="TransactionStatusQuery", IdentifierType="4", **changes
    )
    return {k: v for k, v in body.items() if k not in ("InitiatorName", "OriginatorConversationID")}


def said(answer: httpx.Response) -> tuple[int, str, str]:
    body = answer.json()
    assert body["requestId"]
    return answer.status_code, body["errorCode"], body["errorMessage"]


class TestToken:
    def test_wrong_keys_get_an_empty_400(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        answer = ask_token(http, **basic("practice-consumer-key:wrong"))
        assert (answer.status_code, answer.content) == (400, b"")

    def test_another_header_or_grant(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        assert said(ask_token(http, Authorization="Bearer x"))[1] == "400.008.01"
        answer = http.get("/oauth/v1/generate?grant_type=password", headers=basic())
        assert said(answer)[1] == "400.008.02"

    def test_seconds_as_text_or_number(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        assert ask_token(http).json()["expires_in"] == "3599"
        safaricom.set_oddities(expires_in="number")
        assert ask_token(http).json()["expires_in"] == 3599

    def test_a_new_token_kills_the_old_one(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        old, new = token(http), token(http)
        status, code, text = said(http.post(B2C, json=payout(), headers=old))
        assert (status, code) == (401, "401.002.01")
        assert text.startswith("Error Occurred - Invalid Access Token - ")
        assert http.post(B2C, json=payout(), headers=new).status_code == 200

    def test_it_lives_an_hour(self, safaricom: SimulatedSafaricom, http: httpx.Client) -> None:
        headers = token(http)
        CLOCK.advance(seconds=3600)
        assert said(http.post(B2C, json=payout(), headers=headers))[1] == "401.002.01"

    def test_a_question_words_it_otherwise(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        answer = http.post(STATUS, json=question(), headers={"Authorization": "Bearer x"})
        assert said(answer) == (400, "400.003.01", "Invalid Access Token")


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"OriginatorConversationID": ...}, "OriginatorConversationID"),
            ({"OriginatorConversationID": "a b"}, "OriginatorConversationID"),
            ({"InitiatorName": ""}, "InitiatorName"),
            ({"SecurityCredential": ...}, "SecurityCredential"),
            ({"CommandID": "Gift"}, "CommandID"),
            ({"Amount": "10.50"}, "Amount"),
            ({"Amount": 0}, "Amount"),
            ({"Amount": [10]}, "Amount"),
            ({"PartyA": "12"}, "PartyA"),
            ({"PartyB": "0708374149"}, "PartyB"),
            ({"PartyB": "+254708374149"}, "PartyB"),
            ({"Remarks": "x"}, "Remarks"),
            ({"Remarks": "x" * 101}, "Remarks"),
            ({"ResultURL": "ftp://127.0.0.1/"}, "ResultURL"),
            ({"ResultURL": CLOSED_DOOR + "mPesa"}, "ResultURL"),
            ({"QueueTimeOutURL": CLOSED_DOOR + "abexecd"}, "QueueTimeOutURL"),
            ({"Occassion": "x" * 101}, "Occassion"),
        ],
    )
    def test_the_field_is_named(
        self,
        safaricom: SimulatedSafaricom,
        http: httpx.Client,
        changes: dict[str, Any],
        field: str,
    ) -> None:
        answer = http.post(B2C, json=payout(**changes), headers=token(http))
        assert said(answer) == (400, "400.002.02", f"Bad Request - Invalid {field}")
        assert safaricom.transactions == ()

    @pytest.mark.parametrize("amount", [100, "100", "100.00"])
    def test_numbers_may_be_text(
        self, safaricom: SimulatedSafaricom, http: httpx.Client, amount: object
    ) -> None:
        body = payout(Amount=amount, PartyA=600310, PartyB=254708374149, Occassion="")
        assert http.post(B2C, json=body, headers=token(http)).status_code == 200
        assert safaricom.transactions[0].amount_cents == 100_00

    def test_a_missing_content_type_is_blamed_on_the_first_field(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        answer = http.post(B2C, content=b"{}", headers=token(http))
        assert said(answer)[2] == "Bad Request - Invalid OriginatorConversationID"

    def test_a_body_that_is_no_object(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        for raw in (b"[]", b"{", b"", b"[" * 50_000):
            headers = {**token(http), "Content-Type": "application/json"}
            assert said(http.post(B2C, content=raw, headers=headers))[1] == "400.002.05"

    def test_wrong_methods_headers_and_paths(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        assert said(http.get(B2C, headers=token(http)))[1] == "404.001.04"
        assert said(http.put(B2C, json={}))[1:] == ("405.001", "PUT Method Not Allowed")
        assert said(http.post(B2C, json=payout()))[1] == "404.001.04"
        assert said(http.post("/mpesa/b2c/v9/x"))[:2] == (404, "404.001.01")

    def test_an_app_without_the_product(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.reset(Profile(products=frozenset({"b2c/v1"})))
        assert said(http.post(B2C, json=payout(), headers=token(http)))[:2] == (401, "401.003.01")

    def test_the_same_id_twice(self, safaricom: SimulatedSafaricom, http: httpx.Client) -> None:
        headers = token(http)
        assert http.post(B2C, json=payout(), headers=headers).status_code == 200
        again = http.post(B2C, json=payout(Amount=50), headers=headers)
        assert said(again) == (500, "500.002.1001", "Duplicate OriginatorConversationID.")
        assert len(safaricom.transactions) == 1

    def test_real_rules_for_callback_addresses(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.reset(Profile(allows_local_callbacks=False))
        answer = http.post(B2C, json=payout(), headers=token(http))
        assert said(answer)[2] == "Bad Request - Invalid QueueTimeOutURL"

    def test_a_question_about_nothing(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        answer = http.post(
            STATUS, json=question(OriginatorConversationID="LN-1"), headers=token(http)
        )
        assert said(answer)[2] == "Bad Request - Invalid TransactionID"
        answer = http.post(BALANCE, json=question(), headers=token(http))
        assert said(answer)[2] == "Bad Request - Invalid CommandID"


class TestOutcomes:
    def pay(self, safaricom: SimulatedSafaricom, http: httpx.Client, **changes: Any) -> str:
        """The result code of one payout."""
        answer = http.post(B2C, json=payout(**changes), headers=token(http))
        assert answer.status_code == 200, answer.text
        return safaricom.transactions[-1].result_code

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({}, "0"),
            ({"Amount": 9}, "2"),
            ({"Amount": 250_001}, "3"),
            ({"Amount": 250_000}, "0"),
            ({"InitiatorName": "somebody"}, "20"),
            ({"SecurityCredential": "bm90IGxvY2tlZA=="}, "2001"),
            ({"SecurityCredential": "not base64"}, "2001"),
            ({"PartyA": "999999"}, "2028"),
            ({"PartyB": "254700000040"}, "2040"),
            ({"PartyB": "254700000030"}, "SFC_IC0003"),
            ({"PartyB": "254700000017"}, "17"),
        ],
    )
    def test_the_core_decides(
        self,
        safaricom: SimulatedSafaricom,
        http: httpx.Client,
        changes: dict[str, Any],
        code: str,
    ) -> None:
        assert self.pay(safaricom, http, **changes) == code
        moved = safaricom.balance_cents("utility") != safaricom.profile.utility_cents
        assert moved is (code == "0")
        assert safaricom.is_conserved

    def test_limits_of_a_member(self, safaricom: SimulatedSafaricom, http: httpx.Client) -> None:
        safaricom.set_wallet("254708374149", cents=499_950_00)
        assert self.pay(safaricom, http) == "8"
        safaricom.set_wallet("254708374149", is_registered=False)
        assert self.pay(safaricom, http, OriginatorConversationID="LN-2") == "2040"
        safaricom.set_wallet("254708374149")
        for number in (3, 4):
            own_id = f"LN-{number}"
            big = {"OriginatorConversationID": own_id, "Amount": 250_000}
            assert self.pay(safaricom, http, **big) == "0"
            safaricom.set_wallet("254708374149")
        assert self.pay(safaricom, http, OriginatorConversationID="LN-5") == "4"
        CLOCK.advance(days=1)
        assert self.pay(safaricom, http, OriginatorConversationID="LN-6") == "0"

    def test_the_float_runs_dry(self, safaricom: SimulatedSafaricom, http: httpx.Client) -> None:
        safaricom.arm("float_drained")
        assert self.pay(safaricom, http) == "1"
        assert safaricom.balance_cents("working") == 1_500_000_00
        safaricom.fund(100_00)
        assert self.pay(safaricom, http, OriginatorConversationID="LN-2") == "0"

    def test_wrong_passwords_lock_the_user(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.reset(Profile(wrong_passwords_before_lock=2))
        wrong = security_credential("wrong", credential_key().certificate_pem)
        codes = [
            self.pay(safaricom, http, OriginatorConversationID=f"LN-{n}", SecurityCredential=wrong)
            for n in range(3)
        ]
        assert codes == ["2001", "2001", "8006"]
        assert self.pay(safaricom, http, OriginatorConversationID="LN-8") == "8006"
        safaricom.set_initiator(is_locked=False)
        assert self.pay(safaricom, http, OriginatorConversationID="LN-9") == "0"

    def test_a_right_password_forgives_the_wrong_ones(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.reset(Profile(wrong_passwords_before_lock=2))
        wrong = security_credential("wrong", credential_key().certificate_pem)
        codes = []
        for number, credential in enumerate([wrong, ..., wrong, ..., wrong]):
            changes = {} if credential is ... else {"SecurityCredential": credential}
            own_id = f"LN-{number}"
            codes.append(self.pay(safaricom, http, OriginatorConversationID=own_id, **changes))
        assert codes == ["2001", "0", "2001", "0", "2001"]

    def test_a_role_that_is_missing(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.reset(Profile(roles=frozenset({"status"})))
        assert self.pay(safaricom, http) == "21"

    def test_an_outcome_set_for_a_phone(
        self, safaricom: SimulatedSafaricom, http: httpx.Client
    ) -> None:
        safaricom.set_outcome("254708374149", "26")
        assert self.pay(safaricom, http) == "26"
        safaricom.set_outcome("254708374149", "")
        assert self.pay(safaricom, http, OriginatorConversationID="LN-2") == "0"
