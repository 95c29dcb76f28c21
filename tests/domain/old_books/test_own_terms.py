"""Terms and schedules that stand in a cell are a stranger's word: read narrowly, and written the same again."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Deduction
from sacco_desktop.domain.loan_terms import LoanTerms, Method, RatePer
from sacco_desktop.domain.old_books.own_terms import (
    AgreedAnew,
    OwnInstalment,
    OwnTerms,
    schedule_as_text,
    schedule_of_text,
    terms_as_text,
    terms_of_text,
)
from sacco_desktop.domain.schedule import Instalment

TERMS = OwnTerms(
    "boda_boda",
    "1113",
    LoanTerms(
        100_000_00, Method.FLAT, Decimal("0.015"), RatePer.MONTH, Frequency.MONTHLY, 12,
        instalment_fee_cents=50_00,
    ),
    (Deduction("Loan insurance", 50_00, "2160"),),
    AgreedAnew(60_000_00, 18, date(2026, 3, 1), 4, 31),
)  # fmt: skip
LEFT = (
    OwnInstalment(Instalment(5, date(2026, 4, 1), 40_00, 9_00, 60_00, 50_00), 9_00),
    OwnInstalment(Instalment(6, date(2026, 5, 1), 60_00, 8_00, 0, 50_00)),
)


def test_terms_and_schedules_come_back_as_they_were_written() -> None:
    text = terms_as_text(TERMS)
    assert terms_of_text(text, 100_000_00, 12, "Terms") == TERMS
    assert schedule_of_text(schedule_as_text(LEFT), 100_00, "Instalments") == LEFT


def _changed(**fields: Any) -> str:
    said = json.loads(terms_as_text(TERMS)) | fields
    return json.dumps({name: value for name, value in said.items() if value != "gone"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("flat, 12 %", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 5_000, "cannot be read"),
        ('{"rate": NaN}', "cannot be read"),
        (_changed(method="gone"), "say nothing of method"),
        (_changed(method="usury"), "cannot be read: method"),
        (_changed(rate="1e9"), "cannot be read: rate"),
        (_changed(rate="99"), "between 0 % and 100 %"),
        (_changed(rounding_unit_cents=True), "cannot be read: rounding_unit_cents"),
        (_changed(grace_days=-1), "cannot be read: grace_days"),
        (_changed(account="2010"), "cannot be read: account"),
        (_changed(product="<b>"), "cannot be read: product"),
        (_changed(fees=[["Insurance", 1.5, "2160"]]), "cannot be read"),
        (_changed(fees=[["", 100, "2160"]]), "Write the name"),
        (_changed(agreed_anew={"principal_cents": 0}), "say nothing of instalments"),
        (_changed(discount=5), "not known here: discount"),
    ],
)
def test_terms_that_could_mean_something_else_are_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        terms_of_text(text, 100_000_00, 12, "Terms")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "no instalments"),
        ("{}", "cannot be read"),
        ('[[5,"2026-04-01",4000,900,0,0]]', "do not repay"),
        ('[[5,"2026-04-01",4000,0,0,0],[7,"2026-05-01",6000,0,0,0]]', "not in their order"),
        ('[[5,"2026-04-01",4000,0,0,0],[6,"2026-03-01",6000,0,0,0]]', "not in their order"),
        ('[[5,"2026-04-01",10000,900,0,901]]', "cannot be read"),
        ('[[5,"2026-04-31",10000,0,0,0]]', "cannot be read"),
        ('[[5,"2026-04-01",10001,0,0,0],[6,"2026-05-01",-1,0,0,0]]', "cannot be read"),
        ('[[5,"2026-04-01",10000.0,0,0,0]]', "cannot be read"),
        ('[[5,"2026-04-01",10000]]', "cannot be read"),
    ],
)
def test_schedules_that_do_not_repay_the_loan_are_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        schedule_of_text(text, 100_00, "Instalments")
