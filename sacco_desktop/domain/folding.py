"""Text as people search for it: without case, without accents, and without the apostrophes of names."""

from __future__ import annotations

import unicodedata

# Typed, typographic, and as letters: Ng'ang'a is one name, however its apostrophes are written or left out.
_APOSTROPHES = str.maketrans("", "", "'`\u00b4\u2018\u2019\u02bb\u02bc\u02bd\u2032")


def folded(text: str) -> str:
    """The text without case, accents and apostrophes. What is folded already stays as it is."""
    if text.isascii():
        return text.casefold().translate(_APOSTROPHES)
    # Before letters are taken apart: an accent that stands alone would leave a space.
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare.casefold().translate(_APOSTROPHES)
