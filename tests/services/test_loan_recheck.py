"""What was right when the committee decided is judged again when the payout is asked for, and when it leaves."""

from typing import Any

import pytest
from sqlalchemy import event

from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import Appraisal
from sacco_desktop.services.membership import members
from sacco_desktop.services.payouts import loan_payouts, payouts
from sacco_desktop.services.payouts.payouts import NewPayout
from sacco_desktop.services.sending import payout_sending
from sacco_desktop.services.sending.payout_sending import Sending
from tests import make, make_guarantors, make_loans
from tests.make import PracticeOffice

_LATE = "An own loan is 9 days late; at most 0 days are allowed."


def test_a_payout_is_refused_when_the_member_is_late_since_the_approval(
    office: PracticeOffice,
) -> None:
    running = make_loans.active_loan(office)
    of = office.read(members.row_of, running.member_id)
    loan = make.approved_loan(office, of, product_code="emergency", kes=50_000)
    office.clock.advance(days=40)
    preview = office.read(loan_payouts.preview, loan.loan_id, office.grace)
    assert [check.words for check in preview.broken] == [_LATE]
    with pytest.raises(WrongState) as refused:
        office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    assert f"{loan.number} cannot be paid out. Own loans in time: {_LATE}" in refused.value.message
    assert office.count("payout") == 1

    make.setting(office, "loan.recheck", "warn")
    warned = office.read(loan_payouts.preview, loan.loan_id, office.grace).broken
    assert [check.stops for check in warned] == [False]
    office.write(payouts.request, NewPayout(make.key(), loan.loan_id), office.grace)
    assert office.count("payout") == 2


def test_a_payout_that_was_approved_does_not_leave_when_a_rule_is_broken_meanwhile(
    office: PracticeOffice,
) -> None:
    running = make_loans.active_loan(office)
    of = office.read(members.row_of, running.member_id)
    payout = make.approved_payout(office, of, product_code="emergency", kes=50_000)
    via = make.route(office, office.sql("SELECT min(id) FROM relay")[0][0])
    office.clock.advance(days=40)
    with pytest.raises(WrongState, match="Own loans in time: An own loan is 9 days late"):
        office.write(payout_sending.begin, Sending(payout.payout_id, via), office.grace)
    assert office.read(payouts.row_of, payout.payout_id).status == "approved"


def test_what_leaves_on_the_day_it_was_asked_for_was_judged_then(office: PracticeOffice) -> None:
    """Once in a business day: the questions of the rules are not asked again for each payment of a list."""
    payout = make.approved_payout(office)
    via = make.route(office, make.relay(office))
    asked: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(office.database.writer, "before_cursor_execute", keep)
    office.write(payout_sending.begin, Sending(payout.payout_id, via), office.grace)
    event.remove(office.database.writer, "before_cursor_execute", keep)
    assert asked
    assert not [each for each in asked if "FROM guarantee" in each or "FROM pay_slip" in each]


def test_a_payout_is_refused_when_a_guarantor_borrows_on_what_was_promised(
    office: PracticeOffice,
) -> None:
    of = make.member(office, deposits_kes=60_000)
    other = make_guarantors.guarantor(office, 60_000)
    row = office.write(loans.apply, make.application(of), office.peter)
    make_guarantors.agreed(office, row.loan_id, other, 60_000)
    office.write(loans.appraise, Appraisal(row.loan_id, row.version, "Good."), office.peter)
    asked = make.waiting_request(office, ApprovalKind.LOAN, row.loan_id)
    make.decide(office, asked, office.daniel)
    before = office.read(loan_payouts.preview, row.loan_id, office.grace)
    assert before.broken == ()
    office.write(loans.apply, make.application(other, 30_000), office.peter)
    with pytest.raises(WrongState) as refused:
        office.write(payouts.request, NewPayout(make.key(), row.loan_id), office.grace)
    assert f"{other.number} promised more than is there now." in refused.value.message
