"""Each way in which a call can end, over real HTTP: what the client says it proves."""

import asyncio
import json
import logging
import socket
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.answers import StatusOutcome, parse_result, parse_status_result
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.connection import B2CVersion, DarajaConnection, Timeouts
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    B2CAnswer,
    B2CRequest,
    BalanceRequest,
    Doubtful,
    NotSent,
    QuestionAnswer,
    Refused,
    StatusRequest,
)
from sacco_desktop.gateways.daraja.token import TokenNotHad
from tests.guards.office_clock import OfficeClock

T = TypeVar("T")
PATIENT = Timeouts(5.0, 10.0)
# Only where an answer never comes: each such test lasts this long.
IMPATIENT = Timeouts(5.0, 0.5)
CLOCK = OfficeClock()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[SimulatedSafaricom, CallbackInbox]]:
    with CallbackInbox() as inbox, SimulatedSafaricom(CLOCK.now) as safaricom:
        yield safaricom, inbox


@pytest.fixture
def safaricom(running: tuple[SimulatedSafaricom, CallbackInbox]) -> SimulatedSafaricom:
    running[0].reset(Profile())
    return running[0]


@pytest.fixture
def inbox(running: tuple[SimulatedSafaricom, CallbackInbox]) -> CallbackInbox:
    running[1].clear()
    return running[1]


def payout(inbox: CallbackInbox, own_id: str = "LN-000123-1", **changes: Any) -> B2CRequest:
    values: dict[str, Any] = {
        "originator_conversation_id": own_id,
        "phone": "254708374149",
        "amount_shillings": 5000,
        "remarks": "Loan 123",
        "occasion": "",
        "result_url": inbox.address("r/b2c"),
        "timeout_url": inbox.address("t/b2c"),
    }
    return B2CRequest(**{**values, **changes})


def question(inbox: CallbackInbox, **what: Any) -> StatusRequest:
    return StatusRequest(inbox.address("r/status"), inbox.address("t/status"), **what)


def with_client(connection: DarajaConnection, act: Callable[[DarajaClient], Any]) -> Any:
    async def run() -> Any:
        async with DarajaClient(connection, CLOCK.now) as client:
            return await act(client)

    return asyncio.run(run())


def pay(
    safaricom: SimulatedSafaricom,
    request: B2CRequest,
    timeouts: Timeouts = PATIENT,
    version: B2CVersion = "v3",
) -> B2CAnswer:
    answer: B2CAnswer = with_client(
        safaricom.connection(version, timeouts), lambda client: client.pay_out(request)
    )
    return answer


def ask(safaricom: SimulatedSafaricom, request: StatusRequest) -> QuestionAnswer:
    answer: QuestionAnswer = with_client(
        safaricom.connection(timeouts=PATIENT), lambda client: client.ask_status(request)
    )
    return answer


