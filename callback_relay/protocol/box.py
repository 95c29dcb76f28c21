"""Sealing: an entry is closed to the society's inbox key on receipt, and only the society can open
it.

HPKE in base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305) has no separate associated data, so
everything that a box must stay tied to, the header bytes above all, goes into `info`.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE_NAME = "hpke-x25519-hkdf-sha256-chacha20poly1305"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_ENTRY_LABEL = b"callback-relay/v1 box\n"


class BoxNotOpened(Exception):
    """The box does not open: wrong key, changed bytes, or a box that belongs to another header."""


def seal(inbox_key: X25519PublicKey, header: bytes, plain: bytes) -> bytes:
    """Close an entry to the inbox key, bound to its header bytes."""
    return seal_to(inbox_key, _ENTRY_LABEL + header, plain)


def unseal(inbox_key: X25519PrivateKey, header: bytes, box: bytes) -> bytes:
    """Open the box of an entry; BoxNotOpened when a single byte of box or header is not what was
    sealed."""
    return unseal_with(inbox_key, _ENTRY_LABEL + header, box)


def seal_to(key: X25519PublicKey, info: bytes, plain: bytes) -> bytes:
    """Close bytes to a key under a context of the caller's, which must begin with a label of its
    own."""
    return _SUITE.encrypt(plain, key, info=info)


def unseal_with(key: X25519PrivateKey, info: bytes, box: bytes) -> bytes:
    """Open bytes closed by `seal_to` under the same context."""
    try:
        return _SUITE.decrypt(box, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise BoxNotOpened("the box does not open with this key and header") from error
