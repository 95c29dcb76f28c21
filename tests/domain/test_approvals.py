"""What an approval is bound to: the same content has one fingerprint everywhere, any other content another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.domain.approvals import canonical, check_other_person, fingerprint
from sacco_desktop.domain.errors import SamePerson

VALUES = st.one_of(st.text(max_size=20), st.integers(), st.lists(st.lists(st.text(max_size=5))))
CONTENTS = st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=6)

CONTENT: dict[str, Any] = {
    "phone": "254712345678",
    "net_cents": 9_850_000,
    "deductions": [["Processing fee", 100_000, "4020"]],
}


@given(CONTENTS)
def test_the_order_of_putting_together_does_not_matter(content: dict[str, Any]) -> None:
    turned = dict(reversed(content.items()))
    assert canonical(turned) == canonical(content)
    assert fingerprint(turned) == fingerprint(content)


@given(CONTENTS, CONTENTS)
def test_two_contents_share_a_fingerprint_only_when_they_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "254712345679"},
        {"net_cents": 9_850_001},
        {"net_cents": "9850000"},
        {"deductions": [["Processing fee", 99_999, "4020"]]},
        {"deductions": [["Processing fee", 100_000, "4900"]]},
        {"deductions": []},
    ],
)
def test_any_change_is_another_fingerprint(change: dict[str, Any]) -> None:
    assert fingerprint({**CONTENT, **change}) != fingerprint(CONTENT)


def test_the_fingerprint_of_a_content_is_the_same_in_every_release() -> None:
    """Otherwise every approval that waits would be void after an update."""
    assert fingerprint(CONTENT) == (
        "26d203d2813c9d43d45d5ef42bd9eb0e1c0ff2b6e8154c123e9d9cb06a2794a2"
    )


def test_the_maker_is_never_the_checker_and_is_told_who_can() -> None:
    check_other_person(1, 2, [])
    with pytest.raises(SamePerson, match="Lucy Chebet or Daniel Omondi can"):
        check_other_person(1, 1, ["Lucy Chebet", "Daniel Omondi"])
    with pytest.raises(SamePerson, match="Another person with the right role can"):
        check_other_person(1, 1, [])
