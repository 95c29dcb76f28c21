"""Check-off lists of employers: asked for, and posted or taken back as a whole when another person agrees."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from sacco_desktop.db.tables import CheckOffLine, CheckOffList
from sacco_desktop.domain.approvals import ApprovalKind, Content
from sacco_desktop.domain.check_off import MatchedLine
from sacco_desktop.domain.check_off_columns import ChosenColumns
from sacco_desktop.domain.errors import InvalidInput, NotFound, WrongState
from sacco_desktop.domain.money import format_amount, format_kes
from sacco_desktop.domain.old_books.cells import OldFile
from sacco_desktop.domain.permissions import Act
from sacco_desktop.services.books import audit, commands, numbering
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.counter import check_off_posting, check_off_sharing
from sacco_desktop.services.counter.check_off_reading import (
    ORDER_WORDS,
    CheckOffPreview,
    CheckOffQuestion,
    preview,
    remember,
)
from sacco_desktop.services.office import approvals, users, who_decides
from sacco_desktop.services.savings import deposits, savings_products

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class NewCheckOff:
    """Ask for a list to be posted. `key` is made when the dialog opens; `month` is "2026-03"; `reference` is the number
    of the employer's cheque or transfer, and `total_cents` what it came to. `columns` were said by hand.
    """

    key: str
    file: OldFile
    sheet: str
    employer: str
    month: str
    reference: str
    value_date: date
    total_cents: int
    columns: ChosenColumns | None = None


@dataclass(frozen=True, slots=True)
class CheckOffRow:
    """A list as the page shows it; cents."""

    list_id: int
    version: int
    number: str
    employer: str
    month: str
    file_name: str
    reference: str
    value_date: date
    total_cents: int
    matched_cents: int
    lines: int
    unmatched: tuple[str, ...]
    status: str
    started_by: str


@dataclass(frozen=True, slots=True)
class CheckOffBack:
    """Ask for a posted list to be taken back as a whole; `version` is the one looked at."""

    list_id: int
    version: int
    reason: str


def ask(work: Work, new: NewCheckOff) -> str:
    """Keep the list as it was read and ask another person; returns words for who asked. Nothing is posted by it.

    Raises InvalidInput under its field, WrongState for a list that was asked for before.
    """
    work.allow(Act.IMPORT_BOOKS)
    answer = commands.once(work, new.key, "check-off list", new, lambda: _ask(work, new))
    return str(answer["words"])


def _ask(work: Work, new: NewCheckOff) -> dict[str, Any]:
    employer, reference = " ".join(new.employer.split()), " ".join(new.reference.split())
    _check_typed(work, new, employer, reference)
    question = CheckOffQuestion(new.file, new.sheet, employer, new.total_cents, new.columns)
    found = preview(work, question)
    _check_found(found)
    _refuse_twice(work, new, reference)
    year = work.today.year
    row = CheckOffList(
        number=f"CO-{year}-{numbering.next_in(work, f'check-off/{year}'):04d}",
        employer=employer,
        month=new.month,
        file_name=new.file.name,
        fingerprint=_fingerprint(new),
        reference=reference,
        value_date=new.value_date,
        total_cents=new.total_cents,
        status="draft",
        started_by=work.actor.user_id,
        started_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _keep_lines(work, row, found.matched)
    if new.columns is not None:
        remember(work, employer, new.columns)
    row.status = "asked"
    row.version += 1
    work.session.flush()
    about = f"{row.number} · {employer}, {new.month}"
    content = content_now(work, row.id)
    request = approvals.NewRequest(ApprovalKind.CHECK_OFF, row.id, about, row.total_cents, content)
    request_id = approvals.ask(work, request)
    audit.record(work, "asked for a check-off list", row.number, {"cents": row.total_cents})
    work.changed(Topic.SAVINGS)
    who = " or ".join(who_decides.names_who_can(work, approvals.load(work, request_id)))
    return {
        "words": f"{row.number} waits. {who or 'Nobody else yet'} can agree. Nothing is posted."
    }


def _fingerprint(new: NewCheckOff) -> str:
    return hashlib.sha256(f"{new.file.fingerprint}/{new.sheet}".encode()).hexdigest()


def _check_typed(work: Work, new: NewCheckOff, employer: str, reference: str) -> None:
    for words, field, wanted in (
        (employer, "employer", "the employer"),
        (reference, "reference", "the number of the cheque or transfer"),
    ):
        if not words or len(words) > _LONGEST:
            raise InvalidInput(f"Write {wanted}, in at most {_LONGEST} letters.", field)
    if _MONTH.fullmatch(new.month) is None:
        raise InvalidInput("Write the month as year and month, for example 2026-03.", "month")
    if new.value_date > work.today:
        raise InvalidInput("Money cannot be dated in the future.", "value_date")
    if new.total_cents <= 0:
        raise InvalidInput("Write an amount above zero.", "total")


def _check_found(found: CheckOffPreview) -> None:
    if found.unread:
        first = found.unread[0]
        raise InvalidInput(
            f"{len(found.unread)} cells cannot be read, the first in row {first.row}: {first.message} Correct them in"
            " the file and choose it again.",
            "file",
        )
    if not found.matched_cents:
        raise InvalidInput("No line of this list names a member. Nothing was asked for.", "file")
    if found.listed_cents > found.total_cents:
        raise InvalidInput(
            f"The lines come to {format_kes(found.listed_cents)}, and {format_amount(found.total_cents)} was paid. No"
            " more is shared than was paid; ask the employer for the rest or for the right list.",
            "total",
        )


def _refuse_twice(work: Work, new: NewCheckOff, reference: str) -> None:
    """One list and one payment are taken in once; what was rejected or taken back may come again."""
    rows = work.session.scalars(
        select(CheckOffList).where(CheckOffList.status.in_(("draft", "asked", "posted")))
    )
    for row in rows:
        if row.fingerprint == _fingerprint(new):
            raise WrongState(
                f"This list was taken in before, as {row.number} of {row.employer}.{_how_again(row)}"
            )
        same = row.reference.casefold() == reference.casefold()
        if same and row.value_date == new.value_date:
            words = f"This payment was taken in before, with {row.number}.{_how_again(row)}"
            raise InvalidInput(words, "reference")


def _how_again(row: CheckOffList) -> str:
    return " Take its request back first." if row.status == "asked" else ""


def _keep_lines(work: Work, row: CheckOffList, matched: Sequence[MatchedLine]) -> None:
    """The product of a line is where its money goes that pays nothing due."""
    product = savings_products.product_named(work, deposits.DEPOSITS)
    for one in matched:
        work.session.add(
            CheckOffLine(
                list_id=row.id,
                line=one.line.row,
                named=one.line.named,
                name=one.line.name,
                product_id=product.product_id,
                cents=one.line.cents,
                member_id=one.member_id,
                problem=one.problem,
            )
        )
    work.session.flush()


def load(work: Work, list_id: int) -> CheckOffList:
    """The list's row. Raises NotFound."""
    row = work.session.get(CheckOffList, list_id)
    if row is None:
        raise NotFound("There is no such check-off list.")
    return row


