"""Takes an approved import in: members, loans, their accounts and one opening entry, all in the one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from sacco_desktop.db.many_rows import ManyRows
from sacco_desktop.db.standing import Lookup
from sacco_desktop.db.tables import Account, BookImport, ExitNotice, Member, MemberFile
from sacco_desktop.domain.approvals import Content
from sacco_desktop.domain.chart import MEMBER_DEPOSITS, SHARE_CAPITAL
from sacco_desktop.domain.errors import ChangedMeanwhile
from sacco_desktop.domain.member_status import MemberStatus, belongs
from sacco_desktop.domain.old_books import product_terms
from sacco_desktop.domain.old_books.headings import Meaning
from sacco_desktop.domain.old_books.lines import (
    AccountLine,
    BalanceLine,
    LoanLine,
    MemberLine,
    ProductLine,
)
from sacco_desktop.domain.opening_entries import BROUGHT_FORWARD, opening_entry
from sacco_desktop.domain.savings import ProductKind
from sacco_desktop.services.books import audit, ledger
from sacco_desktop.services.books.work import Topic, Work
from sacco_desktop.services.membership import member_search
from sacco_desktop.services.membership.exit_notices import NOTICE_DAYS
from sacco_desktop.services.membership.member_search import ToFind
from sacco_desktop.services.office import society
from sacco_desktop.services.old_books import opening_accounts, packing, taking_loans, taking_past
from sacco_desktop.services.old_books.asking import back_to_draft
from sacco_desktop.services.old_books.drafts import load
from sacco_desktop.services.old_books.known import has_changed
from sacco_desktop.services.savings import savings_products
from sacco_desktop.services.savings.savings_products import BroughtTerms

_NOTICE = MemberStatus.NOTICE_GIVEN.value
# A line begins with these columns of a member, under the same names.
_OF_LINE = MemberLine._fields.index("joined_on") + 1
_MEMBERS = ManyRows(
    Member,
    (*MemberLine._fields[:_OF_LINE], "kind", "status", "file_id", "left_on"),
    same=("registered_by", "import_id", "version"),
)
_IDS_OF_IMPORT = Lookup(
    select(Member.number, Member.id).where(Member.import_id == bindparam("import_id"))
)
_LAST_ACCOUNT = Lookup(select(func.max(Account.id)))
_OPENED_SINCE = Lookup(select(Account.code, Account.id).where(Account.id > bindparam("last")))


def carry_out(work: Work, import_id: int, content: Content, approved: bool) -> None:
    """Take the import in, or make it a draft again after a no.

    Raises ChangedMeanwhile when a row would be taken otherwise than it was approved; nothing is imported then.
    """
    row = load(work, import_id)
    if not approved:
        back_to_draft(work, row)
        return
    plan, packed = packing.plan_of_text(row.plan), row.lines or b""
    lines = packing.unpack_lines(packed)
    is_same = hashlib.sha256(packed).hexdigest() == content["rows"]
    if not is_same or has_changed(work, plan.kind, lines):
        raise ChangedMeanwhile(
            "The books have changed since this import was checked, so some of its rows would be taken otherwise."
            " Nothing was imported. Reject it, so that it is checked anew."
        )
    reference = f"IM-{row.id:04d}"
    row.status, row.imported_at, row.taken = "imported", work.now, len(lines)
    row.version += 1
    work.session.flush()
    last_account = _LAST_ACCOUNT.value(work.session) or 0
    for line in lines:
        if isinstance(line, ProductLine):
            _write_product(work, row, line)
    _write_members(work, row, [line for line in lines if isinstance(line, MemberLine)], plan.as_of)
    _open_shares(work, [line for line in lines if isinstance(line, BalanceLine)])
    _open_others(work, [line for line in lines if isinstance(line, AccountLine)])
    taking_past.write(work, row, lines, plan.as_of)
    loan_lines = [line for line in lines if isinstance(line, LoanLine)]
    loans = taking_loans.write(work, row, loan_lines, plan.as_of)
    controls = {number: loan.loan_control for number, loan in loans.items()}
    entry = opening_entry(lines, controls, reference, plan.as_of)
    if entry is not None:
        opened = dict(_OPENED_SINCE.rows(work.session, last=last_account))
        row.entry_number = ledger.post(work, entry, opened).number
    taking_loans.keep_booked_interest(work, row, loans)
    work.session.flush()
    detail: audit.Detail = {"rows": len(lines), "entry": row.entry_number}
    audit.record(work, "took old books in", f"import {row.id}", detail)
    work.changed(Topic.MEMBERS, Topic.LOANS, Topic.IMPORTS)


def _write_members(work: Work, row: BookImport, lines: Sequence[MemberLine], as_of: date) -> None:
    if not lines:
        return
    rows = (
        (
            *line[:_OF_LINE],
            line.kind,
            line.status,
            file_id,
            None if belongs(line.status) else line.since or as_of,
        )
        for line, file_id in zip(lines, _write_files(work, row, lines), strict=True)
    )
    _MEMBERS.write(work.session, rows, (row.started_by, row.id, 1))
    ids = dict(_IDS_OF_IMPORT.rows(work.session, import_id=row.id))
    _let_be_found(work, ids, lines)
    names = {line.number: _full_name(line) for line in lines}
    with_shares = {line.number: names[line.number] for line in lines if line.shares_cents}
    opening_accounts.open_for(work, MEMBER_DEPOSITS, names, "Deposits")
    opening_accounts.open_for(work, SHARE_CAPITAL, with_shares, "Share capital")
    opening_accounts.count_on(work, "member", names)
    _write_notices(work, row, ids, [line for line in lines if line.status == _NOTICE])


def _write_files(work: Work, row: BookImport, lines: Sequence[MemberLine]) -> Sequence[int | None]:
    """The files of those of whom the old books say more; returns the file of each, None where there is none."""
    files = [
        MemberFile(
            **dict(line.file),
            changed_by=row.started_by,
            changed_at=work.now,
            import_id=row.id,
        )
        if line.file
        else None
        for line in lines
    ]
    work.session.add_all([one for one in files if one is not None])
    work.session.flush()
    return [None if one is None else one.id for one in files]


def _write_notices(
    work: Work, row: BookImport, ids: Mapping[str, int], lines: Sequence[MemberLine]
) -> None:
    """Whoever has given notice goes on waiting, by the rule of the day on which it was given."""
    for line in lines:
        given_on = line.since or work.today
        days = int(society.setting(work, NOTICE_DAYS, given_on))
        work.session.add(
            ExitNotice(
                member_id=ids[line.number],
                given_on=given_on,
                days=days,
                due_on=given_on + timedelta(days=days),
                reason=BROUGHT_FORWARD,
                recorded_by=row.started_by,
                recorded_at=work.now,
            )
        )


def _write_product(work: Work, row: BookImport, line: ProductLine) -> None:
    kind = ProductKind(line.kind)
    terms = product_terms.terms_of_text(line.terms, kind, Meaning.TERMS.value)
    brought = BroughtTerms(line.code, kind, line.account_code, line.effective_on, terms, row.id)
    savings_products.bring(work, brought)


def _let_be_found(work: Work, ids: Mapping[str, int], lines: Sequence[MemberLine]) -> None:
    to_find = (
        ToFind(
            line.number,
            (line.first_name, line.other_names, line.last_name),
            line.phone,
            line.national_id,
        )
        for line in lines
    )
    member_search.keep_new(work, ((ids[one.number], one) for one in to_find))


def _full_name(line: MemberLine) -> str:
    return " ".join([part for part in (line.first_name, line.other_names, line.last_name) if part])


def _open_shares(work: Work, lines: Sequence[BalanceLine]) -> None:
    """Members who were registered here have an account of share capital only if they paid some."""
    if not lines:
        return
    names = {member.number: member.full_name for member in work.session.scalars(select(Member))}
    with_shares = {line.number: names[line.number] for line in lines if line.shares_cents}
    opening_accounts.open_for(work, SHARE_CAPITAL, with_shares, "Share capital")


def _open_others(work: Work, lines: Sequence[AccountLine]) -> None:
    """Open the accounts that members and loans have beside deposits, share capital and the loan itself."""
    wanted: dict[str, dict[str, str]] = {}
    for line in lines:
        control, _, owner = line.code.partition(".")
        if owner:
            wanted.setdefault(control, {})[owner] = owner
    if wanted:
        names = {one.number: one.full_name for one in work.session.scalars(select(Member))}
        for control, owners in wanted.items():
            words = ledger.account_of(work, control).name
            opening_accounts.open_for(
                work, control, {owner: names.get(owner, owner) for owner in owners}, words
            )
