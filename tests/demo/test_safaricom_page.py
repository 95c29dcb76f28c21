"""The page of the simulated Safaricom: what it shows, what its buttons do, and whom it refuses."""

from typing import Any

import httpx
import pytest

from sacco_desktop.demo.safaricom.codes import CODES
from sacco_desktop.demo.safaricom.faults import FAULTS
from sacco_desktop.demo.safaricom.profile import CHOICES
from tests.demo.caller import PHONE, Caller
from tests.demo.read_page import Element, read_page

HOSTILE = "<b>X</b>\"'&<script>alert(1)</script>\u202e"


def look(caller: Caller, address: str = "/") -> Element:
    answer = caller.http.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return read_page(answer.text)


def press(caller: Caller, act: str, **typed: str | None) -> Element:
    """Fill in a form of the page, press its button, and read the page that comes."""
    answer = send(caller, act, **typed)
    assert answer.status_code == 303, read_page(answer.text).all("p", role="alert")[0].text
    return look(caller, answer.headers["location"])


def send(caller: Caller, act: str, **typed: str | None) -> httpx.Response:
    sent: dict[str, Any] = {**look(caller).form(act), **typed}
    kept = {name: value for name, value in sent.items() if value is not None}
    return caller.http.post(f"/page/{act}", data=kept)


def told(page: Element) -> str:
    """The sentence after a button was pressed."""
    return page.one("p", role="status").text


