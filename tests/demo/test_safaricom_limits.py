"""What a payout may be, what a wallet may hold and receive in a day, and what M-Pesa charges for it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sacco_desktop.demo.safaricom.profile import Profile
from sacco_desktop.gateways.daraja.answers import parse_status_result
from tests.demo.caller import PHONE, STATUS, Caller, parameters
from tests.guards.office_clock import OfficeClock


def code_of(caller: Caller, shillings: int, phone: str = PHONE) -> str:
    """How a payout of so much ends."""
    assert caller.pay(Amount=shillings, PartyB=phone).status_code == 200
    assert caller.safaricom.is_conserved
    return caller.safaricom.transactions[-1].result_code


def control(caller: Caller, address: str, **asked: Any) -> dict[str, Any]:
    answer = caller.http.post(f"/control/{address}", json=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


class TestLimits:
    @pytest.mark.parametrize(
        ("shillings", "code"), [(9, "2"), (10, "0"), (250_000, "0"), (250_001, "3")]
    )
    def test_of_one_payout(self, caller: Caller, shillings: int, code: str) -> None:
        assert code_of(caller, shillings) == code

    @pytest.mark.parametrize(("held", "code"), [(499_900, "0"), (499_901, "8")])
    def test_of_a_wallet(self, caller: Caller, held: int, code: str) -> None:
        caller.safaricom.set_wallet(PHONE, cents=held * 100)
        assert code_of(caller, 100) == code

    def test_of_a_day_in_nairobi(self, caller: Caller, practice_clock: OfficeClock) -> None:
        practice_clock.set_to(datetime(2026, 3, 16, 20, 59, tzinfo=UTC))  # a minute to midnight
        for shillings, code in ((250_000, "0"), (249_990, "0"), (11, "4"), (10, "0")):
            assert code_of(caller, shillings) == code
            caller.safaricom.set_wallet(PHONE)
        assert code_of(caller, 10) == "4"
        assert code_of(caller, 10, "254708374150") == "0", "another member has a day of their own"
        practice_clock.advance(seconds=60)
        assert code_of(caller, 10) == "0"

    def test_they_can_be_changed(self, caller: Caller) -> None:
        told = control(caller, "limits", largest_payout_cents=150_000_00, daily_cap_cents=1_000_00)
        assert told["largest_payout_cents"] == 150_000_00
        assert told["smallest_payout_cents"] == 10_00
        assert code_of(caller, 150_001) == "3"
        assert code_of(caller, 1_001) == "4"
        caller.http.post("/control/reset")
        assert code_of(caller, 250_000) == "0"

    @pytest.mark.parametrize("asked", [{"height": 5}, {"wallet_cap_cents": 0}])
    def test_what_is_no_limit(self, caller: Caller, asked: dict[str, int]) -> None:
        assert caller.http.post("/control/limits", json=asked).status_code == 400

    def test_how_many_wrong_passwords_lock_the_user(self, caller: Caller) -> None:
        control(caller, "initiator", wrong_passwords_before_lock=5)
        wrong = caller.credential("wrong")
        for _ in range(6):
            caller.pay(SecurityCredential=wrong)
        codes = [t.result_code for t in caller.safaricom.transactions]
        assert codes == ["2001"] * 5 + ["8006"]
        answer = caller.http.post("/control/initiator", json={"wrong_passwords_before_lock": 0})
        assert answer.status_code == 400


class TestCharges:
    def charged(self, caller: Caller, shillings: int) -> int:
        """What one more payout costs the organisation, in cents, checked in all that tells of it."""
        before = caller.safaricom.balance_cents("charges_paid")
        caller.pay(Amount=shillings)
        paid = caller.safaricom.transactions[-1]
        after = caller.safaricom.balance_cents("charges_paid")
        assert before - after == paid.fee_cents
        result = parameters(caller.result("r"))
        assert result["B2CChargesPaidAccountAvailableFunds"] == after / 100
        caller.ask(STATUS, OriginalConversationID=paid.originator_id)
        caller.posted("q")
        notice = parse_status_result(caller.bodies("q")[-1])
        assert notice.charges_cents == paid.fee_cents
        return paid.fee_cents

    def test_the_organisation_pays_for_the_sending(self, caller: Caller) -> None:
        assert self.charged(caller, 100) == 0
        assert self.charged(caller, 20_000) == 11_00

    def test_it_may_bear_the_withdrawal_fee_as_well(self, caller: Caller) -> None:
        assert control(caller, "tariff", bears_withdrawal=True)["bears_withdrawal"] is True
        assert self.charged(caller, 20_000) == 196_00
        control(caller, "tariff", bears_withdrawal=False)
        assert self.charged(caller, 20_000) == 11_00

    def test_other_bands_from_a_day_on(self, caller: Caller, practice_clock: OfficeClock) -> None:
        practice_clock.set_to(datetime(2026, 3, 31, 20, 59, tzinfo=UTC))
        bands = [[1_000_00, 6_00], [250_000_00, 15_50]]
        told = control(caller, "tariff", effective_on="2026-04-01", bands=bands)
        assert [t["effective_on"] for t in told["tariffs"]][-1] == "2026-04-01"
        assert self.charged(caller, 1_001) == 5_00
        practice_clock.advance(seconds=60)
        assert self.charged(caller, 1_000) == 6_00
        assert self.charged(caller, 1_001) == 15_50

    @pytest.mark.parametrize(
        "asked",
        [
            {"bands": [[100, 0]]},
            {"bands": [[100, 0]], "effective_on": "soon"},
            {"bands": "free", "effective_on": "2026-04-01"},
            {"bands": [[200, 0], [100, 5]], "effective_on": "2026-04-01"},
        ],
    )
    def test_bands_that_cannot_be_used(self, caller: Caller, asked: dict[str, Any]) -> None:
        assert caller.http.post("/control/tariff", json=asked).status_code == 400

    def test_a_status_answer_may_leave_the_charge_out(self, caller: Caller) -> None:
        caller.safaricom.set_oddities(charges="empty")
        caller.pay(Amount=5_000)
        caller.ask(STATUS, OriginalConversationID="LN-1")
        caller.posted("q")
        assert parse_status_result(caller.bodies("q")[-1]).charges_cents is None


class TestToken:
    @pytest.mark.parametrize("lives", [True, False])
    def test_the_one_before_may_live_on(self, caller: Caller, lives: bool) -> None:
        caller.safaricom.set_oddities(old_token_lives=lives)
        profile: Profile = caller.safaricom.profile
        tokens = [
            caller.http.get(
                "/oauth/v1/generate?grant_type=client_credentials",
                auth=(profile.consumer_key, profile.consumer_secret),
            ).json()["access_token"]
            for _ in range(2)
        ]
        answers = [
            caller.http.post(STATUS, json={}, headers={"Authorization": f"Bearer {token}"}).json()[
                "errorCode"
            ]
            for token in tokens
        ]
        assert answers == ["400.002.02" if lives else "400.003.01", "400.002.02"]


@pytest.mark.parametrize(
    "asked",
    [
        {"fault": "result_late", "seconds": "soon"},
        {"fault": "result_late", "seconds": -1},
        {"fault": "result_late", "seconds": "1e400"},
        {"fault": "timeout_result", "paid_later": "false"},
        {"fault": "html_before_taking", "http_status": 99},
        {"fault": "html_before_taking", "http_status": "500.5"},
        {"fault": "outcome", "code": ""},
        {"fault": "refused_with", "code": "17"},
    ],
)
def test_an_option_that_could_not_be_used_later_is_refused_now(
    caller: Caller, asked: dict[str, Any]
) -> None:
    assert caller.http.post("/control/faults", json=asked).status_code == 400
    assert caller.http.get("/control/faults").json()["armed"] == []
