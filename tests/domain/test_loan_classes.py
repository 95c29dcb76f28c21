"""Classes of loans, provisions and the portfolio at risk (golden case G-38)."""

from decimal import Decimal

import pytest

from sacco_desktop.domain.loan_classes import (
    REGULATED,
    LoanClass,
    at_risk,
    check_classes,
    class_of,
    provision_expense_cents,
    provisions,
)

OUTSTANDING = {
    "Performing": (400, 800_000_000),
    "Watch": (40, 90_000_000),
    "Substandard": (20, 40_000_000),
    "Doubtful": (9, 25_000_000),
    "Loss": (3, 12_000_000),
}


def test_g38_provisions_and_their_expense() -> None:
    found = provisions(OUTSTANDING, REGULATED)
    assert [each.allowance_cents for each in found] == [
        8_000_000,
        4_500_000,
        10_000_000,
        12_500_000,
        12_000_000,
    ]
    assert sum(each.allowance_cents for each in found) == 47_000_000
    assert provision_expense_cents(found, 39_550_000) == 7_450_000


def test_g38_portfolio_at_risk() -> None:
    days = {"Performing": 0, "Watch": 30, "Substandard": 31, "Doubtful": 181, "Loss": 361}
    loans = [(days[name], cents) for name, (_count, cents) in OUTSTANDING.items()]
    assert at_risk(loans, 30).percent == Decimal("7.96")
    assert at_risk(loans, 0).percent == Decimal("17.27")
    assert at_risk([], 30).percent == 0


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-3, "Performing"),
        (0, "Performing"),
        (1, "Watch"),
        (30, "Watch"),
        (31, "Substandard"),
        (180, "Substandard"),
        (181, "Doubtful"),
        (360, "Doubtful"),
        (361, "Loss"),
    ],
)
def test_the_class_of_a_day(days: int, name: str) -> None:
    assert class_of(days, REGULATED).name == name


@pytest.mark.parametrize(
    "classes",
    [
        (),
        (LoanClass("Late", 1, Decimal(5)),),
        (LoanClass("On time", 0, Decimal(1)), LoanClass("Late", 0, Decimal(5))),
        (LoanClass("On time", 0, Decimal(101)),),
    ],
)
def test_refuses_classes_that_leave_a_day_without_one(classes: tuple[LoanClass, ...]) -> None:
    with pytest.raises(ValueError, match=r"class"):
        check_classes(classes)


def test_the_regulated_classes_are_sound() -> None:
    check_classes(REGULATED)
