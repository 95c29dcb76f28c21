"""The payment file: one paper with all that the books know about a payout, from the request to the journal."""

from __future__ import annotations

from sqlalchemy import select

from sacco_desktop.db.tables import (
    Entry,
    Exchange,
    HandOver,
    Payout,
    PayoutAttempt,
    PayoutMove,
    Question,
    Relay,
    RelayEntry,
)
from sacco_desktop.domain.approvals import ApprovalKind
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.payout_ways import BEARER_WORDS, WAY_WORDS, Way
from sacco_desktop.domain.payouts import Evidence, PayoutStatus
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.posting_rules import B2C_CHARGE
from sacco_desktop.services.books import paper_stamps
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.membership import members
from sacco_desktop.services.office import given_approvals, society, users
from sacco_desktop.services.payouts import payouts
from sacco_desktop.services.payouts.payout_moves import PROVEN, load_payout
from sacco_desktop.services.payouts.payouts import PayoutRow
from sacco_desktop.services.payouts.vouchers import journal_lines
from sacco_desktop.services.sending import payout_cards
from sacco_desktop.services.sending.payment_paper import (
    EntryPart,
    MoveLine,
    NoticeLine,
    PaymentFile,
    QuestionLine,
    RequestLine,
    WhoActed,
)

_TARIFFS = {
    "mpesa_b2c": "sending only",
    "mpesa_b2c_with_withdrawal": "sending and taking out",
}
_STATUS = {
    PayoutStatus.DRAFT: "Waits for approval",
    PayoutStatus.APPROVED: "Approved, not sent",
    PayoutStatus.IN_FLIGHT: "In flight",
    PayoutStatus.PAID: "Paid",
    PayoutStatus.CANCELLED: "Taken back",
}
_KINDS = {
    "b2c-result": "result",
    "b2c-timeout": "queue time-out",
    "status-result": "answer",
    "status-timeout": "no answer",
}


def payment_file(work: Work, payout_id: int) -> PaymentFile:
    """The paper of one payout in any state. Each call is a print of its own. Raises NotFound."""
    work.allow(Act.LOOK)
    row = payouts.row_of(work, payout_id)
    payout = load_payout(work, payout_id)
    attempts = tuple(
        work.session.scalars(
            select(PayoutAttempt)
            .where(PayoutAttempt.payout_id == payout_id)
            .order_by(PayoutAttempt.number)
        )
    )
    questions = tuple(
        work.session.scalars(
            select(Question)
            .where(Question.attempt_id.in_([attempt.id for attempt in attempts]))
            .order_by(Question.id)
        )
    )
    entries = _entries(work, row)
    evidence = _evidence(work, row)
    said: dict[str, str | int] = {
        "payout": row.number,
        "status": row.status.value,
        "evidence": evidence,
        "receipt": row.receipt or "",
        "fingerprint": payout.fingerprint,
        "entries": " ".join(entry.hash for entry in entries),
    }
    return PaymentFile(
        letterhead=society.letterhead(work),
        stamp=paper_stamps.stamp(work, f"payment file {row.number}", said),
        payout_number=row.number,
        receiver=row.member_name,
        facts=_facts(work, row),
        amounts=_amounts(row),
        status=_STATUS[row.status],
        evidence=evidence,
        fingerprint=payout.fingerprint,
        people=_people(work, payout, attempts),
        requests=_requests(work, attempts),
        notices=_notices(work, attempts, questions),
        questions=tuple(
            QuestionLine(each.asked_at, each.answered_at, each.words or each.finding)
            for each in questions
        ),
        moves=_moves(work, payout_id),
        entries=entries,
    )


def _facts(work: Work, row: PayoutRow) -> tuple[tuple[str, str], ...]:
    told = [("Receiver", row.member_name)]
    if row.member_id is not None:
        member = members.load(work, row.member_id)
        told += [("Member no.", row.member_number), ("National ID", member.national_id)]
    what = f"Loan {row.subject}" if row.loan_id is not None else row.subject
    told += [("For", f"{what}: {row.narration}" if row.narration else what)]
    told += [("Paid by", WAY_WORDS[row.way])]
    told += [("Paid to", row.to_words)]
    if row.receipt:
        told.append(("M-Pesa receipt" if row.way is Way.MPESA else "Reference", row.receipt))
    return tuple(told)


def _amounts(row: PayoutRow) -> tuple[tuple[str, str], ...]:
    told = [("Net", format_kes(row.net_cents)), ("Paid", format_kes(row.paid_cents))]
    if row.deposits_cents:
        told.append(("To deposits", format_kes(row.deposits_cents)))
    if row.fee_cents:
        told.append(("Fee of the society", format_kes(row.fee_cents)))
    if row.way is Way.MPESA:
        charge = f"{format_kes(row.charge_cents)}, {BEARER_WORDS[row.bearer]}"
        told.append(("M-Pesa charge", charge))
    return tuple(told)


def _evidence(work: Work, row: PayoutRow) -> str:
    """How well the outcome is known, by what."""
    if row.status is not PayoutStatus.PAID:
        card = payout_cards.card(work, row.payout_id)
        return card.headline
    if row.evidence is not Evidence.VERIFIED:
        return "Claimed: a notice says that it was paid. No independent source has agreed yet."
    why = work.session.scalar(
        select(PayoutMove.why)
        .where(PayoutMove.payout_id == row.payout_id, PayoutMove.new == PROVEN)
        .order_by(PayoutMove.id.desc())
        .limit(1)
    )
    return f"Verified: {why}" if why else "Verified by an independent source."


