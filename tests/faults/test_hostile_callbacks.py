"""Strangers and nonsense at the real relay of an enrolled office: no trace of strangers, nothing of ours lost."""

from __future__ import annotations

import json
import secrets

import httpx
import pytest

from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.relays import relays
from tests.faults.desk import Desk
from tests.faults.people import settle
from tests.faults.truth import check, check_end

LIMIT = 64 * 1024
CREDENTIAL = "Q3JlZGVudGlhbA=="
DEEP = b'{"Result":' * 600 + b"1" + b"}" * 600
NONSENSE = {
    "nothing": b"",
    "no JSON": b"\xff\x00 {not json",
    "cut off": b'{"Result":{"ResultCode":0,',
    "no object": b"[1, 2, 3]",
    "no result": b'{"Envelope": {}}',
    "nothing in it": b'{"Result": {}}',
    "nested": DEEP,
    "nested beyond reading": b"[" * 30_000,
    "a field twice": b'{"Result":{"ResultCode":0,"ResultCode":1}}',
    "no number": b'{"Result":{"ResultCode":NaN}}',
    "endless number": b'{"Result":{"ResultCode":' + b"9" * 5000 + b"}}",
    "half a character": b'{"Result":{"ResultCode":"\\ud800","ResultDesc":"\\ud800\\u0000"}}',
    "lists for words": b'{"Result":{"ResultCode":[0],"ResultType":{},"ConversationID":[]}}',
    "huge sums": json.dumps(
        {
            "Result": {
                "ResultType": 0,
                "ResultCode": 0,
                "ResultParameters": {
                    "ResultParameter": [
                        {"Key": "TransactionAmount", "Value": 10**20},
                        {"Key": "B2CUtilityAccountAvailableFunds", "Value": 10**20},
                        {"Key": "TransactionReceipt", "Value": "ABCDEFGHIJ"},
                    ]
                },
            }
        }
    ).encode(),
    "as long as it may be": b"x" * LIMIT,
}
KINDS = ("b2c-result", "b2c-timeout", "status-result", "stk", "c2b-confirm", "balance-result")


def _address(desk: Desk, kind: str, tag: str = "", token: str = "") -> str:
    row = desk.read(relays.list_relays, None)[0]
    path = f"/c/{token or row.token}/{kind}"
    return row.callback_url + (f"{path}/{tag}" if tag else path)


def _post(address: str, body: bytes) -> int:
    with httpx.Client(trust_env=False) as http:
        return http.post(address, content=body).status_code


@pytest.mark.parametrize("kind", KINDS)
def test_nonsense_with_our_token_is_kept_raw_and_shown(desk: Desk, kind: str) -> None:
    for body in NONSENSE.values():
        assert _post(_address(desk, kind, secrets.token_hex(16)), body) == 200
    desk.sync()
    parked = [entry for entry in desk.parked() if entry.kind == kind]
    assert len(parked) == len(NONSENSE)
    for entry, (name, body) in zip(parked, NONSENSE.items(), strict=True):
        assert entry.reason, name
        is_rewritten = name in ("no result", "nothing in it", "half a character", "lists for words")
        if not (is_rewritten or name == "huge sums"):
            assert entry.body == body, name
    check(desk)


def test_nonsense_at_the_address_of_a_payment_moves_nothing_and_blocks_nothing(desk: Desk) -> None:
    desk.day.safaricom.arm("result_late")
    desk.send(1)
    tag = desk.attempt(1).tag
    for kind in ("b2c-result", "b2c-timeout"):
        for body in NONSENSE.values():
            assert _post(_address(desk, kind, tag), body) == 200
    desk.sync()
    assert desk.row(1).status is PayoutStatus.IN_FLIGHT
    check(desk)
    desk.day.safaricom.release_callbacks()
    assert desk.day.safaricom.wait_for(lambda: desk.day.safaricom.held_back == 0)
    desk.news()
    assert desk.row(1).status is PayoutStatus.PAID
    check_end(desk)