class TestLook:
    def test_nothing_comes_from_outside_and_nothing_runs(self, caller: Caller) -> None:
        caller.pay()
        page = look(caller)
        for kind in ("script", "link", "img", "iframe", "object"):
            assert page.all(kind) == []
        links = [a.attributes["href"] for a in page.all("a")]
        assert all(str(link).startswith("/") for link in links)
        policy = caller.http.get("/").headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_each_control_has_a_name_and_each_form_the_secret(self, caller: Caller) -> None:
        caller.safaricom.arm("result_late")
        caller.pay()
        page = look(caller)
        labelled = [
            c for label in page.all("label") for c in label.all("input") + label.all("select")
        ]
        visible = [i for i in page.all("input") if i.attributes.get("type") != "hidden"]
        assert {id(c) for c in visible + page.all("select")} == {id(c) for c in labelled}
        assert all(label.text for label in page.all("label"))
        secrets = {
            form.one("input", name="secret").attributes["value"] for form in page.all("form")
        }
        assert len(secrets) == 1
        assert len(str(secrets.pop())) >= 32

    def test_an_empty_page_says_so(self, caller: Caller) -> None:
        page = look(caller)
        assert "0 in all, newest first: none yet." in page.one("section", id="payouts").text
        assert "Practice only: it moves no money" in page.one("header").text
        assert page.all("p", role="status") == page.all("p", role="alert") == []

    def test_accounts_entries_and_wallets(self, caller: Caller) -> None:
        caller.safaricom.register_line(PHONE, "22334455", name="JANE WANJIKU")
        caller.pay(Amount=5_000)
        caller.posted("r")
        receipt = caller.safaricom.transactions[0].receipt
        page = look(caller)
        assert page.rows("Balances") == [
            ["Utility account", "995,000.00", "995,000.00"],
            ["Working account", "500,000.00", "500,000.00"],
            ["Charges paid account", "\u22129.00", "\u22129.00"],
            ["Safaricom's fees", "9.00", "9.00"],
            [
                "Outside (bank, and what was set by hand)",
                "\u22121,500,000.00",
                "\u22121,500,000.00",
            ],
            ["All wallets together", "5,000.00", "5,000.00"],
        ]
        assert "Every cent is accounted for" in page.one("section", id="accounts").text
        assert page.rows("Wallets") == [
            [
                f"{PHONE} JANE WANJIKU",
                "national ID 22334455",
                "registered",
                "5,000.00",
                "5,000.00",
            ]
        ]
        assert page.rows("Newest entries")[:2] == [
            ["4", "Charges paid account", "Safaricom's fees", f"payout fee {receipt}", "9.00"],
            ["3", "Utility account", f"Wallet {PHONE}", f"payout {receipt}", "5,000.00"],
        ]
        [payout] = page.rows("1 in all")[:1]
        assert payout[1:] == [
            "LN-1",
            f"{PHONE} JANE WANJIKU",
            "5,000.00",
            "9.00",
            f"Completed: {receipt}",
        ]

    def test_the_entries_of_one_account_end_in_its_balance(self, caller: Caller) -> None:
        caller.pay(Amount=5_000)
        caller.pay(Amount=2_000)
        rows = look(caller, "/?account=utility").rows("Entries of Utility account")
        assert [row[-1] for row in rows] == ["993,000.00", "995,000.00", "1,000,000.00"]
        wallet = look(caller, f"/?account=wallet:{PHONE}").rows(f"Entries of Wallet {PHONE}")
        assert [row[-1] for row in wallet] == ["7,000.00", "5,000.00"]

    def test_messages_show_what_was_in_them_but_no_credential(self, caller: Caller) -> None:
        caller.safaricom.arm("timeout_original")
        caller.pay()
        caller.posted("t")
        page = look(caller)
        credential = caller.safaricom._world.transactions[0].request["SecurityCredential"]
        messages = page.one("section", id="messages").text
        assert "Request: b2c/v3 (LN-1, 254708374149 KES 100)" in messages
        assert '"CommandID": "BusinessPayment"' in messages
        assert '"SecurityCredential": "[redacted]"' in messages
        assert str(credential) not in page.text
        assert caller.safaricom.profile.consumer_secret not in page.text
        assert caller.safaricom.profile.initiator_password not in page.text

    def test_every_number_is_in_the_table(self, caller: Caller) -> None:
        rows = look(caller).rows("Numbers")
        assert rows == [[row.phone, row.code, row.text] for row in CODES.values()]

    def test_it_refreshes_only_when_it_is_watched(self, caller: Caller) -> None:
        """A page that renews itself would take away what somebody is typing."""
        assert look(caller).all("meta", **{"http-equiv": "refresh"}) == []
        watched = look(caller, "/?watch=1")
        assert watched.one("meta", **{"http-equiv": "refresh"}).attributes["content"] == "5"

    def test_hostile_words_stay_words(self, caller: Caller) -> None:
        caller.http.post("/control/wallets", json={"phone": PHONE, "name": HOSTILE})
        caller.http.post("/control/outcomes", json={"phone": PHONE, "code": "<i>"})
        caller.safaricom.arm("outcome", match_id=HOSTILE, code=HOSTILE)
        caller.pay(Remarks=HOSTILE, Occassion="</pre></details><b>")
        caller.posted("r")
        address = "/?account=" + HOSTILE.replace("&", "%26").replace("\u202e", "")
        for page in (look(caller), look(caller, address)):
            assert page.all("b") == page.all("i") == page.all("script") == []
            assert "<b>X</b>" in page.one("section", id="payouts").text
            assert "\u202e" not in page.text
            assert "payouts end in <i>" in page.one("section", id="wallets").text


