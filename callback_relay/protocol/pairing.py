"""The pairing code: a secret said over the phone that lets desktop and relay recognise each other's
keys.

Both sides prove that they know the code over the exact bytes they exchange, so a proxy that opens
TLS cannot put its own keys in between.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from callback_relay.protocol.encoding import Malformed

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_ID_LENGTH = 4
_SECRET_LENGTH = 12
# About 50 ms and 16 MB: a person waits once, a thief of the database waits 2**60 times.
_COST = {"n": 2**14, "r": 8, "p": 1}


def new_pairing_code() -> str:
    """A code like K7QM-3DXN-8W2P-5RTV: 20 bits of name and 60 bits of secret."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH + _SECRET_LENGTH)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def split_code(code: str) -> tuple[str, str]:
    """The public name and the secret of a code as typed: case, spaces and dashes do not matter, nor
    O for 0."""
    letters = "".join(code.upper().split()).replace("-", "").translate(_LOOKALIKES)
    if len(letters) != _ID_LENGTH + _SECRET_LENGTH or any(c not in _ALPHABET for c in letters):
        raise Malformed("a pairing code has 16 letters and digits")
    return letters[:_ID_LENGTH], letters[_ID_LENGTH:]


def pairing_key(pairing_id: str, secret: str) -> bytes:
    """The key that both sides derive from the code."""
    return hashlib.scrypt(secret.encode(), salt=pairing_id.encode(), dklen=32, **_COST)


def request_proof(key: bytes, payload: bytes) -> str:
    """The desktop's proof over the bytes of its pairing request."""
    return _proof(key, "request", payload)


def answer_proof(key: bytes, request_payload: bytes, answer_payload: bytes) -> str:
    """The relay's proof over its answer and the request that it answers."""
    both = hashlib.sha256(request_payload).digest() + hashlib.sha256(answer_payload).digest()
    return _proof(key, "answer", both)


def proof_fits(expected: str, given: object) -> bool:
    """Compare two proofs without telling by the time it takes where they differ."""
    return isinstance(given, str) and hmac.compare_digest(expected.encode(), given.encode())


def _proof(key: bytes, label: str, data: bytes) -> str:
    text = f"callback-relay/v1 pair {label}\n".encode() + data
    return hmac.new(key, text, hashlib.sha256).hexdigest()
