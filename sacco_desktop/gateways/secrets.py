"""Keeps secrets out of the books and the log: in the keyring of the operating system, or in a file
that a passphrase seals where there is none.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Protocol

import keyring
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from keyring.errors import KeyringError, NoKeyringError

from sacco_desktop.domain.errors import InvalidInput, OutsideUnavailable

_FORMAT = b"sacco-desktop secrets 1\n"
# OWASP's floor for argon2id; a person types the passphrase once a start, so more would only annoy.
_COST = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}
# Windows keeps at most 2,560 bytes in one credential; longer secrets are cut into numbered parts.
_LONGEST_PART = 1000


class SecretStore(Protocol):
    """Named secrets. A name belongs to one society's books on this PC."""

    def read(self, name: str) -> str | None:
        """The secret, or None when there is none of this name."""

    def write(self, name: str, secret: str) -> None:
        """Keep a secret, in place of the one before."""


class KeyringSecrets:
    """Secrets in the operating system's own store, under the id of the books."""

    def __init__(self, books_label: str) -> None:
        self._service = f"sacco-desktop/{books_label}"

    def read(self, name: str) -> str | None:
        """See SecretStore. Raises OutsideUnavailable when the keyring is locked or gone."""
        try:
            first = keyring.get_password(self._service, name)
            if first is None or not first.startswith("parts:"):
                return first
            count = int(first.removeprefix("parts:"))
            parts = [keyring.get_password(self._service, f"{name}/{k}") for k in range(count)]
        except KeyringError as error:
            raise _no_keyring() from error
        return "".join(part or "" for part in parts)

    def write(self, name: str, secret: str) -> None:
        """See SecretStore."""
        try:
            if len(secret) <= _LONGEST_PART:
                keyring.set_password(self._service, name, secret)
                return
            parts = [
                secret[start : start + _LONGEST_PART]
                for start in range(0, len(secret), _LONGEST_PART)
            ]
            for number, part in enumerate(parts):
                keyring.set_password(self._service, f"{name}/{number}", part)
            # The count comes last: until then the old secret is still whole.
            keyring.set_password(self._service, name, f"parts:{len(parts)}")
        except KeyringError as error:
            raise _no_keyring() from error


class FileSecrets:
    """Secrets in one file, sealed by AES-GCM under a key that argon2id makes of the passphrase."""

    def __init__(self, path: Path, passphrase: str) -> None:
        """Raises InvalidInput under `passphrase` when an existing file does not open with it."""
        if len(passphrase) < 8:
            raise InvalidInput("The passphrase has at least 8 characters.", "passphrase")
        self._path = path
        if path.exists():
            sealed = path.read_bytes()
            self._salt = sealed[len(_FORMAT) : len(_FORMAT) + 16]
            self._key = _derive(passphrase, self._salt)
            self._secrets = self._unseal(sealed)
        else:
            self._salt = secrets.token_bytes(16)
            self._key = _derive(passphrase, self._salt)
            self._secrets = {}

    def __repr__(self) -> str:
        return f"FileSecrets({str(self._path)!r})"

    def read(self, name: str) -> str | None:
        """See SecretStore."""
        return self._secrets.get(name)

    def write(self, name: str, secret: str) -> None:
        """See SecretStore. The file is replaced in one step, so a power cut leaves the old one or the new one."""
        self._secrets[name] = secret
        nonce = secrets.token_bytes(12)
        text = json.dumps({key: b64encode(v.encode()).decode() for key, v in self._secrets.items()})
        box = AESGCM(self._key).encrypt(nonce, text.encode(), _FORMAT)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_FORMAT + self._salt + nonce + box)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    def _unseal(self, sealed: bytes) -> dict[str, str]:
        start = len(_FORMAT) + 16
        nonce, box = sealed[start : start + 12], sealed[start + 12 :]
        try:
            text = AESGCM(self._key).decrypt(nonce, box, _FORMAT)
        except InvalidTag:
            raise InvalidInput("That passphrase does not open the secrets.", "passphrase") from None
        return {key: b64decode(value).decode() for key, value in json.loads(text).items()}


def _derive(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, hash_len=32, type=Type.ID, **_COST)


def has_keyring() -> bool:
    """Whether this PC has a keyring that keeps secrets; a headless Linux has none."""
    try:
        keyring.get_password("sacco-desktop/probe", "probe")
    except NoKeyringError:
        return False
    except KeyringError:
        return True
    return True


def _no_keyring() -> OutsideUnavailable:
    return OutsideUnavailable(
        "keyring",
        "The keyring of this computer is locked or not there. Unlock it, then start again.",
    )
