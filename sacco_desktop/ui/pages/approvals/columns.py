"""The list of requests as data: columns, saved filters, and what the panel says of each kind. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sacco_desktop.domain.approvals import ApprovalKind, ApprovalStatus, Content
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.phones import display_phone
from sacco_desktop.services.committee.decisions import ApprovalRow
from sacco_desktop.services.membership.fresh_numbers import FreshNumber
from sacco_desktop.ui.pages.approvals import (
    check_off_content,
    guarantor_content,
    import_content,
    later_content,
    member_content,
    money_back_content,
    payment_content,
    penalty_content,
)
from sacco_desktop.ui.pages.approvals.form_content import form_lines
from sacco_desktop.ui.pages.approvals.kind_words import EFFECTS, KIND_WORDS
from sacco_desktop.ui.pages.approvals.needs import awaits_vote, needs_cell
from sacco_desktop.ui.pages.approvals.payout_content import payout_lines
from sacco_desktop.ui.pages.approvals.requests import Request
from sacco_desktop.ui.theme.tokens import ChipColour
from sacco_desktop.ui.widgets import chip_words as chips
from sacco_desktop.ui.widgets.chip_words import Chip
from sacco_desktop.ui.widgets.columns import Align, Column, chip_column, money_column
from sacco_desktop.ui.widgets.details import Note
from sacco_desktop.ui.widgets.list_plan import SavedFilter
from sacco_desktop.ui.widgets.moments import age_words

APPROVED = Chip("approved", "✓", "check", "Approved", "Imeidhinishwa", ChipColour.GREEN)
REJECTED = Chip("rejected", "✕", "x", "Rejected", "Imekataliwa", ChipColour.RED)
VOID = Chip("void", "—", "minus", "Void", "Imebatilika", ChipColour.GREY, is_outline=True)
STATUS_CHIPS = {
    ApprovalStatus.WAITING: chips.NEEDS_APPROVAL,
    ApprovalStatus.APPROVED: APPROVED,
    ApprovalStatus.REJECTED: REJECTED,
    ApprovalStatus.VOID: VOID,
}


# Longer subjects are whole in the panel. One of them must not take the panel its room: there the decision is made.
_LONGEST_ABOUT = 36


def columns(now: Callable[[], datetime]) -> tuple[Column[Request], ...]:
    """`now` gives the ages."""
    return (
        chip_column(
            "Status", lambda r: STATUS_CHIPS[r.row.status], tuple(STATUS_CHIPS.values()), priority=2
        ),
        Column("Kind", lambda r: KIND_WORDS[r.row.kind], widest="Top-up of Utility"),
        Column("About", lambda r: r.row.about, longest=_LONGEST_ABOUT),
        money_column("Amount KES", lambda r: r.row.amount_cents or None),
        Column("Asked by", lambda r: r.row.asked_by, priority=2, widest="Grace Wanjiru"),
        Column(
            "Age",
            lambda r: r.row.asked_at,
            lambda at: age_words(now() - at),
            align=Align.RIGHT,
            widest="59 min",
        ),
        Column(
            "Needs", lambda r: needs_cell(r.row), priority=2, widest="1 of 2 · Daniel", longest=15
        ),
        Column("Marks", marks),
    )


def subject_of(request: Request) -> str:
    """Whom it is about: the member, else the line of the list."""
    return str(request.row.content.get("name", request.row.about))


def marks(request: Request) -> str | None:
    """What is special about a request, in two words; None when nothing is."""
    if request.is_waiting and request.row.has_changed:
        return "! Changed since"
    if request.phone_change is not None:
        return "! Number changed"
    if request.row.insider_words:
        return "! Insider"
    return None


FILTERS: tuple[SavedFilter[Request], ...] = (
    SavedFilter(
        "mine",
        "Mine to decide",
        lambda r: r.row.can_decide,
        "Nothing waits for you. New requests appear here by themselves.",
    ),
    SavedFilter(
        "asked",
        "I asked",
        lambda r: r.row.asked_by_me,
        "You have asked for nothing yet. Loans and payouts ask for approval from their own pages.",
    ),
    SavedFilter("decided", "Decided", lambda r: not r.is_waiting, "Nothing was decided yet."),
    SavedFilter("all", "All", lambda _r: True, "No request was made yet."),
)


def facts(request: Request) -> tuple[tuple[str, str], ...]:
    """The content that the approval is bound to, and who asked and decided."""
    row = request.row
    told = [
        *_CONTENT[row.kind](row.content),
        ("Asked by", f"{row.asked_by}, {moment(row.asked_at)}"),
    ]
    if row.vote is not None:
        told.append(("Members' vote", row.vote.words))
    if row.decided_by and row.decided_at is not None:
        word = "Approved by" if row.status is ApprovalStatus.APPROVED else "Decided by"
        told.append((word, f"{row.decided_by}, {moment(row.decided_at)}"))
    if row.closing_words and row.status is not ApprovalStatus.VOID:
        told.append(("Reason", row.closing_words))
    return tuple(told)


def moment(at: datetime) -> str:
    """`3 Jul 2026 14:05`."""
    return f"{format_date(business_date(at))} {format_time(at)}"


_INSIDER = "Neither the member nor a near relation decides on it. Look twice."


def notes(request: Request) -> tuple[Note, ...]:
    """What an approver must be told before the facts, the gravest first."""
    row = request.row
    told: list[Note] = []
    if row.status is ApprovalStatus.VOID:
        told.append(Note(row.closing_words, ChipColour.GREY, "This request is void"))
    if request.is_waiting and row.has_changed:
        told.append(
            Note(
                "A yes would be void. Ask the person who asked to do it again.",
                ChipColour.RED,
                "What was asked for has changed since",
            )
        )
    if broken := [check for check in request.checks if not check.passed]:
        words = "\n".join(f"{check.title}: {check.words}" for check in broken)
        told.append(Note(words, ChipColour.RED, "It cannot be approved by the rules"))
    if awaits_vote(row):
        told.append(_vote_note(row))
    if row.insider_words:
        told.append(Note(f"{row.insider_words}. {_INSIDER}", title="An insider of the society"))
    if request.phone_change is not None:
        told.append(Note(phone_words(request.phone_change), title="The number was changed lately"))
    if request.is_waiting and not row.can_decide:
        told.append(Note(row.locked_why, ChipColour.GREY, "Not yours to decide"))
    elif request.is_waiting:
        told.append(Note(EFFECTS[row.kind], ChipColour.BLUE, "What will happen if you approve"))
    return tuple(told)


def _vote_note(row: ApprovalRow) -> Note:
    """What stands of the members' vote, and what is to be done about it."""
    if row.vote is None:
        words = "Record how the general meeting voted; somebody else then attests to it."
        return Note(words, ChipColour.AMBER, "The members have to vote on this loan")
    kept = f"{row.vote.words} The minutes: {row.vote.evidence}."
    if not row.vote.passed:
        return Note(f"{kept} Reject the loan.", ChipColour.RED, "The members refused it")
    words = f"{kept} Your yes says that you have seen these minutes."
    return Note(words, ChipColour.BLUE, "The members agreed")