class TestButtons:
    def test_money_comes_and_moves(self, caller: Caller) -> None:
        assert told(press(caller, "fund", amount="2,500.50")) == "KES 2,500.50 came from the bank."
        page = press(caller, "move", amount="1000", source="working", target="utility")
        assert told(page) == "KES 1,000.00 was moved."
        assert caller.safaricom.balance_cents("utility") == 1_003_500_50
        assert caller.safaricom.balance_cents("working") == 499_000_00
        assert look(caller).all("p", role="status") == [], "a sentence is said once"

    def test_the_code_of_the_next_payment(self, caller: Caller) -> None:
        assert told(press(caller, "next", code="2040", way="result")).startswith("Code 2040 waits")
        assert [row[0] for row in look(caller).rows("Waiting to strike")] == ["Outcome"]
        caller.pay()
        assert caller.safaricom.transactions[-1].result_code == "2040"
        press(caller, "next", code="26", way="answer")
        assert caller.pay().json()["ResponseCode"] == "26"
        press(caller, "next", code="500.003.03", way="result")
        assert caller.pay().json()["errorCode"] == "500.003.03"

    def test_a_fault_is_injected_and_taken_away(self, caller: Caller) -> None:
        page = press(
            caller,
            "arm",
            fault="timeout_result",
            phone=PHONE,
            times="3",
            options="seconds = 30, paid_later=yes",
        )
        assert page.rows("Waiting to strike") == [
            ["Timeout result", "payouts", PHONE, "paid_later=yes, seconds=30", "3"]
        ]
        caller.pay()
        assert caller.safaricom.held_back == 1
        assert look(caller).rows("Waiting to strike")[0][-1] == "2"
        press(caller, "disarm")
        assert look(caller).all("form", action="/page/disarm") == []

    def test_every_fault_is_explained(self, caller: Caller) -> None:
        rows = {row[0]: row[1:] for row in look(caller).rows("Faults")}
        assert len(rows) == len(FAULTS)
        assert rows["Token hang"][1:] == ["tokens", "nothing"]
        assert rows["Quota"][1:] == ["whatever is asked", "nothing"]
        assert rows["Prompt waits"][1:] == ["prompts", "seconds=3600"]
        assert rows["Status open"][1:] == ["status questions", "state=Initiated"]

    def test_every_fault_can_be_chosen(self, caller: Caller) -> None:
        form = look(caller).one("form", action="/page/arm")
        offered = [o.attributes["value"] for o in form.one("select", name="fault").all("option")]
        assert set(offered) == set(FAULTS)
        assert len(offered) == len(FAULTS)
        for fault in FAULTS:
            press(caller, "arm", fault=fault)
        assert len(caller.http.get("/control/faults").json()["armed"]) == len(FAULTS)

    def test_one_of_two_callbacks_is_released(self, caller: Caller) -> None:
        caller.safaricom.arm("result_late", times=2)
        caller.pay()
        caller.pay()
        page = look(caller)
        assert [row[0] for row in page.rows("Callbacks and payments")] == [
            "B2C result for LN-1",
            "B2C result for LN-2",
        ]
        forms = page.one("section", id="held").all("form")
        number = str(forms[1].one("input", name="number").attributes["value"])
        press(caller, "release", number=number)
        assert caller.inbox.wait_for(lambda: len(caller.bodies("r")) == 1)
        assert b"LN-2" in caller.bodies("r")[0]
        press(caller, "release", number="")
        assert caller.inbox.wait_for(lambda: len(caller.bodies("r")) == 2)

    def test_a_wallet(self, caller: Caller) -> None:
        typed = {"name": "Jane Wanjiku", "amount": "499,950", "id_type": "05", "id_number": "AK01"}
        press(caller, "wallet", phone=PHONE, **typed)
        assert look(caller).rows("Wallets")[0][:4] == [
            f"{PHONE} Jane Wanjiku",
            "passport AK01",
            "registered",
            "499,950.00",
        ]
        page = press(caller, "wallet", phone=PHONE, is_registered=None)
        assert page.rows("Wallets")[0][1:4] == ["passport AK01", "not on M-Pesa", "499,950.00"]
        press(caller, "outcome", phone=PHONE, code="17")
        caller.pay()
        assert caller.safaricom.transactions[-1].result_code == "17"
        assert "as usual again" in told(press(caller, "outcome", phone=PHONE, code=""))

    def test_settings(self, caller: Caller) -> None:
        assert "locked" in told(press(caller, "operator"))
        caller.pay()
        assert caller.safaricom.transactions[-1].result_code == "8006"
        assert "active" in told(press(caller, "operator"))
        press(caller, "service", id_check="yes", bears_withdrawal="yes")
        assert look(caller).form("service").keys() == {"secret", "id_check", "bears_withdrawal"}
        caller.pay(Amount=100)
        assert caller.safaricom.transactions[-1].fee_cents == 11_00
        press(caller, "service", id_check=None, bears_withdrawal=None)
        assert look(caller).form("service").keys() == {"secret"}

    def test_every_spelling(self, caller: Caller) -> None:
        last: dict[str, str | None] = {}
        for name, choices in CHOICES.items():
            words = {True: "yes", False: "no"}
            value = choices[-1]
            last[name] = words[value] if isinstance(value, bool) else str(value)
        page = press(caller, "oddities", **last)
        assert {k: v for k, v in page.form("oddities").items() if k != "secret"} == last
        assert caller.safaricom._world.oddities.balance_gaps == CHOICES["balance_gaps"][-1]
        assert caller.safaricom._world.oddities.backwards is CHOICES["backwards"][-1]

    def test_beginning_again(self, caller: Caller) -> None:
        caller.safaricom.arm("result_late")
        caller.pay()
        assert told(press(caller, "reset")) == "Everything was forgotten."
        assert caller.safaricom.transactions == ()
        assert caller.safaricom.held_back == 0

    @pytest.mark.parametrize(
        ("act", "typed", "why"),
        [
            ("fund", {"amount": "much"}, "amount"),
            ("fund", {"amount": "1", "account": "outside"}, "account is one of"),
            ("fund", {"amount": None}, "The form lacks amount."),
            ("move", {"amount": "600000", "source": "working"}, "does not hold that much"),
            ("next", {"code": ""}, "1 to 20 characters"),
            ("arm", {"fault": "earthquake"}, "There is no fault"),
            ("arm", {"fault": "result_late", "options": "late"}, "name=value"),
            ("arm", {"fault": "result_late", "options": "seconds=soon"}, "cannot be"),
            ("arm", {"fault": "result_late", "api": "oauth"}, "api of result_late"),
            ("arm", {"times": "0"}, "at least 1"),
            ("wallet", {"phone": "0712345678"}, "twelve digits"),
            ("wallet", {"phone": PHONE, "amount": "-5"}, "amount"),
            ("release", {"number": "first"}, "first"),
            ("oddities", {"codes": "roman"}, "codes is one of"),
        ],
    )
    def test_what_cannot_be_used_is_explained(
        self, caller: Caller, act: str, typed: dict[str, str | None], why: str
    ) -> None:
        if act == "release":
            caller.safaricom.arm("result_late")
            caller.pay()
        answer = send(caller, act, **typed)
        assert answer.status_code == 400
        assert why in read_page(answer.text).one("p", role="alert").text
        assert caller.safaricom.balance_cents("working") == 500_000_00
        assert caller.http.get("/control/faults").json()["armed"] == []


