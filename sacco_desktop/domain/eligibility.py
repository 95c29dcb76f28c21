"""Whether a member may have a loan: every rule with its figures, passed or not, so that nobody need guess why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sacco_desktop.domain.dates import add_months, format_date
from sacco_desktop.domain.money import format_amount, format_kes


class MultipleOf(StrEnum):
    """What the ceiling of all loans together is a multiple of."""

    DEPOSITS = "deposits"
    SHARE_CAPITAL = "share_capital"
    BOTH = "both"
    NOTHING = "nothing"


class PayReading(StrEnum):
    """How the law that leaves a third of the pay to the worker is read (Employment Act 2007, section 19)."""

    BASIC_PAY = "basic_pay"
    ALL_WAGES = "all_wages"
    STRICTER = "stricter"
    NOT_APPLIED = "not_applied"


class LoansAtOnce(StrEnum):
    """Whether a member may have two loans at once."""

    ONE_OF_PRODUCT = "one_of_product"
    ONE_IN_ALL = "one_in_all"
    ANY_NUMBER = "any_number"


@dataclass(frozen=True, slots=True)
class Pay:
    """What the pay slip says for a month, in cents. Deductions are the present ones, without the new instalment."""

    basic_cents: int
    gross_cents: int
    deductions_cents: int


@dataclass(frozen=True, slots=True)
class LumpDeposit:
    """A deposit out of the ordinary, which counts for a loan only after some months."""

    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """Another loan of the same member: what counts against the ceiling, and how late it is."""

    number: str
    product_code: str
    counted_cents: int
    days_late: int


@dataclass(frozen=True, slots=True)
class Pledged:
    """A guarantor's promise for this loan, in cents; None where only the number of guarantors counts."""

    member_number: str
    cents: int | None
    has_consented: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the books say of the member on the day of the question; amounts are cents."""

    member_number: str
    status: str
    joined_on: date
    deposits_cents: int
    leaving_cents: int
    share_capital_cents: int
    last_deposit_on: date | None
    lump_deposits: tuple[LumpDeposit, ...]
    open_loans: tuple[OpenLoan, ...]
    pay: Pay | None = None
    credit_report_on: date | None = None


@dataclass(frozen=True, slots=True)
class GuarantorBand:
    """Loans up to `up_to_cents` need so many guarantors."""

    up_to_cents: int
    guarantors: int


@dataclass(frozen=True, slots=True)
class EligibilityTerms:
    """The society's rules for one product; 0 and None mean no such rule, but for `most_days_late`, of which only None
    does. A deposit of `lump_from_cents` or more at once is a lump.
    """

    product_code: str
    product_name: str
    multiple: Decimal = Decimal(3)
    multiple_of: MultipleOf = MultipleOf.DEPOSITS
    membership_months: int = 6
    least_deposits_cents: int = 0
    least_share_capital_cents: int = 0
    saved_within_months: int = 0
    lump_months: int = 0
    lump_from_cents: int = 0
    at_once: LoansAtOnce = LoansAtOnce.ONE_OF_PRODUCT
    pay_reading: PayReading = PayReading.NOT_APPLIED
    bands: tuple[GuarantorBand, ...] = ()
    must_be_secured: bool = False
    most_days_late: int | None = 0
    credit_report_above_cents: int | None = None
    credit_report_days: int = 90


@dataclass(frozen=True, slots=True)
class Wish:
    """The loan that is asked for; the instalment is the largest of its schedule, in cents a month."""

    amount_cents: int
    instalment_cents: int
    on: date
    guarantors: tuple[Pledged, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its name, whether it is kept, and the figures in words. One that only warns stops nothing."""

    rule: str
    title: str
    passed: bool
    words: str
    only_warns: bool = False

    @property
    def stops(self) -> bool:
        """Whether the loan cannot go on for this rule."""
        return not self.passed and not self.only_warns


def counted_deposits_cents(standing: Standing, terms: EligibilityTerms, on: date) -> int:
    """The deposits that carry a loan: without what is on its way out and what was put in as a lump too lately."""
    too_new = _too_new_cents(standing, terms, on)
    return max(0, standing.deposits_cents - standing.leaving_cents - too_new)


def _too_new_cents(standing: Standing, terms: EligibilityTerms, on: date) -> int:
    """Lumps that do not count yet. Deposits on their way out are taken to be others."""
    return sum(
        lump.cents
        for lump in standing.lump_deposits
        if terms.lump_months and add_months(lump.on, terms.lump_months) > on
    )


