"""A payment by bank, cheque or cash that came back after it was confirmed: two people undo it, and it is owed again.

The entry that booked it stays; a new one with swapped sides points to it. Nothing here sends money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from sacco_desktop.db.tables import HandOver, Payout
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import business_date, format_date
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.payout_ways import WAY_WORDS, Outcome, Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.posting_rules import Returned
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.lending import due_instalments, loan_undoing, top_ups
from sacco_desktop.services.office import approvals
from sacco_desktop.services.payouts import payout_drafts
from sacco_desktop.services.payouts.payout_moves import load_payout, move_payout
from sacco_desktop.services.savings import deposit_floor

_LONGEST_PAPER = 40
_NEWER_NEWS = "This payment has changed since. Look at it again; nothing changed now."


@dataclass(frozen=True, slots=True)
class ReturnedPayment:
    """A confirmed payment by hand came back on a day, by a paper with a number: the bank's advice, the returned cheque,
    the till's receipt. `charge_cents` is what the bank charges the society for the return.
    """

    payout_id: int
    version: int
    paper: str
    returned_on: date
    reason: str
    charge_cents: int = 0


def ask(work: Work, given: ReturnedPayment) -> int:
    """Ask a second person to agree that a confirmed payment came back. Returns the request's id; nothing is posted.

    Raises WrongState, and InvalidInput under the field that is wrong.
    """
    work.allow(Act.SETTLE_PAYOUT)
    payout = load_payout(work, given.payout_id)
    if payout.version != given.version:
        raise WrongState(f"{payout.number} has changed after you opened it. Look at it again.")
    handed = _confirmed(work, payout)
    paper, reason = " ".join(given.paper.split()), " ".join(given.reason.split())
    if not paper or len(paper) > _LONGEST_PAPER:
        raise InvalidInput(
            f"Write the number of the paper that shows it, at most {_LONGEST_PAPER} letters.",
            "paper",
        )
    if not reason:
        raise InvalidInput("Write why it came back.", "reason")
    _check_day(work, payout, given.returned_on)
    if given.charge_cents < 0 or (given.charge_cents and payout.way == Way.CASH.value):
        raise InvalidInput("Only a bank charges for a return, and never less than zero.", "charge")
    _check_can_be_undone(work, payout)
    content: Content = {
        "payout": payout.number,
        "receiver": payout_drafts.receiver_name(work, payout),
        "for": payout_drafts.subject_words(work, payout),
        "way": WAY_WORDS[Way(payout.way)],
        "reference": handed.reference,
        "amount_cents": payout.handed_cents,
        "entry": handed.paid_entry or 0,
        "paper": paper,
        "returned_on": given.returned_on.isoformat(),
        "charge_cents": given.charge_cents,
        "reason": reason,
    }
    about = f"{content['receiver']} · {payout.number} came back"
    return approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.PAYMENT_RETURNED, handed.id, about, payout.handed_cents, content
        ),
    )


def carry_out(work: Work, hand_over_id: int, content: Content) -> int:
    """Two people have decided: undo the entry, open the loan again, and put the payout back to where two people
    approve it anew. Returns the number of the new entry. Raises WrongState when something changed meanwhile.
    """
    handed = work.session.get_one(HandOver, hand_over_id)
    payout = load_payout(work, handed.payout_id)
    if handed.outcome != Outcome.PAID.value or payout.status != PayoutStatus.PAID.value:
        raise WrongState(_NEWER_NEWS)
    _check_can_be_undone(work, payout)
    number = handed.paid_entry or 0
    came_on, paper = date.fromisoformat(str(content["returned_on"])), str(content["paper"])
    on = open_days.open_day(work, came_on)
    back = Returned(payout.number, paper, on, str(content["reason"]))
    original = ledger.read_entry(work, number)
    old = top_ups.undo(work, payout, back.why)
    undone = ledger.post(work, posting_rules.payment_returned(original, number, back))
    if old is not None:
        due_instalments.catch_up(work, old)
    charge = posting_rules.bank_return_charge(int(str(content["charge_cents"])), back)
    if charge is not None:
        ledger.post(work, charge)
    handed.outcome, handed.reason = Outcome.RETURNED.value, back.why
    handed.returned_on, handed.return_paper = came_on, paper
    handed.return_entry = undone.number
    work.session.flush()
    words = f"It came back on {format_date(came_on)}, {paper}: {back.why}"
    _owe_again(work, payout, words)
    audit.record(
        work,
        "booked a payment that came back",
        payout.number,
        {"paper": paper, "entry": undone.number, "why": back.why},
    )
    work.changed(Topic.MEMBERS)
    return undone.number


def _owe_again(work: Work, payout: Payout, words: str) -> None:
    approvals.void_open(work, ApprovalKind.PAYOUT, payout.id, words)
    payout.fingerprint = ""
    payout.paid_at, payout.entry_number = None, None
    payout.evidence = Evidence.NONE.value
    move_payout(work, payout, PayoutStatus.DRAFT, words)
    if payout.loan_id is not None:
        loan_undoing.wait_for_money_again(work, payout.loan_id, f"{payout.number} came back")


def _confirmed(work: Work, payout: Payout) -> HandOver:
    handed = work.session.scalar(
        select(HandOver).where(
            HandOver.payout_id == payout.id, HandOver.outcome == Outcome.PAID.value
        )
    )
    if payout.way == Way.MPESA.value:
        raise WrongState(
            f"M-Pesa paid {payout.number}, which hands nothing back by paper. Ask Safaricom to reverse it."
        )
    if payout.status != PayoutStatus.PAID.value or handed is None:
        raise WrongState(f"{payout.number} is not booked as paid, so nothing can come back.")
    return handed


def _check_day(work: Work, payout: Payout, on: date) -> None:
    paid_on = business_date(payout.paid_at) if payout.paid_at is not None else work.today
    if not paid_on <= on <= work.today:
        raise InvalidInput(
            f"It came back between {format_date(paid_on)}, when it was paid, and today.",
            "returned_on",
        )


def _check_can_be_undone(work: Work, payout: Payout) -> None:
    """Raise WrongState while something rests on this payment that must be undone first."""
    if payout.loan_id is not None:
        loan_undoing.check_not_repaid(work, payout.loan_id)
        top_ups.check_can_be_undone(work, payout)
    deposit_floor.check_can_be_reversed(work, payout.entry_number or 0)
