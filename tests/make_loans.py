"""Builders of loans that run, and of the rules they run by."""

from __future__ import annotations

from typing import Any

from sacco_desktop.services.lending import loans
from sacco_desktop.services.lending.loans import LoanRow
from tests import make
from tests.make import PracticeOffice


def active_loan(office: PracticeOffice, *, joined_days: int = 0, **changes: Any) -> LoanRow:
    """A loan that M-Pesa has paid today, of a member who joined so many days before; its schedule holds."""
    of = make.member(office, deposits_kes=100_000)
    office.clock.advance(days=joined_days)
    relays = office.sql("SELECT min(id) FROM relay")
    via = make.route(office, relays[0][0] or make.relay(office))
    order = make.accepted(office, make.approved_payout(office, of, **changes), via)
    make.arrive(office, via.relay_id, (order.tag, make.paid_news(order)))
    return office.read(loans.row_of, make.payout_now(office, order).loan_id or 0)


def set_rule(office: PracticeOffice, name: str, value: str) -> None:
    """A setting of the society from today on."""
    make.setting(office, name, value)
