"""What a lying relay can put into a page, and that none of it gets through as an entry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from callback_relay.protocol.box import seal
from callback_relay.protocol.chain import Position, link
from callback_relay.protocol.checkpoint import Checkpoint, SignedText, sign_checkpoint
from callback_relay.protocol.messages import Envelope, Header
from callback_relay.protocol.note import seal_note
from callback_relay.protocol.page import (
    EntryNotVerified,
    FeedKeys,
    FeedPage,
    RawEntry,
    verify_page,
)

AT = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)
TENANT = "t_demo"
RELAY = Ed25519PrivateKey.generate()
INBOX = X25519PrivateKey.generate()
KEYS = FeedKeys(TENANT, {"rk_1": RELAY.public_key()}, {"k1": INBOX}, b"t" * 32)
START = Position.start(TENANT)


class LyingRelay:
    """Builds pages as a relay would, with every part open to change. It holds the relay's own
    key."""

    def __init__(self) -> None:
        self.entries: list[RawEntry] = []
        self.end = START

    def add(self, envelope: Envelope, **changes: Any) -> None:
        """Seal an envelope into the next entry."""
        header = replace(self._header(), key_id="k1", **changes).encode()
        self._append(RawEntry(header, seal(INBOX.public_key(), header, envelope.encode())))

    def tell(self, message: dict[str, Any], box: bytes = b"", **changes: Any) -> None:
        """Append an entry of the relay's own."""
        header = replace(self._header(), system=message, **changes)
        self._append(RawEntry(header.encode(), box), header.epoch)

    def page(self, entries: list[RawEntry] | None = None) -> FeedPage:
        """A page with the relay's signature over where the entries lead to."""
        shown = self.entries if entries is None else entries
        end = START
        for sequence, raw in enumerate(shown, 1):
            epoch = Header.decode(raw.header).epoch
            end = Position(epoch, sequence, link(end.chain_hash, raw.header, raw.box))
        return FeedPage(TENANT, tuple(shown), False, self.signed(end))

    def signed(self, end: Position) -> SignedText:
        """The relay's word about a place."""
        return sign_checkpoint(Checkpoint("relay.example", TENANT, end, AT), {"rk_1": RELAY})

    def _header(self) -> Header:
        return Header(TENANT, self.end.epoch, self.end.sequence + 1, AT)

    def _append(self, raw: RawEntry, epoch: int | None = None) -> None:
        self.entries.append(raw)
        chain_hash = link(self.end.chain_hash, raw.header, raw.box)
        self.end = Position(epoch or self.end.epoch, self.end.sequence + 1, chain_hash)


def _three() -> LyingRelay:
    relay = LyingRelay()
    for number in range(3):
        relay.add(Envelope("stk", b"body %d" % number))
    return relay


def test_an_honest_page_is_opened_in_order() -> None:
    page = verify_page(_three().page(), after=START, keys=KEYS)
    assert [entry.body for entry in page.entries] == [b"body 0", b"body 1", b"body 2"]
    assert [entry.position.sequence for entry in page.entries] == [1, 2, 3]
    assert page.next == page.entries[-1].position == page.checkpoint.position


Lie = Callable[[LyingRelay], FeedPage]


def _with_two(lie: Callable[[list[RawEntry]], list[RawEntry]]) -> Lie:
    return lambda relay: relay.page(lie(relay.entries))


