"""What people read as one thing stays on one line; every other space may end a line."""

from __future__ import annotations

import pytest

from sacco_desktop.domain.unbroken import NO_BREAK, unbroken


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Pay KES 5,000.00 to her", "Pay KES_5,000.00 to her"),
        ("short by KES −3,100.50.", "short by KES_−3,100.50."),
        ("Fri 3 Jul 2026", "Fri_3_Jul_2026"),
        ("on 16 Mar 2026 17:05, by Grace", "on 16_Mar_2026 17:05, by Grace"),
        ("since 3 Jul", "since 3_Jul"),
        ("1 May be", "1_May be"),
        ("tax 12.5 % of it", "tax 12.5_% of it"),
        ("call 0712 345 678 first", "call 0712_345_678 first"),
        ("Amount KES", "Amount KES"),
        ("KES a day", "KES a day"),
        ("3 Julia", "3 Julia"),
        ("Sun and 30 days", "Sun and 30 days"),
        ("", ""),
    ],
)
def test_one_thing_is_kept_together(text: str, kept: str) -> None:
    assert unbroken(text).replace(NO_BREAK, "_") == kept
    assert unbroken(text).replace(NO_BREAK, " ") == text
