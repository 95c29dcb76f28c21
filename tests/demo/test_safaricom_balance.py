"""The balance question: who may ask, what is told, in which spellings, and how it goes astray."""

from datetime import timedelta
from typing import Any

import pytest

from sacco_desktop.demo.safaricom.profile import CHOICES, Profile
from sacco_desktop.gateways.daraja.balances import parse_balance_result
from tests.demo.caller import B2C, STATUS, Caller, parameters
from tests.guards.office_clock import OfficeClock

BALANCE_ODDITIES = [name for name in CHOICES if name.startswith("balance_")]


def told(caller: Caller) -> str:
    """The one line in which a fresh question is answered."""
    assert caller.ask().json()["ResponseCode"] == "0"
    line: str = parameters(caller.result("q"))["AccountBalance"]
    return line


class TestAnswer:
    def test_it_tells_of_three_accounts(self, caller: Caller, practice_clock: OfficeClock) -> None:
        caller.pay(Amount=5_000)
        caller.posted("r")
        answer = caller.ask().json()
        result = caller.result("q")
        assert (result["ResultType"], result["ResultCode"]) == (0, 0)
        assert result["ConversationID"] == answer["ConversationID"]
        assert result["OriginatorConversationID"] == answer["OriginatorConversationID"]
        assert parameters(result) == {
            "AccountBalance": (
                "Working Account|KES|500000.00|500000.00|0.00|0.00"
                "&Utility Account|KES|995000.00|995000.00|0.00|0.00"
                "&Charges Paid Account|KES|-9.00|-9.00|0.00|0.00"
            ),
            "BOCompletedTime": int(
                (practice_clock.now() + timedelta(hours=3)).strftime("%Y%m%d%H%M%S")
            ),
        }

    def test_what_is_authorised_is_reserved(self, caller: Caller) -> None:
        caller.safaricom.arm("settles_late")
        caller.pay(Amount=1_000)
        assert "Utility Account|KES|1000000.00|999000.00|1000.00|0.00" in told(caller)
        caller.safaricom.release_callbacks()
        assert caller.inbox.wait_for(lambda: len(caller.bodies("r")) == 1)
        assert "Utility Account|KES|999000.00|999000.00|0.00|0.00" in told(caller)

    def test_a_result_tells_of_what_is_left_unreserved(self, caller: Caller) -> None:
        caller.safaricom.arm("settles_late", match_id="LN-1")
        caller.pay(Amount=1_000)
        caller.pay(Amount=500)
        told = parameters(caller.result("r"))
        assert told["B2CUtilityAccountAvailableFunds"] == 998_500

    def test_what_is_reserved_pays_no_one_else(self, caller: Caller) -> None:
        caller.safaricom.reset(Profile(utility_cents=1_500_00))
        caller.safaricom.arm("settles_late")
        caller.pay(Amount=1_000)
        caller.pay(Amount=600)
        assert [t.result_code for t in caller.safaricom.transactions] == ["", "1"]
        caller.safaricom.release_callbacks()
        assert caller.safaricom.wait_for(
            lambda: caller.safaricom.transactions[0].state == "Completed"
        )

    def test_money_moves_between_the_accounts(self, caller: Caller) -> None:
        moved = caller.http.post(
            "/control/move", json={"source": "working", "target": "utility", "cents": 250_000_00}
        )
        assert moved.json() == {
            "utility": 1_250_000_00,
            "working": 250_000_00,
            "charges_paid": 0,
        }
        caller.http.post("/control/fund", json={"account": "working", "cents": 1_00})
        line = told(caller)
        assert "Working Account|KES|250001.00|" in line
        assert "Utility Account|KES|1250000.00|" in line
        assert caller.safaricom.is_conserved

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            ({"source": "working", "target": "working", "cents": 1}, "two different"),
            ({"source": "working", "target": "bank", "cents": 1}, "An account is one of"),
            ({"source": "working", "target": "utility", "cents": 500_000_01}, "does not hold"),
            ({"source": "charges_paid", "target": "utility", "cents": 1}, "does not hold"),
            ({"source": "working", "target": "utility", "cents": -5}, "above zero"),
            ({"source": "working", "target": "utility"}, "cents is missing"),
        ],
    )
    def test_money_that_cannot_move(self, caller: Caller, body: dict[str, Any], why: str) -> None:
        answer = caller.http.post("/control/move", json=body)
        assert answer.status_code == 400
        assert why in answer.json()["error"]
        assert caller.safaricom.balance_cents("working") == 500_000_00


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"Initiator": ...}, "Initiator"),
            ({"SecurityCredential": ""}, "SecurityCredential"),
            ({"CommandID": "TransactionStatusQuery"}, "CommandID"),
            ({"PartyA": "12"}, "PartyA"),
            ({"IdentifierType": "3"}, "IdentifierType"),
            ({"IdentifierType": ...}, "IdentifierType"),
            ({"Remarks": ""}, "Remarks"),
            ({"ResultURL": "nowhere"}, "ResultURL"),
            ({"QueueTimeOutURL": ...}, "QueueTimeOutURL"),
        ],
    )
    def test_a_wrong_field_is_refused_at_once(
        self, caller: Caller, changes: dict[str, Any], field: str
    ) -> None:
        answer = caller.ask(**changes)
        assert answer.status_code == 400
        assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"
        assert caller.posted("q") == []

    def test_a_wrong_token(self, caller: Caller) -> None:
        caller.safaricom.arm("token_death", api="balance")
        answer = caller.ask()
        assert (answer.status_code, answer.json()["errorCode"]) == (401, "401.002.01")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"Initiator": "somebody"}, 20),
            ({"SecurityCredential": "bm90IGxvY2tlZA=="}, 2001),
            ({"PartyA": "999999"}, 6),
            ({"IdentifierType": "1"}, 25),
        ],
    )
    @pytest.mark.parametrize("is_balance", [True, False])
    def test_a_wrong_asker_hears_of_it_by_callback(
        self, caller: Caller, changes: dict[str, Any], code: int, is_balance: bool
    ) -> None:
        if not is_balance:
            changes = {**changes, "OriginalConversationID": "LN-1", "path": STATUS}
        assert caller.ask(**changes).status_code == 200
        result = caller.result("q")
        assert result["ResultCode"] == code
        assert "ResultParameters" not in result

    def test_a_role_that_is_missing(self, caller: Caller) -> None:
        caller.http.post("/control/initiator", json={"roles": ["b2c", "status"]})
        caller.ask()
        assert caller.result("q")["ResultCode"] == 21

    def test_several_wrong_passwords_lock_the_user_here_too(self, caller: Caller) -> None:
        codes = []
        for _ in range(4):
            caller.ask(SecurityCredential=caller.credential("wrong"))
            codes.append(caller.result("q")["ResultCode"])
        assert codes == [2001, 2001, 2001, 8006]
        caller.pay()
        assert caller.result("r")["ResultCode"] == 8006