LIES: dict[str, tuple[Lie, int]] = {
    "drops the first": (_with_two(lambda e: e[1:]), 1),
    "drops one in the middle": (_with_two(lambda e: [e[0], e[2]]), 2),
    "repeats one": (_with_two(lambda e: [e[0], e[0], e[1]]), 2),
    "swaps two": (_with_two(lambda e: [e[1], e[0], e[2]]), 1),
    "gives one the box of another": (
        _with_two(lambda e: [e[0], RawEntry(e[1].header, e[2].box), e[2]]),
        2,
    ),
    "changes a box": (
        _with_two(lambda e: [e[0], RawEntry(e[1].header, e[1].box[:-1] + b"!"), e[2]]),
        2,
    ),
    "changes a header": (
        _with_two(
            lambda e: [e[0], RawEntry(e[1].header.replace(b"06:00", b"07:00"), e[1].box), e[2]]
        ),
        2,
    ),
    "sends a header that is no JSON": (
        lambda r: replace(r.page(), entries=(RawEntry(b"{", b""),)),
        1,
    ),
    "signs for the head instead of the page": (
        lambda r: replace(r.page(r.entries[:2]), checkpoint=r.signed(r.end)),
        1,
    ),
    "withholds the last but signs for it": (
        lambda r: replace(r.page(), entries=tuple(r.entries[:2])),
        1,
    ),
    "signs with another key": (
        lambda r: replace(
            r.page(),
            checkpoint=sign_checkpoint(
                Checkpoint("relay.example", TENANT, r.end, AT),
                {"rk_1": Ed25519PrivateKey.generate()},
            ),
        ),
        1,
    ),
    "names another tenant": (lambda r: replace(r.page(), tenant="t_other"), 1),
    "does not sign": (
        lambda r: replace(r.page(), checkpoint=SignedText(r.page().checkpoint.text, {})),
        1,
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_stops_the_feed_and_names_the_entry(name: str) -> None:
    lie, sequence = LIES[name]
    with pytest.raises(EntryNotVerified) as caught:
        verify_page(lie(_three()), after=START, keys=KEYS)
    assert caught.value.sequence == sequence


def test_a_rewritten_past_does_not_follow_what_we_read() -> None:
    mine, other = _three(), _three()
    after = Position(
        1, 2, verify_page(mine.page(), after=START, keys=KEYS).entries[1].position.chain_hash
    )
    forked = FeedPage(TENANT, tuple(other.entries[2:]), False, other.signed(other.end))
    with pytest.raises(EntryNotVerified, match="other entries"):
        verify_page(forked, after=after, keys=KEYS)


def test_entries_before_one_that_does_not_open_may_be_applied() -> None:
    relay = _three()
    stranger = X25519PrivateKey.generate()
    header = Header(TENANT, 1, 4, AT, "k1").encode()
    relay._append(RawEntry(header, seal(stranger.public_key(), header, b"{}")))
    relay.add(Envelope("stk", b"after"))
    with pytest.raises(EntryNotVerified) as caught:
        verify_page(relay.page(), after=START, keys=KEYS)
    assert caught.value.sequence == 4
    assert [entry.body for entry in caught.value.good] == [b"body 0", b"body 1", b"body 2"]
    assert caught.value.good_until == caught.value.good[-1].position


def test_an_unknown_inbox_key_stops_the_feed() -> None:
    keys = replace(KEYS, inbox={"k9": INBOX})
    with pytest.raises(EntryNotVerified, match="k1"):
        verify_page(_three().page(), after=START, keys=keys)


def test_a_new_epoch_must_say_where_it_goes_on_from() -> None:
    relay = _three()
    parent = str(relay.end.cursor)
    relay.tell({"type": "epoch", "reason": "restore", "parent": parent}, epoch=4)
    page = verify_page(relay.page(), after=START, keys=KEYS)
    assert page.next.epoch == 4
    for told in (
        {"type": "epoch", "parent": "c1.1.2." + "0" * 32},
        {"type": "notice", "parent": parent},
    ):
        silent = _three()
        silent.tell(told, epoch=4)
        with pytest.raises(EntryNotVerified, match="epoch"):
            verify_page(silent.page(), after=START, keys=KEYS)


def test_an_epoch_never_goes_back() -> None:
    relay = LyingRelay()
    relay.tell({"type": "epoch", "parent": str(START.cursor)}, epoch=4)
    relay.tell({"type": "epoch", "parent": str(relay.end.cursor)}, epoch=3)
    with pytest.raises(EntryNotVerified) as caught:
        verify_page(relay.page(), after=START, keys=KEYS)
    assert caught.value.sequence == 2


def test_the_relay_cannot_invent_a_note_nor_speak_through_a_box() -> None:
    note_id = "ab" * 16
    honest = seal_note(INBOX.public_key(), KEYS.tag_key, TENANT, note_id, b"intent")
    relay = LyingRelay()
    relay.add(Envelope("note", honest, note_id))
    assert verify_page(relay.page(), after=START, keys=KEYS).entries[0].body == b"intent"
    forged = seal_note(INBOX.public_key(), b"guess" * 7, TENANT, note_id, b"forget it")
    for envelope in (
        Envelope("note", forged, note_id),
        Envelope("note", honest, "cd" * 16),
        Envelope("system", b""),
    ):
        lying = LyingRelay()
        lying.add(envelope)
        with pytest.raises(EntryNotVerified):
            verify_page(lying.page(), after=START, keys=KEYS)
    smuggling = LyingRelay()
    smuggling.tell({"type": "notice"}, box=b"something")
    with pytest.raises(EntryNotVerified):
        verify_page(smuggling.page(), after=START, keys=KEYS)