def phone_words(change: FreshNumber) -> str:
    """Who changed the number, when, and which number to call."""
    return (
        f"{change.by} changed it on {moment(change.at)} from {display_phone(change.old)} to"
        f" {display_phone(change.new)}. Call the member on the old number before you approve."
    )


def rule_facts(request: Request) -> tuple[tuple[str, str], ...]:
    """Each rule of a loan's product, kept or not, with its figures of now; an approval is not bound to them."""
    return tuple(
        (f"{'✓' if check.passed else '✕'} {check.title}", check.words) for check in request.checks
    )


def _money(content: Content, key: str) -> str:
    return format_kes(int(str(content[key])))


def _text(content: Content, key: str) -> str:
    return str(content[key])


def _member(content: Content) -> tuple[str, str]:
    return "Member", f"{_text(content, 'name')}, {_text(content, 'member')}"


def _deductions(content: Content) -> list[tuple[str, str]]:
    taken = content["deductions"]
    assert isinstance(taken, list), "a content is what the service wrote"
    return [(f"less {name}", format_kes(int(cents))) for name, cents, *_account in taken]


def _with_instalments(content: Content) -> list[tuple[str, str]]:
    fees = content.get("instalment_fees", [])
    assert isinstance(fees, list), "a content is what the service wrote"
    return [(f"{name}, each time", format_kes(int(cents))) for name, cents, *_account in fees]