def content_now(work: Work, list_id: int) -> Content:
    """What the approval is bound to: the payment, every line with its member, and the order of the society."""
    row = load(work, list_id)
    lines = check_off_posting.lines_of(work, list_id)
    told = "\n".join(f"{line.line}/{line.member_id or ''}/{line.cents}" for line in lines)
    matched = [line for line in lines if line.member_id is not None]
    return {
        "list": row.number,
        "employer": row.employer,
        "month": row.month,
        "file": row.file_name,
        "reference": row.reference,
        "value_date": row.value_date.isoformat(),
        "total_cents": row.total_cents,
        "members": len(matched),
        "matched_cents": sum(line.cents for line in matched),
        "unmatched": len(lines) - len(matched),
        "order": ORDER_WORDS[check_off_sharing.order_of(work)],
        "lines": hashlib.sha256(told.encode()).hexdigest(),
        "status": row.status,
    }


def carry_out(work: Work, list_id: int, yes: bool) -> None:
    """Post the list, or put it away when the second person said no. Raises WrongState, PeriodClosed."""
    row = load(work, list_id)
    if yes:
        check_off_posting.post(work, row)
    else:
        _drop(work, row)


def take_request_back(work: Work, list_id: int) -> str:
    """Put a list away that waits, or whose request became void; it may come again. Returns words. Raises WrongState."""
    work.allow(Act.IMPORT_BOOKS)
    row = load(work, list_id)
    if row.status != "asked":
        raise WrongState(f"{row.number} waits for nobody.")
    approvals.void_open(work, ApprovalKind.CHECK_OFF, row.id, "The request was taken back.")
    _drop(work, row)
    audit.record(work, "took the request for a check-off list back", row.number)
    return f"{row.number} is put away. The list may be taken in again."


