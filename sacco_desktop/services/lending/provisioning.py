"""The allowance for loan losses is brought to what the classes of a day ask for: shown by class, posted by two people.

Nothing is set aside twice: a day, and any before it, counts once unless its entry was reversed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from sacco_desktop.db.tables import (
    Account,
    AccountBalance,
    Entry,
    PostingRow,
    Provisioning,
    ProvisioningLine,
)
from sacco_desktop.domain import loan_entries
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.chart import ALLOWANCE_FOR_LOSSES
from sacco_desktop.domain.dates import format_date
from sacco_desktop.domain.errors import InvalidInput, SaccoError, WrongState
from sacco_desktop.domain.loan_classes import class_of, provisions
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, ledger, open_days
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.loan_figures import loan_book, loan_positions
from sacco_desktop.services.office import approvals, who_decides

_SUBJECT = 1


@dataclass(frozen=True, slots=True)
class ClassMovement:
    """One class: its loans and their principal in cents, and its allowance before and from then on."""

    name: str
    percent: str
    loans: int
    outstanding_cents: int
    opening_cents: int
    closing_cents: int


@dataclass(frozen=True, slots=True)
class ProvisioningFacts:
    """What the entry would do, in cents. `held_cents` is the allowance in the books at the end of that day; it is less
    than what was set aside last by what was written off since. `approvers` could agree.
    """

    as_of: date
    last_on: date | None
    lines: tuple[ClassMovement, ...]
    held_cents: int
    approvers: tuple[str, ...]

    @property
    def wanted_cents(self) -> int:
        """What all classes together ask for."""
        return sum(line.closing_cents for line in self.lines)

    @property
    def used_cents(self) -> int:
        """What left the allowance since it was set aside last, less what came back."""
        return sum(line.opening_cents for line in self.lines) - self.held_cents

    @property
    def movement_cents(self) -> int:
        """What the entry charges to expense; negative where it gives back."""
        return self.wanted_cents - self.held_cents


@dataclass(frozen=True, slots=True)
class ProvisioningWish:
    """Ask a second person to agree to the entry for that day."""

    as_of: date


def look(work: Work, as_of: date) -> ProvisioningFacts:
    """Each class before and after. Raises InvalidInput under `as_of` for a day to come or one before the last."""
    work.allow(Act.LOOK)
    if as_of > work.today:
        raise InvalidInput("Choose today or a day before.", "as_of")
    last = _last(work)
    if last is not None and as_of <= last.as_of:
        raise InvalidInput(
            f"The allowance was set aside for {format_date(last.as_of)} already. Choose a later day, or reverse entry"
            f" {last.entry_number or '–'} first.",
            "as_of",
        )
    classes = loan_book.classes_on(work, as_of)
    sums: dict[str, tuple[int, int]] = {}
    for loan in loan_book.loans_on(work, as_of):
        name = class_of(loan.class_days, classes).name
        count, cents = sums.get(name, (0, 0))
        sums[name] = count + 1, cents + loan.owed_cents
    before = _closings(work, last)
    lines = tuple(
        ClassMovement(
            each.loan_class.name,
            str(each.loan_class.percent),
            each.count,
            each.outstanding_cents,
            before.get(each.loan_class.name, 0),
            each.allowance_cents,
        )
        for each in provisions(sums, classes)
    )
    held = _held_on(work, as_of)
    moved = sum(line.closing_cents for line in lines) - held
    approvers = who_decides.names_for(work, ApprovalKind.PROVISIONING, abs(moved))
    return ProvisioningFacts(as_of, last.as_of if last else None, lines, held, tuple(approvers))


def _standing(work: Work) -> Sequence[Provisioning]:
    rows = work.session.scalars(select(Provisioning).order_by(Provisioning.as_of)).all()
    gone = loan_positions.reversed_entries(work, [row.entry_number or 0 for row in rows])
    return [row for row in rows if row.entry_number not in gone]


def _last(work: Work) -> Provisioning | None:
    found = _standing(work)
    return found[-1] if found else None


def _closings(work: Work, last: Provisioning | None) -> dict[str, int]:
    if last is None:
        return {}
    rows = work.session.execute(
        select(ProvisioningLine.name, ProvisioningLine.closing_cents).where(
            ProvisioningLine.provisioning_id == last.id
        )
    )
    return {row.name: row.closing_cents for row in rows}


def _held_on(work: Work, on: date) -> int:
    """The allowance at the end of the day: what it is now less what moved since."""
    now = work.session.scalar(
        select(AccountBalance.credit_cents - AccountBalance.debit_cents)
        .join(Account, Account.id == AccountBalance.account_id)
        .where(Account.code == ALLOWANCE_FOR_LOSSES)
    )
    later = work.session.scalar(
        select(func.coalesce(func.sum(PostingRow.credit_cents - PostingRow.debit_cents), 0))
        .join(Entry, Entry.id == PostingRow.entry_id)
        .join(Account, Account.id == PostingRow.account_id)
        .where(
            Account.code == ALLOWANCE_FOR_LOSSES,
            Entry.value_date > on,
            Entry.posted_at.is_not(None),
        )
    )
    return int(now or 0) - int(later or 0)


def ask(work: Work, wish: ProvisioningWish) -> str:
    """Ask a second person to agree; returns words for who asked. Raises InvalidInput, WrongState."""
    work.allow(Act.REVERSE_ENTRY)
    facts = look(work, wish.as_of)
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.PROVISIONING,
            _SUBJECT,
            f"Allowance for loan losses, {format_date(wish.as_of)}",
            abs(facts.movement_cents),
            _content(facts),
        ),
    )
    return "Sent for approval. Nothing has been posted yet."


def content_now(work: Work, asked: Content) -> Content:
    """What the approval is bound to, read anew: another figure of that day makes it another content."""
    try:
        return _content(look(work, date.fromisoformat(str(asked["as_of"]))))
    except SaccoError as gone:
        return {"gone": gone.message, **asked}


def _content(facts: ProvisioningFacts) -> Content:
    return {
        "as_of": facts.as_of.isoformat(),
        "classes": [[line.name, line.opening_cents, line.closing_cents] for line in facts.lines],
        "held_cents": facts.held_cents,
        "wanted_cents": facts.wanted_cents,
    }


def carry_out(work: Work, request_id: int, content: Content) -> None:
    """It was agreed: one entry, dated that day or the first that is open, brings the allowance there."""
    as_of = date.fromisoformat(str(content["as_of"]))
    facts = look(work, as_of)
    entry = loan_entries.provision_moved(
        facts.wanted_cents,
        facts.held_cents,
        f"Provision {as_of.isoformat()}",
        open_days.open_day(work, as_of),
    )
    number = None if entry is None else ledger.post(work, entry).number
    row = Provisioning(
        as_of=as_of,
        request_id=request_id,
        wanted_cents=facts.wanted_cents,
        held_cents=facts.held_cents,
        entry_number=number,
        made_by=work.actor.user_id,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    for place, line in enumerate(facts.lines, start=1):
        work.session.add(
            ProvisioningLine(
                provisioning_id=row.id,
                line=place,
                name=line.name,
                percent=line.percent,
                loans=line.loans,
                outstanding_cents=line.outstanding_cents,
                opening_cents=line.opening_cents,
                closing_cents=line.closing_cents,
            )
        )
    work.session.flush()
    audit.record(
        work,
        "set the allowance for losses",
        as_of.isoformat(),
        {"cents": facts.movement_cents, "entry": number or 0},
    )
    work.changed(Topic.LOANS)


def check_can_be_reversed(work: Work, entry_number: int) -> None:
    """Raise WrongState for the entry of a day when a later day was set aside since: the last goes first."""
    found = _standing(work)
    if any(row.entry_number == entry_number for row in found[:-1]):
        raise WrongState(
            f"The allowance was set aside for {format_date(found[-1].as_of)} since. Reverse entry"
            f" {found[-1].entry_number or '–'} first."
        )
