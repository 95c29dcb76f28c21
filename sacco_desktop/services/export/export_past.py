"""The past of an export: every repayment of the loans that run, in these books and in those before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, OldRepayment, Repayment, RepaymentPart
from sacco_desktop.domain.allocation import Component
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.export.export_lists import Value, shillings
from sacco_desktop.services.loan_figures import loan_positions

COLUMNS = (
    "Loan number",
    "Date of payment",
    "Receipt",
    "Amount paid",
    "Principal paid",
    "Interest paid",
)
_RUNS = "active"


def rows(work: Work) -> Iterator[tuple[Value, ...]]:
    """By loan, those of the books before first; what was taken back is left out, and so is what was only kept for
    instalments to come.
    """
    running = select(Loan).where(Loan.status == _RUNS).order_by(Loan.number)
    before = _of_old_books(work)
    here = _of_these_books(work)
    for loan in work.session.scalars(running):
        yield from before.get(loan.id, ())
        yield from here.get(loan.id, ())


def _of_old_books(work: Work) -> dict[int, list[tuple[Value, ...]]]:
    found: dict[int, list[tuple[Value, ...]]] = defaultdict(list)
    query = (
        select(OldRepayment, Loan.number)
        .join(Loan, Loan.id == OldRepayment.loan_id)
        .order_by(OldRepayment.paid_on, OldRepayment.id)
    )
    for row, number in work.session.execute(query):
        parts = (row.principal_cents, row.interest_cents)
        found[row.loan_id].append(
            (
                number,
                row.paid_on.isoformat(),
                row.receipt,
                shillings(row.paid_cents),
                *("" if cents is None else shillings(cents) for cents in parts),
            )
        )
    return found


def _of_these_books(work: Work) -> dict[int, list[tuple[Value, ...]]]:
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for of, component, cents in work.session.execute(
        select(RepaymentPart.repayment_id, RepaymentPart.component, RepaymentPart.cents)
    ):
        sums[of][component] += cents
    found: dict[int, list[tuple[Value, ...]]] = defaultdict(list)
    query = (
        select(Repayment, Loan.number)
        .join(Loan, Loan.id == Repayment.loan_id)
        .where(Loan.status == _RUNS, ~loan_positions.TAKEN_BACK.exists())
        .order_by(Repayment.value_date, Repayment.id)
    )
    for row, number in work.session.execute(query):
        # What went to deposits, and what waits for instalments to come, repaid nothing of the loan yet.
        paid = sum(sums[row.id].values())
        if paid:
            found[row.loan_id].append(
                (
                    number,
                    row.value_date.isoformat(),
                    row.receipt,
                    shillings(paid),
                    shillings(sums[row.id][Component.PRINCIPAL.value]),
                    shillings(sums[row.id][Component.INTEREST.value]),
                )
            )
    return found