class TestStrangers:
    def test_a_form_without_the_secret(self, caller: Caller) -> None:
        for secret in ("", "wrong", "\u00fc"):
            answer = caller.http.post("/page/reset", data={"secret": secret})
            assert answer.status_code == 403
        assert caller.http.post("/page/reset").status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "practice.example.com"},
            {"Host": "192.0.2.7:8787"},
            {"Host": ""},
            {"Origin": "https://example.com"},
            {"Origin": "null"},
        ],
    )
    def test_another_site(self, caller: Caller, headers: dict[str, str]) -> None:
        secret = look(caller).form("reset")["secret"]
        caller.pay()
        form = {"secret": secret}
        assert caller.http.post("/page/reset", data=form, headers=headers).status_code == 403
        assert caller.http.get("/", headers=headers).status_code == 403
        assert len(caller.safaricom.transactions) == 1

    def test_the_control_addresses_do_not_serve_another_site(self, caller: Caller) -> None:
        caller.pay()
        away = {"Origin": "https://example.com"}
        for address in ("reset", "faults"):
            body = {"fault": "quota"}
            answer = caller.http.post(f"/control/{address}", json=body, headers=away)
            assert answer.status_code == 403
        assert len(caller.safaricom.transactions) == 1

    @pytest.mark.parametrize(
        "raw", [b"\xff\xfe", b"a=1&" * 200, b"x" * 70_000, b"secret=%ff&a=b", b"no pairs"]
    )
    def test_what_is_no_form(self, caller: Caller, raw: bytes) -> None:
        answer = caller.http.post("/page/reset", content=raw)
        assert answer.status_code in (400, 403)
        assert read_page(answer.text).one("p", role="alert").text

    def test_a_button_that_is_not_there(self, caller: Caller) -> None:
        secret = look(caller).form("reset")["secret"]
        assert caller.http.post("/page/explode", data={"secret": secret}).status_code == 404
        assert caller.http.get("/page/reset").status_code != 200
