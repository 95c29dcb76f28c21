"""Leaving: what must be in order, what is paid back, frozen when it is asked for, and settled when two people agree."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from sacco_desktop.db.tables import ExitSettlement, Loan, Member, Payout
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import (
    CONTROLS_BY_MEMBER,
    REFUNDS_PAYABLE,
    SHARE_CAPITAL,
    sub_account_code,
)
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import NotFound, WrongState
from sacco_desktop.domain.exits import ExitCheck, ExitRules, ExitSums, exit_settled, exit_sums
from sacco_desktop.domain.member_status import MemberStatus, words_of
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payouts import PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, ledger
from sacco_desktop.services.books.meanwhile import changed_meanwhile
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.guarantors import guarantor_pledges
from sacco_desktop.services.member_payouts import unowned_check, waiting_payments
from sacco_desktop.services.membership import exit_notices, member_moves, members
from sacco_desktop.services.office import approvals, society, who_decides
from sacco_desktop.services.penalties import penalty_rows

_CAUSES = {
    MemberStatus.NOTICE_GIVEN: "left",
    MemberStatus.DECEASED: "died",
    MemberStatus.EXPELLED: "expelled",
}
_ON_THE_WAY = (
    PayoutStatus.DRAFT.value,
    PayoutStatus.APPROVED.value,
    PayoutStatus.IN_FLIGHT.value,
)


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """How a member's leaving stands: the checks, the sums in cents, and what was settled already.

    `settlement` is "", "asked" or "settled"; `payable_cents` is what is still owed to who left.
    """

    member_id: int
    version: int
    number: str
    full_name: str
    status: str
    cause: str
    is_early: bool
    checks: tuple[ExitCheck, ...]
    sums: ExitSums
    settlement: str
    settlement_id: int | None
    payable_cents: int
    approvers: tuple[str, ...]

    @property
    def can_ask(self) -> bool:
        """Whether everything is in order and nothing was asked yet."""
        return not self.settlement and all(check.is_met for check in self.checks)


@dataclass(frozen=True, slots=True)
class ExitWish:
    """Ask a second person to settle; `key` is made when the dialog opens, `version` that of the member's record."""

    key: str
    member_id: int
    version: int


