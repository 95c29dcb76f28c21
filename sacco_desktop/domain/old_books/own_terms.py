"""The terms and the schedule that a loan brings along, as other books of this program wrote them: JSON in one cell.

What stands there is a stranger's word: every figure is read as narrowly as if a person had typed it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sacco_desktop.domain.chart import LOAN_CONTROLS
from sacco_desktop.domain.due_dates import FirstDue, Frequency
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.fees import Deduction, total_cents
from sacco_desktop.domain.loan_terms import (
    MOST_INSTALMENTS,
    BrokenPeriod,
    DayCount,
    InterestOn,
    LoanTerms,
    Method,
    RatePer,
    check_terms,
)
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.old_books.json_cell import (
    Fields,
    code,
    day,
    mapping,
    mapping_in,
    parsed,
    rows_in,
    text_in,
    whole,
)
from sacco_desktop.domain.people import clean_name
from sacco_desktop.domain.schedule import Instalment

_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class AgreedAnew:
    """How a loan was agreed anew in the old books: principal in cents over so many instalments, from a day on, behind
    instalment `before`, when it was so many days late.
    """

    principal_cents: int
    instalments: int
    begun_on: date
    before: int
    days_late: int


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What a loan was agreed by: the code of its product there, the account of what is lent, its terms, the fees of
    each instalment, and how it was agreed anew, if it was.
    """

    product_code: str
    loan_control: str
    terms: LoanTerms
    fees: tuple[Deduction, ...] = ()
    anew: AgreedAnew | None = None


@dataclass(frozen=True, slots=True)
class OwnInstalment:
    """What is left of one instalment, in cents, and what of its interest was booked as income when it fell due."""

    row: Instalment
    booked_cents: int = 0


def terms_as_text(own: OwnTerms) -> str:
    """The terms in one cell; the same terms always give the same text."""
    terms = own.terms
    said: dict[str, Any] = {
        "product": own.product_code,
        "account": own.loan_control,
        "method": terms.method.value,
        "rate": str(terms.rate),
        "rate_per": terms.rate_per.value,
        "frequency": terms.frequency.value,
        "rounding": terms.rounding.value,
        "rounding_unit_cents": terms.rounding_unit_cents,
        "day_count": terms.day_count.value,
        "grace_days": terms.grace_days,
        "principal_grace": terms.principal_grace,
        "interest_grace": terms.interest_grace,
        "first_due": terms.first_due.value,
        "broken_period": terms.broken_period.value,
        "interest_on": terms.interest_on.value,
    }
    if terms.first_due_day is not None:
        said["first_due_day"] = terms.first_due_day
    if own.fees:
        said["fees"] = [[fee.name, fee.amount_cents, fee.account_code] for fee in own.fees]
    if own.anew is not None:
        anew = own.anew
        said["agreed_anew"] = {
            "principal_cents": anew.principal_cents,
            "instalments": anew.instalments,
            "begun_on": anew.begun_on.isoformat(),
            "before": anew.before,
            "days_late": anew.days_late,
        }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def terms_of_text(text: str, principal_cents: int, instalments: int, what: str) -> OwnTerms:
    """The terms of a cell, for a loan of so many cents over so many instalments. Raises InvalidInput under `what`."""
    said = Fields(mapping_in(text, what), what)
    fees = tuple(_fee(one, what) for one in said.take("fees", rows_in, ()))
    terms = LoanTerms(
        principal_cents=principal_cents,
        method=said.choice("method", Method),
        rate=said.take("rate", _rate),
        rate_per=said.choice("rate_per", RatePer),
        frequency=said.choice("frequency", Frequency),
        instalments=instalments,
        rounding=said.choice("rounding", Rounding),
        rounding_unit_cents=said.take("rounding_unit_cents", whole),
        day_count=said.choice("day_count", DayCount),
        grace_days=said.take("grace_days", whole),
        principal_grace=said.take("principal_grace", whole),
        interest_grace=said.take("interest_grace", whole),
        first_due=said.choice("first_due", FirstDue),
        first_due_day=said.take("first_due_day", whole, None),
        broken_period=said.choice("broken_period", BrokenPeriod),
        interest_on=said.choice("interest_on", InterestOn),
        instalment_fee_cents=total_cents(fees),
    )
    anew = said.take("agreed_anew", mapping, None)
    own = OwnTerms(
        said.take("product", code),
        said.take("account", _loan_control),
        terms,
        fees,
        None if anew is None else _anew(anew, what),
    )
    said.close()
    try:
        check_terms(terms)
    except InvalidInput as wrong:
        raise InvalidInput(f"{what}: {wrong.message}", what) from None
    return own


