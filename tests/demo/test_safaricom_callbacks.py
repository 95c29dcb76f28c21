"""What the simulated Safaricom posts back, in time, late, twice, wrong or never."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sacco_desktop.demo.safaricom.callback_inbox import CallbackInbox
from sacco_desktop.demo.safaricom.profile import CHOICES, Profile
from sacco_desktop.demo.safaricom.simulator import SimulatedSafaricom
from sacco_desktop.gateways.daraja.answers import (
    ResultNotice,
    StatusNotice,
    StatusOutcome,
    Unreadable,
    parse_result,
    parse_status_result,
    parse_timeout,
)
from sacco_desktop.gateways.daraja.client import DarajaClient
from sacco_desktop.gateways.daraja.connection import Timeouts
from sacco_desktop.gateways.daraja.exchange import (
    Accepted,
    B2CAnswer,
    B2CRequest,
    Doubtful,
    StatusRequest,
)
from tests.guards.office_clock import OfficeClock

CLOCK = OfficeClock()
PHONE = "254708374149"


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


def pay(
    safaricom: SimulatedSafaricom, inbox: CallbackInbox, own_id: str = "LN-1", phone: str = PHONE
) -> B2CAnswer:
    async def run() -> B2CAnswer:
        connection = safaricom.connection(timeouts=Timeouts(5.0, 10.0))
        async with DarajaClient(connection, CLOCK.now) as client:
            return await client.pay_out(
                B2CRequest(own_id, phone, 100, "Loan", "", inbox.address("r"), inbox.address("t"))
            )

    return asyncio.run(run())


def ask(safaricom: SimulatedSafaricom, inbox: CallbackInbox, own_id: str = "LN-1") -> StatusNotice:
    async def run() -> None:
        async with DarajaClient(safaricom.connection(), CLOCK.now) as client:
            request = StatusRequest(inbox.address("s"), inbox.address("t"), own_id)
            assert isinstance(await client.ask_status(request), Accepted)

    before = len(inbox.bodies("s"))
    asyncio.run(run())
    assert inbox.wait_for(lambda: len(inbox.bodies("s")) > before)
    return parse_status_result(inbox.bodies("s")[-1])


def results(safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> list[ResultNotice]:
    assert safaricom.wait_until_quiet()
    return [parse_result(body) for body in inbox.bodies("r")]


def paid_and_kept(safaricom: SimulatedSafaricom) -> bool:
    return safaricom.wallet_cents(PHONE) == 100_00 and safaricom.is_conserved


class TestResults:
    def test_it_tells_the_truth(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        pay(safaricom, inbox)
        [notice] = results(safaricom, inbox)
        assert notice.originator_conversation_id == "LN-1"
        assert notice.receipt == safaricom.transactions[0].receipt
        assert notice.receiver_phone == PHONE
        assert notice.completed_at == CLOCK.now()
        assert notice.utility_available_cents == safaricom.balance_cents("utility")
        assert notice.charges_paid_cents == 0
        assert paid_and_kept(safaricom)

    @pytest.mark.parametrize(
        ("oddity", "choice"), [(name, choice) for name in CHOICES for choice in CHOICES[name]]
    )
    @pytest.mark.parametrize("phone", [PHONE, "254700000040"])
    def test_each_spelling_can_be_read(
        self,
        safaricom: SimulatedSafaricom,
        inbox: CallbackInbox,
        oddity: str,
        choice: object,
        phone: str,
    ) -> None:
        safaricom.set_oddities(**{oddity: choice})
        pay(safaricom, inbox, phone=phone)
        [notice] = results(safaricom, inbox)
        assert notice.is_final
        assert notice.result_code == ("0" if phone == PHONE else "2040")
        assert notice.conversation_id == safaricom.transactions[0].conversation_id
        if phone == PHONE:
            assert notice.receipt == safaricom.transactions[0].receipt
            assert notice.oddities == ()

    def test_the_spellings_differ_on_the_wire(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.set_oddities(codes="string", values="string", result_id="gateway")
        pay(safaricom, inbox)
        results(safaricom, inbox)
        result = json.loads(inbox.bodies("r")[0])["Result"]
        assert result["ResultCode"] == "0"
        assert result["OriginatorConversationID"] != "LN-1"
        first = result["ResultParameters"]["ResultParameter"][0]
        assert first == {"Key": "TransactionAmount", "Value": "100"}

    def test_a_closed_door_loses_it(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        async def run() -> None:
            async with DarajaClient(safaricom.connection(), CLOCK.now) as client:
                closed = "http://127.0.0.1:9/r"
                await client.pay_out(B2CRequest("LN-1", PHONE, 100, "Loan", "", closed, closed))

        asyncio.run(run())
        assert safaricom.wait_until_quiet()
        assert [m.outcome for m in safaricom.messages if m.kind == "callback"] == [
            "dropped: ConnectError"
        ]
        assert paid_and_kept(safaricom)


class TestFaultyResults:
    def test_lost(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_lost")
        pay(safaricom, inbox)
        assert results(safaricom, inbox) == []
        assert paid_and_kept(safaricom)
        assert ask(safaricom, inbox).outcome is StatusOutcome.COMPLETED

    def test_doubled(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_doubled")
        pay(safaricom, inbox)
        first, second = results(safaricom, inbox)
        assert first == second
        assert paid_and_kept(safaricom)

    def test_late(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_late")
        pay(safaricom, inbox)
        assert results(safaricom, inbox) == []
        assert safaricom.held_back == 1
        safaricom.release_callbacks()
        assert inbox.wait_for(lambda: len(inbox.bodies("r")) == 1)

    def test_late_by_so_many_seconds(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("result_late", seconds=0.05)
        pay(safaricom, inbox)
        assert inbox.wait_for(lambda: len(inbox.bodies("r")) == 1)

    def test_before_the_answer(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_early")
        safaricom.arm("drop_after_taking")
        assert isinstance(pay(safaricom, inbox), Doubtful)
        kinds = [m.kind for m in safaricom.messages if m.name != "oauth"]
        assert kinds == ["callback", "request"]

    def test_for_nobody(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_unknown_id")
        answer = pay(safaricom, inbox)
        assert isinstance(answer, Accepted)
        [notice] = results(safaricom, inbox)
        assert notice.originator_conversation_id != "LN-1"
        assert notice.conversation_id != answer.conversation_id

    def test_another_amount_or_receiver(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("result_other_amount", amount_shillings=7, match_id="LN-1")
        safaricom.arm("result_other_receiver", match_id="LN-2", receiver="254799999998")
        pay(safaricom, inbox)
        pay(safaricom, inbox, "LN-2")
        by_id = {n.originator_conversation_id: n for n in results(safaricom, inbox)}
        assert by_id["LN-1"].amount_cents == 7_00
        assert by_id["LN-2"].receiver_phone == "254799999998"

    def test_a_forged_failure(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_forged_failure", code="2001", real_too=True)
        pay(safaricom, inbox)
        assert [n.result_code for n in results(safaricom, inbox)] == ["2001", "0"]
        assert paid_and_kept(safaricom)

    def test_a_forged_payment(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("outcome", code="17")
        safaricom.arm("result_forged_payment")
        pay(safaricom, inbox)
        [notice] = results(safaricom, inbox)
        assert notice.result_code == "0"
        assert notice.receipt
        assert safaricom.wallet_cents(PHONE) == 0

    def test_garbage(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        safaricom.arm("result_garbage")
        pay(safaricom, inbox)
        with pytest.raises(Unreadable):
            results(safaricom, inbox)


class TestTimeouts:
    @pytest.mark.parametrize("shape", ["original_request", "result"])
    @pytest.mark.parametrize("paid_later", [True, False])
    def test_the_queue_was_too_long(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, shape: str, paid_later: bool
    ) -> None:
        safaricom.arm(f"timeout_{shape.partition('_')[0]}", paid_later=paid_later)
        answer = pay(safaricom, inbox)
        assert isinstance(answer, Accepted)
        assert results(safaricom, inbox) == []
        notice = parse_timeout(inbox.bodies("t")[0])
        assert notice.shape == shape
        assert notice.originator_conversation_id == "LN-1"
        assert (b"SecurityCredential" in inbox.bodies("t")[0]) is (shape == "original_request")
        assert "[redacted]" in repr(safaricom.messages)
        assert ask(safaricom, inbox).outcome is StatusOutcome.NOT_FOUND
        again = pay(safaricom, inbox)
        assert isinstance(again, Doubtful)
        assert again.duplicate, "the id counts as seen although nothing was paid"
        safaricom.release_callbacks()
        if paid_later:
            assert inbox.wait_for(lambda: len(inbox.bodies("r")) == 1)
            assert paid_and_kept(safaricom)
        else:
            assert safaricom.held_back == 0
            assert safaricom.wallet_cents(PHONE) == 0


class TestStatus:
    def test_open_first_and_completed_then(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        safaricom.arm("settles_late")
        pay(safaricom, inbox)
        notice = ask(safaricom, inbox)
        assert notice.outcome is StatusOutcome.OPEN
        assert notice.receipt is None
        safaricom.release_callbacks()
        assert inbox.wait_for(lambda: len(inbox.bodies("r")) == 1)
        assert ask(safaricom, inbox).outcome is StatusOutcome.COMPLETED
        assert paid_and_kept(safaricom)

    def test_answers_that_contradict_the_ledger(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        pay(safaricom, inbox)
        safaricom.arm("status_not_found")
        assert ask(safaricom, inbox).outcome is StatusOutcome.NOT_FOUND
        safaricom.arm("status_open", state="Authorized")
        assert ask(safaricom, inbox).transaction_status == "Authorized"
        assert ask(safaricom, inbox).outcome is StatusOutcome.COMPLETED

    @pytest.mark.parametrize("doubled", [True, False])
    def test_the_receiver_is_named(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox, doubled: bool
    ) -> None:
        safaricom.set_oddities(doubled_debit_party=doubled)
        pay(safaricom, inbox)
        notice = ask(safaricom, inbox)
        assert notice.receiver_phone == PHONE
        assert notice.debit_party == "600310 - Practice SACCO"
        assert notice.amount_cents == 100_00
        assert notice.charges_cents == 0

    @pytest.mark.parametrize(
        ("oddity", "outcome"),
        [("declined", StatusOutcome.ENDED), ("not_found", StatusOutcome.NOT_FOUND)],
    )
    def test_a_failed_payment(
        self,
        safaricom: SimulatedSafaricom,
        inbox: CallbackInbox,
        oddity: str,
        outcome: StatusOutcome,
    ) -> None:
        safaricom.set_oddities(failed_status=oddity)
        pay(safaricom, inbox, phone="254700000040")
        assert ask(safaricom, inbox).outcome is outcome

    def test_unknown_ids_and_lost_answers(
        self, safaricom: SimulatedSafaricom, inbox: CallbackInbox
    ) -> None:
        assert ask(safaricom, inbox, "LN-404").outcome is StatusOutcome.NOT_FOUND
        inbox.clear()
        safaricom.arm("result_lost", api="status")
        with pytest.raises(AssertionError):
            ask_briefly(safaricom, inbox)

    def test_a_refused_initiator(self, safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
        pay(safaricom, inbox)
        safaricom.set_initiator(password="Changed#1")
        notice = ask(safaricom, inbox)
        assert notice.outcome is StatusOutcome.QUERY_FAILED
        assert notice.query_meaning.stops_queue


def ask_briefly(safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
    """Ask, and assert that an answer has come when Safaricom has nothing left to do."""

    async def run() -> None:
        async with DarajaClient(safaricom.connection(), CLOCK.now) as client:
            await client.ask_status(StatusRequest(inbox.address("s"), inbox.address("t"), "LN-1"))

    asyncio.run(run())
    assert safaricom.wait_until_quiet()
    assert inbox.bodies("s")


def test_many_at_once_conserve_money(safaricom: SimulatedSafaricom, inbox: CallbackInbox) -> None:
    """Payouts in parallel, with faults of all stages among them."""
    for fault in ("result_lost", "drop_after_taking", "settles_late", "spike_arrest", "outcome"):
        safaricom.arm(fault, times=5)

    def request(number: int) -> B2CRequest:
        phone = f"2547111{number % 7:05d}"
        urls: dict[str, Any] = {"result_url": inbox.address("r"), "timeout_url": inbox.address("t")}
        return B2CRequest(f"LN-{number}", phone, 100 + number, "Loan", "", **urls)

    async def run() -> None:
        connection = safaricom.connection(timeouts=Timeouts(10.0, 20.0))
        async with DarajaClient(connection, CLOCK.now) as client:
            await asyncio.gather(*(client.pay_out(request(n)) for n in range(60)))

    asyncio.run(run())
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    assert safaricom.wait_until_quiet()
    completed = [t for t in safaricom.transactions if t.state == "Completed"]
    assert len(safaricom.transactions) == 55
    assert len(completed) == 50
    paid = sum(t.amount_cents for t in completed)
    assert safaricom.balance_cents("utility") == safaricom.profile.utility_cents - paid
    assert safaricom.is_conserved
