"""Who may borrow: worked figures, and each rule on both sides of its edge."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sacco_desktop.domain.eligibility import (
    Check,
    EligibilityTerms,
    GuarantorBand,
    LoansAtOnce,
    LumpDeposit,
    MultipleOf,
    OpenLoan,
    Pay,
    PayReading,
    Pledged,
    Standing,
    Wish,
    ceiling_cents,
    checks,
    counted_deposits_cents,
    needed_guarantors,
    pay_room_cents,
    room_cents,
)

TODAY = date(2026, 7, 1)
PAY = Pay(basic_cents=6_000_000, gross_cents=8_500_000, deductions_cents=3_800_000)
MEMBER = Standing(
    member_number="M-0001",
    status="active",
    joined_on=date(2025, 1, 1),
    deposits_cents=12_000_000,
    leaving_cents=0,
    share_capital_cents=2_000_000,
    last_deposit_on=date(2026, 6, 5),
    lump_deposits=(),
    open_loans=(OpenLoan("L-0009", "school", 7_500_000, 0),),
    pay=PAY,
)
TERMS = EligibilityTerms("development", "Development loan")
WISH = Wish(amount_cents=20_000_000, instalment_cents=1_800_000, on=TODAY)


def verdict(
    rule: str,
    *,
    member: Standing = MEMBER,
    terms: EligibilityTerms = TERMS,
    wish: Wish = WISH,
) -> Check:
    return next(check for check in checks(member, terms, wish) if check.rule == rule)


def test_worked_ceiling() -> None:
    assert ceiling_cents(MEMBER, TERMS, TODAY) == 36_000_000
    assert room_cents(MEMBER, TERMS, TODAY) == 28_500_000


@pytest.mark.parametrize(
    ("reading", "room"),
    [
        (PayReading.BASIC_PAY, 2_700_000),
        (PayReading.ALL_WAGES, 1_866_666),
        (PayReading.STRICTER, 1_866_666),
    ],
)
def test_worked_third_of_pay(reading: PayReading, room: int) -> None:
    assert pay_room_cents(PAY, reading) == room


@pytest.mark.parametrize(
    ("basis", "ceiling"),
    [
        (MultipleOf.DEPOSITS, 36_000_000),
        (MultipleOf.SHARE_CAPITAL, 6_000_000),
        (MultipleOf.BOTH, 42_000_000),
        (MultipleOf.NOTHING, None),
    ],
)
def test_what_the_multiple_is_of(basis: MultipleOf, ceiling: int | None) -> None:
    assert ceiling_cents(MEMBER, replace(TERMS, multiple_of=basis), TODAY) == ceiling


def test_a_multiple_that_is_no_whole_number_gives_no_part_of_a_cent() -> None:
    odd = replace(MEMBER, deposits_cents=33, open_loans=())
    assert ceiling_cents(odd, replace(TERMS, multiple=Decimal("2.5")), TODAY) == 82


def test_deposits_on_their_way_out_and_fresh_lumps_carry_no_loan() -> None:
    lumps = (LumpDeposit(date(2026, 5, 1), 3_000_000), LumpDeposit(date(2026, 1, 1), 500_000))
    member = replace(MEMBER, leaving_cents=1_000_000, lump_deposits=lumps)
    assert counted_deposits_cents(member, replace(TERMS, lump_months=6), TODAY) == 8_000_000
    assert counted_deposits_cents(member, TERMS, TODAY) == 11_000_000


@pytest.mark.parametrize(
    ("amount", "needed"), [(1, 3), (50_000_000, 3), (50_000_001, 5), (10**10, 7)]
)
def test_guarantors_by_band(amount: int, needed: int) -> None:
    bands = (
        GuarantorBand(50_000_000, 3),
        GuarantorBand(100_000_000, 5),
        GuarantorBand(10**9, 7),
    )
    assert needed_guarantors(amount, bands) == needed
    assert needed_guarantors(amount, ()) == 0


def test_a_rule_that_is_not_set_is_not_shown() -> None:
    shown = {check.rule for check in checks(MEMBER, TERMS, WISH)}
    assert shown == {"status", "membership", "ceiling", "at_once", "default"}


AGREED = Pledged("M-0002", 4_000_000, has_consented=True)
ASKED = Pledged("M-0003", 4_000_000, has_consented=False)
EDGES = [
    ("status", {}, {}, {}, True),
    ("status", {"status": "dormant"}, {}, {}, False),
    ("membership", {"joined_on": date(2026, 1, 1)}, {}, {}, True),
    ("membership", {"joined_on": date(2026, 1, 2)}, {}, {}, False),
    ("saves", {"last_deposit_on": date(2026, 4, 1)}, {"saved_within_months": 3}, {}, True),
    ("saves", {"last_deposit_on": date(2026, 3, 31)}, {"saved_within_months": 3}, {}, False),
    ("saves", {"last_deposit_on": None}, {"saved_within_months": 3}, {}, False),
    ("least_deposits", {}, {"least_deposits_cents": 12_000_000}, {}, True),
    ("least_deposits", {}, {"least_deposits_cents": 12_000_001}, {}, False),
    ("share_capital", {}, {"least_share_capital_cents": 2_000_000}, {}, True),
    ("share_capital", {}, {"least_share_capital_cents": 2_000_001}, {}, False),
    ("ceiling", {}, {}, {"amount_cents": 28_500_000}, True),
    ("ceiling", {}, {}, {"amount_cents": 28_500_001}, False),
    ("at_once", {}, {}, {}, True),
    ("at_once", {}, {"product_code": "school"}, {}, False),
    ("at_once", {}, {"at_once": LoansAtOnce.ONE_IN_ALL}, {}, False),
    (
        "default",
        {"open_loans": (OpenLoan("L-9", "school", 1, 30),)},
        {"most_days_late": 30},
        {},
        True,
    ),
    (
        "default",
        {"open_loans": (OpenLoan("L-9", "school", 1, 31),)},
        {"most_days_late": 30},
        {},
        False,
    ),
    ("pay", {}, {"pay_reading": PayReading.STRICTER}, {"instalment_cents": 1_866_666}, True),
    ("pay", {}, {"pay_reading": PayReading.STRICTER}, {"instalment_cents": 1_866_667}, False),
    ("pay", {"pay": None}, {"pay_reading": PayReading.BASIC_PAY}, {}, False),
    ("guarantors", {}, {"bands": (GuarantorBand(10**9, 1),)}, {"guarantors": (AGREED,)}, True),
    (
        "guarantors",
        {},
        {"bands": (GuarantorBand(10**9, 2),)},
        {"guarantors": (AGREED, ASKED)},
        False,
    ),
    (
        "secured",
        {},
        {"must_be_secured": True},
        {"amount_cents": 16_000_000, "guarantors": (AGREED, ASKED)},
        True,
    ),
    (
        "secured",
        {},
        {"must_be_secured": True},
        {"amount_cents": 16_000_001, "guarantors": (AGREED, ASKED)},
        False,
    ),
    ("credit_report", {}, {"credit_report_above_cents": 1}, {}, False),
    (
        "credit_report",
        {"credit_report_on": date(2026, 4, 2)},
        {"credit_report_above_cents": 1},
        {},
        True,
    ),
    (
        "credit_report",
        {"credit_report_on": date(2026, 4, 1)},
        {"credit_report_above_cents": 1},
        {},
        False,
    ),
    (
        "credit_report",
        {"credit_report_on": date(2026, 7, 2)},
        {"credit_report_above_cents": 1},
        {},
        False,
    ),
]


@pytest.mark.parametrize(("rule", "member", "terms", "wish", "passed"), EDGES)
def test_each_rule_on_both_sides_of_its_edge(
    rule: str,
    member: dict[str, object],
    terms: dict[str, object],
    wish: dict[str, object],
    passed: bool,
) -> None:
    found = verdict(
        rule,
        member=replace(MEMBER, **member),  # type: ignore[arg-type]
        terms=replace(TERMS, **terms),  # type: ignore[arg-type]
        wish=replace(WISH, **wish),  # type: ignore[arg-type]
    )
    assert found.passed is passed
    assert found.words.endswith(".")


def test_the_figures_stand_in_the_words() -> None:
    words = verdict("ceiling").words
    assert words.startswith("3 × 120,000.00 − other loans 75,000.00 leaves KES 285,000.00, and")
