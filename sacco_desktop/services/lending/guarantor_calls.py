"""Guarantors pay for a borrower who does not: the borrower's own deposits first, then each guarantor's share, when two
people agree. What is taken pays principal, and what fell due beside it where the society says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sacco_desktop.db.tables import GuarantorRecovery, Loan, Member
from sacco_desktop.domain.allocation import Component, Owed
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.errors import InvalidInput, WrongState
from sacco_desktop.domain.guarantees import ShareRule, share_shortfall
from sacco_desktop.domain.lateness import days_late
from sacco_desktop.domain.loan_entries import Source
from sacco_desktop.domain.loan_position import Position
from sacco_desktop.domain.people import receipt_number
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantees, guarantor_pledges
from sacco_desktop.services.lending import due_instalments, loans, recoveries, write_offs
from sacco_desktop.services.lending.recoveries import Came
from sacco_desktop.services.loan_figures import loan_penalties, loan_positions, repayment_rows
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals, society, who_decides
from sacco_desktop.services.savings import payout_cover

_PRINCIPAL = Component.PRINCIPAL


@dataclass(frozen=True, slots=True)
class GuarantorShare:
    """What one guarantor would bear, in cents: the promise as it binds today, the deposits, and the share."""

    guarantee_id: int
    number: str
    full_name: str
    live_cents: int
    deposits_cents: int
    share_cents: int


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a call would do, in cents: what is asked for, of which `beside_cents` are interest, fees and penalties, what
    of it the borrower's own deposits pay, what the guarantors share, and what nobody covers.
    """

    loan_id: int
    version: int
    number: str
    member_number: str
    member_name: str
    days_late: int
    outstanding_cents: int
    beside_cents: int
    own_cents: int
    rule: ShareRule
    shares: tuple[GuarantorShare, ...]
    approvers: tuple[str, ...]

    @property
    def shortfall_cents(self) -> int:
        """What the borrower's own deposits leave open."""
        return self.outstanding_cents - self.own_cents

    @property
    def taken_cents(self) -> int:
        """What all guarantors pay together."""
        return sum(share.share_cents for share in self.shares)

    @property
    def uncovered_cents(self) -> int:
        """What stays owed by the borrower."""
        return self.shortfall_cents - self.taken_cents


@dataclass(frozen=True, slots=True)
class CallWish:
    """Ask a second person to call the guarantors; `notice` says how and when they were told."""

    loan_id: int
    version: int
    notice: str


def look(work: Work, loan_id: int) -> CallFacts:
    """What a call would take from whom. Raises WrongState, saying what stands in the way."""
    work.allow(Act.LOOK)
    loan = loans.load(work, loan_id)
    late = beside = 0
    if loan.status == write_offs.WRITTEN_OFF:
        # It was late long enough to be written off; the claim stays, and guarantors bear what is left of its principal.
        outstanding = guarantor_pledges.written_off_left(work, loan.id)
    else:
        found = loan_penalties.position_on(work, loan, work.today)
        late, beside = _check_late(work, loan, found), _beside_cents(work, found)
        outstanding = found.principal_cents + beside
    member = members.load(work, loan.member_id)
    own = min(outstanding, _free_deposits(work, member))
    rule = ShareRule(society.setting(work, "guarantor.share"))
    shares = _shares(work, loan.id, outstanding - own, rule)
    if not shares:
        raise WrongState(f"{loan.number} has no guarantor whose promise binds.")
    return CallFacts(
        loan_id=loan.id,
        version=loan.version,
        number=loan.number,
        member_number=member.number,
        member_name=member.full_name,
        days_late=late,
        outstanding_cents=outstanding,
        beside_cents=beside,
        own_cents=own,
        rule=rule,
        shares=shares,
        approvers=tuple(who_decides.names_for(work, ApprovalKind.GUARANTORS_CALLED, outstanding)),
    )


def _check_late(work: Work, loan: Loan, found: Position) -> int:
    if loan.status != "active":
        raise WrongState(f"{loan.number} is {loan.status.replace('_', ' ')}, so nobody is called.")
    since = found.unpaid_since
    late = days_late(since, work.today) if since is not None and since < work.today else 0
    needed = society.number_setting(work, "guarantor.call_after_days")
    if late < needed:
        raise WrongState(
            f"{loan.number} is {late} days late. Guarantors are called from {needed} days on; until then the borrower"
            " is reminded."
        )
    return late


def _beside_cents(work: Work, found: Position) -> int:
    """What has fallen due beside principal and is asked for too, in cents."""
    if society.setting(work, "guarantor.call_pays") != "due":
        return 0
    return sum(part.cents for part in _beside(found, work.today))


def _beside(found: Position, on: date) -> tuple[Owed, ...]:
    due = (part for line in found.fallen_due(on) for part in line.owed())
    return (*(part for part in due if part.component is not _PRINCIPAL), *found.penalties)


def _free_deposits(work: Work, member: Member) -> int:
    """A member's deposits without what is on its way out."""
    balance = ledger.balance(work, members.deposits_account(member.number))
    return max(0, balance - payout_cover.pledged_deposits(work, member))


