"""What pays a loan off, as a paper that the member takes home: the parts, and until when the sum holds."""

from __future__ import annotations

from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.settlement import Settlement
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.papers import AmountLine, LoanLetter
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.lending import loans, payoffs
from sacco_desktop.services.lending.payoffs import PayoffQuestion
from sacco_desktop.services.office import society


def quotation(work: Work, question: PayoffQuestion) -> LoanLetter:
    """The quotation as of that day. Each call counts as a print. Raises as `payoffs.look` does."""
    found = payoffs.look(work, question)
    row, what = loans.row_of(work, question.loan_id), found.settlement
    said: dict[str, str | int] = {
        "loan": found.number,
        "cents": what.to_bring_cents,
        "on": question.on.isoformat(),
        "until": found.holds_until.isoformat(),
    }
    until = format_date(found.holds_until)
    return LoanLetter(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(
            work, f"payoff of {found.number} on {question.on.isoformat()}", said
        ),
        title="Payoff quotation",
        loan_number=found.number,
        product=row.product_name,
        member_name=found.member_name,
        member_number=found.member_number,
        facts=(("Paid on", format_date(question.on)), ("Holds until", until)),
        section="What pays the loan off",
        amounts=amounts_of(found.settlement),
        total=AmountLine("To bring", what.to_bring_cents),
        notes=(
            f"The sum holds until {until}, if nothing else is paid on the loan before. A repayment, a later day or"
            " another payment of interest makes it another sum; the office then reckons it anew.",
        ),
        pens=(("For the society", ""), ("Received by the member", found.member_name)),
    )


def amounts_of(what: Settlement) -> tuple[AmountLine, ...]:
    """The parts of a settlement that are not zero; together they are what the member brings."""
    lines = (
        AmountLine("Has fallen due: principal", sum(line.principal_cents for line in what.due)),
        AmountLine("Has fallen due: interest", sum(line.interest_cents for line in what.due)),
        AmountLine("Has fallen due: fees", sum(line.fee_cents for line in what.due)),
        AmountLine("Principal not due yet", what.principal_cents),
        AmountLine("Interest until then", what.interest_cents),
        AmountLine("Paid before", -what.prepaid_cents),
        AmountLine("Of it to the deposits", what.over_cents),
    )
    return tuple(line for line in lines if line.amount_cents)
