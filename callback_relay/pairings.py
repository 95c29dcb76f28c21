"""Pairing codes on the relay's side: made by the operator, good for 72 hours, five tries and one
computer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callback_relay.changes import NewDevice, add_device
from callback_relay.feeds import Feeds
from callback_relay.protocol.box import SUITE_NAME
from callback_relay.protocol.encoding import (
    Malformed,
    from_base64,
    from_json,
    inbox_key_from,
    object_field,
    signing_key_from,
    text_field,
    to_moment,
)
from callback_relay.protocol.pairing import (
    answer_proof,
    new_pairing_code,
    pairing_key,
    proof_fits,
    request_proof,
    split_code,
)
from callback_relay.relay_keys import RelayKeys

CODE_LIVES = timedelta(hours=72)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A request to pair as it came: the exact bytes, the proof over them, and what they say."""

    payload: bytes = field(repr=False)
    proof: str = field(repr=False)
    pairing_id: str
    device: NewDevice

    @classmethod
    def parse(cls, body: bytes) -> PairingRequest:
        """Read a request; whether the code was known is decided later, over the exact bytes."""
        outer = from_json(body, "the request")
        payload = from_base64(outer.get("payload"), "the payload")
        message = from_json(payload, "the payload")
        device, inbox = object_field(message, "device"), object_field(message, "inbox")
        if inbox.get("suite") != SUITE_NAME:
            raise Malformed("the inbox key is for a suite that is not served here")
        new = NewDevice(
            name=text_field(device, "name", longest=100),
            sign_pub=signing_key_from(device.get("sign_pub"), "the signing key").public_bytes_raw(),
            inbox_id=text_field(inbox, "kid", longest=20),
            inbox_pub=inbox_key_from(inbox.get("pub"), "the inbox key").public_bytes_raw(),
            inbox_suite=SUITE_NAME,
        )
        proof = text_field(outer, "mac", longest=64)
        return cls(payload, proof, text_field(message, "id", longest=8), new)


@dataclass(frozen=True, slots=True)
class PairingAnswer:
    """The relay's answer and its proof that it knows the code too."""

    payload: bytes
    proof: str = field(repr=False)


def new_code(feeds: Feeds, keys: RelayKeys, tenant: str, now: datetime) -> str:
    """Make a code for a society. Only a key derived from it is kept, closed with the relay's
    pepper."""
    connection = feeds.connection
    connection.execute("DELETE FROM pairing WHERE expires < ?", (to_moment(now),))
    while True:
        code = new_pairing_code()
        pairing_id, secret = split_code(code)
        if not connection.execute("SELECT 1 FROM pairing WHERE id = ?", (pairing_id,)).fetchone():
            break
    wrapped = keys.wrap(f"pairing {pairing_id}", pairing_key(pairing_id, secret))
    connection.execute(
        "INSERT INTO pairing (id, tenant, key_wrapped, expires) VALUES (?,?,?,?)",
        (pairing_id, tenant, wrapped, to_moment(now + CODE_LIVES)),
    )
    return code


def pair(
    feeds: Feeds,
    keys: RelayKeys,
    request: PairingRequest,
    tell: Callable[[str, str], bytes],
    now: datetime,
) -> PairingAnswer | None:
    """Enrol a computer that knows its code; None for every other, so that a wrong try stays
    counted.

    `tell(tenant, device)` makes the answer's payload. The same bytes again get the same answer, for
    the first answer may have been lost on the way.
    """
    connection = feeds.connection
    row = connection.execute(
        "SELECT tenant, key_wrapped, tries, expires, request_hash, answer"
        " FROM pairing WHERE id = ?",
        (request.pairing_id,),
    ).fetchone()
    if row is None or row[2] >= MOST_TRIES or row[3] < to_moment(now):
        return None
    tenant, wrapped, request_hash, answer = row[0], bytes(row[1]), row[4], row[5]
    key = keys.unwrap(f"pairing {request.pairing_id}", wrapped)
    if key is None or not proof_fits(request_proof(key, request.payload), request.proof):
        connection.execute(
            "UPDATE pairing SET tries = tries + 1 WHERE id = ?", (request.pairing_id,)
        )
        return None
    hashed = hashlib.sha256(request.payload).digest()
    if request_hash is None:
        device = add_device(feeds, tenant, request.device, now)
        answer = tell(tenant, device)
        connection.execute(
            "UPDATE pairing SET request_hash = ?, answer = ? WHERE id = ?",
            (hashed, answer, request.pairing_id),
        )
    elif bytes(request_hash) != hashed:
        return None
    payload = bytes(answer)
    return PairingAnswer(payload, answer_proof(key, request.payload, payload))
