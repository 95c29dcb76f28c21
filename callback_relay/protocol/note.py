"""Notes: what a device lays down in its own feed, sealed so that the relay can neither read, change
nor invent one."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from callback_relay.protocol.box import BoxNotOpened, seal_to, unseal_with

LONGEST_NOTE = 32 * 1024
_PROOF_LENGTH = 32


def seal_note(
    inbox_key: X25519PublicKey, tag_key: bytes, tenant: str, note_id: str, content: bytes
) -> bytes:
    """Close a note to the inbox key, bound to tenant and note id.

    Anybody who knows the inbox key could seal something, so a proof with the key that only the
    society's devices share goes in first.
    """
    proof = _keyed(tag_key, "relay-note/v1", tenant, note_id, content)
    return seal_to(inbox_key, _context(tenant, note_id), proof + content)


def open_note(
    inbox_key: X25519PrivateKey, tag_key: bytes, tenant: str, note_id: str, box: bytes
) -> bytes:
    """The content of a note; BoxNotOpened unless a device of this society laid it down under this
    id."""
    plain = unseal_with(inbox_key, _context(tenant, note_id), box)
    content = plain[_PROOF_LENGTH:]
    expected = _keyed(tag_key, "relay-note/v1", tenant, note_id, content)
    if not hmac.compare_digest(plain[:_PROOF_LENGTH], expected):
        raise BoxNotOpened("the note was not laid down by a device of this society")
    return content


def note_fingerprint(tag_key: bytes, tenant: str, note_id: str, content: bytes) -> str:
    """By this the relay knows a repeated note from another one under the same id, without learning
    the content."""
    return _keyed(tag_key, "relay-note-fingerprint/v1", tenant, note_id, content).hex()


def _context(tenant: str, note_id: str) -> bytes:
    return f"callback-relay/v1 note\n{tenant}\n{note_id}\n".encode()


def _keyed(tag_key: bytes, label: str, tenant: str, note_id: str, content: bytes) -> bytes:
    return hmac.new(
        tag_key, f"{label}\n{tenant}\n{note_id}\n".encode() + content, hashlib.sha256
    ).digest()
