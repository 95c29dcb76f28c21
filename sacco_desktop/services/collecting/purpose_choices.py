"""What a member's money can be for, each with the sum that a prompt asks for unless a person says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from sacco_desktop.db.tables import Loan, Prompt
from sacco_desktop.domain import prompts
from sacco_desktop.domain.account_references import LOAN
from sacco_desktop.domain.dates import format_time
from sacco_desktop.domain.member_status import belongs
from sacco_desktop.domain.money import format_kes
from sacco_desktop.domain.permissions import Act
from sacco_desktop.domain.prompts import OPEN_PROMPTS
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.collecting.allocations import DEPOSITS
from sacco_desktop.services.loan_figures import loan_penalties
from sacco_desktop.services.membership import members
from sacco_desktop.services.savings import obligations, savings_products
from sacco_desktop.services.savings.obligations import ObligationQuestion

_OPEN = tuple(status.value for status in OPEN_PROMPTS)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that money of a member can be for, in cents: `preset_cents` is 0 where nothing is due or usual, and
    `note` says where it comes from. `purpose` is `loan` with the loan, or the code of a product.
    """

    purpose: str
    loan_id: int | None
    title: str
    preset_cents: int = 0
    note: str = ""

    @property
    def key(self) -> tuple[str, int | None]:
        """What names it among the choices of a member."""
        return self.purpose, self.loan_id


@dataclass(frozen=True, slots=True)
class MemberChoices:
    """The choices of a member, what is due first. `free_at` is when the phone may be asked again and None when now;
    `busy_with` names the prompt that is open on it. `gone` says why the member pays in no more.
    """

    member_id: int
    number: str
    full_name: str
    phone: str = field(repr=False)
    choices: tuple[Choice, ...] = ()
    busy_with: str = ""
    free_at: datetime | None = None
    gone: str = ""


def choices_for(work: Work, member_id: int) -> MemberChoices:
    """Everything that money of this member can be for. Raises NotFound."""
    work.allow(Act.LOOK)
    member = members.load(work, member_id)
    if not belongs(member.status):
        gone = f"{member.number} has left the society and pays in no more."
        return MemberChoices(member.id, member.number, member.full_name, member.phone, gone=gone)
    busy, free_at = _phone_stand(work, member.phone)
    return MemberChoices(
        member.id,
        member.number,
        member.full_name,
        member.phone,
        tuple(_choices(work, member_id)),
        busy,
        free_at,
    )


def _choices(work: Work, member_id: int) -> list[Choice]:
    loans = _loans(work, member_id)
    products = _products(work, member_id)
    # What is due comes first; then what everybody pays into most.
    due = [one for one in (*loans, *products) if one.preset_cents and one.note]
    rest = [one for one in (*products, *loans) if one not in due]
    rest.sort(key=lambda one: one.purpose != DEPOSITS)
    return [*due, *rest]


def _loans(work: Work, member_id: int) -> list[Choice]:
    rows = work.session.scalars(
        select(Loan).where(Loan.member_id == member_id, Loan.status == "active").order_by(Loan.id)
    )
    found = []
    for loan in rows:
        due = loan_penalties.position_on(work, loan, work.today).due_cents(work.today)
        note = f"{format_kes(due)} due." if due else "Nothing is due today."
        found.append(Choice(LOAN, loan.id, f"Loan {loan.number}", _whole(due), note if due else ""))
    return found


def _products(work: Work, member_id: int) -> list[Choice]:
    overdue = {
        row.product.code: row.stand.overdue_cents
        for row in obligations.list_obligations(work, ObligationQuestion(member_id=member_id))
        if row.is_overdue
    }
    found = []
    for product in savings_products.products_on(work, work.today):
        terms = product.terms
        if not terms.is_open:
            continue
        late = overdue.get(product.code, 0)
        usual = terms.preset_cents or terms.expected_cents
        note = f"{format_kes(late)} overdue." if late else ""
        found.append(Choice(product.code, None, terms.name, _whole(late or usual), note))
    return found


def _whole(cents: int) -> int:
    """Whole shillings, because M-Pesa asks for no others."""
    return -(-cents // 100) * 100


def _phone_stand(work: Work, phone: str) -> tuple[str, datetime | None]:
    """The prompt that is open on this phone, and from when on it may be asked for the same sum again."""
    last = work.session.scalar(
        select(Prompt).where(Prompt.phone == phone).order_by(Prompt.id.desc()).limit(1)
    )
    if last is None or last.asked_at > work.now:
        return "", None
    free_at = prompts.free_at(last.asked_at, last.amount_cents, last.amount_cents)
    busy = last.number if last.status in _OPEN else ""
    return busy, free_at if free_at > work.now else None


def busy_words(stand: MemberChoices) -> str:
    """Why the phone is not asked now; empty when it can be."""
    if stand.busy_with:
        return f"{stand.busy_with} is still open on this phone. Wait until it has ended."
    if stand.free_at is not None:
        return (
            f"This phone was asked just now. It can be asked again at {format_time(stand.free_at)}."
        )
    return ""