def _beside(content: Content) -> list[tuple[str, str]]:
    fees = content.get("separate_fees", [])
    assert isinstance(fees, list), "a content is what the service wrote"
    return [(f"{name}, beside it", format_kes(int(cents))) for name, cents, *_account in fees]


def _lowered(content: Content) -> list[tuple[str, str]]:
    """That less is decided on than the member wanted."""
    if "wanted" not in content:
        return []
    who = f"{_text(content, 'lowered_by')}: {_text(content, 'lowered_why')}"
    return [("Asked for", _text(content, "wanted")), ("Lowered by", who)]


def _loan(content: Content) -> list[tuple[str, str]]:
    return [
        _member(content),
        ("ID number", _text(content, "national_id")),
        ("Loan", f"{_text(content, 'loan')}, {_text(content, 'product')}"),
        ("Terms", _text(content, "all_terms" if "all_terms" in content else "terms")),
        *([("Asked", _money(content, "asked_cents"))] if "asked_cents" in content else []),
        *_lowered(content),
        *_beside(content),
        ("Amount", _money(content, "amount_cents")),
        *_deductions(content),
        *later_content.clearing_lines(content),
        ("Member gets", _money(content, "net_cents")),
        *_with_instalments(content),
        *guarantor_content.promise_lines(content),
        *form_lines(content),
        ("Purpose", _text(content, "purpose")),
        ("Appraisal", _text(content, "appraisal")),
    ]


def _not_paid(content: Content) -> list[tuple[str, str]]:
    return [
        ("Payout", _text(content, "payout")),
        ("M-Pesa number", display_phone(_text(content, "phone"))),
        ("Amount", _money(content, "amount_cents")),
        ("Times sent", _text(content, "times_sent")),
        ("Id at M-Pesa", _text(content, "id")),
        ("What was seen", _text(content, "reason")),
    ]


def _late(content: Content) -> list[tuple[str, str]]:
    told = [
        ("Payout", _text(content, "payout")),
        ("M-Pesa number", display_phone(_text(content, "phone"))),
        ("Amount", _money(content, "amount_cents")),
        ("Id at M-Pesa", _text(content, "id")),
    ]
    if "receipt" in content:
        told += [
            ("Second receipt", _text(content, "receipt")),
            ("Paid on", format_date(date.fromisoformat(_text(content, "paid_on")))),
        ]
    return [*told, ("What was seen", _text(content, "reason"))]


def _returned(content: Content) -> list[tuple[str, str]]:
    told = [
        ("Payout", f"{_text(content, 'payout')}, {_text(content, 'for')}"),
        ("Paid to", _text(content, "receiver")),
        ("By", f"{_text(content, 'way')} {_text(content, 'reference')}"),
        ("Amount", _money(content, "amount_cents")),
        ("Entry to undo", _text(content, "entry")),
        ("Came back on", format_date(date.fromisoformat(_text(content, "returned_on")))),
        ("Paper", _text(content, "paper")),
    ]
    if content["charge_cents"]:
        told.append(("Bank charges", _money(content, "charge_cents")))
    return [*told, ("Reason", _text(content, "reason"))]


def _rest(content: Content) -> list[tuple[str, str]]:
    return [
        _member(content),
        ("Loan", _text(content, "loan")),
        ("Agreed amount", _money(content, "agreed_cents")),
        ("Not wanted", _money(content, "rest_cents")),
        ("Loan becomes", _money(content, "amount_cents")),
        ("Member has", _money(content, "net_cents")),
        ("Fees stay", _money(content, "fees_cents")),
        ("Instalments", _text(content, "terms")),
        ("Reason", _text(content, "reason")),
    ]