def _people(
    work: Work, payout: Payout, attempts: tuple[PayoutAttempt, ...]
) -> tuple[WhoActed, ...]:
    asked = users.full_name_of(work, payout.requested_by)
    tariff = _TARIFFS.get(payout.tariff, payout.tariff)
    told = [WhoActed("Asked", asked, payout.requested_at, f"tariff: {tariff}" if tariff else "")]
    told += [
        WhoActed("Approved", each.full_name, each.at)
        for each in given_approvals.approvers_of(work, ApprovalKind.PAYOUT, payout.id)
    ]
    told += [
        WhoActed(
            "Sent" if each.times_sent == 1 else f"Sent {each.times_sent} times",
            users.full_name_of(work, each.sent_by),
            each.last_sent_at,
            f"No. {each.number}, id {each.originator_conversation_id}",
        )
        for each in attempts
    ]
    return (*told, *_hands(work, payout.id))


def _hands(work: Work, payout_id: int) -> list[WhoActed]:
    """Who handed a payment over, and who said what became of it."""
    told: list[WhoActed] = []
    made = {Way.BANK: "Put into the file", Way.CHEQUE: "Wrote the cheque", Way.CASH: "Paid"}
    for handed in work.session.scalars(
        select(HandOver).where(HandOver.payout_id == payout_id).order_by(HandOver.number)
    ):
        who = users.full_name_of(work, handed.made_by)
        told.append(WhoActed(made[Way(handed.way)], who, handed.made_at, handed.reference))
        if handed.closed_at is not None and handed.way != Way.CASH.value:
            paid = handed.paid_entry is not None
            closer = users.full_name_of(work, handed.closed_by)
            words = handed.proof if paid else handed.reason
            told.append(
                WhoActed("Confirmed" if paid else "Came back", closer, handed.closed_at, words)
            )
        told += _return_of(work, handed)
    return told


def _return_of(work: Work, handed: HandOver) -> list[WhoActed]:
    """Who said that a confirmed payment came back, and who agreed."""
    request = given_approvals.given_for(work, ApprovalKind.PAYMENT_RETURNED, handed.id)
    if request is None or handed.return_entry is None:
        return []
    asker, paper = users.full_name_of(work, request.asked_by), f"paper {handed.return_paper}"
    agreed = given_approvals.approvers_of(work, ApprovalKind.PAYMENT_RETURNED, handed.id)
    return [
        WhoActed("Came back", asker, request.asked_at, f"{paper}: {handed.reason}"),
        *(WhoActed("Agreed that it came back", each.full_name, each.at) for each in agreed),
    ]


def _requests(work: Work, attempts: tuple[PayoutAttempt, ...]) -> tuple[RequestLine, ...]:
    numbers = {attempt.id: attempt.number for attempt in attempts}
    rows = work.session.scalars(
        select(Exchange).where(Exchange.attempt_id.in_(numbers)).order_by(Exchange.id)
    )
    return tuple(
        RequestLine(numbers[row.attempt_id], row.at, row.http_status, row.reading) for row in rows
    )


def _notices(
    work: Work, attempts: tuple[PayoutAttempt, ...], questions: tuple[Question, ...]
) -> tuple[NoticeLine, ...]:
    tags = [each.tag for each in attempts] + [each.tag for each in questions]
    rows = work.session.execute(
        select(RelayEntry, Relay.name)
        .join(Relay, Relay.id == RelayEntry.relay_id)
        .where(RelayEntry.tag.in_(tags))
        .order_by(RelayEntry.id)
    )
    return tuple(
        NoticeLine(
            name,
            row.sequence,
            _KINDS.get(row.kind, row.kind),
            row.received_at,
            row.hash.hex(),
            row.outcome,
        )
        for row, name in rows
    )


def _moves(work: Work, payout_id: int) -> tuple[MoveLine, ...]:
    rows = work.session.scalars(
        select(PayoutMove).where(PayoutMove.payout_id == payout_id).order_by(PayoutMove.id)
    )
    lines: list[MoveLine] = []
    for row in rows:
        # Payout and attempt often move together for one reason; a person reads it once.
        if not lines or lines[-1].why != row.why:
            who = users.full_name_of(work, row.by)
            lines.append(MoveLine(row.at, who, _state_words(row.new), row.why))
    return tuple(lines)


def _state_words(state: str) -> str:
    return state.removeprefix("payout ").removeprefix("evidence ").replace("_", " ")


def _undone(work: Work, payout_id: int) -> list[int]:
    """What booked a payment that came back, and what undid it."""
    found = work.session.execute(
        select(HandOver.paid_entry, HandOver.return_entry).where(
            HandOver.payout_id == payout_id, HandOver.return_entry.is_not(None)
        )
    )
    return [number for both in found for number in both if number is not None]


def _entries(work: Work, row: PayoutRow) -> tuple[EntryPart, ...]:
    charge = f"M-Pesa charge for {row.number}"
    found = work.session.scalars(
        select(Entry)
        .where(
            (Entry.number == row.entry_number)
            | Entry.number.in_(_undone(work, row.payout_id))
            | ((Entry.kind == B2C_CHARGE) & (Entry.narration == charge))
        )
        .order_by(Entry.number)
    )
    return tuple(
        EntryPart(
            entry.number,
            entry.value_date,
            entry.hash or "",
            journal_lines(work, entry.number),
        )
        for entry in found
    )
