"""The published test vectors of the contract, and what its small parts refuse."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from callback_relay.protocol.box import BoxNotOpened, seal, unseal
from callback_relay.protocol.chain import Cursor, Position, genesis_hash, link
from callback_relay.protocol.checkpoint import (
    Checkpoint,
    NotSigned,
    SignedText,
    sign_checkpoint,
    verify_checkpoint,
)
from callback_relay.protocol.encoding import Malformed
from callback_relay.protocol.messages import CALLBACK_KINDS, Envelope, Header
from callback_relay.protocol.note import note_fingerprint, open_note, seal_note
from callback_relay.protocol.pairing import new_pairing_code, split_code
from callback_relay.protocol.tag import callback_path, request_tag

HEADER = b'{"v":1,"t":"t_demo","e":1,"s":1,"at":"2026-01-05T06:30:00.000Z","kid":"k1"}'
H0 = "2042f2abc4b25c693cde5cdb1e111f6d4611d2494f7956139249ac93bb117f4a"
H1 = "4b45715c362277b2705a03b51f9f8fa57506c3260cfb8a8ffeec099b80b15ce7"
CHECKPOINT = """callback-relay/v1 relay.example
t_demo
1
1
S0VxXDYid7JwWgO1H5+PpXUGwyYM+4qP/uwJm4CxXOc=
2026-01-05T06:30:01.000Z
"""
SIGNATURE = (
    "cQNi4OdWxqhpPC12P6HwuSVWu3jIZpUNVra2ggpjAKSD9HczYhk/YFoylvRYBu3UwN7+VMgLO7UxVQmGamk6Cw=="
)
RELAY_KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)


def test_header_bytes_are_those_of_the_vector() -> None:
    header = Header("t_demo", 1, 1, datetime(2026, 1, 5, 6, 30, tzinfo=UTC), "k1")
    assert header.encode() == HEADER
    assert Header.decode(HEADER) == header


def test_chain_is_that_of_the_vector() -> None:
    assert genesis_hash("t_demo").hex() == H0
    assert link(bytes.fromhex(H0), HEADER, bytes(range(64))).hex() == H1


def test_checkpoint_and_signature_are_those_of_the_vector() -> None:
    position = Position(1, 1, bytes.fromhex(H1))
    time = datetime(2026, 1, 5, 6, 30, 1, tzinfo=UTC)
    signed = sign_checkpoint(
        Checkpoint("relay.example", "t_demo", position, time), {"rk_1": RELAY_KEY}
    )
    assert signed.text == CHECKPOINT
    assert signed.as_message()["sigs"] == [{"key": "rk_1", "sig": SIGNATURE}]
    checked = verify_checkpoint(signed, {"rk_1": RELAY_KEY.public_key()}, "t_demo")
    assert checked.position == position


@pytest.mark.parametrize("changed", range(len(CHECKPOINT)))
def test_no_byte_of_a_checkpoint_can_be_changed(changed: int) -> None:
    signed = sign_checkpoint(Checkpoint.parse(CHECKPOINT), {"rk_1": RELAY_KEY})
    letter = "x" if CHECKPOINT[changed] != "x" else "y"
    text = CHECKPOINT[:changed] + letter + CHECKPOINT[changed + 1 :]
    with pytest.raises(NotSigned):
        SignedText(text, signed.signatures).verify({"rk_1": RELAY_KEY.public_key()})


def test_a_checkpoint_of_another_tenant_or_key_is_refused() -> None:
    signed = sign_checkpoint(Checkpoint.parse(CHECKPOINT), {"rk_1": RELAY_KEY})
    with pytest.raises(NotSigned, match="another tenant"):
        verify_checkpoint(signed, {"rk_1": RELAY_KEY.public_key()}, "t_other")
    with pytest.raises(NotSigned, match="no key"):
        verify_checkpoint(signed, {"rk_2": RELAY_KEY.public_key()}, "t_demo")


def test_a_box_opens_only_under_its_own_header() -> None:
    key = X25519PrivateKey.generate()
    box = seal(key.public_key(), HEADER, b"plain")
    assert unseal(key, HEADER, box) == b"plain"
    with pytest.raises(BoxNotOpened):
        unseal(key, HEADER.replace(b'"s":1', b'"s":2'), box)
    with pytest.raises(BoxNotOpened):
        unseal(X25519PrivateKey.generate(), HEADER, box)
    for cut in (b"", box[:10], box[:-1]):
        with pytest.raises(BoxNotOpened):
            unseal(key, HEADER, cut)


def test_a_note_opens_only_for_its_society_id_and_proof() -> None:
    key, tag_key = X25519PrivateKey.generate(), b"t" * 32
    sealed = seal_note(key.public_key(), tag_key, "t_demo", "ab" * 16, b"intent 7")
    assert open_note(key, tag_key, "t_demo", "ab" * 16, sealed) == b"intent 7"
    forged = seal_note(key.public_key(), b"f" * 32, "t_demo", "ab" * 16, b"intent 8")
    for tenant, note_id, box in (
        ("t_other", "ab" * 16, sealed),
        ("t_demo", "cd" * 16, sealed),
        ("t_demo", "ab" * 16, forged),
    ):
        with pytest.raises(BoxNotOpened):
            open_note(key, tag_key, tenant, note_id, box)
    fingerprint = note_fingerprint(tag_key, "t_demo", "ab" * 16, b"intent 7")
    assert fingerprint != note_fingerprint(tag_key, "t_demo", "ab" * 16, b"intent 8")


@given(
    body=st.binary(max_size=300), tag=st.none() | st.text(max_size=32), kind=st.text(max_size=20)
)
def test_an_envelope_comes_back_as_it_went_in(body: bytes, tag: str | None, kind: str) -> None:
    envelope = Envelope(kind, body, tag, "tk_01", True, "196.201.214.200", True, "text/x", "ua")
    assert Envelope.decode(envelope.encode()) == envelope
    assert repr(body) not in repr(envelope) or len(body) < 5


@given(st.text(max_size=60))
def test_no_odd_text_is_a_cursor(text: str) -> None:
    with pytest.raises(Malformed):
        Cursor.parse(text)


def test_a_cursor_comes_back_and_its_hash_counts() -> None:
    cursor = Position(3, 18442, bytes.fromhex(H1)).cursor
    assert str(cursor) == "c1.3.18442.4b45715c362277b2705a03b51f9f8fa5"
    assert Cursor.parse(str(cursor)) == cursor
    assert cursor.fits(bytes.fromhex(H1))
    assert not cursor.fits(bytes.fromhex(H0))
    for odd in (
        "c1.3.١٨.4b45715c362277b2705a03b51f9f8fa5",
        str(cursor) + "\n",
        "c2" + str(cursor)[2:],
    ):
        with pytest.raises(Malformed):
            Cursor.parse(odd)


def test_a_callback_address_is_short_and_spells_no_refused_word() -> None:
    refused = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
    for kind in CALLBACK_KINDS:
        path = callback_path(kind, "f" * 32, request_tag(b"k" * 32, "cb.example", kind, "i7"))
        assert not any(word in path.lower() for word in refused)
        assert len("https://cb.relay.example.co.ke" + path) < 150
    for bad in (("note", "f" * 32, None), ("stk", "F" * 32, None), ("stk", "f" * 32, "f" * 31)):
        with pytest.raises(Malformed):
            callback_path(*bad)


def test_a_tag_depends_on_each_of_its_parts() -> None:
    tag = request_tag(b"k" * 32, "cb.example", "stk", "i7")
    assert tag == request_tag(b"k" * 32, "cb.example", "stk", "i7")
    others = {
        request_tag(b"K" * 32, "cb.example", "stk", "i7"),
        request_tag(b"k" * 32, "cb.other", "stk", "i7"),
        request_tag(b"k" * 32, "cb.example", "b2c-result", "i7"),
        request_tag(b"k" * 32, "cb.example", "stk", "i8"),
    }
    assert len(others | {tag}) == 5


def test_a_pairing_code_is_read_however_it_is_typed() -> None:
    code = new_pairing_code()
    assert split_code(code) == split_code(f" {code.lower().replace('-', ' ')} ")
    assert split_code("OIL1-2345-6789-ABCD") == ("0111", "23456789ABCD")
    for odd in ("", "K7QM-3DXN-8W2P", "K7QM-3DXN-8W2P-5RTU", code + "A"):
        with pytest.raises(Malformed):
            split_code(odd)
