"""What payments a society wants refused while the member still pays: unknown accounts, and sums that are too small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from callback_relay.protocol.validation import MOST_MARKS
from sacco_desktop.db.tables import Loan, Member, MembershipApplication, ReceiptAlias
from sacco_desktop.domain.people import application_number, loan_number, member_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import society

# Whoever joins, borrows or applies before the list is renewed pays all the same.
_NEXT = 500


@dataclass(frozen=True, slots=True)
class PaymentChecks:
    """The accounts that are good and the least sum in cents; without accounts every account is good. `words` say what
    could not be had.
    """

    accounts: tuple[str, ...] = field(repr=False)
    least_cents: int
    words: str = ""


def wanted(work: Work, _nothing: None = None) -> PaymentChecks | None:
    """What is to be checked by the rules of today; None where every payment is accepted."""
    work.allow(Act.LOOK)
    least = society.number_setting(work, "money_in.least_cents")
    if not society.yes_setting(work, "money_in.refuse_unknown"):
        return PaymentChecks((), least) if least else None
    numbers = tuple(_numbers(work))
    accounts = (*numbers, *_spoken(work))
    if len(accounts) > MOST_MARKS:
        accounts = numbers
    if len(accounts) > MOST_MARKS:
        words = "There are more accounts than a relay can hold, so every account is accepted."
        return PaymentChecks((), least, words)
    return PaymentChecks(accounts, least)


def _numbers(work: Work) -> Iterator[str]:
    """Every number of a member, a loan and an application, and the next ones that will be given."""
    for column, write in (
        (Member.number, member_number),
        (Loan.number, loan_number),
        (MembershipApplication.number, application_number),
    ):
        highest = 0
        for number in work.session.scalars(select(column)):
            yield number
            figures = number.rpartition("-")[2]
            highest = max(highest, int(figures) if figures.isdigit() else 0)
        yield from (write(highest + more) for more in range(1, _NEXT + 1))


def _spoken(work: Work) -> Iterator[str]:
    """What names a member to a person: the phone in every spelling, and words that were learned."""
    for phone in work.session.scalars(select(Member.phone)):
        yield from (phone, f"0{phone[3:]}", phone[3:])
    learned = select(ReceiptAlias.typed).where(ReceiptAlias.forgotten_at.is_(None))
    yield from work.session.scalars(learned)
