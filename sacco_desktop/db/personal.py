"""Seals personal columns before they leave this PC for a server; an SQLite file is encrypted as a whole instead.

The same value in the same column always gives the same sealed text, so that a whole phone number or ID number can be
looked up, and two members cannot have the same one. Nothing else can be asked of a sealed column.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Dialect, Engine

from sacco_desktop.domain.errors import BooksDamaged

_PREFIX = "sealed:"
# The first byte of what is sealed; AES-SIV takes no empty text, and a later way of sealing gets another byte.
_FIRST_WAY = b"\x01"
_MARK = "SELECT obj_description('public.alembic_version'::regclass)"
# So few that a server cannot open it, so many that two values of one society never meet.
_MARK_BYTES = 8
_ATTRIBUTE = "sacco_personal_cipher"


class PersonalCipher:
    """AES-256-SIV (RFC 5297) under a key made from the key of the books; the place of a value is bound to it."""

    def __init__(self, key: bytes) -> None:
        """`key` is the 32-byte key of the books."""
        derived = HKDF(SHA256(), 64, None, b"sacco-desktop personal columns 1").derive(key)
        self._siv = AESSIV(derived)
        self.mark = hmac.digest(derived, b"mark of the key", hashlib.sha256).hex()[:32]

    def seal(self, place: str, plain: bytes) -> bytes:
        """Seal a value of the column `place`, as in "member.phone"."""
        return self._siv.encrypt(_FIRST_WAY + plain, [place.encode()])

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """The value. Raises BooksDamaged when it was sealed elsewhere, under another key, or was changed."""
        try:
            return self._siv.decrypt(sealed, [place.encode()])[len(_FIRST_WAY) :]
        except (InvalidTag, ValueError) as error:
            raise _changed(place) from error

    def mark_of(self, place: str, plain: str) -> str:
        """What stands for a value that can only be compared: equal values have equal marks, of letters and figures."""
        return self.seal(place, plain.encode())[:_MARK_BYTES].hex()

    def seal_text(self, place: str, plain: str) -> str:
        """The same for text."""
        return _PREFIX + urlsafe_b64encode(self.seal(place, plain.encode())).decode()

    def unseal_text(self, place: str, sealed: str) -> str:
        """The same for text. What stands there in clear was put there by somebody else."""
        if not sealed.startswith(_PREFIX):
            raise _changed(place)
        try:
            raw = urlsafe_b64decode(sealed.removeprefix(_PREFIX))
        except ValueError as error:
            raise _changed(place) from error
        return self.unseal(place, raw).decode()


def _changed(place: str) -> BooksDamaged:
    return BooksDamaged(
        f"Something in {place} was changed in the database itself, or was written under another key. Stop working and"
        " call whoever looks after the server."
    )


def give_cipher(engine: Engine, cipher: PersonalCipher) -> None:
    """Let the column types of this engine seal and unseal; they are handed nothing but the dialect."""
    setattr(engine.dialect, _ATTRIBUTE, cipher)


def cipher_of(dialect: Dialect) -> PersonalCipher | None:
    """The cipher of an engine on a server; None on SQLite."""
    found: PersonalCipher | None = getattr(dialect, _ATTRIBUTE, None)
    return found


def unsealed(dialect: Dialect, place: str, kept: str) -> str:
    """The text that a personal column keeps, read past the models. Raises BooksDamaged."""
    cipher = cipher_of(dialect)
    return kept if cipher is None else cipher.unseal_text(place, kept)


def mark_books(connection: Connection) -> None:
    """Write into new books under which key they are sealed; the key itself cannot be found from that."""
    cipher = cipher_of(connection.dialect)
    if cipher is not None:
        connection.exec_driver_sql(
            f"COMMENT ON TABLE alembic_version IS 'sealed under {cipher.mark}'"
        )


def refuse_other_key(engine: Engine) -> None:
    """Raise BooksDamaged when the books are sealed under another key than this PC has."""
    cipher = cipher_of(engine.dialect)
    if cipher is None:
        return
    with engine.connect() as connection:
        found = connection.exec_driver_sql(_MARK).scalar()
    if found != f"sealed under {cipher.mark}":
        raise BooksDamaged(
            "The books on the server cannot be opened with the key of this computer. Enter the key from their printed"
            " recovery sheet: sacco-desktop recovery-key --enter. Nothing was changed."
        )
