"""Connection, certificate, callback addresses, requests: what is refused before it is sent."""

import base64
from typing import Any

import pytest

from sacco_desktop.demo.safaricom.keys import credential_key
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.gateways.daraja.callback_urls import callback_url_problem
from sacco_desktop.gateways.daraja.connection import DarajaConnection
from sacco_desktop.gateways.daraja.credential import certificate_facts, security_credential
from sacco_desktop.gateways.daraja.exchange import B2CRequest, StatusRequest, safe_text

SECRETS = ("the-consumer-key", "the-consumer-secret", "the-password")


def connection(**changes: Any) -> DarajaConnection:
    values: dict[str, Any] = {
        "environment": "practice",
        "shortcode": "600310",
        "consumer_key": SECRETS[0],
        "consumer_secret": SECRETS[1],
        "initiator_name": "api",
        "initiator_password": SECRETS[2],
        "certificate_pem": credential_key().certificate_pem,
        "base_url": "http://127.0.0.1:8080/",
    }
    return DarajaConnection(**{**values, **changes})


def request(**changes: Any) -> B2CRequest:
    values: dict[str, Any] = {
        "originator_conversation_id": "LN-000123-1",
        "phone": "254708374149",
        "amount_shillings": 5000,
        "remarks": "Loan",
        "occasion": "",
        "result_url": "https://relay.example.org/r/1",
        "timeout_url": "https://relay.example.org/t/1",
    }
    return B2CRequest(**{**values, **changes})


class TestConnection:
    def test_the_real_hosts_are_fixed(self) -> None:
        assert connection(environment="sandbox", base_url="").base_url.endswith(
            "sandbox.safaricom.co.ke"
        )
        assert connection(environment="production", base_url="").base_url == (
            "https://api.safaricom.co.ke"
        )

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            (
                "base_url",
                {"environment": "production", "base_url": "https://api.safaricom.co.ke.x"},
            ),
            ("base_url", {"environment": "sandbox", "base_url": "https://api.safaricom.co.ke"}),
            ("base_url", {"base_url": "https://api.safaricom.co.ke"}),
            ("base_url", {"base_url": ""}),
            ("base_url", {"base_url": "ftp://127.0.0.1"}),
            ("base_url", {"base_url": "http://127.0.0.1/x"}),
            ("environment", {"environment": "live"}),
            ("shortcode", {"shortcode": "60031O"}),
            ("b2c_version", {"b2c_version": "v2"}),
            ("consumer_key", {"consumer_key": " "}),
            ("initiator_password", {"initiator_password": ""}),
            ("certificate_pem", {"certificate_pem": ""}),
        ],
    )
    def test_what_cannot_be_used_names_its_field(self, field: str, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput) as refused:
            connection(**changes)
        assert refused.value.field == field

    def test_no_secret_in_the_repr(self) -> None:
        assert not any(secret in repr(connection()) for secret in SECRETS)
        assert "CERTIFICATE" not in repr(connection())

    def test_the_version_is_in_the_path(self) -> None:
        assert connection().b2c_path == "/mpesa/b2c/v3/paymentrequest"
        assert connection(b2c_version="v1").b2c_path == "/mpesa/b2c/v1/paymentrequest"


class TestCredential:
    def test_only_the_owner_of_the_certificate_can_open_it(self) -> None:
        key = credential_key()
        locked = security_credential("Practice#2026", key.certificate_pem)
        assert len(locked) == 344
        assert "\n" not in locked
        assert key.open(locked) == "Practice#2026"
        assert security_credential("Practice#2026", key.certificate_pem) != locked

    def test_the_portals_file_may_be_binary(self) -> None:
        lines = credential_key().certificate_pem.splitlines()[1:-1]
        binary = base64.b64decode("".join(lines))
        assert certificate_facts(binary) == certificate_facts(credential_key().certificate_pem)

    def test_facts_to_compare(self) -> None:
        facts = certificate_facts(credential_key().certificate_pem)
        assert facts.not_after.year == 2018  # expired, and good all the same
        assert len(facts.sha256_fingerprint.split(":")) == 32
        assert len(facts.public_key_sha256.split(":")) == 32

    @pytest.mark.parametrize("text", ["", "hello", "-----BEGIN CERTIFICATE-----\nx\n"])
    def test_another_file_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="not a certificate"):
            security_credential("x", text)

    def test_a_password_that_does_not_fit(self) -> None:
        with pytest.raises(InvalidInput, match="too long"):
            security_credential("x" * 300, credential_key().certificate_pem)


class TestCallbackAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "https://relay.example.org/c/0123abcd",
            "https://relay.example.org:8443/c/0123abcd",
        ],
    )
    def test_fine_everywhere(self, url: str) -> None:
        assert callback_url_problem(url, "production") is None

    @pytest.mark.parametrize(
        "url",
        [
            "http://relay.example.org/c",
            "https://127.0.0.1/c",
            "https://192.168.1.5/c",
            "https://localhost/c",
            "https://pc.local/c",
            "https://abc.ngrok.io/c",
            "https://relay.example.org/c?token=1",
            "https://me@relay.example.org/c",
            "https://my-mpesa.example.org/c",
            "https://relay.example.org/eXec",
            "https://relay.example.org/c/ab0exe11",
            "https://relay.example.org/sql",
            "https://relay.example.org/query",
            "relay.example.org/c",
            "",
        ],
    )
    def test_refused_in_production(self, url: str) -> None:
        assert callback_url_problem(url, "production")

    def test_practice_may_use_this_pc(self) -> None:
        assert callback_url_problem("http://127.0.0.1:9000/c", "practice") is None
        assert callback_url_problem("http://127.0.0.1:9000/sql", "practice")
        assert callback_url_problem("http://relay.example.org/c", "sandbox") is None


class TestRequests:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("originator_conversation_id", ""),
            ("originator_conversation_id", "x" * 37),
            ("originator_conversation_id", "a b"),
            ("phone", "0708374149"),
            ("phone", "+254708374149"),
            ("phone", "254808374149"),
            ("amount_shillings", 0),
            ("amount_shillings", True),
            ("remarks", "é"),
        ],
    )
    def test_what_cannot_be_sent(self, field: str, value: object) -> None:
        with pytest.raises(InvalidInput) as refused:
            request(**{field: value})
        assert refused.value.field == field

    def test_a_persons_number_stays_out_of_the_repr(self) -> None:
        assert "254708374149" not in repr(request())

    def test_a_question_is_about_one_thing(self) -> None:
        with pytest.raises(InvalidInput):
            StatusRequest("https://x.org/r", "https://x.org/t")
        with pytest.raises(InvalidInput):
            StatusRequest("https://x.org/r", "https://x.org/t", "LN-1", "SG632NMUAB")

    def test_only_safe_characters_are_sent(self) -> None:
        assert safe_text("Loan <b>#12</b>: Müller & co.", 100) == "Loan b 12 b M ller co."
        assert safe_text("x" * 200, 100) == "x" * 100
