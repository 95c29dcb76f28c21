"""The two pictures of the page: loans by days late, and the balance of the days."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.lateness import LateBand, LateSum
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.services.today.balance_line import BalanceDay
from sacco_desktop.ui.theme.theme import Theme
from sacco_desktop.ui.widgets.bar_chart import Bar, BarChart
from sacco_desktop.ui.widgets.card import Card
from sacco_desktop.ui.widgets.figures import Figures
from sacco_desktop.ui.widgets.line_chart import LineChart, Point

_LATE_RULE = (
    "A loan is late from the day after its oldest instalment that the ledger's balance does not cover. The figures"
    " are the principal still owed."
)
_LINE_RULE = (
    "M-Pesa Utility and bank at the end of each day, by value date. On the days to come instalments that fall due come"
    " in, and what is approved or in flight goes out tomorrow."
)


class LateCard(Card):
    """One bar for each class, the empty ones too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("late", "Loans by days late")
        self.chart = BarChart(theme, "late_chart")
        self.keep(self.chart)

    def show_sums(self, sums: Sequence[LateSum]) -> None:
        """Show other loans; the title says how many are late."""
        late = [each for each in sums if each.band is not LateBand.ON_TIME and each.count]
        count, cents = sum(each.count for each in late), sum(each.owed_cents for each in late)
        self.say_title(_late_title(sums, count, cents))
        self.chart.show_bars(
            [
                Bar(each.band.value, each.owed_cents, _figure(each), place)
                for place, each in enumerate(sums)
            ]
        )
        lines = tuple(
            (each.band.value, f"{each.count:,}", format_amount(each.owed_cents)) for each in sums
        )
        heads = ("Days late", "Loans", "Owed KES")
        self.chart.show_figures(Figures("Loans by days late", _LATE_RULE, heads, lines))
        self.show_body(self.chart, "Figures are KES of principal and loans.")


class BalanceCard(Card):
    """Nine days back and four on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("balance", "Balance of Utility and bank")
        self.chart = LineChart(theme, "balance_chart")
        self.keep(self.chart)

    def show_days(self, days: Sequence[BalanceDay]) -> None:
        """Show other days; the title says where it stands and where it goes."""
        today = next(each for each in reversed(days) if each.is_known)
        self.say_title(f"Utility and bank today {format_kes(today.balance_cents)}")
        self.chart.show_points(
            [
                Point("today" if each is today else _day(each), each.balance_cents, each.is_known)
                for each in days
            ]
        )
        lines = tuple(
            (
                format_date(each.day),
                "known" if each.is_known else "expected",
                format_amount(each.due_in_cents) if each.due_in_cents else "—",
                format_amount(each.due_out_cents) if each.due_out_cents else "—",
                format_amount(each.balance_cents),
            )
            for each in days
        )
        heads = ("Day", "Is", "Due in KES", "Due out KES", "Balance KES")
        self.chart.show_figures(Figures("Balance by day", _LINE_RULE, heads, lines))
        self.show_body(self.chart, _ahead(days))


def _figure(each: LateSum) -> str:
    return f"{format_amount(each.owed_cents)} · {each.count:,}" if each.count else "—"


def _late_title(sums: Sequence[LateSum], count: int, cents: int) -> str:
    if not any(each.count for each in sums):
        return "Loans by days late: no active loan"
    if not count:
        return "Loans by days late: none is late"
    return f"{count:,} {'loan is' if count == 1 else 'loans are'} late, {format_kes(cents)}"


def _ahead(days: Sequence[BalanceDay]) -> str:
    last = days[-1]
    comes, goes = (
        sum(each.due_in_cents for each in days),
        sum(each.due_out_cents for each in days),
    )
    if not comes and not goes:
        return f"Nothing is due until {format_date(last.day)}. F4 shows the figures."
    return (
        f"Dotted until {format_date(last.day)}: {format_amount(comes)} due in, {format_amount(goes)} promised out."
        " F4 shows the figures."
    )


def _day(each: BalanceDay) -> str:
    return format_date(each.day).rsplit(" ", 1)[0]