def _shares(
    work: Work, loan_id: int, shortfall_cents: int, rule: ShareRule
) -> tuple[GuarantorShare, ...]:
    """Nobody bears more than the promise, nor more than the deposits hold; the others bear the rest."""
    bound = [one for one in guarantor_pledges.of_loan(work, loan_id) if one.live_cents]
    deposits = [_free_deposits(work, members.load(work, one.guarantor_id)) for one in bound]
    most = [min(one.live_cents, have) for one, have in zip(bound, deposits, strict=True)]
    borne = share_shortfall(shortfall_cents, most, rule)
    return tuple(
        GuarantorShare(
            one.guarantee_id, one.guarantor_number, one.guarantor_name, one.live_cents, have, cents
        )
        for one, have, cents in zip(bound, deposits, borne, strict=True)
    )


def ask(work: Work, wish: CallWish) -> str:
    """Ask a second person to agree; returns words for who asked. Raises WrongState, and InvalidInput without a word on
    how the guarantors were told.
    """
    work.allow(Act.REQUEST_PAYOUT)
    notice = " ".join(wish.notice.split())
    if not notice:
        raise InvalidInput("Write how and when the guarantors were told.", "notice")
    loan = loans.load(work, wish.loan_id)
    if loan.version != wish.version:
        raise WrongState(f"{loan.number} has changed after you opened it. Look at it again.")
    facts = look(work, loan.id)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.GUARANTORS_CALLED,
            loan.id,
            f"{facts.member_name} · {loan.number}, guarantors called",
            facts.own_cents + facts.taken_cents,
            content_now(work, loan.id, notice),
        ),
    )
    audit.record(work, "asked to call guarantors", loan.number, {"notice": notice})
    work.changed(Topic.APPROVALS, Topic.LOANS)
    return "Sent for approval. Nothing has been taken yet."


def content_now(work: Work, loan_id: int, notice: str) -> Content:
    """What the approval is bound to, read anew each time: a deposit or a repayment meanwhile makes another content."""
    try:
        facts = look(work, loan_id)
    except WrongState as gone:
        return {"gone": gone.message, "notice": notice}
    beside: Content = {"beside_cents": facts.beside_cents} if facts.beside_cents else {}
    return {
        **beside,
        "loan": facts.number,
        "member": facts.member_number,
        "name": facts.member_name,
        "outstanding_cents": facts.outstanding_cents,
        "own_cents": facts.own_cents,
        "uncovered_cents": facts.uncovered_cents,
        "rule": facts.rule.value,
        "shares": [[one.number, one.full_name, one.share_cents] for one in facts.shares],
        "notice": notice,
    }


def carry_out(work: Work, loan_id: int, content: Content) -> None:
    """Two people have agreed: take what was shown, one entry for each whose deposits pay."""
    loan = loans.load(work, loan_id)
    facts = look(work, loan_id)
    if loan.status == "active":
        # What falls due today is booked before, as with every repayment.
        due_instalments.catch_up(work, loan, paid_on=work.today if facts.beside_cents else None)
    if facts.own_cents:
        _pay(work, loan, facts.own_cents, Source.DEPOSITS)
    for share in facts.shares:
        if share.share_cents:
            _take(work, loan, share, str(content["notice"]))
    audit.record(
        work,
        "called the guarantors",
        loan.number,
        {"own": facts.own_cents, "guarantors": facts.taken_cents},
    )
    work.changed(Topic.LOANS, Topic.MEMBERS)


def _take(work: Work, loan: Loan, share: GuarantorShare, notice: str) -> None:
    guarantees.say_called(work, share.guarantee_id, f"Told: {notice}")
    receipt, entry_number = _pay(work, loan, share.share_cents, Source.GUARANTOR, share.number)
    work.session.add(
        GuarantorRecovery(
            guarantee_id=share.guarantee_id,
            kind="taken",
            cents=share.share_cents,
            entry_number=entry_number,
            receipt=receipt,
            recorded_by=work.actor.user_id,
            recorded_at=work.now,
        )
    )
    work.session.flush()


def _pay(
    work: Work, loan: Loan, cents: int, source: Source, guarantor: str = ""
) -> tuple[str, int]:
    """Pay the loan, its principal first and of the oldest instalment; the receipt and the entry. On a loan that was
    written off it is a recovery.
    """
    year = work.today.year
    receipt = receipt_number(year, numbering.next_in(work, f"receipt/{year}"))
    if loan.status == write_offs.WRITTEN_OFF:
        came = Came(source, guarantor, receipt, work.today, cents, guarantor)
        return receipt, recoveries.keep(work, loan, came).entry_number
    found = loan_positions.position_of(work, loan)
    row = repayment_rows.keep(
        work,
        loan,
        found,
        repayment_rows.Taken(
            repayment_rows.PAYMENT,
            source,
            receipt,
            guarantor,
            work.today,
            _parts(found, cents, work.today),
            guarantor=guarantor,
        ),
    )
    return receipt, row.entry_number


def _parts(found: Position, cents: int, on: date) -> tuple[Owed, ...]:
    principal = (Owed(line.number, _PRINCIPAL, line.principal_cents) for line in found.left)
    parts = []
    for owed in (*principal, *_beside(found, on)):
        paid = min(cents, owed.cents)
        if paid:
            parts.append(replace(owed, cents=paid))
            cents -= paid
    return tuple(parts)
