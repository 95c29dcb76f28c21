"""Reckons each figure again from its explanation alone, in plain Python written from the rule.

It imports nothing of the program, so that it cannot repeat the program's mistakes.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any


class Reckoning:
    """What is given, found by its key, and by the loan or instalment that it belongs to."""

    def __init__(self, given: Iterable[Any]) -> None:
        self._given = [(each.key, each.of, each.on, each.value) for each in given]

    def one(self, key: str, of: str | None = None) -> Any:
        found = self.every(key, of)
        assert len(found) == 1, f"{key} of {of} is given {len(found)} times"
        return found[0]

    def every(self, key: str, of: str | None = None) -> list[Any]:
        return [v for k, about, _on, v in self._given if k == key and of in (None, about)]

    def dated(self, key: str) -> list[tuple[date, Any]]:
        return [(on, value) for k, _of, on, value in self._given if k == key]

    def whose(self, key: str) -> list[str]:
        return [of for k, of, _on, _value in self._given if k == key]


def limit(given: Iterable[Any]) -> int:
    """So many times the deposits or the shares, less other loans; the largest loan where there is no multiple."""
    at = Reckoning(given)
    months, today = at.one("lump_months"), at.one("asked_on")
    young = sum(
        cents for on, cents in at.dated("lump") if months and _months_later(on, months) > today
    )
    deposits = max(0, at.one("deposits") - at.one("leaving") - young)
    shares = at.one("share_capital")
    carried = {
        "deposits": deposits,
        "share_capital": shares,
        "both": deposits + shares,
        "nothing": None,
    }[at.one("multiple_of")]
    if carried is None:
        whole: int = at.one("largest")
        return whole
    times = Fraction(str(at.one("multiple"))) * carried
    return int(max(0, times.numerator // times.denominator - sum(at.every("other_loan"))))


def capacity(given: Iterable[Any]) -> int | None:
    """Deposits, or a multiple of them, less what is promised and what own loans need; None where loans are counted."""
    at = Reckoning(given)
    promises = at.whose("promise")
    if len(promises) >= at.one("most_loans"):
        return 0
    if at.one("rule") == "count_only":
        return None
    binds = sum(_binds(at, loan) for loan in promises)
    if at.one("rule") == "multiple_less_pledges":
        return int(max(0, at.one("deposits") * at.one("multiple") - binds))
    own = sum(
        max(0, at.one("own_owed", loan) - at.one("own_borne", loan))
        for loan in at.whose("own_owed")
    )
    return int(max(0, at.one("deposits") - own - binds))


def _binds(at: Reckoning, loan: str) -> int:
    promised, owed, lent = (at.one(key, loan) for key in ("promise", "owed", "lent"))
    taken = sum(at.every("taken", loan))
    if owed <= 0:
        return 0
    live = promised
    if at.one("release") == "pro_rata":
        live = min(promised, _nearest(Fraction(promised * owed, lent)))
    return int(max(0, min(live, promised - taken)))


def free_deposits(given: Iterable[Any]) -> int:
    """The deposits, less payouts on their way, and less what loans and promises keep where the society keeps it, and
    nothing where the terms pay none out.
    """
    at = Reckoning(given)
    if at.one("paid_out") == "no":
        return 0
    left = at.one("deposits") - at.one("on_the_way")
    if at.one("keeps") == "yes":
        multiples = [Fraction(str(each)) for each in at.every("multiple")]
        if multiples and min(multiples) > 0:
            needed = sum(at.every("lent")) / min(multiples)
            left -= -(-needed.numerator // needed.denominator)
        left -= sum(
            min(at.one("promise", loan), at.one("owed", loan)) for loan in at.whose("promise")
        )
    return int(max(0, left))


def arrears(given: Iterable[Any]) -> int:
    """What fell due before the day, less what was paid of it."""
    at = Reckoning(given)
    today = at.one("as_of")
    late = [cents for on, cents in at.dated("due") if on < today]
    paid = [cents for on, cents in at.dated("paid") if on < today]
    return int(sum(late) - sum(paid) + sum(at.every("penalties")))


def allowance(given: Iterable[Any]) -> int:
    """The percentage of the class in which the days fall, of the whole principal."""
    at = Reckoning(given)
    since = at.every("since")
    today = at.one("as_of")
    days = max(0, (today - since[0]).days) if since else 0
    for on, late in at.dated("was_late"):
        if today < _months_later(on, at.one("kept_months")):
            days = max(days, late)
    reached = [(at.one("from_days", name), name) for name in at.whose("from_days")]
    name = max((first, name) for first, name in reached if first <= days)[1]
    percent = Fraction(str(at.one("percent", name)))
    return _nearest(at.one("outstanding") * percent / 100)


def _nearest(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _months_later(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on.day, last))


def penalty(given: Iterable[Any]) -> int:
    """The sum, or the percentage of what was late, within its bounds and the room that was left."""
    at = Reckoning(given)
    kind = at.one("kind")
    days = {name: at.one("days", name) for name in at.whose("days")}
    late = {name: at.one("late", name) for name in at.whose("late")}
    if kind == "grown":
        found = _nearest(Fraction(str(at.one("percent"))) / 100 * sum(late.values()))
        return int(min([found, *at.every("room")]))
    if kind in ("fixed_once", "fixed_per_day"):
        found = at.one("sum") * (sum(days.values()) if days else 1)
    else:
        part = Fraction(str(at.one("percent"))) / 100
        base = Fraction(sum(late.values()))
        if kind == "percent_by_days":
            base = Fraction(sum(late[name] * days[name] for name in late), at.one("year_days"))
        found = _up_to(part * base, at.every("round_up_to"))
    found = max([found, *at.every("least")])
    return int(min([found, *at.every("most"), *at.every("room")]))


def _up_to(value: Fraction, units: list[int]) -> int:
    if not units:
        return _nearest(value)
    whole = value / units[0]
    return -(-whole.numerator // whole.denominator) * units[0]


def payoff(given: Iterable[Any]) -> int:
    """What is due, the principal to come and the interest for its time, less what was prepaid."""
    at = Reckoning(given)
    principal = at.one("principal")
    whole = sum(at.every("due")) + sum(at.every("penalties")) + principal
    if principal:
        used = Fraction(_used(at) * principal, at.one("balance"))
        paid_ahead = at.one("scheduled") - at.one("unpaid")
        whole += max(0, _nearest(used) - paid_ahead)
    return int(max(0, whole - at.one("prepaid")))


def _used(at: Reckoning) -> int:
    """The interest of the period that has begun, or the part of the agreed one, as if all of the schedule was owed."""
    if at.every("agreed"):
        return _cents(at.one("agreed") * Fraction(str(at.one("share"))) / 100, at)
    since, on = at.one("since"), at.one("as_of")
    if at.one("graced") == "yes" or on <= since:
        return 0
    if at.one("kind") == "full-period":
        return int(at.one("period"))
    part = Fraction((on - since).days, 365)
    if at.one("kind") == "30/360":
        months = (on.year - since.year) * 12 + on.month - since.month
        part = Fraction(30 * months + min(on.day, 30) - min(since.day, 30), 360)
    return _cents(at.one("balance") * Fraction(str(at.one("yearly"))) / 100 * part, at)


def _cents(value: Fraction, at: Reckoning) -> int:
    """Halves to the even cent where the society rounds so, otherwise up."""
    return round(value) if at.one("rounding") == "half_even" else _nearest(value)
