"""Lists of members to ask by phone: whose instalment falls due up to a day, and who is behind with a contribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Member, MpesaReceipt, Prompt
from sacco_desktop.domain.dates import format_date, format_time
from sacco_desktop.domain.errors import InvalidInput
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.money_in import ReceiptState
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prompts import OPEN_PROMPTS, PromptStatus
from sacco_desktop.domain.receipt_purposes import LOAN
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting.prompts import MOST_CENTS
from sacco_desktop.services.loan_figures import loan_penalties
from sacco_desktop.services.savings import obligations
from sacco_desktop.services.savings.obligations import ObligationQuestion

_OPEN = tuple(status.value for status in OPEN_PROMPTS)
# Terms change, and nobody pays so far ahead.
MOST_DAYS_AHEAD = 31
_LATELY = timedelta(hours=24)


class ManyKind(StrEnum):
    """Which members are asked."""

    INSTALMENTS = "instalments"  # A loan has an instalment due on or before the day.
    CONTRIBUTIONS = "contributions"  # Something that was expected up to the day is not paid.


@dataclass(frozen=True, slots=True)
class ManyQuestion:
    """Who owes something up to a day."""

    kind: ManyKind
    until: date


@dataclass(frozen=True, slots=True)
class ToAsk:
    """One member to ask, in cents and whole shillings. `why_not` says why it is better not to ask now, and is empty
    otherwise.
    """

    member_id: int
    member_number: str
    member_name: str
    phone: str = field(repr=False)
    purpose: str
    loan_id: int | None
    what: str
    why: str
    amount_cents: int
    why_not: str = ""

    @property
    def key(self) -> tuple[int, str, int]:
        """What names it in a list."""
        return self.member_id, self.purpose, self.loan_id or 0


def to_ask(work: Work, question: ManyQuestion) -> tuple[ToAsk, ...]:
    """Everybody of the list, by the number of the member. Raises InvalidInput for a day too far ahead.

    Who was asked for the same thing and may have paid, or whose phone somebody else of the list has too, is listed with
    the reason why not to ask.
    """
    work.allow(Act.LOOK)
    if question.until > work.today + timedelta(days=MOST_DAYS_AHEAD):
        raise InvalidInput(f"Choose a day not more than {MOST_DAYS_AHEAD} days ahead.", "until")
    listed = _loans if question.kind is ManyKind.INSTALMENTS else _behind
    rows = sorted(listed(work, question.until), key=lambda row: (row.member_number, row.what))
    return _judged(work, rows)


def _loans(work: Work, until: date) -> Iterable[ToAsk]:
    found = work.session.execute(
        select(Loan, Member)
        .join(Member, Member.id == Loan.member_id)
        .where(Loan.status == "active", Loan.unpaid_since <= until)
    )
    for loan, member in found:
        due = loan_penalties.position_on(work, loan, min(until, work.today)).due_cents(until)
        if due > 0:
            since = "" if loan.unpaid_since is None else f" since {format_date(loan.unpaid_since)}"
            yield ToAsk(
                member.id,
                member.number,
                member.full_name,
                member.phone,
                LOAN,
                loan.id,
                f"Loan {loan.number}",
                f"{format_kes(due)} due up to {format_date(until)}, unpaid{since}",
                _whole(due),
            )


def _behind(work: Work, until: date) -> Iterable[ToAsk]:
    rows = work.session.execute(select(Member.id, Member.phone))
    phones = {row.id: row.phone for row in rows}
    for row in obligations.list_obligations(work, ObligationQuestion(until)):
        since = row.stand.unpaid_since
        if row.is_overdue and row.product.terms.is_open and since is not None:
            late = row.stand.overdue_cents
            yield ToAsk(
                row.member_id,
                row.number,
                row.full_name,
                phones[row.member_id],
                row.product.code,
                None,
                row.product.terms.name,
                f"{format_kes(late)} overdue since {format_date(since)}",
                _whole(late),
            )


def _whole(cents: int) -> int:
    return -(-cents // 100) * 100


def _judged(work: Work, rows: Sequence[ToAsk]) -> tuple[ToAsk, ...]:
    """The same with the reasons why not to ask some of them."""
    asked = _asked_lately(work)
    first_of_phone: dict[str, ToAsk] = {}
    found = []
    for row in rows:
        why_not = asked.get(row.phone, {}).get((row.member_id, row.purpose, row.loan_id), "")
        if not why_not:
            why_not = asked.get(row.phone, {}).get(None, "")
        if not why_not and row.amount_cents > MOST_CENTS:
            why_not = f"M-Pesa asks for {format_kes(MOST_CENTS)} at most."
        if not why_not and row.phone in first_of_phone:
            other = first_of_phone[row.phone]
            why_not = f"The same phone is asked for {other.what}. Ask for this one afterwards."
        if not why_not:
            first_of_phone[row.phone] = row
        found.append(replace(row, why_not=why_not))
    return tuple(found)


_Thing = tuple[int | None, str, int | None]


def _asked_lately(work: Work) -> dict[str, dict[_Thing | None, str]]:
    """By phone and what was asked for, why not to ask again; None stands for whatever is asked of that phone."""
    found: dict[str, dict[_Thing | None, str]] = {}
    rows = work.session.execute(
        select(Prompt, MpesaReceipt.state)
        .outerjoin(MpesaReceipt, MpesaReceipt.id == Prompt.receipt_id)
        .where(
            (Prompt.status.in_(_OPEN))
            | (
                (Prompt.status == PromptStatus.PAID.value)
                & ((MpesaReceipt.state != ReceiptState.ALLOCATED.value) | MpesaReceipt.id.is_(None))
            )
            | (
                (Prompt.status == PromptStatus.LAPSED.value)
                & (Prompt.asked_at > work.now - _LATELY)
            )
        )
    )
    for prompt, _state in rows:
        of_phone = found.setdefault(prompt.phone, {})
        thing = (prompt.member_id, prompt.purpose, prompt.loan_id)
        at = format_time(prompt.asked_at)
        if prompt.status in _OPEN:
            of_phone[None] = f"{prompt.number} is still open on this phone."
        elif prompt.status == PromptStatus.PAID.value:
            of_phone[thing] = f"Paid by {prompt.number}; the payment waits to be proven or booked."
        else:
            of_phone[thing] = (
                f"Asked by {prompt.number} at {at}, and nobody knows yet if it was paid."
            )
    return found


def counted(rows: Iterable[ToAsk]) -> tuple[int, int, int]:
    """How many are to be asked, for how many cents in all, and how many of the list are not."""
    counts = Counter(bool(row.why_not) for row in rows)
    cents = sum(row.amount_cents for row in rows if not row.why_not)
    return counts[False], cents, counts[True]
