"""The control addresses, the command line, and starting and stopping."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sacco_desktop.demo.local_server import LocalServer
from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.command_line import main
from sacco_desktop.demo.safaricom.control import ADDRESSES
from sacco_desktop.demo.safaricom.faults import FAULTS
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.credential import security_credential
from tests.guards.office_clock import OfficeClock

CLOCK = OfficeClock()


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatedSafaricom]:
    with SimulatedSafaricom(CLOCK.now) as safaricom:
        yield safaricom


@pytest.fixture
def safaricom(running: SimulatedSafaricom) -> SimulatedSafaricom:
    running.reset()
    return running


@pytest.fixture
def http(safaricom: SimulatedSafaricom) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=safaricom.base_url, trust_env=False, timeout=10) as client:
        yield client


def pay(http: httpx.Client, own_id: str = "LN-1", door: str = "http://127.0.0.1:9/r") -> Any:
    """A payout as a program in any language would send it, from the control addresses alone."""
    keys = http.get("/control/keys").json()
    pem = http.get(keys["certificate"]).text
    token = http.get(
        "/oauth/v1/generate?grant_type=client_credentials",
        auth=(keys["consumer_key"], keys["consumer_secret"]),
    ).json()["access_token"]
    body = {
        "OriginatorConversationID": own_id,
        "InitiatorName": keys["initiator_name"],
        "SecurityCredential": security_credential(keys["initiator_password"], pem),
        "CommandID": "BusinessPayment",
        "Amount": "100",
        "PartyA": keys["shortcode"],
        "PartyB": "254708374149",
        "Remarks": "Loan",
        "QueueTimeOutURL": door,
        "ResultURL": door,
    }
    headers = {"Authorization": f"Bearer {token}"}
    return http.post("/mpesa/b2c/v3/paymentrequest", json=body, headers=headers)


class TestControl:
    def test_each_address_that_is_listed_answers(self, http: httpx.Client) -> None:
        assert http.get("/control").json() == ADDRESSES
        for address in ADDRESSES:
            method, path = address.split()
            assert http.request(method, path).status_code in (200, 400), address

    def test_the_ledger(self, http: httpx.Client) -> None:
        assert pay(http).status_code == 200
        told = http.get("/control/ledger").json()
        assert told["is_conserved"]
        assert told["accounts_cents"]["wallet:254708374149"] == 100_00
        [payout] = told["transactions"]
        assert payout["originator_id"] == "LN-1"
        assert payout["state"] == "Completed"
        assert len(payout["receipt"]) == 10
        assert payout["initiated_at"].endswith("+00:00")
        assert "request" not in payout

    def test_messages_hold_no_credential(
        self, http: httpx.Client, safaricom: SimulatedSafaricom
    ) -> None:
        http.post("/control/faults", json={"fault": "timeout_original"})
        pay(http)
        assert safaricom.wait_until_quiet()
        messages = http.get("/control/messages").json()["messages"]
        assert {m["kind"] for m in messages} == {"request", "callback"}
        with_credential = [m for m in messages if "SecurityCredential" in (m["body"] or {})]
        assert len(with_credential) == 2
        assert {m["body"]["SecurityCredential"] for m in with_credential} == {"[redacted]"}
        rest = http.get("/control/messages", params={"after": 1}).json()["messages"]
        assert [m["number"] for m in rest] == list(range(2, len(messages) + 1))

    def test_faults_are_listed_armed_and_disarmed(self, http: httpx.Client) -> None:
        assert set(http.get("/control/faults").json()["faults"]) == set(FAULTS)
        armed = {"fault": "spike_arrest", "times": 2, "id": "LN-1"}
        assert http.post("/control/faults", json=armed).json()["left"] == 2
        assert pay(http, "LN-2").status_code == 200, "armed for another id"
        assert pay(http).json()["errorCode"] == "500.003.02"
        assert http.get("/control/faults").json()["armed"][0]["left"] == 1
        http.delete("/control/faults")
        assert pay(http).status_code == 200

    @pytest.mark.parametrize(
        ("address", "body"),
        [
            ("faults", {"fault": "earthquake"}),
            ("faults", {}),
            ("faults", {"fault": "quota", "times": 0}),
            ("faults", {"fault": "quota", "times": "many"}),
            ("faults", {"fault": "quota", "api": "c2b"}),
            ("faults", {"fault": "quota", "secs": 1}),
            ("oddities", {"codes": "roman"}),
            ("oddities", {"smell": "bad"}),
            ("fund", {"cents": 0}),
            ("fund", {"cents": 5, "account": "wallet:254708374149"}),
            ("outcomes", {"phone": "254708374149"}),
            ("initiator", {"roles": "b2c"}),
            ("wallets", [1]),
        ],
    )
    def test_what_cannot_be_used_is_explained(
        self, http: httpx.Client, address: str, body: object
    ) -> None:
        answer = http.post(f"/control/{address}", json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_changes_take_effect(self, http: httpx.Client, safaricom: SimulatedSafaricom) -> None:
        http.post("/control/oddities", json={"expires_in": "number"})
        http.post("/control/fund", json={"cents": 5_00})
        http.post("/control/wallets", json={"phone": "254708374149", "balance_cents": 7_00})
        assert safaricom.balance_cents() == 1_000_005_00
        assert safaricom.wallet_cents("254708374149") == 7_00
        http.post("/control/wallets", json={"phone": "254708374149", "is_registered": False})
        pay(http)
        http.post("/control/outcomes", json={"phone": "254708374149", "code": "0"})
        pay(http, "LN-2")
        http.post("/control/initiator", json={"is_locked": True})
        pay(http, "LN-3")
        assert [t.result_code for t in safaricom.transactions] == ["2040", "0", "8006"]
        http.post("/control/reset")
        assert safaricom.transactions == ()
        assert safaricom.balance_cents() == safaricom.profile.utility_cents

    def test_late_results_are_released(
        self, http: httpx.Client, safaricom: SimulatedSafaricom
    ) -> None:
        with CallbackInbox() as inbox:
            http.post("/control/faults", json={"fault": "result_late", "seconds": 600})
            pay(http, door=inbox.address("r"))
            assert safaricom.held_back == 1
            http.post("/control/callbacks/release")
            assert inbox.wait_for(lambda: len(inbox.callbacks) == 1)


class TestRunning:
    def test_it_stops_at_once_although_requests_hang(self) -> None:
        safaricom = SimulatedSafaricom(CLOCK.now)
        safaricom.start()
        safaricom.arm("oauth_hang", times=3)
        ended: list[str] = []

        def hang() -> None:
            try:
                httpx.get(safaricom.base_url + "/oauth/v1/generate", timeout=30, trust_env=False)
            except httpx.TransportError as error:
                ended.append(type(error).__name__)

        threads = [threading.Thread(target=hang) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert safaricom.wait_for(lambda: len(safaricom.messages) == 3)
        began = time.monotonic()
        safaricom.stop()
        assert time.monotonic() - began < 1.0
        for thread in threads:
            thread.join(5)
        assert len(ended) == 3

    def test_late_results_die_with_it(self) -> None:
        with CallbackInbox() as inbox:
            with SimulatedSafaricom(CLOCK.now) as safaricom:
                safaricom.arm("result_late")
                with httpx.Client(base_url=safaricom.base_url, trust_env=False) as http:
                    pay(http, door=inbox.address("r"))
            assert inbox.callbacks == ()

    def test_a_caller_who_leaves_while_sending_is_no_error(
        self, safaricom: SimulatedSafaricom
    ) -> None:
        """The guard on the log would fail this test."""
        host, _, port = safaricom.base_url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as half:
            half.sendall(b"POST /mpesa/b2c/v3/paymentrequest HTTP/1.1\r\nHost: x\r\n")
            half.sendall(b"Content-Length: 100\r\n\r\n{")
        with httpx.Client(base_url=safaricom.base_url, trust_env=False) as http:
            assert pay(http).status_code == 200
        assert len(safaricom.transactions) == 1

    def test_stopping_twice_and_before_a_start(self) -> None:
        safaricom = SimulatedSafaricom(CLOCK.now)
        safaricom.stop()
        safaricom.stop()

    def test_an_app_that_cannot_start_says_so(self, expect_log: Any) -> None:
        async def broken(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": "no"})

        expect_log("no|startup failed")
        server = LocalServer(broken, name="broken")
        with pytest.raises(RuntimeError, match="did not start"):
            server.start()
        server.stop()

    def test_a_taken_port(self, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert main(["--port", str(port)], CLOCK.now) == 1
        assert f"Port {port}" in capsys.readouterr().out

    def test_alone_in_a_process(self) -> None:
        """What the command prints is enough to use it; an interrupt ends it well."""
        program = (
            "import sys; from datetime import datetime, UTC;"
            "from sacco_desktop.demo.safaricom.command_line import main;"
            "sys.exit(main(['--port', '0', '--json'], lambda: datetime.now(UTC)))"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            facts = json.loads(process.stdout.readline())
            with httpx.Client(base_url=facts["base_url"], trust_env=False) as http:
                assert pay(http).status_code == 200
            assert httpx.get(facts["certificate_url"], trust_env=False).text.startswith("-----")
            page = httpx.get(facts["page_url"], trust_env=False)
            assert "<h1>Simulated Safaricom</h1>" in page.text
            process.send_signal(2)
            assert process.wait(10) == 0