class TestAccepted:
    @pytest.mark.parametrize("version", ["v1", "v3"])
    def test_queued_and_then_paid(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, version: B2CVersion
    ) -> None:
        answer = pay(safaricom, payout(inbox), version=version)
        assert isinstance(answer, Accepted)
        assert answer.conversation_id.startswith("AG_20260316_")
        assert (answer.originator_conversation_id == "LN-000123-1") is (version == "v3")
        assert safaricom.wait_until_quiet()
        notice = parse_result(inbox.bodies("r/b2c")[0])
        assert notice.conversation_id == answer.conversation_id
        assert notice.amount_cents == 5000_00
        assert safaricom.wallet_cents("254708374149") == 5000_00
        assert safaricom.is_conserved

    def test_the_exchange_is_kept_without_secrets(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        answer = pay(safaricom, payout(inbox))
        assert answer.exchange.path == "/mpesa/b2c/v3/paymentrequest"
        assert answer.exchange.http_status == 200
        kept = json.loads(answer.exchange.request_json)
        assert kept["SecurityCredential"] == "[redacted]"
        assert kept["OriginatorConversationID"] == "LN-000123-1"
        assert "Occassion" not in kept
        assert json.loads(answer.exchange.response_text)["ResponseCode"] == "0"
        assert "254708374149" not in repr(answer)


DOUBTS = [
    ("drop_before_taking", {}),
    ("drop_after_taking", {}),
    ("html_before_taking", {}),
    ("html_after_taking", {}),
    ("html_after_taking", {"http_status": 403}),
    ("html_after_taking", {"http_status": 200}),
    ("soap_before_taking", {}),
    ("soap_after_taking", {}),
    ("empty_before_taking", {"http_status": 400}),
    ("empty_after_taking", {}),
    ("error_after_taking", {}),
    ("error_after_taking", {"code": "500.002.1001", "text": "System internal error."}),
    ("error_after_taking", {"code": "500.001.1001", "text": "x"}),
    ("error_after_taking", {"code": "new", "text": "x", "http_status": 400}),
    # An envelope that contradicts its own status proves nothing.
    ("error_after_taking", {"code": "400.002.02", "text": "Bad Request", "http_status": 500}),
    ("error_after_taking", {"code": "401.002.01", "text": "x", "http_status": 500}),
    ("error_after_taking", {"code": "500.003.02", "text": "x", "http_status": 200}),
]


class TestDoubtful:
    @pytest.mark.parametrize(("fault", "options"), DOUBTS)
    def test_the_money_may_have_moved(
        self,
        safaricom: SimulatedSafaricom,
        inbox: CallbackInbox,
        fault: str,
        options: dict[str, Any],
    ) -> None:
        safaricom.arm(fault, **options)
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, Doubtful)
        assert not answer.duplicate
        assert (safaricom.payment("LN-000123-1") is not None) is fault.endswith("after_taking")

    @pytest.mark.parametrize("fault", ["hang_before_taking", "hang_after_taking"])
    def test_a_read_that_times_out(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, fault: str
    ) -> None:
        safaricom.arm(fault)
        answer = pay(safaricom, payout(inbox), IMPATIENT)
        assert isinstance(answer, Doubtful)
        assert answer.exchange.http_status is None

    def test_the_same_id_again(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        assert isinstance(pay(safaricom, payout(inbox)), Accepted)
        again = pay(safaricom, payout(inbox))
        assert isinstance(again, Doubtful)
        assert again.duplicate
        assert again.code == "500.002.1001"
        assert safaricom.wallet_cents("254708374149") == 5000_00

    def test_a_duplicate_error_although_it_was_the_first(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("duplicate_error")
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, Doubtful)
        assert answer.duplicate
        assert safaricom.payment("LN-000123-1") is None

    def test_v1_pays_twice(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        """Why a payout on v1 is never sent again."""
        for _ in range(2):
            assert isinstance(pay(safaricom, payout(inbox), version="v1"), Accepted)
        assert safaricom.wallet_cents("254708374149") == 10000_00

    @pytest.mark.parametrize("version", ["v1", "v3"])
    def test_a_busy_system(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, version: B2CVersion
    ) -> None:
        """It is said to be refused before processing; a payment is not risked on that."""
        safaricom.arm("system_busy")
        assert isinstance(pay(safaricom, payout(inbox), version=version), Doubtful)

    def test_an_endless_answer(self, inbox: CallbackInbox, safaricom: SimulatedSafaricom) -> None:
        safaricom.arm("error_after_taking", text="x" * 400_000, http_status=400, code="400.002.02")
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, Doubtful)
        assert len(answer.exchange.response_text) <= 20_000


class TestNotSent:
    @pytest.mark.parametrize(
        ("fault", "minutes", "stops"),
        [
            ("spike_arrest", 1, False),
            ("quota", 60, False),
            ("no_api_product", 60, True),
        ],
    )
    def test_refused_before_processing(
        self,
        safaricom: SimulatedSafaricom,
        inbox: CallbackInbox,
        fault: str,
        minutes: int,
        stops: bool,
    ) -> None:
        safaricom.arm(fault)
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, NotSent)
        assert (answer.retry_at - CLOCK.now()).total_seconds() == minutes * 60
        assert answer.stop_queue is stops
        assert isinstance(pay(safaricom, payout(inbox)), Accepted), "the same id is still free"

    @pytest.mark.parametrize("fault", ["oauth_unavailable", "oauth_garbage"])
    def test_no_token(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, fault: str
    ) -> None:
        safaricom.arm(fault)
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, NotSent)
        assert not answer.stop_queue
        assert safaricom.transactions == ()

    def test_an_empty_refusal_of_the_keys(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("oauth_empty")
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, NotSent)
        assert answer.stop_queue

    def test_a_token_that_never_comes(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("oauth_hang")
        assert isinstance(pay(safaricom, payout(inbox), IMPATIENT), NotSent)

    def test_wrong_keys_need_a_person(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.reset(Profile(consumer_secret="another-secret"))
        right = safaricom.connection()
        safaricom.reset(Profile())
        answer = with_client(right, lambda client: client.pay_out(payout(inbox)))
        assert isinstance(answer, NotSent)
        assert answer.stop_queue

        def check(client: DarajaClient) -> Any:
            return client.check_keys()

        with pytest.raises(TokenNotHad) as refused:
            with_client(right, check)
        assert refused.value.needs_person
        assert "another-secret" not in repr(refused.value)

    def test_a_dead_token_is_replaced_once(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("token_death")
        assert isinstance(pay(safaricom, payout(inbox)), Accepted)
        assert safaricom.tokens_issued == 2

    def test_two_dead_tokens_end_it(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("token_death", times=2)
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, NotSent)
        assert safaricom.tokens_issued == 2
        assert safaricom.transactions == ()
        assert "Invalid Access Token - [redacted]" in answer.exchange.response_text

    def test_nobody_listens(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        """The token is there, but the payout finds the door closed."""

        async def act(client: DarajaClient) -> B2CAnswer:
            await client.check_keys()
            client._connection = closed
            return await client.pay_out(payout(inbox))

        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        closed = safaricom.connection(timeouts=PATIENT)
        object.__setattr__(closed, "base_url", f"http://127.0.0.1:{port}")
        answer = with_client(safaricom.connection(timeouts=PATIENT), act)
        assert isinstance(answer, NotSent)
        assert (answer.retry_at - CLOCK.now()).total_seconds() == 30

    def test_a_name_that_nobody_knows(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        away = safaricom.connection()
        object.__setattr__(away, "base_url", "http://api.invalid")
        answer = with_client(away, lambda client: client.pay_out(payout(inbox)))
        assert isinstance(answer, NotSent)

    def test_an_address_that_would_be_refused_is_not_sent(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        request = payout(inbox, result_url=inbox.address("r/sql"))
        answer = pay(safaricom, request)
        assert isinstance(answer, NotSent)
        assert answer.stop_queue
        assert safaricom.messages == ()


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "stops"),
        [
            ("Bad Request - Invalid PartyB", False),
            ("Bad Request - Invalid Amount", False),
            ("Bad Request - Invalid InitiatorName", True),
            ("Bad Request - Invalid ResultURL", True),
        ],
    )
    def test_a_field_is_refused(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, text: str, stops: bool
    ) -> None:
        safaricom.arm("error_before_taking", http_status=400, code="400.002.02", text=text)
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, Refused)
        assert (answer.code, answer.text, answer.stop_queue) == ("400.002.02", text, stops)

    @pytest.mark.parametrize("code", ["400.002.05", "404.001.01", "405.001"])
    def test_our_own_defects_stop_the_queue(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, code: str
    ) -> None:
        safaricom.arm("error_before_taking", http_status=int(code[:3]), code=code, text="x")
        answer = pay(safaricom, payout(inbox))
        assert isinstance(answer, Refused)
        assert answer.stop_queue


class TestQuestions:
    @pytest.mark.parametrize("by", ["originator_conversation_id", "receipt"])
    def test_what_became_of_a_payment(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, by: str
    ) -> None:
        pay(safaricom, payout(inbox))
        paid = safaricom.transactions[0]
        what = paid.originator_id if by == "originator_conversation_id" else paid.receipt
        answer = ask(safaricom, question(inbox, **{by: what}))
        assert isinstance(answer, Accepted)
        assert safaricom.wait_until_quiet()
        notice = parse_status_result(inbox.bodies("r/status")[0])
        assert notice.query_conversation_id == answer.conversation_id
        assert notice.outcome is StatusOutcome.COMPLETED
        assert notice.receipt == paid.receipt
        assert notice.originator_conversation_id == "LN-000123-1"

    def test_the_balances(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        request = BalanceRequest(inbox.address("r/balance"), inbox.address("t/balance"))
        answer = with_client(safaricom.connection(), lambda client: client.ask_balance(request))
        assert isinstance(answer, Accepted)
        assert safaricom.wait_until_quiet()
        assert b"Utility Account|KES|1000000.00" in inbox.bodies("r/balance")[0]

    def test_a_busy_system_is_asked_again(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("system_busy", api="status")
        answer = ask(safaricom, question(inbox, receipt="SG632NMUAB"))
        assert isinstance(answer, NotSent)


class TestSecrets:
    def test_nothing_secret_in_values_logs_or_messages(
        self,
        safaricom: SimulatedSafaricom,
        inbox: CallbackInbox,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        profile = safaricom.profile
        answers = [pay(safaricom, payout(inbox))]
        safaricom.arm("token_death", times=2)
        answers.append(pay(safaricom, payout(inbox, "LN-2")))
        told = caplog.text + "".join(
            repr(a) + a.exchange.request_json + a.exchange.response_text for a in answers
        )
        credential = str(safaricom._world.transactions[0].request["SecurityCredential"])
        for secret in (
            profile.initiator_password,
            profile.consumer_secret,
            credential,
            safaricom._world.tokens.latest,
        ):
            assert secret not in told
        assert credential not in repr(safaricom.messages)
