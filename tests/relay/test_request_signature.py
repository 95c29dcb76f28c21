"""Our one profile of HTTP Message Signatures, against another implementation and against every
change of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from callback_relay.protocol.request_signature import (
    BadSignature,
    ClockSkew,
    Request,
    content_digest,
    sign_request,
    verify_request,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
NOW = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)
READING = Request("GET", "api.relay.example", "/v1/feed", "after=c1.1.0.ab&limit=200")
WRITING = Request("PUT", "api.relay.example", "/v1/cursor", "", b'{"cursor":"c1"}')
BOTH = pytest.mark.parametrize("request_", [READING, WRITING], ids=["reading", "writing"])


@dataclass
class _Message:
    """What the other implementation wants to see of a request."""

    method: str
    url: str
    headers: dict[str, str]


def _message(request: Request, headers: Mapping[str, str]) -> _Message:
    url = f"https://{request.authority}{request.path}"
    return _Message(
        request.method, url + (f"?{request.search}" if request.search else ""), dict(headers)
    )


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _key_of(_device: str) -> Ed25519PublicKey:
    return KEY.public_key()


def _verify(request: Request, headers: Mapping[str, str], now: datetime = NOW) -> str:
    return verify_request(request, _lowered(headers), _key_of, now)


def _resolver() -> MappingKeyResolver:
    return MappingKeyResolver(
        public_keys={"d_8h2k": KEY.public_key()}, private_keys={"d_8h2k": KEY}
    )


@BOTH
def test_the_other_implementation_accepts_our_signature(request_: Request) -> None:
    now = datetime.now(UTC)
    headers = sign_request(request_, "d_8h2k", KEY, now)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=_resolver())
    results = verifier.verify(
        _message(request_, headers), max_age=timedelta(minutes=5), expect_tag="callback-relay/1"
    )
    assert len(results) == 1
    assert '"@query"' in results[0].covered_components


@BOTH
def test_we_accept_the_signature_of_the_other_implementation(request_: Request) -> None:
    components = ["@method", "@authority", "@path", "@query", "relay-version"]
    message = _message(request_, {"Relay-Version": "1"})
    if request_.body is not None:
        message.headers["Content-Digest"] = content_digest(request_.body)
        message.headers["Content-Type"] = "application/json"
        components += ["content-digest", "content-type"]
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_resolver())
    signer.sign(
        message,
        key_id="d_8h2k",
        created=NOW,
        label="r",
        tag="callback-relay/1",
        covered_component_ids=components,
        use_existing_digest=request_.body is not None,
    )
    assert _verify(request_, message.headers) == "d_8h2k"
    assert (
        _lowered(message.headers)["signature"]
        == sign_request(request_, "d_8h2k", KEY, NOW)["Signature"]
    )


@BOTH
def test_nothing_that_is_signed_can_be_changed(request_: Request) -> None:
    headers = sign_request(request_, "d_8h2k", KEY, NOW)
    changed = [
        replace(request_, method="POST"),
        replace(request_, authority="api.other.example"),
        replace(request_, path=request_.path + "/"),
        replace(request_, search=request_.search + "&limit=1"),
        replace(request_, body=b"{}" if request_.body is None else request_.body + b" "),
    ]
    for other in changed:
        with pytest.raises(BadSignature):
            _verify(other, headers)


@BOTH
def test_no_letter_of_the_signature_headers_can_be_changed(request_: Request) -> None:
    headers = sign_request(request_, "d_8h2k", KEY, NOW)
    for name, value in headers.items():
        for place, letter in enumerate(value):
            spoilt = value[:place] + ("A" if letter != "A" else "B") + value[place + 1 :]
            with pytest.raises(BadSignature):
                _verify(request_, {**headers, name: spoilt})


def test_only_the_one_profile_is_read() -> None:
    headers = sign_request(READING, "d_8h2k", KEY, NOW)
    good = headers["Signature-Input"]
    for other in (
        good.replace('"@query" ', ""),
        good.replace(";alg=", ';nonce="n";alg='),
        good + ", s=()",
        good.replace("r=", "q=", 1),
        "",
    ):
        with pytest.raises(BadSignature):
            _verify(READING, {**headers, "Signature-Input": other})


def test_the_default_port_and_the_case_of_the_host_do_not_matter() -> None:
    headers = sign_request(replace(READING, authority="API.relay.example:443"), "d_8h2k", KEY, NOW)
    assert _verify(READING, headers) == "d_8h2k"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_that_differs_too_much_is_told_apart_from_a_bad_signature(seconds: int) -> None:
    headers = sign_request(READING, "d_8h2k", KEY, NOW + timedelta(seconds=seconds))
    with pytest.raises(ClockSkew):
        _verify(READING, headers)
    near = sign_request(
        READING, "d_8h2k", KEY, NOW + timedelta(seconds=seconds // 302 * 300 or 300)
    )
    assert _verify(READING, near) == "d_8h2k"
