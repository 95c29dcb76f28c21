"""Waiving penalties that were charged, and sparing a member from rules: asked for by one person, agreed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sacco_desktop.db.tables import PenaltyCharge, PenaltyExemption, PenaltyWaiver
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.penalties import entries
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.reasons import clean_reason
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import approvals
from sacco_desktop.services.penalties import penalty_rows, penalty_rules
from sacco_desktop.services.penalties.penalty_rows import Kept


@dataclass(frozen=True, slots=True)
class WaiverWish:
    """Waive these charges of one member: the id of each and its cents."""

    charges: tuple[tuple[int, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SpareWish:
    """Spare a member from a rule, or from all with an empty code, for what falls due from a day on."""

    member_id: int
    rule_code: str
    from_on: date
    until_on: date | None
    reason: str


def ask(work: Work, wish: WaiverWish) -> str:
    """Ask another person to waive; returns words for who asked. Raises InvalidInput, under `charges` for more than is
    left of one.
    """
    work.allow(Act.ASK_WAIVER)
    reason = _reason(wish.reason)
    found = _charges(work, [charge_id for charge_id, _cents in wish.charges])
    if not found or len({one.member_id for one in found}) != 1:
        raise InvalidInput("Choose penalties of one member.", "charges")
    left = {one.charge_id: one for one in found}
    for charge_id, cents in wish.charges:
        if not 0 < cents <= left[charge_id].left_cents:
            raise InvalidInput(
                f"Of {charge_words(left[charge_id])} {format_kes(left[charge_id].left_cents)} are left. What is paid"
                " is not waived: reverse the payment first.",
                "charges",
            )
    content = _content(work, found, dict(wish.charges), reason)
    member_id, total = found[0].member_id, sum(cents for _charge, cents in wish.charges)
    about = f"{content['name']} · {len(found)} {'penalty' if len(found) == 1 else 'penalties'}"
    approvals.ask(
        work,
        approvals.NewRequest(ApprovalKind.PENALTY_WAIVER, member_id, about, total, content),
    )
    work.changed(Topic.PENALTIES)
    return "Sent for approval. Nothing is waived yet."


def ask_spare(work: Work, wish: SpareWish) -> str:
    """Ask another person to spare a member; returns words for who asked. Raises InvalidInput."""
    work.allow(Act.ASK_WAIVER)
    reason = _reason(wish.reason)
    if wish.until_on is not None and wish.until_on < wish.from_on:
        raise InvalidInput("The last day cannot be before the first.", "until_on")
    named = {one.code: one.terms.name for one in penalty_rules.list_rules(work)}
    if wish.rule_code and wish.rule_code not in named:
        raise InvalidInput("Choose a rule.", "rule")
    member = members.named(work, wish.member_id)
    content: Content = {
        "what": "spare",
        "member": member.number,
        "name": member.full_name,
        "rule": wish.rule_code,
        "rule_name": named.get(wish.rule_code, "all penalties and fines"),
        "from": wish.from_on.isoformat(),
        "until": wish.until_on.isoformat() if wish.until_on else "",
        "reason": reason,
    }
    about = f"{member.full_name} · spared from penalties"
    approvals.ask(
        work,
        approvals.NewRequest(ApprovalKind.PENALTY_WAIVER, wish.member_id, about, 0, content),
    )
    return "Sent for approval. Penalties are charged until another person agrees."


def charge_words(one: Kept) -> str:
    """A charge as a line: `Late instalment, L-0001/2, 6 Jun 2026`."""
    stage = f", stage {one.charged.stage}" if one.charged.stage else ""
    return f"{one.name}, {one.charged.subject}{stage}, {format_date(one.charged.on)}"


def content_now(work: Work, content: Content) -> Content:
    """The content as it would be asked today: less may be left of a charge."""
    if content["what"] != "waive":
        return content
    wanted = {int(charge): int(cents) for _words, cents, charge in _lines(content)}
    found = _charges(work, list(wanted))
    fits = {one.charge_id: min(wanted[one.charge_id], one.left_cents) for one in found}
    return _content(work, found, fits, str(content["reason"]))


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """Two people have agreed: write the waivers with their entry, or the exemption."""
    if content["what"] == "spare":
        _spare(work, request_id, content)
        return
    wanted = {int(charge): int(cents) for _words, cents, charge in _lines(content)}
    found = _charges(work, list(wanted))
    booked = [
        (one.loan_id is not None, wanted[one.charge_id])
        for one in found
        if one.entry_number is not None
    ]
    on = open_days.open_day(work, work.today)
    number = None
    if booked:
        words = f"Penalties of {content['member']} waived"
        entry = entries.waived(words, booked, f"Waiver {request_id}", on)
        number = ledger.post(work, entry).number
    for one in found:
        work.session.add(
            PenaltyWaiver(
                charge_id=one.charge_id,
                request_id=request_id,
                waived_on=work.today,
                cents=wanted[one.charge_id],
                reason=str(content["reason"]),
                entry_number=number if one.entry_number is not None else None,
                made_by=work.actor.user_id,
                made_at=work.now,
            )
        )
    work.session.flush()
    detail: audit.Detail = {"cents": sum(wanted.values()), "request": request_id}
    audit.record(work, "waived penalties", str(content["member"]), detail)
    work.changed(Topic.PENALTIES, Topic.MEMBERS, Topic.LOANS)


def _spare(work: Work, request_id: int, content: Content) -> None:
    member = members.row_numbered(work, str(content["member"]))
    code, until = str(content["rule"]), str(content["until"])
    work.session.add(
        PenaltyExemption(
            member_id=member.member_id,
            rule_id=penalty_rules.ids(work)[code] if code else None,
            from_on=date.fromisoformat(str(content["from"])),
            until_on=date.fromisoformat(until) if until else None,
            reason=str(content["reason"]),
            request_id=request_id,
            made_by=work.actor.user_id,
            made_at=work.now,
        )
    )
    work.session.flush()
    audit.record(work, "spared a member from penalties", member.number, {"rule": code or "all"})
    work.changed(Topic.PENALTIES, Topic.MEMBERS)


def _charges(work: Work, wanted: Sequence[int]) -> tuple[Kept, ...]:
    return penalty_rows.read(work, PenaltyCharge.id.in_(wanted)) if wanted else ()


def _content(work: Work, found: Sequence[Kept], cents: dict[int, int], reason: str) -> Content:
    member = members.named(work, found[0].member_id)
    return {
        "what": "waive",
        "member": member.number,
        "name": member.full_name,
        "charges": [[charge_words(one), cents[one.charge_id], one.charge_id] for one in found],
        "cents": sum(cents[one.charge_id] for one in found),
        "reason": reason,
    }


def _lines(content: Content) -> list[list[str | int]]:
    lines = content["charges"]
    assert isinstance(lines, list), "a waiver names charges"
    return lines


def _reason(text: str) -> str:
    return clean_reason(text, "Write why, in a sentence that an auditor will read.")
