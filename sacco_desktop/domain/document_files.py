"""What a paper of a member may be as a file: its kind, its size, and what its content proves it to be."""

from __future__ import annotations

from sacco_desktop.domain.errors import InvalidInput

MOST_BYTES = 5 * 1024 * 1024
_MOST_WORDS = "5 MB"

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
PICTURES = (JPEG, PNG)
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}

# The kinds of papers, in the order in which people choose them.
DOCUMENT_KINDS = {
    "photo": "Photo",
    "id_copy": "Copy of the ID or passport",
    "kra_certificate": "KRA PIN certificate",
    "signature": "Signature",
    "application_form": "Application form",
    "nominee_form": "Nominee form",
    "registration_certificate": "Registration certificate",
    "exit_notice": "Notice of leaving",
    "death_certificate": "Death certificate",
    "other": "Other paper",
}
_MUST_BE_PICTURES = ("photo", "signature")


def media_of(kind: str, content: bytes) -> str:
    """What a file is by its content; its name proves nothing. Raises InvalidInput under `file` or `kind`."""
    if kind not in DOCUMENT_KINDS:
        raise InvalidInput("Choose what this paper is.", "kind")
    if not content:
        raise InvalidInput("This file is empty.", "file")
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            f"This file is larger than {_MOST_WORDS}. Scan it with fewer points, then add it.",
            "file",
        )
    media = _seen(content)
    if media is None:
        raise InvalidInput("This is no JPEG or PNG picture and no PDF. Nothing was kept.", "file")
    if kind in _MUST_BE_PICTURES and media not in PICTURES:
        raise InvalidInput("A photo or a signature is a JPEG or PNG picture.", "file")
    return media


def _seen(content: bytes) -> str | None:
    """A file that was cut off is not what it began as: each form is known by its begin and its end."""
    tail = content[-1024:]
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail:
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in tail:
        return PNG
    if content.startswith(b"%PDF-") and b"%%EOF" in tail:
        return PDF
    return None
