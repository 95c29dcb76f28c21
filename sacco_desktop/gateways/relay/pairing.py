"""Pairing: with one code, read out by the relay's operator, desktop and relay come to know each
other's keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from callback_relay.protocol.box import SUITE_NAME
from callback_relay.protocol.checkpoint import NotSigned, SignedText, verify_checkpoint
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_json,
    list_field,
    object_field,
    text_field,
    to_base64,
    to_json,
)
from callback_relay.protocol.pairing import (
    answer_proof,
    pairing_key,
    proof_fits,
    request_proof,
    split_code,
)
from sacco_desktop.domain.errors import InvalidInput, OutsideUnavailable
from sacco_desktop.gateways.relay.connection import RelayConnection, SocietyKeys
from sacco_desktop.gateways.relay.errors import PairingRefused
from sacco_desktop.gateways.relay.transport import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    read_answer,
    unreachable,
)

_TRIES = 3


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The keys and bytes of one pairing. A repeated request is the very same bytes, and the relay
    answers it again."""

    device_key: Ed25519PrivateKey
    society: SocietyKeys
    code_key: bytes = field(repr=False)
    payload: bytes = field(repr=False)


async def pair(
    api_url: str,
    code: str,
    device_name: str,
    *,
    http: httpx.AsyncClient,
    now: Callable[[], datetime],
    society: SocietyKeys | None = None,
) -> RelayConnection:
    """Pair this computer with the relay at `api_url` and pin the relay's key.

    `society` brings the keys of a device that is paired already (or of the recovery file); without
    it this is the society's first device and fresh keys are made. Raises InvalidInput for a code
    that cannot be one, PairingRefused for one that is wrong or when the answering side does not
    know it, and OutsideUnavailable.
    """
    attempt = _prepare(code, device_name, society or SocietyKeys.generate())
    base = api_url.rstrip("/")
    message = {
        "payload": to_base64(attempt.payload),
        "mac": request_proof(attempt.code_key, attempt.payload),
    }
    answer = await _post(base + "/v1/pair", message, http, now)
    return _connection_from(base, answer, attempt)


def _prepare(code: str, device_name: str, society: SocietyKeys) -> _Attempt:
    try:
        pairing_id, secret = split_code(code)
    except Malformed as error:
        raise InvalidInput(
            "A pairing code has four groups of four letters and digits, like K7QM-3DXN-8W2P-5RTV.",
            "code",
        ) from error
    device_key = Ed25519PrivateKey.generate()
    inbox_public = society.current_inbox_key().public_key().public_bytes_raw()
    payload = to_json(
        {
            "id": pairing_id,
            "device": {
                "name": device_name[:100],
                "sign_pub": to_base64(device_key.public_key().public_bytes_raw()),
            },
            "inbox": {"kid": society.current, "pub": to_base64(inbox_public), "suite": SUITE_NAME},
        }
    )
    return _Attempt(device_key, society, pairing_key(pairing_id, secret), payload)


async def _post(
    url: str, message: dict[str, Any], http: httpx.AsyncClient, now: Callable[[], datetime]
) -> dict[str, Any]:
    """A lost answer would burn the code, so the same bytes are sent again before we give up."""
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    headers = {"Content-Type": "application/json", "Relay-Version": "1"}
    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            response = await http.post(
                url, content=to_json(message), headers=headers, timeout=timeout
            )
            return read_answer(response, now())
        except httpx.HTTPError as error:
            if last:
                raise unreachable(now()) from error
        except OutsideUnavailable:
            if last:
                raise
    raise AssertionError("the last try either answers or raises")


def _connection_from(base: str, answer: dict[str, Any], attempt: _Attempt) -> RelayConnection:
    try:
        payload = from_base64(answer.get("payload"), "the answer")
        expected = answer_proof(attempt.code_key, attempt.payload, payload)
        if not proof_fits(expected, answer.get("mac")):
            raise PairingRefused(
                "Whoever answered does not know the pairing code, so it is not the relay. Use "
                "another internet connection."
            )
        message = from_json(payload, "the answer")
        connection = RelayConnection(
            name=text_field(message, "relay"),
            api_url=base,
            callback_url=text_field(message, "callback_url").rstrip("/"),
            tenant=text_field(message, "tenant"),
            device_id=text_field(message, "device_id"),
            device_key=attempt.device_key.private_bytes_raw(),
            relay_keys=_relay_keys(message),
            society=attempt.society,
        )
        signed = SignedText.from_message(object_field(message, "checkpoint"))
        verify_checkpoint(signed, connection.pinned_relay_keys(), connection.tenant)
    except (Malformed, NotSigned) as error:
        raise PairingRefused("The relay's answer to the pairing cannot be used.") from error
    return connection


def _relay_keys(message: dict[str, Any]) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for item in list_field(message, "relay_keys"):
        if not isinstance(item, dict):
            raise Malformed("a relay key is not an object")
        keys[text_field(item, "id")] = from_base64(item.get("pub"), "a relay key")
    if not keys or any(len(raw) != 32 for raw in keys.values()):
        raise Malformed("the relay names no key of 32 bytes")
    return keys
