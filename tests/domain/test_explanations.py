"""Every figure is reckoned again from its explanation alone, over a wide range of members and loans."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import AllocationRule, Owed, allocate
from sacco_desktop.domain.due_dates import Frequency
from sacco_desktop.domain.eligibility import (
    EligibilityTerms,
    LumpDeposit,
    MultipleOf,
    OpenLoan,
    Standing,
    room_cents,
)
from sacco_desktop.domain.explanations import (
    free_deposits,
    guarantors,
    lateness,
    limits,
    settling,
)
from sacco_desktop.domain.explanations.explanation import (
    EntryLine,
    Explanation,
    Frame,
    Given,
    Source,
    Unit,
    as_text,
)
from sacco_desktop.domain.explanations.free_deposits import (
    CarriedLoan,
    DepositFacts,
    LockedPromise,
)
from sacco_desktop.domain.explanations.guarantors import LivePromise, OwnLoan
from sacco_desktop.domain.explanations.lateness import AgreedAnew, ToProvide
from sacco_desktop.domain.guarantees import (
    CapacityRule,
    CapacityTerms,
    ReleaseRule,
    live_pledge_cents,
)
from sacco_desktop.domain.loan_classes import REGULATED, LoanClass
from sacco_desktop.domain.loan_position import position
from sacco_desktop.domain.loan_terms import DayCount, LoanTerms, Method, RatePer
from sacco_desktop.domain.money import Rounding
from sacco_desktop.domain.payoff import PayoffInterest, PayoffRule
from sacco_desktop.domain.schedule import make_schedule
from sacco_desktop.domain.settlement import Running, settle
from tests import reckoned_again

TODAY = date(2026, 3, 16)
FRAME = Frame("Mary Njeri Otieno, M-0001", TODAY)
CENTS = st.integers(0, 500_000_00)
DAYS = st.dates(date(2025, 1, 1), TODAY)
MULTIPLES = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("2.5"), Decimal(3), Decimal(4)])
NUMBERS = st.integers(1, 9).map(lambda number: f"L-{number:04d}")


@settings(max_examples=40)
@given(
    st.builds(
        Standing,
        member_number=st.just("M-0001"),
        status=st.just("active"),
        joined_on=st.just(TODAY),
        deposits_cents=CENTS,
        leaving_cents=CENTS,
        share_capital_cents=CENTS,
        last_deposit_on=st.none(),
        lump_deposits=st.lists(st.builds(LumpDeposit, DAYS, CENTS), max_size=3).map(tuple),
        open_loans=st.lists(
            st.builds(OpenLoan, NUMBERS, st.just("normal"), CENTS, st.just(0)), max_size=3
        ).map(tuple),
    ),
    st.builds(
        EligibilityTerms,
        product_code=st.just("normal"),
        product_name=st.just("Development loan"),
        multiple=MULTIPLES,
        multiple_of=st.sampled_from(MultipleOf),
        lump_months=st.integers(0, 12),
    ),
)
def test_the_limit_is_reckoned_again(standing: Standing, terms: EligibilityTerms) -> None:
    found = limits.limit(standing, terms, TODAY, 700_000_00, FRAME)
    room = room_cents(standing, terms, TODAY)
    assert found.result_cents == (700_000_00 if room is None else room)
    assert reckoned_again.limit(found.given) == found.result_cents


@st.composite
def promises(draw: st.DrawFn, release: ReleaseRule) -> tuple[LivePromise, ...]:
    made = []
    for number in draw(st.lists(NUMBERS, unique=True, max_size=4)):
        lent = draw(st.integers(1, 500_000_00))
        promised = draw(st.integers(1, lent))
        owed, taken = draw(st.integers(0, lent)), draw(st.integers(0, promised))
        live = live_pledge_cents(promised, owed, lent, release)
        live = max(0, min(live, promised - taken))
        if live:
            made.append(LivePromise(number, "Jane", promised, live, taken, owed, lent))
    return tuple(made)


@settings(max_examples=40)
@given(st.data(), st.sampled_from(CapacityRule), st.sampled_from(ReleaseRule))
def test_what_can_still_be_guaranteed_is_reckoned_again(
    data: st.DataObject, rule: CapacityRule, release: ReleaseRule
) -> None:
    own = data.draw(
        st.lists(
            st.builds(OwnLoan, NUMBERS, CENTS, CENTS),
            max_size=3,
            unique_by=lambda loan: loan.number,
        )
    )
    terms = CapacityTerms(rule, data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)))
    bound = data.draw(promises(release))
    found = guarantors.capacity(data.draw(CENTS), tuple(own), bound, (terms, release), FRAME)
    assert reckoned_again.capacity(found.given) == found.result_cents
    assert found.result_cents is not None or found.result.endswith(("loan", "loans"))


@settings(max_examples=40)
@given(
    st.builds(
        DepositFacts,
        CENTS,
        CENTS,
        st.booleans(),
        st.lists(
            st.builds(CarriedLoan, NUMBERS, CENTS, st.one_of(MULTIPLES, st.just(Decimal(0)))),
            max_size=3,
        ).map(tuple),
        st.lists(
            st.builds(LockedPromise, NUMBERS, CENTS, CENTS),
            max_size=3,
            unique_by=lambda one: one.loan_number,
        ).map(tuple),
        st.booleans(),
    )
)
def test_free_deposits_are_reckoned_again(facts: DepositFacts) -> None:
    found = free_deposits.free_deposits(facts, FRAME)
    assert reckoned_again.free_deposits(found.given) == found.result_cents
    assert found.result_cents == max(0, sum(step.cents for step in found.steps))


@settings(max_examples=40)
@given(
    st.integers(1_000_00, 900_000_00),
    st.sampled_from(Method),
    st.integers(1, 36),
    st.sampled_from(Frequency),
    st.integers(0, 900_000_00),
    st.integers(0, 900),
)
def test_arrears_are_reckoned_again(
    principal: int, method: Method, count: int, frequency: Frequency, paid: int, day: int
) -> None:
    terms = LoanTerms(principal, method, Decimal("0.01"), RatePer.MONTH, frequency, count)
    rows = make_schedule(terms, date(2025, 1, 31))
    owed = [part for line in position(rows, ()).left for part in line.owed()]
    parts: tuple[Owed, ...] = allocate(paid, owed, AllocationRule()).parts if paid else ()
    on = date(2025, 1, 31) + timedelta(days=day)
    stands = position(rows, parts)
    found = lateness.arrears(rows, stands, on, FRAME)
    assert found.result_cents == stands.arrears_cents(on)
    assert reckoned_again.arrears(found.given) == found.result_cents
    assert sum(step.cents for step in found.steps) == found.result_cents


@st.composite
def loans(draw: st.DrawFn) -> LoanTerms:
    count = draw(st.integers(1, 30))
    return LoanTerms(
        draw(st.integers(10_000_00, 900_000_00)),
        draw(st.sampled_from(Method)),
        draw(st.sampled_from([Decimal("0.01"), Decimal("0.0085"), Decimal("0.012345")])),
        draw(st.sampled_from(RatePer)),
        draw(st.sampled_from(Frequency)),
        count,
        draw(st.sampled_from([Rounding.HALF_UP, Rounding.HALF_EVEN])),
        day_count=draw(st.sampled_from([DayCount.PER_PERIOD, DayCount.ACTUAL_365])),
        grace_days=draw(st.integers(0, 20)),
        principal_grace=draw(st.integers(0, min(3, count - 1))),
        interest_grace=draw(st.integers(0, min(3, count - 1))),
    )


@settings(max_examples=60)
@given(
    loans(),
    st.integers(1, 900_000_00),
    st.integers(0, 900),
    st.sampled_from(PayoffInterest),
    st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
    st.tuples(st.integers(0, 50_000_00), st.integers(0, 4)),
)
def test_the_payoff_is_reckoned_again(
    terms: LoanTerms,
    paid: int,
    day: int,
    interest: PayoffInterest,
    share: Decimal,
    beside: tuple[int, int],
) -> None:
    """What was prepaid, and the instalments before the loan was agreed anew, are beside."""
    (prepaid, before), begun = beside, date(2025, 1, 31)
    rows = tuple(row._replace(number=row.number + before) for row in make_schedule(terms, begun))
    owed = [part for line in position(rows, ()).left for part in line.owed()]
    stands = position(rows, allocate(paid, owed, AllocationRule()).parts, prepaid)
    on = begun + timedelta(days=day)
    rule = PayoffRule(interest, share)
    running = Running(terms, begun, rows, before)
    found = settling.payoff(running, stands, on, rule, FRAME)
    assert found.result_cents == settle(running, stands, on, rule).to_bring_cents
    assert reckoned_again.payoff(found.given) == found.result_cents
    assert found.result_cents == max(0, sum(step.cents for step in found.steps))


CLASSES = st.sampled_from(
    [
        REGULATED,
        tuple(LoanClass(each.name, each.from_days * 2, Decimal("12.55")) for each in REGULATED),
    ]
)


@settings(max_examples=40)
@given(
    CENTS,
    st.one_of(st.none(), st.dates(date(2024, 1, 1), TODAY)),
    st.lists(st.builds(AgreedAnew, DAYS, st.integers(1, 400)), max_size=2).map(tuple),
    CLASSES,
)
def test_the_provision_is_reckoned_again(
    owed: int,
    since: date | None,
    anew: tuple[AgreedAnew, ...],
    classes: tuple[LoanClass, ...],
) -> None:
    found = lateness.allowance(ToProvide(owed, since, TODAY, anew, 6), classes, FRAME)
    assert reckoned_again.allowance(found.given) == found.result_cents


def test_an_explanation_reads_as_plain_lines() -> None:
    found = Explanation(
        "Arrears",
        "Late is what fell due and is not paid.",
        (Given("due", "Instalment 1", 9_000_00), Given("days", "Days", 1, Unit.DAYS)),
        (),
        9_000_00,
        Frame(
            "L-0001 of Mary",
            TODAY,
            (Source("Rule ‘Late’ under Settings", date(2026, 1, 1)),),
            (EntryLine(12, TODAY, "Payout", -5_00),),
            ("The oldest is 1 day late.",),
        ),
    )
    assert as_text(found).splitlines() == [
        "Arrears: KES 9,000.00",
        "L-0001 of Mary, as of 16 Mar 2026",
        "",
        "Late is what fell due and is not paid.",
        "Rule ‘Late’ under Settings, since 1 Jan 2026.",
        "",
        "Reckoned from",
        "Instalment 1: 9,000.00",
        "Days: 1 day",
        "",
        "Entries",
        "Entry 12, 16 Mar 2026, Payout: −5.00",
        "",
        "Note",
        "The oldest is 1 day late.",
    ]