def test_an_unreadable_time_out_is_kept_without_its_credential(desk: Desk) -> None:
    """Our own request handed back, but with a field twice: nobody may guess, and nobody needs the password."""
    body = f'{{"PartyB":1,"PartyB":2,"SecurityCredential":"{CREDENTIAL}","Amount":5}}'.encode()
    cut = body[:-9]
    for raw in (body, cut):
        assert _post(_address(desk, "b2c-timeout"), raw) == 200
    desk.sync()
    kept = [entry.body for entry in desk.parked()]
    assert all(b'"PartyB":1,"PartyB":2' in raw for raw in kept)
    assert not any(CREDENTIAL.encode() in raw for raw in kept)


@pytest.mark.parametrize("note", [b"{}", b"[]", b"\xff", b'{"id": 1, "payout": {}}'])
def test_a_note_that_this_program_does_not_know_does_not_block_the_feed(
    desk: Desk, note: bytes
) -> None:
    """Another of the society's computers, perhaps with a newer program, laid it down."""
    row = desk.read(relays.list_relays, None)[0]
    client = desk.office.relay(row)
    desk.run(lambda: client.lay_down_note(secrets.token_hex(16), note))
    desk.sync()
    [entry] = desk.parked()
    assert (entry.kind, entry.body) == ("note", note)
    desk.send(1)
    settle(desk, 1)
    check_end(desk)


def test_strangers_leave_no_trace(desk: Desk) -> None:
    before = len(desk.day.feed())
    wrong = secrets.token_hex(16)
    for kind in KINDS:
        assert _post(_address(desk, kind, token=wrong), b"{}") == 404
        assert _post(_address(desk, kind, secrets.token_hex(16), token=wrong), b"{}") == 404
    assert _post(_address(desk, "no-such-kind"), b"{}") == 404
    assert _post(_address(desk, "b2c-result", "not-a-tag"), b"{}") == 404
    assert _post(_address(desk, "b2c-result"), b"x" * (LIMIT + 1)) == 413
    with httpx.Client(trust_env=False) as http:
        assert http.get(_address(desk, "b2c-result")).status_code == 405
    assert len(desk.day.feed()) == before
    desk.sync()
    assert desk.parked() == ()


def test_a_forged_payment_needs_the_address_of_that_very_payment(desk: Desk) -> None:
    """Somebody knows our token, the ids, the sum and the phone, but not the tag: nothing is booked."""
    safaricom = desk.day.safaricom
    safaricom.arm("settles_late")
    desk.send(1)
    row, facts = desk.row(1), desk.attempt(1)
    forged = _paid_result(facts.originator_id, facts.conversation_id or "", row.mpesa_cents // 100)
    for tag in ("", secrets.token_hex(16)):
        assert _post(_address(desk, "b2c-result", tag), forged) == 200
    desk.sync()
    assert desk.row(1).status is PayoutStatus.IN_FLIGHT
    assert len(desk.parked()) == 2
    check(desk)
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    settle(desk, 1)
    check_end(desk)


def test_the_result_of_one_payment_at_the_address_of_another_is_not_booked(desk: Desk) -> None:
    safaricom = desk.day.safaricom
    safaricom.arm("settles_late", times=2)
    desk.send(1)
    desk.send(2)
    one, two = desk.attempt(1), desk.attempt(2)
    swapped = _paid_result(
        one.originator_id, one.conversation_id or "", desk.row(2).mpesa_cents // 100
    )
    assert _post(_address(desk, "b2c-result", two.tag), swapped) == 200
    desk.sync()
    assert "names another payment" in desk.parked()[0].reason
    assert desk.stop() is not None
    safaricom.release_callbacks()
    assert safaricom.wait_for(lambda: safaricom.held_back == 0)
    settle(desk)
    check_end(desk)


def _paid_result(own_id: str, conversation_id: str, shillings: int) -> bytes:
    items = {
        "TransactionAmount": shillings,
        "TransactionReceipt": "FORGED0001",
        "TransactionCompletedDateTime": "16.03.2026 09:01:30",
    }
    return json.dumps(
        {
            "Result": {
                "ResultType": 0,
                "ResultCode": 0,
                "ResultDesc": "The service request is processed successfully.",
                "OriginatorConversationID": own_id,
                "ConversationID": conversation_id,
                "TransactionID": "FORGED0001",
                "ResultParameters": {
                    "ResultParameter": [{"Key": k, "Value": v} for k, v in items.items()]
                },
            }
        }
    ).encode()
