"""Whatever is told of money in, by whatever road, in any order, again, late or never: the books end the same. What a
forger tells counts for nobody and is taken back.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines import CHOICE, EngineKind
from tests.money_news import EVENTS, STORY, differences


@settings(max_examples=8)
@given(st.lists(st.sampled_from(sorted(EVENTS)), max_size=10))
def _any_news(events: list[str]) -> None:
    assert differences(events) == {}


@settings(max_examples=3)
@given(st.permutations(STORY))
def _every_order(events: list[str]) -> None:
    assert differences(events) == {}


def test_any_order_repetition_loss_and_delay_end_in_one_ledger() -> None:
    if CHOICE.kind is EngineKind.SQLITE:
        _any_news()
        _every_order()
    else:
        assert differences(STORY[::-1]) == {}
