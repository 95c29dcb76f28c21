"""The choices of the calculator in the office's words. No Qt."""

from __future__ import annotations

from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.loan_terms import BrokenPeriod, DayCount, Method, RatePer
from sacco_desktop.domain.payoff import PayoffInterest
from sacco_desktop.domain.prepayment import Keep

METHOD_WORDS = {
    Method.REDUCING_EQUAL_INSTALMENT: "Reducing, equal instalments",
    Method.REDUCING_EQUAL_PRINCIPAL: "Reducing, equal principal",
    Method.FLAT: "Flat",
    Method.REDUCING_FLAT: "Reducing, averaged",
    Method.UPFRONT: "In advance",
    Method.NONE: "None",
}
METHODS = tuple(METHOD_WORDS.items())
PERS = ((RatePer.MONTH, "Month"), (RatePer.YEAR, "Year"))
FREQUENCIES = (
    (Frequency.MONTHLY, "Monthly"),
    (Frequency.WEEKLY, "Weekly"),
    (Frequency.QUARTERLY, "Quarterly"),
)
UNIT_WORDS = (
    ("0.01", "The nearest cent"),
    ("0.05", "The next five cents"),
    ("1", "The next shilling"),
)
DAY_COUNTS = (
    (DayCount.PER_PERIOD, "Every period the same"),
    (DayCount.ACTUAL_365, "Calendar, 365 a year"),
    (DayCount.THIRTY_360, "30 a month, 360 a year"),
    (DayCount.WEEKLY_364, "Weeks, 364 a year"),
)
FIRST_DUES = (
    (FirstDue.ONE_PERIOD, "One period after"),
    (FirstDue.END_OF_NEXT_MONTH, "End of the next month"),
)
BROKEN = (
    (BrokenPeriod.IGNORED, "Counts as a whole one"),
    (BrokenPeriod.BY_DAYS, "By its days"),
)
KEEPS = ((Keep.INSTALMENT, "The instalment"), (Keep.TERM, "The term"))
PAYOFF_INTERESTS = (
    (None, "As the terms count days"),
    (PayoffInterest.FULL_PERIOD, "The whole period"),
    (PayoffInterest.ACTUAL_365, "Calendar, 365 a year"),
    (PayoffInterest.THIRTY_360, "30 a month, 360 a year"),
)