def _top_up(content: Content) -> list[tuple[str, str]]:
    return [("Amount", _money(content, "amount_cents")), ("Slip", _text(content, "reference"))]


def _reversal(content: Content) -> list[tuple[str, str]]:
    return [
        ("Entry", f"{_text(content, 'entry')}, {_text(content, 'kind')}"),
        ("Reason", _text(content, "reason")),
    ]


def _rule(content: Content) -> list[tuple[str, str]]:
    return [
        ("Before", _text(content, "before")),
        ("After", _text(content, "after")),
        ("Counts from", format_date(date.fromisoformat(_text(content, "from")))),
    ]


def _person(content: Content) -> list[tuple[str, str]]:
    return [
        ("Person", _text(content, "name")),
        ("Before", _text(content, "before")),
        ("After", _text(content, "after")),
    ]


def _skip(content: Content) -> list[tuple[str, str]]:
    return [
        ("Relay", _text(content, "relay")),
        ("Entry", f"{_text(content, 'entry')}, {_text(content, 'size')} bytes"),
        ("What is wrong", _text(content, "why")),
        ("Fingerprint", _text(content, "bytes")[:16]),
        ("Open payments", _text(content, "payouts") or "none"),
        ("Reason", _text(content, "reason")),
    ]


_CONTENT: dict[ApprovalKind, Callable[[Content], list[tuple[str, str]]]] = {
    ApprovalKind.LOAN: _loan,
    ApprovalKind.PAYOUT: payout_lines,
    ApprovalKind.PAYOUT_NOT_PAID: _not_paid,
    ApprovalKind.FAILURE_TAKEN_BACK: _late,
    ApprovalKind.PAID_TWICE: _late,
    ApprovalKind.PAYMENT_RETURNED: _returned,
    ApprovalKind.REST_NOT_WANTED: _rest,
    ApprovalKind.GUARANTORS_CALLED: guarantor_content.call_lines,
    ApprovalKind.LOAN_RESCHEDULE: later_content.reschedule_lines,
    ApprovalKind.LOAN_WRITE_OFF: later_content.write_off_lines,
    ApprovalKind.PROVISIONING: later_content.provisioning_lines,
    ApprovalKind.FLOAT_TOP_UP: _top_up,
    ApprovalKind.REVERSAL: _reversal,
    ApprovalKind.APPROVAL_RULES: _rule,
    ApprovalKind.SETTING: _rule,
    ApprovalKind.SAVINGS_TERMS: _rule,
    ApprovalKind.PENALTY_TERMS: _rule,
    ApprovalKind.PENALTY_WAIVER: penalty_content.lines,
    ApprovalKind.PEOPLE: _person,
    ApprovalKind.RELAY_SKIP: _skip,
    ApprovalKind.BOOK_IMPORT: import_content.lines,
    ApprovalKind.MEMBERSHIP: member_content.application_lines,
    ApprovalKind.MEMBER_STATUS: member_content.status_lines,
    ApprovalKind.MEMBER_EXIT: member_content.exit_lines,
    ApprovalKind.SHARE_TRANSFER: member_content.transfer_lines,
    ApprovalKind.CHECK_OFF: check_off_content.lines,
    ApprovalKind.CHECK_OFF_UNDONE: check_off_content.back_lines,
    ApprovalKind.CHECK_OFF_OWNER: check_off_content.owner_lines,
    ApprovalKind.CHECK_OFF_OWNER_UNDONE: check_off_content.owner_back_lines,
    ApprovalKind.RECEIPT_ALLOCATION: payment_content.lines,
    ApprovalKind.RESCHEDULE_UNDONE: later_content.reschedule_undone_lines,
    ApprovalKind.LOAN_FROM_DEPOSITS: later_content.from_deposits_lines,
    ApprovalKind.RECEIPT_REVERSAL: money_back_content.lines,
}
