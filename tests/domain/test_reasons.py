"""A reason is asked for by its own sentence, and one that is too long is not taken for none."""

import pytest

from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.reasons import LONGEST_REASON, clean_reason


def test_none_and_too_much_are_said_differently() -> None:
    assert clean_reason("  The harvest\n failed. ", "Write why.") == "The harvest failed."
    assert clean_reason("x" * LONGEST_REASON, "Write why.") == "x" * LONGEST_REASON
    for text, words in ((" \n", "Write why."), ("x" * 2_000, "These are 2,000 letters.")):
        with pytest.raises(InvalidInput) as refused:
            clean_reason(text, "Write why.", "why")
        assert refused.value.field == "why"
        assert refused.value.message.startswith(words)