class TestSpellings:
    @pytest.mark.parametrize(
        ("oddity", "choice", "expected"),
        [
            (
                "balance_escaped",
                True,
                "Working Account|KES|500000.00|500000.00|0.00|0.00"
                "&amp;Utility Account|KES|1000000.00|1000000.00|0.00|0.00"
                "&amp;Charges Paid Account|KES|0.00|0.00|0.00|0.00",
            ),
            (
                "balance_order",
                "backwards",
                "Charges Paid Account|KES|0.00|0.00|0.00|0.00"
                "&Utility Account|KES|1000000.00|1000000.00|0.00|0.00"
                "&Working Account|KES|500000.00|500000.00|0.00|0.00",
            ),
            (
                "balance_accounts",
                "more",
                "Float Account|KES|0.00|0.00|0.00|0.00"
                "&Working Account|KES|500000.00|500000.00|0.00|0.00"
                "&Utility Account|KES|1000000.00|1000000.00|0.00|0.00"
                "&Charges Paid Account|KES|0.00|0.00|0.00|0.00"
                "&Organization Settlement Account|KES|0.00|0.00|0.00|0.00",
            ),
            (
                "balance_accounts",
                "no_utility",
                "Working Account|KES|500000.00|500000.00|0.00|0.00"
                "&Charges Paid Account|KES|0.00|0.00|0.00|0.00",
            ),
            (
                "balance_gaps",
                "reserved",
                "Working Account|KES|500000.00|500000.00||"
                "&Utility Account|KES|1000000.00|1000000.00||"
                "&Charges Paid Account|KES|0.00|0.00||",
            ),
            (
                "balance_gaps",
                "available",
                "Working Account|KES|500000.00||0.00|0.00"
                "&Utility Account|KES|1000000.00||0.00|0.00"
                "&Charges Paid Account|KES|0.00||0.00|0.00",
            ),
        ],
    )
    def test_the_line_may_look_otherwise(
        self, caller: Caller, oddity: str, choice: object, expected: str
    ) -> None:
        caller.http.post("/control/oddities", json={oddity: choice})
        assert told(caller) == expected

    def test_codes_may_be_text(self, caller: Caller) -> None:
        caller.safaricom.set_oddities(codes="string", values="string")
        told(caller)
        result = caller.result("q")
        assert (result["ResultType"], result["ResultCode"]) == ("0", "0")
        assert isinstance(parameters(result)["BOCompletedTime"], str)


