"""The balance answer: read by name whatever its order, its escapes and its gaps; what cannot be read is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.gateways.daraja.answers import Unreadable
from sacco_desktop.gateways.daraja.balances import (
    AccountBalance,
    BalanceNotice,
    parse_balance_result,
    read_accounts,
)

SAMPLE = (
    "Working Account|KES|346568.83|6186.83|340382.00|0.00"
    "&Utility Account|KES|8959269.60|8959269.60|0.00|0.00"
    "&Charges Paid Account|KES|-1980.00|-1980.00|0.00|0.00"
)
READ = (
    AccountBalance("working", 618_683, 34_656_883, 34_038_200, 0),
    AccountBalance("utility", 8_959_269_60, 8_959_269_60, 0, 0),
    AccountBalance("charges", -198_000, -198_000, 0, 0),
)


def _body(text: object, **outer: object) -> bytes:
    result = {
        "ResultType": 0,
        "ResultCode": "0",
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "16917-22577599-3",
        "ConversationID": "AG_20260316_1",
        "ResultParameters": {
            "ResultParameter": [
                {"Key": "AccountBalance", "Value": text},
                {"Key": "BOCompletedTime", "Value": 20260316090130},
            ]
        },
    }
    return json.dumps({"Result": result | outer}).encode()


def test_the_portals_sample_is_read() -> None:
    notice = parse_balance_result(_body(SAMPLE))
    assert notice.accounts == READ
    assert notice.skipped == ()
    assert notice.completed_at == datetime(2026, 3, 16, 6, 1, 30, tzinfo=UTC)
    assert (notice.query_code, notice.query_conversation_id) == ("0", "AG_20260316_1")


@pytest.mark.parametrize("amp", ["&", "&amp;", "&amp;amp;", " & ", "&&"])
def test_accounts_are_found_whatever_stands_between_them(amp: str) -> None:
    assert read_accounts(SAMPLE.replace("&", amp)) == (READ, ())


@given(st.permutations(SAMPLE.split("&")))
def test_the_order_of_the_accounts_means_nothing(pieces: list[str]) -> None:
    accounts, skipped = read_accounts("&".join(pieces))
    assert set(accounts) == set(READ)
    assert skipped == ()


@pytest.mark.parametrize(
    ("piece", "read"),
    [
        ("utility  ACCOUNT | kes | 5 | 4 ||", AccountBalance("utility", 400, 500, None, None)),
        ("Utility Account|KES||4.50", AccountBalance("utility", 450, None, None, None)),
        ("Merchant Account|KES|1|1|0|0", AccountBalance("merchant account", 100, 100, 0, 0)),
        (
            "Utility Account|KES|{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}|7",
            AccountBalance("utility", 700, 6186_83, None, None),
        ),
        ("Utility Account|KES|1,200.00|1,200.00|0|0|more", AccountBalance("utility", 120_000, 120_000, 0, 0)),
    ],
)  # fmt: skip
def test_odd_but_readable_accounts_are_read(piece: str, read: AccountBalance) -> None:
    assert read_accounts(piece) == ((read,), ())


@pytest.mark.parametrize(
    "piece",
    ["Utility Account", "|KES|1|1|0|0", "Utility Account|USD|1|1|0|0", "Utility Account|KES|1||0|0",
     "Utility Account|KES|1|one|0|0", "Utility Account|KES|1|1.005|0|0", "Utility Account|KES|1|1e5|0|0",
     "Utility Account|KES|1|٣|0|0", "Utility Account|KES|1|99999999999999|0|0"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_the_others_count(piece: str) -> None:
    accounts, skipped = read_accounts(f"{piece}&{SAMPLE.split('&')[0]}")
    assert accounts == READ[:1]
    assert skipped == (f"This could not be read: {piece}",)


def test_an_account_that_is_told_twice_differently_counts_as_not_told() -> None:
    told = "Utility Account|KES|5|5|0|0&Utility Account|KES|6|6|0|0&Working Account|KES|1|1|0|0"
    accounts, skipped = read_accounts(told)
    assert [account.account for account in accounts] == ["working"]
    assert skipped == ("The utility account stands there twice with different figures.",)
    twice = "Utility Account|KES|5|5|0|0&Utility Account|KES|5|5|0|0"
    assert read_accounts(twice) == ((AccountBalance("utility", 500, 500, 0, 0),), ())


@pytest.mark.parametrize("text", ["", None, 5, [], {}, "&", "&&&"])
def test_an_empty_answer_has_no_accounts(text: object) -> None:
    assert parse_balance_result(_body(text)).accounts == ()


def test_a_failed_question_says_why_and_has_no_accounts() -> None:
    notice = parse_balance_result(_body("", ResultCode=21, ResultParameters=None))
    assert (notice.query_code, notice.accounts) == ("21", ())
    assert "role" in notice.query_meaning.meaning
    assert not parse_balance_result(_body(SAMPLE, ResultType="1")).is_final


@given(st.text(max_size=300))
def test_no_text_of_accounts_breaks_the_reader(text: str) -> None:
    accounts, skipped = read_accounts(text)
    assert len({account.account for account in accounts}) == len(accounts)
    assert all(isinstance(line, str) for line in skipped)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    )
)
def test_no_body_breaks_the_parser(value: object) -> None:
    for body in (_body(value), json.dumps({"Result": value}).encode()):
        try:
            assert isinstance(parse_balance_result(body), BalanceNotice)
        except Unreadable:
            continue


def test_a_flood_of_accounts_is_cut_and_said() -> None:
    told = "&".join(f"Account {number}|KES|1|1|0|0" for number in range(60))
    accounts, skipped = read_accounts(told)
    assert len(accounts) == 50
    assert skipped == ("10 more accounts were not read.",)
