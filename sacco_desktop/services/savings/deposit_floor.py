"""What a reversal takes out of a member's deposits must still be there, beside what is on its way to the member."""

from __future__ import annotations

from sqlalchemy import func, select

from sacco_desktop.db.tables import Entry, Member, Payout
from sacco_desktop.domain.chart import control_owner
from sacco_desktop.domain.errors import WrongState
from sacco_desktop.domain.ledger import JournalEntry
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.services.books import ledger
from sacco_desktop.services.books.work import Work


def check_can_be_reversed(work: Work, number: int) -> None:
    """Raise WrongState, with the figures, when the reversal of this entry would leave a member less than nothing.

    One that is reversed already takes nothing more; whoever reverses it again is told so.
    """
    if work.session.scalar(select(Entry.id).where(Entry.reverses_number == number)) is None:
        _check_left(work, ledger.read_entry(work, number))


def _check_left(work: Work, entry: JournalEntry) -> None:
    taken: dict[str, int] = {}
    for line in entry.postings:
        control, _, owner = line.account_code.partition(".")
        if owner and control_owner(control) == "member":
            code = line.account_code
            taken[code] = taken.get(code, 0) + line.credit_cents - line.debit_cents
    for code, cents in taken.items():
        left = ledger.balance(work, code) - _on_its_way(work, code)
        if cents > max(left, 0):
            raise WrongState(
                f"This entry put {format_kes(cents)} into account {code}, of which {format_kes(left)} is left: the"
                " member has had money from it since. The member must pay the difference in first. Nothing was"
                " reversed."
            )


def _on_its_way(work: Work, code: str) -> int:
    """What payouts in flight take from a member's own account, in cents."""
    control, _, number = code.partition(".")
    found = work.session.scalar(
        select(func.coalesce(func.sum(Payout.net_cents), 0))
        .join(Member, Member.id == Payout.member_id)
        .where(
            Member.number == number,
            Payout.account_code == control,
            Payout.status == PayoutStatus.IN_FLIGHT.value,
        )
    )
    return int(found or 0)
