"""One entry with its postings: the last step from a figure to the paper behind it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from sacco_desktop.db.tables import Account, Entry, Payout, PostingRow
from sacco_desktop.domain import posting_rules
from sacco_desktop.domain.dates import business_date, format_date, format_time
from sacco_desktop.domain.errors import NotFound
from sacco_desktop.domain.loan_entries import LOAN_REPAYMENT
from sacco_desktop.domain.savings_entries import PAID_IN_KINDS
from sacco_desktop.services.books.work import Work
from sacco_desktop.services.office import users
from sacco_desktop.services.reports.frame import Content, framed
from sacco_desktop.services.reports.report import (
    Check,
    ColumnKind,
    PaperKind,
    PaperLink,
    Report,
    ReportColumn,
    ReportKind,
    ReportRequest,
    ReportRow,
    RowKind,
)

_MONEY = ColumnKind.MONEY


def entry_card(work: Work, request: ReportRequest) -> Report:
    """The entry whose number the request is about. Raises NotFound."""
    entry = _entry(work, request.about)
    rows = tuple(
        ReportRow(
            str(line),
            (code, name, memo, debit or None, credit or None),
            opens=replace(request, kind=ReportKind.ACCOUNT, about=code),
        )
        for line, code, name, memo, debit, credit in work.session.execute(
            select(
                PostingRow.line,
                Account.code,
                Account.name,
                PostingRow.memo,
                PostingRow.debit_cents,
                PostingRow.credit_cents,
            )
            .join(Account, Account.id == PostingRow.account_id)
            .where(PostingRow.entry_id == entry.id)
            .order_by(PostingRow.line)
        )
    )
    debit, credit = (
        sum(cell for row in rows if isinstance(cell := row.cells[place], int)) for place in (3, 4)
    )
    content = Content(
        title="Journal entry",
        subject=f"{entry.number}: {entry.narration}",
        when=format_date(entry.value_date),
        columns=(
            ReportColumn("Code"),
            ReportColumn("Account", is_wide=True),
            ReportColumn("Memo", is_wide=True),
            ReportColumn("Debit KES", _MONEY, is_added=True),
            ReportColumn("Credit KES", _MONEY, is_added=True),
        ),
        rows=(*rows, ReportRow("total", ("", "Total", "", debit, credit), RowKind.TOTAL)),
        checks=(Check("the debits of the entry", debit, "its credits", credit),),
        facts=_facts(work, entry),
        paper=_paper(work, entry),
    )
    return framed(work, request, content)


def _entry(work: Work, number: str) -> Entry:
    found = work.session.scalar(
        select(Entry).where(
            Entry.number == (int(number) if number.isascii() and number.isdigit() else 0),
            Entry.posted_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound(f"There is no entry {number} in the journal.")
    return found


def _facts(work: Work, entry: Entry) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Kind", entry.kind.replace("_", " ").capitalize()),
        ("Value date", format_date(entry.value_date)),
        ("Reference", entry.reference),
    ]
    if entry.posted_at is not None:
        who = users.full_name_of(work, entry.posted_by)
        day, time = format_date(business_date(entry.posted_at)), format_time(entry.posted_at)
        facts += [("Posted by", who), ("Posted on", f"{day}, {time}")]
    if entry.reverses_number is not None:
        facts.append(("Reverses", f"entry {entry.reverses_number}"))
    reversal = work.session.scalar(
        select(Entry.number).where(Entry.reverses_number == entry.number)
    )
    if reversal is not None:
        facts.append(("Reversed by", f"entry {reversal}"))
    return tuple(facts)


def _paper(work: Work, entry: Entry) -> PaperLink | None:
    """The receipt or voucher that belongs to what happened; a reversal leads to the paper of what it takes back."""
    if entry.reverses_number is not None:
        return _paper(work, _entry(work, str(entry.reverses_number)))
    if entry.kind in (posting_rules.CASH_DEPOSIT, LOAN_REPAYMENT, *PAID_IN_KINDS):
        return PaperLink(PaperKind.RECEIPT, entry.reference)
    if entry.kind in posting_rules.PAYOUT_KINDS:
        payout = work.session.scalar(select(Payout).where(Payout.entry_number == entry.number))
    elif entry.kind == posting_rules.B2C_CHARGE:
        payout = work.session.scalar(select(Payout).where(Payout.receipt == entry.reference))
    else:
        return None
    if payout is None or payout.entry_number is None:
        return None
    return PaperLink(PaperKind.VOUCHER, payout.number, payout.id)
