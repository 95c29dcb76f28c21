"""The simulated Safaricom's own RSA key, and the certificate that publishes its public half."""

from __future__ import annotations

import base64
import binascii
import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

# Long expired, as the certificates are that Safaricom publishes: only the key in them counts.
VALID_FROM = datetime(2017, 4, 25, tzinfo=UTC)
VALID_TO = datetime(2018, 3, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """A private key that opens SecurityCredentials, and its certificate as PEM text."""

    private: rsa.RSAPrivateKey = field(repr=False)
    certificate_pem: str

    def open(self, credential: str) -> str | None:
        """The password inside, or None when it was not locked for this key."""
        try:
            locked = base64.b64decode(credential, validate=True)
            return self.private.decrypt(locked, padding.PKCS1v15()).decode("utf-8")
        except (binascii.Error, ValueError):
            return None


@functools.cache
def credential_key() -> CredentialKey:
    """One key for the life of the process: making one takes long enough to be felt in each test."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated.safaricom.invalid")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_TO)
        .sign(private, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return CredentialKey(private, pem)
