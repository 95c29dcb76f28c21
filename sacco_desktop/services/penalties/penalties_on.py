"""What was owed of penalties as of any day, loan by loan, in one question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import aliased

from sacco_desktop.db.tables import Entry, PenaltyCharge, PenaltyPayment, PenaltyWaiver
from sacco_desktop.services.books.work import Work

_back = aliased(Entry)


def of_loans(work: Work, on: date) -> Mapping[int, int]:
    """What each loan owed of penalties at the end of the day, in cents; a loan that owed none is not in it.

    What was paid counts until the day on which its entry was taken back.
    """
    taken_back = select(_back.id).where(
        _back.reverses_number == PenaltyPayment.entry_number,
        _back.posted_at.is_not(None),
        _back.value_date <= on,
    )
    moves = union_all(
        _moved(PenaltyCharge.cents).where(PenaltyCharge.charged_on <= on),
        _moved(-PenaltyPayment.cents)
        .join(PenaltyPayment, PenaltyPayment.charge_id == PenaltyCharge.id)
        .where(PenaltyPayment.paid_on <= on, ~taken_back.exists()),
        _moved(-PenaltyWaiver.cents)
        .join(PenaltyWaiver, PenaltyWaiver.charge_id == PenaltyCharge.id)
        .where(PenaltyWaiver.waived_on <= on),
    ).subquery()
    rows = work.session.execute(
        select(moves.c.loan_id, func.sum(moves.c.cents)).group_by(moves.c.loan_id)
    )
    return {loan_id: int(cents) for loan_id, cents in rows if cents}


def _moved(cents: Any) -> Select[Any]:
    return (
        select(PenaltyCharge.loan_id, cents.label("cents"))
        .select_from(PenaltyCharge)
        .where(PenaltyCharge.loan_id.is_not(None))
    )
