"""`sacco-desktop quote`: what a loan would cost, by the functions that make real schedules; no books are needed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.loan_quote import UNITS, LoanWanted, Prepayment, quote, read_percent
from sacco_desktop.domain.loan_terms import BrokenPeriod, DayCount, LoanTerms, Method, RatePer
from sacco_desktop.domain.money import Rounding, format_amount, format_kes, parse_amount
from sacco_desktop.domain.payoff import Payoff, PayoffInterest
from sacco_desktop.domain.prepayment import Keep
from sacco_desktop.domain.schedule import Instalment

METHODS = {method.value.replace("_", "-"): method for method in Method}
DAY_COUNTS = {count.value.replace("_", "-"): count for count in DayCount}
MODES = {mode.value.replace("_", "-"): mode for mode in Rounding}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is asked: the terms as society officers name them, and what is paid beside the schedule."""
    parser.add_argument("--principal", required=True, help="the amount lent, in KES")
    parser.add_argument("--rate", required=True, help="percent, for example 1 or 9.4822")
    parser.add_argument("--per", choices=[per.value for per in RatePer], default="month")
    parser.add_argument("--method", choices=sorted(METHODS), default="reducing-equal-instalment")
    parser.add_argument("--instalments", required=True, type=int)
    parser.add_argument(
        "--frequency", choices=[each.value for each in Frequency], default="monthly"
    )
    parser.add_argument("--disbursed", required=True, metavar="DATE", help="the day of the payout")
    parser.add_argument(
        "--rounding", choices=sorted(UNITS), default="0.01", help="unit of the instalment, in KES"
    )
    parser.add_argument(
        "--rounding-mode",
        choices=sorted(MODES),
        help="otherwise cents half-up and coarser units up",
    )
    parser.add_argument("--day-count", choices=sorted(DAY_COUNTS), default="per-period")
    parser.add_argument("--grace-principal", type=int, default=0, metavar="N")
    parser.add_argument("--grace-interest", type=int, default=0, metavar="N")
    parser.add_argument("--grace-days", type=int, default=0, metavar="N")
    parser.add_argument(
        "--first-due", choices=["one-period", "end-of-next-month"], default="one-period"
    )
    parser.add_argument("--broken-period", choices=["ignored", "by-days"], default="ignored")
    parser.add_argument(
        "--prepay",
        action="append",
        default=[],
        metavar="AFTER:AMOUNT:keep-instalment|keep-term",
        help="principal repaid early with instalment AFTER; may be given more than once",
    )
    parser.add_argument("--payoff", metavar="DATE", help="what settles the loan on that day")
    parser.add_argument(
        "--payoff-interest", choices=[each.value for each in PayoffInterest], default=None
    )
    parser.add_argument(
        "--agreed-interest-share",
        default="100",
        metavar="PERCENT",
        help="of agreed interest that has not fallen due when a loan is settled early",
    )
    parser.add_argument("--json", action="store_true")


def run(asked: argparse.Namespace) -> int:
    """Print the schedule. Raises InvalidInput for terms without a meaning."""
    prepaid = tuple(sorted(_prepayment(text) for text in asked.prepay))
    settles = None if asked.payoff is None else _day(asked.payoff, "payoff")
    interest = asked.payoff_interest
    wanted = LoanWanted(
        _terms(asked),
        _day(asked.disbursed, "disbursed"),
        prepayments=prepaid,
        payoff_on=settles,
        payoff_interest=None if interest is None else PayoffInterest(interest),
        agreed_share=read_percent(asked.agreed_interest_share, "share"),
    )
    found = quote(wanted)
    if asked.json:
        print(json.dumps(_as_data(found.rows, prepaid, found.upfront_cents, found.settled)))
    else:
        print("\n".join(_lines(found.rows, found.settled)))
    return 0


def _terms(asked: argparse.Namespace) -> LoanTerms:
    unit_cents, mode = UNITS[asked.rounding]
    if asked.rounding_mode:
        mode = MODES[asked.rounding_mode]
    return LoanTerms(
        principal_cents=parse_amount(asked.principal, "principal"),
        method=METHODS[asked.method],
        rate=read_percent(asked.rate, "rate"),
        rate_per=RatePer(asked.per),
        frequency=Frequency(asked.frequency),
        instalments=asked.instalments,
        rounding=mode,
        rounding_unit_cents=unit_cents,
        day_count=DAY_COUNTS[asked.day_count],
        grace_days=asked.grace_days,
        principal_grace=asked.grace_principal,
        interest_grace=asked.grace_interest,
        first_due=FirstDue(asked.first_due.replace("-", "_")),
        broken_period=BrokenPeriod(asked.broken_period.replace("-", "_")),
    )


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"Write the day as 2026-01-31 (--{field}).", field) from None


def _prepayment(text: str) -> Prepayment:
    pieces = text.split(":")
    if len(pieces) != 3 or not pieces[0].isascii() or not pieces[0].isdigit():
        raise InvalidInput("Write --prepay as 6:20000:keep-term.", "prepay")
    after, amount, keep = pieces
    if keep not in tuple(Keep):
        raise InvalidInput("A prepayment ends in keep-instalment or keep-term.", "prepay")
    return Prepayment(int(after), parse_amount(amount, "prepay"), Keep(keep))


def _as_data(
    rows: Sequence[Instalment],
    prepaid: Sequence[Prepayment],
    upfront_cents: int,
    settled: Payoff | None,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "instalments": [
            {
                "number": row.number,
                "due": row.due_on.isoformat(),
                "principal_cents": row.principal_cents,
                "interest_cents": row.interest_cents,
                "total_cents": row.total_cents,
                "balance_cents": row.balance_cents,
            }
            for row in rows
        ],
        "total_interest_cents": sum(row.interest_cents for row in rows),
        "upfront_interest_cents": upfront_cents,
    }
    if prepaid:
        found["prepayments"] = [
            {"after": after, "amount_cents": cents, "keep": keep} for after, cents, keep in prepaid
        ]
    if settled:
        found["payoff"] = {
            "on": settled.on.isoformat(),
            "instalments_paid": settled.last_paid,
            "principal_cents": settled.principal_cents,
            "interest_cents": settled.interest_cents,
            "total_cents": settled.total_cents,
            "saved_cents": settled.saved_cents,
        }
    return found


def _lines(rows: Sequence[Instalment], settled: Payoff | None) -> list[str]:
    titles = ("Principal", "Interest", "Instalment", "Balance")
    lines = [f"{'No':>4}  {'Due':<10}" + "".join(f"{title:>16}" for title in titles)]
    for row in rows:
        figures = (row.principal_cents, row.interest_cents, row.total_cents, row.balance_cents)
        amounts = "".join(f"{format_amount(cents):>16}" for cents in figures)
        lines.append(f"{row.number:>4}  {row.due_on}{amounts}")
    interest = sum(row.interest_cents for row in rows)
    lines.append(f"Interest in all: {format_kes(interest)}.")
    if settled:
        lines.append(
            f"Settled on {settled.on}: {format_kes(settled.total_cents)}"
            f" (principal {format_kes(settled.principal_cents)},"
            f" interest {format_kes(settled.interest_cents)});"
            f" {format_kes(settled.saved_cents)} of interest is saved."
        )
    return lines
