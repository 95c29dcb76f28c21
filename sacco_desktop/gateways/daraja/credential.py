"""The initiator's password, locked with the public key in M-Pesa's certificate.

Only the key of the certificate counts: the certificates that Safaricom publishes expired years
ago and are still the right ones, so neither dates nor issuer are checked; the fingerprint is shown.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sacco_desktop.domain.errors import InvalidInput

SMALLEST_KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a person compares before trusting a certificate file. Times are UTC."""

    subject: str
    not_before: datetime
    not_after: datetime
    sha256_fingerprint: str
    public_key_sha256: str


def security_credential(password: str, certificate: str | bytes) -> str:
    """The password encrypted with RSA PKCS#1 v1.5 and written as base64 on one line.

    Each call gives other text, because the padding is random. Raises `InvalidInput`.
    """
    key = _public_key(_load(certificate))
    plain = password.encode("utf-8")
    if len(plain) > key.key_size // 8 - 11:
        raise InvalidInput("The API operator's password is too long.", "initiator_password")
    return base64.b64encode(key.encrypt(plain, padding.PKCS1v15())).decode("ascii")


def certificate_facts(certificate: str | bytes) -> CertificateFacts:
    """Subject, dates and fingerprints (colon-separated SHA-256). Raises `InvalidInput`."""
    loaded = _load(certificate)
    spki = _public_key(loaded).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki)
    return CertificateFacts(
        subject=loaded.subject.rfc4514_string(),
        not_before=loaded.not_valid_before_utc,
        not_after=loaded.not_valid_after_utc,
        sha256_fingerprint=_colons(loaded.fingerprint(hashes.SHA256())),
        public_key_sha256=_colons(digest.finalize()),
    )


def as_pem(certificate: str | bytes) -> str:
    """The certificate as the text that the books keep, also when the portal gave a binary file."""
    return _load(certificate).public_bytes(serialization.Encoding.PEM).decode("ascii")


def _load(certificate: str | bytes) -> x509.Certificate:
    raw = certificate.encode("utf-8") if isinstance(certificate, str) else certificate
    try:
        if b"-----BEGIN" in raw:
            return x509.load_pem_x509_certificate(raw)
        return x509.load_der_x509_certificate(raw)
    except ValueError:
        raise InvalidInput(
            "This file is not a certificate. Download it from the M-Pesa portal again.",
            "certificate_pem",
        ) from None


def _public_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST_KEY_BITS:
        raise InvalidInput(
            f"The certificate does not hold an RSA key of at least {SMALLEST_KEY_BITS} bits.",
            "certificate_pem",
        )
    return key


def _colons(digest: bytes) -> str:
    return digest.hex(":").upper()
