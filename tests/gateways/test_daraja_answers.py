"""Callbacks in every spelling seen so far, and garbage that may raise nothing but `Unreadable`."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_desktop.gateways.daraja import fields
from sacco_desktop.gateways.daraja.answers import (
    Parameter,
    StatusOutcome,
    Unreadable,
    parse_result,
    parse_status_result,
    parse_timeout,
    redacted,
)
from sacco_desktop.gateways.daraja.result_codes import MEANINGS, ResultKind, meaning_of

PARSERS = (parse_result, parse_timeout, parse_status_result)

PAID_ITEMS: list[dict[str, Any]] = [
    {"Key": "TransactionAmount", "Value": 5000},
    {"Key": "TransactionReceipt", "Value": "SG632NMUAB"},
    {"Key": "ReceiverPartyPublicName", "Value": "254708374149 - JANE DOE"},
    {"Key": "TransactionCompletedDateTime", "Value": "06.07.2024 22:48:52"},
    {"Key": "B2CUtilityAccountAvailableFunds", "Value": 8959269.60},
    {"Key": "B2CWorkingAccountAvailableFunds", "Value": 1199371.00},
    {"Key": "B2CRecipientIsRegisteredCustomer", "Value": "Y"},
    {"Key": "B2CChargesPaidAccountAvailableFunds", "Value": -1980.00},
]


def result(**changes: Any) -> bytes:
    """The sample of a paid payout with some of its fields changed; `...` takes a field out."""
    body: dict[str, Any] = {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "LN-000123-1",
        "ConversationID": "AG_20240706_2010364430d9bbdaf872",
        "TransactionID": "SG632NMUAB",
        "ResultParameters": {"ResultParameter": PAID_ITEMS},
        "ReferenceData": {"ReferenceItem": {"Key": "QueueTimeoutURL", "Value": "https://x"}},
    }
    body.update(changes)
    return json.dumps({"Result": {k: v for k, v in body.items() if v is not ...}}).encode()


def parameters(*items: Any) -> dict[str, Any]:
    return {"ResultParameter": list(items)}


class TestResult:
    def test_paid(self) -> None:
        notice = parse_result(result())
        assert notice.meaning.kind is ResultKind.PAID
        assert notice.is_final
        assert notice.originator_conversation_id == "LN-000123-1"
        assert notice.receipt == "SG632NMUAB"
        assert notice.amount_cents == 5000_00
        assert notice.receiver_phone == "254708374149"
        assert notice.receiver_name == "JANE DOE"
        assert notice.receiver_is_registered is True
        assert notice.completed_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
        assert notice.utility_available_cents == 8959269_60
        assert notice.working_available_cents == 1199371_00
        assert notice.charges_paid_cents == -1980_00
        assert notice.oddities == ()
        assert notice.parameters[0] == Parameter("TransactionAmount", "5000")

    @pytest.mark.parametrize(
        ("sent", "read"),
        [
            (0, "0"),
            ("0", "0"),
            (" 0 ", "0"),
            (2001, "2001"),
            ("SFC_IC0003", "SFC_IC0003"),
            ("R000002", "R000002"),
        ],
    )
    def test_codes_are_trimmed_text(self, sent: object, read: str) -> None:
        assert parse_result(result(ResultCode=sent)).result_code == read

    @pytest.mark.parametrize(
        ("sent", "is_final"), [(0, True), ("0", True), (1, False), ("1", False), (..., False)]
    )
    def test_only_type_0_is_final(self, sent: object, is_final: bool) -> None:
        assert parse_result(result(ResultType=sent)).is_final is is_final

    @pytest.mark.parametrize("shape", [..., None, {}, [], {"ResultParameter": None}, "", 5])
    def test_parameters_may_be_missing(self, shape: object) -> None:
        notice = parse_result(result(ResultCode=2001, ResultParameters=shape))
        assert notice.meaning.kind is ResultKind.FAILED_STOP_QUEUE
        assert notice.amount_cents is None
        assert notice.parameters == ()

    def test_one_parameter_may_come_without_its_list(self) -> None:
        one = {"ResultParameter": {"Key": "TransactionAmount", "Value": "10.00"}}
        assert parse_result(result(ResultParameters=one)).amount_cents == 10_00

    def test_items_without_value_and_in_another_order(self) -> None:
        items = [
            {"Key": "Occasion"},
            {"Key": "TransactionReason", "Value": None},
            *PAID_ITEMS[::-1],
        ]
        notice = parse_result(result(ResultParameters=parameters(*items)))
        assert notice.amount_cents == 5000_00
        assert notice.parameters[0] == Parameter("Occasion", None)
        assert notice.oddities == ()

    def test_items_that_are_no_items_are_passed_over(self) -> None:
        shape = parameters(None, 3, "x", [], {"Key": ["a"]}, *PAID_ITEMS)
        assert parse_result(result(ResultParameters=shape)).amount_cents == 5000_00

    @pytest.mark.parametrize("receipt", ["OAK0000000", "MBN0000000", "", None, ..., "odd receipt!"])
    def test_a_placeholder_is_no_receipt(self, receipt: object) -> None:
        notice = parse_result(
            result(TransactionID=receipt, ResultCode="2040", ResultParameters=None)
        )
        assert notice.receipt is None

    def test_a_failure_may_carry_a_real_looking_receipt(self) -> None:
        notice = parse_result(result(ResultCode="1", ResultParameters=None))
        assert notice.receipt == "SG632NMUAB"
        assert notice.meaning.kind is ResultKind.FAILED

    def test_two_receipts_are_noted(self) -> None:
        notice = parse_result(result(TransactionID="SG632NMUAC"))
        assert notice.receipt == "SG632NMUAB"
        assert "SG632NMUAC" in notice.oddities[0]

    def test_two_different_amounts_are_none(self) -> None:
        other = {"Key": "TransactionAmount", "Value": 1}
        notice = parse_result(result(ResultParameters=parameters(*PAID_ITEMS, other)))
        assert notice.amount_cents is None
        assert "TransactionAmount" in notice.oddities[0]

    def test_an_amount_that_is_no_sum_is_noted(self) -> None:
        item = {"Key": "TransactionAmount", "Value": "ten"}
        notice = parse_result(result(ResultParameters=parameters(item)))
        assert notice.amount_cents is None
        assert notice.oddities == ("TransactionAmount could not be read.",)

    def test_characters_that_a_database_refuses_are_replaced(self) -> None:
        notice = parse_result(result(ResultDesc="a\x00b\ud800c"))
        assert notice.result_text == "a\ufffdb\ufffdc"

    def test_a_masked_name_is_no_phone(self) -> None:
        item = {"Key": "ReceiverPartyPublicName", "Value": "2547****149 - J*** D**"}
        notice = parse_result(result(ResultParameters=parameters(item)))
        assert (notice.receiver_phone, notice.receiver_name) == (None, "J*** D**")


class TestUnreadable:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"null",
            b"[]",
            b"{",
            b"\xff\xfe",
            b"<html></html>",
            b'{"Result":[]}',
            b'{"Result":{"ResultCode":null}}',
            b'{"Result":{"ResultCode":NaN}}',
            b'{"Result":{"ResultCode":Infinity}}',
            b'{"Result":{"ResultCode":1},"Result":{"ResultCode":0}}',
            b'{"Result":{"ResultCode":1,"ResultCode":0}}',
            b'{"Result":{"ResultCode":' + b"9" * 5000 + b"}}",
            b'{"Result":{"ResultCode":1e999999}}',
            b'{"Result":{"ResultCode":0.' + b"1" * 5000 + b"}}",
            b'{"a":' * 40 + b"1" + b"}" * 40,
            b"[" * 100_000,
            b'{"a":"' + b"x" * 300_000 + b'"}',
        ],
        ids=lambda raw: f"{raw[:24]!r} {len(raw)}",
    )
    def test_it_is_refused(self, raw: bytes) -> None:
        with pytest.raises(Unreadable):
            parse_result(raw)

    def test_depth_is_refused_in_a_result_that_is_fine_otherwise(self) -> None:
        deep: object = 1
        for _ in range(30):
            deep = [deep]
        with pytest.raises(Unreadable, match="deeply"):
            parse_result(result(ReferenceData=deep))

    @given(raw=st.binary(max_size=200), parse=st.sampled_from(PARSERS))
    def test_random_bytes(self, raw: bytes, parse: Callable[[bytes], object]) -> None:
        only_unreadable(parse, raw)

    json_values: st.SearchStrategy[Any] = st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**30), 10**30)
        | st.floats()
        | st.text(max_size=12)
        | st.sampled_from(["ResultCode", "20240706224852", "06.07.2024 22:48:52", "1,2.3|KES|4"]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=12,
    )
    items = st.fixed_dictionaries(
        {
            "Key": st.sampled_from(
                [str(i["Key"]) for i in PAID_ITEMS]
                + ["Amount", "DebitPartyName", "InitiatedTime", "DebitPartyCharges", "ReceiptNo"]
            )
            | json_values
        },
        optional={"Value": json_values},
    )

    @given(
        code=json_values,
        outer=json_values,
        shape=st.lists(items | json_values, max_size=6) | items | json_values,
        parse=st.sampled_from(PARSERS),
    )
    def test_random_json(
        self, code: Any, outer: Any, shape: Any, parse: Callable[[bytes], object]
    ) -> None:
        raw = result(
            ResultCode=code,
            ResultType=outer,
            TransactionID=outer,
            ResultParameters={"ResultParameter": shape},
        )
        only_unreadable(parse, raw)

    @given(raw=st.binary(max_size=100))
    def test_redacting_never_raises(self, raw: bytes) -> None:
        redacted(raw)


def only_unreadable(parse: Callable[[bytes], object], raw: bytes) -> None:
    try:
        parse(raw)
    except Unreadable as problem:
        assert str(problem).endswith(".")  # noqa: PT017 - what was raised is a sentence


class TestTimeout:
    def test_the_original_request_posted_back(self) -> None:
        body = {
            "OriginatorConversationID": "LN-000123-1",
            "InitiatorName": "api",
            "SecurityCredential": "c2VjcmV0",
            "Amount": "5000",
            "PartyB": 254708374149,
        }
        notice = parse_timeout(json.dumps(body).encode())
        assert notice.shape == "original_request"
        assert notice.originator_conversation_id == "LN-000123-1"
        assert notice.amount_cents == 5000_00
        assert notice.receiver_phone == "254708374149"
        assert "secret" not in repr(notice)

    def test_a_result_envelope(self) -> None:
        notice = parse_timeout(result(ResultCode="26", ResultParameters=None))
        assert notice.shape == "result"
        assert notice.originator_conversation_id == "LN-000123-1"
        assert notice.conversation_id.startswith("AG_")
        assert notice.result_code == "26"

    def test_any_object_is_taken(self) -> None:
        assert parse_timeout(b"{}").originator_conversation_id == ""

    def test_the_credential_is_redacted_wherever_it_is(self) -> None:
        raw = json.dumps({"a": [{"SecurityCredential": "c2VjcmV0", "Amount": 1.5}]}).encode()
        assert b"c2VjcmV0" not in redacted(raw)
        assert json.loads(redacted(raw))["a"][0]["Amount"] == "1.5"
        assert b"c2VjcmV0" not in redacted(raw[:-3])


def status(*changed: dict[str, Any], **outer: Any) -> bytes:
    items: list[dict[str, Any]] = [
        {"Key": "DebitPartyName", "Value": "600310 - Some SACCO"},
        {"Key": "DebitPartyName", "Value": "254708374149 - Jane Doe"},
        {"Key": "OriginatorConversationID", "Value": "LN-000123-1"},
        {"Key": "ConversationID", "Value": "AG_20240706_1"},
        {"Key": "InitiatedTime", "Value": "20240706224850"},
        {"Key": "FinalisedTime", "Value": 20240706224852},
        {"Key": "DebitPartyCharges", "Value": "Fee For B2C Payment|KES|22.40"},
        {"Key": "TransactionReason"},
        {"Key": "TransactionStatus", "Value": "Completed"},
        {"Key": "Amount", "Value": "300"},
        {"Key": "ReceiptNo", "Value": "SG632NMUAB"},
    ]
    keys = [c["Key"] for c in changed]
    kept = [i for i in items if i["Key"] not in keys]
    outer = {"TransactionID": "OAK0000000", **outer}
    return result(ResultParameters=parameters(*kept, *changed), **outer)


class TestStatus:
    def test_completed(self) -> None:
        notice = parse_status_result(status(OriginatorConversationID="10571-7910404-1"))
        assert notice.outcome is StatusOutcome.COMPLETED
        assert notice.query_originator_conversation_id == "10571-7910404-1"
        assert notice.originator_conversation_id == "LN-000123-1"
        assert notice.conversation_id == "AG_20240706_1"
        assert notice.receipt == "SG632NMUAB"
        assert notice.amount_cents == 300_00
        assert notice.charges_cents == 22_40
        assert notice.debit_party == "600310 - Some SACCO"
        assert (notice.receiver_phone, notice.receiver_name) == ("254708374149", "Jane Doe")
        assert notice.initiated_at == datetime(2024, 7, 6, 19, 48, 50, tzinfo=UTC)
        assert notice.finalised_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
        assert notice.oddities == ()

    def test_the_receiver_under_its_proper_name(self) -> None:
        notice = parse_status_result(
            status(
                {"Key": "DebitPartyName", "Value": "600310 - Some SACCO"},
                {"Key": "CreditPartyName", "Value": "254711000000 - John"},
            )
        )
        assert notice.receiver_phone == "254711000000"

    @pytest.mark.parametrize(
        ("word", "outcome"),
        [
            ("Completed", StatusOutcome.COMPLETED),
            ("COMPLETED ", StatusOutcome.COMPLETED),
            ("Initiated", StatusOutcome.OPEN),
            ("Authorized", StatusOutcome.OPEN),
            ("Pending  Authorized", StatusOutcome.OPEN),
            ("Declined", StatusOutcome.ENDED),
            ("Cancelled", StatusOutcome.ENDED),
            ("Expired", StatusOutcome.ENDED),
            ("Something new", StatusOutcome.UNCLEAR),
            (None, StatusOutcome.UNCLEAR),
        ],
    )
    def test_the_word_decides(self, word: str | None, outcome: StatusOutcome) -> None:
        item = {"Key": "TransactionStatus", "Value": word}
        assert parse_status_result(status(item)).outcome is outcome

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [
            ("2033", StatusOutcome.NOT_FOUND),
            ("SFC_IC0003", StatusOutcome.NOT_FOUND),
            ("2001", StatusOutcome.QUERY_FAILED),
            ("26", StatusOutcome.QUERY_FAILED),
        ],
    )
    def test_a_question_that_failed_says_nothing(self, code: str, outcome: StatusOutcome) -> None:
        notice = parse_status_result(result(ResultCode=code, ResultParameters=...))
        assert notice.outcome is outcome
        assert notice.query_meaning.code == code


class TestFields:
    @pytest.mark.parametrize(
        ("written", "cents"),
        [
            (10, 10_00),
            ("300", 300_00),
            ("5000.00", 5000_00),
            ("KES 1,200.50", 1200_50),
            ("-1980.00", -1980_00),
            ("0.005", None),
            ("1,20.00", None),
            ("ten", None),
            ("", None),
            (None, None),
            (True, None),
            (10**15, None),
            ("٣٠٠", None),
        ],
    )
    def test_amounts(self, written: object, cents: int | None) -> None:
        assert fields.to_cents(written) == cents

    @given(cents=st.integers(-(10**11), 10**11))
    def test_each_sum_comes_back(self, cents: int) -> None:
        sign, rest = "-" if cents < 0 else "", abs(cents)
        assert fields.to_cents(f"{sign}{rest // 100}.{rest % 100:02d}") == cents

    @pytest.mark.parametrize(
        "written",
        ["31.02.2024 00:00:00", "20241340000000", "yesterday", "", None, 0, "00010101000000"],
    )
    def test_what_is_no_moment(self, written: object) -> None:
        assert fields.to_moment(written) is None


class TestCodes:
    def test_an_unknown_code_is_a_doubt(self) -> None:
        assert meaning_of("4711").kind is ResultKind.UNKNOWN
        assert "4711" in meaning_of("4711").meaning

    @pytest.mark.parametrize("code", ["15", "17", "26", "2029", "2033", "100000002", "9999"])
    def test_ambiguous_codes_never_fail_a_payout(self, code: str) -> None:
        assert meaning_of(code).kind is ResultKind.UNKNOWN

    @pytest.mark.parametrize("code", ["2001", "8006", "18", "20", "21", "22"])
    def test_a_refused_initiator_stops_the_queue(self, code: str) -> None:
        assert meaning_of(code).stops_queue

    def test_only_zero_is_paid(self) -> None:
        assert [c for c, m in MEANINGS.items() if m.kind is ResultKind.PAID] == ["0"]

    def test_each_code_is_told_in_sentences(self) -> None:
        for meaning in MEANINGS.values():
            assert meaning.meaning.endswith(".")
            assert meaning.advice.endswith(".")
