"""What was agreed anew about a running loan, as a letter that both sides sign."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.schedule import Instalment
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import AmountLine, LoanLetter
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans
from sacco_desktop.services.loan_figures import schedule_versions
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import society

_NOTES = (
    "The schedule of before is ended and stays readable at the office. What had fallen due by then and was not paid"
    " falls due with the first new instalment.",
    "The guarantors stay bound by what they promised. A loan that was late keeps its class for as long as the society's"
    " rule says.",
)


def agreement_letter(work: Work, loan_id: int) -> LoanLetter:
    """The letter of the agreement by which the loan runs now. Each call counts as a print. Raises WrongState for a loan
    that was not agreed anew here.
    """
    loan = loans.load(work, loan_id)
    change = schedule_versions.agreed_anew(work, loan)
    if change is None or change.kind != schedule_versions.RESCHEDULE or change.before is None:
        raise WrongState(f"{loan.number} was not agreed anew here.")
    kept = schedule_versions.rows_of(work, loan.id, change.schedule)
    rows = [one for one in kept if one.number > change.before]
    member, row = members.named(work, loan.member_id), loans.row_of(work, loan.id)
    amounts = _amounts(rows)
    whole = sum(line.amount_cents for line in amounts)
    said: dict[str, str | int] = {
        "loan": loan.number,
        "schedule": change.schedule,
        "cents": whole,
        "on": change.effective_on.isoformat(),
    }
    return LoanLetter(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"agreement of {loan.number}, {change.schedule}", said),
        title="New agreement about a loan",
        loan_number=loan.number,
        product=row.product_name,
        member_name=member.full_name,
        member_number=member.number,
        facts=(
            ("Agreed on", format_date(change.effective_on)),
            ("Instalments", f"{len(rows)}, the first of {format_kes(rows[0].total_cents)}"),
            ("First due", format_date(rows[0].due_on)),
            ("Last due", format_date(rows[-1].due_on)),
            ("Because", change.reason),
        ),
        section="What is to be repaid from then on",
        amounts=amounts,
        total=AmountLine("In all", whole),
        notes=_NOTES,
        pens=(("For the society", ""), ("The member", member.full_name)),
    )


def _amounts(rows: Sequence[Instalment]) -> tuple[AmountLine, ...]:
    """What the new instalments come to, part by part."""
    sums = (
        AmountLine("Principal", sum(one.principal_cents for one in rows)),
        AmountLine("Interest", sum(one.interest_cents for one in rows)),
        AmountLine("Fees", sum(one.fee_cents for one in rows)),
    )
    return tuple(line for line in sums if line.amount_cents)