def _anew(said: Mapping[str, Any], what: str) -> AgreedAnew:
    fields = Fields(said, what)
    found = AgreedAnew(
        fields.take("principal_cents", whole),
        fields.take("instalments", whole),
        fields.take("begun_on", day),
        fields.take("before", whole),
        fields.take("days_late", whole),
    )
    fields.close()
    if not found.principal_cents or not 1 <= found.instalments <= MOST_INSTALMENTS:
        raise InvalidInput(f"{what} was agreed anew over nothing.", what)
    return found


def _fee(row: Any, what: str) -> Deduction:
    try:
        name, cents, account = row
        if not isinstance(account, str) or whole(cents) == 0:
            raise ValueError
        return Deduction(clean_name(text_in(name), what), cents, account)
    except (TypeError, ValueError):
        raise InvalidInput(f"{what} holds a fee that cannot be read.", what) from None


def schedule_as_text(rows: Sequence[OwnInstalment]) -> str:
    """What is left of a schedule in one cell: number, day, principal, interest, fee and booked interest, in cents."""
    return json.dumps(
        [
            [
                one.row.number,
                one.row.due_on.isoformat(),
                one.row.principal_cents,
                one.row.interest_cents,
                one.row.fee_cents,
                one.booked_cents,
            ]
            for one in rows
        ],
        separators=(",", ":"),
    )


def schedule_of_text(text: str, outstanding_cents: int, what: str) -> tuple[OwnInstalment, ...]:
    """What is left of a schedule; its principal is what is still owed, and its instalments follow each other.

    Raises InvalidInput under `what`.
    """
    found: list[OwnInstalment] = []
    balance = outstanding_cents
    for row in parsed(text, what, list):
        one = _instalment(row, balance, what)
        if found and (
            one.row.number != found[-1].row.number + 1 or one.row.due_on < found[-1].row.due_on
        ):
            raise InvalidInput(f"{what} are not in their order.", what)
        balance = one.row.balance_cents
        found.append(one)
    if not found or len(found) > MOST_INSTALMENTS:
        raise InvalidInput(f"{what} hold no instalments, or too many.", what)
    if balance:
        raise InvalidInput(f"{what} do not repay what is still owed.", what)
    return tuple(found)


def _instalment(row: Any, balance_cents: int, what: str) -> OwnInstalment:
    try:
        number, due_on, principal, interest, fee, booked = row
        cents = [whole(one) for one in (principal, interest, fee, booked)]
        if not 1 <= whole(number) <= MOST_INSTALMENTS * 10 or booked > interest:
            raise ValueError
        due = day(due_on)
    except (TypeError, ValueError):
        raise InvalidInput(f"{what} hold an instalment that cannot be read.", what) from None
    left = balance_cents - cents[0]
    return OwnInstalment(Instalment(number, due, cents[0], cents[1], left, cents[2]), booked)


def _loan_control(value: Any) -> str:
    if value not in LOAN_CONTROLS:
        raise ValueError
    return str(value)


def _rate(value: Any) -> Decimal:
    if _RATE.fullmatch(text_in(value)) is None:
        raise ValueError
    return Decimal(value)