def _drop(work: Work, row: CheckOffList) -> None:
    for status in ("draft", "dropped"):
        row.status = status
        row.version += 1
        work.session.flush()
    work.changed(Topic.SAVINGS)


def ask_back(work: Work, back: CheckOffBack) -> str:
    """Ask another person for a posted list to be taken back as a whole; returns words for who asked.

    Raises InvalidInput under `reason`, WrongState naming what stands in the way.
    """
    work.allow(Act.REVERSE_ENTRY)
    reason = " ".join(back.reason.split())
    if not reason:
        raise InvalidInput("Write why the list is wrong.", "reason")
    row = load(work, back.list_id)
    if row.version != back.version:
        raise WrongState(f"{row.number} has changed after you opened it. Look at it again.")
    check_off_posting.check_can_be_undone(work, row)
    content = back_content(work, row.id, reason)
    about = f"{row.number} · {row.employer}, taken back"
    approvals.ask(
        work,
        approvals.NewRequest(
            ApprovalKind.CHECK_OFF_UNDONE, row.id, about, row.total_cents, content
        ),
    )
    return f"Asked. {row.number} stays in the books until another person agrees."


def back_content(work: Work, list_id: int, reason: str) -> Content:
    """What taking a list back is bound to."""
    row = load(work, list_id)
    return {
        "list": row.number,
        "employer": row.employer,
        "month": row.month,
        "total_cents": row.total_cents,
        "status": row.status,
        "reason": reason,
    }


def carry_out_back(work: Work, list_id: int, content: Content) -> None:
    """Take the list back. Raises WrongState when something of it was used meanwhile."""
    check_off_posting.undo(work, load(work, list_id), str(content["reason"]))


def list_check_offs(work: Work, _nothing: None = None) -> tuple[CheckOffRow, ...]:
    """Every list, the newest first. Of their lines only those without an owner are read one by one."""
    work.allow(Act.LOOK)
    found = work.session.scalars(select(CheckOffList).order_by(CheckOffList.id.desc())).all()
    owned = case((CheckOffLine.member_id.is_not(None), CheckOffLine.cents), else_=0)
    sums = work.session.execute(
        select(CheckOffLine.list_id, func.count(), func.sum(owned)).group_by(CheckOffLine.list_id)
    )
    counted = {list_id: (lines, int(cents)) for list_id, lines, cents in sums}
    unmatched: dict[int, list[str]] = {}
    for line in work.session.scalars(
        select(CheckOffLine).where(CheckOffLine.problem != "").order_by(CheckOffLine.line)
    ):
        words = f"Row {line.line}, {format_kes(line.cents)}: {line.problem}"
        unmatched.setdefault(line.list_id, []).append(words)
    return tuple(
        _row(work, one, counted.get(one.id, (0, 0)), tuple(unmatched.get(one.id, ())))
        for one in found
    )


def _row(
    work: Work, row: CheckOffList, counted: tuple[int, int], unmatched: tuple[str, ...]
) -> CheckOffRow:
    lines, matched_cents = counted
    return CheckOffRow(
        list_id=row.id,
        version=row.version,
        number=row.number,
        employer=row.employer,
        month=row.month,
        file_name=row.file_name,
        reference=row.reference,
        value_date=row.value_date,
        total_cents=row.total_cents,
        matched_cents=matched_cents,
        lines=lines,
        unmatched=unmatched,
        status=row.status,
        started_by=users.full_name_of(work, row.started_by),
    )