def look(work: Work, member_id: int) -> ExitFacts:
    """How leaving stands today; nothing is written. Raises NotFound, and WrongState for who is not leaving."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    done = settlement_of(work, member_id)
    status = MemberStatus(member.status)
    if status not in _CAUSES and done is None:
        raise WrongState(
            f"{member.number} is {words_of(status).lower()}. A member leaves by giving notice first."
        )
    cause = done.cause if done is not None else _CAUSES[status]
    is_early = _is_early(work, member, cause)
    sums = _sums_of(done) if done is not None else _sums(work, member, is_early=is_early)
    return ExitFacts(
        member_id=member.id,
        version=member.version,
        number=member.number,
        full_name=member.full_name,
        status=member.status,
        cause=cause,
        is_early=is_early,
        checks=_checks(work, member, cause) if done is None or done.status == "asked" else (),
        sums=sums,
        settlement=done.status if done is not None else "",
        settlement_id=done.id if done is not None else None,
        payable_cents=payable(work, member.number),
        approvers=tuple(who_decides.names_for(work, ApprovalKind.MEMBER_EXIT, sums.refund_cents)),
    )


def payable(work: Work, number: str) -> int:
    """What is owed to a member who left, in cents."""
    code = sub_account_code(REFUNDS_PAYABLE, number)
    return ledger.balance(work, code) if ledger.is_open(work, code) else 0


def settlement_of(work: Work, member_id: int) -> ExitSettlement | None:
    """The settlement that was asked for or made; None when there is none."""
    return work.session.scalar(
        select(ExitSettlement).where(
            ExitSettlement.member_id == member_id, ExitSettlement.status != "void"
        )
    )


def _is_early(work: Work, member: Member, cause: str) -> bool:
    notice = exit_notices.open_of(work, member.id)
    return cause == "left" and notice is not None and notice.due_on > work.today


def _held(work: Work, member: Member) -> list[tuple[str, int]]:
    """Every account of the member that is paid back, with its cents; share capital only where the society does so."""
    controls = CONTROLS_BY_MEMBER - {REFUNDS_PAYABLE}
    if society.setting(work, "exit.share_capital") == "transfer":
        controls -= {SHARE_CAPITAL}
    codes = [sub_account_code(control, member.number) for control in sorted(controls)]
    found = [(code, ledger.balance(work, code)) for code in codes if ledger.is_open(work, code)]
    return [(code, cents) for code, cents in found if cents]


def _sums(work: Work, member: Member, *, is_early: bool) -> ExitSums:
    held = _held(work, member)
    shares = sum(cents for code, cents in held if code.startswith(f"{SHARE_CAPITAL}."))
    rules = ExitRules(
        society.number_setting(work, "exit.fee_cents"),
        society.number_setting(work, "exit.early_percent"),
    )
    return exit_sums(sum(cents for _, cents in held) - shares, shares, rules, is_early=is_early)


def _sums_of(row: ExitSettlement) -> ExitSums:
    return ExitSums(row.deposits_cents, row.shares_cents, row.fee_cents, row.refund_cents)


def _checks(work: Work, member: Member, cause: str) -> tuple[ExitCheck, ...]:
    return (
        *((_notice(work, member),) if cause == "left" else ()),
        _loans(work, member),
        _fines(work, member),
        _guarantees(work, member),
        _payouts(work, member),
        unowned_check.check(work, member),
        waiting_payments.check(work, member),
        *_shares(work, member),
    )


def _notice(work: Work, member: Member) -> ExitCheck:
    notice = exit_notices.open_of(work, member.id)
    if notice is None:
        return ExitCheck("notice", "Notice", False, "No notice was given.")
    given = format_date(notice.due_on)
    if notice.due_on <= work.today:
        return ExitCheck("notice", "Notice", True, f"It has run since {given}.")
    if society.setting(work, "exit.early") == "refuse":
        return ExitCheck("notice", "Notice", False, f"It runs until {given}. Wait until then.")
    percent = society.number_setting(work, "exit.early_percent")
    words = f"It runs until {given}; leaving before costs {percent} % of the deposits."
    return ExitCheck("notice", "Notice", True, words)


def _loans(work: Work, member: Member) -> ExitCheck:
    numbers = work.session.scalars(
        select(Loan.number)
        .where(Loan.member_id == member.id, Loan.status.not_in(("closed", "rejected")))
        .order_by(Loan.id)
    ).all()
    if not numbers:
        return ExitCheck("loans", "Own loans", True, "None is open.")
    words = f"{', '.join(numbers)} must be repaid or ended first."
    return ExitCheck("loans", "Own loans", False, words)


def _fines(work: Work, member: Member) -> ExitCheck:
    owed = penalty_rows.fines_of(work, member.id)
    words = f"{format_kes(owed)} of fines are owed." if owed else "No fine is owed."
    return ExitCheck("fines", "Fines", not owed, words)


def _guarantees(work: Work, member: Member) -> ExitCheck:
    live = guarantor_pledges.of_member(work, member.id)
    if not live:
        return ExitCheck("guarantees", "Guarantees for others", True, "None is live.")
    names = ", ".join(f"{one.loan_number} of {one.borrower_name}" for one in live)
    words = f"{names}: another guarantor must take each over, or the loan be repaid."
    return ExitCheck("guarantees", "Guarantees for others", False, words)


def _payouts(work: Work, member: Member) -> ExitCheck:
    numbers = work.session.scalars(
        select(Payout.number)
        .where(Payout.member_id == member.id, Payout.status.in_(_ON_THE_WAY))
        .order_by(Payout.id)
    ).all()
    if not numbers:
        return ExitCheck("payouts", "Payouts on their way", True, "None.")
    words = f"{', '.join(numbers)} must be paid or taken back first."
    return ExitCheck("payouts", "Payouts on their way", False, words)


def _shares(work: Work, member: Member) -> tuple[ExitCheck, ...]:
    if society.setting(work, "exit.share_capital") != "transfer":
        return ()
    code = sub_account_code(SHARE_CAPITAL, member.number)
    held = ledger.balance(work, code) if ledger.is_open(work, code) else 0
    if not held:
        return (ExitCheck("shares", "Share capital", True, "None is held."),)
    words = f"{format_kes(held)} must be transferred to another member; it is not paid back."
    return (ExitCheck("shares", "Share capital", False, words),)


def ask(work: Work, wish: ExitWish) -> str:
    """Freeze the figures and ask a second person; returns words for who asked. Raises WrongState naming what stands in
    the way, ChangedMeanwhile.
    """
    work.allow(Act.REGISTER_MEMBER)
    answer = commands.once(work, wish.key, "exit settlement", wish, lambda: _ask(work, wish))
    return str(answer["words"])


def _ask(work: Work, wish: ExitWish) -> dict[str, Any]:
    facts = look(work, wish.member_id)
    if facts.version != wish.version:
        raise changed_meanwhile(work, facts.number)
    if facts.settlement:
        raise WrongState(f"The leaving of {facts.number} is {facts.settlement} already.")
    for check in facts.checks:
        if not check.is_met:
            raise WrongState(f"{facts.number} cannot leave yet. {check.title}: {check.words}")
    row = ExitSettlement(
        member_id=facts.member_id,
        cause=facts.cause,
        deposits_cents=facts.sums.deposits_cents,
        shares_cents=facts.sums.shares_cents,
        fee_cents=facts.sums.fee_cents,
        refund_cents=facts.sums.refund_cents,
        snapshot=json.dumps(_snapshot(work, facts), sort_keys=True, ensure_ascii=False),
        asked_by=work.actor.user_id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    about = f"{facts.full_name} · {facts.number}, leaves"
    content = content_now(work, row.id)
    request = approvals.NewRequest(
        ApprovalKind.MEMBER_EXIT, row.id, about, facts.sums.refund_cents, content
    )
    request_id = approvals.ask(work, request)
    audit.record(work, "asked to settle the leaving of", facts.number)
    work.changed(Topic.MEMBERS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    who = who or "Nobody in this office yet"
    return {"words": f"Sent for approval. {who} can agree. Nothing was paid yet."}


def _snapshot(work: Work, facts: ExitFacts) -> dict[str, Any]:
    """All that was looked at, kept as it was on this day."""
    member = members.load(work, facts.member_id)
    return {
        "on": work.today.isoformat(),
        "member": facts.number,
        "name": facts.full_name,
        "status": facts.status,
        "accounts": [list(each) for each in _held(work, member)],
        "checks": [asdict(check) for check in facts.checks],
        "sums": asdict(facts.sums),
    }


def content_now(work: Work, settlement_id: int) -> Content:
    """What the approval is bound to: the frozen figures, and whether they are still what the books say."""
    row = _load(work, settlement_id)
    member = members.load(work, row.member_id)
    is_early = _is_early(work, member, row.cause)
    frozen, now = _sums_of(row), _sums(work, member, is_early=is_early)
    blocked = [check for check in _checks(work, member, row.cause) if not check.is_met]
    return {
        "member": member.number,
        "name": member.full_name,
        "status": member.status,
        "cause": row.cause,
        "deposits_cents": now.deposits_cents,
        "shares_cents": now.shares_cents,
        "fee_cents": now.fee_cents,
        "refund_cents": now.refund_cents,
        "frozen_cents": frozen.refund_cents,
        "in_the_way": [[check.title, check.words] for check in blocked],
    }


def carry_out(work: Work, settlement_id: int, approved: bool) -> None:
    """Two people have agreed: the balances become what is owed to who left, who is no member from today.

    After a no the settlement is void, and can be asked for anew.
    """
    row = _load(work, settlement_id)
    member = members.load(work, row.member_id)
    if not approved:
        void(work, row, member.number)
        return
    taken = _held(work, member)
    if taken:
        refunds = sub_account_code(REFUNDS_PAYABLE, member.number)
        if row.refund_cents and not ledger.is_open(work, refunds):
            name = f"Refund of {member.full_name}"
            ledger.open_sub_account(work, REFUNDS_PAYABLE, member.number, name)
        reference = f"EX-{row.id:04d}"
        entry = exit_settled(member.number, taken, row.fee_cents, reference, work.today)
        row.entry_number = ledger.post(work, entry).number
    row.status, row.settled_at = "settled", work.now
    work.session.flush()
    if row.cause == "left":
        member_moves.move(work, member, MemberStatus.EXITED, "The leaving was settled.")
        exit_notices.end_open(work, member.id)
    audit.record(work, "settled the leaving of", member.number, {"refund_cents": row.refund_cents})
    work.changed(Topic.MEMBERS, Topic.APPROVALS)


def void(work: Work, row: ExitSettlement, number: str) -> None:
    """Let a settlement go that nobody agreed to."""
    row.status = "void"
    work.session.flush()
    audit.record(work, "let the settlement go of", number)
    work.changed(Topic.MEMBERS, Topic.APPROVALS)


@dataclass(frozen=True, slots=True)
class ExitTakenBack:
    """Let go of a settlement that waits."""

    settlement_id: int


def take_back(work: Work, back: ExitTakenBack) -> None:
    """Take a settlement back that nobody has agreed to yet, so that it can be asked for with other figures."""
    work.allow(Act.REGISTER_MEMBER)
    row = _load(work, back.settlement_id)
    if row.status != "asked":
        raise WrongState("This settlement does not wait any more.")
    approvals.void_open(work, ApprovalKind.MEMBER_EXIT, row.id, "It was taken back.")
    void(work, row, members.load(work, row.member_id).number)


def _load(work: Work, settlement_id: int) -> ExitSettlement:
    row = work.session.get(ExitSettlement, settlement_id)
    if row is None:
        raise NotFound("There is no such settlement.")
    return row
