"""The relay's own secrets: the key that signs checkpoints and the pepper that closes pairing codes
at rest."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from callback_relay.protocol.encoding import to_base64

_SIGNING_PREFIX = "rk_"


@dataclass(frozen=True, slots=True)
class RelayKeys:
    """All signing keys in use by id; while one replaces another there are two, and both sign."""

    signing: Mapping[str, Ed25519PrivateKey] = field(repr=False)
    pepper: bytes = field(repr=False)

    def public(self) -> list[dict[str, str]]:
        """The public halves as they are shown to devices."""
        return [
            {"id": key_id, "pub": to_base64(key.public_key().public_bytes_raw())}
            for key_id, key in self.signing.items()
        ]

    def wrap(self, label: str, secret: bytes) -> bytes:
        """Close a small secret for storing; the label ties it to its row."""
        nonce = secrets.token_bytes(12)
        return nonce + ChaCha20Poly1305(self.pepper).encrypt(nonce, secret, label.encode())

    def unwrap(self, label: str, wrapped: bytes) -> bytes | None:
        """Open what `wrap` closed; None when the row was made with other keys."""
        try:
            return ChaCha20Poly1305(self.pepper).decrypt(wrapped[:12], wrapped[12:], label.encode())
        except InvalidTag:
            return None


def load_or_make(folder: Path) -> RelayKeys:
    """Read the keys of this relay; the first time they are made, readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob(f"{_SIGNING_PREFIX}*.key")):
        write_secret(
            folder / f"{_SIGNING_PREFIX}1.key", Ed25519PrivateKey.generate().private_bytes_raw()
        )
    pepper_file = folder / "pepper.key"
    if not pepper_file.exists():
        write_secret(pepper_file, secrets.token_bytes(32))
    signing = {
        path.stem: Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        for path in sorted(folder.glob(f"{_SIGNING_PREFIX}*.key"))
    }
    return RelayKeys(signing, pepper_file.read_bytes())


def write_secret(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