def ceiling_cents(standing: Standing, terms: EligibilityTerms, on: date) -> int | None:
    """What all loans together may come to, in cents; None where the society sets no multiple."""
    basis = {
        MultipleOf.DEPOSITS: counted_deposits_cents(standing, terms, on),
        MultipleOf.SHARE_CAPITAL: standing.share_capital_cents,
        MultipleOf.BOTH: counted_deposits_cents(standing, terms, on) + standing.share_capital_cents,
    }
    if terms.multiple_of is MultipleOf.NOTHING:
        return None
    return int(Fraction(terms.multiple) * basis[terms.multiple_of])


def room_cents(standing: Standing, terms: EligibilityTerms, on: date) -> int | None:
    """What may still be lent: the ceiling less the loans that count already, and never below zero."""
    ceiling = ceiling_cents(standing, terms, on)
    if ceiling is None:
        return None
    return max(0, ceiling - _others_cents(standing))


def _others_cents(standing: Standing) -> int:
    return sum(loan.counted_cents for loan in standing.open_loans)


def room_words(standing: Standing, terms: EligibilityTerms, on: date) -> str:
    """How the room is reckoned: `3 × (60,000.00 − 10,000.00 on their way out) − other loans 75,000.00`."""
    deposits = [format_amount(standing.deposits_cents)]
    if standing.leaving_cents:
        deposits.append(f"− {format_amount(standing.leaving_cents)} on their way out")
    if too_new := _too_new_cents(standing, terms, on):
        deposits.append(f"− {format_amount(too_new)} put in too lately")
    shares = f"share capital {format_amount(standing.share_capital_cents)}"
    parts = {
        MultipleOf.NOTHING: ["no ceiling"],
        MultipleOf.DEPOSITS: deposits,
        MultipleOf.SHARE_CAPITAL: [shares],
        MultipleOf.BOTH: [*deposits, f"+ {shares}"],
    }[terms.multiple_of]
    if terms.multiple_of is MultipleOf.NOTHING:
        return parts[0]
    basis = parts[0] if len(parts) == 1 else f"({' '.join(parts)})"
    others = format_amount(_others_cents(standing))
    return f"{format(terms.multiple.normalize(), 'f')} × {basis} − other loans {others}"


def pay_room_cents(pay: Pay, reading: PayReading) -> int:
    """How large a new monthly instalment may be so that a third of the pay is left, in cents; below zero when too much
    is deducted already.

    By basic pay: gross − deductions − a third of the basic pay. By all wages: two thirds of the gross − deductions.
    """
    by_basic = Fraction(pay.gross_cents - pay.deductions_cents) - Fraction(pay.basic_cents, 3)
    by_wages = Fraction(2 * pay.gross_cents, 3) - pay.deductions_cents
    rooms = {
        PayReading.BASIC_PAY: by_basic,
        PayReading.ALL_WAGES: by_wages,
        PayReading.STRICTER: min(by_basic, by_wages),
    }
    # Part of a cent is never room.
    return rooms[reading].__floor__()


def needed_guarantors(amount_cents: int, bands: Sequence[GuarantorBand]) -> int:
    """How many guarantors a loan of this amount needs; above the last band as many as in it."""
    if not bands:
        return 0
    fitting = [band for band in bands if amount_cents <= band.up_to_cents]
    return (fitting[0] if fitting else bands[-1]).guarantors


def refusals(standing: Standing, terms: EligibilityTerms, on: date) -> tuple[Check, ...]:
    """The rules that keep the member from the product whatever the amount, and that are not kept."""
    found = (rule(standing, terms, Wish(0, 0, on)) for rule in _WHATEVER_THE_AMOUNT)
    return tuple(check for check in found if check is not None and not check.passed)


def checks(standing: Standing, terms: EligibilityTerms, wish: Wish) -> tuple[Check, ...]:
    """Every rule of the product, in the order in which an officer asks; a rule that is not set is left out."""
    found = (rule(standing, terms, wish) for rule in _RULES)
    return tuple(check for check in found if check is not None)


_Rule = Callable[[Standing, EligibilityTerms, Wish], Check | None]


def _status(standing: Standing, _terms: EligibilityTerms, _wish: Wish) -> Check | None:
    words = f"The member is {standing.status.replace('_', ' ')}."
    return Check("status", "Status", standing.status == "active", words)


