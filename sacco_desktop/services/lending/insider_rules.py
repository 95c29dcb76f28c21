"""What the society asks of a loan to an insider, beside the people who must agree to it."""

from __future__ import annotations

from sacco_desktop.db.tables import Member
from sacco_desktop.domain.eligibility import Check, OpenLoan
from sacco_desktop.domain.money import format_kes
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import insiders, society

MOST = "insider.most_cents"


def checks_for(
    work: Work, member: Member, wanted_cents: int, others: tuple[OpenLoan, ...]
) -> tuple[Check, ...]:
    """That the borrower is an insider, and whether all loans together stay within what insiders may owe; nothing for
    everybody else. It stands among the rules, so that the sheet of the appraisal keeps it.
    """
    why = insiders.words_of(work, member.id)
    if not why:
        return ()
    most = society.number_setting(work, MOST)
    together = wanted_cents + sum(loan.counted_cents for loan in others)
    words = f"{why}. Needs what loans of insiders need."
    if most:
        words += f" With other loans {format_kes(together)}, of at most {format_kes(most)} for an insider."
    return (Check("insider", "Loan of an insider", not most or together <= most, words),)
