"""Why somebody does something: the words as they are kept and read by whoever agrees, and on papers."""

from __future__ import annotations

from sacco_desktop.domain.errors import InvalidInput

LONGEST_REASON = 300


def clean_reason(
    text: str, sentence: str, field: str = "reason", longest: int = LONGEST_REASON
) -> str:
    """The words with single spaces. Raises InvalidInput under `field`: with `sentence` when there are none, and by how
    many letters there are too many.
    """
    words = " ".join(text.split())
    if not words:
        raise InvalidInput(sentence, field)
    if len(words) > longest:
        raise InvalidInput(f"These are {len(words):,} letters. Use at most {longest}.", field)
    return words