class TestOurReader:
    @pytest.mark.parametrize(
        ("oddity", "choice"),
        [
            (name, choice)
            for name in (*BALANCE_ODDITIES, "codes", "values", "item_without_value", "backwards")
            for choice in CHOICES[name]
        ],
    )
    def test_it_reads_each_spelling(
        self, caller: Caller, practice_clock: OfficeClock, oddity: str, choice: object
    ) -> None:
        """What cannot be read is told as missing, and never as another figure."""
        caller.safaricom.set_oddities(**{oddity: choice})
        caller.safaricom.arm("settles_late")
        caller.pay(Amount=1_000)
        told(caller)
        notice = parse_balance_result(caller.bodies("q")[-1])
        assert (notice.query_code, notice.is_final) == ("0", True)
        assert notice.completed_at == practice_clock.now()
        available = {each.account: each.available_cents for each in notice.accounts}
        expected = {"working": 500_000_00, "utility": 999_000_00, "charges": 0}
        if choice == "no_utility":
            del expected["utility"]
        if choice == "more":
            expected |= {"float account": 0, "organization settlement account": 0}
        if choice == "available":
            expected = {}
        assert available == expected
        assert bool(notice.skipped) is (choice == "available")


class TestFaults:
    def test_lost_doubled_and_for_nobody(self, caller: Caller) -> None:
        for fault in ("result_lost", "result_doubled", "result_unknown_id"):
            caller.safaricom.arm(fault, api="balance")
        caller.ask()
        assert caller.posted("q") == []
        caller.ask()
        first, second = caller.posted("q")
        assert first == second
        answer = caller.ask().json()
        assert caller.result("q")["ConversationID"] != answer["ConversationID"]

    def test_late(self, caller: Caller) -> None:
        caller.safaricom.arm("result_late", api="balance")
        caller.ask()
        assert caller.posted("q") == []
        assert caller.safaricom.held_back == 1
        caller.safaricom.release_callbacks()
        assert caller.inbox.wait_for(lambda: len(caller.bodies("q")) == 1)

    def test_before_the_answer(self, caller: Caller) -> None:
        caller.safaricom.arm("result_early", api="balance")
        caller.ask()
        assert [m.kind for m in caller.safaricom.messages][-2:] == ["callback", "request"]

    def test_a_code_on_demand(self, caller: Caller) -> None:
        caller.safaricom.arm("outcome", api="balance", code="17")
        caller.ask()
        assert caller.result("q")["ResultCode"] == 17

    @pytest.mark.parametrize("shape", ["original", "result"])
    @pytest.mark.parametrize("is_balance", [True, False])
    def test_too_long_in_the_queue(self, caller: Caller, shape: str, is_balance: bool) -> None:
        api = "balance" if is_balance else "status"
        armed = {"fault": f"timeout_{shape}", "api": api, "paid_later": True}
        assert caller.http.post("/control/faults", json=armed).status_code == 200
        if is_balance:
            answer = caller.ask()
        else:
            caller.pay()
            caller.posted("r")
            answer = caller.ask(STATUS, OriginalConversationID="LN-1")
        assert answer.status_code == 200
        [body] = caller.posted("t")
        if shape == "original":
            assert body["Initiator"] == "practice_api"
            assert "[redacted]" in repr(caller.safaricom.messages[-1].body)
        else:
            assert body["Result"]["ConversationID"] == answer.json()["ConversationID"]
            assert body["Result"]["ResultCode"] == 26
        assert caller.posted("q") == []
        caller.safaricom.release_callbacks()
        assert caller.inbox.wait_for(lambda: len(caller.bodies("q")) == 1)

    def test_an_answer_after_the_queue_may_never_come(self, caller: Caller) -> None:
        caller.safaricom.arm("timeout_result", api="balance")
        caller.ask()
        caller.posted("t")
        assert caller.safaricom.held_back == 0

    @pytest.mark.parametrize(
        ("fault", "api"),
        [
            ("result_other_amount", "balance"),
            ("settles_late", "status"),
            ("status_open", "b2c"),
            ("oauth_hang", "balance"),
            ("spike_arrest", "oauth"),
        ],
    )
    def test_a_fault_where_it_means_nothing_is_refused(
        self, caller: Caller, fault: str, api: str
    ) -> None:
        answer = caller.http.post("/control/faults", json={"fault": fault, "api": api})
        assert answer.status_code == 400
        assert f"api of {fault}" in answer.json()["error"]

    def test_a_payout_is_not_hit_by_what_is_armed_for_balances(self, caller: Caller) -> None:
        caller.safaricom.arm("spike_arrest", api="balance")
        assert caller.pay(B2C).status_code == 200
        assert caller.ask().json()["errorCode"] == "500.003.02"