def _membership(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    if not terms.membership_months:
        return None
    since = add_months(standing.joined_on, terms.membership_months)
    words = (
        f"Joined on {format_date(standing.joined_on)}; {terms.membership_months} months are asked for,"
        f" so from {format_date(since)} on."
    )
    return Check("membership", "Membership", since <= wish.on, words)


def _least_deposits(standing: Standing, terms: EligibilityTerms, _wish: Wish) -> Check | None:
    if not terms.least_deposits_cents:
        return None
    words = _against("Deposits", standing.deposits_cents, terms.least_deposits_cents)
    return Check(
        "least_deposits",
        "Deposits",
        standing.deposits_cents >= terms.least_deposits_cents,
        words,
    )


def _share_capital(standing: Standing, terms: EligibilityTerms, _wish: Wish) -> Check | None:
    if not terms.least_share_capital_cents:
        return None
    words = _against("Share capital", standing.share_capital_cents, terms.least_share_capital_cents)
    is_enough = standing.share_capital_cents >= terms.least_share_capital_cents
    return Check("share_capital", "Share capital", is_enough, words)


def _saves(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    if not terms.saved_within_months:
        return None
    last = standing.last_deposit_on
    is_regular = last is not None and add_months(last, terms.saved_within_months) >= wish.on
    said = f"Last deposit on {format_date(last)}" if last else "No deposit yet"
    words = f"{said}; one within {terms.saved_within_months} months is asked for."
    return Check("saves", "Regular saving", is_regular, words)


def _ceiling(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    room = room_cents(standing, terms, wish.on)
    if room is None:
        return None
    reckoned = room_words(standing, terms, wish.on)
    words = f"{reckoned} leaves {format_kes(room)}, and {format_kes(wish.amount_cents)} is asked."
    return Check("ceiling", "Ceiling", wish.amount_cents <= room, words)


def _at_once(standing: Standing, terms: EligibilityTerms, _wish: Wish) -> Check | None:
    if terms.at_once is LoansAtOnce.ANY_NUMBER:
        return None
    in_all = terms.at_once is LoansAtOnce.ONE_IN_ALL
    others = [
        loan.number
        for loan in standing.open_loans
        if in_all or loan.product_code == terms.product_code
    ]
    kind = "loan" if in_all else terms.product_name
    words = f"One {kind} at a time: {', '.join(others) or 'none'} open."
    return Check("at_once", "Loans at once", not others, words)


def _default(standing: Standing, terms: EligibilityTerms, _wish: Wish) -> Check | None:
    if terms.most_days_late is None:
        return None
    late = max((loan.days_late for loan in standing.open_loans), default=0)
    words = "No own loan is late."
    if late:
        words = f"An own loan is {late} days late; at most {terms.most_days_late} days are allowed."
    return Check("default", "Own loans in time", late <= terms.most_days_late, words)


def _third_of_pay(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    if terms.pay_reading is PayReading.NOT_APPLIED:
        return None
    if standing.pay is None:
        return Check("pay", "A third of the pay", False, "No pay slip is entered.")
    room = pay_room_cents(standing.pay, terms.pay_reading)
    words = (
        f"The pay leaves room for {format_kes(room)} a month, and the instalment is"
        f" {format_kes(wish.instalment_cents)}."
    )
    return Check("pay", "A third of the pay", wish.instalment_cents <= room, words)


def _guarantor_count(_standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    needed = needed_guarantors(wish.amount_cents, terms.bands)
    if not needed:
        return None
    agreed = sum(pledged.has_consented for pledged in wish.guarantors)
    words = f"{needed} needed, {agreed} agreed."
    return Check("guarantors", "Guarantors", agreed >= needed, words)


def _secured(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    if not terms.must_be_secured:
        return None
    own = counted_deposits_cents(standing, terms, wish.on)
    promised = sum(pledged.cents or 0 for pledged in wish.guarantors if pledged.has_consented)
    asked = format_kes(wish.amount_cents)
    words = f"Own deposits {format_kes(own)} and promises {format_kes(promised)} against {asked}."
    return Check("secured", "Security", own + promised >= wish.amount_cents, words)


def _credit_report(standing: Standing, terms: EligibilityTerms, wish: Wish) -> Check | None:
    above = terms.credit_report_above_cents
    if above is None or wish.amount_cents <= above:
        return None
    on = standing.credit_report_on
    is_fresh = on is not None and 0 <= (wish.on - on).days <= terms.credit_report_days
    said = f"The last is of {format_date(on)}" if on else "There is none"
    words = (
        f"Loans above {format_kes(above)} need a credit report of the last {terms.credit_report_days} days."
        f" {said}."
    )
    return Check("credit_report", "Credit report", is_fresh, words)


def _against(what: str, have_cents: int, need_cents: int) -> str:
    return f"{what} {format_kes(have_cents)}; {format_kes(need_cents)} is asked for."


_WHATEVER_THE_AMOUNT: tuple[_Rule, ...] = (
    _status,
    _membership,
    _saves,
    _least_deposits,
    _share_capital,
    _at_once,
    _default,
)
_RULES: tuple[_Rule, ...] = (
    *_WHATEVER_THE_AMOUNT,
    _ceiling,
    _third_of_pay,
    _guarantor_count,
    _secured,
    _credit_report,
)
