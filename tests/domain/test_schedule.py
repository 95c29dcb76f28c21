"""Repayment schedules: golden cases to the cent, and what must hold for every loan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_desktop.domain import schedule
from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.interest_methods import equal_instalments
from sacco_desktop.domain.interest_methods import rows_of as rows_of_method
from sacco_desktop.domain.loan_terms import (
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
    RatePer,
)
from sacco_desktop.domain.money import Rounding, parse_amount
from sacco_desktop.domain.schedule import Instalment

NEW_YEAR = date(2024, 1, 1)
ONE_PERCENT = Decimal("0.01")
UP_TO_SHILLING: dict[str, object] = {"rounding": Rounding.UP, "rounding_unit_cents": 100}


def terms(
    amount: str, method: Method, rate: Decimal, instalments: int, **other: object
) -> LoanTerms:
    """A monthly loan at a monthly rate, unless `other` says otherwise."""
    chosen: dict[str, object] = {"rate_per": RatePer.MONTH, "frequency": Frequency.MONTHLY} | other
    return LoanTerms(
        principal_cents=parse_amount(amount),
        method=method,
        rate=rate,
        instalments=instalments,
        **chosen,  # type: ignore[arg-type]
    )


def rows_of(wanted: LoanTerms) -> tuple[Instalment, ...]:
    return schedule.make_schedule(wanted, NEW_YEAR)


def total_interest(rows: tuple[Instalment, ...]) -> int:
    return sum(row.interest_cents for row in rows)


def cents(figures: str) -> list[int]:
    return [parse_amount(figure, allow_zero=True) for figure in figures.split()]


def test_g01_flat_monthly() -> None:
    by_year = terms("100,000", Method.FLAT, Decimal("0.12"), 12, rate_per=RatePer.YEAR)
    rows = rows_of(by_year)
    assert [row.principal_cents for row in rows] == [833_333] * 11 + [833_337]
    assert [row.interest_cents for row in rows] == [100_000] * 12
    assert [row.total_cents for row in rows] == [933_333] * 11 + [933_337]
    assert sum(row.total_cents for row in rows) == 11_200_000


def test_g02_reducing_equal_instalment_row_by_row() -> None:
    rows = rows_of(terms("100,000", Method.REDUCING_EQUAL_INSTALMENT, ONE_PERCENT, 12))
    assert [row.number for row in rows] == list(range(1, 13))
    assert [row.principal_cents for row in rows] == cents(
        "7,884.88 7,963.73 8,043.37 8,123.80 8,205.04 8,287.09 "
        "8,369.96 8,453.66 8,538.20 8,623.58 8,709.81 8,796.88"
    )
    assert [row.interest_cents for row in rows] == cents(
        "1,000.00 921.15 841.51 761.08 679.84 597.79 514.92 431.22 346.68 261.30 175.07 87.97"
    )
    assert [row.total_cents for row in rows] == [888_488] * 11 + [888_485]
    assert [row.balance_cents for row in rows] == cents(
        "92,115.12 84,151.39 76,108.02 67,984.22 59,779.18 51,492.09 "
        "43,122.13 34,668.47 26,130.27 17,506.69 8,796.88 0.00"
    )
    assert total_interest(rows) == 661_853


def test_g03_instalment_rounded_up_to_the_shilling() -> None:
    method = Method.REDUCING_EQUAL_INSTALMENT
    rows = rows_of(terms("100,000", method, ONE_PERCENT, 12, **UP_TO_SHILLING))
    assert [row.total_cents for row in rows] == [888_500] * 11 + [888_346]
    assert [row.interest_cents for row in rows] == cents(
        "1,000.00 921.15 841.51 761.08 679.84 597.79 514.91 431.21 346.67 261.29 175.05 87.96"
    )
    assert rows[-1].principal_cents == 879_550
    assert total_interest(rows) == 661_846


def test_g04_reducing_equal_principal() -> None:
    rows = rows_of(terms("120,000", Method.REDUCING_EQUAL_PRINCIPAL, ONE_PERCENT, 12))
    assert [row.principal_cents for row in rows] == [1_000_000] * 12
    assert [row.interest_cents for row in rows] == list(range(120_000, 0, -10_000))
    assert (rows[0].total_cents, rows[-1].total_cents) == (1_120_000, 1_010_000)
    assert total_interest(rows) == 780_000


def test_g05_reducing_equal_principal_with_cents() -> None:
    rows = rows_of(terms("100,000", Method.REDUCING_EQUAL_PRINCIPAL, ONE_PERCENT, 12))
    assert [row.principal_cents for row in rows] == [833_333] * 11 + [833_337]
    assert [row.interest_cents for row in rows] == cents(
        "1,000.00 916.67 833.33 750.00 666.67 583.33 500.00 416.67 333.33 250.00 166.67 83.33"
    )
    assert total_interest(rows) == 650_000
    assert rows[-1].total_cents == 841_670


def test_g06_reducing_flat_holds_the_exact_total() -> None:
    rows = rows_of(terms("100,000", Method.REDUCING_FLAT, ONE_PERCENT, 12))
    assert [row.interest_cents for row in rows] == [54_167] * 11 + [54_163]
    assert rows[0].total_cents == 887_500
    assert total_interest(rows) == 650_000


def test_g07_flat_weekly_with_days_of_grace() -> None:
    weekly = {"rate_per": RatePer.YEAR, "frequency": Frequency.WEEKLY, "grace_days": 28}
    rows = rows_of(terms("50,000", Method.FLAT, Decimal("0.10"), 104, **weekly))
    assert [row.principal_cents for row in rows] == [48_077] * 103 + [48_069]
    assert [row.interest_cents for row in rows] == [9_615] * 103 + [9_655]
    assert (rows[0].total_cents, rows[-1].total_cents) == (57_692, 57_724)
    assert total_interest(rows) == 1_000_000
    assert rows[0].due_on == date(2024, 2, 5)
    assert rows[1].due_on == date(2024, 2, 12)


def test_g09_equal_principal_weekly() -> None:
    weekly = {"rate_per": RatePer.YEAR, "frequency": Frequency.WEEKLY}
    rows = rows_of(terms("26,000", Method.REDUCING_EQUAL_PRINCIPAL, Decimal("0.12"), 26, **weekly))
    assert [row.principal_cents for row in rows] == [100_000] * 26
    assert [row.interest_cents for row in rows[:2]] == [6_000, 5_769]
    assert rows[-1].interest_cents == 231
    assert total_interest(rows) == 81_000


@pytest.mark.parametrize("method", [Method.NONE, Method.UPFRONT])
def test_g12_no_interest_in_the_rows(method: Method) -> None:
    rows = rows_of(terms("10,000.33", method, Decimal(0), 7))
    assert [row.total_cents for row in rows] == [142_862] * 6 + [142_861]


@pytest.mark.parametrize("method", list(Method))
def test_g12_a_rate_of_zero_splits_every_method_alike(method: Method) -> None:
    rows = rows_of(terms("10,000.33", method, Decimal(0), 7))
    assert [row.principal_cents for row in rows][:6] == [142_862] * 6
    assert total_interest(rows) == 0


def test_g13_frappe_instalment_rounded_up() -> None:
    rows = rows_of(
        terms(
            "280,000",
            Method.REDUCING_EQUAL_INSTALMENT,
            Decimal("0.084"),
            20,
            rate_per=RatePer.YEAR,
            **UP_TO_SHILLING,
        )
    )
    assert {row.total_cents for row in rows[:-1]} == {1_505_200}
    assert rows[-1].total_cents == 1_504_606
    assert total_interest(rows) == 2_103_406
    # Published without cents: 21,034 of interest and 301,034 in all.
    assert round(Fraction(total_interest(rows), 100)) == 21_034
    assert round(Fraction(sum(row.total_cents for row in rows), 100)) == 301_034


def test_g13_fineract_small_loan() -> None:
    by_year = {"rate_per": RatePer.YEAR}
    rows = rows_of(
        terms("100", Method.REDUCING_EQUAL_INSTALMENT, Decimal("0.094822"), 6, **by_year)
    )
    assert rows[0].total_cents == 1_713
    assert [row.interest_cents for row in rows] == cents(".79 .66 .53 .40 .27 .13")
    assert [row.balance_cents for row in rows] == cents("83.66 67.19 50.59 33.86 17.00 0")


def test_interest_in_advance_is_known_at_the_payout() -> None:
    upfront = terms("60,000", Method.UPFRONT, Decimal("0.10"), 6, rate_per=RatePer.YEAR)
    assert schedule.upfront_interest_cents(upfront, NEW_YEAR) == 300_000
    assert total_interest(rows_of(upfront)) == 0
    flat = terms("60,000", Method.FLAT, Decimal("0.10"), 6, rate_per=RatePer.YEAR)
    assert schedule.upfront_interest_cents(flat, NEW_YEAR) == 0


@pytest.mark.parametrize(
    ("rate_per", "frequency", "rate"),
    [
        (RatePer.MONTH, Frequency.MONTHLY, Fraction(12, 100)),
        (RatePer.YEAR, Frequency.MONTHLY, Fraction(1, 100)),
        (RatePer.YEAR, Frequency.WEEKLY, Fraction(12, 5200)),
        (RatePer.MONTH, Frequency.WEEKLY, Fraction(144, 5200)),
        (RatePer.YEAR, Frequency.QUARTERLY, Fraction(3, 100)),
    ],
)
def test_a_year_is_twelve_months_or_52_weeks(
    rate_per: RatePer, frequency: Frequency, rate: Fraction
) -> None:
    other = {"rate_per": rate_per, "frequency": frequency}
    assert schedule.rate_per_period(terms("1", Method.FLAT, Decimal("0.12"), 1, **other)) == rate


def test_a_loan_paid_out_on_the_31st_falls_due_at_the_end_of_each_month() -> None:
    wanted = terms("100,000", Method.FLAT, ONE_PERCENT, 3)
    dues = [row.due_on for row in schedule.make_schedule(wanted, date(2026, 1, 31))]
    assert dues == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"principal_cents": 0}, "principal"),
        ({"principal_cents": -1}, "principal"),
        ({"instalments": 0}, "instalments"),
        ({"instalments": 1041}, "instalments"),
        ({"rate": Decimal("-0.01")}, "rate"),
        ({"rate": Decimal("1.01")}, "rate"),
        ({"rate": Decimal("NaN")}, "rate"),
        ({"rounding_unit_cents": 0}, "rounding_unit"),
        ({"rounding_unit_cents": 100_001}, "rounding_unit"),
        ({"principal_cents": 10**15}, "principal"),
        ({"grace_days": -1}, "grace_days"),
        ({"principal_grace": -1}, "principal_grace"),
        ({"principal_grace": 2}, "principal_grace"),
        ({"interest_grace": 2}, "interest_grace"),
        ({"day_count": DayCount.WEEKLY_364}, "day_count"),
        ({"first_due": FirstDue.DAY_OF_NEXT_MONTH}, "first_due_day"),
        ({"first_due": FirstDue.DAY_OF_NEXT_MONTH, "first_due_day": 32}, "first_due_day"),
        ({"first_due_day": 10}, "first_due_day"),
        ({"interest_on": InterestOn.BALANCE}, "interest_on"),
        ({"instalment_fee_cents": -1}, "fee"),
    ],
)
def test_refuses_terms_without_a_meaning(change: dict[str, object], field: str) -> None:
    sound: dict[str, object] = {
        "principal_cents": 10_000,
        "method": Method.FLAT,
        "rate": ONE_PERCENT,
        "rate_per": RatePer.MONTH,
        "frequency": Frequency.MONTHLY,
        "instalments": 2,
    }
    with pytest.raises(InvalidInput) as refused:
        rows_of(LoanTerms(**(sound | change)))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_refuses_more_instalments_than_there_is_to_repay_and_says_how_many_fit() -> None:
    rounded = UP_TO_SHILLING
    with pytest.raises(InvalidInput, match="Choose 112 or fewer") as refused:
        rows_of(terms("1,000", Method.NONE, Decimal(0), 120, **rounded))
    assert refused.value.field == "instalments"
    assert len(rows_of(terms("1,000", Method.NONE, Decimal(0), 112, **rounded))) == 112


def test_refuses_an_instalment_that_is_all_interest() -> None:
    with pytest.raises(InvalidInput, match="fewer instalments"):
        rows_of(terms("1,000", Method.REDUCING_EQUAL_INSTALMENT, Decimal("0.20"), 120))


def test_refuses_a_date_beyond_the_calendar() -> None:
    wanted = terms("1,000", Method.FLAT, ONE_PERCENT, 12)
    with pytest.raises(InvalidInput, match="too far ahead"):
        schedule.make_schedule(wanted, date(2199, 6, 1))


def test_rounding_down_to_nothing_is_refused_and_never_a_negative_repayment() -> None:
    coarse = {"rounding": Rounding.HALF_UP, "rounding_unit_cents": 100_000}
    with pytest.raises(InvalidInput, match="instalment 1 of 12 repays none") as refused:
        rows_of(terms("3,000", Method.FLAT, ONE_PERCENT, 12, **coarse))
    assert refused.value.field == "instalments"


def test_half_up_and_half_even_part_at_an_exact_half_cent() -> None:
    wanted = terms("2.50", Method.REDUCING_EQUAL_PRINCIPAL, ONE_PERCENT, 1)
    assert rows_of(wanted)[0].interest_cents == 3
    assert rows_of(replace(wanted, rounding=Rounding.HALF_EVEN))[0].interest_cents == 2


@pytest.mark.parametrize("rounding", [Rounding.HALF_UP, Rounding.HALF_EVEN])
def test_the_golden_rows_are_the_same_by_either_half(rounding: Rounding) -> None:
    wanted = terms("100,000", Method.REDUCING_EQUAL_INSTALMENT, ONE_PERCENT, 12)
    assert rows_of(replace(wanted, rounding=rounding)) == rows_of(wanted)


def test_an_instalment_rounded_up_to_five_cents() -> None:
    five = {"rounding": Rounding.UP, "rounding_unit_cents": 5}
    rows = rows_of(terms("100,000", Method.REDUCING_EQUAL_INSTALMENT, ONE_PERCENT, 12, **five))
    assert {row.total_cents for row in rows[:-1]} == {888_490}
    assert rows[0].principal_cents == 788_490


def test_a_first_period_by_days_bears_39_days_of_interest() -> None:
    wanted = terms(
        "100,000",
        Method.FLAT,
        Decimal("0.12"),
        3,
        rate_per=RatePer.YEAR,
        first_due=FirstDue.END_OF_NEXT_MONTH,
        broken_period=BrokenPeriod.BY_DAYS,
    )
    rows = schedule.make_schedule(wanted, date(2026, 1, 20))
    assert [row.due_on for row in rows] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    assert [row.interest_cents for row in rows] == [128_219, 100_000, 100_000]
    ignored = replace(wanted, broken_period=BrokenPeriod.IGNORED)
    rows = schedule.make_schedule(ignored, date(2026, 1, 20))
    assert [row.interest_cents for row in rows] == [100_000] * 3
    reducing = replace(wanted, method=Method.REDUCING_EQUAL_INSTALMENT)
    assert schedule.make_schedule(reducing, date(2026, 1, 20))[0].interest_cents == 128_219
    thirty = replace(reducing, day_count=DayCount.THIRTY_360)
    assert schedule.make_schedule(thirty, date(2026, 1, 20))[0].interest_cents == 126_667


def test_a_whole_first_period_is_not_charged_by_its_days() -> None:
    wanted = terms("100,000", Method.FLAT, ONE_PERCENT, 2, broken_period=BrokenPeriod.BY_DAYS)
    rows = schedule.make_schedule(wanted, date(2026, 1, 31))
    assert [row.interest_cents for row in rows] == [100_000, 100_000]


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        # 100,000 at 12 %: a twelfth of the year, 30 of 360, and 28 and 31 of 365 days.
        (DayCount.PER_PERIOD, [100_000, 50_000]),
        (DayCount.THIRTY_360, [100_000, 50_000]),
        (DayCount.ACTUAL_365, [92_055, 50_959]),
    ],
)
def test_day_counts_of_a_monthly_loan(day_count: DayCount, interest: list[int]) -> None:
    wanted = terms("100,000", Method.REDUCING_EQUAL_PRINCIPAL, ONE_PERCENT, 2, day_count=day_count)
    rows = schedule.make_schedule(wanted, date(2026, 1, 31))
    assert [row.interest_cents for row in rows] == interest


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        # One week of 26,000 at 12 %: 1/52, 7/360, 7/365 and 7/364 of 3,120.
        (DayCount.PER_PERIOD, 6_000),
        (DayCount.THIRTY_360, 6_067),
        (DayCount.ACTUAL_365, 5_984),
        (DayCount.WEEKLY_364, 6_000),
    ],
)
def test_day_counts_of_a_weekly_loan(day_count: DayCount, interest: int) -> None:
    weekly = {"rate_per": RatePer.YEAR, "frequency": Frequency.WEEKLY, "day_count": day_count}
    rows = rows_of(terms("26,000", Method.REDUCING_EQUAL_PRINCIPAL, Decimal("0.12"), 26, **weekly))
    assert rows[0].interest_cents == interest


def test_equal_instalments_stay_equal_when_months_differ_in_length() -> None:
    by_days = {"day_count": DayCount.ACTUAL_365}
    rows = rows_of(terms("100,000", Method.REDUCING_EQUAL_INSTALMENT, ONE_PERCENT, 12, **by_days))
    assert len({row.total_cents for row in rows[:-1]}) == 1
    assert abs(rows[-1].total_cents - rows[0].total_cents) < 12


def test_grace_of_principal_are_rows_of_interest_only() -> None:
    wanted = terms("100,000", Method.REDUCING_EQUAL_PRINCIPAL, ONE_PERCENT, 6, principal_grace=2)
    rows = rows_of(wanted)
    assert [row.principal_cents for row in rows] == [0, 0] + [2_500_000] * 4
    assert [row.interest_cents for row in rows] == [100_000] * 3 + [75_000, 50_000, 25_000]
    equal = rows_of(replace(wanted, method=Method.REDUCING_EQUAL_INSTALMENT, instalments=14))
    assert [row.total_cents for row in equal] == [100_000] * 2 + [888_488] * 11 + [888_485]


def test_grace_of_interest_are_rows_without_interest_that_is_never_made_up() -> None:
    graced = rows_of(terms("120,000", Method.FLAT, ONE_PERCENT, 12, interest_grace=3))
    assert [row.interest_cents for row in graced] == [0] * 3 + [120_000] * 9
    assert [row.principal_cents for row in graced] == [1_000_000] * 12
    averaged = terms("120,000", Method.REDUCING_FLAT, ONE_PERCENT, 12, interest_grace=3)
    # Equal principal bears 900 + 800 + … + 100 in the rows that are left.
    assert [row.interest_cents for row in rows_of(averaged)] == [0] * 3 + [50_000] * 9
    upfront = terms("120,000", Method.UPFRONT, ONE_PERCENT, 12, interest_grace=3)
    assert schedule.upfront_interest_cents(upfront, NEW_YEAR) == 1_080_000


def test_fees_stand_in_every_instalment_and_are_not_rounded_with_it() -> None:
    with_fee = terms("12,000", Method.NONE, Decimal(0), 12, instalment_fee_cents=1_234)
    rows = rows_of(replace(with_fee, rounding=Rounding.UP, rounding_unit_cents=100))
    assert [row.total_cents for row in rows] == [101_234] * 12
    assert sum(row.principal_cents for row in rows) == 1_200_000


SMALL_FIGURES = st.one_of(st.integers(-2, 90), st.integers(0, 5))
ANY_TERMS = st.builds(
    LoanTerms,
    principal_cents=st.one_of(st.integers(-1, 200), st.integers(1, 10**9)),
    method=st.sampled_from(Method),
    rate=st.one_of(
        st.decimals(0, Decimal("0.05"), places=6),
        st.decimals(allow_nan=True, allow_infinity=True, places=2),
        st.sampled_from([Decimal(0), Decimal(1), Decimal("0.99")]),
    ),
    rate_per=st.sampled_from(RatePer),
    frequency=st.sampled_from(Frequency),
    instalments=st.integers(-1, 80),
    rounding=st.sampled_from(Rounding),
    rounding_unit_cents=st.sampled_from([0, 1, 5, 100, 1_000]),
    day_count=st.sampled_from(DayCount),
    grace_days=st.one_of(st.just(0), st.integers(-1, 400)),
    principal_grace=SMALL_FIGURES,
    interest_grace=SMALL_FIGURES,
    first_due=st.sampled_from(FirstDue),
    first_due_day=st.one_of(st.none(), st.integers(0, 32)),
    broken_period=st.sampled_from(BrokenPeriod),
    interest_on=st.sampled_from(InterestOn),
    instalment_fee_cents=st.integers(-1, 10_000),
)
SOUND_TERMS = st.builds(
    LoanTerms,
    # Enough for sixty whole instalments, at a rate that two months before the first do not eat up.
    principal_cents=st.integers(1_000_000, 10**9),
    method=st.sampled_from(Method),
    rate=st.decimals(0, Decimal("0.005"), places=6),
    rate_per=st.sampled_from(RatePer),
    frequency=st.just(Frequency.WEEKLY),
    instalments=st.integers(4, 60),
    rounding=st.sampled_from(Rounding),
    rounding_unit_cents=st.sampled_from([1, 5, 100]),
    day_count=st.sampled_from(DayCount),
    grace_days=st.integers(0, 60),
    principal_grace=st.integers(0, 3),
    interest_grace=st.integers(0, 3),
    first_due=st.sampled_from([FirstDue.ONE_PERIOD, FirstDue.END_OF_NEXT_MONTH]),
    broken_period=st.sampled_from(BrokenPeriod),
    instalment_fee_cents=st.integers(0, 10_000),
)
FIELDS = {
    "principal",
    "instalments",
    "rate",
    "rounding_unit",
    "grace_days",
    "principal_grace",
    "interest_grace",
    "day_count",
    "first_due_day",
    "interest_on",
    "fee",
    "disbursed_on",
}
ANY_DAY = st.one_of(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates())


def repays_the_loan_and_nothing_but_the_loan(
    wanted: LoanTerms, rows: tuple[Instalment, ...], disbursed_on: date
) -> None:
    assert len(rows) == wanted.instalments
    assert sum(row.principal_cents for row in rows) == wanted.principal_cents
    assert rows[-1].balance_cents == 0
    assert all(row.principal_cents >= 0 and row.interest_cents >= 0 for row in rows)
    assert all(row.principal_cents > 0 for row in rows[wanted.principal_grace :])
    assert all(row.principal_cents == 0 for row in rows[: wanted.principal_grace])
    assert all(row.interest_cents == 0 for row in rows[: wanted.interest_grace])
    assert all(row.fee_cents == wanted.instalment_fee_cents for row in rows)
    assert all(row.balance_cents >= 0 for row in rows)
    dues = [row.due_on for row in rows]
    assert dues == sorted(set(dues))
    assert dues[0] > disbursed_on


@settings(max_examples=400)
@given(ANY_TERMS, ANY_DAY)
def test_any_terms_give_a_schedule_that_repays_the_loan_or_a_refusal_with_its_field(
    wanted: LoanTerms, disbursed_on: date
) -> None:
    try:
        rows = schedule.make_schedule(wanted, disbursed_on)
    except InvalidInput as refusal:
        refused = refusal
    else:
        repays_the_loan_and_nothing_but_the_loan(wanted, rows, disbursed_on)
        return
    assert refused.field in FIELDS
    assert refused.message.endswith(".")


@given(SOUND_TERMS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_sound_terms_are_scheduled(wanted: LoanTerms, disbursed_on: date) -> None:
    rows = schedule.make_schedule(wanted, disbursed_on)
    repays_the_loan_and_nothing_but_the_loan(wanted, rows, disbursed_on)


@given(SOUND_TERMS)
def test_the_quick_way_to_equal_instalments_gives_what_the_long_way_gives(
    wanted: LoanTerms,
) -> None:
    wanted = replace(wanted, method=Method.REDUCING_EQUAL_INSTALMENT)
    periods = schedule.periods_of(wanted, NEW_YEAR)
    quick = equal_instalments(wanted, periods)
    assert (quick is None) == (wanted.rounding is Rounding.HALF_EVEN)
    assert quick is None or quick == rows_of_method(wanted, periods)


def test_the_quick_way_leaves_a_loan_alone_that_would_be_repaid_too_soon() -> None:
    wanted = terms("55", Method.REDUCING_EQUAL_INSTALMENT, Decimal(0), 52, **UP_TO_SHILLING)
    assert equal_instalments(wanted, schedule.periods_of(wanted, NEW_YEAR)) is None
    with pytest.raises(InvalidInput, match="28 instalments repay the whole loan"):
        rows_of(wanted)


@given(SOUND_TERMS)
def test_instalments_before_the_last_are_whole_units(wanted: LoanTerms) -> None:
    rows = rows_of(wanted)[wanted.principal_grace : -1]
    unit = wanted.rounding_unit_cents
    assert all((row.principal_cents + row.interest_cents) % unit == 0 for row in rows)


@given(SOUND_TERMS)
def test_interest_held_to_the_exact_total(wanted: LoanTerms) -> None:
    """Flat interest is agreed as a sum, so rounding its rows may not change that sum."""
    sum_agreed = {"interest_grace": 0, "broken_period": BrokenPeriod.IGNORED}
    wanted = replace(
        wanted,
        method=Method.FLAT,
        day_count=DayCount.PER_PERIOD,
        **sum_agreed,  # type: ignore[arg-type]
    )
    exact = wanted.principal_cents * schedule.rate_per_period(wanted) * wanted.instalments
    assert abs(total_interest(rows_of(wanted)) - exact) <= Fraction(1, 2)
