"""Repayments of loans: how they divide, what is posted, and that taking one back restores everything."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.errors import InvalidInput, KeyReused, NotAllowed, WrongState
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.committee import decisions
from sacco_desktop.services.committee.decisions import ReversalRequest
from sacco_desktop.services.lending import due_instalments, loans, repayments
from sacco_desktop.services.lending.due_instalments import Slice
from sacco_desktop.services.lending.repayments import (
    NewRepayment,
    RepaymentQuestion,
    TakenRepayment,
)
from sacco_desktop.services.loan_figures.loan_positions import position_of
from tests import make, make_loans
from tests.make import PracticeOffice

# The schedule of the practice loan: KES 100,000 at 1 % a month over twelve, rounded up to the shilling, is 8,885.00.
INSTALMENT = 888_500
LOAN, PREPAID = "1110.L-0001", "2165.L-0001"


@pytest.fixture
def loan_id(office: PracticeOffice) -> int:
    return make_loans.active_loan(office).loan_id


def on_basis(office: PracticeOffice, basis: str) -> None:
    make_loans.set_rule(office, "loan.basis", basis)


def take(office: PracticeOffice, loan_id: int, cents: int, **changes: object) -> TakenRepayment:
    given = {
        "key": make.key(),
        "loan_id": loan_id,
        "amount_cents": cents,
        "source": Source.CASH,
        "reference": "",
        "value_date": make.day(office),
    } | changes
    return office.write(repayments.take, NewRepayment(**given), office.grace)  # type: ignore[arg-type]


def month(office: PracticeOffice, count: int = 1) -> None:
    """The next due date, or a later one; the loan was paid out on 16 March."""
    today = make.day(office)
    due = date(today.year + (today.month + count - 1) // 12, (today.month + count - 1) % 12 + 1, 16)
    office.clock.advance(days=(due - today).days)


def outstanding(office: PracticeOffice, loan_id: int) -> int:
    return office.read(loans.row_of, loan_id, office.peter).balance_cents


def lines(office: PracticeOffice, number: int) -> list[tuple[str, int, int]]:
    rows = office.sql(
        "SELECT a.code, p.debit_cents, p.credit_cents FROM posting p JOIN account a ON a.id = p.account_id"
        " JOIN journal_entry e ON e.id = p.entry_id WHERE e.number = ? ORDER BY p.line",
        number,
    )
    return [(code, debit, credit) for code, debit, credit in rows]


def test_an_instalment_is_paid_on_the_cash_basis(office: PracticeOffice, loan_id: int) -> None:
    on_basis(office, "cash")
    month(office)
    taken = take(office, loan_id, INSTALMENT)
    assert lines(office, taken.entry_number) == [
        ("1010", INSTALMENT, 0),
        ("4010", 0, 100_000),
        (LOAN, 0, 788_500),
    ]
    assert taken.receipt.startswith("RC-2026-")
    assert outstanding(office, loan_id) == taken.outstanding_cents == 9_211_500


def test_on_the_accrual_basis_interest_is_income_when_it_falls_due(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert (office.balance("1120"), office.balance("4010")) == (100_000, 100_000)
    taken = take(office, loan_id, INSTALMENT)
    assert lines(office, taken.entry_number)[1] == ("1120", 0, 100_000)
    assert (office.balance("1120"), office.balance("4010")) == (0, 100_000)


def test_catching_up_twice_changes_nothing(office: PracticeOffice, loan_id: int) -> None:
    month(office, 3)
    office.write(due_instalments.catch_up_slice, Slice(None))
    head = office.sql("SELECT max(number) FROM journal_entry")
    assert office.write(due_instalments.catch_up_slice, Slice(None)).last_id is None
    assert office.sql("SELECT max(number) FROM journal_entry") == head


def test_interest_that_was_booked_before_the_basis_changed_pays_its_receivable(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    office.write(due_instalments.catch_up_slice, Slice(None))
    on_basis(office, "cash")
    month(office)
    taken = take(office, loan_id, 2 * INSTALMENT)
    assert ("1120", 0, 100_000) in lines(office, taken.entry_number)
    assert ("4010", 0, 92_115) in lines(office, taken.entry_number)
    assert office.balance("1120") == 0


def test_interest_that_was_income_before_the_basis_changed_is_not_booked_again(
    office: PracticeOffice, loan_id: int
) -> None:
    on_basis(office, "cash")
    month(office)
    taken = take(office, loan_id, 60_000)
    office.clock.advance(days=1)
    on_basis(office, "accrual")
    office.write(due_instalments.catch_up_slice, Slice(None))
    # 600.00 was income when it was paid, 400.00 falls due now.
    assert (office.balance("1120"), office.balance("4010")) == (40_000, 100_000)
    reverse(office, taken.entry_number)
    again = take(office, loan_id, INSTALMENT)
    assert lines(office, again.entry_number)[1:3] == [("1120", 0, 40_000), ("4010", 0, 60_000)]
    assert (office.balance("1120"), office.balance("4010")) == (0, 100_000)


def test_an_instalment_that_was_paid_on_the_cash_basis_is_booked_no_more(
    office: PracticeOffice, loan_id: int
) -> None:
    on_basis(office, "cash")
    month(office)
    take(office, loan_id, INSTALMENT)
    office.clock.advance(days=1)
    on_basis(office, "accrual")
    assert office.write(due_instalments.catch_up_slice, Slice(None)).done == 0
    assert (office.balance("1120"), office.balance("4010")) == (0, 100_000)


def test_the_oldest_instalment_is_paid_whole_before_the_next(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office, 2)
    offer = office.read(
        repayments.offer, RepaymentQuestion(loan_id, 1_000_000, make.day(office)), office.grace
    )
    assert offer.due_cents == 2 * INSTALMENT
    assert offer.parts == (
        Owed(1, Component.INTEREST, 100_000),
        Owed(1, Component.PRINCIPAL, 788_500),
        Owed(2, Component.INTEREST, 92_115),
        Owed(2, Component.PRINCIPAL, 19_385),
    )


def test_what_is_over_is_kept_and_pays_the_next_instalment_when_it_falls_due(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    take(office, loan_id, INSTALMENT + 500_000)
    assert office.balance(PREPAID) == 500_000
    month(office)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert office.balance(PREPAID) == 0
    history = office.read(repayments.history, loan_id, office.grace)
    assert [(row.use, row.interest_cents, row.principal_cents) for row in history] == [
        ("payment", 100_000, 788_500),
        ("prepayment", 92_115, 407_885),
    ]
    # 3,885.00 of the second instalment is left.
    offer = office.read(
        repayments.offer, RepaymentQuestion(loan_id, 1, make.day(office)), office.grace
    )
    assert offer.due_cents == INSTALMENT - 500_000


def test_what_is_shown_is_what_is_taken_also_before_the_clock_has_come_to_the_day(
    office: PracticeOffice, loan_id: int
) -> None:
    take(office, loan_id, INSTALMENT - 100_000)
    month(office)
    question = RepaymentQuestion(loan_id, 300_000, make.day(office))
    shown = office.read(repayments.offer, question, office.grace)
    assert (shown.due_cents, shown.prepaid_before_cents) == (100_000, 0)
    take(office, loan_id, 300_000)
    taken = next(
        row for row in office.read(repayments.history, loan_id) if row.amount_cents == 300_000
    )
    assert shown.parts == (Owed(1, Component.PRINCIPAL, 100_000),)
    assert (taken.principal_cents, taken.prepaid_cents) == (100_000, shown.prepaid_cents)


def test_over_by_policy_goes_to_the_deposits_or_is_refused(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    make_loans.set_rule(office, "loan.overpayment", "refuse")
    with pytest.raises(InvalidInput, match=r"Only KES 8,885\.00 is due"):
        take(office, loan_id, INSTALMENT + 1)
    make_loans.set_rule(office, "loan.overpayment", "deposits")
    before = office.balance("2010.M-0001")
    take(office, loan_id, INSTALMENT + 1_500)
    assert office.balance("2010.M-0001") - before == 1_500


def test_the_last_shilling_closes_the_loan_and_the_rest_is_the_members(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office, 12)
    before = office.balance("2010.M-0001")
    # Five shillings less than is owed, which are forgiven by nobody.
    take(office, loan_id, 12 * INSTALMENT - 154 - 500)
    row = office.read(loans.row_of, loan_id, office.peter)
    assert (row.status, row.balance_cents) == ("active", 500)
    take(office, loan_id, 500 + 154)
    row = office.read(loans.row_of, loan_id, office.peter)
    assert (row.status, row.balance_cents) == ("closed", 0)
    # The last instalment is 8,883.46, so 1.54 is over.
    assert office.balance("2010.M-0001") - before == 154
    with pytest.raises(WrongState, match="takes no repayment"):
        take(office, loan_id, 100)


def test_all_paid_ahead_closes_the_loan_when_the_last_instalment_falls_due(
    office: PracticeOffice, loan_id: int
) -> None:
    take(office, loan_id, 12 * INSTALMENT)
    assert office.read(loans.row_of, loan_id, office.peter).status == "active"
    month(office, 12)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert office.read(loans.row_of, loan_id, office.peter).status == "closed"
    assert office.balance(PREPAID) == 0
    assert office.balance("1120") == 0


def reverse(office: PracticeOffice, number: int) -> None:
    request = office.write(
        decisions.ask_reversal, ReversalRequest(number, "Wrong member."), office.grace
    )
    make.decide(office, request, office.lucy)


def test_a_payment_that_is_taken_back_is_owed_again(office: PracticeOffice, loan_id: int) -> None:
    month(office, 12)
    taken = take(office, loan_id, 12 * INSTALMENT)
    reverse(office, taken.entry_number)
    row = office.read(loans.row_of, loan_id, office.peter)
    assert (row.status, row.balance_cents) == ("active", 10_000_000)
    assert office.read(repayments.history, loan_id, office.grace)[0].is_reversed
    again = take(office, loan_id, 12 * INSTALMENT)
    assert again.outstanding_cents == 0


def test_what_was_prepaid_and_used_is_taken_back_with_the_payment(
    office: PracticeOffice, loan_id: int
) -> None:
    taken = take(office, loan_id, 2 * INSTALMENT)
    month(office, 2)
    office.write(due_instalments.catch_up_slice, Slice(None))
    assert office.balance(PREPAID) == 0
    reverse(office, taken.entry_number)
    assert outstanding(office, loan_id) == 10_000_000
    assert office.balance(PREPAID) == 0
    offer = office.read(
        repayments.offer, RepaymentQuestion(loan_id, 1, make.day(office)), office.grace
    )
    assert offer.due_cents == 2 * INSTALMENT


def test_a_payment_dated_back_pays_what_has_fallen_due_since(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    yesterday = date(2026, 4, 15)
    take(office, loan_id, INSTALMENT, value_date=yesterday)
    assert office.balance(PREPAID) == 0
    assert outstanding(office, loan_id) == 9_211_500


def test_two_clicks_are_one_repayment_and_another_amount_is_refused(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    first = take(office, loan_id, INSTALMENT, key="one dialog")
    assert take(office, loan_id, INSTALMENT, key="one dialog") == first
    with pytest.raises(KeyReused):
        take(office, loan_id, INSTALMENT + 1, key="one dialog")


def test_a_bank_slip_pays_once(office: PracticeOffice, loan_id: int) -> None:
    month(office)
    slip = {"source": Source.BANK, "reference": "SLIP-77"}
    taken = take(office, loan_id, 100_000, **slip)
    assert lines(office, taken.entry_number)[0] == ("1020", 100_000, 0)
    with pytest.raises(InvalidInput, match="taken before"):
        take(office, loan_id, 100_000, **slip)
    with pytest.raises(InvalidInput, match="taken before"):
        take(office, loan_id, 100_000, **(slip | {"reference": "slip -77"}))
    with pytest.raises(InvalidInput, match="bank slip"):
        take(office, loan_id, 100_000, source=Source.BANK, reference=" ")


def test_a_slip_that_was_taken_wrongly_is_taken_again_after_its_reversal(
    office: PracticeOffice, loan_id: int
) -> None:
    month(office)
    slip = {"source": Source.BANK, "reference": "SLIP-77"}
    wrong = take(office, loan_id, 10_000, **slip)
    reverse(office, wrong.entry_number)
    right = take(office, loan_id, 100_000, **slip)
    assert office.balance("1020") == 100_000
    with pytest.raises(InvalidInput, match=f"taken before, with receipt {right.receipt}"):
        take(office, loan_id, 100_000, **slip)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_cents": 0}, "above zero"),
        ({"value_date": date(2030, 1, 1)}, "future"),
        ({"value_date": date(2026, 3, 15)}, "not paid out yet"),
        ({"source": Source.PAYBILL}, "cash or bank"),
    ],
)
def test_refuses_what_is_no_repayment(
    office: PracticeOffice, loan_id: int, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        take(office, loan_id, **({"cents": 100} | changes))  # type: ignore[arg-type]


def test_a_member_of_the_committee_takes_no_money(office: PracticeOffice, loan_id: int) -> None:
    new = NewRepayment(make.key(), loan_id, 100, Source.CASH, "", make.day(office))
    with pytest.raises(NotAllowed):
        office.write(repayments.take, new, office.daniel)


def test_fees_with_the_instalments_reach_their_own_account(office: PracticeOffice) -> None:
    row = make_loans.active_loan(
        office, joined_days=200, product_code="group", amount_cents=10_000_000, instalments=52
    )
    office.clock.advance(days=14)
    insured = office.balance("2160")
    taken = take(office, row.loan_id, 1_000)
    assert lines(office, taken.entry_number)[1] == ("2160", 0, 1_000)
    take(office, row.loan_id, 2_500)
    assert office.balance("2160") - insured >= 2_000


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.integers(0, 70), st.integers(1, 3_000_000), st.booleans()),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["accrual", "cash"]),
)
def test_whatever_is_paid_and_taken_back_the_parts_and_the_ledger_agree(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, bool]],
    basis: str,
) -> None:
    office = make.office(tmp_path_factory.mktemp("office"))
    try:
        loan_id = make_loans.active_loan(office).loan_id
        if basis == "cash":
            on_basis(office, basis)
        for days, cents, takes_back in steps:
            office.clock.advance(days=days)
            if office.read(loans.row_of, loan_id, office.peter).status != "active":
                break
            taken = take(office, loan_id, cents)
            if takes_back:
                reverse(office, taken.entry_number)
            _agree(office, loan_id)
    finally:
        office.close()


def _agree(office: PracticeOffice, loan_id: int) -> None:
    def look(work: Work, given: int) -> tuple[int, int, date | None, date | None]:
        loan = loans.load(work, given)
        found = position_of(work, loan)
        return found.principal_cents, found.prepaid_cents, found.unpaid_since, loan.unpaid_since

    principal, prepaid, unpaid, kept = office.read(look, loan_id)
    assert office.balance(LOAN) == principal
    assert prepaid >= 0
    assert unpaid == kept
    due = office.sql(
        "SELECT coalesce(sum(i.interest_cents), 0) FROM loan_instalment i JOIN loan_accrual a"
        " ON a.instalment = i.number AND a.loan_id = i.loan_id"
    )[0][0]
    assert office.balance("1120") <= due
